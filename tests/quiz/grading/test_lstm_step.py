"""Wrong versions of one file, made with an editor's eyes: each fails in the isolated process, and its mistake is named."""

from collections.abc import Iterator

import pytest

from answers.deck import BUILT_IN
from quiz.grading import Grader

SOLUTION = BUILT_IN.solution_file("lstm-step").read_text(encoding="utf-8")
EDITS = {
    "swaps-i-and-f": ("i, f, g, o = np.split(", "f, i, g, o = np.split("),
    "no-bias": (" + b, 4", ", 4"),
    "adds-the-bias-twice": (" + b, 4", " + b + b, 4"),
    "no-recurrent-term": ("x @ W + h @ U", "x @ W"),
    "sigmoid-for-the-candidate": ("sigmoid(f), np.tanh(g)", "sigmoid(f), sigmoid(g)"),
    "never-forgets": ("f * c + i * g", "c + i * g"),
    "no-input-gate": ("f * c + i * g", "f * c + g"),
    "subtracts-the-new": ("f * c + i * g", "f * c - i * g"),
    "reads-h-for-c": ("f * c", "f * h"),
    "reads-c-for-h": ("h @ U", "c @ U"),
    "no-tanh-on-c": ("np.tanh(c_new)", "c_new"),
    "sigmoid-on-c": ("np.tanh(c_new)", "sigmoid(c_new)"),
    "shows-the-old-c": ("np.tanh(c_new)", "np.tanh(c)"),
    "no-output-gate": ("o * np.tanh(c_new)", "np.tanh(c_new)"),
    "tanh-around-the-product": ("o * np.tanh(c_new)", "np.tanh(o * c_new)"),
    "returns-c-first": ("return h_new, c_new", "return c_new, h_new"),
    "returns-h-alone": ("return h_new, c_new", "return h_new"),
    "returns-squashed-c": ("return h_new, c_new", "return h_new, np.tanh(c_new)"),
}
NAMELESS = {
    "twice the input": ("x @ W", "2 * x @ W"),
    "a leaky candidate": ("np.tanh(g)", "0.9 * np.tanh(g)"),
    "half of the output": ("return h_new, c_new", "return h_new / 2, c_new"),
}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def edited(before: str, after: str) -> str:
    assert before in SOLUTION
    return SOLUTION.replace(before, after)


@pytest.mark.parametrize("mistake", EDITS)
def test_the_mistake_is_named(grader: Grader, mistake: str) -> None:
    report = grader.grade(edited(*EDITS[mistake]), "lstm-step", seed=9)
    assert report.verdict == "fail"
    assert report.diagnosis is not None
    assert report.diagnosis.id == mistake


@pytest.mark.parametrize("change", NAMELESS)
def test_what_has_no_name_fails_without_one(grader: Grader, change: str) -> None:
    report = grader.grade(edited(*NAMELESS[change]), "lstm-step", seed=9)
    assert report.verdict == "fail"
    assert report.diagnosis is None


@pytest.mark.parametrize(
    "pair", [("swaps-i-and-f", "no-tanh-on-c"), ("no-bias", "returns-c-first"), ("never-forgets", "sigmoid-on-c")]
)
def test_two_mistakes_are_both_named(grader: Grader, pair: tuple[str, str]) -> None:
    source = SOLUTION
    for mistake in pair:
        source = source.replace(*EDITS[mistake])
    report = grader.grade(source, "lstm-step", seed=9)
    assert report.diagnosis is not None
    assert set(report.diagnosis.id.split("+")) == set(pair)
