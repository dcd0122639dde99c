"""No wrong solution is let through: every small change to a model solution is found out, or argued to change nothing."""

from collections.abc import Iterator

import pytest
from support.equivalent import EQUIVALENT, mutants_of, wrong_ones
from support.mutants import Mutant, chosen

from answers import catalogue
from quiz.grading import grader
from quiz.grading.grader import Options, Preparation
from quiz.grading.runner import start_server
from quiz.grading.server import Server

SEED = 6
SHARE, LESS = 17, 8
"""Mutants of each task that are graded on every run, and of those that take long; the slow tests grade all."""
TAKES_LONG = ("backward", "lstm-forward", "gru-forward", "lstm-step", "gradient-flow")

every_task = pytest.mark.parametrize("task_id", catalogue.TASKS)


def share_of(task_id: str) -> int:
    return LESS if task_id.endswith(TAKES_LONG) else SHARE


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server


def survivors(task_id: str, chosen_ones: list[Mutant], server: Server, seed: int = SEED) -> list[str]:
    """Those that pass, by what was changed in them."""
    options, preparation = Options(task=task_id, seed=seed), Preparation()
    passed = []
    for mutant in chosen_ones:
        (report,) = grader.reports(grader.read(mutant.source), options, preparation, server)
        if report.passed:
            passed.append(mutant.change)
    return passed


@every_task
def test_mutants_are_killed(task_id: str, server: Server) -> None:
    assert survivors(task_id, chosen(wrong_ones(task_id), share_of(task_id)), server) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@every_task
def test_every_mutant_is_killed(task_id: str, server: Server) -> None:
    assert survivors(task_id, wrong_ones(task_id), server, SEED + 1) == []


def test_there_are_at_least_400_and_8_of_each_task() -> None:
    counts = {task_id: len(chosen(wrong_ones(task_id), share_of(task_id))) for task_id in catalogue.TASKS}
    assert sum(counts.values()) >= 400
    assert min(counts.values()) >= 8


@pytest.mark.parametrize("task_id", ["gru-step", "clip-by-value"])
def test_they_are_the_same_ones_every_time_and_differ_from_each_other(task_id: str) -> None:
    first = [(mutant.change, mutant.source) for mutant in mutants_of(task_id)]
    mutants_of.cache_clear()
    assert [(mutant.change, mutant.source) for mutant in mutants_of(task_id)] == first
    assert len({change for change, _ in first}) == len({source for _, source in first}) == len(first)


@pytest.mark.parametrize("task_id", EQUIVALENT)
def test_what_is_argued_away_exists_and_passes(task_id: str, server: Server) -> None:
    known = {mutant.change: mutant for mutant in mutants_of(task_id)}
    assert [change for change in EQUIVALENT[task_id] if change not in known] == []
    argued_away = [known[change] for change in EQUIVALENT[task_id]]
    assert survivors(task_id, argued_away, server) == list(EQUIVALENT[task_id])
