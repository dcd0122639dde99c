"""The plain RNN over a sequence, fast: `rnn_step` over all rows (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnref.rows import Steps
from rnnref.sweep import Gradients, added, numbers, project, running, stretches, tanh_for, up
from rnnref.typing import Array


@dataclass(frozen=True, slots=True)
class RNNSweep:
    """W (1, H, D), U (1, H, H), b (1, H); h_new = tanh(x W^T + h U^T + b), or relu. The tape is the state array (S + N, H)."""

    W: Array
    U: Array
    b: Array
    relu: bool = False

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> Array:
        """The states, the initial ones among them."""
        (h0,) = states
        hs = steps.states(h0)
        written = steps.after(hs)
        (zero,) = numbers(hs.dtype, 0)
        tanh, relu = tanh_for(h0.size), self.relu
        U = self.U[0].T
        with np.errstate(all="ignore"):
            project(x, self.W, self.b, out=written[None])
            tmps = running(np.empty_like(h0), steps)
            for h, h_new, tmp in zip(steps.before(hs), steps.now(written), tmps, strict=True):
                np.matmul(h, U, tmp)
                np.add(h_new, tmp, h_new)
                if relu:
                    np.maximum(h_new, zero, out=h_new)
                else:
                    tanh(h_new, h_new)
        return hs

    def hidden(self, tape: Array) -> list[Array]:
        """The tape is all there is."""
        return [tape]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Array, steps: Steps) -> Gradients:
        """Back-propagation through time; weights: W, U, b."""
        dx = np.empty_like(x)
        dh = dstates[0].copy()
        weights: list[Array] = []
        W, U = self.W[0], self.U[0]
        with np.errstate(all="ignore"):
            for part, rows in stretches(steps):
                h_new = steps.after(tape)[rows]
                da = (h_new > 0).astype(h_new.dtype) if self.relu else 1 - np.square(h_new)
                views = zip(up(running(dh, part)), up(part.now(dhs[rows])), up(part.now(da)), strict=True)
                for dh_t, dy, da_t in views:
                    np.add(dh_t, dy, dh_t)
                    np.multiply(da_t, dh_t, da_t)
                    np.matmul(da_t, U, dh_t)
                np.matmul(da, W, out=dx[rows])
                weights = added(
                    weights, [(da.T @ x[rows])[None], (da.T @ steps.read(tape, rows))[None], da.sum(axis=0)[None]]
                )
        return Gradients(dx, [dh], weights)
