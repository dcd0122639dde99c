"""Back-propagation through time for an LSTM."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def lstm_backward(dhs, x, h0, c0, W, U, b):
    """Gradients dhs (T, N, H) at every h -> dx, dh0, dc0, dW, dU, db, shaped as x, h0, c0, W, U, b."""
    T = len(x)
    h, c = h0, c0
    before, gates, after = [], [], []  # what the way back needs of each step
    for t in range(T):
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=-1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        before.append((h, c))
        gates.append((i, f, g, o))
        c = f * c + i * g
        after.append(np.tanh(c))
        h = o * after[-1]

    dx = np.zeros_like(x)
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(T)):
        (h, c), (i, f, g, o), tanh_c = before[t], gates[t], after[t]
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - tanh_c**2)
        da_i = dc * g * i * (1 - i)
        da_f = dc * c * f * (1 - f)
        da_g = dc * i * (1 - g**2)
        da_o = dh * tanh_c * o * (1 - o)
        da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)
        dx[t] = da @ W.T
        dW += x[t].T @ da
        dU += h.T @ da
        db += da.sum(axis=0)
        dh, dc = da @ U.T, dc * f
    return dx, dh, dc, dW, dU, db
