"""Back-propagation through one LSTM step."""

import numpy as np


def sigmoid(x):
    """Without overflow: exp sees nothing above 0."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def lstm_step_backward(dh, dc, x, h, c, W, U, b):
    """Gradients dh, dc (N, H) at h_new, c_new -> dx, dh_prev, dc_prev, dW, dU, db, shaped as x, h, c, W, U, b."""
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    tanh_c = np.tanh(f * c + i * g)

    dc_new = dc + dh * o * (1 - tanh_c**2)  # c_new is used twice: by the next step and by h
    da_i = dc_new * g * i * (1 - i)
    da_f = dc_new * c * f * (1 - f)
    da_g = dc_new * i * (1 - g**2)
    da_o = dh * tanh_c * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)

    return da @ W.T, da @ U.T, dc_new * f, x.T @ da, h.T @ da, da.sum(axis=0)
