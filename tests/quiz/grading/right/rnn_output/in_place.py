import numpy as np


def rnn_output(h, V, c):
    p = np.matmul(h, V)
    p += c
    p -= p.max(axis=1).reshape(-1, 1)
    np.exp(p, out=p)
    p /= p.sum(axis=1)[:, np.newaxis]
    return p
