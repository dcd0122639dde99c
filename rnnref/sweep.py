"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order: the products with x for many steps at once before the
steps, the products that give weight gradients once per stretch of steps after them, results written where they are to
stay.

What has gates lies sequence by column: what a step has is (rows, N), so that W (G*H, D) and U (G*H, H) multiply from
the left as PyTorch stores them, and the gates of a step lie one after the other. States lie in arrays (T + 1, rows,
N) with the initial ones. The plain RNN lies sequence by row, (T + 1, N, H). A forward pass fills a tape; a backward
pass reads it and leaves it as it was. Both take a stretch of steps at a time, so that what they need besides stays
in the cache.
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

FEW = 32
"""Products with a vector that do not repay a copy of the weights."""

MANY = 4096
"""Bytes from which on it counts where an array begins."""

STRIP = 64
"""Rows that are transposed at a time: more of them would drive each other out of the nearest cache."""

COLUMNS = 64
"""Columns of weights that are multiplied at a time where not all of them are."""

SMALL = 1_000_000
"""Multiply-adds up to which OpenBLAS multiplies without packing its operands first."""


def _multiplies_without_packing() -> bool:
    """Whether OpenBLAS has kernels for small products here: on processors with AVX-512."""
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return any(name.startswith(("X86_V4", "AVX512")) for name in found)


UNPACKED = _multiplies_without_packing()
"""Whether to cut products for whole stretches, too, and those that are cut into parts for it."""

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

    def __init__(self, T: int, N: int, h: Array) -> None:
        self.T, self.N, self.h = T, N, h
        self._views: list[tuple[Array, ...]] | None = None
        self._back: list[Any] = []

    def memory_back(self, make: Callable[[], Any]) -> Any:
        """What `make` made for an earlier way back, if that has given it back with `keep`."""
        try:
            return self._back.pop()  # one thread gets it
        except IndexError:
            return make()

    def keep(self, memory: Any) -> None:
        """Hold memory of a way back for the next one."""
        self._back[:] = [memory]

    def views(self) -> list[tuple[Array, ...]]:
        """Each step's views into the tape's arrays."""
        if self._views is None:
            self._views = self._each_step()
        return self._views

    @abstractmethod
    def _each_step(self) -> list[tuple[Array, ...]]:
        """The views into the tape's arrays that a step works on."""

    @abstractmethod
    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, ·), a view."""

    @abstractmethod
    def last(self) -> list[Array]:
        """The last states (N, ·), views."""

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_views": None, "_back": []}  # a copy's views are into its own arrays


class TapeByColumn(Tape):
    """One whose states lie as (T + 1, ·, N), with the products with x."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection) -> None:
        super().__init__(T, N, h)
        self.from_x = from_x

    def steps(self, out: Array | None) -> Iterator[tuple[slice, Iterator[tuple[tuple[Array, ...], tuple[Array, ...]]]]]:
        """Stretch by stretch its slice of the steps, and each step's views with those into the products with x.

        After each its states are written into `out` (T, N, ·), while they are in the cache.
        """
        views, length = self.views(), self.from_x.length
        for first in range(0, self.T, length):
            own = slice(first, first + length)
            yield own, zip(views[own], self.from_x.steps, strict=False)
            if out is not None:
                out[own] = self.outputs()[own]

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, ·), a view."""
        return self.h[1:].swapaxes(1, 2)

    def last(self) -> list[Array]:
        """The last states (N, ·), views."""
        return [self.h[-1].T]


class Sweep(Protocol):
    """A cell with a copy of its weights, over a sequence. States are a list: h, or h and c."""

    def load(self, *weights: Any) -> None:
        """Copy other weights of the same shapes over those that are here."""

    def tape(self, T: int, N: int) -> Any:
        """An empty tape."""

    def forward(self, x: Array, states: Sequence[Array], tape: Any, out: Array | None = None) -> None:
        """Fill the tape, from x (T, N, D) and the initial states (N, ·); write all states h into `out` (T, N, ·)."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any) -> Gradients:
        """Gradients from those at all states h (T, N, ·) and at the last states (N, ·)."""


def run(sweep: Sweep, x: Array, *states: Array) -> Any:
    """The tape of a sweep over x (T, N, D) from the initial states (N, ·)."""
    T, N, _ = x.shape
    tape = sweep.tape(T, N)
    sweep.forward(x, states, tape)
    return tape


# ---------------------------------------------------------------- products


def product(weights: Array, N: int, T: int) -> Callable[[Array, Array], Any]:
    """times(h, out) for weights (R, K) by h (K, N), T times, with `out` (R, N) as `for_product` shapes it.

    Its weights are many where N is few: to pack them costs more than to multiply by them. So they are cut into blocks
    of rows that need no packing. For one sequence h is (K,).
    """
    R, K = weights.shape
    if N == 1:
        # OpenBLAS is faster where columns lie together; whether that is worth a copy, the number of products says.
        return weights.dot if weights.flags.f_contiguous or T < FEW else transposed(weights).T.dot
    parts = _parts(R, K, N)
    if parts > 1:
        return _product_in_parts(weights, N, parts)
    rows = _rows_of_a_block(R, K * N)
    weights = weights if weights.flags.c_contiguous else transposed(weights.T)
    return weights.dot if rows == R else partial(np.matmul, weights.reshape(-1, rows, K))


def _product_in_parts(weights: Array, N: int, parts: int) -> Callable[[Array, Array], Any]:
    """The product as a sum of so many, each of a part of the columns with as much of h."""
    R, K = weights.shape
    rows = _rows_of_a_block(R, K // parts * N)
    columns_first = aligned(weights.reshape(R, parts, -1).swapaxes(0, 1))
    blocks = columns_first.reshape(parts, R // rows, rows, -1)
    products = empty((parts, R // rows, rows, N), weights.dtype)
    matmul, total = np.matmul, np.add.reduce

    def times(h: Array, out: Array) -> None:
        matmul(blocks, h.reshape(parts, 1, -1, N), products)
        total(products, 0, out=out)

    return times


def for_product(array: Array, K: int) -> list[Array]:
    """What each step has in an array (T, R, N), in the shape in which a product with weights (R, K) takes it."""
    T, R, N = array.shape
    if N == 1:
        return each(array)
    rows = _rows_of_a_block(R, K // _parts(R, K, N) * N)
    return each(array if rows == R else array.reshape(T, R // rows, rows, N))


def _parts(R: int, K: int, N: int) -> int:
    """1, or where a block would have few rows the least number of equal parts of the columns with which it has enough."""
    if not UNPACKED or R * K * N <= SMALL or _rows_of_a_block(R, K * N) >= min(R, 16):
        return 1
    return next((n for n in range(2, K // 16) if K % n == 0 and 32 <= _rows_of_a_block(R, K // n * N) < R), 1)


def _rows_of_a_block(R: int, macs_of_a_row: int) -> int:
    """The largest divisor of R with which a block is small; R where none from 8 up is."""
    most = SMALL // macs_of_a_row
    if most >= R:
        return R
    return next((rows for rows in range(most, 7, -1) if R % rows == 0), R)


def product_of_rows(weights: Array, N: int, T: int) -> Callable[[Array, Array], Any]:
    """times(h, out) for rows h (N, K) by weights (K, R), T times, with `out` (N, R); for one sequence (K,) and (R,).

    Weights are cut into blocks of columns where these need no packing, the last of them filled up with zeros: columns
    that fill vector registers are worth more of them.
    """
    if N == 1:
        return product(weights.T, N, T)
    K, R = weights.shape
    if not UNPACKED or K * R * N <= SMALL or K * COLUMNS * N > SMALL:
        whole = weights if weights.flags.c_contiguous else transposed(weights.T)
        return lambda h, out: h.dot(whole, out)
    count, matmul = math.ceil(R / COLUMNS), np.matmul
    blocks = empty((count, K, COLUMNS), weights.dtype)
    for k, block in enumerate(blocks):
        own = weights[:, k * COLUMNS : (k + 1) * COLUMNS]
        width = own.shape[1]
        block[:, :width], block[:, width:] = own, 0
    if R % COLUMNS == 0:
        return lambda h, out: matmul(h, blocks, out.reshape(N, count, COLUMNS).swapaxes(0, 1))
    wide = empty((N, count * COLUMNS), weights.dtype)
    products, results = wide.reshape(N, count, COLUMNS).swapaxes(0, 1), wide[:, :R]

    def times(h: Array, out: Array) -> None:
        matmul(h, blocks, products)
        out[:] = results

    return times


def products_of_rows(weights: Array, N: int) -> Callable[[Array, Array], Any]:
    """times(x, out) for the rows of many steps, x (S, N, K) by weights (K, R), with `out` (S, N, R)."""
    K, R = weights.shape
    if UNPACKED and N >= 16 and N * K * R <= SMALL:
        each_step = weights if weights.flags.c_contiguous else transposed(weights.T)
        return lambda x, out: np.matmul(x, each_step, out)
    return lambda x, out: flat(x).dot(weights, flat(out))


class Projection:
    """Memory for the products of [W b] (R, D + 1) with x over a 1, a stretch of steps at a time: `results` (length, R, N).

    `steps` has what each step needs of them, cut before the rows `cuts`. With `negative` they are those with -x over -1.
    """

    def __init__(
        self,
        R: int,
        D: int,
        T: int,
        N: int,
        dtype: np.dtype[Any],
        cuts: tuple[int, ...] = (),
        negative: bool = False,
    ) -> None:
        self._made_of = (R, D, T, N, dtype, cuts, negative)
        # Weights that don't stay in the cache are fetched for each stretch: then longer ones.
        longer = 4 if R * D * dtype.itemsize > 4 * CACHE else 1
        self.length = length = min(T, longer * stretch_length(T, N))
        self._by_step = _by_step(R, D, N, dtype)
        # Not by np.negative: NumPy 2.4 reads every entry in a row for some strides of its input and its output.
        self._sign = dtype.type(-1 if negative else 1)
        self._x = empty((length, D + 1, N) if self._by_step else (length, N, D + 1), dtype)
        self._x.fill(self._sign)
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
            np.multiply(x.swapaxes(1, 2), self._sign, out=self._x[:S, :D])
            rows = _rows_of_a_block(R, (D + 1) * N)
            np.matmul(Wb.reshape(-1, rows, D + 1), self._x[:S, None], out=results.reshape(S, -1, rows, N))
            return
        np.multiply(x, self._sign, out=self._x[:S, :, :D])
        x1 = flat(self._x[:S])
        if N == 1:
            x1.dot(Wb.T, results[:, :, 0])
        else:
            np.matmul(Wb, x1.T, out=self.results.swapaxes(0, 1).reshape(R, -1)[:, : S * N])


class BackProjection:
    """The products of W^T with the gradients at W x: dx (S, N, D) from da (S, R, N), or its `columns`."""

    def __init__(self, W: Array, N: int, scratch: Scratch) -> None:
        R, D = W.shape
        self._W, self._scratch = W, scratch
        self._blocks: Array | None = None
        if UNPACKED and _by_step(R, D, N, W.dtype):
            rows = _rows_of_a_block(D, R * N)
            if rows * R * N <= SMALL:
                self._blocks = transposed(W).reshape(-1, rows, R)

    def __call__(self, da: Array, rows: Array, out: Array) -> None:
        """Write dx into `out`; `rows` are the columns of da."""
        if self._blocks is None:
            np.matmul(rows.T, self._W, out=flat(out))
            return
        S, N, D = out.shape
        results = self._scratch.take("dx", (S, D, N), out.dtype)
        np.matmul(self._blocks, da[:, None], out=results.reshape(S, *self._blocks.shape[:2], N))
        out[:] = results.swapaxes(1, 2)


def _by_step(R: int, D: int, N: int, dtype: np.dtype[Any]) -> bool:
    """Whether one product per step beats one for all: W stays in the cache meanwhile, a row of x fills vector registers."""
    return N >= 16 and R * D * dtype.itemsize <= CACHE and N * dtype.itemsize % REGISTER == 0


class Total:
    """The sum over stretches of products of gradients (R, S) with what they are gradients of, (S, K): a gradient (R, K).

    With `first` the rows from that one on come first.
    """

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self._sum: Array | None = None
        self._more: Array | None = None

    def add(self, rows: Array, right: Array) -> None:
        """Add rows @ right."""
        R, K = len(rows), right.shape[1]
        if self._sum is None:
            self._sum = out = empty((R, K), right.dtype)
        else:
            if self._more is None:
                self._more = empty((R, K), right.dtype)
            out = self._more
        cut = R - self.first
        if self.first:
            _product_of_stretch(rows[: self.first], right, out[cut:])
        _product_of_stretch(rows[self.first :], right, out[:cut])
        if out is self._more:
            np.add(self._sum, out, out=self._sum)

    def value(self) -> Array:
        """The sum."""
        assert self._sum is not None
        return self._sum


def _product_of_stretch(rows: Array, right: Array, out: Array) -> None:
    """rows (R, S) @ right (S, K), in tiles of which each needs no packing where there are such."""
    (R, S), K = rows.shape, right.shape[1]
    if not UNPACKED or R * K * S <= SMALL:
        rows.dot(right, out)
        return
    high = _rows_of_a_tile(R, 32, 8)
    wide = _rows_of_a_tile(K, 64, REGISTER // right.itemsize)
    if not (high and wide) or high * wide * S > SMALL or R * K * right.itemsize > 4 * CACHE:
        np.matmul(rows, right, out=out)
        return
    left = rows.reshape(R // high, 1, high, S)
    tiles = right.reshape(S, -1, wide).swapaxes(0, 1)
    np.matmul(left, tiles, out=out.reshape(R // high, high, -1, wide).swapaxes(1, 2))


def _rows_of_a_tile(size: int, most: int, least: int) -> int:
    """The largest of `most`, a half of it and so on down to `least` that divides `size`; 0 where none does."""
    while most >= least:
        if size % most == 0:
            return most
        most //= 2
    return 0


# ---------------------------------------------------------------- layout


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


def aligned(array: Array) -> Array:
    """A contiguous copy that begins as `empty` does."""
    if array.nbytes < MANY:
        return array.copy()
    out = empty(array.shape, array.dtype)
    out[:] = array
    return out


def each(array: Array) -> list[Array]:
    """What each step has in an array (T, ..., N): (..., N), for one sequence (...)."""
    return list(array[..., 0] if array.shape[-1] == 1 else array)


def vectors(array: Array) -> list[Array]:
    """What each step has in an array (T, N, ·): (N, ·), for one sequence (·,)."""
    return list(array[:, 0] if array.shape[1] == 1 else array)


def in_order(weights: Array, order: str, wanted: str, out: Array) -> None:
    """Write weights (G*H, ...) whose gates lie in one order into `out`, in another; a letter for each gate."""
    if order == wanted:
        out[:] = weights
        return
    H = len(weights) // len(order)
    turn = order.index(wanted[0])
    if order[turn:] + order[:turn] == wanted:
        cut = len(weights) - turn * H
        out[:cut], out[cut:] = weights[turn * H :], weights[: turn * H]
        return
    for k, gate in enumerate(wanted):
        first = order.index(gate) * H
        out[k * H : (k + 1) * H] = weights[first : first + H]


def flat(rows: Array) -> Array:
    """Rows (T, N, K) as (T * N, K)."""
    return rows.reshape(-1, rows.shape[2])


def upright(rows: Array) -> Array:
    """Rows (T, N, K) as (T, K, N), a new array."""
    return aligned(rows.swapaxes(1, 2))


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


def transposed(weights: Array) -> Array:
    """Weights as a sweep takes them from those that multiply from the right, or the other way round; a new array."""
    out = empty(weights.shape[::-1], weights.dtype)
    for first in range(0, len(weights), STRIP):
        out[:, first : first + STRIP] = weights[first : first + STRIP].T
    return out


def numbers(dtype: np.dtype[Any], *values: float) -> list[Array]:
    """0-d arrays: NumPy takes them twice as fast as Python's numbers."""
    return [np.array(v, dtype) for v in values]


# ---------------------------------------------------------------- for the backward passes


def stretches(T: int, N: int) -> list[slice]:
    """The steps, a stretch at a time."""
    length = stretch_length(T, N)
    return [slice(first, min(first + length, T)) for first in range(0, T, length)]


def stretch_length(T: int, N: int) -> int:
    """The steps of the longest stretch."""
    return min(T, max(1, STRETCH // N))


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums, in place from the second on."""
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts
