"""A GRU over a sequence."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def gru_forward(x, h0, W, U, b):
    """Arrays x (T, N, D), h0 (N, H), W (D, 3H), U (H, 3H), b (3H,) in the order r, z, n -> hs (T, N, H)."""
    H = h0.shape[1]
    from_x = x @ W + b  # does not depend on the state: one product for all steps
    h = h0
    hs = []
    for a in from_x:
        r, z = np.split(sigmoid(a[:, : 2 * H] + h @ U[:, : 2 * H]), 2, axis=-1)
        n = np.tanh(a[:, 2 * H :] + (r * h) @ U[:, 2 * H :])
        h = (1 - z) * n + z * h
        hs.append(h)
    return np.stack(hs)
