"""The sweep is drawn afresh, covers what hides mistakes, and stays within the contract."""

import re
import subprocess
import sys

import numpy as np
import pytest

from answers import deck
from answers.tasks._notes import note
from quiz.grading import cases
from quiz.grading.arguments import sizes_of
from quiz.grading.generator import LightGenerator

TASKS = [t for t in deck.BUILT_IN.task_ids() if deck.BUILT_IN.path_of(f"tasks.{t.replace('-', '_')}").exists()]
LIMITS = {"T": 50, "N": 5, "D": 8, "H": 8, "K": 8}


def arrays(value):
    if isinstance(value, list | tuple):
        return [a for v in value for a in arrays(v)]
    return [value] if isinstance(value, np.ndarray) else []


@pytest.mark.parametrize("task_id", TASKS)
def test_cases_stay_within_the_contracts_sizes_and_the_reference_answers_each(task_id):
    task = deck.load_task(task_id)
    for case in cases.sweep(task, 5):
        assert all(n <= LIMITS.get(x, 50) for x, n in sizes_of(task.inputs, case).items())
        cases.call_quietly(task.reference, case)


@pytest.mark.parametrize("task_id", TASKS)
def test_what_a_case_is_for_is_said_in_both_languages(task_id):
    notes = {case.note for case in cases.sweep(deck.load_task(task_id), 5) if case.note}
    unsaid = [n for n in notes if note(n).zh == n and any(w.isalpha() and len(w) > 1 for w in re.split(r"[\s=,]+", n))]
    assert set(unsaid) <= {"float32"}


def test_a_seed_repeats_a_sweep_and_another_changes_it():
    task = deck.load_task("lstm-step")
    same = [cases.sweep(task, 3), cases.sweep(task, 3)]
    assert all(np.array_equal(a, b) for x, y in zip(*same, strict=True) for a, b in zip(x.args, y.args, strict=True))
    other = cases.sweep(task, 4)
    assert not all(np.array_equal(x.args[0], y.args[0]) for x, y in zip(same[0], other, strict=False))


def test_lstm_step_has_two_hundred_cases_that_cover_what_hides_mistakes():
    task = deck.load_task("lstm-step")
    sweep = cases.sweep(task, 8)
    sizes = [sizes_of(task.inputs, c) for c in sweep]
    flat = [a for c in sweep for a in arrays(c.args)]
    assert len(sweep) >= 200
    assert all(s == {"N": 1, "D": 1, "H": 1} for s in sizes[:3])
    assert any(s["D"] != s["H"] for s in sizes)
    assert any(s["D"] == s["H"] > 1 for s in sizes)
    assert any(s["N"] == 1 and s["H"] > 1 for s in sizes)
    assert {"D": 8, "N": 5, "H": 8} in sizes
    assert any(a.dtype == np.float32 for a in flat)
    assert any(not a.flags.c_contiguous for a in flat)
    assert max(np.abs(a).max() for a in flat) > 100
    assert any(
        (c.args[4][:, : len(c.args[4])] == c.args[4][:, : len(c.args[4])].T).all() for c in sweep if len(c.args[4]) > 1
    )
    assert [cases.size_of(c) for c in sweep] == sorted(cases.size_of(c) for c in sweep)


def test_options_are_passed_by_position_by_keyword_and_left_out():
    task = deck.load_task("lstm-param-count")
    sweep = cases.sweep(task, 2)
    assert {len(c.args) for c in sweep} >= {2, 3, 5}
    assert any(c.kwargs for c in sweep)
    assert any(len(c.args) == 2 and not c.kwargs for c in sweep)
    assert any(isinstance(c.args[0], np.integer) for c in sweep)


def test_drawing_loads_neither_numpy_random_nor_hypothesis():
    program = (
        "import sys\nfrom answers import deck\nfrom quiz.grading import cases\n"
        "cases.sweep(deck.load_task('lstm-step'), 1)\n"
        "print([m for m in ('numpy.random', 'hypothesis') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_chaos_is_no_case():
    task = deck.load_task("lstm-step")
    rng = np.random.default_rng(0)

    def chaotic(x):
        for _ in range(200):
            x = 3.99 * x * (1 - x)
        return x

    case = cases.Case((rng.random((3, 4)),))
    assert not cases.is_well_conditioned(chaotic, case)
    assert cases.is_well_conditioned(task.reference, cases.sweep(task, 1)[50])


class TestLightGenerator:
    def test_normals_and_uniforms_have_the_right_moments(self):
        rng = LightGenerator(1)
        normals, uniforms = rng.normal(size=200_000), rng.random(200_000)
        assert abs(normals.mean()) < 0.01
        assert abs(normals.std() - 1) < 0.01
        assert abs((normals**4).mean() - 3) < 0.1
        assert abs(uniforms.mean() - 0.5) < 0.005
        assert uniforms.min() >= 0
        assert uniforms.max() < 1

    def test_every_integer_of_a_range_comes(self):
        rng = LightGenerator(2)
        assert set(rng.integers(-2, 3, size=1000)) == {-2, -1, 0, 1, 2}
        assert {rng.integers(3) for _ in range(100)} == {0, 1, 2}

    def test_what_it_does_not_know_comes_from_numpys_generator(self):
        assert LightGenerator(3).exponential() == np.random.default_rng(3).exponential()
