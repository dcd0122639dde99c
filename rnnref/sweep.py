"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order. A step multiplies [W b_ih b_hh U] by [x; 1; 1; h] in one
product; where x is large for the number of sequences, [W b_ih b_hh] [x; 1; 1] is computed for many steps at once before
them, and U h at each. The products that give weight gradients are taken once per stretch of steps after them.

What has gates lies sequence by column: what a step has is (rows, N), so that weights (G*H, ·) multiply from the left as
PyTorch stores them, and the gates of a step lie one after the other. The plain RNN lies sequence by row, (N, ·). A
sweep has a copy of the weights, a tape has memory for T steps of N sequences with views for each of them, all made
once. A forward pass fills a tape; a backward pass reads it and leaves it as it was. Both take a stretch of steps at a
time, so that what they need besides stays in the cache.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnref.layout import CACHE, MINUS, ZERO, empty, filled, turn
from rnnref.loaded_weights import Weights
from rnnref.typing import Array

STRETCH = 256
"""Columns that are taken at a time, about: enough for a fast product, few enough for the cache."""


class Gradients(NamedTuple):
    """Those at x (T, N, D), at the initial states (N, ·) each, and at the weights in the order of `Sweep.load`."""

    x: Array
    states: list[Array]
    weights: list[Array]


class Sweep(Protocol):
    """A cell with a copy of its weights, over a sequence. States are a list: h, or h and c."""

    def fits(self, N: int) -> bool:
        """Whether one made for N sequences would be the same."""

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, /) -> None:
        """Copy weights W (G*H, D), U (G*H, R) and biases (G*H,)."""

    def tape(self, T: int, N: int) -> Any:
        """An empty tape."""

    def forward(self, x: Array, states: Sequence[Array], tape: Any, out: Array | None = None) -> None:
        """Fill the tape, from x (T, N, D) and the initial states (N, ·); write all states h into `out` (T, N, ·)."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any) -> Gradients:
        """Gradients from those at all states h (T, N, ·) and at the last states (N, ·)."""


class Tape(ABC):
    """What a forward pass over T steps of N sequences leaves for the way back; it can be filled again and again.

    `holds_x` says whether x is a part of it; else the way back takes x from its caller. `stretches` are of `length` steps,
    but for the last.
    """

    holds_x: bool

    def __init__(self, sweep: Any, T: int, N: int, bytes_of_weights: int) -> None:
        self.sweep, self.T, self.N = sweep, T, N
        self.length = stretch_length(T, N, bytes_of_weights)
        self.stretches = stretches(T, self.length)
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
        """All states h after the initial one, (T, N, ·)."""

    @abstractmethod
    def last(self) -> list[Array]:
        """The last states (N, ·)."""

    def __reduce__(self) -> tuple[Any, ...]:
        made_of = self.sweep, self.T, self.N
        return filled, (type(self), made_of, self.arrays())  # a copy's views are into its own arrays


class TapeByColumn(Tape):
    """One whose steps have -[x; 1; 1; h] (·, N), or -h where x is not held: then products with x come before.

    Negative, because what σ needs of a product is its opposite.
    """

    def __init__(self, sweep: Any, T: int, N: int) -> None:
        weights: Weights = sweep.weights
        D, R, dtype = weights.D, weights.R, weights.dtype
        super().__init__(sweep, T, N, weights.gates * weights.H * (D + R) * dtype.itemsize)
        self.holds_x = weights.together
        self.in_rows = self.holds_x and N == 1  # columns of one sequence are rows, too
        self.before_h = D + 2 if self.holds_x else 0
        self.z = empty((T + 1, self.before_h + R, N), dtype)
        self.z[:, max(0, self.before_h - 2) : self.before_h] = -1
        self.minus_h, self.minus_x = self.z[:, self.before_h :], self.z[:-1, :D]

    def take_into_z(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        turn(x, MINUS[x.dtype], self.minus_x[own])

    def factor_of(self, weights: Array) -> Array:
        """What a step's product with weights (rows, ·) takes: the last rows of z, (T + 1, ·, N)."""
        return self.z[:, self.z.shape[1] - weights.shape[1] :]

    def give(self, own: slice, out: Array) -> None:
        """Write the states h after these steps into `out` (T, N, R)."""
        to = out[own]
        to[...] = self.minus_h[1:][own].swapaxes(1, 2)
        np.subtract(ZERO[to.dtype], to, to)

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, R)."""
        return minus(self.minus_h[1:].swapaxes(1, 2))

    def last(self) -> list[Array]:
        """The last states (N, ·)."""
        return [minus(self.minus_h[-1].T)]


def parts_of_z(dz: Array, D: int) -> list[Array]:
    """The gradients at W, U, b_ih and b_hh, which lie as [W b_ih b_hh U]; views."""
    return [dz[:, :D], dz[:, D + 2 :], dz[:, D], dz[:, D + 1]]


def minus(array: Array) -> Array:
    """The opposite, of which no 0 is negative.

    Not by np.negative: NumPy 2.4 reads every entry in a row for some strides of its input and its output.
    """
    opposite: Array = np.subtract(ZERO[array.dtype], array)
    return opposite


def run(sweep: Sweep, x: Array, *states: Array) -> Any:
    """The tape of a sweep over x (T, N, D) from the initial states (N, ·)."""
    T, N, _ = x.shape
    tape = sweep.tape(T, N)
    sweep.forward(x, states, tape)
    return tape


def stretches(T: int, length: int) -> list[slice]:
    """The steps, so many at a time."""
    return [slice(first, min(first + length, T)) for first in range(0, T, length)]


def stretch_length(T: int, N: int, bytes_of_weights: int = 0) -> int:
    """The steps of a stretch; there is no short one at the end where a longer one can do for both.

    Weights that don't stay in the cache, and their gradients, are fetched for each stretch: then stretches are longer.
    """
    columns = STRETCH * (4 if bytes_of_weights > 3 * CACHE else 1)
    return math.ceil(T / max(1, int(T * N / columns + 0.4)))


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums, in place from the second on."""
    with np.errstate(all="ignore"):
        return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts
