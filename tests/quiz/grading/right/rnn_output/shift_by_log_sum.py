import numpy as np


def rnn_output(h, V, c):
    a = np.einsum("nh,hk->nk", h, V) + c
    m = np.amax(a, axis=-1, keepdims=True)
    return np.exp(a - m - np.log(np.exp(a - m).sum(axis=-1, keepdims=True)))
