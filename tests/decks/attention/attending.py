"""Attention in a few lines of NumPy, for the experiments of this deck: any leading axes, time before features."""

from __future__ import annotations

import numpy as np

from rnnref import softmax


def scores(q, k):
    """q (..., Tq, d), k (..., Tk, d) -> (..., Tq, Tk): inner products over √d."""
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])


def causal(steps):
    """(T, T): 0 on and below the diagonal, -inf above it."""
    return np.triu(np.full((steps, steps), -np.inf), 1)


def attend(q, k, v, mask=0.0):
    """q (..., Tq, d), k (..., Tk, d), v (..., Tk, e) -> (..., Tq, e)."""
    return softmax(scores(q, k) + mask) @ v


def split(x, heads):
    """(T, d) -> (heads, T, d / heads)."""
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


def join(x):
    """(heads, T, e) -> (T, heads * e)."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)
