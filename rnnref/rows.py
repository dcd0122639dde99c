"""How a batch of sequences lies in memory while it is walked.

Sequences are ordered by falling length, so that those still running at a step are the first of the batch, and a
sequence that is read from its end is laid out backwards. Then a pass over the batch is one loop over arrays (T, ...,
N, H), whatever the lengths and the direction. Padding is replaced by 0 without being read.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np

from rnnref.typing import Array, IntArray


class Steps:
    """T steps of N sequences. `running[t]` of them, the first, take part in step t; None: all in all steps.

    States lie in arrays (T + 1, N, H) with the initial ones. With `backwards` the walk goes from the last step to the
    first and the initial states lie at the end; all sequences run throughout then.
    """

    __slots__ = ("N", "T", "backwards", "running")

    def __init__(self, T: int, N: int, running: list[int] | None = None, backwards: bool = False) -> None:
        self.T, self.N, self.running, self.backwards = T, N, running, backwards

    def walk(self, array: Array) -> list[Array]:
        """What each step has in an array (T, ..., N, H), as views (..., n, H) in the order of the walk."""
        views = list(array[::-1] if self.backwards else array)
        return views if self.running is None else self._cut(views)

    def each(self, buffer: Array) -> Iterable[Array]:
        """For each step the part (..., n, H) of a buffer (..., N, H) that all steps share."""
        return repeat(buffer, self.T) if self.running is None else self._cut([buffer] * self.T)

    def _cut(self, views: list[Array]) -> list[Array]:
        assert self.running is not None
        return [view[..., :n, :] for view, n in zip(views, self.running, strict=True)]

    def clear(self, array: Array) -> None:
        """Put 0 in an array (T, ..., N, H) where a sequence has ended."""
        if self.running is not None:
            for view, n in zip(array, self.running, strict=True):
                view[..., n:, :] = 0

    def room(self, like: Array) -> Array:
        """A new array (T, N, H), each step's as `like` (N, H); 0 where a sequence has ended, else empty."""
        array = np.empty((self.T, *like.shape), like.dtype)
        self.clear(array)
        return array

    def states(self, initial: Array) -> Array:
        """A state array (T + 1, N, H) that starts with `initial` (N, H); 0 where a sequence has ended, else empty."""
        states = np.empty((self.T + 1, *initial.shape), initial.dtype)
        states[-1 if self.backwards else 0] = initial
        self.clear(self.after(states))
        return states

    def before(self, states: Array) -> Array:
        """The states (T, N, H) that the steps read, as a view."""
        return states[1:] if self.backwards else states[:-1]

    def after(self, states: Array) -> Array:
        """The states (T, N, H) that the steps write, as a view."""
        return states[:-1] if self.backwards else states[1:]

    def last(self, states: Array) -> Array:
        """A copy of the states (N, H) that the sequences end with."""
        if self.running is None:
            last: Array = states[0 if self.backwards else -1].copy()
        else:
            ended = (np.array(self.running)[:, None] > np.arange(self.N)).sum(axis=0)
            last = states[ended, np.arange(self.N)]
        return last

    def part(self, first: int, stop: int) -> tuple[Steps, slice]:
        """The walk over its steps first .. stop - 1 alone, and their slice of an array (T, ...)."""
        running = None if self.running is None else self.running[first:stop]
        own = slice(self.T - stop, self.T - first) if self.backwards else slice(first, stop)
        return Steps(stop - first, self.N, running, self.backwards), own

    def parts(self, length: int) -> list[tuple[Steps, slice]]:
        """The walk in parts of `length` steps, the last one perhaps shorter."""
        if length >= self.T:
            return [(self, slice(0, self.T))]
        return [self.part(first, min(first + length, self.T)) for first in range(0, self.T, length)]


class Batch:
    """T steps of N sequences, of which the first `lengths` (N,) count (None: all T), read from the front or from the end."""

    def __init__(self, T: int, N: int, lengths: IntArray | None = None, backwards: bool = False) -> None:
        self.T, self.N = T, N
        self.ragged = lengths is not None and bool((lengths != T).any())
        if not self.ragged or lengths is None:
            self.steps = Steps(T, N, None, backwards)
            return
        self.order = np.argsort(-lengths, kind="stable")
        falling = lengths[self.order]
        step = np.arange(T)[:, None]
        self._real = (step < falling)[:, :, None]
        self._time = np.where(step < falling, falling - 1 - step, step) if backwards else np.broadcast_to(step, (T, N))
        self.steps = Steps(T, N, (step < falling).sum(axis=1).tolist())

    def gather(self, x: Array) -> Array:
        """X (T, N, K) as the walk has it, 0 in the padding; a view where there is none."""
        return np.where(self._real, x[self._time, self.order], x.dtype.type(0)) if self.ragged else x

    def scatter(self, rows: Array) -> Array:
        """The opposite of `gather`."""
        if not self.ragged:
            return rows
        x = np.empty_like(rows)
        x[self._time, self.order] = np.where(self._real, rows, rows.dtype.type(0))
        return x

    def ordered(self, state: Array) -> Array:
        """A state (N, H) as the walk has it."""
        return state[self.order] if self.ragged else state

    def restore(self, state: Array, out: Array) -> None:
        """Write a state (N, H) of the walk back in the batch's order."""
        if self.ragged:
            out[self.order] = state
        else:
            out[:] = state
