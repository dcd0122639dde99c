"""Holds a deck's records to the types that their fields are annotated with: a list for a tuple, a number for a text, ..."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from random import Random
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from answers.inputs import Case, Input
from answers.record import Record

Fault = tuple[str, str]
"""A string that stands near the fault in the file, and what is wrong."""


def faults(record: Record, near: str = "") -> Iterator[Fault]:
    """Every field in `record`, and in the records below it, whose value is of another type."""
    own = getattr(record, "id", None)
    near = own if isinstance(own, str) else near
    for name, expected in _hints(type(record)).items():
        for where, got, wanted in _wrong(getattr(record, name), expected, f"{type(record).__name__}.{name}"):
            yield near, f"{where}: got {_short(got)}, expected {_written(wanted)}"
    for name in record.__match_args__:
        for below in _records(getattr(record, name)):
            yield from faults(below, near)


_known: dict[type[Record], dict[str, Any]] = {}


def _hints(kind: type[Record]) -> dict[str, Any]:
    """Field to type. What the model names for type checkers alone is given here."""
    if kind not in _known:
        found = get_type_hints(kind, localns={"np": np, "Random": Random, "Case": Case, "Input": Input})
        _known[kind] = {name: found[name] for name in kind.__match_args__}
    return _known[kind]


def _wrong(value: Any, expected: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Each part of `value` that is of another type: where it is, the part, and what was expected."""
    origin, inside = get_origin(expected), get_args(expected)
    if expected is Any or (origin is None and isinstance(expected, type) and _is_a(value, expected)):
        return
    if origin in (Union, types.UnionType):
        if all(any(_wrong(value, one, where)) for one in inside):
            yield where, value, expected
    elif origin is Literal:
        if value not in inside:
            yield where, value, expected
    elif origin is tuple and isinstance(value, tuple):
        alike = inside[-1] is ... or len(set(inside)) == 1  # how many hints there are is said by the check of words
        if not alike and len(value) != len(inside):
            yield where, value, expected
            return
        for k, part in enumerate(value):
            yield from _wrong(part, inside[0] if alike else inside[k], f"{where}[{k}]")
    elif origin is Callable:
        if not callable(value):
            yield where, value, expected
    elif origin in (Mapping, Sequence):
        if not isinstance(value, origin):
            yield where, value, expected
    else:
        yield where, value, expected


def _is_a(value: Any, kind: type) -> bool:
    if isinstance(value, bool) and kind is not bool:
        return kind is object
    return isinstance(value, (int, float) if kind is float else kind)


def _records(value: Any) -> Iterator[Record]:
    if isinstance(value, Record):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _records(part)


def _short(value: Any) -> str:
    if isinstance(value, int | float | Enum) or value is None:
        return repr(value)
    return f"a {type(value).__name__}" + (f" of {len(value)}" if isinstance(value, tuple) else "")


def _written(expected: Any) -> str:
    if isinstance(expected, type) and not get_args(expected):
        return expected.__name__
    return re.sub(r"\b(?:[a-z_]+\.)+", "", str(expected))
