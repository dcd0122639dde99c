import numpy as np


def sigmoid(x):
    e = np.exp(-abs(x))
    return np.where(x < 0, e, 1) / (1 + e)


def gru_gates(x, h, W, U, b):
    H = h.shape[1]
    r = sigmoid(x @ W[:, :H] + h @ U[:, :H] + b[:H])
    z = sigmoid(x @ W[:, H : 2 * H] + h @ U[:, H : 2 * H] + b[H : 2 * H])
    return r, z
