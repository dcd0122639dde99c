"""A batch of sequences walked by a fast pass: padding, the direction, memory for time.

Sequences are ordered by falling length, so that those still running at a step are the first of the batch, and a
sequence that is read from its end is laid out backwards. Then a batch is a few parts, each of them so many steps of so
many sequences. Padding is never read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnref.sweep import Gradients, Sweep, added, stretch_length
from rnnref.typing import Array, IntArray


class Part(NamedTuple):
    """The steps `own` of the first n sequences."""

    own: slice
    n: int

    @property
    def T(self) -> int:
        """The number of steps."""
        return int(self.own.stop - self.own.start)


class Batch:
    """T steps of N sequences, of which the first `lengths` (N,) count (None: all T), read from the front or from the end."""

    def __init__(self, T: int, N: int, lengths: IntArray | None = None, backwards: bool = False) -> None:
        self.T, self.N, self.backwards = T, N, backwards
        self.ragged = lengths is not None and bool((lengths != T).any())
        self.parts = [Part(slice(0, T), N)]
        if not self.ragged or lengths is None:
            return
        self.order = np.argsort(-lengths, kind="stable")
        falling = lengths[self.order]
        step = np.arange(T)[:, None]
        self._real = (step < falling)[:, :, None]
        self._time = np.where(step < falling, falling - 1 - step, step) if backwards else np.broadcast_to(step, (T, N))
        ends = np.unique(falling)
        firsts = [0, *ends[:-1].tolist()]
        self.parts = [
            Part(slice(first, stop), int((falling > first).sum()))
            for first, stop in zip(firsts, ends.tolist(), strict=True)
            if stop
        ]

    def parts_up_to(self, length: int) -> list[Part]:
        """The parts cut so that none has more than `length` steps."""
        return [
            Part(slice(first, min(first + length, own.stop)), n)
            for own, n in self.parts
            for first in range(own.start, own.stop, length)
        ]

    def gather(self, x: Array) -> Array:
        """X (T, N, K) in the order of the walk, 0 in the padding; a view where there is none."""
        if self.ragged:
            return np.where(self._real, x[self._time, self.order], x.dtype.type(0))
        return x[::-1] if self.backwards else x

    def scatter(self, rows: Array) -> Array:
        """The opposite of `gather`."""
        if not self.ragged:
            return rows[::-1] if self.backwards else rows
        x = np.empty_like(rows)
        x[self._time, self.order] = np.where(self._real, rows, rows.dtype.type(0))
        return x

    def ordered(self, state: Array) -> Array:
        """A state (N, H) in the order of the walk."""
        return state[self.order] if self.ragged else state

    def restore(self, state: Array, out: Array) -> None:
        """Write a state (N, H) of the walk back in the batch's order."""
        if self.ragged:
            out[self.order] = state
        else:
            out[:] = state


class Walk:
    """A sweep along a batch, and back; with `checkpoint` only the states before each part are kept (Chen et al. 2016).

    Arrays come in the order of the walk. `memory` is that of an earlier walk of this sweep, which is taken over where it fits.
    """

    def __init__(self, sweep: Sweep, batch: Batch, checkpoint: bool = False, memory: Sequence[Any] = ()) -> None:
        self.sweep, self.batch, self.checkpoint = sweep, batch, checkpoint
        self.parts = batch.parts
        if checkpoint:
            # Whole stretches, for which there is scratch memory anyway, and no part so short that its beginning costs much.
            stretch = stretch_length(batch.T, batch.N) or 1
            self.parts = batch.parts_up_to(stretch * max(4, math.ceil(math.sqrt(batch.T) / stretch)))
        self.kept: list[list[Array]] = []
        self.filled: int | None = None  # the part that is on the tape of all parts
        self.memory = list(memory[: len(self.parts)])
        self.in_one = not (checkpoint or batch.ragged)
        self.needs_x = self.in_one and not self._tape(0).holds_x
        """Whether x must stay as it is until the way back."""

    def _tape(self, k: int) -> Any:
        """A tape for part k; with checkpoints there is one for all parts as large as the first, and one for others."""
        sizes = self.parts[k].T, self.parts[k].n
        if self.checkpoint:
            k = int(sizes != (self.parts[0].T, self.parts[0].n))
        self.memory += [None] * (k + 1 - len(self.memory))
        tape = self.memory[k]
        if tape is None or sizes != (tape.T, tape.N):
            tape = self.memory[k] = self.sweep.tape(*sizes)
        return tape

    def forward(self, x: Array, states: Sequence[Array], out: Array) -> list[Array]:
        """Write all states h into `out` (T, N, ·) in the batch's order, 0 past a sequence's end; give the last states (N, ·)."""
        if self.in_one:
            tape = self.memory[0]
            self.sweep.forward(x, states, tape, self.batch.scatter(out))
            return list(tape.last())
        batch_out, out = out, np.empty_like(out) if self.batch.ragged else self.batch.scatter(out)
        now = [s.copy() for s in states]
        self.kept.clear()
        for k, (own, n) in enumerate(self.parts):
            running = [s[:n] for s in now]
            if self.checkpoint:
                self.kept.append([s.copy() for s in running])
            tape = self._tape(k)
            self.sweep.forward(x[own, :n], running, tape, out[own, :n])
            self.filled = k
            out[own, n:] = 0
            for state, last in zip(running, tape.last(), strict=True):
                state[:] = last
        out[self.parts[-1].own.stop if self.parts else 0 :] = 0
        if self.batch.ragged:
            batch_out[:] = self.batch.scatter(out)
        return now

    def backward(self, dhs: Array, dstates: Sequence[Array], x: Array) -> Gradients:
        """Gradients from those at all states h and at the last states; none at weights where there is no step."""
        if self.in_one:
            return self.sweep.backward(dhs, dstates, x, self.memory[0])
        dx = np.zeros(x.shape, x.dtype)
        d = [s.copy() for s in dstates]
        weights: list[Array] = []
        for k, (own, n) in reversed(list(enumerate(self.parts))):
            tape = self._tape(k)
            if self.checkpoint and self.filled != k:
                self.sweep.forward(x[own, :n], self.kept[k], tape)
                self.filled = k
            back = self.sweep.backward(dhs[own, :n], [s[:n] for s in d], x[own, :n], tape)
            dx[own, :n] = back.x
            for state, first in zip(d, back.states, strict=True):
                state[:n] = first
            weights = added(weights, back.weights)
        return Gradients(dx, d, weights)
