"""How an LSTM's bias starts."""

import numpy as np


def lstm_bias_init(hidden_size, forget_bias=1.0):
    """Zeros (4H,), and `forget_bias` in the forget gate's block: memory starts open."""
    b = np.zeros(4 * hidden_size)
    b[hidden_size : 2 * hidden_size] = forget_bias
    return b
