"""What was expected beside what came back, cell by cell; a cell that differs stands in brackets as well as in colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from answers.model import Language
from quiz.app import words

if TYPE_CHECKING:
    import numpy as np

MOST_ROWS = 12
MOST_COLUMNS = 8


def comparison(expected: Any, got: Any, language: Language, names: Sequence[str] = ()) -> Content:
    """Both values; arrays of one shape side by side, parts of a tuple one after the other (equal ones in a word)."""
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list) and len(expected) == len(got):
        parts = []
        for k, (want, have) in enumerate(zip(expected, got, strict=True)):
            name = names[k] if k < len(names) else f"[{k}]"
            same = _equal(want, have)
            mark = "✓" if same else "✗"
            parts.append(Content.assemble((f"{mark} {name}", "bold $text-success" if same else "bold $text-error")))
            if not same:
                parts.append(comparison(want, have, language))
        return Content("\n").join(parts)
    if _is_array(expected) and _is_array(got) and expected.shape == got.shape and 1 <= expected.ndim <= 2:
        return _side_by_side(expected, got, language)
    return Content("\n").join(
        [
            _one(words.EXPECTED.of(language), expected),
            _one(words.GOT.of(language), got),
        ]
    )


def _one(label: str, value: Any) -> Content:
    shape = f" {value.shape}" if _is_array(value) else ""
    return Content.assemble((f"{label}{shape}\n", "bold"), "\n".join("  " + line for line in shown(value).splitlines()))


def shown(value: Any) -> str:
    """A value with at most five digits a number."""
    import numpy as np

    if isinstance(value, np.ndarray):
        with np.printoptions(precision=5, threshold=40, linewidth=72):
            return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return "\n".join(shown(v) for v in value)
    return str(value)


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "ndim")


def _equal(a: Any, b: Any) -> bool:
    import numpy as np

    try:
        left, right = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError):
        return False
    return left.shape == right.shape and bool(np.allclose(left, right, rtol=1e-7, atol=1e-9, equal_nan=True))


def _side_by_side(expected: np.ndarray, got: np.ndarray, language: Language) -> Content:
    import numpy as np

    want, have = np.atleast_2d(expected)[:MOST_ROWS, :MOST_COLUMNS], np.atleast_2d(got)[:MOST_ROWS, :MOST_COLUMNS]
    same = np.isclose(want.astype(float), have.astype(float), rtol=1e-7, atol=1e-9, equal_nan=True)
    left, right = _cells(want), _cells(have)
    width = max(len(c) for row in [*left, *right] for c in row)
    side = want.shape[1] * (width + 2)
    head = Content(_padded(words.EXPECTED.of(language), side)) + Content(" │ " + words.GOT.of(language))
    lines = [head.stylize("bold")]
    for k in range(len(left)):
        line = Content("".join(f" {cell:>{width}} " for cell in left[k])) + Content(" │ ")
        for j, cell in enumerate(right[k]):
            if same[k, j]:
                line += Content(f" {cell:>{width}} ")
            else:
                line += Content.styled(f"[{cell:>{width}}]", "bold $text-error")
        lines.append(line)
    if want.size < expected.size:
        lines.append(Content.styled("…", "dim"))
    return Content("\n").join(lines)


def _cells(rows: np.ndarray) -> list[list[str]]:
    return [[f"{float(v):.5g}" for v in row] for row in rows]


def _padded(text: str, cells: int) -> str:
    return text + " " * max(cells - Content(text).cell_length, 0)
