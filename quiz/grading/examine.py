"""Has a submission called on cases and says of each what is wrong with it, if anything."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from answers.inputs import Array, Case
from answers.model import Law, Task, Text
from answers.record import Record
from quiz.catalogue import message
from quiz.grading import imports
from quiz.grading.arguments import complete
from quiz.grading.calls import Batch
from quiz.grading.cases import call, call_quietly, parts, quiet, size_of
from quiz.grading.compare import Expected, Mismatch, holds_float32, same_again
from quiz.grading.quick import Quick
from quiz.grading.replies import Reply

if TYPE_CHECKING:
    from quiz.grading.runner import Outcome

FAR = 1000.0
"""A wrong value is shrunk only towards values that miss by far more than the tolerance."""
LAW_CASES = 5
"""Where values are compared a law says in words what they say in numbers: few cases will do."""
REPEATS, FEWEST_CALLS = 12, 104
"""Cases are called again at the end, at least so many, until there are so many calls in all: state that builds up shows late."""
LONGEST = 4
"""So many of the largest cases are left out where some are chosen for laws and for a second call: these take the longest."""


class Calls(Protocol):
    """What the grader needs of a session with a submission."""

    def call(
        self,
        function: str,
        cases: Sequence[Case],
        seconds: float | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> Sequence[Outcome]:
        """One outcome per case, in one round trip; `meanwhile` is called once it is under way."""
        ...

    def call_in_parts(
        self, function: str, parts: Iterable[Sequence[Case]], meanwhile: Callable[[], object]
    ) -> Sequence[Outcome]:
        """As `call` on all cases, each part of which is worked on while the next is drawn."""
        ...

    def afresh(self, function: str) -> None:
        """Have the file loaded anew for the next call: nothing that earlier ones left behind is there."""
        ...


class Failure(Record):
    """What is wrong with one call. `check`: the name of the check it breaks; `kind`: what a smaller case must keep."""

    check: str
    said: Text | Mismatch
    kind: Hashable
    where: tuple[int, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the time ran out."""
        return isinstance(self.kind, tuple) and self.kind[0] == "timeout"

    @property
    def text(self) -> Text:
        """It in words."""
        return self.said if isinstance(self.said, Text) else self.said.text


class Plan:
    """The calls that laws derive from some of the cases, and which law asks for which of them."""

    def __init__(self, task: Task, cases: Sequence[Case], chosen: Sequence[int]) -> None:
        self.calls: list[Case] = []
        self.steps: list[tuple[Law, int, tuple[Any, ...], list[int]]] = []
        """Law, case, that case's arguments, places among `calls`."""
        arguments = {k: complete(task.inputs, cases[k]) for k in chosen}
        for law in task.laws:
            for k, args in arguments.items():
                places: list[int] = []
                if law.derive is not None:
                    further = law.derive(args)
                    if not further:
                        continue
                    places = list(range(len(self.calls), len(self.calls) + len(further)))
                    self.calls += [Case(more) for more in further]
                self.steps.append((law, k, args, places))


class Drawn(Record):
    """What is asked of every submission."""

    cases: tuple[Case, ...]
    plan: Plan
    repeats: tuple[int, ...]
    """Cases that are called once more at the end, in another order."""
    calls: Batch
    """Everything that is asked in the one round trip: the cases, what the laws derive from some, some of them again."""


class Prepared:
    """A task's cases with the right results, ready for any number of submissions. The first need not wait for the drawing."""

    def __init__(self, task: Task, seed: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        self._meanwhile = meanwhile
        self.task = task
        self.seed = seed
        self._parts: Iterator[Sequence[Case]] | None = None
        self._has_answered = False

    def _draw(self) -> Iterator[Sequence[Case]]:
        """All calls, in parts; after the last of them `drawn` is there."""
        cases: list[Case] = []
        for part in parts(self.task, self.seed):
            cases += part
            yield part
        small_first = sorted(range(len(cases)), key=lambda k: size_of(cases[k]))
        plan = Plan(self.task, cases, self._for_laws(small_first))
        repeats = _repeats(small_first, len(cases) + len(plan.calls))
        more = (*plan.calls, *(cases[k] for k in repeats))
        self.drawn = Drawn(tuple(cases), plan, repeats, Batch((*cases, *more)))
        yield more

    @cached_property
    def drawn(self) -> Drawn:
        """The calls, drawn now as far as they are not yet."""
        for _ in self._parts or self._draw():
            pass
        drawn: Drawn = self.__dict__["drawn"]  # as the last part has left it
        return drawn

    @property
    def cases(self) -> tuple[Case, ...]:
        """In the order in which they were drawn."""
        return self.drawn.cases

    @property
    def repeats(self) -> tuple[int, ...]:
        """Cases that are called once more at the end, in another order."""
        return self.drawn.repeats

    @property
    def plan(self) -> Plan:
        """What the laws ask for."""
        return self.drawn.plan

    @property
    def calls(self) -> Batch:
        """Everything that is asked in the one round trip."""
        return self.drawn.calls

    def smallest(self, chosen: Iterable[int]) -> int:
        """Of some cases, by their places, the one in which a reader has the least to take in."""
        return min(chosen, key=lambda k: (self.sizes[k], _sum_of_integers(self.cases[k]), k))

    @cached_property
    def sizes(self) -> list[int]:
        """How many numbers each case holds."""
        return list(map(size_of, self.cases))

    @cached_property
    def expected(self) -> Expected:
        """The reference's results."""
        return expect(self.task, self.cases)

    @cached_property
    def quick(self) -> Quick:
        """The bytes of the right answers."""
        return Quick(self.expected, self.repeats, self._further)

    @cached_property
    def _further(self) -> Expected | None:
        """The reference's results of the calls that the laws derive; None where it takes one of them for no input."""
        with suppress(Exception):
            return expect(self.task, self.plan.calls)
        return None

    def for_laws(self, sound: Iterable[int]) -> Sequence[int]:
        """Of cases that gave a result those on which the laws are tried: all, where nothing else decides."""
        return self._for_laws(sorted(sound, key=self.sizes.__getitem__))

    def _for_laws(self, small_first: Sequence[int]) -> Sequence[int]:
        return _spread(small_first, LAW_CASES) if self.task.compared else small_first

    def derived(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Of all outcomes those of the calls that the laws derive."""
        first = len(self.cases)
        return outcomes[first : first + len(self.plan.calls)]

    def again(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Of all outcomes those of the second calls, in the order of `repeats`."""
        return outcomes[len(self.cases) + len(self.plan.calls) :]

    def repeated(self, outcomes: Sequence[Outcome]) -> Iterator[tuple[int, Outcome]]:
        """The cases that were called again, each with what came of that."""
        return zip(self.repeats, self.again(outcomes), strict=True)

    def ask(self, calls: Calls) -> Sequence[Outcome]:
        """The submission's outcomes; for the first of them cases are drawn and answered by the reference while it is at work."""
        if self._parts is None:
            self._parts = self._draw()
            return calls.call_in_parts(self.task.function, self._parts, self._answer)
        if self._has_answered:
            return calls.call(self.task.function, self.calls)
        return calls.call(self.task.function, self.calls, meanwhile=self._answer)

    def _answer(self) -> None:
        """Work out for later what every submission needs."""
        self._has_answered = True
        if self.task.compared:
            self.quick, self._laws_hold  # noqa: B018
        else:
            self.expected  # noqa: B018
        self._meanwhile()

    def numbers(self, outcomes: Sequence[Outcome]) -> Any:
        """The floats of all results, end to end, where these have the right structure throughout; else None.

        Nothing but values can be wrong with such results. The outcomes are made one at a time from then on.
        """
        if not isinstance(outcomes, Reply) or not self.task.compared or (self.task.silent and outcomes.warned):
            return None
        plain = outcomes.plain()
        numbers = None if plain is None else self.quick.numbers(*plain)
        return numbers if numbers is not None and outcomes.lay_out(self.quick.places) else None

    def holds(self, outcomes: Sequence[Outcome]) -> bool:
        """Whether everything that was asked in the one round trip is plainly right. Where not, each part is looked at."""
        plain = outcomes.plain() if isinstance(outcomes, Reply) else None
        if plain is None or (self.task.silent and cast("Reply", outcomes).warned):
            return False
        return self.task.compared and self.quick.holds(*plain) and self._laws_hold

    @cached_property
    def _laws_hold(self) -> bool:
        """Whether the laws hold of the right results, and so of all that equal these."""
        if self._further is None:
            return False
        right, further = self.expected.values, self._further.values
        return all(
            _holds(law, args, [right[k], *(further[p] for p in places)]) for law, k, args, places in self.plan.steps
        )


def _sum_of_integers(case: Case) -> int:
    """Where arguments are numbers, as in a count of parameters, the smallest case is the one of small numbers."""
    return sum(int(v) for v in (*case.args, *case.kwargs.values()) if type(v) is int or isinstance(v, np.integer))


def _spread(small_first: Sequence[int], count: int) -> Sequence[int]:
    """So many of the cases, evenly from the smallest up to those that take the longest."""
    some = small_first[:-LONGEST] or small_first
    return [some[k * len(some) // count] for k in range(count)] if count < len(some) else some


def _repeats(small_first: Sequence[int], calls: int) -> tuple[int, ...]:
    """The cases that are called again: small ones until enough calls are made, and some of every size at the very end."""
    last = _spread(small_first, REPEATS)
    small = small_first[: 1 + len(small_first) // 3]
    fill = FEWEST_CALLS - calls - len(last)
    return (*(small[k % len(small)] for k in range(fill)), *last)


def expect(task: Task, cases: Sequence[Case], slack: float = 1.0) -> Expected:
    """The reference's results on the cases."""
    from rnnref.checks import trusted

    # Drawn cases are proper inputs: the reference need not check their shapes first.
    with quiet(), trusted():
        values = [call(task.reference, case) for case in cases]
    return Expected(values, [holds_float32(case.args) for case in cases], slack)


def failures(task: Task, expected: Expected, outcomes: Sequence[Outcome]) -> list[Failure | None]:
    """For each call what is wrong with it by itself: exception, structure, values, changed arguments, warnings."""
    results = [o.value if o.kind == "value" else None for o in outcomes]
    found: list[Failure | None] = []
    for outcome, mismatch in zip(outcomes, expected.mismatches(results), strict=True):
        found.append(_failure(task, outcome, mismatch))
    return found


def _failure(task: Task, outcome: Outcome, mismatch: Mismatch | None) -> Failure | None:
    if outcome.kind != "value":
        return Failure("runs", error_text(outcome), (outcome.kind, outcome.error.partition(":")[0]))
    if mismatch is not None and (task.compared or mismatch.kind != "values"):
        return different(mismatch)
    return next(of_call(task, outcome), None)


def of_call(task: Task, outcome: Outcome) -> Iterator[Failure]:
    """What is wrong with a call that returned, whatever it returned: changed arguments, an overwritten result, warnings."""
    if outcome.mutated:
        names = ", ".join(task.inputs[k].name for k in outcome.mutated if k < len(task.inputs))
        yield Failure("arguments", message("finding.arguments_changed", names=names), "arguments")
    if outcome.overwritten:
        yield Failure("deterministic", message("finding.overwritten"), "overwritten")
    if task.silent and outcome.warnings:
        yield Failure("silent", message("finding.warned", warning=outcome.warnings[0]), "silent")


def different(mismatch: Mismatch) -> Failure:
    """The failure of a call whose result is not the reference's."""
    return Failure(mismatch.kind, mismatch, mismatch.kind, mismatch.where)


_ATTEMPTS = {
    "files": message("finding.tried.files"),
    "network": message("finding.tried.network"),
    "processes": message("finding.tried.processes"),
    "native": message("finding.tried.native"),
    "system": message("finding.tried.system"),
}


_OURS = {imports.NOT_ALLOWED: message("finding.not_allowed"), imports.UNNAMED: message("finding.unnamed")}
"""What of an exception's words is ours."""


def error_text(outcome: Outcome) -> Text:
    """What happened where a call gave no value, with the line where it is known."""
    said = _without_value(outcome)
    if not outcome.line:
        return said
    return message("finding.at_line", line=outcome.line, said=said)


def _without_value(outcome: Outcome) -> Text:
    error = outcome.error
    match outcome.kind:
        case "timeout" if error == "SIGXCPU":
            return message("finding.no_processor_time")
        case "timeout":
            return message("finding.no_answer", limit=error)
        case "memory":
            return message("finding.out_of_memory", error=error or "MemoryError")
        case "forbidden":
            kind, _, event = error.partition(": ")
            tried = _ATTEMPTS.get(kind, _ATTEMPTS["system"])
            return message("finding.forbidden", tried=tried, event=event)
        case "died":
            return message("finding.ended", how=error)
        case "malformed":
            return message("finding.malformed")
    zh = error
    for said, ours in _OURS.items():
        zh = zh.replace(said, ours.zh)
    return Text(zh=zh, en=error)


def law_failures(
    calls: Calls, task: Task, cases: Sequence[Case], outcomes: Sequence[Outcome], chosen: Sequence[int]
) -> tuple[dict[str, dict[int, Failure]], Sequence[Outcome]]:
    """Law by law, which of the chosen cases break it, and what became of the calls that the laws derive: one round trip."""
    plan = Plan(task, cases, chosen)
    derived = calls.call(task.function, plan.calls) if plan.calls else []
    return broken_laws(task, plan, outcomes, derived), derived


def broken_laws(
    task: Task, plan: Plan, outcomes: Sequence[Outcome], derived: Sequence[Outcome]
) -> dict[str, dict[int, Failure]]:
    """Law by law, which cases of the plan break it."""
    broken: dict[str, dict[int, Failure]] = {law.id: {} for law in task.laws}
    for law, k, args, places in plan.steps:
        results = [outcomes[k], *(derived[p] for p in places)]
        if not all(r.kind == "value" for r in results) or not _holds(law, args, [r.value for r in results]):
            broken[law.id][k] = Failure(f"law:{law.id}", law.text, f"law:{law.id}")
    return broken


def _holds(law: Any, args: tuple[Any, ...], results: Sequence[Any]) -> bool:
    try:
        with np.errstate(all="ignore"):
            return bool(law.holds(args, *results))
    except Exception:  # a law written for plausible results met an implausible one
        return False


def repeat_failures(prepared: Prepared, outcomes: Sequence[Outcome]) -> dict[int, Failure]:
    """Cases whose second call, at the end and in another order, gave something else."""
    text = message("finding.not_repeatable")
    found = {}
    for k, again in prepared.repeated(outcomes):
        first = outcomes[k]
        if (first.kind == "value" or again.kind == "value") and not (
            first.kind == again.kind and same_again(first.value, again.value)
        ):
            found[k] = Failure("deterministic", text, "deterministic")
    return found


def is_proper(task: Task, case: Case) -> bool:
    """Whether it is an input that the task speaks of: one that the reference takes."""
    try:
        call_quietly(task.reference, case)
    except Exception:  # cut down too far
        return False
    return True


class Examiner:
    """Examines new cases of one submission: for the shrinker and for the search."""

    def __init__(self, calls: Calls, task: Task, slack: float = 1.0, laws: bool = True) -> None:
        self.calls = calls
        self.task = task
        self.slack = slack
        self.laws = laws
        self._failed: list[tuple[Case, Outcome]] = []
        # Arrays of named sizes fit together however they are cut; then the reference is asked while the submission works.
        self._stay_proper = all(type(item) is Array for item in task.inputs)

    def __call__(self, cases: Sequence[Case]) -> list[Hashable]:
        """The kind of each case's failure, None where there is none or where the case is no proper input."""
        outcomes, found = self.examine(cases)
        self._failed += [
            (c, o) for c, o, f in zip(cases, outcomes, found, strict=True) if f is not None and o is not None
        ]
        return [f.kind if f is not None else None for f in found]

    def outcome(self, case: Case) -> Outcome | None:
        """What became of a case that it was called with and that failed."""
        return next((outcome for failed, outcome in reversed(self._failed) if failed is case), None)

    def examine(self, cases: Sequence[Case]) -> tuple[list[Outcome | None], list[Failure | None]]:
        """Outcomes and failures, laws included."""
        right: dict[int, Any] = {}
        every: Sequence[Outcome] = ()
        if self._stay_proper:
            every = self.calls.call(self.task.function, cases, meanwhile=lambda: right.update(self._right(cases)))
        right = right or self._right(cases)
        chosen = [cases[k] for k in right]
        outcomes = [every[k] for k in right] if every else self.calls.call(self.task.function, chosen) if chosen else []
        expected = Expected(list(right.values()), [holds_float32(c.args) for c in chosen], self.slack)
        found = failures(self.task, expected, outcomes)
        if self.laws and self.task.laws and not all(found):
            sound = [k for k, f in enumerate(found) if f is None]
            for broken in law_failures(self.calls, self.task, chosen, outcomes, sound)[0].values():
                for k, law_failure in broken.items():
                    found[k] = found[k] or law_failure
        all_outcomes: list[Outcome | None] = [None] * len(cases)
        all_failures: list[Failure | None] = [None] * len(cases)
        for k, outcome, failure in zip(right, outcomes, found, strict=True):
            all_outcomes[k], all_failures[k] = outcome, failure
        return all_outcomes, all_failures

    def _right(self, cases: Sequence[Case]) -> dict[int, Any]:
        """The reference's results, by the places of those cases that are proper inputs."""
        right: dict[int, Any] = {}
        with quiet():
            for k, case in enumerate(cases):
                with suppress(Exception):  # cut down too far: no input that the task speaks of
                    right[k] = call(self.task.reference, case)
        return right
