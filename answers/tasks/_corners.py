"""Cases where a mistake of a cell can hide or first shows: nothing but zeros, saturated gates; strided views for other tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from answers.inputs import Array, Case, Input, extent

SIZES = {"T": 4, "N": 2, "D": 3, "H": 5}


def draw(
    inputs: Sequence[Input], sizes: Mapping[str, int], rng: np.random.Generator, scale: float = 1.0
) -> list[np.ndarray]:
    """One float64 array for each of `inputs`, all of which are `Array`s; `scale` stretches the unbounded ones."""
    arrays = []
    for spec in inputs:
        assert isinstance(spec, Array)
        shape = tuple(extent(d, {"K": 4, **sizes}) for d in spec.shape)
        if spec.span == "unit":
            arrays.append(rng.uniform(0.05, 0.95, shape))
        elif spec.span == "state":
            arrays.append(rng.uniform(-0.95, 0.95, shape))
        else:
            arrays.append(scale * rng.normal(size=shape))
    return arrays


def strided(a: np.ndarray) -> np.ndarray:
    """The same values as a view that steps over every second entry of a larger, otherwise huge array."""
    wide = np.full((*a.shape[:-1], 2 * a.shape[-1]), 1e6, a.dtype)
    wide[..., ::2] = a
    return wide[..., ::2]


def cell_corners(inputs: Sequence[Input], rng: np.random.Generator, memory: str = "") -> Iterator[Case]:
    """Corner cases for a cell's function, of arrays only. Sizes, magnitudes and layouts have their turn in every sweep.

    `memory`: the argument that is no product's but goes into tanh as it is; a tanh made of exponentials overflows there.
    """
    yield Case(tuple(np.zeros_like(a) for a in draw(inputs, SIZES, rng)), note="zeros")
    yield Case(tuple(draw(inputs, SIZES, rng, 40.0)), note="saturated")
    if memory:
        drawn = zip(inputs, draw(inputs, SIZES, rng), strict=True)
        yield Case(tuple(a * 1e5 if item.name == memory else a for item, a in drawn), note=f"{memory} very large")
