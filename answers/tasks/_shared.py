"""What several tasks share: arrays for corner cases, and the comparison that laws make."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnref.typing import Array


def spaced(a: Array) -> Array:
    """The values of `a` as a view with gaps in memory and reversed strides, so that nothing may rely on contiguity."""
    gaps = np.zeros(tuple(2 * n for n in a.shape), a.dtype)
    view = gaps[tuple(slice(None, None, -2) for _ in a.shape)]
    view[...] = a
    return view


def step_arrays(
    rng: np.random.Generator, N: int, D: int, H: int, scale: float = 1.0
) -> tuple[Array, Array, Array, Array, Array]:
    """Arguments of one step of a plain RNN: x (N, D), h (N, H) inside (-1, 1), W (D, H), U (H, H), b (H,)."""
    x = scale * rng.normal(size=(N, D))
    h = rng.uniform(-1, 1, size=(N, H))
    return x, h, rng.normal(size=(D, H)), rng.normal(size=(H, H)), rng.normal(size=H)


def sequence_arrays(
    rng: np.random.Generator, T: int, N: int, D: int, H: int, scale: float = 1.0
) -> tuple[Array, Array, Array, Array, Array]:
    """Arguments over a sequence: x (T, N, D), h0 (N, H), W, U, b; U is scaled so that gradients neither vanish nor explode."""
    x = scale * rng.normal(size=(T, N, D))
    _, h0, W, U, b = step_arrays(rng, N, D, H)
    return x, h0, W, U / np.sqrt(H), b


def close(a: Any, b: Any, tolerance: float = 1e-4, unit: float = 1.0) -> bool:
    """Whether `a` equals `b` within `tolerance` of b's largest entry (at least of `unit`): wide enough for float32; NaN is never close."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    if a.size == 0:
        return True
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    return bool(np.abs(a - b).max() <= tolerance * max(unit, float(np.abs(b).max())))


def all_close(a: Any, b: Any, tolerance: float = 1e-4, unit: float = 1.0) -> bool:
    """Whether two lists of arrays are close, array by array."""
    return len(a) == len(b) and all(close(p, q, tolerance, unit) for p, q in zip(a, b, strict=True))


def gradient_list(rng: np.random.Generator, *shapes: tuple[int, ...], scale: float = 1.0) -> list[Array]:
    """Gradients of these shapes with entries of about `scale`."""
    return [scale * rng.normal(size=shape) for shape in shapes]
