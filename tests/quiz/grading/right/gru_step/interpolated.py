import numpy as np


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def gru_step(x, h, W, U, b):
    H = h.shape[1]
    from_x = x @ W + b
    rz = sigmoid(from_x[:, : 2 * H] + h @ U[:, : 2 * H])
    r, z = rz[:, :H], rz[:, H:]
    n = np.tanh(from_x[:, 2 * H :] + (r * h) @ U[:, 2 * H :])
    return n + z * (h - n)
