import numpy as np


def rnn_backward(dhs, x, h0, W, U, b):
    def back(t, h):
        """The gradients of steps t and after, for the state before step t."""
        if t == len(x):
            return np.zeros_like(h), [], np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
        h_new = np.tanh(x[t] @ W + h @ U + b)
        dh, dx, dW, dU, db = back(t + 1, h_new)
        da = (dh + dhs[t]) * (1 - h_new**2)
        return da @ U.T, [da @ W.T, *dx], dW + x[t].T @ da, dU + h.T @ da, db + da.sum(0)

    dh0, dx, dW, dU, db = back(0, h0)
    return np.array(dx), dh0, dW, dU, db
