import numpy as np


def clip_by_global_norm(grads, max_norm):
    total_norm = np.sqrt(sum((g**2).sum() for g in grads))
    clip_coef = np.minimum(1.0, max_norm / (total_norm + 1e-6))
    return [g * clip_coef for g in grads], float(total_norm)
