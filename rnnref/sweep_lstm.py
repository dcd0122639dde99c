"""The LSTM over a sequence, fast: `lstm_step` over all rows (`rnnref.sweep` says how)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnref.rows import Steps
from rnnref.sweep import (
    Gradients,
    added,
    back_through,
    by_gate,
    flat,
    numbers,
    project,
    right,
    room_for_product,
    stretches,
    tanh_for,
    times_for,
    up,
)
from rnnref.typing import Array


class LSTMTape(NamedTuple):
    """States (T + 1, N, R) and cells (T + 1, N, H) with the initial ones, gates (T, 4, N, H), tanh of the new cells."""

    states: Array
    cells: Array
    gates: Array
    tanh_c: Array


class LSTMSweep(NamedTuple):
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
        W, U = right(self.W, len(c0), -over), right(self.U, len(c0), -over)
        tmp, product = room_for_product(4, c0)
        times = times_for(len(c0))
        hs, cs = steps.states(h0), steps.states(c0)
        tanh_c = steps.room(c0)
        outputs = steps.walk(steps.after(hs))
        tanh = tanh_for(c0.size)
        with np.errstate(all="ignore"):
            gates = project(x, W, self.b * -over[:, 0])
            views = zip(
                steps.walk(gates),
                steps.walk(steps.before(hs)),
                steps.walk(steps.before(cs)),
                outputs if P is None else steps.each(np.empty_like(c0)),
                steps.walk(steps.after(cs)),
                steps.walk(tanh_c),
                steps.each(tmp),
                steps.each(product),
                outputs,
                strict=True,
            )
            for a, h, c, h_new, c_new, t, from_h, product, output in views:
                times(h, U, product)
                np.add(a, from_h, a)
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
        """H and c."""
        return [tape.states, tape.cells]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: LSTMTape, steps: Steps) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where there is one, P."""
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh, dc = (d.copy() for d in dstates)
        weights: list[Array] = []
        with np.errstate(all="ignore"):
            for part, own in stretches(steps):
                gates, t = tape.gates[own], tape.tanh_c[own]
                i, f, g, o = gates.swapaxes(0, 1)
                # Factors of dc in da[:3] and of dm in da[3]; m = o * tanh c is h before a projection.
                da = 1 - gates
                da *= gates
                da[:, 0] *= g
                da[:, 1] *= steps.before(tape.cells)[own]
                np.multiply(1 - np.square(g), i, out=da[:, 2])
                da[:, 3] *= t
                through_t = o * (1 - np.square(t))
                d_output = self._loop_back(dhs[own], dh, dc, da, f, through_t, part)
                part.clear(da)
                rows = by_gate(da)
                across = rows.swapaxes(1, 2)
                back_through(rows, self.W, dx[own])
                h = steps.before(tape.states)[own]
                parts = [across @ flat(x[own]), across @ flat(h), rows.sum(axis=1)]
                if d_output is not None:
                    part.clear(d_output)
                    parts.append(flat(d_output).T @ flat(o * t))
                weights = added(weights, parts)
        return Gradients(dx, [dh, dc], weights)

    def _loop_back(
        self, dhs: Array, dh: Array, dc: Array, da: Array, f: Array, through_t: Array, part: Steps
    ) -> Array | None:
        """One stretch: changes dh, dc and da in place; returns the gradients at the projected states, if projected."""
        U, P = self.U, self.P
        single = part.N == 1  # then one product with all gates side by side, instead of one each and a sum
        U_joined = U.reshape(-1, U.shape[2]) if single else U
        d_output = None if P is None else np.empty(dhs.shape, dhs.dtype)
        tmp = np.empty((4, *dh.shape), dh.dtype)
        views = zip(
            up(part.each(dh)),
            up(part.each(dc)),
            up(part.walk(dhs)),
            up(part.walk(f)),
            up(part.walk(through_t)),
            up(part.walk(da)),
            up(part.walk(da.reshape(part.T, 1, -1) if single else da)),
            up(part.each(tmp)),
            part.each(dh) if d_output is None else up(part.walk(d_output)),
            up(part.each(np.empty_like(dc))),
            strict=True,
        )
        for dh_t, dc_t, dy, keep, over_t, da_t, joined, tmp, projected, dm in views:
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
            if single:
                joined.dot(U_joined, dh_t)
            else:
                np.matmul(da_t, U, tmp)
                np.add.reduce(tmp, axis=0, out=dh_t)
        return d_output
