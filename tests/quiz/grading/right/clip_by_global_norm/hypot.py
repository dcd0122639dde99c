import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(math.fsum(float(v) ** 2 for g in grads for v in np.nditer(g)))
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return [g * factor for g in grads], norm
