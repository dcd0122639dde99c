"""The sweep: the cases of one verdict, drawn afresh from a seed, small ones first.

Which sizes and styles meet is `design`'s; here numbers are drawn for them, and cases left out on which right solutions could
differ. Of the cases that fail the one with the fewest numbers is nearly the smallest there is.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np

from answers.inputs import Case, thaw
from answers.model import Task
from answers.record import replace
from quiz.grading import drawing
from quiz.grading.design import plan
from quiz.grading.drawing import LONG, Style
from quiz.grading.generator import LightGenerator

PARTS = (12,)
"""After so many cases those at hand are a part of their own: it is small, so that work on it begins soon."""
TRIES = 3
"""How often a case is drawn anew whose result rounding would decide; after that with plain numbers."""


def fresh_seed() -> int:
    """A seed that nobody can foresee."""
    return int.from_bytes(os.urandom(4), "little")


def sweep(task: Task, seed: int) -> list[Case]:
    """The cases that `design` plans and the task's corner cases, smallest first."""
    return sorted(itertools.chain.from_iterable(parts(task, seed)), key=size_of)


def parts(task: Task, seed: int) -> Iterator[list[Case]]:
    """The cases of a sweep in the order in which they are drawn, small ones first, in parts that can be used at once."""
    rng = LightGenerator(seed)
    part: list[Case] = []
    for k, (sizes, style) in enumerate(plan(drawing.letters(task.inputs), len(task.inputs), rng)):
        if k in PARTS:
            yield part
            part = []
        part += drawn(task, sizes, style, rng)
    yield [*part, *_corners(task, rng)]


def drawn(task: Task, sizes: dict[str, int], style: Style, rng: LightGenerator) -> list[Case]:
    """A case on which two right solutions agree, in a list of its own; no case where that is not to be had."""
    for attempt in range(2 * TRIES):
        case = drawing.draw_case(task.inputs, sizes, style, rng)
        if not task.compared or not _delicate(style, sizes) or is_well_conditioned(task.reference, case):
            return [case]
        if attempt == TRIES - 1:
            style = replace(style, scale=1.0)
    return []


def _corners(task: Task, rng: LightGenerator) -> list[Case]:
    """The task's corner cases. They are written against numpy's Generator, which a LightGenerator passes for."""
    return [] if task.corner_cases is None else list(task.corner_cases(cast("np.random.Generator", rng)))


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
