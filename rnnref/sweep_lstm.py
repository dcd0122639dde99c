"""The LSTM over a sequence, fast: `lstm_step` T times (`rnnref.sweep` says how).

Gates lie in the order o, i, f, g here: the three with σ together for the way forward, the three that dc reaches for the
way back. σ(a) is 1 / (1 + exp(-a)), so that to multiply by a gate is to divide by 1 + exp(-a). What the way forward needs
is -a, so that is what it computes, and g comes out as -g.
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


class LSTMTape(TapeByColumn):
    """States h; gates with the cell they act on, (T + 1, 5H, N) as 1 / o, 1 / i, 1 / f, -g and c before the step; tanh c (T, H, N)."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection, H: int) -> None:
        super().__init__(T, N, h, from_x)
        self.gates_and_c = empty((T + 1, 5 * H, N), h.dtype)
        self.tanh_c = empty((T, H, N), h.dtype)
        self._lay_out()

    def _lay_out(self) -> None:
        H = self.gates_and_c.shape[1] // 5
        self.gates = self.gates_and_c[:-1, : 4 * H]
        self.c = self.gates_and_c[:, 4 * H :]

    def _each_step(self) -> list[tuple[Array, ...]]:
        gates, H = self.gates, self.c.shape[1]
        return list(
            zip(
                each(self.h),
                for_product(gates, self.h.shape[1]),
                each(gates),
                each(gates[:, : 3 * H]),
                each(gates[:, :H]),
                each(gates[:, H : 3 * H]),
                each(gates[:, 3 * H :]),
                each(self.gates_and_c[:-1, 3 * H :]),
                each(self.c[1:]),
                each(self.tanh_c),
                each(self.h[1:]),
                strict=False,
            )
        )

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._lay_out()

    def cells(self) -> Array:
        """All cells after the initial one, (T, N, H), a view."""
        return self.c[1:].swapaxes(1, 2)

    def last(self) -> list[Array]:
        """The last h and c (N, ·), views."""
        return [*super().last(), self.c[-1].T]


class LSTMSweep:
    """W (4H, D), U (4H, R), b (4H,), gates as `order` says; with a projection P (R, H) h = P (o * tanh c), else R = H.

    Gradients come in the order i, f, g, o.
    """

    def __init__(self, W: Array, U: Array, b: Array, P: Array | None = None, order: str = "ifgo") -> None:
        rows, D = W.shape
        self.Wb, self.U = empty((rows, D + 1), W.dtype), empty(U.shape, U.dtype)
        self.load(W, U, b, P, order)

    def load(self, W: Array, U: Array, b: Array, P: Array | None = None, order: str = "ifgo") -> None:
        """Copy other weights of the same shapes over those that are here."""
        for given, own in ((W, self.Wb[:, :-1]), (b, self.Wb[:, -1]), (U, self.U)):
            in_order(given, order, "oifg", own)
        self.P = None if P is None else P.copy()

    def tape(self, T: int, N: int) -> LSTMTape:
        """An empty tape."""
        D, dtype = self.Wb.shape[1] - 1, self.U.dtype
        rows, R = self.U.shape
        from_x = Projection(rows, D, T, N, dtype, negative=True)
        return LSTMTape(T, N, empty((T + 1, R, N), dtype), from_x, rows // 4)

    def forward(self, x: Array, states: Sequence[Array], tape: LSTMTape, out: Array | None = None) -> None:
        """The states, cells and gates of all steps."""
        h0, c0 = states
        tape.h[0], tape.c[0] = h0.T, c0.T
        P, H = self.P, tape.c.shape[1]
        times = product(self.U, tape.N, tape.T)
        add, subtract, divide, exp, tanh = np.add, np.subtract, np.divide, np.exp, np.tanh
        (one,) = numbers(x.dtype, 1)
        two = empty((1, 2 * H, tape.N), x.dtype)
        (both,), (minus_ig,), (fc,) = each(two), each(two[:, :H]), each(two[:, H:])
        with np.errstate(all="ignore"):
            for own, steps in tape.steps(out):
                tape.from_x(self.Wb, x[own])
                for (h, from_h, a, oif, o, i_f, g, g_c, c_new, tanh_c, h_new), (from_x,) in steps:
                    times(h, from_h)
                    subtract(from_x, a, a)
                    exp(oif, oif)
                    add(oif, one, oif)
                    tanh(g, g)
                    divide(g_c, i_f, both)
                    subtract(fc, minus_ig, c_new)
                    tanh(c_new, tanh_c)
                    if P is None:
                        divide(tanh_c, o, h_new)
                    else:
                        divide(tanh_c, o, fc)
                        P.dot(fc, h_new)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: LSTMTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where there is one, P."""
        T, N, H, P = tape.T, tape.N, len(self.U) // 4, self.P
        add, multiply = np.add, np.multiply
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        (dh,), (dh_before,) = each(dh_last), for_product(dh_last, 4 * H)
        (dc,) = each(upright(dstates[1][None]))
        dm = dh if P is None else np.empty_like(dc)  # m = o * tanh c is h before a projection
        memory = tape.memory_back(lambda: _Memory(tape))
        scratch = memory.scratch
        times, to_x = product(self.U.T, N, T), BackProjection(self.Wb[:, :-1], N, scratch)
        dW, dU, db, dP = Total(H), Total(H), np.zeros(4 * H, x.dtype), Total()
        with np.errstate(all="ignore"):
            for own in stretches(T, N)[::-1]:
                S = own.stop - own.start
                _factors(tape, own, memory.factors[:S], scratch, projected=P is not None)
                d_outputs = None if P is None else scratch.take("d_output", (S, *dh_last.shape[1:]), x.dtype)
                dys = each(scratch.upright("dhs", dhs[own]))
                for t in reversed(range(S)):
                    through_t, of_dm, of_dc, on, da_t = memory.steps[t]
                    add(dh, dys[t], dh)
                    if P is not None and d_outputs is not None:
                        d_outputs[t] = dh.reshape(dh_last.shape[1:])
                        P.T.dot(dh, dm)
                    multiply(of_dm, dm, of_dm)
                    add(through_t, dc, through_t)
                    multiply(of_dc, through_t, of_dc)
                    dc = on
                    times(da_t, dh_before)
                dc = dc.copy()  # from the memory of this stretch
                da = memory.da[:S]
                rows = scratch.columns("da", da)
                to_x(da, rows, dx[own])
                dW.add(rows, flat(x[own]))
                dU.add(rows, flat(scratch.upright("h", tape.h[own])))
                db += np.add.reduce(rows, 1)
                if d_outputs is not None:
                    m = tape.tanh_c[own] / tape.gates[own][:, :H]
                    dP.add(scratch.columns("d_output by column", d_outputs), flat(upright(m)))
        tape.keep(memory)
        weights = [dW.value(), dU.value(), np.concatenate([db[H:], db[:H]])]
        return Gradients(dx, [dh_last[0].T, dc.reshape(H, N).T], weights if P is None else [*weights, dP.value()])


class _Memory:
    """What the way back works on: the factors (length, 6, H, N) of a stretch, and views for each step.

    Of dm: what goes through tanh c, da for o; of dc: da for i, f, g, what goes on to the step before.
    """

    def __init__(self, tape: LSTMTape) -> None:
        _, H, N = tape.c.shape
        length = stretch_length(tape.T, N)
        self.scratch = Scratch()
        self.factors = factors = empty((length, 6, H, N), tape.h.dtype)
        self.da = factors[:, 1:5].reshape(length, 4 * H, N)
        parts = factors[:, 0], factors[:, :2], factors[:, 2:], factors[:, 5], self.da
        self.steps = list(zip(*map(each, parts), strict=True))


def _factors(tape: LSTMTape, own: slice, out: Array, scratch: Scratch, projected: bool) -> None:
    """Fill the factors (S, 6, H, N) of a stretch.

    With m = o * tanh c, which is h where there is no projection: what goes through tanh c is o (1 - tanh² c) = o - m tanh c, da
    for o is o (1 - o) tanh c = m - o m, and so on.
    """
    S, _, H, N = out.shape
    parts = tape.gates_and_c[own].reshape(S, 5, H, N)
    minus_g, g_c, t = parts[:, 3], parts[:, 3:], tape.tanh_c[own]
    sigma = np.divide(1, parts[:, :3], out=scratch.take("sigma", (S, 3, H, N), out.dtype))
    o, i, f = sigma.swapaxes(0, 1)
    through_t, da_o, da_i, da_f, da_g, on = out.swapaxes(0, 1)
    m = np.multiply(o, t, out=scratch.take("m", t.shape, out.dtype)) if projected else tape.h[1:][own]
    np.multiply(m, t, out=through_t)
    np.subtract(o, through_t, out=through_t)
    np.multiply(o, m, out=da_o)
    np.subtract(m, da_o, out=da_o)
    kept = np.multiply(g_c, sigma[:, 1:], out=scratch.take("kept", (S, 2, H, N), out.dtype))
    minus_ig, fc = kept.swapaxes(0, 1)
    np.multiply(kept, sigma[:, 1:], out=out[:, 2:4])
    np.subtract(da_i, minus_ig, out=da_i)
    np.subtract(fc, da_f, out=da_f)
    np.multiply(minus_g, minus_ig, out=da_g)
    np.subtract(i, da_g, out=da_g)
    on[:] = f
