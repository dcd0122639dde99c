"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order: the products with x for many steps at once before the
steps, the products that give weight gradients once per stretch of steps after them, results written where they are to
stay.

Everything lies sequence by column: what a step has is (rows, N), so that W (G*H, D) and U (G*H, H) multiply from the
left as PyTorch stores them, and the gates of a step lie one after the other. States lie in arrays (T + 1, rows, N) with
the initial ones. A forward pass fills a tape; a backward pass reads it and leaves it as it was. Both take a stretch of
steps at a time, so that what they need besides stays in the cache.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnref.typing import Array

STRETCH = 256
"""Columns that are taken at a time, at least: enough for a fast product, few enough for the cache."""

SMALL = 1_000_000
"""Multiply-adds up to which OpenBLAS multiplies without packing its operands first."""

CACHE = 1 << 20
"""Bytes of weights that stay in a core's cache from one step to the next."""

REGISTER = 64
"""Bytes of the widest vector register, and of a cache line."""


class Gradients(NamedTuple):
    """Those at x (T, N, D), at the initial states (N, ·) each, and at the weights, as the sweep takes them."""

    x: Array
    states: list[Array]
    weights: list[Array]


class Tape(ABC):
    """What a forward pass over T steps of N sequences leaves for the way back; it can be filled again and again."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection) -> None:
        self.T, self.N, self.h, self.from_x = T, N, h, from_x
        self._views: list[tuple[Array, ...]] | None = None

    def steps(self) -> Iterator[tuple[slice, Iterator[tuple[tuple[Array, ...], tuple[Array, ...]]]]]:
        """Stretch by stretch its slice of the steps, and each step's views with those into the products with x."""
        if self._views is None:
            self._views = self._each_step()
        length = self.from_x.length
        for first in range(0, self.T, length):
            own = slice(first, first + length)
            yield own, zip(self._views[own], self.from_x.steps, strict=False)

    @abstractmethod
    def _each_step(self) -> list[tuple[Array, ...]]:
        """The views into the tape's arrays that a step works on."""

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, ·), a view."""
        return self.h[1:].swapaxes(1, 2)

    def last(self) -> list[Array]:
        """The last states (N, ·), views."""
        return [self.h[-1].T]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_views": None}  # a copy's views are into its own arrays


class Sweep(Protocol):
    """A cell with a copy of its weights, over a sequence. States are a list: h, or h and c."""

    def tape(self, T: int, N: int) -> Any:
        """An empty tape."""

    def forward(self, x: Array, states: Sequence[Array], tape: Any) -> None:
        """Fill the tape, from x (T, N, D) and the initial states (N, ·)."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any) -> Gradients:
        """Gradients from those at all states h (T, N, ·) and at the last states (N, ·)."""


def run(sweep: Sweep, x: Array, *states: Array) -> Any:
    """The tape of a sweep over x (T, N, D) from the initial states (N, ·)."""
    T, N, _ = x.shape
    tape = sweep.tape(T, N)
    sweep.forward(x, states, tape)
    return tape


# ---------------------------------------------------------------- products


def product(weights: Array, N: int) -> Callable[[Array, Array], Any]:
    """times(h, out) for weights (R, K) by h (K, N), with `out` (R, N) as `for_product` shapes it.

    There is one such product per step, and its weights are many where N is few: to pack them costs more than to
    multiply by them. So they are cut into blocks of rows that need no packing. For one sequence h is (K,).
    """
    R, K = weights.shape
    if N == 1:
        return aligned(weights.T).T.dot  # OpenBLAS is faster where columns lie together
    rows = _rows_of_a_block(R, K * N)
    if rows == R:
        return aligned(weights).dot
    parts = _parts(R, K, N)
    if parts == 1:
        return partial(np.matmul, aligned(weights).reshape(-1, rows, K))
    return _product_in_parts(weights, N, parts)


def _product_in_parts(weights: Array, N: int, parts: int) -> Callable[[Array, Array], Any]:
    """The product as a sum of so many, each of a part of the columns with as much of h."""
    R, K = weights.shape
    rows = _rows_of_a_block(R, K // parts * N)
    blocks = aligned(weights.reshape(R, parts, -1).swapaxes(0, 1)).reshape(parts, R // rows, rows, -1)
    products = empty((parts, R // rows, rows, N), weights.dtype)
    matmul, total = np.matmul, np.add.reduce

    def times(h: Array, out: Array) -> None:
        matmul(blocks, h.reshape(parts, 1, -1, N), products)
        total(products, 0, out=out)

    return times


def for_product(array: Array, K: int) -> list[Array]:
    """What each step has in an array (T, R, N), in the shape in which a product with weights (R, K) takes it."""
    T, R, N = array.shape
    rows = _rows_of_a_block(R, K // _parts(R, K, N) * N)
    return each(array if N == 1 or rows == R else array.reshape(T, R // rows, rows, N))


def _parts(R: int, K: int, N: int) -> int:
    """1, or where a block would have few rows the least number of equal parts of the columns with which it has enough."""
    if _rows_of_a_block(R, K * N) >= min(R, 16):
        return 1
    return next((n for n in range(2, K // 16) if K % n == 0 and 32 <= _rows_of_a_block(R, K // n * N) < R), 1)


def _rows_of_a_block(R: int, macs_of_a_row: int) -> int:
    """The largest divisor of R with which a block is small; R where none from 8 up is."""
    most = min(R, SMALL // macs_of_a_row)
    return next((rows for rows in range(most, 7, -1) if R % rows == 0), R)


class Projection:
    """Memory for the products of [W b] (R, D + 1) with x over a 1, a stretch of steps at a time: `results` (length, R, N).

    `steps` has what each step needs of them, cut before the rows `cuts`.
    """

    def __init__(self, R: int, D: int, T: int, N: int, dtype: np.dtype[Any], cuts: tuple[int, ...] = ()) -> None:
        self._made_of = (R, D, T, N, dtype, cuts)
        self.length = length = stretch_length(T, N)
        # One product per step where W stays in the cache meanwhile and a row of x fills vector registers, else one for all.
        self._by_step = N > 1 and R * D * dtype.itemsize <= CACHE and N * dtype.itemsize % REGISTER == 0
        self._x = empty((length, D + 1, N) if self._by_step else (length, N, D + 1), dtype)
        self._x.fill(1)
        if self._by_step or N == 1:
            self.results = empty((length, R, N), dtype)
        else:
            self.results = empty((R, length, N), dtype).swapaxes(0, 1)
        edges = (0, *cuts, R)
        parts = [each(self.results[:, first:stop]) for first, stop in pairwise(edges)]
        self.steps = list(zip(*parts, strict=True))

    def __reduce__(self) -> tuple[Any, ...]:
        return Projection, self._made_of

    def __call__(self, Wb: Array, x: Array) -> None:
        """Put W x[t] + b for each step of x (at most `length`, N, D) into the first of `results`."""
        S, N, D = x.shape
        R, results = len(Wb), self.results[:S]
        if self._by_step:
            self._x[:S, :D] = x.swapaxes(1, 2)
            rows = _rows_of_a_block(R, (D + 1) * N)
            np.matmul(Wb.reshape(-1, rows, D + 1), self._x[:S, None], out=results.reshape(S, -1, rows, N))
            return
        self._x[:S, :, :D] = x
        x1 = flat(self._x[:S])
        if N == 1:
            np.matmul(x1, Wb.T, out=results[:, :, 0])
        else:
            np.matmul(Wb, x1.T, out=self.results.swapaxes(0, 1).reshape(R, -1)[:, : S * N])


# ---------------------------------------------------------------- layout


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An empty array that begins with a cache line where it has many.

    NumPy's begin anywhere, and vector loads across two lines take twice as long.
    """
    size = math.prod(shape) * dtype.itemsize
    if size < 16 * REGISTER:
        return np.empty(shape, dtype)
    memory = np.empty(size + REGISTER, np.uint8)
    first = -memory.__array_interface__["data"][0] % REGISTER
    return memory[first : first + size].view(dtype).reshape(shape)


def aligned(array: Array) -> Array:
    """A contiguous copy that begins as `empty` does."""
    out = empty(array.shape, array.dtype)
    out[:] = array
    return out


def each(array: Array) -> list[Array]:
    """What each step has in an array (T, ..., N): (..., N), for one sequence (...)."""
    return list(array[..., 0] if array.shape[-1] == 1 else array)


def with_bias(W: Array, b: Array) -> Array:
    """[W b] (R, D + 1), a new array."""
    return np.concatenate([W, b[:, None]], axis=1)


def flat(rows: Array) -> Array:
    """Rows (T, N, K) as (T * N, K)."""
    return rows.reshape(-1, rows.shape[2])


def upright(rows: Array) -> Array:
    """Rows (T, N, K) as (T, K, N), contiguous."""
    return aligned(rows.swapaxes(1, 2))


def columns(array: Array) -> Array:
    """An array (T, rows, N) as (rows, T * N)."""
    return array.swapaxes(0, 1).reshape(array.shape[1], -1)


def transposed(weights: Array) -> Array:
    """Weights as a sweep takes them from those that multiply from the right, or the other way round; a new array."""
    return weights.T.copy()


def numbers(dtype: np.dtype[Any], *values: float) -> list[Array]:
    """0-d arrays: NumPy takes them twice as fast as Python's numbers."""
    return [np.array(v, dtype) for v in values]


# ---------------------------------------------------------------- for the backward passes


def stretches(T: int, N: int) -> list[slice]:
    """The steps of a backward pass, the last stretch first."""
    length = stretch_length(T, N)
    return [slice(first, min(first + length, T)) for first in range(0, T, length)][::-1]


def stretch_length(T: int, N: int) -> int:
    """The steps of the longest stretch."""
    return min(T, max(1, STRETCH // N))


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums over stretches, in place from the second on."""
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts
