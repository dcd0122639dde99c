"""The LSTM's three gates and its candidate."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def lstm_gates(x, h, W, U, b):
    """Arrays x (N, D), h (N, H), W (D, 4H), U (H, 4H), b (4H,) -> i, f, g, o, each (N, H)."""
    a = x @ W + h @ U + b  # one product for all four blocks
    i, f, g, o = np.split(a, 4, axis=-1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
