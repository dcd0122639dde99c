"""The GRU's candidate state."""

import numpy as np


def gru_candidate(x, h, r, W_n, U_n, b_n):
    """Arrays x (N, D), h and r (N, H), W_n (D, H), U_n (H, H), b_n (H,) -> n (N, H)."""
    return np.tanh(x @ W_n + (r * h) @ U_n + b_n)  # r acts before the product
