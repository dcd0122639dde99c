"""Checks a deck by trying it: formula drills are answered, model solutions graded, misconceptions held against each other.

The slow experiments are left out; words and structure are `answers.check`'s.
"""

from __future__ import annotations

import itertools
import runpy
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from answers import check as words
from answers.deck import Deck, DeckError, Fault, line_of
from answers.inputs import Case
from answers.model import FormulaDrill, Misconception, Task
from quiz import drills
from quiz.grading.cases import call_quietly, sweep
from quiz.grading.compare import Expected, holds_float32

CASES = 48
"""How many cases of a task's sweep are drawn; its corner cases come on top."""
SEED = 20_260


def check(deck: Deck) -> list[Fault]:
    """Every fault of the deck, sorted by file and line; an empty list is a sound deck."""
    faults = words.check(deck)
    broken = {fault.file for fault in deck.load_faults()}
    for question_id, module in deck.question_modules.items() if not broken else ():
        path = deck.path_of(module)
        for drill in deck.question(question_id).drills:
            if isinstance(drill, FormulaDrill):
                faults += [
                    Fault(str(path), line_of(path, drill.id), f"drill {drill.id!r}: {m}") for m in formula_faults(drill)
                ]
    for task_id in deck.task_ids():
        try:
            task = deck.task(task_id)
        except DeckError:
            continue  # said by the check of its words
        path = deck.path_of(f"tasks.{task_id.replace('-', '_')}")
        faults += [Fault(str(path), line_of(path, at), message) for at, message in task_faults(task)]
        faults += [Fault(str(deck.solution_file(task_id)), 1, m) for m in _solution_faults(deck, task)]
    return sorted(set(faults))


def formula_faults(drill: FormulaDrill) -> Iterator[str]:
    """Why a formula drill cannot be answered, or lets a wrong expression pass."""
    hand = drills.deal(drill, Random(SEED))
    for expression, right in ((drill.answer, True), *((wrong, False) for wrong, _ in drill.wrong)):
        try:
            checked = drills.check(hand, expression)
        except drills.AnswerError as error:
            yield f"{expression!r} cannot be run: {error.text.en}"
            continue
        if checked.right != right:
            yield f"{expression!r} counts as {'right' if checked.right else 'wrong'}"


def task_faults(task: Task) -> Iterator[tuple[str, str]]:
    """What is wrong with a task's mistakes: the word in its file that leads there, and the fault."""
    cases = sweep(task, SEED, CASES)
    expected = _results(task.reference, cases)
    if task.compared and _differ(expected, _results(task.with_mistakes(frozenset()), cases), cases):
        yield task.id, "with_mistakes() without a mistake differs from the reference"
    if not task.compared:
        return
    variants: list[tuple[Misconception, list[Any]]] = [
        (m, _results(task.with_mistakes(frozenset({m.id})), cases)) for m in task.misconceptions if m.fits is None
    ]
    for misconception, results in variants:
        if not _differ(expected, results, cases) and not task.silent:
            yield (
                misconception.id,
                f"misconception {misconception.id!r} gives the reference's results: it is no mistake",
            )
    for (one, a), (other, b) in itertools.combinations(variants, 2):
        if not _differ(a, b, cases) and not task.silent:
            yield other.id, f"misconceptions {one.id!r} and {other.id!r} give the same results"


def _results(function: Callable[..., Any], cases: Sequence[Case]) -> list[Any]:
    """Value of each call, or the class of what it raised."""
    results = []
    for case in cases:
        try:
            results.append(call_quietly(function, case))
        except Exception as error:  # a wrong variant may raise: that is its result
            results.append(type(error))
    return results


def _differ(a: Sequence[Any], b: Sequence[Any], cases: Sequence[Case]) -> bool:
    for x, y, case in zip(a, b, cases, strict=True):
        if isinstance(x, type) or isinstance(y, type):
            if x is not y:
                return True
        elif Expected([x], [holds_float32(case.args)]).mismatches([y], dtypes=False)[0] is not None:
            return True
    return False


def _solution_faults(deck: Deck, task: Task) -> Iterator[str]:
    """The deck that ships has its solutions graded as submissions are; another deck's are called on the same cases."""
    file = deck.solution_file(task.id)
    if not file.is_file():
        return
    if deck.package == "answers":
        yield from _graded_faults(file, task)
        return
    try:
        function = runpy.run_path(str(file), run_name="submission")[task.function]
    except Exception as error:  # a deck is code: whatever it raises is its fault
        yield f"cannot be loaded: {type(error).__name__}: {error}"
        return
    cases = sweep(task, SEED, CASES)
    if task.compared and _differ(_results(task.reference, cases), _results(function, cases), cases):
        yield f"the model solution differs from the reference of {task.id!r}"


def _graded_faults(file: Path, task: Task) -> Iterator[str]:
    from quiz.grading import grade

    report = grade(file, task.id, seed=SEED)
    if report.verdict != "pass":
        failed = "; ".join(c.detail for c in report.checks if not c.passed)
        yield f"the model solution does not pass {task.id!r}: {report.verdict}: {failed}"
