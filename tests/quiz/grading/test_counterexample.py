"""What is shown of a failure can be repeated: its snippet, typed at a Python prompt, shows the same."""

import code
import contextlib
import io
import math
import re

import numpy as np
import pytest

from quiz.grading import Grader

CELL = "def lstm_cell_state(c, i, f, g):\n"
STEP = """
import numpy as np
def lstm_step(x, h, c, W, U, b):
    f, i, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    s = lambda a: 1 / (1 + np.exp(-a))
    c_new = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c_new), c_new
"""
ORTHOGONAL = """
import numpy as np
def orthogonal_init(shape, gain, rng):
    q, _ = np.linalg.qr(DRAW.normal(size=(max(shape), min(shape))))
    return gain * (q if shape[0] >= shape[1] else q.T)
"""


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def failing(grader, tmp_path, task, source):
    file = tmp_path / "submission.py"
    file.write_text(source)
    report = grader.grade(file, task, seed=11)
    assert report.verdict == "fail"
    return report.counterexample


def typed(snippet):
    """What a prompt answers to the lines, typed one after another."""
    prompt = code.InteractiveConsole()
    shown, complaints = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(complaints):
        for line in snippet.splitlines():
            assert not prompt.push(line), f"the prompt waits for more after {line!r}"
    assert "Error" not in complaints.getvalue()
    return shown.getvalue(), complaints.getvalue()


def numbers(text):
    return [float(n) for n in re.findall(r"-?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)", text)]


def leaves(value):
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    return list(np.ravel(value))


def test_a_wrong_value_is_shown_by_values_though_a_law_breaks_sooner(grader, tmp_path):
    example = failing(grader, tmp_path, "lstm-step", STEP)
    assert leaves(example.expected) != leaves(example.got)
    shown, _ = typed(example.snippet)
    assert np.allclose(numbers(shown.replace("array", "")), leaves(example.got), atol=1e-6)


def test_where_a_law_alone_breaks_the_call_that_is_wrong_is_shown():
    """A mistake outside of what the sweep draws: gates of exactly 0 and 1, which a law asks for."""
    from support.fake_session import FakeSession

    from answers import deck
    from quiz.grading.examine import Prepared
    from quiz.grading.judge import Asked, judge

    def wrong_where_shut(c, i, f, g):
        return 2 * c + i * g if (f == 1).all() and not i.any() else f * c + i * g

    report = judge(FakeSession(wrong_where_shut), Prepared(deck.load_task("lstm-cell-state"), 3), Asked())
    assert [c.name for c in report.checks if not c.passed] == ["law:gates-open-and-shut"]
    inputs, example = report.counterexample.inputs, report.counterexample
    assert (inputs["f"] == 1).all()
    assert not inputs["i"].any()
    assert np.allclose(example.expected, inputs["c"])
    assert np.allclose(example.got, 2 * inputs["c"])


def test_a_changed_argument_is_shown_before_and_after(grader, tmp_path):
    example = failing(grader, tmp_path, "lstm-cell-state", CELL + "    c *= f\n    return c + i * g\n")
    before, after = numbers(typed(example.snippet)[0])
    assert [before] == leaves(example.inputs["c"])
    assert after != before


def test_a_result_that_comes_and_goes_is_shown_twice(grader, tmp_path):
    example = failing(grader, tmp_path, "orthogonal-init", ORTHOGONAL.replace("DRAW", "np.random"))
    assert np.prod(example.inputs["shape"]) <= 2
    assert leaves(example.expected) != leaves(example.got)
    first, last = np.array(numbers(typed(example.snippet)[0])).reshape(2, -1)
    assert not np.allclose(first, last)


def test_what_a_function_remembers_shows_after_as_many_calls(grader, tmp_path):
    counts = "n = 0\n" + CELL + "    global n\n    n += 1\n    return f * c + i * g + (n > 100) * 0.25\n"
    example = failing(grader, tmp_path, "lstm-cell-state", counts)
    first, last = np.array(numbers(typed(example.snippet)[0])).reshape(2, -1)
    assert np.allclose(last - first, 0.25)


def test_what_a_function_remembers_of_the_last_call_shows_after_another(grader, tmp_path):
    late = "last = []\n" + CELL + "    last.append(f * c + i * g)\n    return last[-2] if len(last) > 1 else last[-1]\n"
    example = failing(grader, tmp_path, "lstm-cell-state", late)
    first, again = np.array(numbers(typed(example.snippet)[0])).reshape(2, -1)
    assert np.allclose(first, leaves(example.expected))
    assert not np.allclose(again, first)


KEEPS = {
    "lstm-macs": "total = 0\ndef lstm_macs(T, N, D, H):\n    global total\n    total += 4 * T * N * H * (D + H)\n    return total\n",
    "rnn-step": """
import numpy as np
class Cell:
    h = None
    def step(self, x, h, W, U, b):
        if self.h is None or self.h.shape != h.shape:
            self.h = h
        self.h = np.tanh(x @ W + self.h @ U + b)
        return self.h
rnn_step = Cell().step
""",
    "clip-by-value": """
import numpy as np
def clip_by_value(grads, limit, clipped=[]):
    clipped += [np.clip(g, -limit, limit) for g in grads]
    return clipped
""",
}


@pytest.mark.parametrize("task", KEEPS)
def test_what_a_function_keeps_between_calls_is_shown_as_a_fresh_prompt_shows_it(grader, tmp_path, task):
    """Not with what the whole run had piled up by then, and not in a call in which nothing is to be seen of it."""
    example = failing(grader, tmp_path, task, KEEPS[task])
    assert leaves(example.expected) != leaves(example.got)
    shown = numbers(typed(example.snippet)[0].replace("array", "").replace("np.float64", ""))
    if task == "clip-by-value":  # a prompt shows one and the same list twice
        assert len(example.expected) < len(example.got) <= 4
    else:
        assert np.allclose(shown, [*leaves(example.expected), *leaves(example.got)])


def test_what_is_expected_of_a_function_that_falls_at_first_is_no_exception(grader, tmp_path):
    falls = "n = 0\n" + CELL + "    global n\n    n += 1\n    assert n % 2 == 0\n    return f * c + i * g\n"
    example = failing(grader, tmp_path, "lstm-cell-state", falls)
    assert np.shape(example.expected) == np.shape(example.inputs["c"])
    assert "AssertionError" in example.got


def test_a_buffer_that_is_handed_out_twice_is_shown_by_two_calls(grader, tmp_path):
    buffer = (
        "import numpy as np\nkept = np.zeros((99, 99))\n"
        + CELL
        + "    out = kept[: len(c), : c.shape[1]]\n    out[...] = f * c + i * g\n    return out\n"
    )
    example = failing(grader, tmp_path, "lstm-cell-state", buffer)
    first, later = np.array(numbers(typed(example.snippet)[0])).reshape(2, -1)
    assert np.allclose(first, leaves(example.expected))
    assert not np.allclose(later, first)


def test_a_warning_is_shown_by_the_prompt_itself(grader, tmp_path):
    overflows = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
    example = failing(grader, tmp_path, "sigmoid", overflows)
    with pytest.warns(RuntimeWarning, match="overflow"):
        typed(example.snippet)


def test_every_call_that_a_law_compares_is_shown(grader, tmp_path):
    fixed = ORTHOGONAL.replace("DRAW", "np.random.default_rng(0)")
    example = failing(grader, tmp_path, "orthogonal-init", fixed)
    first, *others = np.array(numbers(typed(example.snippet)[0])).reshape(-1, math.prod(example.inputs["shape"]))
    assert 1 <= len(others) <= 4
    assert all(np.allclose(first, other) for other in others)
    assert "default_rng" in str(example.inputs["rng"])


def test_an_exception_on_some_inputs_is_raised_again(grader, tmp_path):
    picky = CELL + "    if len(c) > 1: raise ValueError('only one')\n    return f * c + i * g\n"
    example = failing(grader, tmp_path, "lstm-cell-state", picky)
    complaints = io.StringIO()
    prompt = code.InteractiveConsole()
    with contextlib.redirect_stderr(complaints):
        for line in example.snippet.splitlines():
            prompt.push(line)
    assert "ValueError: only one" in complaints.getvalue()
