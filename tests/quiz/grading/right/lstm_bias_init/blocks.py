import numpy as np


def lstm_bias_init(hidden_size, forget_bias=1.0):
    zeros = np.zeros(hidden_size)
    return np.concatenate([zeros, np.full(hidden_size, forget_bias, dtype=float), zeros, zeros])
