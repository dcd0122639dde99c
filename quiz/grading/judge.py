"""From the outcomes of a submission's calls to the verdict on one task."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from answers.inputs import Case
from answers.model import Language, Text
from answers.record import Record, replace
from quiz.catalogue import message
from quiz.grading import compare
from quiz.grading.arguments import complete, named
from quiz.grading.examine import (
    FAR,
    Calls,
    Examiner,
    Failure,
    Prepared,
    broken_laws,
    different,
    error_text,
    expect,
    failures,
    is_proper,
    law_failures,
    of_call,
    repeat_failures,
)
from quiz.grading.report import Check, Counterexample, Diagnosis, Finding, Report, Verdict
from quiz.grading.snippet import Snippet, is_readable

if TYPE_CHECKING:
    from quiz.grading.runner import Outcome

Progress = Callable[[str, float], None]
"""Called with what is being done (`cases`, `shrink`, `search`) and how far the whole is, in 0 .. 1."""

ALWAYS = ("runs", "structure", "shape", "dtype", "values", "arguments", "deterministic")
IN_TURN = ("runs", "structure", "shape", "dtype", "values")
"""Each can be judged of a result only where those before it hold."""
FEW = 8
FEWEST = 4
"""So many of the smallest cases are tried to show what a function remembers."""
WHOLE: dict[str, Verdict] = {
    "forbidden": "forbidden",
    "timeout": "timeout",
    "memory": "memory",
    "died": "error",
    "malformed": "error",
}
"""Outcomes of one call that decide the whole verdict, the gravest first."""


class Asked(Record):
    """How to judge: language of the texts, where the file lies (for the snippet), whether to search on, whom to tell."""

    language: Language = "en"
    file: str = "submission.py"
    thorough: bool = False
    search_seconds: float = 10.0
    divide: bool = False
    """Whether this process may be forked, to diagnose and to shrink at the same time."""
    progress: Progress = lambda _doing, _fraction: None


def judge(calls: Calls, prepared: Prepared, asked: Asked) -> Report:
    """The report on one task of one submission; `file`, `helper` and `seconds` are the caller's to fill in."""
    asked.progress("cases", 0.1)
    outcomes = prepared.ask(calls)
    right = prepared.holds(outcomes)
    numbers = None if right else prepared.numbers(outcomes)
    if not right and (ended := _ended(prepared, outcomes, asked, numbers is not None)) is not None:
        return ended
    verdict = _Judgement(calls, prepared, outcomes, asked, numbers)
    if not right:
        verdict.look()
        if (ended := _stopped(prepared, verdict.derived, asked)) is not None:
            return ended
    if verdict.failed:
        return verdict.failure()
    if asked.thorough:
        from quiz.grading.search import find

        examiner = Examiner(calls, verdict.task)
        found, tried = find(
            verdict.task,
            examiner,
            prepared.seed,
            asked.search_seconds,
            lambda fraction: asked.progress("search", 0.5 + fraction / 2),
        )
        if found is not None:
            return verdict.failure_on(found)
        said = message("finding.searched", tried=tried)
        return verdict.passed(Check("search", True, said.of(asked.language)))
    return verdict.passed()


def _ended(prepared: Prepared, outcomes: Sequence[Outcome], asked: Asked, gave_values: bool) -> Report | None:
    """A verdict that needs no look at values: it did not load, was stopped, or every call raised.

    `gave_values`: that each case has a value is known; the further calls remain.
    """
    if gave_values:
        return _stopped(prepared, outcomes[len(prepared.cases) :], asked)
    if (stopped := _stopped(prepared, outcomes, asked)) is not None:
        return stopped
    asked_for = (*outcomes[: len(prepared.cases)], *prepared.again(outcomes))
    return None if any(o.kind == "value" for o in asked_for) else _without_values(prepared, outcomes[0], asked)


def _stopped(prepared: Prepared, outcomes: Sequence[Outcome], asked: Asked) -> Report | None:
    """The gravest of what decides the whole verdict, whatever the values are."""
    grave = next((o for kind in WHOLE for o in outcomes if o.kind == kind), None)
    return None if grave is None else _without_values(prepared, grave, asked)


def _without_values(prepared: Prepared, grave: Outcome, asked: Asked) -> Report:
    verdict: Verdict = WHOLE.get(grave.kind, "error")
    name = "loads" if grave.loading else "isolation" if verdict == "forbidden" else "runs"
    text = error_text(grave)
    if grave.kind == "raised" and not grave.loading:
        text = message("finding.every_call", text=text)
    return Report(asked.file, prepared.task.id, verdict, 0.0, (Check(name, False, text.of(asked.language)),))


class _Judgement:
    """What held and what did not, over all cases of one task."""

    def __init__(
        self, calls: Calls, prepared: Prepared, outcomes: Sequence[Outcome], asked: Asked, numbers: Any
    ) -> None:
        self.calls, self.prepared, self.asked = calls, prepared, asked
        self.task, self.cases = prepared.task, prepared.cases
        self.all_outcomes = outcomes
        self.numbers = numbers
        """The floats of all results, where nothing but they can be wrong."""
        self.expected = prepared.expected
        self.advice: list[Text] = []
        self.derived: Sequence[Outcome] = []
        """What became of the further calls that the laws asked for."""
        self.by_check: dict[str, dict[int, Failure]] = {name: {} for name in self._check_names()}
        self.besides: dict[str, dict[int, Failure]] = {name: {} for name in self.by_check}
        """What else is wrong with cases that already failed: it is reported, and not what is shown of them."""
        self.judged = set(self.by_check)
        """The checks of which something is known."""
        self.diagnosed = self._diagnosed
        self.failed = False

    def look(self) -> None:
        """Find out what does not hold, check by check; until then everything does."""
        self.outcomes = self.all_outcomes[: len(self.cases)]
        if self._differs_plainly():
            self._begin_diagnosis()
        if self.numbers is None:
            self.found = failures(self.task, self.expected, self.outcomes)
        else:
            self.found = [None if m is None else different(m) for m in self.expected.differing(self.numbers)]
        self._take_alternative()
        if self.numbers is None:
            self._look_for_wide_floats()
        for k, failure in enumerate(self.found):
            if failure is not None:
                self.by_check[failure.check][k] = failure
        self._look_beside()
        self._ask_laws()
        self.by_check["deterministic"].update(repeat_failures(self.prepared, self.all_outcomes))
        self.failed = any(self.by_check.values())

    def _check_names(self) -> list[str]:
        silent = ["silent"] if self.task.silent else []
        return [*ALWAYS, *silent, *(f"law:{law.id}" for law in self.task.laws)]

    def _take_alternative(self) -> None:
        """Another accepted function (PyTorch's clipping), if it explains every case: from then on it is the reference."""
        if not any(f is not None and f.check == "values" for f in self.found):
            return
        for function, advice in self.task.accepted:
            expected = _alternative(self.prepared, function)
            found = failures(self.task, expected, self.outcomes)
            if not any(f is not None and f.check == "values" for f in found):
                self.found, self.expected = found, expected
                self.task = replace(self.task, reference=function)
                self.advice.append(advice)
                return

    def _look_for_wide_floats(self) -> None:
        pairs = zip(self.expected.values, self.outcomes, strict=True)
        if any(o.kind == "value" and compare.widened(e, o.value) for e, o in pairs):
            self.advice.append(message("finding.wide_floats"))

    def _look_beside(self) -> None:
        """Beside a wrong result, what else its call did; and which checks no result came as far as."""
        for k, (failure, outcome) in enumerate(zip(self.found, self.outcomes, strict=True)):
            if failure is not None and outcome.kind == "value":
                for other in of_call(self.task, outcome):
                    if other.check != failure.check:
                        self.besides[other.check][k] = other
        reached = max(self._reached(failure) for failure in self.found)
        self.judged -= set(IN_TURN[reached + 1 :])

    def _reached(self, failure: Failure | None) -> int:
        """The last of the checks in turn that could be judged of a case."""
        return IN_TURN.index(failure.check) if failure is not None and failure.check in IN_TURN else len(IN_TURN) - 1

    def _ask_laws(self) -> None:
        if not self.task.laws:
            return
        sound = [k for k, f in enumerate(self.found) if f is None or f.check == "values"]
        if not sound:
            self.judged -= {f"law:{law.id}" for law in self.task.laws}
            return
        if len(sound) == len(self.cases):
            self.derived = self.prepared.derived(self.all_outcomes)
            broken = broken_laws(self.task, self.prepared.plan, self.outcomes, self.derived)
        else:
            chosen = self.prepared.for_laws(sound)
            broken, self.derived = law_failures(self.calls, self.task, self.cases, self.outcomes, chosen)
        for law_id, by_case in broken.items():
            self.by_check[f"law:{law_id}"].update(by_case)

    # ------------------------------------------------------------ reports

    def passed(self, *further: Check) -> Report:
        """Everything held."""
        advice = [Check("advice", True, text.of(self.asked.language)) for text in self.advice]
        checks = (*self._checks(), *advice, *further)
        return Report(self.asked.file, self.task.id, "pass", 1.0, checks)

    def failure(self) -> Report:
        """Something did not hold on the sweep: why, and the smallest case that shows it."""
        check, k = self._first()
        failure = self.by_check[check][k]
        self.asked.progress("shrink", 0.6)
        example = self._counterexample(self.cases[k], failure, self.all_outcomes[k], k)
        finding = self._diagnosis()
        wrong = {k for by_case in self.by_check.values() for k in by_case}
        score = min(0.99, round(1 - len(wrong) / len(self.cases), 4))
        return self._failed(score, self._checks(finding), finding, example)

    def failure_on(self, case: Case) -> Report:
        """The sweep held, and the search found a case that does not."""
        (outcome,), (failure,) = Examiner(self.calls, self.task).examine([case])
        if failure is None or outcome is None:
            return self.passed()
        if (stopped := _stopped(self.prepared, [outcome], self.asked)) is not None:
            return stopped
        checks = [c for c in self._checks() if c.name != failure.check]
        checks.append(Check(failure.check, False, self._part(failure).of(self.asked.language)))
        example = self._counterexample(case, failure, outcome, None)
        return self._failed(0.99, tuple(checks), Finding(), example)

    def _failed(self, score: float, checks: tuple[Check, ...], finding: Finding, example: Counterexample) -> Report:
        diagnosis = None
        if finding.is_certain and finding.message is not None:
            diagnosis = Diagnosis("+".join(finding.ids), finding.message.of(self.asked.language))
        return Report(self.asked.file, self.task.id, "fail", score, checks, diagnosis, example)

    def _begin_diagnosis(self) -> None:
        """Beside this process, which saves a third of what a wrong answer costs beyond a right one.

        The checks are gone through and the counterexample is shrunk meanwhile. Else it is put off until it is asked for.
        """
        from quiz.grading import aside

        if aside.is_possible():
            self.diagnosed = aside.aside(self._diagnosed)

    def _differs_plainly(self) -> bool:
        """Whether a few results are enough to see that there is a mistake to be named."""
        if not self.asked.divide:
            return False
        if self.numbers is not None:
            return not self.expected.near(self.numbers)
        few = range(0, len(self.cases), max(1, len(self.cases) // FEW))
        values, single = self.expected.values, self.expected.single
        return any(
            self.outcomes[k].kind == "value" and compare.differ_plainly(values[k], self.outcomes[k].value, single[k])
            for k in few
        )

    def _diagnosed(self) -> tuple[tuple[str, ...], tuple[str, str] | None]:
        """The finding as plain values."""
        from quiz.grading.diagnose import diagnose

        finding = diagnose(self.task, self.cases, self.prepared.expected, self.outcomes, self.numbers)
        return finding.ids, None if finding.message is None else (finding.message.zh, finding.message.en)

    def _diagnosis(self) -> Finding:
        telling = ("runs", "structure", "shape", "values", "silent")
        if self.task.compared and not any(self.by_check.get(name) for name in telling):
            return Finding()
        ids, said = self.diagnosed()
        return Finding(ids, None if said is None else Text(zh=said[0], en=said[1]))

    def _first(self) -> tuple[str, int]:
        """The check and the smallest case to show.

        What comes and goes is shown as such: a single wrong value of it could not be repeated. A wrong value says more than
        the law that it breaks.
        """
        names = list(self.by_check)
        return min(
            ((name, self.prepared.smallest(by_case)) for name, by_case in self.by_check.items() if by_case),
            key=lambda found: (
                found[0] != "deterministic",
                found[0].startswith("law:"),
                self.prepared.sizes[found[1]],
                found[1],
                names.index(found[0]),
            ),
        )

    def _checks(self, finding: Finding | None = None) -> tuple[Check, ...]:
        checks = []
        for name, by_case in self.by_check.items():
            if name in self.judged:
                wrong = by_case | self.besides[name]
                checks.append(Check(name, not wrong, self._detail(name, wrong, finding) if wrong else ""))
        said = message("finding.cases", count=len(self.cases), seed=self.prepared.seed)
        checks.append(Check("cases", True, said.of(self.asked.language)))
        return tuple(checks)

    def _detail(self, name: str, by_case: dict[int, Failure], finding: Finding | None) -> str:
        first = self.prepared.smallest(by_case)
        text = self._part(by_case[first])
        from answers.tasks._notes import note

        on = note(self.cases[first].note)
        noted = message("finding.note", note=on) if on.en else on
        if name.startswith("law:"):
            said = message("finding.broken_law", said=text, note=noted)
        else:
            said = message("finding.wrong_on", wrong=len(by_case), cases=len(self.cases), note=noted, said=text)
        if name == "values" and finding is not None and not finding.is_certain and finding.message is not None:
            said = message("finding.after_parts", parts=finding.message, said=said)
        return said.of(self.asked.language)

    def _part(self, failure: Failure) -> Text:
        """The failure with the name of the part it is in."""
        names = self.task.outputs
        if not failure.where or failure.where[0] >= len(names):
            return failure.text
        name = names[failure.where[0]]
        return message("finding.part", name=name, said=failure.text)

    # ------------------------------------------------------------ counterexample

    def _counterexample(self, case: Case, failure: Failure, outcome: Outcome, k: int | None) -> Counterexample:
        if failure.kind == "deterministic" and k is not None:
            return self._of_repetition(k)
        if failure.kind == "overwritten":
            return self._of_overwriting(failure, k or 0)
        further: Sequence[tuple[Any, ...]] = ()
        if failure.check.startswith("law:"):
            case, failure, outcome = self._underneath(case, failure, outcome)
        case, outcome = self._smallest(case, failure, outcome)
        if failure.check.startswith("law:"):
            further = self._derived(failure, case)
        changed = [self.task.inputs[i].name for i in outcome.mutated if i < len(self.task.inputs)]
        reproduce = partial(Snippet.of_result, further=further)
        if failure.check == "arguments" and changed:
            reproduce = partial(Snippet.of_arguments, names=changed)
        return self._example(case, self._due(case, failure), self._shown(case, failure, outcome), reproduce)

    def _of_repetition(self, k: int) -> Counterexample:
        """The same call twice, the smallest found that shows it at a prompt; else as it was seen over the whole run.

        Each is tried in a process of its own, as what earlier calls have left behind is not there at a prompt.
        """
        small = sorted(range(len(self.cases)), key=lambda j: (self.prepared.sizes[j], j))[:FEWEST]
        tried = [self.cases[j] for j in small]
        shrunk = self._that_comes_and_goes(k)
        for case in [*shrunk, *tried, self.cases[k]]:
            first, again = self._afresh(case, case)
            if not _agree(first, again):
                return self._of_two(case, first, again, partial(Snippet.of_repetition, times=2))
        for case, between in itertools.product([*tried, self.cases[k]], tried):
            if case is between:
                continue
            first, _, again = self._afresh(case, between, case)
            if not _agree(first, again):
                after_another = partial(Snippet.of_interruption, args=complete(self.task.inputs, between))
                return self._of_two(case, first, again, after_another)
        first = self.outcomes[k]
        again = next(o for j, o in self.prepared.repeated(self.all_outcomes) if j == k and not _agree(first, o))
        as_often = partial(Snippet.of_repetition, times=len(self.all_outcomes))
        return self._of_two(self.cases[k], first, again, as_often)

    def _of_two(
        self, case: Case, first: Outcome, again: Outcome, reproduce: Callable[[Snippet], str]
    ) -> Counterexample:
        """Of two results of one call the wrong one, beside what is due; both where neither is wrong by itself."""
        due, got = self._got(first), again
        if self.task.compared:
            expected = expect(self.task, [case] * 2)
            is_wrong = [failure is not None for failure in failures(self.task, expected, [first, again])]
            if any(is_wrong):
                due, got = expected.values[0], again if is_wrong[1] else first
        return self._example(case, due, self._got(got), reproduce)

    def _that_comes_and_goes(self, k: int) -> Sequence[Case]:
        """The smallest case that gives something else at once when it is called again, if this one does."""
        from quiz.grading.shrink import shrink

        if _agree(*self._twice(self.cases[k])):
            return ()
        return (shrink(self.task.inputs, self.cases[k], "deterministic", self._comes_and_goes),)

    def _afresh(self, *cases: Case) -> Sequence[Outcome]:
        """What becomes of these calls where there were none before."""
        self.calls.afresh(self.task.function)
        return self.calls.call(self.task.function, cases)

    def _twice(self, case: Case) -> list[Outcome]:
        """Two results of the same call in a row; one before them takes away what earlier cases left behind."""
        return list(self.calls.call(self.task.function, [case] * 3))[1:]

    def _comes_and_goes(self, cases: Sequence[Case]) -> list[Hashable]:
        """Which of the cases give something else at once when they are called again, for the shrinker."""
        found: list[Hashable] = [None] * len(cases)
        proper = [k for k, case in enumerate(cases) if is_proper(self.task, case)]
        outcomes = self.calls.call(self.task.function, [cases[k] for k in proper for _ in range(3)])
        for k, first, again in zip(proper, outcomes[1::3], outcomes[2::3], strict=True):
            if not _agree(first, again):
                found[k] = "deterministic"
        return found

    def _of_overwriting(self, failure: Failure, k: int) -> Counterexample:
        """Two calls, of which the second changes what the first returned; the smallest two that show it."""
        pairs = [(0, other) for other in range(1, min(9, len(self.cases)))]
        pairs += [(k, other) for other in range(min(8, len(self.cases))) if other != k]
        said = failure.text.of(self.asked.language)
        for first, second in pairs:
            outcomes = self.calls.call(self.task.function, [self.cases[first], self.cases[second]])
            if outcomes[0].overwritten:
                other = complete(self.task.inputs, self.cases[second])
                due = self.prepared.expected.values[first]
                return self._example(self.cases[first], due, said, partial(Snippet.of_overwriting, args=other))
        return self._example(self.cases[k], self.prepared.expected.values[k], said, Snippet.of_result)

    def _underneath(self, case: Case, failure: Failure, outcome: Outcome) -> tuple[Case, Failure, Outcome]:
        """The call of a broken law whose result is not the reference's: its values say more than the law does."""
        if not self.task.compared:
            return case, failure, outcome
        derived = [Case(args) for args in self._derived(failure, case)]
        outcomes, found = Examiner(self.calls, self.task, laws=False).examine(derived) if derived else ([], [])
        for other, came, wrong in zip(derived, outcomes, found, strict=True):
            if wrong is not None and came is not None:
                return other, wrong, came
        return case, failure, outcome

    def _derived(self, failure: Failure, case: Case) -> tuple[tuple[Any, ...], ...]:
        """The arguments of the further calls that a law compares."""
        law = next(law for law in self.task.laws if failure.check == f"law:{law.id}")
        return tuple(law.derive(complete(self.task.inputs, case))) if law.derive is not None else ()

    def _smallest(self, case: Case, failure: Failure, outcome: Outcome) -> tuple[Case, Outcome]:
        from quiz.grading.shrink import shrink

        of_a_law = failure.check.startswith("law:")
        far = None if of_a_law else failures(self.task, expect(self.task, [case], FAR), [outcome])[0]
        slack = FAR if of_a_law or (far is not None and far.kind == failure.kind) else 1.0
        examiner = Examiner(self.calls, self.task, slack, laws=of_a_law)
        smallest = shrink(self.task.inputs, case, failure.kind, examiner)
        again = examiner.outcome(smallest)
        # Where nothing smaller fails as it did, it is shown as it was.
        return (case, outcome) if again is None else (smallest, again)

    def _due(self, case: Case, failure: Failure) -> Any:
        if failure.check.startswith("law:"):
            return failure.text.of(self.asked.language)
        if failure.check == "arguments":
            return message("finding.arguments_due").of(self.asked.language)
        if failure.check == "silent":
            return message("finding.silence_due").of(self.asked.language)
        return expect(self.task, [case]).values[0]

    def _shown(self, case: Case, failure: Failure, outcome: Outcome) -> Any:
        if failure.check in ("arguments", "silent"):
            now = failures(self.task, expect(self.task, [case]), [outcome])[0]
            return (now or failure).text.of(self.asked.language)
        return self._got(outcome)

    def _got(self, outcome: Outcome) -> Any:
        if outcome.kind != "value":
            return error_text(outcome).of(self.asked.language)
        return repr(outcome.value) if isinstance(outcome.value, str) else outcome.value  # '12' is not 12

    def _example(self, case: Case, expected: Any, got: Any, reproduce: Callable[[Snippet], str]) -> Counterexample:
        inputs = named(self.task.inputs, case)
        by_position = {item.name: v for item, v in zip(self.task.inputs, case.args, strict=False)}
        snippet = ""
        if is_readable(list(inputs.values())):
            snippet = reproduce(Snippet(self.asked.file, self.task.function, by_position, case.kwargs))
        return Counterexample(inputs, expected, got, snippet)


def _alternative(prepared: Prepared, function: Callable[..., Any]) -> compare.Expected:
    from quiz.grading.cases import call_quietly

    values = [call_quietly(function, case) for case in prepared.cases]
    return compare.Expected(values, prepared.expected.single)


def _agree(first: Outcome, again: Outcome) -> bool:
    return first.kind == again.kind and compare.same_again(first.value, again.value)
