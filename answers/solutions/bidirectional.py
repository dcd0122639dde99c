"""A plain RNN in both directions."""

import numpy as np


def run(x, h, W, U, b):
    """Every state after h: x (T, N, D) -> (T, N, H)."""
    states = []
    for x_t in x:
        h = np.tanh(x_t @ W + h @ U + b)
        states.append(h)
    return np.stack(states)


def bidirectional_forward(x, h0, params):
    """Two RNNs, one from each end: h0 (2, N, H), params ((W, U, b), (W, U, b)) -> (T, N, 2H)."""
    ahead = run(x, h0[0], *params[0])
    back = run(x[::-1], h0[1], *params[1])[::-1]  # turned round again: row t belongs to input t
    return np.concatenate([ahead, back], axis=-1)
