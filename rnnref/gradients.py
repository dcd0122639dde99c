"""Clipping, the cure for exploding gradients (Pascanu et al. 2013)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.typing import Array


def clip_by_value(grads: Sequence[Array], limit: float) -> list[Array]:
    """Each element cut to [-limit, limit]; the direction changes."""
    return [np.clip(g, -limit, limit) for g in grads]


def clip_by_global_norm(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    """All arrays scaled by one factor so that their joint norm is at most `max_norm`; also the norm before.

    Algorithm 1 of Pascanu et al. The direction stays. Gradients within `max_norm` come back unchanged.
    """
    # The largest magnitude is taken out first, so that no square overflows or vanishes.
    top = max((float(np.abs(g).max()) for g in grads if g.size), default=0.0)
    if top == 0.0 or not np.isfinite(top):
        norm = top
    else:
        norm = top * float(np.sqrt(sum(float(np.square(g / top).sum()) for g in grads)))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * np.asarray(scale, g.dtype) for g in grads], norm
