"""What the fast passes over a sequence share (`sweep_rnn`, `sweep_lstm`, `sweep_gru`).

They are the cells of `rnn`, `lstm` and `gru` in another order: the products with x for all steps at once before the loop, the
products that give weight gradients once per stretch of steps after it, results written where they are to stay.

Gates lie in blocks, (G, S, H), so that each one's rows are contiguous. So do weights: W (G, H, D) and U (G, H, H) hold in
W[k] what multiplies x for gate k, transposed as PyTorch stores it; b is (G, H). A forward pass gives a tape; a backward pass
reads it and leaves it as it was. σ(a) is 1 / (1 + exp(-a)), and tanh in large arrays 2 σ(2 a) - 1: half the time of
numpy.tanh, and as exact against 1, which is what states are measured in.
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


class Gradients(NamedTuple):
    """Those at x (S, D), at the initial states (N, ·) each, at W, U and b, and at what else the cell has."""

    x: Array
    states: list[Array]
    weights: list[Array]


class Sweep(Protocol):
    """A cell with its weights, over a sequence. States are a list: h, or h and c."""

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> Any:
        """The tape, from the rows x (S, D) and the initial states (N, ·)."""

    def hidden(self, tape: Any) -> list[Array]:
        """The state arrays (S + N, ·) of a tape, as `steps.states` lays them out."""

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array, tape: Any, steps: Steps) -> Gradients:
        """Gradients from those at all states h (S, ·) and at the last states (N, ·)."""


# ---------------------------------------------------------------- for the forward passes


def project(x: Array, W: Array, b: Array, out: Array | None = None) -> Array:
    """The gates' part from x (S, D) for all rows: (G, S, H)."""
    a = np.matmul(x, W.swapaxes(1, 2), out=out)
    return np.add(a, b[:, None], out=a)


def numbers(dtype: np.dtype[Any], *values: float) -> list[Array]:
    """0-d arrays: NumPy takes them twice as fast as Python's numbers."""
    return [np.array(v, dtype) for v in values]


def tanh_for(size: int) -> Callable[[Array, Array], Any]:
    """tanh(x, out) for arrays of `size`: NumPy's where calls cost most, by exp where elements do."""
    return np.tanh if size < 512 else _tanh_by_exp


def _tanh_by_exp(x: Array, out: Array) -> None:
    one, two, minus_two = numbers(out.dtype, 1, 2, -2)
    np.exp(np.multiply(x, minus_two, out), out)
    np.add(out, one, out)
    np.divide(two, out, out)
    np.subtract(out, one, out)


def running(buffer: Array, steps: Steps) -> Iterable[Array]:
    """For each step the part of `buffer` (G, N, H) or (N, H) that belongs to the sequences taking part."""
    if steps.full:
        return repeat(buffer, len(steps))
    return [buffer[..., :n, :] for n in steps.running]


# ---------------------------------------------------------------- for the backward passes


def stretches(steps: Steps) -> list[tuple[Steps, slice]]:
    """The stretches of a backward pass, last first: their steps and their rows."""
    size = max(1, STRETCH // steps.N)
    return [(steps.part(*bounds), steps.rows(*bounds)) for bounds in reversed(list(steps.stretches(size)))]


def up(views: Iterable[Array]) -> Iterable[Array]:
    """From the last step to the first."""
    return views if isinstance(views, repeat) else reversed(list(views))


def added(totals: list[Array], parts: list[Array]) -> list[Array]:
    """Sums over stretches, in place from the second on."""
    return [np.add(t, p, out=t) for t, p in zip(totals, parts, strict=True)] if totals else parts


def back_through(da: Array, W: Array, out: Array) -> None:
    """Write Σ da[k] W[k] over the gates k, the gradient at what was multiplied, into `out`."""
    np.matmul(da[0], W[0], out=out)
    for one, weights in zip(da[1:], W[1:], strict=True):
        out += one @ weights


# ---------------------------------------------------------------- memory for time


class Checkpoints:
    """A sweep that keeps states only every √T steps and repeats the steps between on the way back (Chen et al. 2016)."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def forward(self, x: Array, states: Sequence[Array], steps: Steps) -> tuple[Array, list[list[Array]]]:
        """All states h (S, ·), and the states (N, ·) before each segment and at the end."""
        hs = np.empty((steps.count, states[0].shape[1]), x.dtype)
        kept = [list(states)]
        for first, stop in steps.stretches(self._length(steps)):
            part, rows = steps.part(first, stop), steps.rows(first, stop)
            arrays = self.sweep.hidden(self.sweep.forward(x[rows], kept[-1], part))
            hs[rows] = part.after(arrays[0])
            kept.append([part.last(a) for a in arrays])
        return hs, kept

    def backward(
        self, dhs: Array, dstates: Sequence[Array], x: Array, kept: list[list[Array]], steps: Steps
    ) -> Gradients:
        """Gradients, segment by segment from the last."""
        dx = np.empty_like(x)
        d, weights = list(dstates), []
        segments = list(enumerate(steps.stretches(self._length(steps))))
        for k, (first, stop) in reversed(segments):
            part, rows = steps.part(first, stop), steps.rows(first, stop)
            tape = self.sweep.forward(x[rows], kept[k], part)
            dx[rows], d, parts = self.sweep.backward(dhs[rows], d, x[rows], tape, part)
            weights = added(weights, parts)
        return Gradients(dx, d, weights)

    def _length(self, steps: Steps) -> int:
        return max(1, math.isqrt(len(steps)))
