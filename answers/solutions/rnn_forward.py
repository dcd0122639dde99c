"""A plain RNN over a sequence."""

import numpy as np


def rnn_forward(x, h0, W, U, b):
    """Every state after h0: x (T, N, D), h0 (N, H) -> hs (T, N, H)."""
    from_x = x @ W + b  # does not wait for the state, so all steps at once
    hs = np.empty((len(x), *h0.shape), x.dtype)
    h = h0
    for t in range(len(x)):
        h = np.tanh(from_x[t] + h @ U)
        hs[t] = h
    return hs
