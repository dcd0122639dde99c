import numpy as np


def sequence_cross_entropy(logits, targets, lengths):
    T, _, K = logits.shape
    one_hot = np.eye(K)[targets]
    log_p = logits - np.logaddexp.reduce(logits.astype(np.float64), axis=-1)[..., None]
    weights = np.array([[t < n for n in lengths] for t in range(T)], dtype=float)
    return np.asarray(-np.einsum("tnk,tnk,tn->", one_hot, log_p, weights) / weights.sum())
