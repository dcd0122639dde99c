"""What a task's arguments look like, described so that cases can be drawn, shrunk and searched from one description.

Sizes have letters: T steps, N sequences, D inputs, H hidden units, K classes. A dimension is a letter, a number, or a
multiple of a letter: `(4, "H")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from answers.record import Record

Dimension = str | int | tuple[int, str]
Sizes = Mapping[str, int]


class Array(Record):
    """A float array. `span`: any real, inside (0, 1) as a gate is, or inside (-1, 1) as a state is."""

    name: str
    shape: tuple[Dimension, ...]
    span: Literal["real", "unit", "state"] = "real"


class Arrays(Record):
    """A list of float arrays of assorted shapes, as gradients come."""

    name: str


class Integers(Record):
    """An int array, each entry in `low .. high`, where a bound may be a size's letter or one below it: `("K", -1)`."""

    name: str
    shape: tuple[Dimension, ...]
    low: int
    high: int | str | tuple[str, int]
    some: bool = False
    """At least one entry is above `low` (lengths: their sum is at least 1)."""


class Integer(Record):
    """A Python int in `low .. high`; with a `default` it is an option, sometimes left out or passed by keyword."""

    name: str
    low: int
    high: int
    default: int | None = None


class Positive(Record):
    """A Python float above 0; with a `default` it is an option."""

    name: str
    default: float | None = None


class Real(Record):
    """A Python float of either sign; with a `default` it is an option."""

    name: str
    default: float | None = None


class Flag(Record):
    """A bool with a default."""

    name: str
    default: bool


class Axis(Record):
    """An axis of the array argument `of`, negative or not; an option with a default."""

    name: str
    of: str
    default: int = -1


class AnyArray(Record):
    """A float array of one to four axes, finite."""

    name: str


class MatrixShape(Record):
    """A tuple (rows, cols)."""

    name: str


class Rng(Record):
    """A `numpy.random.Generator`; in a case it is a `Seed`, made into a generator on each side."""

    name: str


class Group(Record):
    """A tuple of further inputs, passed as one argument."""

    name: str
    parts: tuple[Input, ...]


Input = Array | Arrays | Integers | Integer | Positive | Real | Flag | Axis | AnyArray | MatrixShape | Rng | Group


class Seed(Record):
    """Stands in a case for `numpy.random.default_rng(value)`, made afresh for each call."""

    value: int

    def __str__(self) -> str:
        return f"np.random.default_rng({self.value})"


class Case(Record):
    """One call: positional arguments and options by keyword. Values: arrays, Python numbers, Seed, tuples and lists of these."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = {}
    note: str = ""
    """What the case is for, where it is not plain: "symmetric U", "float32"."""


def extent(dimension: Dimension, sizes: Sizes) -> int:
    """The number that a dimension stands for: `extent((4, "H"), {"H": 3})` is 12."""
    if isinstance(dimension, int):
        return dimension
    if isinstance(dimension, tuple):
        return dimension[0] * sizes[dimension[1]]
    return sizes[dimension]


def thaw(value: Any) -> Any:
    """`value` with every Seed made into a fresh generator, ready for a call."""
    if isinstance(value, Seed):
        return np.random.default_rng(value.value)
    if isinstance(value, tuple):
        return tuple(thaw(v) for v in value)
    if isinstance(value, list):
        return [thaw(v) for v in value]
    return value
