"""How a batch of sequences lies in memory while it is walked: one row per real step, no row for padding.

Sequences are ordered by falling length, so those that are still running at a step are a prefix of the batch. Their rows
lie together, step after step, as in PyTorch's packed sequences. States live in one array with N rows more, the initial
states, so that the states *before* the steps and those *after* them are two views of it.
"""

from __future__ import annotations

import numpy as np

from rnnref.typing import Array, IntArray


class Rows:
    """The rows of T steps of N sequences, walked from the front or, with `reverse`, from each sequence's own end.

    `lengths` (N,) counts the real steps; None: all T. For step k of the walk, `now[k]` is the slice of its rows, and
    `before[k]` and `after[k]` are slices of a state array: what the step reads and what it writes.
    """

    def __init__(self, T: int, N: int, lengths: IntArray | None = None, reverse: bool = False) -> None:
        self.T, self.N = T, N
        self.ragged = lengths is not None and bool(np.any(lengths != T))
        if self.ragged:
            assert lengths is not None
            self._lay_out_ragged(lengths, reverse)
        else:
            self._lay_out_full(reverse)

    def _lay_out_full(self, reverse: bool) -> None:
        T, N = self.T, self.N
        self.count = T * N
        edges = [slice(t * N, t * N + N) for t in range(T + 1)]
        self.now, self.before, self.after = edges[:T], edges[:T], edges[1:]
        self.start, self.body = slice(0, N), slice(N, None)
        if reverse:
            self.now, self.before, self.after = edges[:T][::-1], edges[1:][::-1], edges[:T][::-1]
            self.start, self.body = slice(self.count, None), slice(0, self.count)
        self.end = self.after[-1]

    def _lay_out_ragged(self, lengths: IntArray, reverse: bool) -> None:
        N = self.N
        self.order = np.argsort(-lengths, kind="stable")
        ordered = lengths[self.order]
        steps = int(ordered[0])
        running = [int(np.searchsorted(-ordered, -k, side="left")) for k in range(steps)]
        offsets = np.concatenate([[0], np.cumsum(running, dtype=np.intp)])
        self.count = int(offsets[-1])
        # Row k holds step `time[k]` of sequence `sequence[k]`.
        place = np.concatenate([np.arange(n) for n in running] or [np.empty(0, np.intp)])
        step = np.repeat(np.arange(steps), running)
        self.time = ordered[place] - 1 - step if reverse else step
        self.sequence = self.order[place]
        first = [0, *(N + offsets[:-1]).tolist()]
        self.now = [slice(int(offsets[k]), int(offsets[k + 1])) for k in range(steps)]
        self.before = [slice(first[k], first[k] + running[k]) for k in range(steps)]
        self.after = [slice(first[k + 1], first[k + 1] + running[k]) for k in range(steps)]
        self.start, self.body = slice(0, N), slice(N, None)
        self._read = np.array(first)[step] + place if steps else step
        self._end = np.where(ordered > 0, N + offsets[np.maximum(ordered - 1, 0)] + np.arange(N), np.arange(N))

    def gather(self, x: Array) -> Array:
        """The rows (S, K) of a padded array (T, N, K); padding is not read."""
        return x[self.time, self.sequence] if self.ragged else x.reshape(self.count, x.shape[2])

    def scatter(self, rows: Array) -> Array:
        """The padded array (T, N, K) of rows (S, K); padding is 0."""
        if not self.ragged:
            return rows.reshape(self.T, self.N, rows.shape[1])
        x = np.zeros((self.T, self.N, rows.shape[1]), rows.dtype)
        x[self.time, self.sequence] = rows
        return x

    def ordered(self, state: Array) -> Array:
        """A state (N, H) in the order of the rows."""
        return state[self.order] if self.ragged else state

    def restored(self, state: Array) -> Array:
        """The opposite of `ordered`."""
        if not self.ragged:
            return state
        back = np.empty_like(state)
        back[self.order] = state
        return back

    def states(self, initial: Array) -> Array:
        """An empty state array (S + N, H) that starts with `initial` (N, H), which is in the order of the rows."""
        states = np.empty((self.count + self.N, initial.shape[1]), initial.dtype)
        states[self.start] = initial
        return states

    def last(self, states: Array) -> Array:
        """The states (N, H) that the sequences end with, in the order of the rows."""
        return states[self._end] if self.ragged else states[self.end].copy()

    def read(self, states: Array) -> Array:
        """The states (S, H) that the rows' steps read: a view where nothing is ragged."""
        return (
            states[self._read]
            if self.ragged
            else states[min(self.before[0].start, self.before[-1].start) :][: self.count]
        )
