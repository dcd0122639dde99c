"""The GRU over a sequence, fast: `gru_step` over all rows (`rnnref.sweep` says how)."""

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


class GRUTape(NamedTuple):
    """States (T + 1, N, H) with the initial ones, gates r, z, n (T, 3, N, H), and `reset` (T, N, H): h U_n + b_n, or r * h."""

    states: Array
    gates: Array
    reset: Array


class GRUSweep(NamedTuple):
    """W (3, H, D), U (3, H, H), b (3, H), gates r, z, n.

    With b_n (H,) r acts after the product, n = tanh(... + r * (h U_n^T + b_n)); with None before it, (r * h) U_n^T.
    """

    W: Array
    U: Array
    b: Array
    b_n: Array | None = None

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> GRUTape:
        """The states and gates of all steps."""
        (h0,) = states
        b_n = self.b_n
        sign = np.array([-1, -1, 1], h0.dtype)[:, None, None]  # 1 / (1 + exp(-a)) for r and z
        (one,) = numbers(h0.dtype, 1)
        with_h = 2 if b_n is None else 3  # so many gates multiply h itself
        W, U = right(self.W, len(h0), sign), right(self.U[:with_h], len(h0), sign[:with_h])
        U_n = np.ascontiguousarray(self.U[2].T)
        tmp, product = room_for_product(with_h, h0)
        times = times_for(len(h0))
        hs = steps.states(h0)
        reset = steps.room(h0)
        tanh = tanh_for(h0.size)
        with np.errstate(all="ignore"):
            gates = project(x, W, self.b * sign[:, 0])
            views = zip(
                steps.walk(gates),
                steps.walk(steps.before(hs)),
                steps.walk(steps.after(hs)),
                steps.walk(reset),
                steps.each(tmp),
                steps.each(product),
                strict=True,
            )
            for a, h, h_new, p, from_h, product in views:
                rz, n = a[:2], a[2]
                r, z = rz
                times(h, U, product)
                np.add(rz, from_h[:2], rz)
                np.exp(rz, rz)
                np.add(rz, one, rz)
                np.divide(one, rz, rz)
                if b_n is None:
                    np.multiply(r, h, p)
                    p.dot(U_n, h_new)
                else:
                    np.add(from_h[2], b_n, p)
                    np.multiply(r, p, h_new)
                np.add(n, h_new, n)
                tanh(n, n)
                np.subtract(h, n, h_new)  # (1 - z) n + z h = n + z (h - n)
                np.multiply(h_new, z, h_new)
                np.add(h_new, n, h_new)
        return GRUTape(hs, gates, reset)

    def hidden(self, tape: GRUTape) -> list[Array]:
        """H alone."""
        return [tape.states]

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: GRUTape, steps: Steps) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where r acts after the product, b_n."""
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh = dstates[0].copy()
        weights: list[Array] = []
        loop = _loop_back_before if self.b_n is None else _loop_back_after
        with np.errstate(all="ignore"):
            for part, own in stretches(steps):
                h, reset = steps.before(tape.states)[own], tape.reset[own]
                da, dproduct = loop(dhs[own], dh, h, tape.gates[own], reset, self.U, part)
                part.clear(da)
                part.clear(dproduct)
                rows = by_gate(da)
                across = rows.swapaxes(1, 2)
                back_through(rows, self.W, dx[own])
                dU = np.empty_like(self.U)
                np.matmul(across[:2], flat(h), out=dU[:2])
                np.matmul(flat(dproduct).T, flat(reset if self.b_n is None else h), out=dU[2])
                parts = [across @ flat(x[own]), dU, rows.sum(axis=1)]
                weights = added(weights, parts if self.b_n is None else [*parts, flat(dproduct).sum(axis=0)])
        return Gradients(dx, [dh], weights)


def _loop_back_after(
    dhs: Array, dh: Array, h: Array, gates: Array, reset: Array, U: Array, part: Steps
) -> tuple[Array, Array]:
    """One stretch, r after the product: gradients at the pre-activations (T, 3, N, H) and at h U_n + b_n; changes dh."""
    r, z, n = gates.swapaxes(0, 1)
    d = np.empty((len(gates), 4, *dh.shape), dh.dtype)  # product, r, z, n: each a factor of the gradient at h_new
    d[:, 3] = (1 - z) * (1 - np.square(n))
    d[:, 0] = d[:, 3] * r
    d[:, 1] = d[:, 0] * (1 - r) * reset
    d[:, 2] = (h - n) * z * (1 - z)
    U_nrz = U[[2, 0, 1]]
    single = part.N == 1  # then one product with all gates side by side, instead of one each and a sum
    U_joined = U_nrz.reshape(-1, dh.shape[1])
    views = zip(
        up(part.each(dh)),
        up(part.walk(dhs)),
        up(part.walk(d)),
        up(part.walk(d[:, :3].reshape(part.T, 1, -1) if single else d)),
        up(part.walk(z)),
        up(part.each(np.empty((4, *dh.shape), dh.dtype))),
        strict=True,
    )
    for dh_t, dy, d_t, joined, keep, tmp in views:
        np.add(dh_t, dy, dh_t)
        np.multiply(d_t, dh_t, d_t)
        if single:
            np.multiply(dh_t, keep, dh_t)
            np.add(dh_t, joined.dot(U_joined), dh_t)
        else:
            np.multiply(dh_t, keep, tmp[3])
            np.matmul(d_t[:3], U_nrz, tmp[:3])
            np.add.reduce(tmp, axis=0, out=dh_t)
    return d[:, 1:], d[:, 0]


def _loop_back_before(
    dhs: Array, dh: Array, h: Array, gates: Array, reset: Array, U: Array, part: Steps
) -> tuple[Array, Array]:
    """One stretch, r before the product: gradients at the pre-activations (T, 3, N, H), those of n once more; changes dh."""
    r, z, n = gates.swapaxes(0, 1)
    da = np.empty_like(gates)
    da[:, 0] = reset * (1 - r)
    da[:, 1] = (h - n) * z * (1 - z)
    da[:, 2] = (1 - z) * (1 - np.square(n))
    views = zip(
        up(part.each(dh)),
        up(part.each(np.empty_like(dh))),
        up(part.walk(dhs)),
        up(part.walk(da)),
        up(part.walk(r)),
        up(part.walk(z)),
        up(part.each(np.empty((4, *dh.shape), dh.dtype))),
        strict=True,
    )
    for dh_t, back, dy, da_t, let, keep, tmp in views:
        np.add(dh_t, dy, dh_t)
        np.multiply(da_t[1:], dh_t, da_t[1:])
        np.matmul(da_t[2], U[2], back)
        np.multiply(da_t[0], back, da_t[0])
        np.multiply(dh_t, keep, tmp[2])
        np.multiply(back, let, tmp[3])
        np.matmul(da_t[:2], U[:2], tmp[:2])
        np.add.reduce(tmp, axis=0, out=dh_t)
    return da, da[:, 2]
