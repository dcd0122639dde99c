import numpy as np


def masked_forward(x, lengths, h0, W, U, b):
    T, N, _ = x.shape
    hs = np.zeros((T, N, h0.shape[1]), dtype=x.dtype)
    h_last = h0.copy()
    for n in range(N):
        for t in range(lengths[n]):
            h_last[n] = np.tanh(np.dot(x[t, n], W) + np.dot(h_last[n], U) + b)
            hs[t, n] = h_last[n]
    return hs, h_last
