"""How weights start."""

from __future__ import annotations

import numpy as np

from rnnref.typing import Array


def orthogonal_init(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:
    """A float64 matrix (rows, cols), orthonormal along its shorter side, times `gain` (Saxe et al. 2014).

    QR of a Gaussian matrix, with the signs of R's diagonal moved into Q, is uniform over orthogonal matrices (Mezzadri 2007).
    """
    rows, cols = shape
    q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(rows, cols))))
    q = q * np.sign(np.diag(r))
    return gain * (q if rows >= cols else q.T)
