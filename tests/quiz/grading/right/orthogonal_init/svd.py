import numpy as np


def orthogonal_init(shape, gain, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
    q = u if u.shape == tuple(shape) else vt
    return gain * q
