"""The GRU over a sequence, fast: `gru_step` T times (`rnnref.sweep` says how).

σ(a) is 1 / (1 + exp(-a)), so that to multiply by a gate is to divide by 1 + exp(-a). The weights of r and z are negated
once, to give -a, and what is called da for them is the gradient at -a. (1 - z) n + z h is n + z (h - n).
"""

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
    stretch_length,
    stretches,
    upright,
    with_bias,
)
from rnnref.typing import Array


class GRUTape(Tape):
    """States h, gates (T, 3H, N) as 1 / r, 1 / z and U_n h + b_n or r * h (whichever the reset gate asks for), n (T, H, N)."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection, with_h: int) -> None:
        super().__init__(T, N, h, from_x)
        self.with_h = with_h  # so many gates multiply h itself
        H = h.shape[1]
        self.gates = empty((T, 3 * H, N), h.dtype)
        self.n = empty((T, H, N), h.dtype)

    def _each_step(self) -> list[tuple[Array, ...]]:
        gates, H = self.gates, self.n.shape[1]
        return list(
            zip(
                each(self.h),
                for_product(gates[:, : self.with_h * H], H),
                each(gates[:, : 2 * H]),
                each(gates[:, :H]),
                each(gates[:, H : 2 * H]),
                each(gates[:, 2 * H :]),
                each(self.n),
                each(self.h[1:]),
                strict=False,
            )
        )


class GRUSweep:
    """W (3H, D), U (3H, H), b (3H,), gates r, z, n.

    With b_n (H,) r acts after the product, n = tanh(... + r * (U_n h + b_n)); with None before it, U_n (r * h).
    """

    def __init__(self, W: Array, U: Array, b: Array, b_n: Array | None = None) -> None:
        self.Wb, self.U = with_bias(W, b), U.copy()
        self.b_n = None if b_n is None else b_n.copy()
        for weights in (self.Wb, self.U):
            _negate_rz(weights)

    def tape(self, T: int, N: int) -> GRUTape:
        """An empty tape."""
        rows, D = len(self.U), self.Wb.shape[1] - 1
        dtype = self.U.dtype
        with_h = 2 if self.b_n is None else 3
        H = rows // 3
        return GRUTape(T, N, empty((T + 1, H, N), dtype), Projection(rows, D, T, N, dtype, (2 * H,)), with_h)

    def forward(self, x: Array, states: Sequence[Array], tape: GRUTape) -> None:
        """The states and gates of all steps."""
        tape.h[0] = states[0].T
        H, b_n = len(self.U) // 3, self.b_n
        times, times_n = product(self.U[: tape.with_h * H], tape.N), product(self.U[2 * H :], tape.N)
        add, subtract, divide, exp, tanh = np.add, np.subtract, np.divide, np.exp, np.tanh
        (one,) = numbers(x.dtype, 1)
        scratch = empty((1, H, tape.N), x.dtype)
        (tmp,), (from_rh,) = each(scratch), for_product(scratch, H)
        inner = None if b_n is None else np.repeat(b_n, tape.N).reshape(tmp.shape)
        with np.errstate(all="ignore"):
            for own, steps in tape.steps():
                tape.from_x(self.Wb, x[own])
                for (h, from_h, rz, r, z, p, n, h_new), (rz_from_x, n_from_x) in steps:
                    times(h, from_h)
                    add(rz, rz_from_x, rz)
                    exp(rz, rz)
                    add(rz, one, rz)
                    if inner is None:
                        divide(h, r, p)
                        times_n(p, from_rh)
                    else:
                        add(p, inner, p)
                        divide(p, r, tmp)
                    add(tmp, n_from_x, n)
                    tanh(n, n)
                    subtract(h, n, h_new)
                    divide(h_new, z, h_new)
                    add(h_new, n, h_new)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: GRUTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where r acts after the product, b_n."""
        T, N, H, W = tape.T, tape.N, len(self.U) // 3, self.Wb[:, :-1]
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        after = self.b_n is not None
        loop = (_After if after else _Before)(self.U, dh_last, stretch_length(T, N))
        weights: list[Array] = []
        with np.errstate(all="ignore"):
            for own in stretches(T, N):
                da, dp = loop.back(each(upright(dhs[own])), tape, own)
                rows, h = columns(da), columns(tape.h[own])
                np.matmul(rows.T, W, out=flat(dx[own]))
                dU = np.empty_like(self.U)
                np.matmul(rows[: 2 * H], h.T, out=dU[: 2 * H])
                p_rows = columns(dp)
                np.matmul(p_rows, (h if after else columns(tape.gates[own][:, 2 * H :])).T, out=dU[2 * H :])
                parts = [rows @ flat(x[own]), dU, rows.sum(axis=1)]
                weights = added(weights, [*parts, p_rows.sum(axis=1)] if after else parts)
        for w in weights[:3]:
            _negate_rz(w)
        return Gradients(dx, [dh_last[0].T], weights)


def _negate_rz(weights: Array) -> None:
    rz = weights[: 2 * len(weights) // 3]
    np.negative(rz, out=rz)


class _After:
    """The way back through a stretch where r acts after the product, p = U_n h + b_n.

    Factors (length, 5, H, N) of dh: what goes on to the step before, da for p, r, z and n.
    """

    def __init__(self, U: Array, dh: Array, length: int) -> None:
        _, H, N = dh.shape
        self.factors = empty((length, 5, H, N), dh.dtype)
        da = self.factors[:, 1:4].reshape(length, 3 * H, N)
        self.views = list(zip(each(self.factors), each(self.factors[:, 0]), each(da), strict=True))
        self.times = product(np.concatenate([U[2 * H :], U[: 2 * H]]).T, N)
        (self.dh,), (self.dh_before,) = each(dh), for_product(dh, 3 * H)

    def back(self, dys: list[Array], tape: GRUTape, own: slice) -> tuple[Array, Array]:
        """Change dh; give the gradients at the pre-activations (S, 3H, N) and at p (S, H, N)."""
        S, H = len(dys), tape.n.shape[1]
        factors, p = self.factors[:S], tape.gates[own][:, 2 * H :]
        r, z, n, h = _gates(tape, own)
        on, da_p, da_r, da_z, da_n = factors.swapaxes(0, 1)
        on[:] = z
        _factors_of_z_and_n(z, n, h, da_z, da_n)
        np.multiply(da_n, r, out=da_p)
        np.subtract(r, 1, out=r)
        np.multiply(da_p, p, out=da_r)
        da_r *= r
        dh, dh_before, times, add, multiply = self.dh, self.dh_before, self.times, np.add, np.multiply
        for dy, (all_factors, on, da) in zip(dys[::-1], self.views[:S][::-1], strict=True):
            add(dh, dy, dh)
            multiply(all_factors, dh, all_factors)
            times(da, dh_before)
            add(dh, on, dh)
        return factors[:, 2:].reshape(S, 3 * H, -1), factors[:, 1]


class _Before:
    """The way back through a stretch where r acts before the product, U_n (r * h).

    Factors (length, 5, H, N), of the gradient at r * h what goes on to the step before and da for r; of dh da for z and
    n, and what goes on.
    """

    def __init__(self, U: Array, dh: Array, length: int) -> None:
        _, H, N = dh.shape
        self.factors = empty((length, 5, H, N), dh.dtype)
        da_rz = self.factors[:, 1:3].reshape(length, 2 * H, N)
        of_drh, of_dh = self.factors[:, :2], self.factors[:, 2:]
        self.views = list(
            zip(each(of_drh), each(of_dh), each(da_rz), *(each(self.factors[:, k]) for k in (0, 3, 4)), strict=True)
        )
        self.times, self.times_n = product(U[: 2 * H].T, N), product(U[2 * H :].T, N)
        (self.dh,), (self.dh_before,) = each(dh), for_product(dh, 2 * H)
        drh = empty(dh.shape, dh.dtype)
        (self.drh,), (self.drh_product,) = each(drh), for_product(drh, H)

    def back(self, dys: list[Array], tape: GRUTape, own: slice) -> tuple[Array, Array]:
        """Change dh; give the gradients at the pre-activations (S, 3H, N) and again those of n (S, H, N)."""
        S, H = len(dys), tape.n.shape[1]
        factors = self.factors[:S]
        r, z, n, h = _gates(tape, own)
        on_r, da_r, da_z, da_n, on_z = factors.swapaxes(0, 1)
        on_r[:], on_z[:] = r, z
        _factors_of_z_and_n(z, n, h, da_z, da_n)
        np.subtract(r, 1, out=da_r)
        da_r *= tape.gates[own][:, 2 * H :]
        dh, dh_before, drh, add, multiply = self.dh, self.dh_before, self.drh, np.add, np.multiply
        for dy, (of_drh, of_dh, da_rz, on_r, da_n, on_z) in zip(dys[::-1], self.views[:S][::-1], strict=True):
            add(dh, dy, dh)
            multiply(of_dh, dh, of_dh)
            self.times_n(da_n, self.drh_product)
            multiply(of_drh, drh, of_drh)
            self.times(da_rz, dh_before)
            add(dh, on_z, dh)
            add(dh, on_r, dh)
        return factors[:, 1:4].reshape(S, 3 * H, -1), factors[:, 3]


def _gates(tape: GRUTape, own: slice) -> tuple[Array, Array, Array, Array]:
    """R, z, n and h of a stretch, each (S, H, N); the first two are new."""
    H = tape.n.shape[1]
    rz = 1 / tape.gates[own][:, : 2 * H]
    return rz[:, :H], rz[:, H:], tape.n[own], tape.h[own]


def _factors_of_z_and_n(z: Array, n: Array, h: Array, da_z: Array, da_n: Array) -> None:
    """da_z = (n - h) z (1 - z), da_n = (1 - z) (1 - n²); leaves 1 - z in z."""
    np.subtract(n, h, out=da_z)
    da_z *= z
    np.subtract(1, z, out=z)
    da_z *= z
    np.multiply(n, n, out=da_n)
    np.subtract(1, da_n, out=da_n)
    da_n *= z
