"""Where the arrays of the fast passes lie in memory, and how they get there."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from rnnref.typing import Array

MANY = 4096
"""Bytes from which on it counts where an array begins."""

STRIP = 64
"""Rows that are transposed at a time: more of them would drive each other out of the nearest cache."""

REGISTER = 64
"""Bytes of the widest vector register, and of a cache line."""

SHORT = 16
"""Entries from which on a row is worth a loop of its own."""

CACHE = 1 << 20
"""Bytes of weights that stay in a core's cache from one step to the next."""

ZERO, ONE, MINUS = (
    {np.dtype(kind): np.array(value, kind) for kind in (np.float64, np.float32)} for value in (0, 1, -1)
)
"""NumPy takes them twice as fast as Python's numbers."""


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An empty array that begins with a cache line where it has many.

    NumPy's begin anywhere, and vector loads across two lines take twice as long.
    """
    size = math.prod(shape) * dtype.itemsize
    if size < MANY:
        return np.empty(shape, dtype)
    memory = np.empty(size + REGISTER, np.uint8)
    first = -memory.__array_interface__["data"][0] % REGISTER
    return memory[first : first + size].view(dtype).reshape(shape)


def each(array: Array) -> list[Array]:
    """What each step has in an array (T, ..., N): (..., N), for one sequence (...)."""
    return list(array[..., 0] if array.shape[-1] == 1 else array)


def vectors(array: Array) -> list[Array]:
    """What each step has in an array (T, N, ·): (N, ·), for one sequence (·,)."""
    return list(array[:, 0] if array.shape[1] == 1 else array)


def flat(rows: Array) -> Array:
    """Rows (T, N, K) as (T * N, K)."""
    T, N, K = rows.shape
    return rows.reshape(T * N, K)  # not by -1: of no columns NumPy cannot tell how many rows there are


def contiguous(array: Array) -> Array:
    """A copy that begins as `empty` does."""
    out = empty(array.shape, array.dtype)
    write(array, out)
    return out


def transposed(weights: Array) -> Array:
    """A copy (K, R) of weights (R, K)."""
    return contiguous(weights.T)


def write(array: Array, out: Array) -> None:
    """Write a matrix (R, K) into another, a strip of rows at a time where one of them lies the other way."""
    turned = array.strides[0] > array.strides[1] and out.strides[0] < out.strides[1]
    if not turned and array.strides[0] < array.strides[1] and out.strides[0] > out.strides[1]:
        array, out, turned = array.T, out.T, True
    if not turned:
        out[...] = array
        return
    for first in range(0, len(array), STRIP):
        out[first : first + STRIP] = array[first : first + STRIP]


def turn(array: Array, factor: Any, out: Array) -> None:
    """Write matrices (S, A, B) times a factor, `ONE` or `MINUS`, as (S, B, A)."""
    if array.shape[1] < SHORT:
        # NumPy copies along the rows of `out`, which are short; it multiplies along those of its first operand.
        np.multiply(array, factor, out.swapaxes(1, 2))
        return
    out[...] = array.swapaxes(1, 2)
    if factor is not ONE[factor.dtype]:
        np.multiply(out, factor, out)


def runs(order: str, wanted: str) -> list[tuple[int, int, int]]:
    """How gates that lie in one order get to lie in another, a letter for each: from which, to which, how many together."""
    starts = [0, *(k for k in range(1, len(wanted)) if order.index(wanted[k]) != order.index(wanted[k - 1]) + 1)]
    return [(order.index(wanted[a]), a, b - a) for a, b in pairwise([*starts, len(wanted)])]


def filled(kind: Callable[..., Any], made_of: tuple[Any, ...], arrays: list[Array]) -> Any:
    """`kind(*made_of)`, with these arrays' values written into its own, those that its `arrays()` gives."""
    copy = kind(*made_of)
    for own, array in zip(copy.arrays(), arrays, strict=True):
        own[...] = array
    return copy


class Scratch:
    """Memory that the stretches of a backward pass take in turn, by what is in it; so it stays in the cache."""

    def __init__(self) -> None:
        self._memory: dict[str, Array] = {}

    def take(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An array with whatever is in it."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or len(memory) < size:
            memory = self._memory[name] = empty((size,), dtype)
        return memory[:size].reshape(shape)

    def upright(self, name: str, rows: Array) -> Array:
        """Rows (T, N, K) as (T, K, N), or the other way round; to read only."""
        T, N, K = rows.shape
        if N == 1 or K == 1:
            return rows.reshape(T, K, N)
        out = self.take(name, (T, K, N), rows.dtype)
        turn(rows, ONE[rows.dtype], out)
        return out

    def opposite(self, name: str, columns: Array) -> Array:
        """-rows (T, N, K) from columns (T, K, N); to read only."""
        T, K, N = columns.shape
        out = self.take(name, (T, N, K), columns.dtype)
        turn(columns, MINUS[columns.dtype], out)
        return out

    def columns(self, name: str, array: Array) -> Array:
        """An array (T, R, N) as (R, T * N); to read only."""
        T, R, N = array.shape
        if N == 1:
            return array.reshape(T, R).T
        out = self.take(name, (R, T, N), array.dtype)
        # What a step has of a row as one entry: NumPy copies these several times as fast as short rows.
        of_a_step = np.dtype((np.void, N * array.itemsize))
        out.view(of_a_step)[..., 0] = array.view(of_a_step)[..., 0].T
        return out.reshape(R, -1)
