"""What the way back through a gated cell multiplies gradients by, computed before it for some steps at a time.

What a gate has of several steps lies in as many pieces in a tape, and for these NumPy's calls take up to five times as
long as for one. So where steps are small, a few of them are copied, gate by gate. Where a step repays its calls it is
taken alone: then a gate lies in one piece anyway.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rnnref.layout import CACHE, each, empty
from rnnref.typing import Array

WORTH_A_CALL = 1024
"""Entries from which on a call of NumPy for them repays itself."""


class Taken(NamedTuple):
    """What a tape has: gates that lie one after the other, cut as `Formulas.cuts` says, and two arrays more."""

    gates: Sequence[Array]
    a: Array
    b: Array


class Formulas(ABC):
    """A cell's factors as formulas, for one step or for several: views of memory for them and for what comes between.

    The memory is (before + factors, H, N) with (between, H, N) for one step, (·, S, H, N) for several.
    """

    cuts: ClassVar[tuple[slice, ...]]
    before: ClassVar[int]
    factors: ClassVar[int]
    between: ClassVar[int]

    @abstractmethod
    def __init__(self, out: Callable[[int, int], Array], between: Callable[[int, int], Array]) -> None:
        """From what gives the arrays from one to another of each memory."""

    @abstractmethod
    def fill(self, taken: Taken) -> None:
        """Compute the factors."""


class Factors:
    """Memory for the factors (length, factors, H, N) of a stretch of steps."""

    def __init__(self, formulas: type[Formulas], length: int, H: int, N: int, dtype: np.dtype[Any]) -> None:
        self._formulas, self._H, self._N, self._dtype = formulas, H, N, dtype
        self._alone = H * N >= WORTH_A_CALL
        bytes_of_a_step = (2 * formulas.factors + formulas.between + 4) * H * N * dtype.itemsize
        self._at_a_time = 1 if self._alone else max(1, CACHE // 4 // bytes_of_a_step)
        by_step = empty((length, formulas.factors + formulas.before * self._alone, H, N), dtype)
        self.of_stretch = by_step[:, -formulas.factors :]
        between = empty((formulas.between, H, N), dtype)
        self._of_step = [formulas(_of_one(out), _of_one(between)) for out in by_step] if self._alone else []
        self._of_steps: dict[int, tuple[Taken, Array, Array, Formulas]] = {}

    def pieces(self, own: slice) -> Iterator[slice]:
        """The steps of a stretch, as many as are taken at a time, the last first."""
        for stop in range(own.stop, own.start, -self._at_a_time):
            yield slice(max(own.start, stop - self._at_a_time), stop)

    def fill(self, piece: slice, own: slice, tape: Any) -> slice:
        """Compute the factors of some steps of a stretch from a tape's `of_step` or `of_steps`; gives their places in it."""
        place = slice(piece.start - own.start, piece.stop - own.start)
        if self._alone:
            self._of_step[place.start].fill(tape.of_step(piece.start))
            return place
        S = piece.stop - piece.start
        if S not in self._of_steps:
            self._of_steps[S] = self._memory(S)
        taken, gates, factors, formulas = self._of_steps[S]
        all_gates, a, b = tape.of_steps(piece)
        gates[...] = all_gates.reshape(S, -1, self._H, self._N)
        taken.a[...], taken.b[...] = a, b
        formulas.fill(taken)
        self.of_stretch[place] = factors
        return place

    def _memory(self, S: int) -> tuple[Taken, Array, Array, Formulas]:
        """What is taken for so many steps; its gates and the factors, by step; formulas."""
        kind, sizes, dtype = self._formulas, (S, self._H, self._N), self._dtype
        gates = empty((max(cut.stop for cut in kind.cuts), *sizes), dtype)
        out, between = empty((kind.before + kind.factors, *sizes), dtype), empty((kind.between, *sizes), dtype)
        cut = _of_several(gates)
        taken = Taken([cut(c.start, c.stop) for c in kind.cuts], empty(sizes, dtype), empty(sizes, dtype))
        formulas = kind(_of_several(out), _of_several(between))
        return taken, gates.swapaxes(0, 1), out[kind.before :].swapaxes(0, 1), formulas


def _of_one(memory: Array) -> Callable[[int, int], Array]:
    """What gives arrays of memory (arrays, H, N) as a step's views have them."""
    return lambda first, stop: each(memory[first:stop].reshape(1, -1, memory.shape[2]))[0]


def _of_several(memory: Array) -> Callable[[int, int], Array]:
    """What gives arrays of memory (arrays, S, H, N), one of them as (S, H, N)."""
    return lambda first, stop: memory[first] if stop == first + 1 else memory[first:stop]
