import numpy as np


def sigmoid(x):
    return (np.tanh(x / 2) + 1) / 2


def gru_step_backward(dh, x, h, W, U, b):
    H = h.shape[1]
    R, Z, C = slice(0, H), slice(H, 2 * H), slice(2 * H, 3 * H)
    r = sigmoid(x @ W[:, R] + h @ U[:, R] + b[R])
    z = sigmoid(x @ W[:, Z] + h @ U[:, Z] + b[Z])
    rh = r * h
    n = np.tanh(x @ W[:, C] + rh @ U[:, C] + b[C])
    dx, dh_prev = np.zeros_like(x), dh * z
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)

    def into(block, d, state):
        dW[:, block] = x.T @ d
        dU[:, block] = state.T @ d
        db[block] = d.sum(axis=0)
        return d @ W[:, block].T, d @ U[:, block].T

    further, drh = into(C, dh * (1 - z) * (1 - n * n), rh)
    dx += further
    dh_prev += drh * r
    for block, d in ((R, drh * h * r * (1 - r)), (Z, dh * (h - n) * z * (1 - z))):
        further, back = into(block, d, h)
        dx += further
        dh_prev += back
    return dx, dh_prev, dW, dU, db
