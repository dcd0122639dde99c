"""Two values compared part by part, laid out as tables of plain strings: what was expected, what came, by how much it differs.

Of a large array the part around the first wrong element is shown. No colours and no widgets here: what is wrong is marked in
the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quiz.grading.compare import describe, right_entries

MOST_ROWS = 8
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a result (`h_new` of a pair): the values, where it differs, and what can be said of the whole."""

    name: str
    expected: Any
    got: Any
    is_same: bool
    wrong: Any = None
    """Booleans of the arrays' shape; None where they cannot be compared entry by entry."""

    @property
    def is_grid(self) -> bool:
        """Whether both are numbers of one shape, to be compared entry by entry."""
        return self.wrong is not None

    @property
    def wrong_count(self) -> int:
        """How many entries are wrong."""
        return int(self.wrong.sum())

    @property
    def first(self) -> tuple[int, ...]:
        """Where the first wrong entry stands."""
        return tuple(int(k) for k in np.argwhere(self.wrong)[0])


def parts(expected: Any, got: Any, names: Sequence[str] = (), *, single: bool = False) -> list[Part]:
    """The parts of a tuple one by one where both have as many, else the one value; nested tuples are taken apart too."""
    return list(_parts(expected, got, tuple(names), "", single))


def _parts(expected: Any, got: Any, names: tuple[str, ...], path: str, single: bool) -> Iterator[Part]:
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list) and len(expected) == len(got) > 0:
        for k, (want, have) in enumerate(zip(expected, got, strict=True)):
            name = names[k] if k < len(names) and not path else f"{path}[{k}]"
            yield from _parts(want, have, (), name, single)
        return
    yield _part(path or (names[0] if len(names) == 1 else ""), expected, got, single)


def _part(name: str, expected: Any, got: Any, single: bool) -> Part:
    if not _is_numeric(expected) or not _is_numeric(got) or np.shape(expected) != np.shape(got):
        return Part(name, expected, got, _is_plainly_same(expected, got))
    wrong = ~np.asarray(right_entries(expected, got, single))
    return Part(name, expected, got, not wrong.any() and not dtype_differs(expected, got), wrong)


def _is_numeric(value: Any) -> bool:
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return abs(value) < 2**63 if isinstance(value, int) else True
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub"


def _is_plainly_same(expected: Any, got: Any) -> bool:
    return type(expected) is type(got) and not isinstance(expected, np.ndarray) and bool(expected == got)


def dtype_differs(expected: Any, got: Any) -> bool:
    """Whether both are arrays and their dtypes are not the same."""
    return isinstance(expected, np.ndarray) and isinstance(got, np.ndarray) and expected.dtype != got.dtype


def shape_differs(expected: Any, got: Any) -> bool:
    """Whether both are arrays and their shapes are not the same."""
    return isinstance(expected, np.ndarray) and isinstance(got, np.ndarray) and expected.shape != got.shape


__all__ = ["Part", "Row", "Table", "describe", "dtype_differs", "parts", "shape_differs", "table", "window"]


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class Cell:
    """An entry: what was expected, what came, by how much it differs (nothing where it is right)."""

    expected: str
    got: str
    difference: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Entries of one row; `index` counts in the whole array."""

    index: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows and columns of a matrix (of the slice `leading` of an array with more axes)."""

    leading: tuple[int, ...]
    rows: tuple[Row, ...]
    columns: tuple[int, ...]
    shape: tuple[int, int]

    @property
    def cell_width(self) -> int:
        """Characters of the widest entry; those that are wrong need a bracket on either side besides."""
        texts = (t for row in self.rows for c in row.cells for t in (c.expected, c.got, c.difference))
        return max([*map(len, texts), len(str(max(self.columns, default=0)))])


def window(length: int, at: int, most: int) -> range:
    """At most `most` places out of `length` with `at` among them, in the middle where there is room."""
    size = min(length, most)
    start = min(max(at - size // 2, 0), length - size)
    return range(start, start + size)


def table(part: Part, most_rows: int = MOST_ROWS, most_columns: int = MOST_COLUMNS) -> Table:
    """The entries around the first wrong one. The part must be a grid."""
    expected, got, wrong = (np.asarray(v) for v in (part.expected, part.got, part.wrong))
    first = part.first if wrong.any() else (0,) * wrong.ndim
    leading = first[:-2]
    matrices = [np.atleast_2d(a[leading]) for a in (expected, got, wrong)]
    if all(n == 1 for n in expected.shape[:-2]):
        leading = ()  # there is no other slice
    if 0 in matrices[0].shape:
        return Table(leading, (), (), (int(matrices[0].shape[0]), int(matrices[0].shape[1])))
    at = ((0,) * 2 + first)[-2:]
    rows, columns = (
        window(n, k, most) for n, k, most in zip(matrices[0].shape, at, (most_rows, most_columns), strict=True)
    )
    laid = tuple(Row(r, tuple(_cell(*(m[r, c] for m in matrices)) for c in columns)) for r in rows)
    return Table(leading, laid, tuple(columns), (int(matrices[0].shape[0]), int(matrices[0].shape[1])))


def _cell(expected: Any, got: Any, wrong: Any) -> Cell:
    due, came = number(expected), number(got)
    if not wrong:
        return Cell(due, came, "·", False)
    for digits in (9, 12, 17):  # what differs beyond the sixth digit is shown to differ
        if due != came:
            break
        due, came = number(expected, digits), number(got, digits)
    with np.errstate(all="ignore"):
        difference = float(got) - float(expected)
    text = number(difference, 3)
    return Cell(due, came, text if text.startswith(("-", "n")) else f"+{text}", True)


def number(value: Any, digits: int = 6) -> str:
    """A number with so many digits; truth values as words."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    return f"{float(value):.{digits}g}"


def shown(value: Any, most: int = 40) -> str:
    """A value as it is printed, with at most five digits a number, abridged where it is large."""
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=5, threshold=most, edgeitems=2, linewidth=72, suppress=False):
            return str(value)
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, tuple | list):
        return "\n".join(shown(v) for v in value)
    return str(value)
