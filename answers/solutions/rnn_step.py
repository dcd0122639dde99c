"""rnn-step: mix the input and the old state, add the bias, squash with tanh."""

import numpy as np


def rnn_step(x, h, W, U, b):
    """One step of a plain RNN: x (N, D), h (N, H) -> h_new (N, H)."""
    return np.tanh(x @ W + h @ U + b)
