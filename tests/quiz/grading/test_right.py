"""No right solution is turned away: at least three in different styles for each task, each on fresh cases.

They are files as people hand them in, `right/<function's module>/<style>.py`; `rnnquiz grade tests/quiz/grading/right` grades all.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from answers import catalogue
from quiz.grading import grader
from quiz.grading.grader import Options, Preparation
from quiz.grading.runner import start_server
from quiz.grading.server import Server

FOLDER = Path(__file__).parent / "right"
STYLES = {task_id: sorted((FOLDER / card.module).glob("*.py")) for task_id, card in catalogue.TASKS.items()}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server


def test_there_are_at_least_ninety_and_three_of_each_task() -> None:
    assert sum(map(len, STYLES.values())) >= 90
    assert min(map(len, STYLES.values())) >= 3
    assert sorted(FOLDER.rglob("*.py")) == sorted(file for files in STYLES.values() for file in files)


def grade_all(task_id: str, server: Server, seed: int) -> None:
    preparation = Preparation()
    for file in STYLES[task_id]:
        (report,) = grader.reports(grader.read(file), Options(task=task_id, seed=seed), preparation, server)
        assert report.passed, (file.name, [check for check in report.checks if not check.passed])
        assert report.score == 1
        assert report.diagnosis is report.counterexample is None


@pytest.mark.parametrize("task_id", STYLES)
def test_right_solutions_pass_in_any_style(task_id: str, server: Server) -> None:
    grade_all(task_id, server, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("task_id", STYLES)
def test_right_solutions_pass_on_any_cases(task_id: str, server: Server) -> None:
    for seed in range(2, 12):
        grade_all(task_id, server, seed)


ADVISED = {
    "lstm-step": ("loops.py", "float64"),
    "rnn-jacobian": ("loops.py", "float64"),
    "gru-forward": ("in_double_precision.py", "float64"),
    "clip-by-global-norm": ("as_pytorch_does.py", "1e-6"),
}


@pytest.mark.parametrize("task_id", ADVISED)
def test_advice_is_given_and_costs_nothing(task_id: str, server: Server) -> None:
    name, word = ADVISED[task_id]
    file = FOLDER / catalogue.TASKS[task_id].module / name
    (report,) = grader.reports(grader.read(file), Options(task=task_id, seed=1), Preparation(), server)
    advice = [check for check in report.checks if check.name == "advice"]
    assert any(word in check.detail for check in advice)
    assert all(check.passed for check in advice)
    assert report.score == 1
