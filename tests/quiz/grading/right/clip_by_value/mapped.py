from functools import partial

import numpy as np


def clip_by_value(grads, limit):
    return list(map(partial(np.clip, a_min=-limit, a_max=limit), grads))
