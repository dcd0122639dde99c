"""Checks a deck by trying it: formula drills are answered, model solutions graded, misconceptions held against each other.

The slow experiments are left out; words and structure are `answers.check`'s.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from answers import check as words
from answers.deck import Deck, DeckError, Fault, line_of, raised
from answers.inputs import Case
from answers.model import FormulaDrill, Task
from quiz import drills
from quiz.formulas import FormulaError
from quiz.grading.cases import call, sweep
from quiz.grading.compare import Expected, holds_float32

SEED = 20_260


def check(deck: Deck) -> list[Fault]:
    """Every fault of the deck, sorted by file and line; an empty list is a sound deck."""
    deck = deck.strictly()
    faults = words.check(deck)
    for module, question in deck.readable_questions():
        path = deck.path_of(module)
        if deck.path_of(f"experiments.{question.experiment}").is_file():  # else said by the check of its words
            try:
                deck.experiment_of(question)
            except DeckError as error:
                faults += error.faults
        for drill in question.drills:
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
        try:
            faults += [Fault(str(path), line_of(path, at), message) for at, message in task_faults(task)]
            file = deck.solution_file(task_id)
            if file.is_file():
                gradable = task_id if deck.package == "answers" else task
                faults += [Fault(str(file), 1, m) for m in _solution_faults(file, gradable)]
        except (Exception, SystemExit) as error:  # the task's own functions: reference, corner cases, mistakes
            faults.append(raised(path, error))
    return sorted(set(faults))


def formula_faults(drill: FormulaDrill) -> Iterator[str]:
    """Why a formula drill cannot be answered, or lets a wrong expression pass."""
    hand = drills.deal(drill, Random(SEED))
    for expression, right in ((drill.answer, True), *((wrong, False) for wrong, _ in drill.wrong)):
        try:
            checked = drills.check(hand, expression)
        except (drills.AnswerError, FormulaError) as error:
            yield f"{expression!r} cannot be run: {error.text.en}"
            continue
        if checked.right != right:
            yield f"{expression!r} counts as {'right' if checked.right else 'wrong'}"


def task_faults(task: Task) -> Iterator[tuple[str, str]]:
    """What is wrong with a task's mistakes: the word in its file that leads there, and the fault."""
    if not task.compared:
        return
    tried = _Tried(sweep(task, SEED), task.silent)
    tried.add("", task.reference)
    tried.add("without", task.with_mistakes(frozenset()))
    if tried.differ("", "without"):
        yield task.id, "with_mistakes() without a mistake differs from the reference"
    variants = [m.id for m in task.misconceptions if m.fits is None]
    for name in variants:
        tried.add(name, task.with_mistakes(frozenset({name})))
        if not tried.differ("", name):
            yield name, f"misconception {name!r} gives the reference's results: it is no mistake"
    for one, other in itertools.combinations(variants, 2):
        if not tried.differ(one, other):
            yield other, f"misconceptions {one!r} and {other!r} give the same results"


class _Tried:
    """Functions on the same cases, each called on a case when a comparison first needs it: the telling ones come first.

    The smallest cases hide mistakes, so most pairs are told apart by a middling one, and few need them all.
    """

    def __init__(self, cases: Sequence[Case], silent: bool = False) -> None:
        self._silent = silent
        middle = len(cases) * 6 // 10
        self._cases = [cases[k] for k in sorted(range(len(cases)), key=lambda k: abs(k - middle))]
        self._functions: dict[str, Callable[..., Any]] = {}
        self._results: dict[str, list[tuple[Any, bool]]] = {}

    def add(self, name: str, function: Callable[..., Any]) -> None:
        """One more function, by a name to ask for it."""
        self._functions[name] = function
        self._results[name] = []

    def differ(self, one: str, other: str) -> bool:
        """Whether two functions give different results on any case."""
        return any(_unequal(self._result(one, k), self._result(other, k), case) for k, case in enumerate(self._cases))

    def _result(self, name: str, k: int) -> tuple[Any, bool]:
        results = self._results[name]
        while len(results) <= k:
            results.append(_result(self._functions[name], self._cases[len(results)], self._silent))
        return results[k]


def _result(function: Callable[..., Any], case: Case, silent: bool) -> tuple[Any, bool]:
    """Value of the call, or the class of what it raised (a wrong variant may); whether it warned, where that counts."""
    with warnings.catch_warnings(record=True) as log, np.errstate(all="warn" if silent else "ignore", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = call(function, case)
        except Exception as error:
            return type(error), False
    return value, silent and bool(log)


def _unequal(one: tuple[Any, bool], other: tuple[Any, bool], case: Case) -> bool:
    (x, x_warned), (y, y_warned) = one, other
    if isinstance(x, type) or isinstance(y, type):
        return x is not y
    if x_warned != y_warned:
        return True
    return Expected([x], [holds_float32(case.args)]).mismatches([y], dtypes=False)[0] is not None


def _solution_faults(file: Path, task: str | Task) -> Iterator[str]:
    """Whether the model solution passes, graded as any submission is."""
    from quiz.grading import grade

    report = grade(file, task, seed=SEED)
    if report.verdict != "pass":
        failed = "; ".join(c.detail for c in report.checks if not c.passed)
        yield f"the model solution does not pass {report.task!r}: {report.verdict}: {failed}"
