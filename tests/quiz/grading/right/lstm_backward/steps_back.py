import numpy as np


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def gates(x, h, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def step_back(dh, dc, x, h, c, W, U, b):
    i, f, g, o = gates(x, h, W, U, b)
    t = np.tanh(f * c + i * g)
    dc = dc + dh * o * (1 - t * t)
    da = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g * g), dh * t * o * (1 - o)], 1)
    return da @ W.T, da @ U.T, dc * f, x.T @ da, h.T @ da, da.sum(0)


def lstm_backward(dhs, x, h0, c0, W, U, b):
    states = [(h0, c0)]
    for x_t in x:
        h, c = states[-1]
        i, f, g, o = gates(x_t, h, W, U, b)
        c = f * c + i * g
        states.append((o * np.tanh(c), c))
    dx, totals = [], [np.zeros_like(p) for p in (W, U, b)]
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(len(x) - 1, -1, -1):
        dx_t, dh, dc, *grads = step_back(dh + dhs[t], dc, x[t], *states[t], W, U, b)
        dx.insert(0, dx_t)
        totals = [total + g for total, g in zip(totals, grads)]
    return (np.stack(dx), dh, dc, *totals)
