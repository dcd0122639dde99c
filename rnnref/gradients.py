"""Clipping, the cure for exploding gradients (Pascanu et al. 2013)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref import checks
from rnnref.typing import Array


def _arrays(grads: Sequence[Array]) -> list[Array]:
    if isinstance(grads, np.ndarray | str | dict) or not isinstance(grads, Sequence):
        raise TypeError(f"grads: got {type(grads).__name__}, expected a list of arrays")
    return [checks.float_array(f"grads[{k}]", g) for k, g in enumerate(grads)]


def clip_by_value(grads: Sequence[Array], limit: float) -> list[Array]:
    """Each element cut to [-limit, limit]; the direction changes.

    `grads`: float64 or float32 arrays of any shapes, whose dtypes stay; `limit` > 0. Raises TypeError, ValueError.

    >>> clip_by_value([np.array([-3.0, 0.5])], 1.0)
    [array([-1. ,  0.5])]
    """
    limit = checks.positive("limit", limit)
    return [np.clip(g, g.dtype.type(-limit), g.dtype.type(limit)) for g in _arrays(grads)]


def clip_by_global_norm(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    """All arrays scaled by one factor so that their joint norm is at most `max_norm`; also the norm before.

    Algorithm 1 of Pascanu et al. The direction stays. Gradients within `max_norm` > 0 come back unchanged; with NaN
    among them all become NaN. `grads`: float64 or float32 arrays of any shapes, whose dtypes stay. Raises TypeError,
    ValueError.

    >>> clip_by_global_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
    ([array([0.6]), array([[0.8]])], 5.0)
    """
    max_norm = checks.positive("max_norm", max_norm)
    arrays = _arrays(grads)
    with np.errstate(all="ignore"):
        norm = _norm(arrays)
        scale = 1.0 if norm <= max_norm else np.float64(max_norm) / norm
        # In float64: the factor may be too small for float32 to hold in full.
        return [(g * np.float64(scale)).astype(g.dtype, copy=False) for g in arrays], norm


def _norm(arrays: Sequence[Array]) -> float:
    """The joint norm; the largest magnitude is taken out first, so that no square overflows or vanishes."""
    top = float(max((np.abs(g).max() for g in arrays if g.size), default=0.0, key=lambda m: (np.isnan(m), m)))
    if top == 0.0 or not np.isfinite(top):
        return top
    return top * float(np.sqrt(sum(float(np.square(g / top).sum(dtype=np.float64)) for g in arrays)))
