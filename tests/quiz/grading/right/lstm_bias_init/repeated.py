import numpy as np


def lstm_bias_init(hidden_size, forget_bias=1.0):
    return np.repeat([0.0, float(forget_bias), 0.0, 0.0], hidden_size)
