import numpy as np


class GRU:
    def __init__(self, W, U, b):
        self.W, self.U, self.b = (np.split(p, 3, axis=-1) for p in (W, U, b))

    def gate(self, k, x, h):
        return 1 / (1 + np.exp(-(x @ self.W[k] + h @ self.U[k] + self.b[k])))

    def step(self, x, h):
        r, z = self.gate(0, x, h), self.gate(1, x, h)
        n = np.tanh(x @ self.W[2] + (r * h) @ self.U[2] + self.b[2])
        return (1 - z) * n + z * h


def gru_forward(x, h0, W, U, b):
    cell = GRU(W, U, b)
    hs = np.empty((len(x), *h0.shape), dtype=x.dtype)
    for t, x_t in enumerate(x):
        hs[t] = h0 = cell.step(x_t, h0)
    return hs
