"""The GRU over a sequence, fast: `gru_step` T times (`rnnref.sweep` says how).

σ(a) is 1 / (1 + exp(-a)), so that to multiply by a gate is to divide by 1 + exp(-a). What the way forward needs is -a, so
that is what it computes, and n comes out as -n. (1 - z) n + z h is n + z (h - n).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.sweep import (
    BackProjection,
    Gradients,
    Projection,
    Scratch,
    TapeByColumn,
    Total,
    each,
    empty,
    flat,
    for_product,
    in_order,
    numbers,
    product,
    stretch_length,
    stretches,
    upright,
)
from rnnref.typing import Array


class GRUTape(TapeByColumn):
    """States h, gates (T, 3H, N) as 1 / r, 1 / z and U_n h + b_n or r * h (whichever the reset gate asks for), -n (T, H, N)."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection, with_h: int) -> None:
        super().__init__(T, N, h, from_x)
        self.with_h = with_h  # so many gates multiply h itself
        H = h.shape[1]
        self.gates = empty((T, 3 * H, N), h.dtype)
        self.minus_n = empty((T, H, N), h.dtype)

    def _each_step(self) -> list[tuple[Array, ...]]:
        gates, H = self.gates, self.minus_n.shape[1]
        return list(
            zip(
                each(self.h),
                for_product(gates[:, : self.with_h * H], H),
                each(gates[:, : 2 * H]),
                each(gates[:, :H]),
                each(gates[:, H : 2 * H]),
                each(gates[:, 2 * H :]),
                each(self.minus_n),
                each(self.h[1:]),
                strict=False,
            )
        )


class GRUSweep:
    """W (3H, D), U (3H, H), b (3H,), gates as `order` says; gradients come in the order r, z, n.

    With b_n (H,) r acts after the product, n = tanh(... + r * (U_n h + b_n)); with None before it, U_n (r * h).
    """

    def __init__(self, W: Array, U: Array, b: Array, b_n: Array | None = None, order: str = "rzn") -> None:
        rows, D = W.shape
        self.Wb, self.U = empty((rows, D + 1), W.dtype), empty(U.shape, U.dtype)
        self.load(W, U, b, b_n, order)

    def load(self, W: Array, U: Array, b: Array, b_n: Array | None = None, order: str = "rzn") -> None:
        """Copy other weights of the same shapes over those that are here."""
        for given, own in ((W, self.Wb[:, :-1]), (b, self.Wb[:, -1]), (U, self.U)):
            in_order(given, order, "rzn", own)
        self.b_n = None if b_n is None else b_n.copy()

    def tape(self, T: int, N: int) -> GRUTape:
        """An empty tape."""
        rows, D = len(self.U), self.Wb.shape[1] - 1
        dtype = self.U.dtype
        with_h = 2 if self.b_n is None else 3
        H = rows // 3
        from_x = Projection(rows, D, T, N, dtype, (2 * H,), negative=True)
        return GRUTape(T, N, empty((T + 1, H, N), dtype), from_x, with_h)

    def forward(self, x: Array, states: Sequence[Array], tape: GRUTape, out: Array | None = None) -> None:
        """The states and gates of all steps."""
        tape.h[0] = states[0].T
        T, N, H, b_n = tape.T, tape.N, len(self.U) // 3, self.b_n
        times, times_n = product(self.U[: tape.with_h * H], N, T), product(self.U[2 * H :], N, T)
        add, subtract, divide, exp, tanh = np.add, np.subtract, np.divide, np.exp, np.tanh
        (one,) = numbers(x.dtype, 1)
        scratch = empty((1, H, N), x.dtype)
        (tmp,), (from_rh,) = each(scratch), for_product(scratch, H)
        inner = None if b_n is None else np.repeat(b_n, N).reshape(tmp.shape)
        with np.errstate(all="ignore"):
            for own, steps in tape.steps(out):
                tape.from_x(self.Wb, x[own])
                for (h, from_h, rz, r, z, p, minus_n, h_new), (rz_from_x, n_from_x) in steps:
                    times(h, from_h)
                    subtract(rz_from_x, rz, rz)
                    exp(rz, rz)
                    add(rz, one, rz)
                    if inner is None:
                        divide(h, r, p)
                        times_n(p, from_rh)
                    else:
                        add(p, inner, p)
                        divide(p, r, tmp)
                    subtract(n_from_x, tmp, minus_n)
                    tanh(minus_n, minus_n)
                    add(h, minus_n, h_new)
                    divide(h_new, z, h_new)
                    subtract(h_new, minus_n, h_new)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: GRUTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where r acts after the product, b_n."""
        T, N, H = tape.T, tape.N, len(self.U) // 3
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        after = self.b_n is not None
        loop = tape.memory_back(lambda: (_After if after else _Before)(tape))
        loop.begin(self.U, dh_last, T)
        scratch = loop.scratch
        to_x = BackProjection(self.Wb[:, :-1], N, scratch)
        dW, dU_rz, dU_n = Total(), Total(), Total()
        db, db_n = np.zeros(3 * H, x.dtype), np.zeros(H, x.dtype)
        with np.errstate(all="ignore"):
            for own in stretches(T, N)[::-1]:
                da, dp = loop.back(each(scratch.upright("dhs", dhs[own])), tape, own)
                rows, h = scratch.columns("da", da), flat(scratch.upright("h", tape.h[own]))
                to_x(da, rows, dx[own])
                dW.add(rows, flat(x[own]))
                db += np.add.reduce(rows, 1)
                dU_rz.add(rows[: 2 * H], h)
                p_rows = scratch.columns("dp", dp)
                dU_n.add(p_rows, h if after else flat(scratch.upright("rh", tape.gates[own][:, 2 * H :])))
                db_n += np.add.reduce(p_rows, 1)
        tape.keep(loop)
        weights = [dW.value(), np.concatenate([dU_rz.value(), dU_n.value()]), db]
        return Gradients(dx, [dh_last[0].T], [*weights, db_n] if after else weights)


class _After:
    """The way back through a stretch where r acts after the product, p = U_n h + b_n.

    Factors (length, 5, H, N) of dh: what goes on to the step before, da for p, r, z and n.
    """

    def __init__(self, tape: GRUTape) -> None:
        self.scratch = Scratch()
        _, H, N = tape.h.shape
        length = stretch_length(tape.T, N)
        self.factors = empty((length, 5, H, N), tape.h.dtype)
        da = self.factors[:, 1:4].reshape(length, 3 * H, N)
        self.views = list(zip(each(self.factors), each(self.factors[:, 0]), each(da), strict=True))

    def begin(self, U: Array, dh: Array, T: int) -> None:
        """Go back with these weights, from dh (1, H, N), which changes."""
        _, H, N = dh.shape
        n_first = self.scratch.take("U", U.shape, U.dtype)
        n_first[:H], n_first[H:] = U[2 * H :], U[: 2 * H]
        self.times = product(n_first.T, N, T)
        (self.dh,), (self.dh_before,) = each(dh), for_product(dh, 3 * H)

    def back(self, dys: list[Array], tape: GRUTape, own: slice) -> tuple[Array, Array]:
        """Change dh; give the gradients at the pre-activations (S, 3H, N) and at p (S, H, N)."""
        S, H = len(dys), tape.minus_n.shape[1]
        factors, p = self.factors[:S], tape.gates[own][:, 2 * H :]
        r, z, minus_n, h = _gates(tape, own, self.scratch)
        on, da_p, da_r, da_z, da_n = factors.swapaxes(0, 1)
        on[:] = z
        _factors_of_z_and_n(z, minus_n, h, da_z, da_n)
        np.multiply(da_n, r, out=da_p)
        np.subtract(1, r, out=r)
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

    def __init__(self, tape: GRUTape) -> None:
        self.scratch = Scratch()
        _, H, N = tape.h.shape
        length = stretch_length(tape.T, N)
        self.factors = empty((length, 5, H, N), tape.h.dtype)
        da_rz = self.factors[:, 1:3].reshape(length, 2 * H, N)
        of_drh, of_dh = self.factors[:, :2], self.factors[:, 2:]
        self.views = list(
            zip(each(of_drh), each(of_dh), each(da_rz), *(each(self.factors[:, k]) for k in (0, 3, 4)), strict=True)
        )

    def begin(self, U: Array, dh: Array, T: int) -> None:
        """Go back with these weights, from dh (1, H, N), which changes."""
        _, H, N = dh.shape
        self.times, self.times_n = product(U[: 2 * H].T, N, T), product(U[2 * H :].T, N, T)
        (self.dh,), (self.dh_before,) = each(dh), for_product(dh, 2 * H)
        drh = self.scratch.take("drh", dh.shape, dh.dtype)
        (self.drh,), (self.drh_product,) = each(drh), for_product(drh, H)

    def back(self, dys: list[Array], tape: GRUTape, own: slice) -> tuple[Array, Array]:
        """Change dh; give the gradients at the pre-activations (S, 3H, N) and again those of n (S, H, N)."""
        S, H = len(dys), tape.minus_n.shape[1]
        factors = self.factors[:S]
        r, z, minus_n, h = _gates(tape, own, self.scratch)
        on_r, da_r, da_z, da_n, on_z = factors.swapaxes(0, 1)
        on_r[:], on_z[:] = r, z
        _factors_of_z_and_n(z, minus_n, h, da_z, da_n)
        np.subtract(1, r, out=da_r)
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


def _gates(tape: GRUTape, own: slice, scratch: Scratch) -> tuple[Array, Array, Array, Array]:
    """R, z, -n and h of a stretch, each (S, H, N); the first two may be written on."""
    H = tape.minus_n.shape[1]
    gates = tape.gates[own][:, : 2 * H]
    rz = np.divide(1, gates, out=scratch.take("rz", gates.shape, gates.dtype))
    return rz[:, :H], rz[:, H:], tape.minus_n[own], tape.h[own]


def _factors_of_z_and_n(z: Array, minus_n: Array, h: Array, da_z: Array, da_n: Array) -> None:
    """da_z = (h - n) z (1 - z), da_n = (1 - z) (1 - n²); leaves 1 - z in z."""
    np.add(h, minus_n, out=da_z)
    da_z *= z
    np.subtract(1, z, out=z)
    da_z *= z
    np.multiply(minus_n, minus_n, out=da_n)
    np.subtract(1, da_n, out=da_n)
    da_n *= z
