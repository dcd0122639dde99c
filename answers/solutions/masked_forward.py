"""A plain RNN over a padded batch."""

import numpy as np


def masked_forward(x, lengths, h0, W, U, b):
    """Padded x (T, N, D), lengths (N,) -> hs (T, N, H), 0 past each end, and h_last (N, H)."""
    hs = np.zeros((len(x), *h0.shape), x.dtype)
    h = h0
    for t in range(len(x)):
        on = (t < lengths)[:, None]  # (N, 1): which sequences are still going
        h = np.where(on, np.tanh(x[t] @ W + h @ U + b), h)
        hs[t] = np.where(on, h, 0)
    return hs, h
