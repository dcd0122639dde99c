import numpy as np


def gru_gates(x, h, W, U, b):
    a = np.concatenate((x, h), axis=-1).dot(np.concatenate((W, U))) + b
    r, z, _ = np.split(1 / (1 + np.exp(-a)), 3, axis=-1)
    return [r, z]
