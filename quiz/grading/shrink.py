"""From a failing case down to the smallest that a person can follow: small sizes, mostly zeros, simple numbers.

Each step sends up to 64 candidates in one round trip, ordered by preference; the first that fails in the same way wins. A
failure keeps its kind, so that a wrong value never turns into somebody's exception on the way down.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from time import monotonic
from typing import Any

import numpy as np

from answers.inputs import AnyArray, Arrays, Axis, Case, Flag, Input, Integer, Integers, MatrixShape, Positive, Real
from quiz.grading.arguments import get, named, put, rebound, resized, sizes_of, slots
from quiz.grading.cases import size_of
from quiz.grading.drawing import bound, required_count

BATCH = 64
AHEAD = 12
Examine = Callable[[Sequence[Case]], Sequence[Hashable]]
"""For each case the kind of its failure, None where it does not fail."""
Step = Callable[[Sequence[Input], Case], Iterator[Case]]


def shrink(inputs: Sequence[Input], case: Case, kind: Hashable, examine: Examine, seconds: float = 2.0) -> Case:
    """The smallest case found within `seconds` that fails as `case` does."""
    deadline = monotonic() + seconds
    remembering = _Remembering(examine)
    for _ in range(4):
        for step in STEPS:
            case = _descend(inputs, case, kind, remembering, step, deadline)
        # Values that look simple may fail at smaller sizes than those they came from; only then is another round worth it.
        smaller = _descend(inputs, case, kind, remembering, _smaller, deadline)
        if smaller is case:
            break
        case = smaller
    return case


def _descend(
    inputs: Sequence[Input], case: Case, kind: Hashable, examine: _Remembering, step: Step, deadline: float
) -> Case:
    """Takes the first candidate that still fails, again and again, until none does."""
    while monotonic() < deadline:
        found = _first_failing(itertools.islice(step(inputs, case), BATCH), kind, examine)
        if found is None:
            return case
        case = found
        if step in ONCE:
            return case
    return case


def _first_failing(candidates: Iterator[Case], kind: Hashable, examine: _Remembering) -> Case | None:
    """The first that fails in the same way. The best few go ahead of the others: often one of them does."""
    for count in (AHEAD, BATCH):
        batch = list(itertools.islice(candidates, count))
        if not batch:
            return None
        for candidate, found in examine(batch):
            if found == kind:
                return candidate
    return None


class _Remembering:
    """Examines no case twice: what one step takes away from a case another has often tried before."""

    def __init__(self, examine: Examine) -> None:
        self._examine = examine
        self._known: dict[Hashable, tuple[Case, Hashable]] = {}

    def __call__(self, cases: Sequence[Case]) -> list[tuple[Case, Hashable]]:
        """For each case the equal one that was examined, and what was found."""
        keys = [_key((case.args, case.kwargs)) for case in cases]
        new = {key: case for key, case in zip(keys, cases, strict=True) if key not in self._known}
        if new:
            found = self._examine(list(new.values()))
            self._known.update(zip(new, zip(new.values(), found, strict=True), strict=True))
        return [self._known[key] for key in keys]


def _key(value: Any) -> Hashable:
    """Equal for arguments that a function cannot tell apart."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.flags.c_contiguous, value.tobytes()
    if isinstance(value, tuple | list):
        return type(value), *map(_key, value)
    if isinstance(value, dict):
        return tuple((name, _key(v)) for name, v in value.items())
    return type(value), repr(value)


# ---------------------------------------------------------------- steps: candidates, the best first


def _plainer(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """float64 arrays without gaps, Python numbers, options left out."""
    plain = _mapped(case, _plain)
    if options := _without_options(inputs, plain):
        yield options
    if _is_dressed(case):
        yield plain
    for name in case.kwargs:
        yield Case(case.args, {k: v for k, v in case.kwargs.items() if k != name}, case.note)


def _without_options(inputs: Sequence[Input], case: Case) -> Case | None:
    required = required_count(inputs)
    if len(case.args) == required and not case.kwargs:
        return None
    return Case(case.args[:required], {}, case.note)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value, np.float64 if value.dtype.kind == "f" else np.int64)
    return value.item() if isinstance(value, np.generic) else value


def _is_dressed(case: Case) -> bool:
    def dressed(value: Any) -> bool:
        if isinstance(value, tuple | list):
            return any(map(dressed, value))
        if isinstance(value, np.ndarray):
            return value.dtype not in (np.float64, np.int64) or not value.flags.c_contiguous
        return isinstance(value, np.generic)

    return dressed(case.args) or dressed(tuple(case.kwargs.values()))


def _mapped(case: Case, change: Callable[[Any], Any]) -> Case:
    def over(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(over, value))
        return [over(v) for v in value] if isinstance(value, list) else change(value)

    return Case(over(case.args), {k: over(v) for k, v in case.kwargs.items()}, case.note)


def _smaller(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """Fewer steps, sequences, units: all smaller sizes at once, the smallest first; shorter lists and arrays."""
    sizes = sizes_of(inputs, case)
    fewer = [
        dict(zip(sizes, choice, strict=True))
        for choice in itertools.product(*(_lengths(n) for n in sizes.values()))
        if choice != tuple(sizes.values())
    ]
    fewer.sort(key=lambda s: (sum(s.values()), max(s.values())))
    one_less = [(x, {**sizes, x: n - 1}) for x, n in sizes.items() if n > 1]
    for smaller in fewer[: BATCH - 2 * len(one_less)]:
        yield resized(inputs, case, smaller)
    for letter, smaller in one_less:  # what fails may lie at either end
        yield resized(inputs, case, smaller)
        yield resized(inputs, case, smaller, last=letter)
    given = named(inputs, case)
    for item in inputs:
        if item.name in given:
            for value in _smaller_values(item, given[item.name]):
                yield rebound(inputs, case, {item.name: value})


def _lengths(n: int) -> list[int]:
    return [*sorted({k for k in (1, 2, 3, 4, n // 2) if 0 < k < n}), n]


def _smaller_values(item: Input, value: Any) -> Iterator[Any]:
    match item:
        case Arrays():
            for k in range(len(value)):
                if len(value) > 1:
                    yield [value[k]]
            for k in range(len(value)):
                if len(value) > 2:
                    yield value[:k] + value[k + 1 :]
            for k, array in enumerate(value):
                for smaller in _smaller_arrays(array):
                    yield [*value[:k], smaller, *value[k + 1 :]]
        case AnyArray():
            yield from _smaller_arrays(value)
        case MatrixShape():
            rows, cols = value
            pairs = itertools.product(range(1, rows + 1), range(1, cols + 1))
            yield from sorted((p for p in pairs if 1 < p[0] * p[1] < rows * cols), key=sum)


def _smaller_arrays(array: Any) -> Iterator[Any]:
    for axis in range(array.ndim):
        if array.ndim > 1:
            yield np.take(array, 0, axis=axis)
    for axis, length in enumerate(array.shape):
        for kept in sorted({1, 2, length // 2, length - 1} - {0}):
            if kept < length:
                yield np.take(array, range(kept), axis=axis)


def _zeros(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """Whole arrays that say nothing, as many as can be."""
    arrays = {s: get(inputs, case, s) for s in slots(inputs, case)}
    silent = {s: np.full_like(a, s.neutral) for s, a in arrays.items() if (a != s.neutral).any()}
    for count in range(len(silent), 0, -1):
        for chosen in itertools.combinations(silent.items(), count):
            yield put(inputs, case, dict(chosen))


def _simple(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """All entries simple at once: ones, signs, whole numbers."""
    for change in (_ones, np.sign, np.round, lambda a: np.round(a * 2) / 2, lambda a: np.round(a, 1)):
        arrays = {}
        for slot in slots(inputs, case):
            array = get(inputs, case, slot)
            arrays[slot] = _in_quarters(array) if slot.neutral else _changed(change, array)
        yield from _if_changed(inputs, case, arrays)


def _changed(change: Callable[[Any], Any], array: Any) -> Any:
    """The change where it gives a number: twice the largest numbers is none."""
    if not array.any():  # as after `_zeros` most are; each change leaves zero as it is
        return array
    with np.errstate(over="ignore", invalid="ignore"):
        simple = change(array).astype(array.dtype)
    return np.where(np.isfinite(simple), simple, array)


def _ones(array: Any) -> Any:
    return (array != 0).astype(array.dtype)


def _in_quarters(array: Any) -> Any:
    return np.clip(np.round(array * 4) / 4, 0.25, 0.75).astype(array.dtype)


def _if_changed(inputs: Sequence[Input], case: Case, arrays: dict[Any, Any]) -> Iterator[Case]:
    if any((get(inputs, case, s) != a).any() for s, a in arrays.items()):
        yield put(inputs, case, arrays)


def _entries(inputs: Sequence[Input], case: Case) -> list[tuple[Any, int]]:
    """Every entry that says something, as slot and place."""
    return [
        (s, int(k))
        for s in slots(inputs, case)
        for k in np.flatnonzero(np.reshape(get(inputs, case, s), -1) != s.neutral)
    ]


def _fewer_entries(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """Only one entry left, only two, a quarter dropped, one dropped."""
    entries = _entries(inputs, case)
    if len(entries) > 1:
        for one in entries[:20]:
            yield _keeping(inputs, case, entries, {one})
    if len(entries) > 2:
        for pair in itertools.islice(itertools.combinations(entries, 2), 20):
            yield _keeping(inputs, case, entries, set(pair))
    quarter = len(entries) // 4
    if quarter > 1:
        for k in range(4):
            yield _keeping(inputs, case, entries, set(entries[: k * quarter]) | set(entries[(k + 1) * quarter :]))
    for one in entries:
        yield _keeping(inputs, case, entries, set(entries) - {one})


def _keeping(
    inputs: Sequence[Input], case: Case, entries: Sequence[tuple[Any, int]], kept: set[tuple[Any, int]]
) -> Case:
    """The case in which of these entries only some still say something."""
    dropped: dict[Any, list[int]] = {}
    for slot, place in entries:
        if (slot, place) not in kept:
            dropped.setdefault(slot, []).append(place)
    arrays = {}
    for slot, places in dropped.items():
        arrays[slot] = get(inputs, case, slot).copy()
        arrays[slot].flat[places] = slot.neutral
    return put(inputs, case, arrays)


def _simple_entries(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """One entry after another to a simple number."""
    for slot, place in _entries(inputs, case):
        array = get(inputs, case, slot)
        value = float(array.flat[place])
        for simple in (0.25, 0.75) if slot.neutral else (1.0, -1.0, 2.0, 0.5, 10.0, float(np.round(value))):
            if _plainness(simple) < _plainness(value):
                changed = array.copy()
                changed.flat[place] = simple
                yield put(inputs, case, {slot: changed})


def _plainness(value: float) -> tuple[int, float]:
    """How simple a number is to a reader; smaller is simpler."""
    order = (0.0, 1.0, -1.0, 2.0, 0.5, 0.25, 0.75, 10.0)
    if value in order:
        return order.index(value), 0.0
    return (20, abs(value)) if value == round(value) else (30, 0.0)


def _simple_numbers(inputs: Sequence[Input], case: Case) -> Iterator[Case]:
    """Numbers and int arrays, each to something simpler."""
    given = named(inputs, case)
    for item in inputs:
        if item.name in given:
            for value in _simpler_values(item, given[item.name], sizes_of(inputs, case)):
                yield rebound(inputs, case, {item.name: value})


def _simpler_values(item: Input, value: Any, sizes: dict[str, int]) -> Iterator[Any]:
    match item:
        case Integer():
            yield from (k for k in sorted({item.low, 1, 2, 3, value // 2, value - 1}) if item.low <= k < value)
        case Positive() | Real():
            yield from (x for x in (1.0, 2.0, 0.5) if _plainness(x) < _plainness(value))
        case Flag():
            if value != item.default:
                yield item.default
        case Axis():
            if value != item.default:
                yield item.default
        case Integers():
            high = bound(item.high, sizes)
            for level in sorted({item.low, 1, high}):
                uniform = np.full_like(value, level)
                if item.low <= level <= high and (not item.some or level > item.low) and uniform.sum() < value.sum():
                    yield uniform
            for place in range(value.size):
                if value.flat[place] > item.low:
                    lower = value.copy()
                    lower.flat[place] = item.low
                    if not item.some or (lower > item.low).any():
                        yield lower


ONCE: tuple[Step, ...] = (_zeros, _simple)
"""Steps whose first success is their best."""
STEPS: tuple[Step, ...] = (_plainer, _smaller, _zeros, _simple, _fewer_entries, _simple_entries, _simple_numbers)


def weight(case: Case) -> tuple[int, int]:
    """How much there is to read: numbers in all, and those that are not zero."""
    telling = sum(int(np.count_nonzero(v)) for v in (*case.args, *case.kwargs.values()) if isinstance(v, np.ndarray))
    return size_of(case), telling
