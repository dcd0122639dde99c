"""Cases where a mistake of a cell can hide or first shows: one sequence, square weights, saturated gates, strided views."""

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


def symmetric(U: np.ndarray) -> np.ndarray:
    """`U` (H, G*H) with each of its G square blocks made symmetric."""
    H = len(U)
    blocks = U.reshape(H, -1, H)
    mean: np.ndarray = (blocks + blocks.transpose(2, 1, 0)) / 2
    return mean.reshape(H, -1)


def strided(a: np.ndarray) -> np.ndarray:
    """The same values as a view that steps over every second entry of a larger, otherwise huge array."""
    wide = np.full((*a.shape[:-1], 2 * a.shape[-1]), 1e6, a.dtype)
    wide[..., ::2] = a
    return wide[..., ::2]


def cell_corners(inputs: Sequence[Input], rng: np.random.Generator) -> Iterator[Case]:
    """Corner cases for a cell's function: arrays only, U among them by name where the cell has one."""
    names = [spec.name for spec in inputs]
    for sizes, note in (
        ({"T": 1, "N": 1, "D": 1, "H": 2}, "one sequence, one step"),
        ({"T": 3, "N": 1, "D": 4, "H": 4}, "D = H, one sequence"),
        ({"T": 3, "N": 4, "D": 4, "H": 4}, "N = D = H"),
        ({"T": 2, "N": 2, "D": 5, "H": 1}, "a single unit"),
        ({"T": 2, "N": 5, "D": 8, "H": 8}, "wide"),
    ):
        yield Case(tuple(draw(inputs, sizes, rng)), note=note)
    yield Case(tuple(np.zeros_like(a) for a in draw(inputs, SIZES, rng)), note="zeros")
    yield Case(tuple(draw(inputs, SIZES, rng, 40.0)), note="saturated")
    yield Case(tuple(draw(inputs, SIZES, rng, 1e-4)), note="tiny")
    yield Case(tuple(strided(a) for a in draw(inputs, SIZES, rng)), note="strided views")
    yield Case(tuple(np.asfortranarray(a) for a in draw(inputs, SIZES, rng)), note="column-major")
    if "U" in names:
        args = draw(inputs, SIZES, rng)
        args[names.index("U")] = symmetric(args[names.index("U")])
        yield Case(tuple(args), note="symmetric U")
    for state in {"h", "c", "h0", "c0", "b"} & set(names):
        args = draw(inputs, SIZES, rng)
        args[names.index(state)] = np.zeros_like(args[names.index(state)])
        yield Case(tuple(args), note=f"{state} = 0")
