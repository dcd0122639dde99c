import numpy as np


def lstm_bias_init(hidden_size, forget_bias=1.0):
    zeros = hidden_size * [0.0]
    return np.array(zeros + [forget_bias] * hidden_size + 2 * zeros, dtype=float)
