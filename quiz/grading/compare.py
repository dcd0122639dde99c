"""Whether a result is the expected one: structure first, then shapes and dtypes, then values within tolerance.

`np.allclose` broadcasts, so that a scalar or an empty array passes where a matrix is due; here nothing is compared by value
before its shape and dtype are right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from answers.model import Text
from answers.record import Record
from quiz.catalogue import message
from quiz.grading.codec import Foreign

Kind = Literal["structure", "shape", "dtype", "values"]
RELATIVE, ABSOLUTE = 1e-7, 1e-9
SINGLE = 1e-4
"""For cases that hold float32: relative, and absolute times max(1, max|expected|)."""


class Mismatch(Record):
    """What first differs. `where` leads to the part: `(1,)` is the second of a tuple."""

    kind: Kind
    where: tuple[int, ...]
    said: Text | Callable[[], Text]

    @property
    def text(self) -> Text:
        """It in words, found when they are asked for: most mismatches of a sweep are only counted."""
        return self.said if isinstance(self.said, Text) else self.said()


class _Leaf(Record):
    where: tuple[int, ...]
    expected: Any
    got: Any


class Expected:
    """The right results of a list of cases, laid out so that all are compared in a few vector operations."""

    def __init__(self, values: Sequence[Any], single: Sequence[bool], slack: float = 1.0) -> None:
        self.values = list(values)
        self.single = list(single)
        self.slack = slack
        self._leaves: list[tuple[int, tuple[int, ...], Any]] = []
        """Case, place in its result, array: of every one that holds floats."""
        self._is_pure = True
        """Whether they hold nothing else."""
        for k, value in enumerate(self.values):
            leaves = _leaves(value)
            floats = [(k, where, leaf) for where, leaf in leaves if leaf.size and leaf.dtype.kind == "f"]
            self._leaves += floats
            self._is_pure &= len(floats) == len(leaves)
        flat = [leaf.reshape(-1) for _, _, leaf in self._leaves]
        lengths = [len(leaf) for leaf in flat]
        self._starts = np.cumsum([0, *lengths[:-1]]) if lengths else np.empty(0, int)
        self._flat = np.concatenate(flat) if flat else np.empty(0)
        self._tolerances = _tolerances(self._flat, lengths, [self.single[k] for k, _, _ in self._leaves], slack)

    @property
    def numbers(self) -> int:
        """How many floats there are in all."""
        return len(self._flat)

    def near(self, got: Any) -> bool:
        """Whether these floats, of all cases end to end, are plainly within tolerance."""
        with np.errstate(all="ignore"):
            return bool((np.abs(got - self._flat) <= self._tolerances).all())

    def mismatches(self, results: Sequence[Any], dtypes: bool = True) -> list[Mismatch | None]:
        """For each result what first differs, or None. Without `dtypes`, values and shapes alone count."""
        found: list[Mismatch | None] = []
        leaves: list[list[_Leaf]] = []
        for expected, got in zip(self.values, results, strict=True):
            pairs: list[_Leaf] = []
            found.append(_structure(expected, got, (), pairs, dtypes))
            leaves.append(pairs)
        if any(found):
            for k, pairs in enumerate(leaves):
                found[k] = found[k] or _first_difference(pairs, self.single[k], self.slack)
            return found
        pieces = [np.reshape(leaf.got, -1) for pairs in leaves for leaf in pairs if np.size(leaf.got)]
        return self.differing(np.concatenate(pieces)) if pieces else found

    def differing(self, got: Any) -> list[Mismatch | None]:
        """For each case what first differs, where all have the right structure. `got`: the floats of all, end to end.

        As `right_entries` finds it leaf by leaf, but in a few vector operations: of a wrong submission most differ.
        """
        found: list[Mismatch | None] = [None] * len(self.values)
        if self.near(got):
            return found
        with np.errstate(all="ignore"):
            right = np.abs(got - self._flat) <= self._tolerances
        right |= (got == self._flat) | (np.isnan(got) & np.isnan(self._flat))
        for k in np.flatnonzero(~np.logical_and.reduceat(right, self._starts)).tolist():
            case, where, _ = self._leaves[k]
            if found[case] is None:
                found[case] = Mismatch("values", where, partial(self._value_text, k, got, right))
        return found

    def _value_text(self, k: int, got: Any, right: Any) -> Text:
        _, where, expected = self._leaves[k]
        part = slice(self._starts[k], self._starts[k] + expected.size)
        leaf = _Leaf(where, expected, got[part].reshape(expected.shape))
        return _value_text(leaf, right[part].reshape(expected.shape))

    def has_structure_of(self, other: Expected) -> bool:
        """Whether the results of both hold floats alone, which lie in equal places and shapes."""
        return (
            self._is_pure
            and other._is_pure
            and [(k, where, leaf.shape) for k, where, leaf in self._leaves]
            == [(k, where, leaf.shape) for k, where, leaf in other._leaves]
        )


def holds_float32(value: Any) -> bool:
    """Whether a float32 array is among the arguments: then the wider tolerance counts."""
    if isinstance(value, tuple | list):
        return any(map(holds_float32, value))
    return isinstance(value, np.ndarray) and value.dtype.char == "f"


def widened(expected: Any, got: Any) -> bool:
    """Whether float64 came out where float32 was due: that passes, with advice."""
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        return any(widened(e, g) for e, g in zip(expected, got, strict=False))
    return (
        isinstance(expected, np.ndarray)
        and isinstance(got, np.ndarray)
        and expected.dtype == np.float32
        and got.dtype == np.float64
    )


def same_again(first: Any, second: Any) -> bool:
    """Whether two results of the same call agree, but for rounding that depends on where arrays lie in memory."""
    if isinstance(first, tuple | list):
        return (
            isinstance(second, tuple | list)
            and len(first) == len(second)
            and all(same_again(a, b) for a, b in zip(first, second, strict=True))
        )
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.tobytes() == b.tobytes():
        return True
    if a.dtype.kind not in "fc":
        return bool((a == b).all())
    wide = a.astype(np.float64) if a.dtype.kind == "f" else a
    roundings = 1e-12 if a.dtype.itemsize > 4 else 1e-5
    return bool(np.allclose(wide, b, rtol=roundings, atol=roundings * _magnitude(wide), equal_nan=True))


_NOTHING = np.empty(0)


def _leaves(value: Any, where: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Any]]:
    """What stands at the ends of nested tuples and lists, as arrays with their places. An empty tuple counts as one end."""
    if isinstance(value, tuple | list):
        ends = [end for k, part in enumerate(value) for end in _leaves(part, (*where, k))]
        return ends or [(where, _NOTHING)]
    return [(where, np.asarray(value))]


def _magnitude(array: Any) -> float:
    with np.errstate(all="ignore"):
        top = float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))
    return max(1.0, top)


def _tolerances(flat: Any, lengths: Sequence[int], singles: Sequence[bool], slack: float) -> Any:
    """`_tolerance` of many arrays laid end to end, in a few vector operations."""
    if not lengths:
        return np.empty(0)
    with np.errstate(all="ignore"):
        size = np.abs(flat)
        size = size.astype(np.float64, copy=False)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        size = np.where(np.isfinite(size), size, 0.0)  # an infinite tolerance would let anything pass
        tops = np.maximum(1.0, np.maximum.reduceat(size, starts))
        relative = np.where(singles, SINGLE, RELATIVE)
        absolute = np.where(singles, SINGLE, ABSOLUTE) * tops
        return slack * (np.repeat(relative, lengths) * size + np.repeat(absolute, lengths))


def _tolerance(expected: Any, single: bool, slack: float) -> Any:
    relative, absolute = (SINGLE, SINGLE) if single else (RELATIVE, ABSOLUTE)
    with np.errstate(all="ignore"):
        return slack * (relative * np.abs(expected).astype(np.float64) + absolute * _magnitude(expected))


def _structure(expected: Any, got: Any, where: tuple[int, ...], leaves: list[_Leaf], dtypes: bool) -> Mismatch | None:
    """The first difference of structure, shape, dtype or integer value; float leaves are gathered for comparison."""
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return _differs("structure", where, expected, got)
        for k, (e, g) in enumerate(zip(expected, got, strict=True)):
            if mismatch := _structure(e, g, (*where, k), leaves, dtypes):
                return mismatch
        return None
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _array_structure(expected, got, where, leaves, dtypes)
    return _number_structure(expected, got, where, leaves)


def _array_structure(
    expected: Any, got: Any, where: tuple[int, ...], leaves: list[_Leaf], dtypes: bool
) -> Mismatch | None:
    if not isinstance(got, np.ndarray):
        return _differs("structure", where, expected, got)
    if got.shape != expected.shape:
        return _differs("shape", where, expected, got)
    if dtypes and not _is_dtype_right(expected.dtype, got.dtype):
        return _differs("dtype", where, expected, got)
    if expected.dtype.kind == "f" and got.dtype.kind in "fiub":
        leaves.append(_Leaf(where, expected, got))
        return None
    return None if np.array_equal(expected, got) else _differs("values", where, expected, got)


def _is_dtype_right(expected: np.dtype[Any], got: np.dtype[Any]) -> bool:
    if expected.kind != got.kind and not (expected.kind in "iu" and got.kind in "iu"):
        return False
    return expected.kind != "f" or got.itemsize >= expected.itemsize


def _number_structure(expected: Any, got: Any, where: tuple[int, ...], leaves: list[_Leaf]) -> Mismatch | None:
    got_array = np.asarray(got) if isinstance(got, int | float | np.number | np.ndarray) else None
    if got_array is None or got_array.ndim or got_array.dtype.kind not in "iuf":
        # An int beyond 64 bits becomes an object array; it is a number all the same.
        if not (isinstance(got, int) and not isinstance(got, bool)):
            return _differs("structure", where, expected, got)
    if isinstance(expected, int | np.integer):
        if got_array is not None and got_array.dtype.kind == "f":
            return _differs("dtype", where, expected, got)
        return None if int(got) == int(expected) else _differs("values", where, expected, got)
    leaves.append(_Leaf(where, np.asarray(expected, np.float64), np.asarray(got, np.float64)))
    return None


def _first_difference(leaves: Sequence[_Leaf], single: bool, slack: float) -> Mismatch | None:
    for leaf in leaves:
        right = right_entries(leaf.expected, leaf.got, single, slack)
        if not right.all():
            return Mismatch("values", leaf.where, partial(_value_text, leaf, right))
    return None


def right_entries(expected: Any, got: Any, single: bool, slack: float = 1.0) -> Any:
    """Which entries lie within tolerance; NaN and infinity must meet their like."""
    expected, got = np.asarray(expected), np.asarray(got)
    with np.errstate(all="ignore"):
        near = np.abs(got.astype(np.float64) - expected) <= _tolerance(expected, single, slack)
    return (near & np.isfinite(expected)) | (got == expected) | (np.isnan(got) & np.isnan(expected))


def differ_plainly(expected: Any, got: Any, single: bool) -> bool:
    """A quick look at one result: True only where `Expected` finds a mismatch of structure, shape or values too.

    Values differ plainly that differ by more than twice the tolerance; where NaN or infinity is due nothing is said.
    """
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return True
        return any(differ_plainly(e, g, single) for e, g in zip(expected, got, strict=True))
    if not isinstance(expected, np.ndarray) or not expected.ndim:
        return False
    if not isinstance(got, np.ndarray) or got.shape != expected.shape:
        return True
    if not expected.dtype.kind == got.dtype.kind == "f":
        return False
    relative, absolute = (SINGLE, SINGLE) if single else (RELATIVE, ABSOLUTE)
    with np.errstate(all="ignore"):
        size = np.abs(expected)
        bound = 2 * relative * size + 2 * absolute * max(1.0, float(size.max(initial=0.0)))
        return bool((np.abs(got - expected) > bound).any())


def _value_text(leaf: _Leaf, right: Any) -> Text:
    wrong, total = int((~right).sum()), right.size
    with np.errstate(all="ignore"):
        gap = np.abs(np.asarray(leaf.got, np.float64) - leaf.expected)
    gap = np.where(right, -1.0, np.where(np.isnan(gap), np.inf, gap))
    at = np.unravel_index(int(np.argmax(gap)), right.shape)
    place = f"[{', '.join(map(str, at))}]" if at else ""
    e, g = number(np.asarray(leaf.expected)[at]), number(np.asarray(leaf.got)[at])
    if total == 1:
        return message("finding.one_value", expected=e, got=g)
    return message("finding.values", total=total, wrong=wrong, place=place, expected=e, got=g)


def number(value: Any) -> str:
    """A number as people write it: six digits, no trailing zeros."""
    return str(int(value)) if isinstance(value, int | np.integer) else f"{float(value):.6g}"


def _differs(kind: Kind, where: tuple[int, ...], expected: Any, got: Any) -> Mismatch:
    return Mismatch(kind, where, partial(_difference_text, kind, expected, got))


def _difference_text(kind: Kind, expected: Any, got: Any) -> Text:
    if kind == "values":
        e, g = _brief(expected), _brief(got)
        return message("finding.one_value", expected=e, got=g)
    due, came = _after_chinese(describe(expected)), _after_chinese(describe(got))
    return message("finding.kind", expected=due, got=came)


def _after_chinese(said: Text) -> Text:
    """With a blank between Chinese and what follows it where that is none."""
    return Text(zh=f" {said.zh}" if said.zh[0].isascii() else said.zh, en=said.en)


def _array(dtype: str, shape: object) -> Text:
    article = "an" if dtype[0] in "aio" else "a"  # an int64, a uint8
    return message("finding.array", dtype=Text(zh=dtype, en=f"{article} {dtype}"), shape=shape)


_ITERATORS = ("map", "filter", "zip", "enumerate", "reversed", "list_iterator", "chain")
_FUNCTIONS = ("function", "method", "builtin_function_or_method", "ufunc", "partial", "type")


def _foreign(name: str) -> Text:
    """What is no value, with what was probably meant."""
    if name == "generator":
        return message("finding.generator")
    if name == "coroutine":
        return message("finding.coroutine")
    if name in _ITERATORS:
        return message("finding.iterator", name=name)
    if name in _FUNCTIONS:
        return message("finding.function", name=name)
    kind, _, shape = name.partition(", shape ")
    if shape and kind.startswith("ndarray of "):
        return _array(kind.removeprefix("ndarray of "), shape)
    return message("finding.object", name=name)


def _brief(value: Any) -> str:
    return str(int(value)) if isinstance(value, int | np.integer) else " ".join(str(value).split())[:80]


def describe(value: Any) -> Text:
    """What a value is, in words: `float64 array of shape (2, 3)`, `tuple of 2`."""
    if isinstance(value, np.ndarray) and value.ndim:
        return _array(str(value.dtype), value.shape)
    if isinstance(value, tuple):
        return message("finding.tuple", count=len(value))
    if isinstance(value, list):
        return message("finding.list", count=len(value))
    if value is None:
        return message("finding.none")
    if isinstance(value, Foreign):
        return _foreign(value.name)
    if isinstance(value, bool | str | complex):
        return message("finding.typed", name=type(value).__name__)
    if isinstance(value, int | np.integer) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu"):
        return message("finding.integer")
    return message("finding.float")
