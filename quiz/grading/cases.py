"""The sweep: the cases of one verdict, drawn afresh from a seed and ordered by size.

Small cases hide mistakes: at H = 1 resetting before and after the product are the same function, at N = 1 a sum over the
batch is missed, with D = H a swapped matrix passes. So each size is taken in turn, alone and with the others, and the
first failing case is nearly the smallest.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np

from answers.inputs import Case, thaw
from answers.model import Task
from quiz.grading import drawing
from quiz.grading.drawing import LONG, Style
from quiz.grading.generator import LightGenerator

COUNT = 200
PARTS = (30, 100)
"""After so many drawn cases those at hand are a part of their own: the first is small, so that work on it begins soon."""
LARGEST = {"T": 50, "N": 5, "D": 8, "H": 8, "K": 8}
"""The contract's limits; all are at least 5, up to which sizes are drawn."""

SMALL = Style("small integers", integers=True)
PLAIN = Style()
STYLES = (
    PLAIN,
    SMALL,
    Style("float32", float32=True),
    Style("non-contiguous arrays", strided=True),
    Style("tiny numbers", scale=1e-3),
    Style("large numbers", scale=30.0),
    Style("symmetric matrices", symmetric=True),
    Style("one argument very large", scale=1000.0, only=0),
    Style("one argument zero", zero=0),
    Style("NumPy integers", numpy_ints=True),
    Style("one argument tiny", scale=1e-3, only=0),
    Style("float32, non-contiguous", float32=True, strided=True),
    Style("moderate numbers", scale=3.0),
    Style("one argument zero, small integers", zero=0, integers=True),
)


def fresh_seed() -> int:
    """A seed that nobody can foresee."""
    return int.from_bytes(os.urandom(4), "little")


def sweep(task: Task, seed: int, count: int = COUNT) -> list[Case]:
    """At least `count` cases: the task's corner cases and cases drawn from its inputs, smallest first."""
    return sorted(itertools.chain.from_iterable(parts(task, seed, count)), key=size_of)


def parts(task: Task, seed: int, count: int = COUNT) -> Iterator[list[Case]]:
    """The cases of a sweep in the order in which they are drawn, small ones first, in parts that can be used at once."""
    rng = LightGenerator(seed)
    corners: list[Case] | None = None
    part: list[Case] = []
    number = 0
    for k, (sizes, style) in enumerate(_plans(drawing.letters(task.inputs), rng)):
        if k in PARTS:
            yield part
            number += len(part)
            part = []
        if k >= count // 2:
            if corners is None:
                corners = _corners(task, rng)
            if number + len(part) + len(corners) >= count:
                break
        case = drawing.draw_case(task.inputs, sizes, style, rng)
        if not task.compared or not _delicate(style, sizes) or is_well_conditioned(task.reference, case):
            part.append(case)
    yield [*part, *(corners or ())]


def _corners(task: Task, rng: LightGenerator) -> list[Case]:
    """The task's corner cases. They are written against numpy's Generator, which a LightGenerator passes for."""
    return [] if task.corner_cases is None else list(task.corner_cases(cast("np.random.Generator", rng)))


def _plans(letters: Sequence[str], rng: LightGenerator) -> Iterator[tuple[dict[str, int], Style]]:
    """Sizes and styles without end: the smallest, each size in turn, telling combinations, the largest, then any."""
    ones = dict.fromkeys(letters, 1)
    for _ in range(6):
        yield ones, SMALL
    for letter in letters:
        for size in (2, 3):
            yield {**ones, letter: size}, SMALL
            yield {**ones, letter: size}, PLAIN
    for sizes in _telling(letters):
        yield sizes, SMALL
        yield sizes, PLAIN
    k = 0
    while True:
        for turn, style in enumerate(STYLES):
            yield _random_sizes(letters, rng), turned(style, k + turn)
        k += 1


def _telling(letters: Sequence[str]) -> Iterator[dict[str, int]]:
    twos, mixed = dict.fromkeys(letters, 2), {"T": 4, "N": 2, "D": 3, "H": 5, "K": 4}
    largest = {x: LARGEST.get(x, 5) for x in letters}
    for change in ({}, {"D": 3}, {"H": 3}, {"N": 1}, {"T": 1}, {"D": 1}, {"H": 1}, {"D": 3, "H": 3}):
        yield {**twos, **{x: n for x, n in change.items() if x in letters}}
    for change in ({}, {"N": 1}, {"T": 1}, {"D": 5}):
        yield {**{x: mixed.get(x, 3) for x in letters}, **{x: n for x, n in change.items() if x in letters}}
    yield largest
    yield {**largest, **{x: 2 for x in letters if x != "T"}}


def _random_sizes(letters: Sequence[str], rng: LightGenerator) -> dict[str, int]:
    return {x: 1 + rng.integers(5) for x in letters}


def turned(style: Style, k: int) -> Style:
    """The style with its special argument moved on, so that each argument has its turn."""
    if style.only is None and style.zero is None:
        return style
    return Style(
        style.note,
        style.integers,
        style.scale,
        None if style.only is None else k,
        None if style.zero is None else k,
    )


def _delicate(style: Style, sizes: dict[str, int]) -> bool:
    """Over several steps rounding can grow; over one it stays far within tolerance."""
    steps = sizes.get("T", 1)
    return steps > LONG or (steps > 1 and (style.float32 or style.scale > 1.0))


def is_well_conditioned(reference: Callable[..., Any], case: Case) -> bool:
    """Whether rounding alone leaves the result well within tolerance: on other cases two right solutions could differ."""
    given = call_quietly(reference, case)
    nudged = call_quietly(reference, Case(_nudged(case.args), case.kwargs))
    tolerance = 2e-5 if _holds_float32(case.args) else 1e-8
    return all(
        bool((np.abs(a - b) <= tolerance * np.abs(b) + tolerance / 10 * max(1.0, np.abs(b).max(initial=0.0))).all())
        for a, b in zip(_leaves(given), _leaves(nudged), strict=True)
    )


def _nudged(value: Any) -> Any:
    """float32 widened to float64, so that the exact result shows; float64 moved by a few units in the last place."""
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return value.astype(np.float64)
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        signs = np.where(np.arange(value.size).reshape(value.shape) % 2, 1.0, -1.0)
        return value * (1 + 4e-16 * signs)
    if isinstance(value, tuple):
        return tuple(map(_nudged, value))
    if isinstance(value, list):
        return [_nudged(v) for v in value]
    return value


def _holds_float32(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_holds_float32, value))
    return isinstance(value, np.ndarray) and value.dtype == np.float32


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for part in value:
            yield from _leaves(part)
    else:
        yield np.asarray(value, dtype=np.float64)


def size_of(case: Case) -> int:
    """How many numbers a reader has to take in."""
    numbers = sum([v.size if type(v) is np.ndarray else _numbers(v) for v in case.args])
    return numbers + sum(map(_numbers, case.kwargs.values())) if case.kwargs else numbers


def _numbers(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    return sum(map(_numbers, value)) if isinstance(value, tuple | list) else 1


def call_quietly(function: Callable[..., Any], case: Case) -> Any:
    """The result of a trusted function on a case, without NumPy's warnings."""
    with quiet():
        return call(function, case)


def call(function: Callable[..., Any], case: Case) -> Any:
    """The result of a trusted function on a case."""
    if not case.kwargs and {*map(type, case.args)} == {np.ndarray}:  # nothing in it has to be made first
        return function(*case.args)
    return function(*thaw(case.args), **{name: thaw(v) for name, v in case.kwargs.items()})


@contextmanager
def quiet() -> Iterator[None]:
    """Without NumPy's warnings, nor anyone else's."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
