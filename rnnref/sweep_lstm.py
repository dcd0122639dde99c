"""The LSTM over a sequence, fast: `lstm_step` T times (`rnnref.sweep` says how).

Gates lie in the order o, i, f, g here: the three with σ together for the way forward, the three that dc reaches for the
way back. σ(a) is 1 / (1 + exp(-a)), so that to multiply by a gate is to divide by 1 + exp(-a). The weights of those three
are negated once, to give -a, and what is called da for them is the gradient at -a.
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


class LSTMTape(Tape):
    """States h, cells (T + 1, H, N) with the initial ones, gates (T, 4H, N) as 1 / o, 1 / i, 1 / f and g."""

    def __init__(self, T: int, N: int, h: Array, from_x: Projection, H: int) -> None:
        super().__init__(T, N, h, from_x)
        self.c = empty((T + 1, H, N), h.dtype)
        self.gates = empty((T, 4 * H, N), h.dtype)

    def _each_step(self) -> list[tuple[Array, ...]]:
        gates = self.gates
        H = self.c.shape[1]
        return list(
            zip(
                each(self.h),
                each(self.c),
                for_product(gates, self.h.shape[1]),
                each(gates),
                each(gates[:, : 3 * H]),
                each(gates[:, :H]),
                each(gates[:, H : 2 * H]),
                each(gates[:, 2 * H : 3 * H]),
                each(gates[:, 3 * H :]),
                each(self.c[1:]),
                each(self.h[1:]),
                strict=False,
            )
        )

    def cells(self) -> Array:
        """All cells after the initial one, (T, N, H), a view."""
        return self.c[1:].swapaxes(1, 2)

    def last(self) -> list[Array]:
        """The last h and c (N, ·), views."""
        return [*super().last(), self.c[-1].T]


class LSTMSweep:
    """W (4H, D), U (4H, R), b (4H,), gates i, f, g, o; with a projection P (R, H) h = P (o * tanh c), else R = H."""

    def __init__(self, W: Array, U: Array, b: Array, P: Array | None = None) -> None:
        self.Wb, self.U = _inside(with_bias(W, b)), _inside(U)
        self.P = None if P is None else P.copy()

    def tape(self, T: int, N: int) -> LSTMTape:
        """An empty tape."""
        D, dtype = self.Wb.shape[1] - 1, self.U.dtype
        rows, R = self.U.shape
        return LSTMTape(T, N, empty((T + 1, R, N), dtype), Projection(rows, D, T, N, dtype), rows // 4)

    def forward(self, x: Array, states: Sequence[Array], tape: LSTMTape) -> None:
        """The states, cells and gates of all steps."""
        h0, c0 = states
        tape.h[0], tape.c[0] = h0.T, c0.T
        P = self.P
        times = product(self.U, tape.N)
        add, divide, exp, tanh = np.add, np.divide, np.exp, np.tanh
        (one,) = numbers(x.dtype, 1)
        (tmp,) = each(empty((1, *tape.c.shape[1:]), x.dtype))
        with np.errstate(all="ignore"):
            for own, steps in tape.steps():
                tape.from_x(self.Wb, x[own])
                for (h, c, from_h, a, oif, o, i, f, g, c_new, h_new), (from_x,) in steps:
                    times(h, from_h)
                    add(a, from_x, a)
                    exp(oif, oif)
                    add(oif, one, oif)
                    tanh(g, g)
                    divide(c, f, c_new)
                    divide(g, i, tmp)
                    add(c_new, tmp, c_new)
                    tanh(c_new, tmp)
                    if P is None:
                        divide(tmp, o, h_new)
                    else:
                        divide(tmp, o, tmp)
                        P.dot(tmp, h_new)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: LSTMTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b and, where there is one, P."""
        T, N, H, R, P = tape.T, tape.N, len(self.U) // 4, self.U.shape[1], self.P
        add, multiply = np.add, np.multiply
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        dh_last = upright(dstates[0][None])
        (dh,), (dh_before,) = each(dh_last), for_product(dh_last, 4 * H)
        (dc,) = each(upright(dstates[1][None]))
        dm = dh if P is None else np.empty_like(dc)  # m = o * tanh c is h before a projection
        W, times = self.Wb[:, :-1], product(self.U.T, N)
        # Factors of dm: what goes through tanh c, da for o; of dc: da for i, f, g, what goes on to the step before.
        length = stretch_length(T, N)
        factors = empty((length, 6, H, N), x.dtype)
        da = factors[:, 1:5].reshape(length, 4 * H, N)
        views = list(
            zip(
                each(factors[:, 0]),
                each(factors[:, :2]),
                each(factors[:, 2:]),
                each(factors[:, 5]),
                each(da),
                strict=True,
            )
        )
        d_output = empty((length if P is not None else 0, R, N), x.dtype)
        weights: list[Array] = []
        with np.errstate(all="ignore"):
            for own in stretches(T, N):
                S = own.stop - own.start
                _factors(tape, own, factors[:S])
                dys = each(upright(dhs[own]))
                for t in reversed(range(S)):
                    through_t, of_dm, of_dc, on, da_t = views[t]
                    add(dh, dys[t], dh)
                    if P is not None:
                        d_output[t] = dh.reshape(R, N)
                        P.T.dot(dh, dm)
                    multiply(of_dm, dm, of_dm)
                    add(through_t, dc, through_t)
                    multiply(of_dc, through_t, of_dc)
                    dc = on
                    times(da_t, dh_before)
                dc = dc.copy()  # from the memory of this stretch
                rows = columns(da[:S])
                np.matmul(rows.T, W, out=flat(dx[own]))
                parts = [rows @ flat(x[own]), rows @ columns(tape.h[own]).T, rows.sum(axis=1)]
                if P is not None:
                    m = np.tanh(tape.c[1:][own]) / tape.gates[own][:, :H]
                    parts.append(columns(d_output[:S]) @ columns(m).T)
                weights = added(weights, parts)
        weights[:3] = [_outside(w) for w in weights[:3]]
        return Gradients(dx, [dh_last[0].T, dc.reshape(H, N).T], weights)


def _inside(weights: Array) -> Array:
    """Weights by gate, i, f, g, o, as a new array -o, -i, -f, g."""
    g = 3 * len(weights) // 4
    out = np.concatenate([weights[g:], weights[:g]])
    np.negative(out[:g], out=out[:g])
    return out


def _outside(weights: Array) -> Array:
    """The opposite, as a new array."""
    out, H = np.empty_like(weights), len(weights) // 4
    np.negative(weights[:H], out=out[3 * H :])
    np.negative(weights[H : 3 * H], out=out[: 2 * H])
    out[2 * H : 3 * H] = weights[3 * H :]
    return out


def _factors(tape: LSTMTape, own: slice, out: Array) -> None:
    """Fill the factors (S, 6, H, N) of a stretch."""
    gates = tape.gates[own].reshape(len(out), 4, *out.shape[2:])
    sigma, g = 1 / gates[:, :3], gates[:, 3]
    o, i, f = sigma.swapaxes(0, 1)
    through_t, da_o, da_i, da_f, da_g, on = out.swapaxes(0, 1)
    da_oif = out[:, 1:4]
    t = np.tanh(tape.c[1:][own])
    np.multiply(sigma, sigma, out=da_oif)
    np.subtract(da_oif, sigma, out=da_oif)  # by -a, σ' = σ² - σ
    da_o *= t
    da_i *= g
    da_f *= tape.c[own]
    np.subtract(1, np.square(g, out=da_g), out=da_g)
    da_g *= i
    np.subtract(1, np.square(t, out=t), out=t)
    np.multiply(o, t, out=through_t)
    on[:] = f
