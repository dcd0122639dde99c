"""The LSTM over a sequence, fast: `lstm_step` T times (`rnnref.sweep` says how).

Gates lie in the order o, i, f, g on the way forward, the three with σ together. σ(a) is 1 / (1 + exp(-a)), so that to
multiply by a gate is to divide by 1 + exp(-a). The product with -x and -h is the -a that this needs; so g, c and tanh c
come out as their opposites, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, repeat
from typing import Any

import numpy as np

from rnnref.factors import Factors, Formulas, Taken
from rnnref.layout import MINUS, ONE, Scratch, each, empty, flat
from rnnref.loaded_weights import Weights
from rnnref.products import BackProjection, Product, Projection, Total, for_product, sums
from rnnref.sweep import Gradients, TapeByColumn, minus, parts_of_z
from rnnref.typing import Array


class LSTMSweep:
    """W (4H, D), U (4H, R), b_ih, b_hh (4H,), gates as `order` says; with a projection P (R, H) h = P (o * tanh c), else R = H.

    Gradients come in the order i, f, g, o.
    """

    def __init__(self, D: int, H: int, dtype: np.dtype[Any], N: int, R: int | None = None) -> None:
        self.H, self.R = H, R or H
        self.weights = Weights("oifgo", "oifgo", (D, H, self.R), dtype, N)
        self.P = None if R is None else empty((R, H), dtype)

    def fits(self, N: int) -> bool:
        """Whether one made for N sequences would be the same."""
        return self.weights.fits(N)

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, P: Array | None = None, order: str = "ifgo") -> None:
        """Copy these weights."""
        self.weights.load(W, U, b_ih, b_hh, order)
        if self.P is not None and P is not None:
            self.P[...] = P

    def tape(self, T: int, N: int) -> LSTMTape:
        """An empty tape."""
        return LSTMTape(self, T, N)

    def forward(self, x: Array, states: Sequence[Array], tape: LSTMTape, out: Array | None = None) -> None:
        """The states, cells and gates of all steps."""
        tape.begin(states)
        P, one = self.P, ONE[x.dtype]
        times, both, minus_ig, minus_fc = tape.product.ready(), *tape.two
        add, divide, exp, tanh = np.add, np.divide, np.exp, np.tanh
        with np.errstate(all="ignore"):
            for own in tape.stretches:
                tape.take(x[own], own)
                for z, from_z, from_x, a, oif, o, i_f, g, g_c, c_new, tanh_c, m, h_new in tape.steps[own]:
                    times(z, from_z)
                    if from_x is not None:
                        add(a, from_x, a)
                    exp(oif, oif)
                    add(oif, one, oif)
                    tanh(g, g)
                    divide(g_c, i_f, both)
                    add(minus_ig, minus_fc, c_new)
                    tanh(c_new, tanh_c)
                    if P is None:
                        divide(tanh_c, o, h_new)
                    else:
                        divide(tanh_c, o, m)
                        P.dot(m, h_new)
                if out is not None:
                    tape.give(own, out)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: LSTMTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b_ih, b_hh and, where there is one, P."""
        T, N, H, P, dtype = tape.T, tape.N, self.H, self.P, dhs.dtype
        memory: _Back = tape.memory_back(lambda: _Back(self, tape))
        self.weights.complete()
        times, to_x, scratch = memory.times.ready(), memory.to_x.ready(), memory.scratch
        add, multiply = np.add, np.multiply
        dh, dh_before, dm, dc = memory.dh, memory.dh_before, memory.dm, memory.dc
        memory.dh_last[0], memory.dc_last[0] = dstates[0].T, dstates[1].T
        dx = np.empty((T, N, self.weights.D), dtype)
        dz, dW, dU, db, dP = Total(), Total(), Total(), np.zeros(4 * H, dtype), Total()
        with np.errstate(all="ignore"):
            for own in tape.stretches[::-1]:
                S = own.stop - own.start
                dys = each(scratch.upright("dhs", dhs[own]))
                for piece in memory.factors.pieces(own):
                    place = memory.factors.fill(piece, own, tape)
                    for dy, views in zip(dys[place][::-1], memory.steps[place][::-1], strict=True):
                        da_o, through_t, of_dc, on, da_t, d_output = views
                        add(dh, dy, dh)
                        if P is not None:
                            d_output[...] = dh
                            P.T.dot(dh, dm)
                        multiply(da_o, dm, da_o)
                        multiply(through_t, dm, through_t)
                        add(through_t, dc, through_t)
                        multiply(of_dc, through_t, of_dc)
                        dc = on
                        times(da_t, dh_before)
                memory.dc[...] = dc  # from the memory of this stretch
                dc = memory.dc
                da = memory.da[:S]
                rows = scratch.columns("da", da)
                to_x(da, rows, dx[own])
                if tape.in_rows:
                    dz.add(rows, flat(tape.z[:-1][own].swapaxes(1, 2)))
                else:
                    dW.add(rows, flat(scratch.opposite("x", tape.minus_x[own]) if tape.holds_x else x[own]))
                    dU.add(rows, flat(scratch.opposite("h", tape.minus_h[:-1][own])))
                    db += sums(rows)
                if P is not None:
                    m = flat(scratch.opposite("m", tape.minus_m[own]))
                    dP.add(scratch.columns("d_output by column", memory.d_outputs[:S]), m)
        tape.keep(memory)
        if tape.in_rows:
            weights = [minus(part) for part in parts_of_z(dz.value(), self.weights.D)]
        else:
            weights = [dW.value(), dU.value(), db, db.copy()]
        last = [memory.dh_last[0].T.copy(), memory.dc_last[0].T.copy()]
        return Gradients(dx, last, weights if P is None else [*weights, dP.value()])


class LSTMTape(TapeByColumn):
    """States -h with what lies before them, gates with the cell they act on (T + 1, 5H, N), -tanh c (T, H, N).

    Gates are 1 / o, 1 / i, 1 / f, -g; after them comes -c before the step.
    """

    def __init__(self, sweep: LSTMSweep, T: int, N: int) -> None:
        super().__init__(sweep, T, N)
        weights, H, dtype = sweep.weights, sweep.H, sweep.weights.dtype
        self.gates_and_c = empty((T + 1, 5 * H, N), dtype)
        self.gates, self.minus_c = self.gates_and_c[:-1, : 4 * H], self.gates_and_c[:, 4 * H :]
        self.minus_tanh_c = empty((T, H, N), dtype)
        # m = o * tanh c is h where there is no projection
        self.minus_m = self.minus_h[1:] if sweep.P is None else empty((T, H, N), dtype)
        of_z = weights.both("oifg") if self.holds_x else weights.of_h("oifg")
        self.product = Product(of_z, N, T, weights.copies)
        self._from_x = None if self.holds_x else Projection(weights.of_x("oifg"), weights.D, self.length, N)
        two = empty((1, 2 * H, N), dtype)
        self.two = *each(two), *each(two[:, :H]), *each(two[:, H:])
        self.steps = list(
            zip(
                each(self.factor_of(of_z)),
                for_product(self.gates, of_z.shape[1]),
                repeat(None) if self._from_x is None else cycle(each(self._from_x.results)),
                each(self.gates),
                each(self.gates[:, : 3 * H]),
                each(self.gates[:, :H]),
                each(self.gates[:, H : 3 * H]),
                each(self.gates[:, 3 * H :]),
                each(self.gates_and_c[:-1, 3 * H :]),
                each(self.minus_c[1:]),
                each(self.minus_tanh_c),
                each(self.minus_m),
                each(self.minus_h[1:]),
                strict=False,
            )
        )

    def begin(self, states: Sequence[Array]) -> None:
        """Take the initial h (N, R) and c (N, H)."""
        for state, own in zip(states, (self.minus_h, self.minus_c), strict=True):
            np.multiply(state.T, MINUS[state.dtype], own[0])

    def take(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        if self._from_x is None:
            self.take_into_z(x, own)
        else:
            self._from_x(x)

    def of_steps(self, steps: slice) -> tuple[Array, Array, Array]:
        """What factors are computed from: gates with cells, m, tanh c."""
        return self.gates_and_c[steps], self.minus_m[steps], self.minus_tanh_c[steps]

    def of_step(self, t: int) -> Taken:
        """The same for one step."""
        _, _, _, _, oif, _, _, g, g_c, _, tanh_c, m, _ = self.steps[t]
        return Taken((oif, g, g_c), m, tanh_c)

    def arrays(self) -> list[Array]:
        """z, gates with cells, -tanh c, -m."""
        return [self.z, self.gates_and_c, self.minus_tanh_c, self.minus_m]

    def cells(self) -> Array:
        """All cells after the initial one, (T, N, H)."""
        return minus(self.minus_c[1:].swapaxes(1, 2))

    def last(self) -> list[Array]:
        """The last h and c (N, ·)."""
        return [*super().last(), minus(self.minus_c[-1].T)]


class _Back:
    """What the way back works on: the factors of a stretch, and views for each step."""

    def __init__(self, sweep: LSTMSweep, tape: LSTMTape) -> None:
        T, N, H, R, dtype = tape.T, tape.N, sweep.H, sweep.R, sweep.weights.dtype
        projected, length, self.scratch = sweep.P is not None, tape.length, Scratch()
        W, U, copies = sweep.weights.W("ifgo"), sweep.weights.U("ifgo"), sweep.weights.copies
        self.times, self.to_x = Product(U.T, N, T, copies), BackProjection(W, tape.length, N, copies)
        self.factors = Factors(_Formulas, length, H, N, dtype)
        factors = self.factors.of_stretch
        self.da = factors[:, 1:5].reshape(length, 4 * H, N)
        self.d_outputs = empty((length, R if projected else 0, N), dtype)
        parts = factors[:, 4], factors[:, 5], factors[:, :4], factors[:, 0], self.da, self.d_outputs
        self.steps = list(zip(*map(each, parts), strict=True))
        self.dh_last, self.dc_last, dm = (empty((1, size, N), dtype) for size in (R, H, H))
        (self.dh,), (self.dh_before,) = each(self.dh_last), for_product(self.dh_last, 4 * H)
        (self.dc,), (self.dm,) = each(self.dc_last), each(dm)
        if not projected:
            self.dm = self.dh  # m = o * tanh c is h before a projection


class _Formulas(Formulas):
    """Of dc what goes on to the step before, da for i, f, g; of dm da for o, what goes through tanh c."""

    cuts = slice(0, 3), slice(3, 4), slice(3, 5)
    before, factors, between = 2, 6, 2

    def __init__(self, out: Callable[[int, int], Array], between: Callable[[int, int], Array]) -> None:
        self.oif, self.o, self.i, self.i_f = out(0, 3), out(0, 1), out(1, 2), out(1, 3)  # f goes on
        self.da_if, self.da_g, self.da_o, self.through_t = out(3, 5), out(5, 6), out(6, 7), out(7, 8)
        self.kept, self.minus_ig = between(0, 2), between(0, 1)

    def fill(self, taken: Taken) -> None:
        """From 1 / o, 1 / i and 1 / f, from -g, from it and -c before the step, from -m and -tanh c after it.

        With m = o * tanh c, which is h where there is no projection: what goes through tanh c is o (1 - tanh² c) =
        o - m tanh c, da for o is o (1 - o) tanh c = m - o m, and so on.
        """
        multiply, subtract = np.multiply, np.subtract
        (oif, minus_g, g_c), minus_m, minus_t = taken
        np.divide(ONE[minus_t.dtype], oif, self.oif)
        multiply(minus_m, minus_t, self.through_t)
        subtract(self.o, self.through_t, self.through_t)
        multiply(self.o, minus_m, self.da_o)
        subtract(self.da_o, minus_m, self.da_o)
        multiply(g_c, self.i_f, self.kept)
        multiply(self.kept, self.i_f, self.da_if)
        subtract(self.da_if, self.kept, self.da_if)
        multiply(minus_g, self.minus_ig, self.da_g)
        subtract(self.i, self.da_g, self.da_g)
