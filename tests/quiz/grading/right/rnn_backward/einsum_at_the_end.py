import numpy as np


def rnn_backward(dhs, x, h0, W, U, b):
    T = x.shape[0]
    h = np.concatenate([h0[None], np.zeros((T, *h0.shape), x.dtype)])
    for t in range(T):
        h[t + 1] = np.tanh(x[t] @ W + h[t] @ U + b)
    da = np.zeros_like(h[1:])
    carried = 0
    for t in range(T - 1, -1, -1):
        da[t] = (dhs[t] + carried) * (1 - h[t + 1] * h[t + 1])
        carried = da[t] @ U.T
    dW = np.einsum("tnd,tnh->dh", x, da)
    dU = np.einsum("tnk,tnh->kh", h[:-1], da)
    return [da @ W.T, carried, dW, dU, da.sum(axis=(0, 1))]
