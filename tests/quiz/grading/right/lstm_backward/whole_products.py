import numpy as np


def lstm_backward(dhs, x, h0, c0, W, U, b):
    T, N, D = x.shape
    H = h0.shape[1]
    s = np.zeros((T, N, 4 * H), x.dtype)
    h = np.zeros((T + 1, N, H), x.dtype)
    c = np.zeros((T + 1, N, H), x.dtype)
    h[0], c[0] = h0, c0
    I, F, G, O = (slice(k * H, (k + 1) * H) for k in range(4))
    for t in range(T):
        a = x[t] @ W + h[t] @ U + b
        s[t] = 0.5 * (1 + np.tanh(a / 2))
        s[t][:, G] = np.tanh(a[:, G])
        c[t + 1] = s[t][:, F] * c[t] + s[t][:, I] * s[t][:, G]
        h[t + 1] = s[t][:, O] * np.tanh(c[t + 1])
    d = np.zeros_like(s)
    dh = np.zeros((N, H), x.dtype)
    dc = np.zeros((N, H), x.dtype)
    for t in range(T)[::-1]:
        dh = dh + dhs[t]
        th = np.tanh(c[t + 1])
        dc = dc + dh * s[t][:, O] * (1 - th**2)
        d[t][:, I] = dc * s[t][:, G]
        d[t][:, F] = dc * c[t]
        d[t][:, G] = dc * s[t][:, I]
        d[t][:, O] = dh * th
        slope = s[t] * (1 - s[t])
        slope[:, G] = 1 - s[t][:, G] ** 2
        d[t] *= slope
        dh, dc = d[t].dot(U.T), dc * s[t][:, F]
    flat = d.reshape(T * N, 4 * H)
    dW = x.reshape(T * N, D).T @ flat
    dU = h[:-1].reshape(T * N, H).T @ flat
    return (flat @ W.T).reshape(T, N, D), dh, dc, dW, dU, flat.sum(axis=0)
