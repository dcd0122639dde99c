"""An LSTM over a sequence."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def lstm_forward(x, h0, c0, W, U, b):
    """Arrays x (T, N, D), h0 and c0 (N, H), W (D, 4H), U (H, 4H), b (4H,) -> hs, cs (T, N, H)."""
    from_x = x @ W + b  # does not depend on the states: one product for all steps
    h, c = h0, c0
    hs, cs = [], []
    for a in from_x:
        i, f, g, o = np.split(a + h @ U, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)
