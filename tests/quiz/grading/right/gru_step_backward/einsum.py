import numpy as np


def gru_step_backward(dh, x, h, W, U, b):
    D, H = len(W), len(U)
    W3, U3, b3 = W.reshape(D, 3, H), U.reshape(H, 3, H), b.reshape(3, H)
    gate = lambda k: 0.5 * (1 + np.tanh(0.5 * (x @ W3[:, k] + h @ U3[:, k] + b3[k])))
    r, z = gate(0), gate(1)
    n = np.tanh(x @ W3[:, 2] + (r * h) @ U3[:, 2] + b3[2])
    d = np.empty((3, *h.shape), h.dtype)
    d[2] = dh * (1 - z) * (1 - n) * (1 + n)
    drh = np.einsum("nj,kj->nk", d[2], U3[:, 2])
    d[0] = drh * h * r * (1 - r)
    d[1] = dh * (h - n) * z * (1 - z)
    states = np.stack([h, h, r * h])
    dx = np.einsum("gnh,dgh->nd", d, W3)
    dh_prev = dh * z + drh * r + np.einsum("gnj,kgj->nk", d[:2], U3[:, :2])
    dW = np.einsum("nd,gnh->dgh", x, d).reshape(D, 3 * H)
    dU = np.einsum("gnk,gnj->kgj", states, d).reshape(H, 3 * H)
    return dx, dh_prev, dW, dU, d.sum(axis=1).reshape(3 * H)
