"""Draws arguments for any task from the description of its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from answers import inputs as kinds
from answers.inputs import Case, extent
from answers.model import Task

SIZES = (
    {"T": 4, "N": 2, "D": 3, "H": 5, "K": 4},
    {"T": 5, "N": 3, "D": 4, "H": 2, "K": 3},
    {"T": 3, "N": 3, "D": 3, "H": 3, "K": 5},
    {"T": 1, "N": 1, "D": 2, "H": 3, "K": 2},
)


def cases(task: Task, rng: np.random.Generator, rounds: int = 2) -> Iterator[Case]:
    """Ordinary random cases over a few sizes, in double precision."""
    for _ in range(rounds):
        for sizes in SIZES:
            yield one(task, sizes, rng)


def one(task: Task, sizes: dict[str, int], rng: np.random.Generator) -> Case:
    """One case; options are left out, given in place, or given by keyword."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for spec in task.inputs:
        value = _value(spec, sizes, rng, args)
        if getattr(spec, "default", None) is None:
            args.append(value)
        elif rng.random() < 0.7:
            kwargs[spec.name] = value
    return Case(tuple(args), kwargs)


def single(case: Case) -> Case:
    """The same case in single precision."""
    return Case(tuple(_single(a) for a in case.args), {k: _single(v) for k, v in case.kwargs.items()}, case.note)


def _single(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return value.astype(np.float32)
    if isinstance(value, tuple | list):
        return type(value)(_single(v) for v in value)
    return value


def _value(spec: Any, sizes: dict[str, int], rng: np.random.Generator, before: list[Any]) -> Any:
    match spec:
        case kinds.Array():
            return _array(spec, sizes, rng)
        case kinds.Arrays():
            return [rng.normal(size=shape) for shape in ((3,), (2, 4), (1, 2, 3))[: int(rng.integers(1, 4))]]
        case kinds.Integers():
            return _integers(spec, sizes, rng)
        case kinds.Integer():
            return int(rng.integers(spec.low, spec.high + 1))
        case kinds.Positive():
            return float(rng.uniform(0.2, 3.0))
        case kinds.Real():
            return float(rng.normal())
        case kinds.Flag():
            return bool(rng.integers(2))
        case kinds.AnyArray():
            return rng.normal(size=((4,), (2, 3), (2, 1, 3))[int(rng.integers(3))])
        case kinds.Axis():
            return int(rng.integers(-before[-1].ndim, before[-1].ndim))
        case kinds.MatrixShape():
            return (int(rng.integers(2, 6)), int(rng.integers(2, 6)))
        case kinds.Rng():
            return kinds.Seed(int(rng.integers(1000)))
        case kinds.Group():
            return tuple(_value(part, sizes, rng, before) for part in spec.parts)
    raise AssertionError(spec)


def _array(spec: kinds.Array, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    shape = tuple(extent(d, sizes) for d in spec.shape)
    if spec.span == "unit":
        return rng.uniform(0.02, 0.98, shape)
    return rng.uniform(-0.98, 0.98, shape) if spec.span == "state" else rng.normal(size=shape)


def _integers(spec: kinds.Integers, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    high = spec.high
    if isinstance(high, tuple):
        high = sizes[high[0]] + high[1]
    elif isinstance(high, str):
        high = sizes[high]
    values = rng.integers(spec.low, high + 1, tuple(extent(d, sizes) for d in spec.shape))
    if spec.some and not (values > spec.low).any():
        values.flat[0] = high
    return values
