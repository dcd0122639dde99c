"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.sweep import (
    Gradients,
    Projection,
    Tape,
    added,
    columns,
    each,
    empty,
    flat,
    for_product,
    numbers,
    product,
    stretches,
    upright,
    with_bias,
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
        self.Wb, self.U, self.relu = with_bias(W, b), U.copy(), relu

    def tape(self, T: int, N: int) -> RNNTape:
        """An empty tape."""
        H, D = len(self.U), self.Wb.shape[1] - 1
        dtype = self.U.dtype
        return RNNTape(T, N, empty((T + 1, H, N), dtype), Projection(H, D, T, N, dtype))

    def forward(self, x: Array, states: Sequence[Array], tape: RNNTape) -> None:
        """The states of all steps."""
        tape.h[0] = states[0].T
        times = product(self.U, tape.N)
        relu, add, maximum, tanh = self.relu, np.add, np.maximum, np.tanh
        (zero,) = numbers(x.dtype, 0)
        with np.errstate(all="ignore"):
            for own, steps in tape.steps():
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
        W, H = self.Wb[:, :-1], len(self.U)
        add, multiply = np.add, np.multiply
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        (dh,), (dh_before,) = each(dh_last), for_product(dh_last, H)
        times = product(self.U.T, tape.N)
        weights: list[Array] = []
        with np.errstate(all="ignore"):
            for own in stretches(tape.T, tape.N):
                h_new = tape.h[1:][own]
                da = (h_new > 0).astype(h_new.dtype) if self.relu else 1 - np.square(h_new)
                for dy, da_t in zip(each(upright(dhs[own]))[::-1], each(da)[::-1], strict=True):
                    add(dh, dy, dh)
                    multiply(da_t, dh, da_t)
                    times(da_t, dh_before)
                rows = columns(da)
                np.matmul(rows.T, W, out=flat(dx[own]))
                parts = [rows @ flat(x[own]), rows @ columns(tape.h[own]).T, rows.sum(axis=1)]
                weights = added(weights, parts)
        return Gradients(dx, [dh_last[0].T], weights)
