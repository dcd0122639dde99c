"""Losses with their gradients: each gives (loss, gradient at its first argument)."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnref import checks
from rnnref.typing import Array, IntArray


def cross_entropy(logits: Array, targets: IntArray, lengths: IntArray | None = None) -> tuple[float, Array]:
    """Mean of -log softmax(logits) at the target, and its gradient (softmax - one-hot) / count.

    logits (..., K) float64 or float32, targets (...) int in 0 .. K-1. With `lengths` (N,), for logits (T, N, K), only
    the real steps count; padding is not read and its gradient is 0. Raises TypeError, ValueError.

    >>> loss, grad = cross_entropy(np.zeros((1, 2)), np.array([0]))
    >>> round(loss, 6), grad
    (0.693147, array([[-0.5,  0.5]]))
    """
    logits, targets = checks.float_array("logits", logits, 1), checks.as_array("targets", targets)
    if targets.dtype.kind not in "iu":
        raise TypeError(f"targets: got dtype {targets.dtype}, expected integers")
    if lengths is not None and logits.ndim != 3:
        raise ValueError(f"logits: got shape {logits.shape}, expected (T, N, K) where lengths are given")
    if targets.shape != logits.shape[:-1]:
        raise ValueError(f"targets: got shape {targets.shape}, expected {logits.shape[:-1]}")
    if lengths is None:
        real: Any = np.ones(targets.shape, bool)
    else:
        T, N, _ = logits.shape
        real = np.arange(T)[:, None] < checks.lengths_of(lengths, T, N)
    if not real.any():
        raise ValueError("lengths: all are 0, so there is no step to average over; expected a sum of at least 1")
    at, labels = logits[real], targets[real]
    if labels.min() < 0 or labels.max() >= logits.shape[-1]:
        raise ValueError(f"targets: got {labels.min()} .. {labels.max()}, expected each in 0 .. {logits.shape[-1] - 1}")
    with np.errstate(all="ignore"):
        at = at - at.max(axis=-1, keepdims=True)
        e = np.exp(at)
        total = e.sum(axis=-1, keepdims=True)
        each = np.arange(len(at))
        loss = float((np.log(total[:, 0]) - at[each, labels]).mean())
        e /= total
        e[each, labels] -= 1
        e /= len(at)
    grad = np.zeros_like(logits)
    grad[real] = e
    return loss, grad


def mean_squared_error(y: Array, target: Array) -> tuple[float, Array]:
    """Mean of (y - target)² over all elements, and its gradient 2 (y - target) / count; equal shapes.

    Any shape, float64 or float32. Raises TypeError for another dtype, ValueError for a target of another shape.

    >>> mean_squared_error(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    (2.0, array([0., 2.]))
    """
    y = checks.float_array("y", y)
    target = checks.array_of("target", target, y.shape, y.dtype)
    with np.errstate(all="ignore"):
        difference = y - target
        return float(np.square(difference).mean()), difference * y.dtype.type(2 / y.size)
