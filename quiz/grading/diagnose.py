"""Which mistake is it? Named only when certain.

A misconception is named where its variant of the reference gives the submission's results on every case, and no other
single one does; then pairs are tried. Where nothing matches, the parts of the result that are right are told from those that
are not, and a part that alone equals a variant's is said so. Never a guess.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from answers.inputs import Case, thaw
from answers.model import Misconception, Task, Text, formula
from quiz.catalogue import listed, message
from quiz.grading.arguments import complete
from quiz.grading.cases import call, quiet
from quiz.grading.compare import Expected, differ_plainly, holds_float32
from quiz.grading.report import Finding

if TYPE_CHECKING:
    from quiz.grading.runner import Outcome


PROBES = 8
"""A variant must meet so many cases one by one before it is worked out on all: a single case may leave many variants open."""


def diagnose(
    task: Task, cases: Sequence[Case], expected: Expected, outcomes: Sequence[Outcome], numbers: Any = None
) -> Finding:
    """The finding over all cases. `numbers`: the floats of all results, where these have the structure of the expected."""
    observed = _Observed(task, cases, outcomes, expected, numbers)
    if not task.compared:
        fitting = [m for m in task.misconceptions if m.fits is not None and observed.fits(m.fits)]
        return _named(fitting[:1]) if len(fitting) == 1 else Finding()
    variants = [m for m in task.misconceptions if m.fits is None]
    for together in (1, 2):
        fits = observed.fitting(itertools.combinations(variants, together), 2)
        if len(fits) == 1:
            return _named(fits[0])
        if fits and together == 1:
            return Finding()
    return Finding((), _parts(task, cases, expected, outcomes))


def _named(found: Sequence[Misconception]) -> Finding:
    said = found[0].message
    if len(found) == 2:
        said = message("finding.two_mistakes", first=said, second=found[1].message)
    return Finding(tuple(m.id for m in found), said)


class _Observed:
    """What the submission did on every case, to be met by a variant. The most telling case is tried first."""

    def __init__(
        self, task: Task, cases: Sequence[Case], outcomes: Sequence[Outcome], right: Expected, numbers: Any
    ) -> None:
        self.task = task
        self.cases = cases
        self.outcomes = outcomes
        self.right = right
        self.single = right.single
        self.numbers = numbers
        self.plain = not task.silent and (numbers is not None or all(o.kind == "value" for o in outcomes))
        self.order = _telling_first(cases)

    def fitting(self, candidates: Iterable[tuple[Misconception, ...]], most: int) -> list[tuple[Misconception, ...]]:
        """The first few candidates that give the same on every case; most differ on the first that is tried."""
        if not self.plain:
            fits = (c for c in candidates if all(self._agrees(self._variant(c), k) for k in self.order))
            return list(itertools.islice(fits, most))
        from rnnref.checks import trusted

        with quiet(), trusted():  # as the reference is called
            return list(itertools.islice(filter(self._equals, candidates), most))

    def _variant(self, candidate: Sequence[Misconception]) -> Callable[..., Any]:
        return self.task.with_mistakes(frozenset(m.id for m in candidate))

    def _equals(self, candidate: Sequence[Misconception]) -> bool:
        """Whether its variant gives all results, where there is nothing but results to meet."""
        variant = self._variant(candidate)
        known: dict[int, Any] = {}
        try:
            for k in self.order[:PROBES]:
                known[k] = call(variant, self.cases[k])
                if differ_plainly(known[k], self.outcomes[k].value, self.single[k]):
                    return False
            values = [known[k] if k in known else call(variant, case) for k, case in enumerate(self.cases)]
        except Exception:  # the submission raised on none
            return False
        expected = Expected(values, self.single)
        if self.numbers is not None and expected.has_structure_of(self.right):
            return not any(expected.differing(self.numbers))
        return not any(expected.mismatches([o.value for o in self.outcomes], dtypes=False))

    def _agrees(self, variant: Callable[..., Any], k: int) -> bool:
        case, outcome = self.cases[k], self.outcomes[k]
        value, raised, warned = _attempt(variant, case)
        if raised or outcome.kind != "value":
            return outcome.kind == "raised" and outcome.error.partition(":")[0] == raised
        if self.task.silent and warned != bool(outcome.warnings):
            return False
        return Expected([value], [holds_float32(case.args)]).mismatches([outcome.value], dtypes=False)[0] is None

    def fits(self, fits: Callable[[tuple[Any, ...], Any], bool]) -> bool:
        """Whether the misconception's own test holds on every case."""
        try:
            return all(
                o.kind == "value" and fits(complete(self.task.inputs, c), o.value)
                for c, o in zip(self.cases, self.outcomes, strict=True)
            )
        except Exception:  # written for plausible results
            return False


def _telling_first(cases: Sequence[Case]) -> list[int]:
    """Places of cases in the order in which they are tried: plain and middling ones tell much, the largest take long."""
    middle = len(cases) * 6 // 10
    return sorted(range(len(cases)), key=lambda k: (cases[k].note != "", abs(k - middle)))


def _attempt(variant: Callable[..., Any], case: Case) -> tuple[Any, str, bool]:
    """Value, class name of an exception, and whether it warned."""
    with (
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
        warnings.catch_warnings(record=True) as log,
    ):
        warnings.simplefilter("always")
        try:
            value = variant(*thaw(case.args), **{name: thaw(v) for name, v in case.kwargs.items()})
        except Exception as error:
            return None, type(error).__name__, False
    return value, "", bool(log)


def _parts(task: Task, cases: Sequence[Case], expected: Expected, outcomes: Sequence[Outcome]) -> Text | None:
    """`f and o are right, i differs`, where the result is a tuple and has the right structure throughout."""
    names = task.outputs
    if len(names) < 2 or not all(
        o.kind == "value" and isinstance(o.value, tuple | list) and len(o.value) == len(names) for o in outcomes
    ):
        return None
    right = [k for k in range(len(names)) if _part_equals(k, expected.values, cases, outcomes)]
    wrong = [k for k in range(len(names)) if k not in right]
    if not wrong:
        return None
    said = []
    if right:
        names_right = _and([names[k] for k in right])
        one = len(right) == 1
        said.append(message("finding.parts_right.one" if one else "finding.parts_right.other", names=names_right))
    for k in wrong:
        explained = _explained(task, k, cases, outcomes)
        if explained is None:
            said.append(message("finding.part_differs", name=names[k]))
        else:
            said.append(message("finding.part_explained", name=names[k], mistake=explained))
    return listed(said, message("common.semicolon"))


def _and(names: Sequence[str]) -> Text:
    return message("common.and", first=listed(names[:-1]), last=names[-1]) if len(names) > 1 else formula(names[0])


def _part_equals(k: int, values: Sequence[Any], cases: Sequence[Case], outcomes: Sequence[Outcome]) -> bool:
    part = Expected([v[k] for v in values], [holds_float32(c.args) for c in cases])
    return not any(part.mismatches([o.value[k] for o in outcomes], dtypes=False))


def _explained(task: Task, k: int, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Text | None:
    """The one mistake whose variant gives this part of the result on every case."""
    found = []
    for m in task.misconceptions:
        if m.fits is not None:
            continue
        variant = task.with_mistakes(frozenset({m.id}))
        if _gives_part(variant, k, cases, outcomes):
            found.append(m.message)
    return found[0] if len(found) == 1 else None


def _gives_part(variant: Callable[..., Any], k: int, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> bool:
    for place in _telling_first(cases):
        case, outcome = cases[place], outcomes[place]
        value, raised, _ = _attempt(variant, case)
        if raised or not isinstance(value, tuple | list) or k >= len(value):
            return False
        if Expected([value[k]], [holds_float32(case.args)]).mismatches([outcome.value[k]], dtypes=False)[0]:
            return False
    return True
