"""How much of the gradient at the last state reaches each earlier one."""

import numpy as np


def gradient_flow(hs, U):
    """Spectral norm of d hs[-1] / d hs[k] for every k: hs (T, H), U (H, H) -> (T,); the last is 1."""
    T, H = hs.shape
    norms = np.ones(T, hs.dtype)
    product = np.eye(H, dtype=hs.dtype)
    for k in reversed(range(T - 1)):
        product = product @ ((1 - hs[k + 1] ** 2)[:, None] * U.T)
        norms[k] = np.linalg.norm(product, 2)
    return norms
