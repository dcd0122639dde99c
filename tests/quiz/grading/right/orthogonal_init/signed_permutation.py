import numpy as np


def orthogonal_init(shape, gain, rng):
    rows, cols = shape
    size = max(rows, cols)
    signs = rng.choice([-1.0, 1.0], size=size)
    return gain * (np.eye(size)[rng.permutation(size)] * signs)[:rows, :cols]
