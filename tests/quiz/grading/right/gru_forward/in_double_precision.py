import numpy as np


def gru_forward(x, h0, W, U, b):
    x, h, W, U, b = (np.asarray(v, dtype=np.float64) for v in (x, h0, W, U, b))
    H = h.shape[1]
    hs = []
    for t in range(x.shape[0]):
        ax, ah = x[t].dot(W) + b, h.dot(U[:, : 2 * H])
        r = 1 / (1 + np.exp(-(ax[:, :H] + ah[:, :H])))
        z = 1 / (1 + np.exp(-(ax[:, H : 2 * H] + ah[:, H:])))
        n = np.tanh(ax[:, 2 * H :] + np.dot(r * h, U[:, 2 * H :]))
        h = z * h + (1 - z) * n
        hs.append(h)
    return np.array(hs)
