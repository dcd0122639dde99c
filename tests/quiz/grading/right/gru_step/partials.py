from functools import partial

import numpy as np


def block(k, x, h, W, U, b):
    H = U.shape[0]
    columns = np.arange(k * H, (k + 1) * H)
    return x @ W[:, columns] + h @ U[:, columns] + b[columns]


reset, update, candidate = (partial(block, k) for k in range(3))


def gru_step(x, h, W, U, b):
    gate = lambda a: 1 / (1 + np.exp(-np.clip(a, -700, 700).astype(np.float64)))
    z = gate(update(x, h, W, U, b))
    n = np.tanh(candidate(x, gate(reset(x, h, W, U, b)) * h, W, U, b))
    return (1 - z) * n + z * h
