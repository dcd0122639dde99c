import numpy as np


def sequence_cross_entropy(logits, targets, lengths):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_p, targets[..., None], axis=-1).squeeze(-1)
    mask = np.arange(logits.shape[0]).reshape(-1, 1) < lengths.reshape(1, -1)
    return -np.sum(picked * mask) / np.sum(lengths)
