"""What the laws of several tasks share: equality up to rounding, and difference quotients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def is_single(*values: Any) -> bool:
    """Whether any of the arrays is in single precision."""
    return any(getattr(v, "dtype", None) == np.float32 for v in values)


def close(got: Any, expected: Any, single: bool = False) -> bool:
    """Equal up to the rounding of double (or, where `single`, of single) precision, relative to the largest entry."""
    if is_single(got, expected):
        single = True
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    if got.shape != expected.shape:
        return False
    if not got.size:
        return True
    if not np.isfinite(expected).all():
        return bool(np.array_equal(got, expected))
    return bool(np.abs(got - expected).max() <= (1e-3 if single else 1e-6) * max(1.0, np.abs(expected).max()))


def slope_agrees(
    loss: Callable[..., float], point: Sequence[Any], gradients: Sequence[Any], single: bool, limit: float = 5.0
) -> bool:
    """Whether `gradients` give the slope of `loss` at `point`, measured by a difference quotient along one direction.

    The direction is fixed, and has no two equal entries. Beyond `limit` in magnitude the quotient says nothing, and the law does not apply.
    """
    point = [np.asarray(p, np.float64) for p in point]
    if any(np.abs(p).max() > limit for p in point):
        return True
    direction = [np.cos(2.0 * np.arange(p.size) + k).reshape(p.shape) for k, p in enumerate(point)]
    step = 1e-6
    ahead = loss(*(p + step * d for p, d in zip(point, direction, strict=True)))
    behind = loss(*(p - step * d for p, d in zip(point, direction, strict=True)))
    terms = [float((np.asarray(g, np.float64) * d).sum()) for g, d in zip(gradients, direction, strict=True)]
    scale = max(1.0, sum(map(abs, terms)), abs(ahead))
    return abs((ahead - behind) / (2 * step) - sum(terms)) <= (1e-2 if single else 1e-4) * scale
