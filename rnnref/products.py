"""The matrix products of the fast passes, in the forms in which OpenBLAS takes least time for them.

What has gates lies sequence by column: weights (R, K) multiply from the left what a step has, (K, N). The plain RNN
lies sequence by row, (N, K) by (K, R).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from rnnref.layout import CACHE, MINUS, REGISTER, each, empty, flat
from rnnref.loaded_weights import Copies, Copy
from rnnref.typing import Array

FEW = 32
"""Products from which on they repay turning the weights: with a vector, with a few columns (`NARROW`), or turned themselves."""

FEW_WIDER = 8
"""Products with several columns from which on they repay a copy of the weights, by row, in blocks or in parts."""

NARROW = 40
"""Bytes of a row of h up to which OpenBLAS, where it packs nothing, is faster with the weights' columns together."""

MANY_COLUMNS = 128
"""Columns of a product from which on they repay a copy of the other factor."""

WIDE = 4 * REGISTER
"""Bytes of a row of weights that are multiplied at a time where not all of it is."""

SMALL = 1_000_000
"""Multiply-adds up to which OpenBLAS multiplies without packing its operands first."""


def _multiplies_without_packing() -> bool:
    """Whether OpenBLAS has kernels for small products here: on processors with AVX-512."""
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return any(name.startswith(("X86_V4", "AVX512")) for name in found)


UNPACKED = _multiplies_without_packing()
"""Whether small products are not packed here: then more is cut for it, and more lies so; see each use."""

Times = Callable[..., Any]
"""times(h, out): a product of weights with h, written into `out`; `BackProjection` takes h in two forms."""


class _Prepared:
    """What multiplies by weights that are read where they lie, or from copies; made once, however the weights change."""

    _times: Times

    def __init__(self) -> None:
        self._copies: list[Copy] = []

    def ready(self) -> Times:
        """The product with what the weights are now."""
        for copy in self._copies:
            copy.renew()
        return self._times


class Product(_Prepared):
    """Weights (R, K) by h (K, N), T times, with `out` (R, N) as `for_product` shapes it; for one sequence h is (K,).

    Weights are many where N is few: to pack them costs more than to multiply by them. So they are cut into blocks of
    rows that need no packing, and where these would have few rows into parts of the columns first. Or weights and h
    change places, as in `_better_turned`.
    """

    def __init__(self, weights: Array, N: int, T: int, copies: Copies) -> None:
        super().__init__()
        R, K = weights.shape
        lie_by_column = weights.strides[0] < weights.strides[1]
        parts = 1 if N == 1 else _parts(R, K, N, weights.itemsize)
        if N > 1 and T < FEW_WIDER and (lie_by_column or parts > 1):
            # Too few to repay a copy: matmul takes them as they lie, dot would copy them each time.
            few = weights if lie_by_column else weights.reshape(-1, _rows_of_a_block(R, K * N), K)
            self._times = lambda h, out: np.matmul(few, h, out.reshape(*few.shape[:-1], N))
            return
        narrow = N * weights.itemsize <= NARROW and weights.nbytes < CACHE
        if (FEW_WIDER if lie_by_column else FEW) <= T and not narrow and _better_turned(weights, N):
            of_rows = ProductOfRows(weights.T, N, T, copies)
            self._times, self._copies = _turned(of_rows._times, empty((N, R), weights.dtype)), of_rows._copies
            return
        if parts > 1:
            by_part, copy = copies.rows_together(weights.reshape(R, parts, -1).swapaxes(0, 1))
            self._times, self._copies = _product_in_parts(by_part, N), [copy]
            return
        rows = R if N == 1 else _rows_of_a_block(R, K * N)
        blocks = weights if rows == R else weights.reshape(-1, rows, K)
        packed = rows * K * N > SMALL
        if N == 1 or (UNPACKED and narrow and not packed):
            # Faster where columns lie together; whether that is worth turning them, the number of products says.
            by_column = lie_by_column or T >= FEW
        else:
            by_column = lie_by_column and packed  # to pack them OpenBLAS takes either
        # Blocks of weights that lie by column are never in one piece: they are copied, not turned.
        if by_column != lie_by_column or not blocks.flags.forc:
            blocks, copy = (copies.columns_together if by_column else copies.rows_together)(blocks)
            self._copies = [copy]
        self._times = blocks.dot if rows == R else partial(np.matmul, blocks)


def _better_turned(weights: Array, N: int) -> bool:
    """Whether h^T W^T, turned back, takes less time than W h.

    A row of W h fills registers with its N numbers, the last of them partly; one of h^T W^T has R. Where W lies by row it
    has to be turned, too: that is repaid in float32 alone, by large weights and rows of h shorter than two registers.
    """
    if not UNPACKED or N <= 8 or N * weights.itemsize % REGISTER == 0 or weights.size * N <= SMALL:
        return False
    lie_by_column = weights.strides[0] < weights.strides[1]
    return lie_by_column or (
        N * weights.itemsize < 2 * REGISTER and weights.itemsize == 4 and 2 * weights.nbytes >= CACHE
    )


def _turned(times: Times, rows: Array) -> Times:
    """The product with h (K, N) from `times`, which takes h^T (N, K); its results are in `rows` (N, R) before they are turned."""

    def turned(h: Array, out: Array) -> None:
        times(h.T, rows)
        out.reshape(-1, len(rows))[...] = rows.T

    return turned


def _product_in_parts(columns_first: Array, N: int) -> Times:
    """The product as a sum of several, each of a part of the columns (parts, R, K / parts) with as much of h."""
    parts, R, columns = columns_first.shape
    rows = _rows_of_a_block(R, columns * N)
    blocks = columns_first.reshape(parts, R // rows, rows, -1)
    products = empty((parts, R // rows, rows, N), blocks.dtype)
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
    rows = _rows_of_a_block(R, K // _parts(R, K, N, array.itemsize) * N)
    return each(array if rows == R else array.reshape(T, R // rows, rows, N))


def _parts(R: int, K: int, N: int, itemsize: int) -> int:
    """1, or where a block would have few rows the least number of equal parts of the columns with which it has enough."""
    enough = 2 * REGISTER // itemsize
    if not UNPACKED or R * K * N <= SMALL or _rows_of_a_block(R, K * N) >= min(R, enough):
        return 1
    return next((n for n in _numbers_of_parts(K) if 32 <= _rows_of_a_block(R, K // n * N) < R), 1)


def _numbers_of_parts(K: int) -> Iterator[int]:
    """Into how many equal parts K can be cut, the least number first, and none so small that its product is mostly overhead."""
    return (n for n in range(1, K // 16) if K % n == 0)


def _rows_of_a_block(R: int, macs_of_a_row: int) -> int:
    """The largest divisor of R with which a block is small; R where none from 8 up is."""
    most = SMALL // macs_of_a_row
    if most >= R:
        return R
    return next((rows for rows in range(most, 7, -1) if R % rows == 0), R)


def product_by_step(weights: Array, x: Array, out: Array) -> None:
    """Weights (R, K) by what each of many steps has, x (S, K, N), one product a step, into `out` (S, R, N)."""
    S, K, N = x.shape
    if N == 1:
        np.matmul(x[..., 0], weights.T, out=out[..., 0])  # dot would copy rows of a wider array
        return
    rows = _rows_of_a_block(len(weights), K * N)
    np.matmul(weights.reshape(-1, rows, K), x[:, None], out=out.reshape(S, -1, rows, N))


class Projection:
    """The products of weights (R, D + ·) with x over ones, all negative, `length` steps at a time.

    `results` (length, R, N). The weights are read where they lie.
    """

    def __init__(self, weights: Array, D: int, length: int, N: int) -> None:
        R, K = weights.shape
        self._weights = weights
        self._x = empty((length, N, K), weights.dtype)
        self._x[..., D:] = -1
        self._memory = empty((length, R, 1) if N == 1 else (R, length, N), weights.dtype)
        self.results = self._memory if N == 1 else self._memory.swapaxes(0, 1)

    def __call__(self, x: Array) -> None:
        """Put the products with each step of x (at most `length`, N, D) into the first of `results`."""
        S, N, D = x.shape
        # Not by np.negative: NumPy 2.4 reads every entry in a row for some strides of its input and its output.
        np.multiply(x, MINUS[x.dtype], out=self._x[:S, :, :D])
        x1 = flat(self._x[:S])
        if N == 1:
            x1.dot(self._weights.T, self._memory[:S, :, 0])
        else:
            # Small products go unpacked only where the right operand has its rows in one piece.
            columns = x1.T.copy() if self._weights.size * len(x1) <= SMALL else x1.T
            np.matmul(self._weights, columns, out=self._memory.reshape(len(self._weights), -1)[:, : S * N])


class BackProjection(_Prepared):
    """The products of W^T with the gradients at W x, W (R, D), `length` steps at a time.

    times(da, columns, out): `out` is dx (S, N, D), from da (S, R, N) and its columns (R, S * N).
    """

    def __init__(self, W: Array, length: int, N: int, copies: Copies) -> None:
        super().__init__()
        R, D = W.shape
        wide = _width_of_a_tile(R, D, N, W.itemsize)
        high = _rows_of_a_block(N, R * wide) if wide else 0
        worth_a_copy = length * N >= MANY_COLUMNS and W.size * length * N > SMALL and W.nbytes <= 2 * CACHE
        if not UNPACKED or not worth_a_copy or high < 8 or high * R * wide > SMALL:
            self._times = lambda da, columns, out: np.matmul(columns.T, W, out=flat(out))
            return
        # Tiles of dx that need no packing; what a step has is in the nearest cache for all of its tiles.
        tiles, copy = copies.rows_together(W.reshape(R, -1, wide).swapaxes(0, 1))
        self._copies = [copy]

        def times(da: Array, _: Array, out: Array) -> None:
            S = len(da)
            left = da.reshape(S, R, -1, high).transpose(0, 2, 3, 1)
            np.matmul(left[:, :, None], tiles, out=out.reshape(S, -1, high, D // wide, wide).swapaxes(2, 3))

        self._times = times


def _width_of_a_tile(R: int, D: int, N: int, itemsize: int) -> int:
    """Columns of W (R, D) that da (R, N) is multiplied by at a time, few registers of them; 0 where D cannot be cut so."""
    register = REGISTER // itemsize
    few = 32 if N * R * 32 <= SMALL else 2 * register
    return next((wide for wide in (few, register) if D % wide == 0), D if D <= 64 else 0)


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


def sums(rows: Array) -> Array:
    """The sum of each of some rows (R, S), by a product: a reduction takes several times as long."""
    total: Array = np.matmul(rows, np.ones(rows.shape[1], rows.dtype))
    return total


def _product_of_stretch(rows: Array, right: Array, out: Array) -> None:
    """rows (R, S) @ right (S, K), in tiles of which each needs no packing where there are such."""
    (R, S), K = rows.shape, right.shape[1]
    if not UNPACKED or R * K * S <= SMALL:
        # A call of `dot` is the shorter one, but it first copies what is not in one piece.
        (np.dot if rows.flags.forc else np.matmul)(rows, right, out)
        return
    high = _rows_of_a_tile(R, 32, 8)
    wide = _rows_of_a_tile(K, 64, REGISTER // right.itemsize) or K
    if not high or high * wide * S > SMALL or R * K * right.itemsize > 4 * CACHE:
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


# ---------------------------------------------------------------- sequence by row


class ProductOfRows(_Prepared):
    """Rows h (N, K) by weights (K, R), T times, with `out` (N, R); for one sequence (K,) and (R,).

    Weights are cut into blocks of columns, and of rows, where these need no packing.
    """

    def __init__(self, weights: Array, N: int, T: int, copies: Copies) -> None:
        super().__init__()
        K, R = weights.shape
        wide = WIDE // weights.itemsize
        if N == 1:
            of_one = Product(weights.T, N, T, copies)
            self._times, self._copies = of_one._times, of_one._copies
            return
        if T < FEW_WIDER and K * R * N > SMALL:
            # Too few to repay a copy.
            self._times = lambda h, out: np.matmul(h, weights, out)
            return
        parts = next((n for n in _numbers_of_parts(K) if K // n * wide * N <= SMALL), 0)
        if not UNPACKED or K * R * N <= SMALL or wide > R or not parts:
            whole = weights
            if weights.strides[0] < weights.strides[1]:
                whole, copy = copies.rows_together(weights)
                self._copies = [copy]
            self._times = lambda h, out: h.dot(whole, out)
            return
        cut = R - R % wide
        in_parts = weights.reshape(parts, K // parts, R)
        blocks, of_blocks = copies.rows_together(
            in_parts[..., :cut].reshape(parts, -1, cut // wide, wide).swapaxes(1, 2)
        )
        last, of_last = copies.rows_together(in_parts[..., cut:])
        self._copies = [of_blocks, of_last]
        matmul, total = np.matmul, np.add.reduce

        def by_part(h: Array, out: Array) -> None:
            h = h.reshape(N, parts, -1).swapaxes(0, 1)
            matmul(h[:, None], blocks, out[..., :cut].reshape(parts, N, -1, wide).swapaxes(1, 2))
            if cut < R:
                matmul(h, last, out[..., cut:])

        if parts == 1:
            self._times = lambda h, out: by_part(h, out[None])
            return
        products = empty((parts, N, R), weights.dtype)

        def times(h: Array, out: Array) -> None:
            by_part(h, products)
            total(products, 0, out=out)

        self._times = times


class ProductsOfRows(_Prepared):
    """Rows of many steps, x (S, N, K), by weights (K, R), with `out` (S, N, R)."""

    def __init__(self, weights: Array, N: int, copies: Copies) -> None:
        super().__init__()
        K, R = weights.shape
        wide = R if N * K * R <= SMALL else WIDE // weights.itemsize
        if not (UNPACKED and N >= 16 and R % wide == 0 and N * K * wide <= SMALL and weights.nbytes <= CACHE):
            self._times = lambda x, out: flat(x).dot(weights, flat(out))
            return
        tiles = weights.reshape(K, R // wide, wide).swapaxes(0, 1)
        if not tiles.flags.c_contiguous:
            tiles, copy = copies.rows_together(tiles)
            self._copies = [copy]

        def times(x: Array, out: Array) -> None:
            # Of rows that are not in one piece matmul would make a copy for each tile.
            rows = x if x.strides[2] == x.itemsize else x.copy()
            np.matmul(rows[:, None], tiles, out.reshape(len(x), N, R // wide, wide).swapaxes(1, 2))

        self._times = times
