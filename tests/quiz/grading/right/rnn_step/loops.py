import math

import numpy as np


def rnn_step(x, h, W, U, b):
    N, D = x.shape
    H = h.shape[1]
    out = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            a = b[j]
            for d in range(D):
                a += x[n, d] * W[d, j]
            for k in range(H):
                a += h[n, k] * U[k, j]
            out[n, j] = math.tanh(a)
    return out
