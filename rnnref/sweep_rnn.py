"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how).

With one gate there is nothing to lay out: unlike those of the LSTM and the GRU its arrays lie sequence by row, as x and y do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.sweep import (
    Gradients,
    Scratch,
    Tape,
    Total,
    empty,
    flat,
    numbers,
    product_of_rows,
    products_of_rows,
    stretches,
    vectors,
)
from rnnref.typing import Array


class RNNTape(Tape):
    """States h (T + 1, N, H) alone."""

    def _each_step(self) -> list[tuple[Array, ...]]:
        return list(zip(vectors(self.h[:-1]), vectors(self.h[1:]), strict=True))

    def outputs(self) -> Array:
        """All states h after the initial one, (T, N, H), a view."""
        return self.h[1:]

    def last(self) -> list[Array]:
        """The last state (N, H), a view."""
        return [self.h[-1]]


class RNNSweep:
    """W (H, D), U (H, H), b (H,); h_new = tanh(W x + U h + b), or relu."""

    def __init__(self, W: Array, U: Array, b: Array, relu: bool = False) -> None:
        self.W, self.U, self.b = empty(W.shape, W.dtype), empty(U.shape, U.dtype), empty(b.shape, b.dtype)
        self.load(W, U, b, relu)

    def load(self, W: Array, U: Array, b: Array, relu: bool = False) -> None:
        """Copy other weights of the same shapes over those that are here."""
        self.W[:], self.U[:], self.b[:] = W, U, b
        self.relu = relu

    def tape(self, T: int, N: int) -> RNNTape:
        """An empty tape."""
        return RNNTape(T, N, empty((T + 1, N, len(self.U)), self.U.dtype))

    def forward(self, x: Array, states: Sequence[Array], tape: RNNTape, out: Array | None = None) -> None:
        """The states of all steps."""
        T, N = tape.T, tape.N
        tape.h[0] = states[0]
        from_x, times = products_of_rows(self.W.T, N), product_of_rows(self.U.T, N, T)
        relu, add, maximum, tanh = self.relu, np.add, np.maximum, np.tanh
        (zero,), (from_h,) = numbers(x.dtype, 0), vectors(empty((1, *states[0].shape), x.dtype))
        views = tape.views()
        with np.errstate(all="ignore"):
            for own in stretches(T, N):
                a = tape.h[1:][own]
                from_x(x[own], a)
                add(a, self.b, a)
                for h, h_new in views[own]:
                    times(h, from_h)
                    add(h_new, from_h, h_new)
                    if relu:
                        maximum(h_new, zero, out=h_new)
                    else:
                        tanh(h_new, h_new)
                if out is not None:
                    out[own] = a

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: RNNTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b."""
        T, N = tape.T, tape.N
        add, multiply = np.add, np.multiply
        (one,) = numbers(x.dtype, 1)
        scratch = tape.memory_back(Scratch)
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = dstates[0].copy()
        (dh,) = vectors(dh_last[None])
        times, to_x = product_of_rows(self.U, N, T), products_of_rows(self.W, N)
        dW, dU, db = Total(), Total(), np.zeros(len(self.U), x.dtype)
        with np.errstate(all="ignore"):
            for own in stretches(T, N)[::-1]:
                h_new = tape.h[1:][own]
                da = scratch.take("factors", h_new.shape, h_new.dtype)
                if self.relu:
                    np.greater(h_new, 0, out=da)
                else:
                    multiply(h_new, h_new, da)
                    np.subtract(one, da, da)
                for dy, da_t in zip(vectors(dhs[own])[::-1], vectors(da)[::-1], strict=True):
                    add(dh, dy, dh)
                    multiply(da_t, dh, da_t)
                    times(da_t, dh)
                to_x(da, dx[own])
                rows = flat(da)
                dW.add(rows.T, flat(x[own]))
                dU.add(rows.T, flat(tape.h[own]))
                add(db, add.reduce(rows, 0), db)
        tape.keep(scratch)
        return Gradients(dx, [dh_last], [dW.value(), dU.value(), db])
