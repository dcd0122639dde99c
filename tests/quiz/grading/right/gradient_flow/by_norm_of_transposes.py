import numpy as np


def spectral(matrix):
    return np.linalg.norm(matrix, ord=2)


def gradient_flow(hs, U):
    """The transposed product has the same norm, and grows from the right."""
    T, H = hs.shape
    result = np.empty((T,), dtype=hs.dtype)
    product = np.identity(H, dtype=hs.dtype)
    result[-1] = 1
    for k in range(T - 2, -1, -1):
        product = (U * (1 - hs[k + 1] ** 2)) @ product
        result[k] = spectral(product)
    return result
