"""Scaled dot-product attention for one sequence."""

import numpy as np


def scaled_dot_product(q, k, v):
    """q (T, D), k (N, D), v (N, H) -> (T, H)."""
    scores = q @ k.T / np.sqrt(q.shape[-1]).astype(q.dtype)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ v
