"""How strong the sweep is, as a table: wrong solutions that pass, and corners that no case reaches.

    python tests/benchmarks/strength.py                            every task, 2 seeds: six minutes
    python tests/benchmarks/strength.py lstm-step softmax --seeds 20
    python tests/benchmarks/strength.py --corners --seeds 30       corners alone: a minute

Each seed is a sweep of its own. `mutants` are all that `tests/support/mutants.py` makes of the model solution, but those that
are argued away as no mistakes; each runs isolated, as a submission does. `passed`: runs in which one was let through. `least`:
of every mutant the number of failing cases in its worst run, and of these the smallest; the next seed could miss it where that
is 1. `named`: runs in which a misconception is named as what it is.

`pairs`: two corners (`tests/support/corners.py`: N = 1, D = H, float32, symmetric, tiny numbers, ...) in which one case can
stand at once. `met`: the share of them that a sweep meets. A mistake that shows only where two corners meet is missed elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.corners import pairs, reached
from support.equivalent import wrong_ones
from support.fake_session import FakeSession

from answers import catalogue, deck
from answers.model import Task
from quiz.grading import grader, runner
from quiz.grading.diagnose import diagnose
from quiz.grading.examine import Prepared, failures, law_failures, repeat_failures
from quiz.grading.outcome import Limits
from quiz.grading.server import Server
from quiz.grading.submission import Submission

LIMITS = Limits(seconds=3.0)
COLUMNS = ("task", "cases", "calls", "mutants", "runs", "passed", "least", "misconceptions", "named", "pairs", "met")
WIDTHS = (22, 6, 6, 8, 6, 7, 6, 15, 9, 6, 6)


class Killed(NamedTuple):
    """What became of one task's mutants."""

    mutants: int = 0
    runs: int = 0
    passed: int = 0
    least: int = 0


def failing(submission: Submission, prepared: Prepared, server: Server) -> int:
    """How many of the cases find a wrong solution out; all, where it never gave values."""
    task, count = prepared.task, len(prepared.cases)
    with runner.open_session(submission, LIMITS, server=server) as session:
        outcomes = prepared.ask(session)
        if prepared.holds(outcomes):
            return 0
        if not all(o.kind == "value" for o in outcomes):
            return count
        found = failures(task, prepared.expected, outcomes[:count])
        wrong = {k for k, failure in enumerate(found) if failure} | set(repeat_failures(prepared, outcomes))
        sound = prepared.for_laws([k for k, failure in enumerate(found) if failure is None])
        for broken in law_failures(session, task, prepared.cases, outcomes, sound)[0].values():
            wrong |= set(broken)
    return len(wrong)


def mutants(task_id: str, sweeps: Sequence[Prepared], server: Server) -> Killed:
    """All mutants of a task on all sweeps."""
    submissions = [grader.read(mutant.source) for mutant in wrong_ones(task_id)]
    runs = [[failing(submission, prepared, server) for prepared in sweeps] for submission in submissions]
    passed = sum(run.count(0) for run in runs)
    return Killed(len(runs), len(runs) * len(sweeps), passed, min(map(min, runs)))


def named(task: Task, sweeps: Sequence[Prepared]) -> tuple[int, int]:
    """In how many runs a misconception is named, alone and by its name; of how many."""
    ids = [m.id for m in task.misconceptions if m.fits is None]
    right = 0
    for prepared in sweeps:
        for one in ids:
            outcomes = FakeSession(task.with_mistakes(frozenset({one}))).call(task.function, prepared.cases)
            right += diagnose(task, prepared.cases, prepared.expected, outcomes).ids == (one,)
    return right, len(ids) * len(sweeps)


def corners(task: Task, sweeps: Sequence[Prepared]) -> tuple[int, float]:
    """How many pairs of corners any of the sweeps meets, and the share of them that one meets."""
    met = [{pair for case in prepared.cases for pair in pairs(reached(task, case))} for prepared in sweeps]
    ever = set[Any]().union(*met)
    return len(ever), sum(map(len, met)) / (len(ever) * len(met)) if ever else 1.0


def row(task_id: str, seeds: Sequence[int], server: Server | None) -> Iterator[str]:
    """One line of the table."""
    task = deck.load_task(task_id)
    sweeps = [Prepared(task, seed) for seed in seeds]
    cases = sum(len(p.cases) for p in sweeps) / len(sweeps)
    calls = sum(len(p.calls) for p in sweeps) / len(sweeps)
    yield from (task_id, f"{cases:.0f}", f"{calls:.0f}")
    if server is None:
        yield from "------"
    else:
        yield from map(str, mutants(task_id, sweeps, server))
        right, of = named(task, sweeps)
        yield from (str(len(task.misconceptions)), f"{right}/{of}" if of else "-")
    count, share = corners(task, sweeps)
    yield from (str(count), f"{share:.2f}")


def line(cells: Sequence[str]) -> str:
    """The cells below each other's."""
    first, *rest = zip(cells, WIDTHS, strict=True)
    return first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)


def main() -> None:
    """Print the table asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="all, where none is named")
    parser.add_argument("-s", "--seeds", type=int, default=2, help="how many sweeps")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--corners", action="store_true", help="corners alone")
    asked = parser.parse_args()
    if unknown := set(asked.tasks) - set(catalogue.TASKS):
        parser.error(f"no task {', '.join(sorted(unknown))}")
    seeds = range(asked.first, asked.first + asked.seeds)
    print(line(COLUMNS))
    with runner.start_server() as server:
        for task_id in asked.tasks or catalogue.TASKS:
            print(line(list(row(task_id, seeds, None if asked.corners else server))), flush=True)


if __name__ == "__main__":
    main()
