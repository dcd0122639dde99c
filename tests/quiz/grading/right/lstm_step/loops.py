import math

import numpy as np


def logistic(v):
    return 0.5 + 0.5 * math.tanh(v / 2)


def lstm_step(x, h, c, W, U, b):
    N, H = h.shape
    h_new, c_new = np.empty((N, H)), np.empty((N, H))
    for n in range(N):
        a = [
            sum(x[n, d] * W[d, k] for d in range(W.shape[0])) + sum(h[n, j] * U[j, k] for j in range(H)) + b[k]
            for k in range(4 * H)
        ]
        for j in range(H):
            c_new[n, j] = logistic(a[H + j]) * c[n, j] + logistic(a[j]) * math.tanh(a[2 * H + j])
            h_new[n, j] = logistic(a[3 * H + j]) * math.tanh(c_new[n, j])
    return h_new, c_new
