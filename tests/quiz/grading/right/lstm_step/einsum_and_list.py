import numpy as np


def lstm_step(x, h, c, W, U, b):
    D, H = W.shape[0], U.shape[0]
    a = np.einsum("nd,dgh->gnh", x, W.reshape(D, 4, H)) + np.einsum("nk,kgh->gnh", h, U.reshape(H, 4, H))
    a = a + b.reshape(4, 1, H)
    i, f, o = 1 / (1 + np.exp(-a[[0, 1, 3]].clip(-60, 60)))
    c = f * c + i * np.tanh(a[2])
    return [o * np.tanh(c), c]
