"""rnn-output: class probabilities from a state, softmax(h V + c)."""

import numpy as np


def rnn_output(h, V, c):
    """Class probabilities from a state: h (N, H), V (H, K), c (K,) -> (N, K), each row summing to 1."""
    a = h @ V + c
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
