"""A report as plain text for the terminal: the diagnosis first, then what failed, the smallest counterexample, a snippet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from answers.model import Language, Text
from quiz.catalogue import listed, message
from quiz.grading.report import Check, Counterexample, Report, clipped, named

WORDS: dict[str, Text] = {
    "pass": message("verdict.pass"),
    "fail": message("verdict.fail"),
    "error": message("verdict.error"),
    "timeout": message("verdict.timeout"),
    "memory": message("verdict.memory"),
    "forbidden": message("verdict.forbidden"),
}
CHECKS: dict[str, Text] = {
    "loads": message("check.loads"),
    "runs": message("check.runs"),
    "structure": message("check.structure"),
    "shape": message("check.shape"),
    "dtype": message("check.dtype"),
    "values": message("check.values"),
    "arguments": message("check.arguments"),
    "deterministic": message("check.deterministic"),
    "silent": message("check.silent"),
    "advice": message("check.advice"),
    "cases": message("check.cases"),
    "isolation": message("check.isolation"),
    "search": message("check.search"),
    "printed": message("check.printed"),
}
MOST_LINES = 40
"""Lines of one value that are shown; nobody reads more of a wrong one."""
SMALL, WIDE = 60, 90
"""Numbers of an array, and characters of a line, up to which `_small_matrix` prints it."""
TELLING = ("advice", "cases", "search", "printed", "isolation")
"""Checks that hold and have something to say all the same."""


def check_name(name: str, language: Language) -> str:
    """A check's name in words; `law:bounded` reads as a law."""
    if name.startswith("law:"):
        return message("check.law", name=name[4:]).of(language)
    return CHECKS[name].of(language) if name in CHECKS else name


def render(report: Report, language: Language) -> str:
    """The whole report; a pass is short."""
    word = WORDS[report.verdict].of(language)
    task = report.task or message("result.no_task").of(language)
    helper = message("result.helper").of(language) if report.helper else ""
    mark = "✓" if report.passed else "✗"
    head = f"{mark} {named(report.file)}  {task}{helper}  {word}"
    if not report.passed and report.task:
        head += f"  {report.score:.0%}"
    parts = [f"{head}  {report.seconds:.2f} s"]
    if report.diagnosis:
        parts.append(_indented(message("result.diagnosis", said=clipped(report.diagnosis.message)).of(language)))
    parts.append("\n".join(_check_lines(report, language)))
    if report.counterexample:
        parts.append(_counterexample(report.counterexample, language))
    if report.hints and not report.passed:
        title = message("result.hints").of(language)
        parts.append(_indented("\n".join([title, *(f"{k}. {h}" for k, h in enumerate(report.hints, 1))])))
    return "\n".join(part for part in parts if part)


def _check_lines(report: Report, language: Language) -> list[str]:
    """Failed checks with their detail, passed ones on one line; of those only advice has more to say."""
    lines, passed = [], []
    for check in report.checks:
        name = check_name(check.name, language)
        if not check.passed:
            lines.append("  ✗ " + message("result.detail", name=name, detail=check.detail).of(language))
        elif check.name in TELLING:
            continue
        else:
            passed.append(name)
    if passed and not report.passed:
        lines.append("  ✓ " + message("common.comma").of(language).join(passed))
    for check in report.checks:
        if check.passed and check.name in TELLING:
            lines.append(told(check, language))
    return [clipped(line) for line in lines]


def told(check: Check, language: Language) -> str:
    """A check that holds and has something to say."""
    detail = check.detail.replace("\n", "\n    ")
    said = message("result.detail", name=check_name(check.name, language), detail=detail)
    return clipped(f"  · {said.of(language)}")


def _counterexample(example: Counterexample, language: Language) -> str:
    lines = [message("result.counterexample").of(language)]
    width = max((len(name) for name in example.inputs), default=0)
    for name, value in example.inputs.items():
        lines += _bound(f"{name:<{width}} = ", value, language)
    lines += _bound(message("result.expected").of(language), example.expected, language)
    lines += _bound(message("result.got").of(language), example.got, language)
    text = _indented("\n".join(lines))
    if example.snippet:
        title = message("result.snippet").of(language)
        text += "\n" + _indented(title) + "\n" + _indented(example.snippet, 4)
    return text


def _bound(label: str, value: Any, language: Language) -> list[str]:
    """`label` and the value beside it, further lines of the value under its first; of very many the first alone."""
    first, *rest = show(value).split("\n")
    if len(rest) >= MOST_LINES:
        left_out = len(rest) - MOST_LINES + 1
        rest = [*rest[: MOST_LINES - 1], message("result.more_lines", count=left_out).of(language)]
    wide = sum(2 if ord(c) > 0x2E80 else 1 for c in label)
    return [label + first, *(" " * wide + line for line in rest)]


def show(value: Any) -> str:
    """A value as people write it on paper: small matrices row by row, six digits."""
    if isinstance(value, np.ndarray) and value.ndim:
        if (text := _small_matrix(value)) is not None:
            return text
        with np.printoptions(precision=6, suppress=False, threshold=60, linewidth=100, floatmode="maxprec"):
            note = "  (float32)" if value.dtype == np.float32 else ""
            return str(value) + note
    if isinstance(value, tuple | list):
        left, right = ("(", ")") if isinstance(value, tuple) else ("[", "]")
        parts = [show(v).replace("\n", "\n ") for v in value]
        joint = ",\n " if any("\n" in p for p in parts) or sum(map(len, parts)) > 80 else ", "
        return left + joint.join(parts) + right
    if isinstance(value, float | np.floating):
        text = f"{float(value):.10g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text  # 9.0 where 9 is due must not look the same
    return clipped(str(value))


def _small_matrix(array: Any) -> str | None:
    """As NumPy prints it, without the millisecond that its printing takes to begin; None where it is not small and plain."""
    if array.dtype != np.float64 or array.ndim > 2 or not 0 < array.size <= SMALL:
        return None
    rows = array.tolist() if array.ndim == 2 else [array.tolist()]
    sizes = [abs(v) for row in rows for v in row if v]
    # Beyond these NumPy turns to exponents.
    if not all(1e-4 <= v < 1e8 for v in sizes) or (sizes and max(sizes) > 1000 * min(sizes)):
        return None
    halves = [[f"{v:.6f}".rstrip("0").split(".") for v in row] for row in rows]
    before = max(len(whole) for row in halves for whole, _ in row)
    after = max(len(part) for row in halves for _, part in row)
    lines = [f"[{' '.join(f'{whole:>{before}}.{part:<{after}}' for whole, part in row)}]" for row in halves]
    if len(lines[0]) > WIDE:
        return None
    return lines[0] if array.ndim == 1 else "[" + "\n ".join(lines) + "]"


def _indented(text: str, by: int = 2) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


def summary(reports: Sequence[Report], language: Language) -> str:
    """One line over many: how many passed, and what became of the others."""
    counts = {v: sum(r.verdict == v for r in reports) for v in WORDS}
    verdicts = listed(message("result.verdict", verdict=WORDS[v], count=n) for v, n in counts.items() if n)
    return message("result.graded", count=len(reports), verdicts=verdicts).of(language)
