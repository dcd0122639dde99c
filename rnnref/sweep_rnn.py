"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how).

With one gate there is nothing to lay out: unlike those of the LSTM and the GRU its arrays lie sequence by row, as x and y do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnref.layout import ONE, ZERO, empty, flat, vectors
from rnnref.loaded_weights import Copies, multiplied_together
from rnnref.products import ProductOfRows, ProductsOfRows, Total, sums
from rnnref.sweep import Gradients, Tape, parts_of_z
from rnnref.typing import Array


class RNNSweep:
    """W (H, D), U (H, H), b_ih, b_hh (H,); h_new = tanh(W x + b_ih + U h + b_hh), or relu."""

    def __init__(self, D: int, H: int, dtype: np.dtype[Any], N: int, relu: bool = False) -> None:
        self.D, self.H, self.dtype, self.relu = D, H, dtype, relu
        self.together = self._together(N)
        self.W, self.U, self.b = empty((H, D), dtype), empty((H, H), dtype), empty((H,), dtype)
        self.both = empty((D + 2 + H, H), dtype) if self.together else None
        self.copies = Copies()

    def _together(self, N: int) -> bool:
        return N == 1 and multiplied_together(self.H, self.D, self.H, N, self.dtype)

    def fits(self, N: int) -> bool:
        """Whether one made for N sequences would be the same."""
        return self._together(N) == self.together

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, order: str = "h") -> None:
        """Copy these weights."""
        self.W[...], self.U[...] = W, U
        if self.both is not None:
            D, both = self.D, self.both
            both[:D], both[D], both[D + 1], both[D + 2 :] = W.T, b_ih, b_hh, U.T
        else:
            with np.errstate(all="ignore"):
                np.add(b_ih, b_hh, self.b)
        self.copies.loaded()

    def tape(self, T: int, N: int) -> RNNTape:
        """An empty tape."""
        return RNNTape(self, T, N)

    def forward(self, x: Array, states: Sequence[Array], tape: RNNTape, out: Array | None = None) -> None:
        """The states of all steps."""
        tape.h[0] = states[0]
        times, a, relu, zero, together = tape.product.ready(), tape.a, self.relu, ZERO[x.dtype], self.together
        add, maximum, tanh = np.add, np.maximum, np.tanh
        with np.errstate(all="ignore"):
            for own in tape.stretches:
                tape.take(x[own], own)
                for z, h_new in tape.steps[own]:
                    times(z, a)
                    if not together:
                        add(a, h_new, a)  # it holds what comes from x
                    if relu:
                        maximum(a, zero, out=h_new)
                    else:
                        tanh(a, h_new)
                if out is not None:
                    out[own] = tape.h[1:][own]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: RNNTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b_ih, b_hh."""
        T, N, one = tape.T, tape.N, ONE[self.dtype]
        add, multiply = np.add, np.multiply
        memory: _Back = tape.memory_back(lambda: _Back(self, tape))
        times, to_x, dh = memory.product.ready(), memory.to_x.ready(), memory.dh
        memory.dh_last[...] = dstates[0]
        dx = np.empty((T, N, self.D), self.dtype)
        dz, dW, dU, db, together = Total(), Total(), Total(), np.zeros(self.H, self.dtype), self.together
        with np.errstate(all="ignore"):
            for own in tape.stretches[::-1]:
                S = own.stop - own.start
                h_new, da = tape.h[1:][own], memory.da[:S]
                if self.relu:
                    np.greater(h_new, 0, out=da)
                else:
                    multiply(h_new, h_new, da)
                    np.subtract(one, da, da)
                for dy, da_t in zip(vectors(dhs[own])[::-1], memory.steps[:S][::-1], strict=True):
                    add(dh, dy, dh)
                    multiply(da_t, dh, da_t)
                    times(da_t, dh)
                to_x(da, dx[own])
                rows = flat(da)
                if together:
                    dz.add(rows.T, flat(tape.z[:-1][own]))
                    continue
                dW.add(rows.T, flat(x[own]))
                dU.add(rows.T, flat(tape.h[:-1][own]))
                add(db, sums(rows.T), db)
        tape.keep(memory)
        if together:
            weights = [part.copy() for part in parts_of_z(dz.value(), self.D)]
        else:
            weights = [dW.value(), dU.value(), db, db.copy()]
        return Gradients(dx, [memory.dh_last.copy()], weights)


class RNNTape(Tape):
    """States h (T + 1, N, H); where x is held [x 1 1 h], for one sequence."""

    def __init__(self, sweep: RNNSweep, T: int, N: int) -> None:
        D, H, dtype = sweep.D, sweep.H, sweep.dtype
        super().__init__(sweep, T, N, H * (D + H) * dtype.itemsize)
        self.holds_x = sweep.together
        before_h = D + 2 if self.holds_x else 0
        self.z = empty((T + 1, N, before_h + H), dtype)
        self.z[..., D:before_h] = 1
        self.h, self.x = self.z[..., before_h:], self.z[:-1, :, :D]
        self._W = ProductsOfRows(sweep.W.T, N, sweep.copies)
        self.product = ProductOfRows(sweep.U.T if sweep.both is None else sweep.both, N, T, sweep.copies)
        (self.a,) = vectors(empty((1, N, H), dtype))
        self.steps = list(zip(vectors(self.z), vectors(self.h[1:]), strict=False))

    def take(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        if self.holds_x:
            self.x[own] = x
            return
        from_x = self.h[1:][own]
        self._W.ready()(x, from_x)
        np.add(from_x, self.sweep.b, from_x)

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
        T, N, H = tape.T, tape.N, sweep.H
        self.product = ProductOfRows(sweep.U, N, T, sweep.copies)
        self.to_x = ProductsOfRows(sweep.W, N, sweep.copies)
        self.da = empty((tape.length, N, H), sweep.dtype)
        self.steps = vectors(self.da)
        self.dh_last = empty((N, H), sweep.dtype)
        (self.dh,) = vectors(self.dh_last[None])
