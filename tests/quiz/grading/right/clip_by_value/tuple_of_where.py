import numpy as np


def clip_by_value(grads, limit):
    return tuple(np.where(np.abs(g) > limit, np.sign(g) * g.dtype.type(limit), g) for g in grads)
