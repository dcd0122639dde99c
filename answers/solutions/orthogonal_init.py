"""Random orthogonal weights."""

import numpy as np


def orthogonal_init(shape, gain, rng):
    """A (rows, cols) float64 matrix, orthonormal along its shorter side, times gain."""
    rows, cols = shape
    q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(rows, cols))))
    q = q * np.sign(np.diag(r))  # without this Q would not be uniform over orthogonal matrices
    return gain * (q if rows >= cols else q.T)
