"""The right results of a sweep as the bytes that a right submission sends: whether it passes is then one comparison.

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
    """Expected results of the cases; others may follow them, and at the end come those of the cases that are called again."""

    def __init__(self, expected: Expected, repeats: Sequence[int]) -> None:
        self._expected = expected
        self._repeats = repeats
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
        """Whether the results of the cases are plainly right, whatever follows them."""
        got = self.numbers(meta, data)
        return got is not None and self._expected.near(got)

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

    def value(self, k: int, meta: bytes, data: bytes) -> Any:
        """A case's result, once `holds` has said that it is there."""
        reader = codec.Reader(meta, data)
        reader.place, reader.place_beside = self.places[k][0] + 1, self.places[k][1]
        return reader.value()

    def further(self, meta: bytes, data: bytes, count: int) -> list[Any] | None:
        """The `count` results that follow those of the cases.

        None where one of these calls raised, where a case that was called again gave something else, or more follows.
        """
        reader = codec.Reader(meta, data)
        reader.place, reader.place_beside = self.places[-1]
        values = []
        try:
            for _ in range(count):
                if reader.take(1) != b"v":
                    return None
                values.append(reader.value())
        except codec.Malformed:
            return None
        first = [data[self.places[k][1] : self.places[k + 1][1]] for k in self._repeats]
        same = meta[reader.place :] == self._again and data[reader.place_beside :] == b"".join(first)
        return values if same else None


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
