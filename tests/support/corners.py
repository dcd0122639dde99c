"""Where mistakes hide: what is special about a case, read from its arguments, whatever drew them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from answers.inputs import AnyArray, Array, Arrays, Case, Group, Input, Integer, Integers
from answers.model import Task
from quiz.grading.arguments import complete, sizes_of
from quiz.grading.drawing import letters

TINY, LARGE, HUGE = 0.02, 20.0, 100.0
OF_SIZES = ("D = H", "D < H", "D > H")


def corners(task: Task) -> frozenset[str]:
    """Those that each sweep of the task must reach."""
    found = {f"{x} = 1" for x in letters(task.inputs)} | {f"{x} > 1" for x in letters(task.inputs)}
    if {"D", "H"} <= set(letters(task.inputs)):
        found |= set(OF_SIZES)
    kinds = _kinds(task.inputs)
    if kinds & {Array, AnyArray, Arrays}:
        found |= {"float64", "float32", "contiguous", "non-contiguous", "column-major", "small integers"}
    if kinds <= {Array} or kinds & {AnyArray, Arrays}:
        found |= {"zeros"}
    if Array in kinds:
        found |= {f"{item.name} = 0" for item in task.inputs if _may_be_zero(item)}
    if any(_is_scaled(item) for item in task.inputs):
        found |= {"tiny numbers", "large numbers", "ordinary numbers"}
    if any(_is_scaled(item) and _is_square(item) for item in task.inputs):
        found |= {"symmetric", "not symmetric"}
    if kinds & {Integer, Integers}:
        found |= {"NumPy integers"}
    return frozenset(found)


def reached(task: Task, case: Case) -> set[str]:
    """The corners in which a case stands."""
    arguments = list(zip(task.inputs, complete(task.inputs, case), strict=True))
    sizes = sizes_of(task.inputs, case)
    found = {f"{x} = 1" if n == 1 else f"{x} > 1" for x, n in sizes.items()}
    if {"D", "H"} <= sizes.keys() and max(sizes["D"], sizes["H"]) > 1:
        found.add(OF_SIZES[int(sizes["D"] != sizes["H"]) + int(sizes["D"] > sizes["H"])])
    floats = [a for _, value in arguments for a in _arrays(value) if a.dtype.kind == "f"]
    if floats:
        found |= _of_arrays(floats)
    found |= {f"{item.name} = 0" for item, value in arguments if _may_be_zero(item) and not np.any(value)}
    scaled = [a for item, value in arguments if _is_scaled(item) for a in _arrays(value)]
    if scaled:
        tops = [float(np.abs(a).max()) for a in scaled]
        if any(0 < top < TINY for top in tops):
            found.add("tiny numbers")
        if max(tops) > LARGE:
            found.add("large numbers")
        if TINY < max(tops) < LARGE:
            found.add("ordinary numbers")
    square = [value for item, value in arguments if _is_scaled(item) and _is_square(item) and len(value) > 1]
    if square:
        found.add("symmetric" if any(map(_is_symmetric, square)) else "not symmetric")
    if any(isinstance(v, np.integer) or (type(item) is Integers and v.dtype != np.int64) for item, v in arguments):
        found.add("NumPy integers")
    return found


def pairs(found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every two corners, in a fixed order."""
    return itertools.combinations(sorted(found), 2)


def _of_arrays(floats: Sequence[Any]) -> set[str]:
    found = {"float32" if any(a.dtype == np.float32 for a in floats) else "float64"}
    if any(not (a.flags.c_contiguous or a.flags.f_contiguous) for a in floats):
        found.add("non-contiguous")
    elif any(not a.flags.c_contiguous for a in floats):
        found.add("column-major")
    else:
        found.add("contiguous")
    if all((np.abs(a) <= 2).all() and (4 * a == np.round(4 * a)).all() for a in floats) and any(map(np.any, floats)):
        found.add("small integers")
    if not any(map(np.any, floats)):
        found.add("zeros")
    return found


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, np.ndarray):
        yield value


def _kinds(inputs: Iterable[Input]) -> set[type]:
    return {type(part) for item in inputs for part in (item, *(item.parts if isinstance(item, Group) else ()))}


def _may_be_zero(item: Input) -> bool:
    return type(item) is Array and item.span != "unit"


def _is_scaled(item: Input) -> bool:
    return type(item) in (AnyArray, Arrays) or (type(item) is Array and item.span == "real")


def _is_square(item: Input) -> bool:
    """A matrix of one square block or several side by side."""
    if type(item) is not Array or len(item.shape) != 2:
        return False
    rows, columns = item.shape
    return rows == (columns[1] if isinstance(columns, tuple) else columns)


def _is_symmetric(matrix: Any) -> bool:
    rows = len(matrix)
    blocks = (matrix[:, k : k + rows] for k in range(0, matrix.shape[1], rows))
    return all((block == block.T).all() for block in blocks)
