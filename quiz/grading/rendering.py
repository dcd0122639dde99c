"""A report as plain text for the terminal: the diagnosis first, then what failed, the smallest counterexample, a snippet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from answers.model import Language, Text
from quiz.grading.report import Counterexample, Report, clipped, escaped

WORDS: dict[str, Text] = {
    "pass": Text(zh="通过", en="PASS"),
    "fail": Text(zh="不通过", en="FAIL"),
    "error": Text(zh="出错", en="ERROR"),
    "timeout": Text(zh="超时", en="TIMEOUT"),
    "memory": Text(zh="内存超限", en="MEMORY"),
    "forbidden": Text(zh="触犯隔离", en="FORBIDDEN"),
}
CHECKS: dict[str, Text] = {
    "loads": Text(zh="能加载", en="loads"),
    "runs": Text(zh="能运行", en="runs"),
    "structure": Text(zh="返回值的结构", en="structure of the result"),
    "shape": Text(zh="形状", en="shapes"),
    "dtype": Text(zh="数据类型", en="dtypes"),
    "values": Text(zh="数值", en="values"),
    "arguments": Text(zh="不改动参数", en="arguments unchanged"),
    "deterministic": Text(zh="结果可重复", en="same call, same result"),
    "silent": Text(zh="无警告", en="no warnings"),
    "advice": Text(zh="建议", en="advice"),
    "cases": Text(zh="用例", en="cases"),
    "isolation": Text(zh="隔离", en="isolation"),
    "search": Text(zh="搜索", en="search"),
    "printed": Text(zh="打印的内容", en="printed"),
}
SMALL, WIDE = 60, 90
"""Numbers of an array, and characters of a line, up to which `_small_matrix` prints it."""
TELLING = ("advice", "cases", "search", "printed", "isolation")
"""Checks that hold and have something to say all the same."""


def check_name(name: str, language: Language) -> str:
    """A check's name in words; `law:bounded` reads as a law."""
    if name.startswith("law:"):
        return Text(zh=f"性质 {name[4:]}", en=f"law {name[4:]}").of(language)
    return CHECKS[name].of(language) if name in CHECKS else name


def render(report: Report, language: Language) -> str:
    """The whole report; a pass is short."""
    zh = language == "zh"
    word = WORDS[report.verdict].of(language)
    task = report.task or ("没有任务" if zh else "no task")
    helper = ("（辅助函数）" if zh else " (helper)") if report.helper else ""
    mark = "✓" if report.passed else "✗"
    head = f"{mark} {escaped(report.file)}  {task}{helper}  {word}"
    if not report.passed and report.task:
        head += f"  {report.score:.0%}"
    parts = [f"{head}  {report.seconds:.2f} s"]
    if report.diagnosis:
        parts.append(_indented(("诊断：" if zh else "Diagnosis: ") + clipped(report.diagnosis.message)))
    parts.append("\n".join(_check_lines(report, language)))
    if report.counterexample:
        parts.append(_counterexample(report.counterexample, zh))
    if report.hints and not report.passed:
        title = "提示：" if zh else "Hints:"
        parts.append(_indented("\n".join([title, *(f"{k}. {h}" for k, h in enumerate(report.hints, 1))])))
    return "\n".join(part for part in parts if part)


def _check_lines(report: Report, language: Language) -> list[str]:
    """Failed checks with their detail, passed ones on one line; of those only advice has more to say."""
    lines, passed = [], []
    for check in report.checks:
        name = check_name(check.name, language)
        if not check.passed:
            lines.append(f"  ✗ {name}" + (f"：{check.detail}" if language == "zh" else f": {check.detail}"))
        elif check.name in TELLING:
            continue
        else:
            passed.append(name)
    if passed and not report.passed:
        lines.append("  ✓ " + ("、" if language == "zh" else ", ").join(passed))
    for check in report.checks:
        if check.passed and check.name in TELLING:
            name = check_name(check.name, language)
            detail = check.detail.replace("\n", "\n    ")
            lines.append(f"  · {name}" + (f"：{detail}" if language == "zh" else f": {detail}"))
    return [clipped(line) for line in lines]


def _counterexample(example: Counterexample, zh: bool) -> str:
    lines = ["最小反例：" if zh else "Smallest counterexample:"]
    width = max((len(name) for name in example.inputs), default=0)
    for name, value in example.inputs.items():
        lines += _bound(f"{name:<{width}} = ", value)
    lines += _bound("应为 " if zh else "expected ", example.expected)
    lines += _bound("得到 " if zh else "got      ", example.got)
    text = _indented("\n".join(lines))
    if example.snippet:
        title = "在 Python 里重现：" if zh else "In a Python prompt:"
        text += "\n" + _indented(title) + "\n" + _indented(example.snippet, 4)
    return text


def _bound(label: str, value: Any) -> list[str]:
    """`label` and the value beside it, further lines of the value under its first."""
    first, *rest = show(value).split("\n")
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
        return f"{float(value):.10g}"
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
    words = [f"{WORDS[v].of(language)} {n}" for v, n in counts.items() if n]
    return (f"共 {len(reports)} 份：" if language == "zh" else f"{len(reports)} graded: ") + ", ".join(words)
