import math

import numpy as np


def logistic(v):
    return 1 / (1 + math.exp(-v)) if v > 0 else 1 - 1 / (1 + math.exp(v))


def gru_gates(x, h, W, U, b):
    N, H = h.shape
    gates = np.zeros((2, N, H))
    for k in range(2):
        for n in range(N):
            for j in range(H):
                column = k * H + j
                gates[k, n, j] = logistic(float(x[n] @ W[:, column] + h[n] @ U[:, column] + b[column]))
    return tuple(gates)
