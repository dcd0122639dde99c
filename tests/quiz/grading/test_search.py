"""The search after the quick verdict finds what the sweep misses, and holds every reference to its own laws."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.fake_session import FakeSession

import rnnref
from answers import deck
from quiz.grading.examine import Examiner, Prepared
from quiz.grading.judge import Asked, judge
from quiz.grading.search import find


def test_a_mistake_at_one_rare_size_is_found_and_shrunk():
    def rare(x, h, W, U, b):
        h_new = rnnref.rnn_step(x, h, W, U, b)
        return h_new + 1 if x.shape == (5, 7) else h_new

    task = deck.load_task("rnn-step")
    prepared = Prepared(task, 1)
    assert judge(FakeSession(rare), prepared, Asked()).verdict == "pass"
    report = judge(FakeSession(rare), prepared, Asked(thorough=True, search_seconds=60.0))
    assert report.verdict == "fail"
    assert np.shape(report.counterexample.inputs["x"]) == (5, 7)
    assert not np.any(report.counterexample.inputs["W"])


@pytest.mark.parametrize(
    "task_id", ["sigmoid", "lstm-gates", "lstm-step", "gru-step", "clip-by-global-norm", "masked-forward"]
)
def test_the_reference_holds_its_laws_wherever_the_search_looks(task_id):
    task = deck.load_task(task_id)
    examiner = Examiner(FakeSession(task.reference), task)
    found, tried = find(task, examiner, 5, 3.0)
    assert found is None
    assert tried > 50


def test_a_broken_law_is_found():
    task = deck.load_task("orthogonal-init")
    function = task.with_mistakes(frozenset({task.misconceptions[0].id}))
    found, _ = find(task, Examiner(FakeSession(function), task), 5, 20.0)
    assert found is not None


def test_hypothesis_is_loaded_only_to_search():
    program = (
        "import sys\nfrom quiz.grading import grade\n"
        "r = grade('def lstm_cell_state(c, i, f, g):\\n    return f * c + i * g\\n', 'lstm-cell-state')\n"
        "print(r.verdict, 'hypothesis' in sys.modules)"
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environ)
    assert ran.stdout == "pass False\n"
