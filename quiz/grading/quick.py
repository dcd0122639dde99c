"""The right results of a sweep as the bytes that a right submission sends: whether it passes is then one comparison or two.

Structure, shapes and dtypes must be equal byte for byte, and every number within the tolerance of `compare`. Where that is
not so nothing is said: `compare` looks at each case and finds out what differs, or that it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from quiz.grading import codec
from quiz.grading.compare import Expected

_FLOATS = {np.dtype(np.float64): 8, np.dtype(np.float32): 4}


class Quick:
    """Expected results of the cases, of further calls that follow them, and at the end of the cases that are called again."""

    def __init__(self, expected: Expected, repeats: Sequence[int], further: Expected | None = None) -> None:
        self._expected = expected
        self._repeats = repeats
        self._further = None if further is None else Quick(further, ())
        meta, data = bytearray(), bytearray()
        self.places = [(0, 0)]
        """Where each result starts in the structure and in the data, and where the last one ends."""
        for value in expected.values:
            meta += b"v"
            codec.encode(value, meta, data)
            self.places.append((len(meta), len(data)))
        self._meta = bytes(meta)
        self._length = len(data)
        places = self.places
        self._again = b"".join([self._meta[places[k][0] : places[k + 1][0]] for k in repeats])
        self._possible = self._find_numbers()

    def _find_numbers(self) -> bool:
        """Where each float of the expected results lies in the data; False where they hold something else."""
        wide: list[Any] = []
        narrow: list[Any] = []
        to_wide: list[Any] = []
        to_narrow: list[Any] = []
        place = number = 0
        for value in self._expected.values:
            for leaf in leaves(value):
                if type(leaf) is float:
                    size, count = 8, 1
                elif isinstance(leaf, (np.ndarray, np.generic)) and leaf.dtype in _FLOATS:
                    size, count = _FLOATS[leaf.dtype], leaf.size
                elif type(leaf) is int or leaf is None or type(leaf) is bool or type(leaf) is str:
                    continue  # equal where the structure is
                else:
                    return False
                first = place // size
                (wide if size == 8 else narrow).append((first, count))
                (to_wide if size == 8 else to_narrow).append((number, count))
                number += count
                place += count * size + -(count * size) % codec.ALIGNED
        if place != self._length:
            return False
        self._from_wide, self._to_wide = _indexes(wide), _indexes(to_wide)
        self._from_narrow, self._to_narrow = _indexes(narrow), _indexes(to_narrow)
        self._numbers = number
        return number == self._expected.numbers

    def holds(self, meta: bytes, data: bytes) -> bool:
        """Whether all results are plainly right, and the same at a second call."""
        got = self.numbers(meta, data)
        if got is None or not self._expected.near(got):
            return False
        meta, data, first = meta[len(self._meta) :], data[self._length :], data
        further = self._further
        if further is not None:
            got = further.numbers(meta, data)
            if got is None or not further._expected.near(got):
                return False
            meta, data = meta[len(further._meta) :], data[further._length :]
        places = self.places
        return meta == self._again and data == b"".join([first[places[k][1] : places[k + 1][1]] for k in self._repeats])

    def numbers(self, meta: bytes, data: bytes) -> Any:
        """The floats of all cases, end to end; None where structure, shapes and dtypes are not byte for byte the right ones."""
        if not self._possible or len(data) < self._length or not meta.startswith(self._meta):
            return None
        got = np.empty(self._numbers)
        if self._numbers == 0:
            return got
        got[self._to_wide] = np.frombuffer(data, np.float64, self._length // 8)[self._from_wide]
        if len(self._from_narrow):
            with np.errstate(invalid="ignore"):  # a NaN that signals
                got[self._to_narrow] = np.frombuffer(data, np.float32, self._length // 4)[self._from_narrow]
        return got


def leaves(value: Any) -> list[Any]:
    """What stands at the ends of nested tuples and lists, in order."""
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def _indexes(runs: Sequence[tuple[int, int]]) -> Any:
    """The numbers of several runs (first, count), end to end."""
    if not runs:
        return np.empty(0, np.intp)
    firsts, counts = np.array(runs, np.intp).T
    before = np.cumsum(counts) - counts
    return np.repeat(firsts - before, counts) + np.arange(counts.sum())
