import numpy as np


def gru_step_backward(dh, x, h, W, U, b):
    H = h.shape[1]
    U_r, U_z, U_n = U[:, :H], U[:, H : 2 * H], U[:, 2 * H :]
    a = np.dot(x, W) + b
    r, z = 1 / (1 + np.exp(-(a[:, :H] + np.dot(h, U_r)))), 1 / (1 + np.exp(-(a[:, H : 2 * H] + np.dot(h, U_z))))
    n = np.tanh(a[:, 2 * H :] + np.dot(r * h, U_n))
    dn = dh * (1 - z) * (1 - n**2)
    dr = np.dot(dn, U_n.T) * h * r * (1 - r)
    dz = dh * (h - n) * z * (1 - z)
    d = np.hstack([dr, dz, dn])
    dh_prev = dh * z + np.dot(dn, U_n.T) * r + np.dot(np.hstack([dr, dz]), U[:, : 2 * H].T)
    dU = np.hstack([np.dot(h.T, np.hstack([dr, dz])), np.dot((r * h).T, dn)])
    return [np.dot(d, W.T), dh_prev, np.dot(x.T, d), dU, np.sum(d, axis=0)]
