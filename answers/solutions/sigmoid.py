"""sigmoid: 1 / (1 + exp(-x)) without overflow on either side."""

import numpy as np


def sigmoid(x):
    """1 / (1 + exp(-x)); exp sees nothing above 0, so nothing overflows."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
