"""One step of a GRU."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def gru_step(x, h, W, U, b):
    """Arrays x (N, D), h (N, H), W (D, 3H), U (H, 3H), b (3H,) in the order r, z, n -> h_new (N, H)."""
    W_r, W_z, W_n = np.split(W, 3, axis=-1)
    U_r, U_z, U_n = np.split(U, 3, axis=-1)
    b_r, b_z, b_n = np.split(b, 3)
    r = sigmoid(x @ W_r + h @ U_r + b_r)
    z = sigmoid(x @ W_z + h @ U_z + b_z)
    n = np.tanh(x @ W_n + (r * h) @ U_n + b_n)
    return (1 - z) * n + z * h  # z keeps the old state
