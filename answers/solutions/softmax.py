"""softmax: exponentials normalised along one axis, with the maximum taken out first."""

import numpy as np


def softmax(x, axis=-1):
    """exp(x) / sum of exp(x) along axis; with the maximum taken out, exp sees nothing above 0."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
