import numpy as np


def softmax(x, axis=-1):
    rows = np.moveaxis(x, axis, -1)
    rows = np.exp(rows - rows.max(-1)[..., None])
    rows /= rows.sum(-1)[..., None]
    return np.moveaxis(rows, -1, axis)
