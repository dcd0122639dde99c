"""The LSTM over a sequence, fast: `lstm_step` over all rows (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np

from rnnref.rows import Steps
from rnnref.sweep import Gradients, added, back_through, numbers, project, running, stretches, tanh_for, up
from rnnref.typing import Array


class LSTMTape(NamedTuple):
    """States (S + N, R) and cells (S + N, H) with the initial ones, gates (4, S, H), tanh of the new cells (S, H)."""

    states: Array
    cells: Array
    gates: Array
    tanh_c: Array


@dataclass(frozen=True, slots=True)
class LSTMSweep:
    """W (4, H, D), U (4, H, R), b (4, H), gates i, f, g, o; with a projection P (R, H) h = (o * tanh c) P^T, else R = H."""

    W: Array
    U: Array
    b: Array
    P: Array | None = None

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> LSTMTape:
        """The states, cells and gates of all steps."""
        h0, c0 = states
        P = None if self.P is None else self.P.T
        # One exp for all gates: 1 / (1 + exp(-a)) for i, f, o and 2 / (1 + exp(-2 a)) - 1 = tanh(a) for g.
        over = np.array([1, 1, 2, 1], c0.dtype)[:, None, None]
        (one,) = numbers(c0.dtype, 1)
        U = (self.U * -over).swapaxes(1, 2)
        hs, cs = steps.states(h0), steps.states(c0)
        tanh_c = np.empty((steps.count, c0.shape[1]), c0.dtype)
        outputs = steps.now(steps.after(hs))
        tanh = tanh_for(c0.size)
        with np.errstate(all="ignore"):
            gates = project(x, self.W * -over, self.b * -over[:, 0])
            views = zip(
                steps.blocks(gates),
                steps.before(hs),
                steps.before(cs),
                outputs if P is None else running(np.empty_like(c0), steps),
                steps.now(steps.after(cs)),
                steps.now(tanh_c),
                running(np.empty((4, *c0.shape), c0.dtype), steps),
                outputs,
                strict=True,
            )
            for a, h, c, h_new, c_new, t, tmp, output in views:
                np.matmul(h, U, tmp)
                np.add(a, tmp, a)
                np.exp(a, a)
                np.add(a, one, a)
                np.divide(over, a, a)
                i, f, g, o = a
                np.subtract(g, one, g)
                np.multiply(f, c, c_new)
                np.multiply(i, g, t)
                np.add(c_new, t, c_new)
                tanh(c_new, t)
                np.multiply(o, t, h_new)
                if P is not None:
                    np.matmul(h_new, P, output)
        return LSTMTape(hs, cs, gates, tanh_c)

    def hidden(self, tape: LSTMTape) -> list[Array]:
        """h and c."""
        return [tape.states, tape.cells]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: LSTMTape, steps: Steps) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where there is one, P."""
        dx = np.empty_like(x)
        dh, dc = (d.copy() for d in dstates)
        weights: list[Array] = []
        with np.errstate(all="ignore"):
            for part, rows in stretches(steps):
                i, f, g, o = gates = tape.gates[:, rows]
                t = tape.tanh_c[rows]
                # Factors of dc in da[:3] and of dm in da[3]; m = o * tanh c is h before a projection.
                da = 1 - gates
                da *= gates
                da[0] *= g
                da[1] *= steps.read(tape.cells, rows)
                np.multiply(1 - np.square(g), i, out=da[2])
                da[3] *= t
                through_t = o * (1 - np.square(t))
                d_output = self._loop_back(dhs[rows], dh, dc, da, f, through_t, part)
                back_through(da, self.W, dx[rows])
                by_gate = da.swapaxes(1, 2)
                parts = [by_gate @ x[rows], by_gate @ steps.read(tape.states, rows), da.sum(axis=1)]
                weights = added(weights, parts if d_output is None else [*parts, d_output.T @ (o * t)])
        return Gradients(dx, [dh, dc], weights)

    def _loop_back(
        self, dhs: Array, dh: Array, dc: Array, da: Array, f: Array, through_t: Array, part: Steps
    ) -> Array | None:
        """One stretch: changes dh, dc and da in place; returns the gradients at the projected states, if projected."""
        U, P = self.U, self.P
        d_output = None if P is None else np.empty_like(dhs)
        views = zip(
            up(running(dh, part)),
            up(running(dc, part)),
            up(part.now(dhs)),
            up(part.now(f)),
            up(part.now(through_t)),
            up(part.blocks(da)),
            up(running(np.empty((4, *dh.shape), dh.dtype), part)),
            repeat(dh, len(part)) if d_output is None else up(part.now(d_output)),
            up(running(np.empty_like(dc), part)),
            strict=True,
        )
        for dh_t, dc_t, dy, keep, over_t, da_t, tmp, projected, dm in views:
            np.add(dh_t, dy, dh_t)
            if P is None:
                dm = dh_t
            else:
                projected[:] = dh_t
                np.matmul(dh_t, P, dm)
            np.multiply(over_t, dm, over_t)
            np.add(dc_t, over_t, dc_t)
            np.multiply(da_t[:3], dc_t, da_t[:3])
            np.multiply(da_t[3], dm, da_t[3])
            np.multiply(dc_t, keep, dc_t)
            np.matmul(da_t, U, tmp)
            np.add.reduce(tmp, 0, None, dh_t)
        return d_output
