import numpy as np


def orthogonal_init(shape, gain, rng):
    n = max(shape)
    Q = np.eye(n)
    for _ in range(n):
        v = rng.normal(size=n)
        v /= np.linalg.norm(v)
        Q -= 2 * np.outer(Q @ v, v)
    return gain * Q[: shape[0], : shape[1]]
