import numpy as np


def masked_forward(x, lengths, h0, W, U, b):
    h = np.array(h0)
    hs = np.zeros((len(x),) + h.shape, x.dtype)
    for t, x_t in enumerate(x):
        (going,) = np.nonzero(lengths > t)
        if not going.size:
            break
        h[going] = np.tanh(x_t[going] @ W + h[going] @ U + b)
        hs[t, going] = h[going]
    return [hs, h]
