"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order: the products with x for all steps at once before the
loop, the products that give weight gradients once per stretch of steps after it, results written where they are to
stay.

Gates lie in blocks, (T, G, N, H), so that those of a step are contiguous, and so is each gate of it. Weights do too:
W (G, H, D) and U (G, H, H) hold in W[k] what multiplies x for gate k, transposed as PyTorch stores it; b is (G, H). A
forward pass gives a tape; a backward pass reads it and leaves it as it was. σ(a) is 1 / (1 + exp(-a)), and tanh in
large arrays 2 σ(2 a) - 1: half the time of numpy.tanh, and as exact against 1, which is what states are measured in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnref.rows import Steps
from rnnref.typing import Array

STRETCH = 256
"""Rows that a backward pass takes at a time, at least: enough for a fast product, few enough for the cache."""


BY_EXP = 512
"""Elements from which tanh by exp is the faster one."""


class Gradients(NamedTuple):
    """Those at x (T, N, D), at the initial states (N, ·) each, at W, U and b, and at what else the cell has."""

    x: Array
    states: list[Array]
    weights: list[Array]


class Sweep(Protocol):
    """A cell with its weights, over a sequence. States are a list: h, or h and c."""

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> Any:
        """The tape, from x (T, N, D) and the initial states (N, ·)."""

    def hidden(self, tape: Any) -> list[Array]:
        """The state arrays (T + 1, N, ·) of a tape."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any, steps: Steps) -> Gradients:
        """Gradients from those at all states h (T, N, ·) and at the last states (N, ·)."""


# ---------------------------------------------------------------- layout


def blocks(W: Array, gates: int) -> Array:
    """W (D, G*H), gates side by side, as (G, H, D): a view where W is contiguous."""
    return W.T.reshape(gates, -1, len(W))


def from_blocks(W: Array) -> Array:
    """The opposite of `blocks`."""
    return np.ascontiguousarray(W.reshape(-1, W.shape[2]).T)


# ---------------------------------------------------------------- for the forward passes


def right(weights: Array, N: int, scale: Array) -> Array:
    """`weights` (G, H, R) times `scale` (G, 1, 1) as a batch of N takes them from the right, contiguous.

    (G, R, H), for one product per gate; for a single sequence (R, G*H), one product for all.
    """
    if N == 1:
        return np.ascontiguousarray((weights * scale).reshape(-1, weights.shape[2]).T)
    return np.multiply(weights.swapaxes(1, 2), scale, order="C")


def times_for(N: int) -> Callable[[Array, Array, Array], Any]:
    """times(h, weights, out) for weights from `right`; for one matrix `dot` has half the cost per call."""
    return np.ndarray.dot if N == 1 else np.matmul


def project(x: Array, W: Array, b: Array) -> Array:
    """The gates' part from x (T, N, D) for all steps: (T, G, N, H), with W from `right` and b (G, H)."""
    T, N, _ = x.shape
    gates = np.empty((T, len(b), N, b.shape[1]), x.dtype)
    if N == 1:
        rows = gates.reshape(T, -1)
        np.add(np.matmul(flat(x), W, out=rows), b.reshape(-1), out=rows)
        return gates
    length = max(1, STRETCH // N)
    for first in range(0, T, length):
        some = gates[first : first + length]
        blocks = np.matmul(flat(x[first : first + length]), W)
        np.add(blocks.reshape(len(b), len(some), N, -1).swapaxes(0, 1), b[:, None], out=some)
    return gates


def room_for_product(G: int, like: Array) -> tuple[Array, Array]:
    """A buffer (G, N, H), with N and H as in `like`, and the same memory as the product with weights from `right` fills it."""
    buffer = np.empty((G, *like.shape), like.dtype)
    return buffer, buffer.reshape(1, -1) if len(like) == 1 else buffer


def numbers(dtype: np.dtype[Any], *values: float) -> list[Array]:
    """0-d arrays: NumPy takes them twice as fast as Python's numbers."""
    return [np.array(v, dtype) for v in values]


def tanh_for(size: int) -> Callable[[Array, Array], Any]:
    """tanh(x, out) for arrays of `size`: NumPy's where calls cost most, by exp where elements do."""
    return np.tanh if size < BY_EXP else _tanh_by_exp


def _tanh_by_exp(x: Array, out: Array) -> None:
    one, two, minus_two = numbers(out.dtype, 1, 2, -2)
    np.exp(np.multiply(x, minus_two, out), out)
    np.add(out, one, out)
    np.divide(two, out, out)
    np.subtract(out, one, out)


# ---------------------------------------------------------------- for the backward passes


def stretches(steps: Steps) -> list[tuple[Steps, slice]]:
    """The stretches of a backward pass, last first."""
    return steps.parts(max(1, STRETCH // steps.N))[::-1]


def up(views: Iterable[Array]) -> Iterable[Array]:
    """From the last step to the first."""
    return views if isinstance(views, repeat) else reversed(list(views))


def by_gate(d: Array) -> Array:
    """Gradients (T, G, N, H) as (G, T * N, H)."""
    T, G, N, H = d.shape
    return d.swapaxes(0, 1).reshape(G, T * N, H)


def flat(rows: Array) -> Array:
    """Rows (T, N, K) as (T * N, K)."""
    return rows.reshape(-1, rows.shape[2])


def back_through(da: Array, W: Array, out: Array) -> None:
    """Write Σ da[k] W[k] over the gates k, from da (G, S, H) the gradient at the x that was multiplied, into `out` (T, N, D)."""
    into = flat(out)
    np.matmul(da[0], W[0], out=into)
    for one, weights in zip(da[1:], W[1:], strict=True):
        into += one @ weights


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums over stretches, in place from the second on."""
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts


# ---------------------------------------------------------------- memory for time


class Checkpoints:
    """A sweep that keeps states only every √T steps and repeats the steps between on the way back (Chen et al. 2016)."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> tuple[Array, list[list[Array]]]:
        """All states h (T, N, ·), and the states (N, ·) before each segment and at the end."""
        hs = np.empty((steps.T, *states[0].shape), x.dtype)
        kept = [list(states)]
        for part, own in steps.parts(math.isqrt(steps.T)):
            arrays = self.sweep.hidden(self.sweep.forward(x[own], kept[-1], part))
            hs[own] = part.after(arrays[0])
            kept.append([part.last(a) for a in arrays])
        return hs, kept

    def backward(
        self, dhs: Array, dstates: Sequence[Array], x: Array, kept: list[list[Array]], steps: Steps
    ) -> Gradients:
        """Gradients, segment by segment from the last."""
        dx = np.empty(x.shape, x.dtype)  # not like x, whose rows may not lie together
        d = list(dstates)
        weights: list[Array] = []
        for k, (part, own) in reversed(list(enumerate(steps.parts(math.isqrt(steps.T))))):
            tape = self.sweep.forward(x[own], kept[k], part)
            dx[own], d, parts = self.sweep.backward(dhs[own], d, x[own], tape, part)
            weights = added(weights, parts)
        return Gradients(dx, d, weights)
