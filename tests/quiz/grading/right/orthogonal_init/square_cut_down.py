import numpy as np


def orthogonal_init(shape, gain, rng):
    n = max(shape)
    Q, _ = np.linalg.qr(rng.normal(0.0, 1.0, (n, n)))
    return np.ascontiguousarray(Q[: shape[0], : shape[1]]) * gain
