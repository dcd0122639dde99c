"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order. A step multiplies [W b_ih b_hh U] by [x; 1; 1; h] in one
product; where x is large for the number of sequences, [W b_ih] [x; 1] is computed for many steps at once before them
and [b_hh U] [1; h] at each. The products that give weight gradients are taken once per stretch of steps after them.

What has gates lies sequence by column: what a step has is (rows, N), so that weights (G*H, ·) multiply from the left as
PyTorch stores them, and the gates of a step lie one after the other. The plain RNN lies sequence by row, (N, ·). A
sweep has a copy of the weights, a tape has memory for T steps of N sequences with views for each of them, all made
once. A forward pass fills a tape; a backward pass reads it and leaves it as it was. Both take a stretch of steps at a
time, so that what they need besides stays in the cache.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnref.layout import REGISTER, empty, write, write_gates
from rnnref.products import CACHE
from rnnref.typing import Array

STRETCH = 256
"""Columns that are taken at a time, at least: enough for a fast product, few enough for the cache."""


class Gradients(NamedTuple):
    """Those at x (T, N, D), at the initial states (N, ·) each, and at the weights in the order of `Sweep.load`."""

    x: Array
    states: list[Array]
    weights: list[Array]


class Weights:
    """[W b_ih b_hh U] (rows, D + 2 + R) times `sign`, and for the way back W^T and U^T without it.

    `blocks` say which gates lie together, a letter for each; `back_W` and `back_U` in which order the way back takes
    them. For one sequence columns lie together, else rows.
    """

    def __init__(
        self,
        blocks: tuple[str, ...],
        back_W: str,
        back_U: str,
        sizes: tuple[int, int, int],
        dtype: np.dtype[Any],
        one: bool,
        sign: int = 1,
    ) -> None:
        self.D, self.H, self.R = sizes
        self.gates, self.back_W, self.back_U = blocks, back_W, back_U
        self.sign, self.one = dtype.type(sign), one
        self.blocks = [_lying((len(gates) * self.H, self.D + 2 + self.R), dtype, one) for gates in blocks]
        self._back: tuple[Array, Array] | None = None
        self._stale = True

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array | None, order: str) -> None:
        """Copy weights whose gates lie in this order."""
        D, sign = self.D, self.sign
        for gates, own in zip(self.gates, self.blocks, strict=True):
            write_gates(W, order, gates, own[:, :D], sign)
            write_gates(b_ih, order, gates, own[:, D], sign)
            if b_hh is None:
                own[:, D + 1] = 0
            else:
                write_gates(b_hh, order, gates, own[:, D + 1], sign)
            write_gates(U, order, gates, own[:, D + 2 :], sign)
        self._stale = True

    def back(self) -> tuple[Array, Array]:
        """W^T (D, rows) and U^T (R, rows) of what was loaded last; always the same arrays."""
        D, H, R = self.D, self.H, self.R
        if self._back is None:
            dtype, rows = self.blocks[0].dtype, len(self.back_W) * H
            self._back = _lying((D, rows), dtype, self.one), _lying((R, rows), dtype, self.one)
        if self._stale:
            columns = slice(D), slice(D + 2, None)
            for own, order, out in zip(columns, (self.back_W, self.back_U), self._back, strict=True):
                for gates, block in zip(self.gates, self.blocks, strict=True):
                    for k, gate in enumerate(gates):
                        first = order.index(gate) * H
                        write(block[k * H : (k + 1) * H, own], out[:, first : first + H].T, self.sign)
            self._stale = False
        return self._back


def _lying(shape: tuple[int, int], dtype: np.dtype[Any], columns_together: bool) -> Array:
    return empty(shape[::-1], dtype).T if columns_together else empty(shape, dtype)


class Sweep(Protocol):
    """A cell with a copy of its weights, over a sequence. States are a list: h, or h and c."""

    one: bool
    """Whether it is made for one sequence at a time; it takes more, too."""

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array | None = None, /) -> None:
        """Copy weights W (G*H, D), U (G*H, R) and biases (G*H,)."""

    def tape(self, T: int, N: int) -> Any:
        """An empty tape."""

    def forward(self, x: Array, states: Sequence[Array], tape: Any, out: Array | None = None) -> None:
        """Fill the tape, from x (T, N, D) and the initial states (N, ·); write all states h into `out` (T, N, ·)."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any) -> Gradients:
        """Gradients from those at all states h (T, N, ·) and at the last states (N, ·)."""


class Tape(ABC):
    """What a forward pass over T steps of N sequences leaves for the way back; it can be filled again and again.

    `holds_x` says whether x is a part of it; else the way back takes x from its caller.
    """

    holds_x: bool

    def __init__(self, sweep: Any, T: int, N: int) -> None:
        self.sweep, self.T, self.N = sweep, T, N
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

    @abstractmethod
    def arrays(self) -> list[Array]:
        """What the tape is made of; the rest are views."""

    @abstractmethod
    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, ·), a view."""

    @abstractmethod
    def last(self) -> list[Array]:
        """The last states (N, ·), views."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _filled, (
            type(self),
            self.sweep,
            self.T,
            self.N,
            self.arrays(),
        )  # a copy's views are into its own arrays


class TapeByColumn(Tape):
    """One whose steps have [x; 1; 1; h] (·, N), or [1; h] where x is not held: then products with [x; 1; 1] come before."""

    def __init__(self, sweep: Any, T: int, N: int) -> None:
        super().__init__(sweep, T, N)
        weights: Weights = sweep.weights
        D, R, dtype = weights.D, weights.R, weights.blocks[0].dtype
        rows = sum(map(len, weights.blocks))
        self.holds_x = joined(rows, D, R, N, dtype)
        self.before_h = D + 2 if self.holds_x else 1
        self.z = empty((T + 1, self.before_h + R, N), dtype)
        self.z[:, max(0, self.before_h - 2) : self.before_h] = 1
        self.h, self.x = self.z[:, self.before_h :], self.z[:-1, :D]
        # Weights that don't stay in the cache are fetched for each stretch: then longer ones.
        self.stretches = stretches(T, N, 4 if rows * D * dtype.itemsize > 4 * CACHE else 1)
        self.length = self.stretches[0].stop

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, R), a view."""
        return self.h[1:].swapaxes(1, 2)

    def last(self) -> list[Array]:
        """The last states (N, ·), views."""
        return [self.h[-1].T]


def _filled(kind: Callable[..., Tape], sweep: Sweep, T: int, N: int, arrays: list[Array]) -> Tape:
    """A tape with copies of these arrays."""
    tape = kind(sweep, T, N)
    for own, array in zip(tape.arrays(), arrays, strict=True):
        own[:] = array
    return tape


def run(sweep: Sweep, x: Array, *states: Array) -> Any:
    """The tape of a sweep over x (T, N, D) from the initial states (N, ·)."""
    T, N, _ = x.shape
    tape = sweep.tape(T, N)
    sweep.forward(x, states, tape)
    return tape


def joined(rows: int, D: int, R: int, N: int, dtype: np.dtype[Any]) -> bool:
    """Whether one product with [x; 1; 1; h] a step beats one for all steps of x and one a step with h.

    It does where W stays near the processor from one step to the next; the more sequences, the less that counts.
    """
    of_x, of_both = rows * D * dtype.itemsize, rows * (D + R) * dtype.itemsize
    if N == 1:
        return 4 * of_both <= CACHE
    if N < 16:
        return 4 * of_x <= CACHE
    return of_x <= CACHE and of_both <= 4 * CACHE and N * dtype.itemsize % REGISTER == 0


def stretches(T: int, N: int, longer: int = 1) -> list[slice]:
    """The steps, a stretch at a time, or so many."""
    length = min(T, longer * stretch_length(T, N))
    return [slice(first, min(first + length, T)) for first in range(0, T, length)]


def stretch_length(T: int, N: int) -> int:
    """The steps of the longest stretch."""
    return min(T, max(1, STRETCH // N))


def pieces(own: slice, bytes_of_a_step: int) -> list[slice]:
    """The steps of a stretch, so many at a time that they take half of the cache, the last first."""
    length = max(1, CACHE // 2 // bytes_of_a_step)
    return [slice(max(own.start, stop - length), stop) for stop in range(own.stop, own.start, -length)]


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums, in place from the second on."""
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts
