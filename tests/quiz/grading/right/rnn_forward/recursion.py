import numpy as np


def rnn_forward(x, h0, W, U, b):
    if len(x) == 0:
        return np.empty((0, *h0.shape), x.dtype)
    h = np.tanh(np.matmul(x[0], W) + np.matmul(h0, U) + b)
    return np.concatenate([h[None], rnn_forward(x[1:], h, W, U, b)])
