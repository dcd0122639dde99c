"""The plain RNN over a sequence, fast: `rnn_step` T times (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnref.rows import Steps
from rnnref.sweep import BY_EXP, Gradients, added, flat, numbers, right, stretches, up
from rnnref.typing import Array


class RNNSweep(NamedTuple):
    """W (1, H, D), U (1, H, H), b (1, H); h_new = tanh(x W^T + h U^T + b), or relu. The tape is the state array (T + 1, N, H)."""

    W: Array
    U: Array
    b: Array
    relu: bool = False

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> Array:
        """The states, the initial ones among them."""
        (h0,) = states
        hs = steps.states(h0)
        written = steps.after(hs)
        # tanh by exp takes -2 a, which costs nothing when the weights are scaled.
        relu, by_exp = self.relu, h0.size >= BY_EXP and not self.relu
        scale = np.full((1, 1, 1), -2 if by_exp else 1, hs.dtype)
        W, U = (right(w, len(h0), scale).reshape(-1, h0.shape[1]) for w in (self.W, self.U))
        b = self.b * scale[0]
        zero, one, two = numbers(hs.dtype, 0, 1, 2)
        with np.errstate(all="ignore"):
            np.matmul(flat(x), W, out=flat(written))
            np.add(written, b, out=written)
            views = zip(
                steps.walk(steps.before(hs)), steps.walk(written), steps.each(np.empty(h0.shape, h0.dtype)), strict=True
            )
            for h, h_new, tmp in views:
                h.dot(U, tmp)
                np.add(h_new, tmp, h_new)
                if relu:
                    np.maximum(h_new, zero, out=h_new)
                elif by_exp:
                    np.exp(h_new, h_new)
                    np.add(h_new, one, h_new)
                    np.divide(two, h_new, h_new)
                    np.subtract(h_new, one, h_new)
                else:
                    np.tanh(h_new, h_new)
            steps.clear(written)
        return hs

    def hidden(self, tape: Array) -> list[Array]:
        """The tape is all there is."""
        return [tape]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Array, steps: Steps) -> Gradients:
        """Back-propagation through time; weights: W, U, b."""
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh = dstates[0].copy()
        weights: list[Array] = []
        W, U = self.W[0], self.U[0]
        with np.errstate(all="ignore"):
            for part, own in stretches(steps):
                h, h_new = steps.before(tape)[own], steps.after(tape)[own]
                da = (h_new > 0).astype(h_new.dtype) if self.relu else 1 - np.square(h_new)
                views = zip(up(part.each(dh)), up(part.walk(dhs[own])), up(part.walk(da)), strict=True)
                for dh_t, dy, da_t in views:
                    np.add(dh_t, dy, dh_t)
                    np.multiply(da_t, dh_t, da_t)
                    da_t.dot(U, dh_t)
                part.clear(da)
                rows = flat(da)
                np.matmul(rows, W, out=flat(dx[own]))
                parts = [rows.T @ flat(x[own]), rows.T @ flat(h), rows.sum(axis=0)]
                weights = added(weights, [p[None] for p in parts])
        return Gradients(dx, [dh], weights)
