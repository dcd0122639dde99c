import numpy as np


def s(v):
    return 0.5 * np.tanh(0.5 * v) + 0.5


def lstm_step_backward(dh, dc, x, h, c, W, U, b):
    H = h.shape[1]
    a = x @ W + h @ U + b
    i, f, g, o = s(a[:, :H]), s(a[:, H : 2 * H]), np.tanh(a[:, 2 * H : 3 * H]), s(a[:, 3 * H :])
    th = np.tanh(f * c + i * g)
    dct = dc + o * dh * (1 - th) * (1 + th)
    da = np.hstack([dct * g * i * (1 - i), dct * c * f * (1 - f), dct * i * (1 - g * g), dh * th * o * (1 - o)])
    return [np.dot(da, W.T), np.dot(da, U.T), dct * f, np.dot(x.T, da), np.dot(h.T, da), np.sum(da, axis=0)]
