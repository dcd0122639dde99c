"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.sweep import (
    BackProjection,
    Gradients,
    Projection,
    Scratch,
    Tape,
    Total,
    each,
    empty,
    flat,
    for_product,
    numbers,
    product,
    stretches,
    upright,
)
from rnnref.typing import Array


class RNNTape(Tape):
    """States h alone."""

    def _each_step(self) -> list[tuple[Array, ...]]:
        h_new = self.h[1:]
        return list(zip(each(self.h), each(h_new), for_product(h_new, self.h.shape[1]), strict=False))


class RNNSweep:
    """W (H, D), U (H, H), b (H,); h_new = tanh(W x + U h + b), or relu."""

    def __init__(self, W: Array, U: Array, b: Array, relu: bool = False) -> None:
        rows, D = W.shape
        self.Wb, self.U = empty((rows, D + 1), W.dtype), empty(U.shape, U.dtype)
        self.load(W, U, b, relu)

    def load(self, W: Array, U: Array, b: Array, relu: bool = False) -> None:
        """Copy other weights of the same shapes over those that are here."""
        self.Wb[:, :-1], self.Wb[:, -1], self.U[:] = W, b, U
        self.relu = relu

    def tape(self, T: int, N: int) -> RNNTape:
        """An empty tape."""
        H, D = len(self.U), self.Wb.shape[1] - 1
        dtype = self.U.dtype
        return RNNTape(T, N, empty((T + 1, H, N), dtype), Projection(H, D, T, N, dtype))

    def forward(self, x: Array, states: Sequence[Array], tape: RNNTape, out: Array | None = None) -> None:
        """The states of all steps."""
        tape.h[0] = states[0].T
        times = product(self.U, tape.N, tape.T)
        relu, add, maximum, tanh = self.relu, np.add, np.maximum, np.tanh
        (zero,) = numbers(x.dtype, 0)
        with np.errstate(all="ignore"):
            for own, steps in tape.steps(out):
                tape.from_x(self.Wb, x[own])
                for (h, h_new, from_h), (from_x,) in steps:
                    times(h, from_h)
                    add(h_new, from_x, h_new)
                    if relu:
                        maximum(h_new, zero, out=h_new)
                    else:
                        tanh(h_new, h_new)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: RNNTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b."""
        H = len(self.U)
        add, multiply = np.add, np.multiply
        scratch = tape.memory_back(Scratch)
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        (dh,), (dh_before,) = each(dh_last), for_product(dh_last, H)
        times = product(self.U.T, tape.N, tape.T)
        to_x = BackProjection(self.Wb[:, :-1], tape.N, scratch)
        dW, dU, db = Total(), Total(), np.zeros(H, x.dtype)
        with np.errstate(all="ignore"):
            for own in stretches(tape.T, tape.N):
                h_new = tape.h[1:][own]
                da = scratch.take("factors", h_new.shape, h_new.dtype)
                if self.relu:
                    np.greater(h_new, 0, out=da)
                else:
                    np.multiply(h_new, h_new, out=da)
                    np.subtract(1, da, out=da)
                for dy, da_t in zip(each(scratch.upright("dhs", dhs[own]))[::-1], each(da)[::-1], strict=True):
                    add(dh, dy, dh)
                    multiply(da_t, dh, da_t)
                    times(da_t, dh_before)
                rows = scratch.columns("da", da)
                to_x(da, rows, dx[own])
                dW.add(rows, flat(x[own]))
                dU.add(rows, flat(scratch.upright("h", tape.h[own])))
                db += np.add.reduce(rows, 1)
        tape.keep(scratch)
        return Gradients(dx, [dh_last[0].T], [dW.value(), dU.value(), db])
