"""clip-by-value: cut every element to [-limit, limit], each for itself."""

import numpy as np


def clip_by_value(grads, limit):
    """Each element of each array cut to [-limit, limit]; new arrays of the same shapes."""
    return [np.clip(g, -limit, limit) for g in grads]
