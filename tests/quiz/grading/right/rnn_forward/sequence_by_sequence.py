import numpy as np


def rnn_forward(x, h0, W, U, b):
    T, N, _ = x.shape
    hs = np.zeros((T, N, U.shape[0]), dtype=x.dtype)
    for n in range(N):
        for t in range(T):
            before = h0[n] if t == 0 else hs[t - 1, n]
            hs[t, n] = np.tanh(W.T.dot(x[t, n]) + U.T.dot(before) + b)
    return hs
