"""Where the arrays of the fast passes lie in memory, and how they get there."""

from __future__ import annotations

import math
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
    return rows.reshape(-1, rows.shape[2])


def contiguous(array: Array) -> Array:
    """A copy that begins as `empty` does."""
    out = empty(array.shape, array.dtype)
    write(array, out)
    return out


def transposed(weights: Array) -> Array:
    """A copy (K, R) of weights (R, K)."""
    return contiguous(weights.T)


def write(array: Array, out: Array, sign: Any = None) -> None:
    """Write an array into another, times `sign` where there is one; a large matrix that lies the other way by strips.

    Not by np.negative: NumPy 2.4 reads every entry in a row for some strides of its input and its output.
    """
    parts = [(array, out)]
    if array.ndim == 2 and array.size > STRIP * STRIP:
        if out.strides[0] < out.strides[1]:
            array, out = array.T, out.T
        if array.strides[0] < array.strides[1]:
            strips = [slice(first, first + STRIP) for first in range(0, array.shape[1], STRIP)]
            parts = [(array[:, own], out[:, own]) for own in strips]
    for part, target in parts:
        if sign is None:
            target[:] = part
        else:
            np.multiply(part, sign, out=target)


def write_gates(array: Array, order: str, wanted: str, out: Array, sign: Any = None) -> None:
    """Write weights (G*H, ...) whose gates lie in one order into `out`, those that are wanted in their order; a letter a gate."""
    H = len(array) // len(order)
    turns = [0, *(k for k in range(1, len(wanted)) if order.index(wanted[k]) != order.index(wanted[k - 1]) + 1)]
    for first, stop in pairwise([*turns, len(wanted)]):
        begin = order.index(wanted[first]) * H
        write(array[begin : begin + (stop - first) * H], out[first * H : stop * H], sign)


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
        out[:] = rows.swapaxes(1, 2)
        return out

    def columns(self, name: str, array: Array) -> Array:
        """An array (T, R, N) as (R, T * N); to read only."""
        T, R, N = array.shape
        if N == 1:
            return array.reshape(T, R).T
        out = self.take(name, (R, T, N), array.dtype)
        out[:] = array.swapaxes(0, 1)
        return out.reshape(R, -1)
