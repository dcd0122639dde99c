import numpy as np


def lstm_step_backward(dh, dc, x, h, c, W, U, b):
    N, H = h.shape
    a = (np.einsum("nd,dk->nk", x, W) + np.einsum("nh,hk->nk", h, U) + b).reshape(N, 4, H)
    e = np.exp(-np.abs(a))
    gate = np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    g = np.tanh(a[:, 2])
    i, f, o = gate[:, 0], gate[:, 1], gate[:, 3]
    t = np.tanh(f * c + i * g)
    dcn = dc + dh * o * (1 - t**2)
    d = np.empty_like(a)
    d[:, 0], d[:, 1], d[:, 2], d[:, 3] = g * dcn, c * dcn, i * dcn, t * dh
    d[:, [0, 1, 3]] *= gate[:, [0, 1, 3]] * (1 - gate[:, [0, 1, 3]])
    d[:, 2] *= 1 - g**2
    d = d.reshape(N, 4 * H)
    outer = lambda left: np.einsum("np,nq->pq", left, d)
    return d @ W.T, d @ U.T, dcn * f, outer(x), outer(h), np.einsum("nk->k", d)
