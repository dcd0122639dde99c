"""clip-by-global-norm: one norm over all arrays, one factor for all of them."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    """All arrays scaled by one factor so that their joint norm is at most max_norm, and the norm before."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in grads)))
    if norm <= max_norm:
        return list(grads), norm
    scale = max_norm / norm
    return [g * scale for g in grads], norm
