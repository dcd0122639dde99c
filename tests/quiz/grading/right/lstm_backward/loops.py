import math

import numpy as np


def sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))


def lstm_backward(dhs, x, h0, c0, W, U, b):
    """One sequence after another, one number after another."""
    T, N, D = x.shape
    H = h0.shape[1]
    dx = np.zeros_like(x)
    dh0, dc0 = np.zeros_like(h0), np.zeros_like(c0)
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    for n in range(N):
        h, c = list(h0[n]), list(c0[n])
        tape = []
        for t in range(T):
            a = [
                sum(x[t, n, d] * W[d, k] for d in range(D)) + sum(h[j] * U[j, k] for j in range(H)) + b[k]
                for k in range(4 * H)
            ]
            i = [sigmoid(v) for v in a[:H]]
            f = [sigmoid(v) for v in a[H : 2 * H]]
            g = [math.tanh(v) for v in a[2 * H : 3 * H]]
            o = [sigmoid(v) for v in a[3 * H :]]
            tape.append((h, c, i, f, g, o))
            c = [f[j] * c[j] + i[j] * g[j] for j in range(H)]
            h = [o[j] * math.tanh(c[j]) for j in range(H)]
        dh, dc = [0.0] * H, [0.0] * H
        for t in reversed(range(T)):
            h, c, i, f, g, o = tape[t]
            da = [0.0] * (4 * H)
            for j in range(H):
                shown = math.tanh(f[j] * c[j] + i[j] * g[j])
                at_h = dh[j] + dhs[t, n, j]
                dc[j] += at_h * o[j] * (1 - shown**2)
                da[j] = dc[j] * g[j] * i[j] * (1 - i[j])
                da[H + j] = dc[j] * c[j] * f[j] * (1 - f[j])
                da[2 * H + j] = dc[j] * i[j] * (1 - g[j] ** 2)
                da[3 * H + j] = at_h * shown * o[j] * (1 - o[j])
                dc[j] *= f[j]
            for k in range(4 * H):
                for d in range(D):
                    dx[t, n, d] += da[k] * W[d, k]
                    dW[d, k] += da[k] * x[t, n, d]
                for j in range(H):
                    dU[j, k] += da[k] * h[j]
                db[k] += da[k]
            dh = [sum(da[k] * U[j, k] for k in range(4 * H)) for j in range(H)]
        dh0[n], dc0[n] = dh, dc
    return dx, dh0, dc0, dW, dU, db
