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

from rnnref.layout import MINUS, REGISTER, ZERO, empty, runs
from rnnref.products import CACHE, Copies, Copy
from rnnref.typing import Array

STRETCH = 256
"""Columns that are taken at a time, about: enough for a fast product, few enough for the cache."""


class Gradients(NamedTuple):
    """Those at x (T, N, D), at the initial states (N, ·) each, and at the weights in the order of `Sweep.load`."""

    x: Array
    states: list[Array]
    weights: list[Array]


def multiplied_together(rows: int, D: int, R: int, N: int, dtype: np.dtype[Any]) -> bool:
    """Whether weights (rows, D) and (rows, R) are one array for N sequences, as is fastest.

    One product with [x; 1; 1; h] a step beats one for all steps of x and one a step with h where the weights are small or
    x is narrow; how small was measured.
    """
    of_both = rows * (D + R) * dtype.itemsize
    small = 4 * of_both <= CACHE if N > 1 else 5 * of_both <= CACHE
    narrow = N >= 16 and 2 * D <= R and of_both <= 4 * CACHE and N * dtype.itemsize % REGISTER == 0
    return narrow or (small and D <= 4 * R)


class Weights:
    """Copies of W, U, b_ih and b_hh as a cell's products read them, gates one after the other, a letter for each.

    `x` names the gates of W and b_ih, `h` those of U and b_hh. What goes forward and what goes back each read gates that
    lie together; a first one may stand once more at the end, where it is copied before the way back.

    With `together` all is one array [W b_ih b_hh U], in which the first gate of `x` has the same rows in both. Else W and U
    are apart, and b_hh lies beside b_ih, but that of gates in `inner`, which is `b_inner`.
    """

    def __init__(
        self, x: str, h: str, sizes: tuple[int, int, int], dtype: np.dtype[Any], together: bool, inner: str = ""
    ) -> None:
        self.D, self.H, self.R = D, H, R = sizes
        self.dtype, self.together, self.inner = dtype, together, inner
        self._x, self._h, self.copies = x, h, Copies()
        first, rows_x, rows_h = h.index(x[0]) * H, len(x) * H, len(h) * H
        self.b_inner = empty((len(inner) * H,), dtype)
        if together:
            self._both = empty((max(first + rows_x, rows_h), D + 2 + R), dtype)
            self._of_x, self._of_h = self._both[first : first + rows_x, : D + 2], self._both[:rows_h, D + 1 :]
            b_hh = [(h, self._of_h[:, 0])]
        else:
            self._of_x, self._of_h = empty((rows_x, D + 2), dtype), empty((rows_h, R), dtype)
            self._both = self._of_x
            self._of_x[:, D + 1] = 0
            outer = "".join(gate for gate in x if gate not in inner)
            b_hh = [(outer, self._rows(self._of_x, x, outer)[:, D + 1]), (inner, self.b_inner)]
        W, U, b_ih = self._of_x[:, :D], self._of_h[:, -R:], self._of_x[:, D]
        self._places = [(0, x, W), (1, h, U), (2, x, b_ih), *((3, gates, b) for gates, b in b_hh if gates)]
        once = len(set(x)) * H
        arrays = [self._both] if together else [self._of_x, self._of_h]
        self._again = Copy(self.copies, [(a[: len(a) - once], a[once:]) for a in arrays]) if once < rows_x else None
        self._copies: dict[str, list[tuple[int, slice, Array]]] = {}

    def _rows(self, array: Array, order: str, gates: str) -> Array:
        first = order.index(gates) * self.H
        return array[first : first + len(gates) * self.H]

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, order: str) -> None:
        """Copy weights whose gates lie in this order."""
        if order not in self._copies:
            self._copies[order] = self._copies_from(order)
        given = W, U, b_ih, b_hh
        for k, rows, out in self._copies[order]:
            out[...] = given[k][rows]
        self.copies.loaded()

    def _copies_from(self, order: str) -> list[tuple[int, slice, Array]]:
        """Which rows of W, U, b_ih, b_hh go where."""
        H = self.H
        return [
            (k, slice(start * H, (start + count) * H), own[first * H : (first + count) * H])
            for k, gates, own in self._places
            for start, first, count in runs(order, "".join(dict.fromkeys(gates)))
        ]

    def complete(self) -> None:
        """Copy the gates that stand twice."""
        if self._again is not None:
            self._again.renew()

    def both(self, gates: str) -> Array:
        """[W b_ih b_hh U] (rows, D + 2 + R)."""
        return self._rows(self._both, self._h, gates)

    def of_x(self, gates: str) -> Array:
        """[W b_ih b_hh] (rows, D + 2); [W b_ih] (rows, D + 1) where b_hh is a part of `of_h`."""
        own = self._rows(self._of_x, self._x, gates)
        return own[:, :-1] if self._b_hh_with_U(gates) else own

    def of_h(self, gates: str) -> Array:
        """U (rows, R), or [b_hh U] (rows, 1 + R)."""
        own = self._rows(self._of_h, self._h, gates)
        return own if self._b_hh_with_U(gates) else own[:, -self.R :]

    def _b_hh_with_U(self, gates: str) -> bool:
        return self.together and gates in self.inner

    def W(self, gates: str) -> Array:
        """W (rows, D)."""
        return self._rows(self._of_x, self._x, gates)[:, : self.D]

    def U(self, gates: str) -> Array:
        """U (rows, R)."""
        return self._rows(self._of_h, self._h, gates)[:, -self.R :]

    def __reduce__(self) -> tuple[Any, ...]:
        made_of = self._x, self._h, (self.D, self.H, self.R), self.dtype, self.together, self.inner
        return _filled, (Weights, made_of, self.arrays())  # a copy's parts are views into its own arrays

    def arrays(self) -> list[Array]:
        """What the weights are in."""
        return [self._both, self._of_h, self.b_inner]


class Sweep(Protocol):
    """A cell with a copy of its weights, over a sequence. States are a list: h, or h and c."""

    def fits(self, T: int, N: int) -> bool:
        """Whether one made for T steps of N sequences would be the same."""

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
        return _filled, (type(self), made_of, self.arrays())  # a copy's views are into its own arrays


class TapeByColumn(Tape):
    """One whose steps have -[x; 1; 1; h] (·, N), or -h where x is not held: then products with x come before.

    Negative, because what σ needs of a product is its opposite.
    """

    def __init__(self, sweep: Any, T: int, N: int) -> None:
        weights: Weights = sweep.weights
        D, R, dtype = weights.D, weights.R, weights.dtype
        super().__init__(sweep, T, N, sweep.gates * weights.H * (D + R) * dtype.itemsize)
        self.holds_x = weights.together
        self.in_rows = self.holds_x and N == 1  # columns of one sequence are rows, too
        self.before_h = D + 2 if self.holds_x else 0
        self.z = empty((T + 1, self.before_h + R, N), dtype)
        self.z[:, max(0, self.before_h - 2) : self.before_h] = -1
        self.minus_h, self.minus_x = self.z[:, self.before_h :], self.z[:-1, :D]

    def take_into_z(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        to = self.minus_x[own]
        to[...] = x.swapaxes(1, 2)
        np.multiply(to, MINUS[to.dtype], to)

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


def _filled(kind: Callable[..., Any], made_of: tuple[Any, ...], arrays: list[Array]) -> Any:
    """Weights or a tape with copies of these arrays."""
    copy = kind(*made_of)
    for own, array in zip(copy.arrays(), arrays, strict=True):
        own[...] = array
    return copy


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
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts
