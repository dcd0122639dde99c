import numpy as np


def sigmoid(x):
    out = np.zeros_like(x)
    out[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    out[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return out


def lstm_forward(x, h0, c0, W, U, b):
    T, N, _ = x.shape
    H = h0.shape[-1]
    hs, cs = np.zeros((2, T + 1, N, H), dtype=x.dtype)
    hs[-1], cs[-1] = h0, c0
    for t in range(T):
        a = x[t].dot(W) + hs[t - 1].dot(U) + b
        i, f, g, o = a[:, :H], a[:, H : H + H], a[:, 2 * H : -H], a[:, -H:]
        cs[t] = sigmoid(f) * cs[t - 1] + sigmoid(i) * np.tanh(g)
        hs[t] = sigmoid(o) * np.tanh(cs[t])
    return hs[:-1], cs[:-1]
