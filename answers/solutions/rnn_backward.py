"""Back-propagation through time for a plain RNN."""

import numpy as np


def rnn_backward(dhs, x, h0, W, U, b):
    """From dhs (T, N, H), the loss gradient at each output state -> dx, dh0, dW, dU, db."""
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ W + states[-1] @ U + b))
    dx = np.empty_like(x)
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    dh = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        h, h_new = states[t], states[t + 1]
        da = (dhs[t] + dh) * (1 - h_new**2)  # from this step's loss and from the step after
        dx[t] = da @ W.T
        dW += x[t].T @ da  # shared over time: the shares add up
        dU += h.T @ da
        db += da.sum(axis=0)
        dh = da @ U.T
    return dx, dh, dW, dU, db
