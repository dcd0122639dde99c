"""How a batch of sequences lies in memory while it is walked: one row per real step, no row for padding.

Sequences are ordered by falling length, so those that are still running at a step are the first of the batch. Their rows lie
together, step after step, as in PyTorch's packed sequences. States live in one array with N rows more, the initial states,
so that the states before the steps and those after them are two views of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

import numpy as np

from rnnref.typing import Array, IntArray


class Steps:
    """Which rows each step of a walk reads and writes.

    `running[k]` of the N sequences take part in step k; it never rises. With `backwards`, which needs all to run throughout,
    the walk goes from the last rows to the first.
    """

    def __init__(self, running: list[int], N: int, backwards: bool = False) -> None:
        self.running, self.N, self.backwards = running, N, backwards
        self.full = not running or running[-1] == N
        self._edges = [0, *accumulate(running)]
        self.count = self._edges[-1]

    def __len__(self) -> int:
        return len(self.running)

    def now(self, rows: Array) -> list[Array]:
        """The rows (n, ...) of each step, of an array (S, ...), as views."""
        if self.full:
            views = list(rows.reshape(len(self), self.N, *rows.shape[1:]))
            return views[::-1] if self.backwards else views
        return [rows[start : start + n] for start, n in zip(self._edges, self.running, strict=False)]

    def blocks(self, rows: Array) -> list[Array]:
        """The rows (G, n, H) of each step, of an array (G, S, H), as views."""
        return [block.swapaxes(0, 1) for block in self.now(rows.swapaxes(0, 1))]

    def states(self, initial: Array) -> Array:
        """A state array (S + N, H) that starts with `initial` (N, H); the rest is empty."""
        states = np.empty((self.count + self.N, initial.shape[1]), initial.dtype)
        (states[self.count :] if self.backwards else states[: self.N])[:] = initial
        return states

    def after(self, states: Array) -> Array:
        """The states (S, H) that the steps write, row by row, as a view."""
        return states[: self.count] if self.backwards else states[self.N :]

    def before(self, states: Array) -> list[Array]:
        """The states (n, H) that each step reads, as views."""
        if self.full:
            return self.now(states[self.N :] if self.backwards else states[: self.count])
        firsts = [0, *(self.N + edge for edge in self._edges)]
        return [states[first : first + n] for first, n in zip(firsts, self.running, strict=False)]

    def read(self, states: Array, rows: slice) -> Array:
        """The states that the steps of these rows read, row by row; a view where all sequences run throughout."""
        if self.full:
            shift = self.N if self.backwards else 0
            return states[rows.start + shift : rows.stop + shift]
        return states[self._read[rows]]

    @cached_property
    def _read(self) -> IntArray:
        """The row of a state array that each row's step reads."""
        step = np.repeat(np.arange(len(self)), self.running)
        place = np.arange(self.count) - np.array(self._edges)[step]
        return np.array([0, *(self.N + edge for edge in self._edges)])[step] + place

    def last(self, states: Array) -> Array:
        """A copy of the states (N, H) that the sequences end with."""
        if self.full:
            return (states[: self.N] if self.backwards else states[self.count :]).copy()
        end = states[: self.N].copy()
        for n, written in zip(self.running, self.now(self.after(states)), strict=True):
            end[:n] = written
        return end

    def rows(self, first: int, stop: int) -> slice:
        """The rows of steps first .. stop - 1."""
        if self.backwards:
            first, stop = len(self) - stop, len(self) - first
        return slice(self._edges[first], self._edges[stop])

    def part(self, first: int, stop: int) -> Steps:
        """The walk over steps first .. stop - 1 alone."""
        return Steps(self.running[first:stop], self.N, self.backwards)

    def stretches(self, steps: int) -> Iterator[tuple[int, int]]:
        """(first, stop) of stretches of so many steps, in the order of the walk."""
        for first in range(0, len(self), steps):
            yield first, min(first + steps, len(self))


class Batch:
    """T steps of N sequences, of which `lengths` (N,) count (None: all T), walked from the front or from each one's end."""

    def __init__(self, T: int, N: int, lengths: IntArray | None = None, backwards: bool = False) -> None:
        self.T, self.N = T, N
        self.ragged = lengths is not None and bool((lengths != T).any())
        if not self.ragged or lengths is None:
            self.steps = Steps([N] * T, N, backwards)
            return
        self.order = np.argsort(-lengths, kind="stable")
        falling = lengths[self.order]
        running = [int((falling > k).sum()) for k in range(int(falling[0]))]
        self.steps = Steps(running, N)
        step = np.repeat(np.arange(len(running)), running)
        place = np.arange(len(step)) - np.repeat(np.cumsum([0, *running])[:-1], running)
        # A sequence walked from its own end is the same walk over rows in another order.
        self._time = falling[place] - 1 - step if backwards else step
        self._sequence = self.order[place]

    def gather(self, x: Array) -> Array:
        """The rows (S, K) of a padded array (T, N, K); padding is not read."""
        return x[self._time, self._sequence] if self.ragged else x.reshape(self.T * self.N, x.shape[2])

    def scatter(self, rows: Array) -> Array:
        """The padded array (T, N, K) of rows (S, K), 0 in the padding; a view where there is none."""
        if not self.ragged:
            return rows.reshape(self.T, self.N, rows.shape[1])
        x = np.zeros((self.T, self.N, rows.shape[1]), rows.dtype)
        x[self._time, self._sequence] = rows
        return x

    def ordered(self, state: Array) -> Array:
        """A state (N, H) in the order of the rows."""
        return state[self.order] if self.ragged else state

    def restore(self, state: Array, out: Array) -> None:
        """Write a state (N, H) back in the order of the batch."""
        if self.ragged:
            out[self.order] = state
        else:
            out[:] = state
