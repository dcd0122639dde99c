"""A case's arguments by name, its sizes, and the same case at other sizes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from answers.inputs import AnyArray, Array, Arrays, Case, Group, Input, Integers, Sizes
from answers.record import Record
from quiz.grading.drawing import bound, default_of


def named(inputs: Sequence[Input], case: Case) -> dict[str, Any]:
    """What is passed, by name; options that are left out are not in it."""
    return {**{item.name: v for item, v in zip(inputs, case.args, strict=False)}, **case.kwargs}


def complete(inputs: Sequence[Input], case: Case) -> tuple[Any, ...]:
    """Every argument in order, options that are left out at their defaults."""
    given = named(inputs, case)
    return tuple(given[item.name] if item.name in given else default_of(item) for item in inputs)


def rebound(inputs: Sequence[Input], case: Case, values: Mapping[str, Any]) -> Case:
    """The case with other values for some of its arguments, passed the way they were."""
    args = tuple(values.get(item.name, v) for item, v in zip(inputs, case.args, strict=False))
    return Case(args, {name: values.get(name, v) for name, v in case.kwargs.items()}, case.note)


def sizes_of(inputs: Sequence[Input], case: Case) -> dict[str, int]:
    """What the letters stand for in this case, read from its arrays' shapes."""
    sizes: dict[str, int] = {}
    for item, value in zip(inputs, complete(inputs, case), strict=True):
        _read_sizes(item, value, sizes)
    return sizes


def _read_sizes(item: Input, value: Any, sizes: dict[str, int]) -> None:
    if isinstance(item, Group):
        for part, v in zip(item.parts, value, strict=True):
            _read_sizes(part, v, sizes)
    elif isinstance(item, Array | Integers):
        for dimension, length in zip(item.shape, np.shape(value), strict=True):
            if isinstance(dimension, str):
                sizes.setdefault(dimension, length)
            elif isinstance(dimension, tuple):
                sizes.setdefault(dimension[1], length // dimension[0])


def resized(inputs: Sequence[Input], case: Case, sizes: Sizes, last: Collection[str] = ()) -> Case:
    """The case cut down to `sizes`: the first entries along each axis, gate block by gate block; of the letters in `last` the last."""
    before = sizes_of(inputs, case)
    given = named(inputs, case)
    return rebound(
        inputs,
        case,
        {item.name: _cut(item, given[item.name], before, sizes, last) for item in inputs if item.name in given},
    )


def _cut(item: Input, value: Any, before: Sizes, after: Sizes, last: Collection[str]) -> Any:
    if isinstance(item, Group):
        return tuple(_cut(part, v, before, after, last) for part, v in zip(item.parts, value, strict=True))
    if not isinstance(item, Array | Integers):
        return value
    for axis, dimension in enumerate(item.shape):
        if isinstance(dimension, tuple):
            block, kept = before[dimension[1]], _kept(dimension[1], before, after, last)
            places = [k * block + j for k in range(dimension[0]) for j in kept]
            value = np.take(value, places, axis=axis)
        elif isinstance(dimension, str):
            value = np.take(value, _kept(dimension, before, after, last), axis=axis)
    if isinstance(item, Integers):
        high = bound(item.high, after)
        value = np.minimum(value, high)
        if item.some and (value <= item.low).all():
            value.flat[0] = high
    return value


def _kept(letter: str, before: Sizes, after: Sizes, last: Collection[str]) -> range:
    first = before[letter] - after[letter] if letter in last else 0
    return range(first, first + after[letter])


class Slot(Record):
    """A float array somewhere among the arguments, and the value that says nothing in it."""

    path: tuple[str | int, ...]
    neutral: float


def slots(inputs: Sequence[Input], case: Case) -> list[Slot]:
    """Every float array of the case."""
    given = named(inputs, case)
    return [s for item in inputs if item.name in given for s in _slots(item, given[item.name], (item.name,))]


def _slots(item: Input, value: Any, path: tuple[str | int, ...]) -> Iterator[Slot]:
    match item:
        case Array():
            yield Slot(path, 0.5 if item.span == "unit" else 0.0)
        case AnyArray():
            yield Slot(path, 0.0)
        case Arrays():
            for k in range(len(value)):
                yield Slot((*path, k), 0.0)
        case Group():
            for k, part in enumerate(item.parts):
                yield from _slots(part, value[k], (*path, k))


def get(inputs: Sequence[Input], case: Case, slot: Slot) -> Any:
    """The array in a slot."""
    value: Any = named(inputs, case)
    for step in slot.path:
        value = value[step]
    return value


def put(inputs: Sequence[Input], case: Case, arrays: Mapping[Slot, Any]) -> Case:
    """The case with other arrays in some slots."""
    given = named(inputs, case)
    for slot, array in arrays.items():
        name = str(slot.path[0])
        given[name] = _replaced(given[name], slot.path[1:], array)
    return rebound(inputs, case, given)


def _replaced(value: Any, path: Sequence[str | int], array: Any) -> Any:
    if not path:
        return array
    items = list(value)
    items[int(path[0])] = _replaced(items[int(path[0])], path[1:], array)
    return tuple(items) if isinstance(value, tuple) else items
