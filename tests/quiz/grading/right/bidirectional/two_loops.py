import numpy as np


def bidirectional_forward(x, h0, params):
    T, N, _ = x.shape
    (W1, U1, b1), (W2, U2, b2) = params
    H = h0.shape[-1]
    hs = np.zeros((T, N, 2 * H), dtype=x.dtype)
    h = h0[0]
    for t in range(T):
        h = np.tanh(x[t] @ W1 + h @ U1 + b1)
        hs[t, :, :H] = h
    h = h0[1]
    for t in reversed(range(T)):
        h = np.tanh(x[t] @ W2 + h @ U2 + b2)
        hs[t, :, H:] = h
    return hs
