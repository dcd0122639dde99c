"""What the clipping tasks share: lists of gradients, and their comparison in the unit of the limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def gradient_list(rng: np.random.Generator, *shapes: tuple[int, ...], scale: float = 1.0) -> list[np.ndarray]:
    """Gradients of these shapes with entries of about `scale`."""
    return [scale * rng.normal(size=shape) for shape in shapes]


def joint_norm(grads: Sequence[Any]) -> float:
    """The 2-norm of all elements of all arrays."""
    return float(np.sqrt(sum(float((np.asarray(g, np.float64) ** 2).sum()) for g in grads)))


def joined(grads: Sequence[Any]) -> np.ndarray:
    """All elements of all arrays as one float64 vector."""
    return np.concatenate([np.asarray(g, np.float64).ravel() for g in grads])


def all_close(got: Sequence[Any], expected: Sequence[Any], unit: float) -> bool:
    """Whether two lists of arrays agree to four digits, measured in the largest entry or in `unit`; NaN never does."""
    if [np.shape(g) for g in got] != [np.shape(e) for e in expected]:
        return False
    a, b = joined(got), joined(expected)
    return bool(np.abs(a - b).max(initial=0.0) <= 1e-4 * max(unit, np.abs(b).max(initial=0.0)))
