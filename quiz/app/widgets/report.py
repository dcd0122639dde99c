"""A report in words: the verdict's line, what failed and why, the counterexample with its comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from answers.model import Language, Task
from quiz.app import words
from quiz.app.widgets.comparison import comparison
from quiz.app.widgets.prose import inline
from quiz.catalogue import message

if TYPE_CHECKING:
    from quiz.grading.report import Check, Counterexample, Report


def verdict_words(report: Report, language: Language) -> Content:
    """One line: passed or not, how far, how long it took."""
    mark, look = ("✓", "$text-success") if report.passed else ("✗", "$text-error")
    word = words.OUTCOMES[report.verdict].of(language)
    score = "" if report.passed else f"  {report.score:.0%}"
    return Content.assemble((f"{mark} {word}{score}", f"bold {look}"), (f"   {report.seconds:.2f} s", "dim"))


def report_words(report: Report, task: Task, language: Language, width: int) -> Content:
    """Everything below that line, laid out for `width` cells."""
    parts: list[Content] = []
    if report.diagnosis is not None:
        parts.append(Content.styled(message("code.diagnosis").of(language), "bold $text-warning"))
        parts.append(inline(report.diagnosis.message))
        parts.append(Content(""))
    parts += _failed(report.checks, language)
    if report.counterexample is not None:
        parts += [*_counterexample(report.counterexample, task, language, width), Content("")]
    parts += _held(report.checks, language)
    if report.passed:
        parts += [Content(""), Content.styled(message("code.look_for").of(language), "bold $text-primary")]
        parts.append(inline(task.interviewers_look_for.of(language)))
    return Content("\n").join(parts)


def _counterexample(example: Counterexample, task: Task, language: Language, width: int) -> list[Content]:
    from quiz.array_diff import shown
    from quiz.grading.compare import holds_float32

    parts = [Content(""), Content.styled(message("code.counterexample").of(language), "bold $text-primary")]
    for name, value in example.inputs.items():
        head, *rest = shown(value).splitlines() or [""]
        parts.append(Content.assemble((f"{name} = ", "$text-accent"), head))
        parts += [Content(" " * (len(name) + 3) + line) for line in rest]
    single = holds_float32(tuple(example.inputs.values()))
    parts.append(Content(""))
    parts.append(comparison(example.expected, example.got, language, task.outputs, width, single=single))
    return parts


def _failed(checks: Sequence[Check], language: Language) -> list[Content]:
    """What did not hold, a line each."""
    from quiz.grading.rendering import check_name

    return [
        Content.assemble(("✗ ", "bold $text-error"), (check_name(check.name, language), "bold"), "  ", check.detail)
        for check in checks
        if not check.passed
    ]


def _held(checks: Sequence[Check], language: Language) -> list[Content]:
    """What held: what has something to say a line each, then everything else on one."""
    from quiz.grading.rendering import TELLING, check_name

    lines, held = [], []
    for check in checks:
        if not check.passed:
            continue
        name = check_name(check.name, language)
        if check.name in TELLING and check.name != "search":
            lines.append(Content.assemble(("· ", "$text-accent"), (f"{name}  {check.detail}", "dim")))
        elif check.name != "search":  # it has a line of its own
            held.append(name)
    if held:
        joint = message("common.comma").of(language)
        lines.append(Content.assemble(("✓ ", "$text-success"), (joint.join(held), "dim")))
    return lines
