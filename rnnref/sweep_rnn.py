"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how).

With one gate there is nothing to lay out: unlike those of the LSTM and the GRU its arrays lie sequence by row, as x and y do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnref.layout import empty, flat, vectors
from rnnref.products import CACHE, ProductOfRows, Total, products_of_rows
from rnnref.sweep import Gradients, Tape, Weights, joined, stretch_length, stretches
from rnnref.typing import Array


class RNNSweep:
    """W (H, D), U (H, H), b_ih, b_hh (H,); h_new = tanh(W x + b_ih + U h + b_hh), or relu."""

    def __init__(self, D: int, H: int, dtype: np.dtype[Any], one: bool, relu: bool = False) -> None:
        self.H, self.relu = H, relu
        self.one = one
        self.weights = Weights(("h",), "h", "h", (D, H, H), dtype, one)

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array | None = None, order: str = "h") -> None:
        """Copy these weights."""
        self.weights.load(W, U, b_ih, b_hh, order)

    def tape(self, T: int, N: int) -> RNNTape:
        """An empty tape."""
        return RNNTape(self, T, N)

    def forward(self, x: Array, states: Sequence[Array], tape: RNNTape, out: Array | None = None) -> None:
        """The states of all steps."""
        tape.h[0] = states[0]
        times, a, relu, zero = tape.product.ready(), tape.a, self.relu, tape.zero
        add, maximum, tanh = np.add, np.maximum, np.tanh
        apart = not tape.holds_x
        with np.errstate(all="ignore"):
            for own in tape.stretches:
                tape.take(x[own], own)
                for z, h_new in tape.steps[own]:
                    times(z, a)
                    if apart:
                        add(a, h_new, a)  # it holds what comes from x
                    if relu:
                        maximum(a, zero, out=h_new)
                    else:
                        tanh(a, h_new)
                if out is not None:
                    out[own] = tape.h[1:][own]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: RNNTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b_ih, b_hh."""
        T, N = tape.T, tape.N
        add, multiply = np.add, np.multiply
        memory: _Back = tape.memory_back(lambda: _Back(self, tape))
        (weights,) = self.weights.blocks
        times, to_x, dh = memory.product.ready(), products_of_rows(weights[:, : self.weights.D], N), memory.dh
        memory.dh_last[:] = dstates[0]
        dx = np.empty((T, N, self.weights.D), dhs.dtype)
        dW, dU, db = Total(), Total(), np.zeros(self.H, dhs.dtype)
        with np.errstate(all="ignore"):
            for own in stretches(T, N)[::-1]:
                S = own.stop - own.start
                h_new, da = tape.h[1:][own], memory.da[:S]
                if self.relu:
                    np.greater(h_new, 0, out=da)
                else:
                    multiply(h_new, h_new, da)
                    np.subtract(1, da, da)
                for dy, da_t in zip(vectors(dhs[own])[::-1], memory.steps[:S][::-1], strict=True):
                    add(dh, dy, dh)
                    multiply(da_t, dh, da_t)
                    times(da_t, dh)
                to_x(da, dx[own])
                rows = flat(da)
                dW.add(rows.T, flat(tape.x[own] if tape.holds_x else x[own]))
                dU.add(rows.T, flat(tape.h[:-1][own]))
                add(db, add.reduce(rows, 0), db)
        tape.keep(memory)
        return Gradients(dx, [memory.dh_last.copy()], [dW.value(), dU.value(), db, db.copy()])


class RNNTape(Tape):
    """States h (T + 1, N, H); where x is held [x 1 1 h], for one sequence."""

    def __init__(self, sweep: RNNSweep, T: int, N: int) -> None:
        super().__init__(sweep, T, N)
        (weights,), D, H = sweep.weights.blocks, sweep.weights.D, sweep.H
        dtype = weights.dtype
        self.holds_x = N == 1 and joined(H, D, H, N, dtype)
        before_h = D + 2 if self.holds_x else 0
        self.z = empty((T + 1, N, before_h + H), dtype)
        self.z[..., max(0, before_h - 2) : before_h] = 1
        self.h, self.x = self.z[..., before_h:], self.z[:-1, :, :D]
        self.product = ProductOfRows(weights[:, D + 2 - before_h :].T, N, T)
        (self.a,) = vectors(empty((1, N, H), dtype))
        self.zero = np.zeros((), dtype)  # NumPy takes it twice as fast as Python's number
        self.steps = list(zip(vectors(self.z), vectors(self.h[1:]), strict=False))
        self.stretches = stretches(T, N, 4 if H * D * dtype.itemsize > CACHE else 1)

    def take(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        if self.holds_x:
            self.x[own] = x
            return
        (weights,), D = self.sweep.weights.blocks, self.sweep.weights.D
        from_x = self.h[1:][own]
        products_of_rows(weights[:, :D].T, self.N)(x, from_x)
        np.add(from_x, weights[:, D] + weights[:, D + 1], from_x)

    def arrays(self) -> list[Array]:
        """z."""
        return [self.z]

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, H), a view."""
        return self.h[1:]

    def last(self) -> list[Array]:
        """The last state (N, H), a view."""
        return [self.h[-1]]


class _Back:
    """What the way back works on: the factors (length, N, H) of a stretch, and views for each step."""

    def __init__(self, sweep: RNNSweep, tape: RNNTape) -> None:
        T, N, H, D = tape.T, tape.N, sweep.H, sweep.weights.D
        (weights,) = sweep.weights.blocks
        self.product = ProductOfRows(weights[:, D + 2 :], N, T)
        self.da = empty((stretch_length(T, N), N, H), weights.dtype)
        self.steps = vectors(self.da)
        self.dh_last = empty((N, H), weights.dtype)
        (self.dh,) = vectors(self.dh_last[None])
