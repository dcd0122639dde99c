"""One step of an LSTM."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def lstm_step(x, h, c, W, U, b):
    """Arrays x (N, D), h and c (N, H), W (D, 4H), U (H, 4H), b (4H,) -> h_new, c_new (N, H)."""
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c_new = f * c + i * g  # keep some of the old, let in some of the new
    h_new = o * np.tanh(c_new)  # show some of it
    return h_new, c_new
