"""The GRU over a sequence, fast: `gru_step` T times (`rnnref.sweep` says how).

σ(a) is 1 / (1 + exp(-a)), so that to multiply by a gate is to divide by 1 + exp(-a). The product with -x and -h is the -a
that this needs; so n comes out as its opposite, too. (1 - z) n + z h is n + z (h - n).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, repeat
from typing import Any

import numpy as np

from rnnref.factors import Factors, Formulas, Taken
from rnnref.layout import MINUS, ONE, Scratch, each, empty, flat
from rnnref.loaded_weights import Weights
from rnnref.products import BackProjection, Product, Projection, Total, for_product, product_by_step, sums
from rnnref.sweep import Gradients, TapeByColumn, minus
from rnnref.typing import Array


class GRUSweep:
    """W (3H, D), U (3H, H), b_ih, b_hh (3H,), gates as `order` says; gradients come in the order r, z, n.

    With `reset_after` r acts after the product, n = tanh(... + r * (U_n h + b_hn)), else before it, U_n (r * h) + b_hn.
    """

    def __init__(self, D: int, H: int, dtype: np.dtype[Any], N: int, reset_after: bool) -> None:
        self.H, self.reset_after = H, reset_after
        of_h, inner = ("nrz", "n") if reset_after else ("rzn", "")
        self.weights = Weights("rzn", of_h, (D, H, H), dtype, N, inner)

    def fits(self, N: int) -> bool:
        """Whether one made for N sequences would be the same."""
        return self.weights.fits(N)

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, order: str = "rzn") -> None:
        """Copy these weights."""
        self.weights.load(W, U, b_ih, b_hh, order)

    def tape(self, T: int, N: int) -> GRUTape:
        """An empty tape."""
        return GRUTape(self, T, N)

    def forward(self, x: Array, states: Sequence[Array], tape: GRUTape, out: Array | None = None) -> None:
        """The states and gates of all steps; h, h_new and n stand for their opposites."""
        np.multiply(states[0].T, MINUS[x.dtype], tape.minus_h[0])
        after, one, from_n, tmp = self.reset_after, ONE[x.dtype], *tape.one
        times, minus_b = tape.product.ready(), tape.minus_b()
        times_n: Any = None if tape.product_n is None else tape.product_n.ready()
        add, subtract, divide, exp, tanh = np.add, np.subtract, np.divide, np.exp, np.tanh
        with np.errstate(all="ignore"):
            for own in tape.stretches:
                tape.take(x[own], own)
                for z, from_z, rz_from_x, rz, r, update, of_n, from_h, p, n_from_x, n, h, h_new in tape.steps[own]:
                    times(z, from_z)
                    if rz_from_x is not None:
                        add(rz, rz_from_x, rz)
                    exp(rz, rz)
                    add(rz, one, rz)
                    if after:
                        if times_n is not None:
                            times_n(of_n, from_h)
                        if minus_b is not None:
                            add(p, minus_b, p)
                        divide(p, r, tmp)
                    else:
                        divide(h, r, p)
                        times_n(p, from_n)
                    add(n_from_x, tmp, n)
                    tanh(n, n)
                    subtract(h, n, h_new)
                    divide(h_new, update, h_new)
                    add(h_new, n, h_new)
                if out is not None:
                    tape.give(own, out)

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: GRUTape) -> Gradients:
        """Back-propagation through time; weights: W, U, b_ih, b_hh."""
        T, N, H, after, dtype = tape.T, tape.N, self.H, self.reset_after, dhs.dtype
        memory = tape.memory_back(lambda: (_After if after else _Before)(self, tape))
        scratch, to_x = memory.scratch, memory.to_x.ready()
        memory.begin(dstates[0])
        dx = np.empty((T, N, self.weights.D), dtype)
        dz, dW, dU, dU_n = Total(), Total(), Total(H if after else 0), Total()
        db = np.zeros((4 if after else 3) * H, dtype)
        with np.errstate(all="ignore"):
            for own in tape.stretches[::-1]:
                S = own.stop - own.start
                memory.back(each(scratch.upright("dhs", dhs[own])), own, tape)
                rows = scratch.columns("da", memory.da[:S])
                to_x(memory.da[:S, -3 * H :], rows[-3 * H :], dx[own])
                if after and tape.in_rows:
                    dz.add(rows, flat(tape.z[:-1][own].swapaxes(1, 2)))
                    continue
                h_rows = flat(scratch.opposite("h", tape.minus_h[:-1][own]))
                dW.add(rows[-3 * H :], flat(scratch.opposite("x", tape.minus_x[own]) if tape.holds_x else x[own]))
                if after:
                    dU.add(rows[: 3 * H], h_rows)
                else:
                    dU.add(rows[: 2 * H], h_rows)
                    dU_n.add(rows[2 * H :], flat(scratch.opposite("rh", tape.p[own])))
                db += sums(rows)
        tape.keep(memory)
        dh0 = memory.dh_last[0].T.copy()
        if not after:
            weights = [dW.value(), np.concatenate([dU.value(), dU_n.value()]), db, db.copy()]
        elif tape.in_rows:  # p, r, z, n by all of [x 1 1 h]
            of_z, D = dz.value(), self.weights.D
            rzn, rzp = of_z[H:], np.concatenate([of_z[H : 3 * H], of_z[:H]])
            weights = [minus(part) for part in (rzn[:, :D], rzp[:, D + 2 :], rzn[:, D], rzp[:, D + 1])]
        else:
            weights = [dW.value(), dU.value(), db[H:], np.concatenate([db[H : 3 * H], db[:H]])]
        return Gradients(dx, [dh0], weights)


class GRUTape(TapeByColumn):
    """States -h with what lies before them, gates (T, 3H, N) and -n (T, H, N).

    Gates are, as the reset gate asks for, -(U_n h + b_hn) or -r * h, then 1 / r and 1 / z.
    """

    def __init__(self, sweep: GRUSweep, T: int, N: int) -> None:
        super().__init__(sweep, T, N)
        weights, after, H, dtype = sweep.weights, sweep.reset_after, sweep.H, sweep.weights.dtype
        self.gates = empty((T, 3 * H, N), dtype)
        self.minus_n = empty((T, H, N), dtype)
        self.p = self.gates[:, :H]
        one = empty((1, H, N), dtype)
        self.one = *for_product(one, H), *each(one)
        # U_n h comes with the gates' product where both are with h alone; then nobody reads `of_n` at a step.
        together, with_gates = self.holds_x, after and not self.holds_x
        of_z = weights.both("rz") if together else weights.of_h("nrz" if after else "rz")
        from_z = self.gates if with_gates else self.gates[:, H:]
        of_n = weights.of_h("n")
        self.product = Product(of_z, N, T, weights.copies)
        self.product_n = None if with_gates else Product(of_n, N, T, weights.copies)
        self._W_n = weights.of_x("n")
        self._from_x = None if together else Projection(weights.of_x("rzn"), weights.D, self.length, N)
        self._n_from_x = empty((self.length, H, N), dtype) if self._from_x is None else self._from_x.results[:, 2 * H :]
        self.steps = list(
            zip(
                each(self.factor_of(of_z)),
                for_product(from_z, of_z.shape[1]),
                repeat(None) if self._from_x is None else cycle(each(self._from_x.results[:, : 2 * H])),
                each(self.gates[:, H:]),
                each(self.gates[:, H : 2 * H]),
                each(self.gates[:, 2 * H :]),
                each(self.factor_of(of_n)),
                for_product(self.p, of_n.shape[1]),
                each(self.p),
                cycle(each(self._n_from_x)),
                each(self.minus_n),
                each(self.minus_h),
                each(self.minus_h[1:]),
                strict=False,
            )
        )

    def minus_b(self) -> Array | None:
        """-b_hn (H, N), where it does not stand with U_n."""
        weights = self.sweep.weights
        if self.holds_x or not weights.inner:
            return None
        (minus_b,) = each(minus(np.repeat(weights.b_inner, self.N)).reshape(1, -1, self.N))
        return minus_b

    def take(self, x: Array, own: slice) -> None:
        """Take x (S, N, D) of these steps."""
        if self._from_x is None:
            self.take_into_z(x, own)
            product_by_step(self._W_n, self.z[:-1, : self._W_n.shape[1]][own], self._n_from_x[: len(x)])
        else:
            self._from_x(x)

    def of_steps(self, steps: slice) -> tuple[Array, Array, Array]:
        """What factors are computed from: gates, -h before the step, -n."""
        return self.gates[steps], self.minus_h[:-1][steps], self.minus_n[steps]

    def of_step(self, t: int) -> Taken:
        """The same for one step."""
        _, _, _, rz, _, _, _, _, p, _, minus_n, minus_h, _ = self.steps[t]
        return Taken((p, rz), minus_h, minus_n)

    def arrays(self) -> list[Array]:
        """z, gates, -n."""
        return [self.z, self.gates, self.minus_n]


class _After:
    """The way back where r acts after the product, p = U_n h + b_hn; factors of dh."""

    def __init__(self, sweep: GRUSweep, tape: GRUTape) -> None:
        T, N, H, dtype = tape.T, tape.N, sweep.H, sweep.weights.dtype
        self.scratch = Scratch()
        W, U, copies = sweep.weights.W("rzn"), sweep.weights.U("nrz"), sweep.weights.copies
        self.product, self.to_x = Product(U.T, N, T, copies), BackProjection(W, tape.length, N, copies)
        self.factors = Factors(_FormulasAfter, tape.length, H, N, dtype)
        factors = self.factors.of_stretch
        self.da = factors[:, 1:].reshape(len(factors), 4 * H, N)
        parts = factors, factors[:, 0], self.da[:, : 3 * H]
        self.steps = list(zip(*map(each, parts), strict=True))
        self.dh_last = empty((1, H, N), dtype)
        (self.dh,), (self.dh_before,) = each(self.dh_last), for_product(self.dh_last, 3 * H)

    def begin(self, dh: Array) -> None:
        """Go back from dh (N, H), with what the weights are now."""
        self.dh_last[0] = dh.T
        self.times = self.product.ready()

    def back(self, dys: list[Array], own: slice, tape: GRUTape) -> None:
        """Go back through a stretch: change dh, leave the gradients at p and at the pre-activations."""
        dh, dh_before, times, add, multiply = self.dh, self.dh_before, self.times, np.add, np.multiply
        for piece in self.factors.pieces(own):
            place = self.factors.fill(piece, own, tape)
            for dy, (factors, on, da) in zip(dys[place][::-1], self.steps[place][::-1], strict=True):
                add(dh, dy, dh)
                multiply(factors, dh, factors)
                times(da, dh_before)
                add(dh, on, dh)


class _Before:
    """The way back where r acts before the product, U_n (r * h); factors of the gradient at r * h and of dh."""

    def __init__(self, sweep: GRUSweep, tape: GRUTape) -> None:
        T, N, H, dtype = tape.T, tape.N, sweep.H, sweep.weights.dtype
        self.scratch = Scratch()
        weights, copies = sweep.weights, sweep.weights.copies
        self.product = Product(weights.U("rz").T, N, T, copies)
        self.product_n = Product(weights.U("n").T, N, T, copies)
        self.to_x = BackProjection(weights.W("rzn"), tape.length, N, copies)
        self.factors = Factors(_FormulasBefore, tape.length, H, N, dtype)
        factors = self.factors.of_stretch
        self.da = factors[:, 1:4].reshape(len(factors), 3 * H, N)
        parts = factors[:, 2:], self.da[:, : 2 * H], *(factors[:, k] for k in (0, 1, 3, 4))
        self.steps = list(zip(*map(each, parts), strict=True))
        self.dh_last, drh = empty((1, H, N), dtype), empty((1, H, N), dtype)
        (self.dh,), (self.dh_before,) = each(self.dh_last), for_product(self.dh_last, 2 * H)
        (self.drh,), (self.drh_product,) = each(drh), for_product(drh, H)

    def begin(self, dh: Array) -> None:
        """Go back from dh (N, H), with what the weights are now."""
        self.dh_last[0] = dh.T
        self.times, self.times_n = self.product.ready(), self.product_n.ready()

    def back(self, dys: list[Array], own: slice, tape: GRUTape) -> None:
        """Go back through a stretch: change dh, leave the gradients at the pre-activations."""
        dh, dh_before, drh, add, multiply = self.dh, self.dh_before, self.drh, np.add, np.multiply
        times, times_n, drh_product = self.times, self.times_n, self.drh_product
        for piece in self.factors.pieces(own):
            place = self.factors.fill(piece, own, tape)
            for dy, views in zip(dys[place][::-1], self.steps[place][::-1], strict=True):
                of_dh, da_rz, on_r, da_r, da_n, on_z = views
                add(dh, dy, dh)
                multiply(of_dh, dh, of_dh)
                times_n(da_n, drh_product)
                multiply(on_r, drh, on_r)
                multiply(da_r, drh, da_r)
                times(da_rz, dh_before)
                add(dh, on_z, dh)
                add(dh, on_r, dh)


class _FormulasAfter(Formulas):
    """What goes on to the step before, da for p, r, z and n."""

    cuts = slice(0, 1), slice(1, 3)
    before, factors, between = 1, 5, 1

    def __init__(self, out: Callable[[int, int], Array], between: Callable[[int, int], Array]) -> None:
        self.rz, self.r, self.z = out(0, 2), out(0, 1), out(1, 2)  # z goes on
        self.da_p, self.da_r, self.da_z, self.da_n = (out(k, k + 1) for k in (2, 3, 4, 5))
        self.rest = between(0, 1)

    def fill(self, taken: Taken) -> None:
        """From 1 / r and 1 / z, from -p, from -h before the step and -n."""
        (minus_p, rz), minus_h, minus_n = taken
        one = ONE[minus_n.dtype]
        np.divide(one, rz, self.rz)
        _of_z_and_n(self.z, self.rest, minus_h, minus_n, self.da_z, self.da_n)
        np.multiply(self.da_n, self.r, self.da_p)
        np.subtract(self.r, one, self.r)
        np.multiply(self.da_p, minus_p, self.da_r)
        np.multiply(self.da_r, self.r, self.da_r)


class _FormulasBefore(Formulas):
    """Of the gradient at r * h what goes on to the step before and da for r; of dh da for z and n, and what goes on."""

    cuts = slice(0, 1), slice(1, 3)
    before, factors, between = 0, 5, 3

    def __init__(self, out: Callable[[int, int], Array], between: Callable[[int, int], Array]) -> None:
        self.on_r, self.da_r, self.da_z, self.da_n, self.on_z = (out(k, k + 1) for k in range(5))
        self.rz, self.r, self.z, self.rest = between(0, 2), between(0, 1), between(1, 2), between(2, 3)

    def fill(self, taken: Taken) -> None:
        """From 1 / r and 1 / z, from -r * h, from -h before the step and -n."""
        (minus_rh, rz), minus_h, minus_n = taken
        one = ONE[minus_n.dtype]
        np.divide(one, rz, self.rz)
        self.on_r[...], self.on_z[...] = self.r, self.z
        _of_z_and_n(self.z, self.rest, minus_h, minus_n, self.da_z, self.da_n)
        np.subtract(self.r, one, self.r)
        np.multiply(minus_rh, self.r, self.da_r)


def _of_z_and_n(z: Array, rest: Array, minus_h: Array, minus_n: Array, da_z: Array, da_n: Array) -> None:
    """da_z = (h - n) z (1 - z), da_n = (1 - z) (1 - n²); leaves 1 - z in `rest`."""
    multiply, subtract, one = np.multiply, np.subtract, ONE[minus_n.dtype]
    subtract(one, z, rest)
    subtract(minus_n, minus_h, da_z)
    multiply(da_z, z, da_z)
    multiply(da_z, rest, da_z)
    multiply(minus_n, minus_n, da_n)
    subtract(one, da_n, da_n)
    multiply(da_n, rest, da_n)
