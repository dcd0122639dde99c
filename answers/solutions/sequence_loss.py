"""Cross entropy over the real steps of a padded batch."""

import numpy as np


def sequence_cross_entropy(logits, targets, lengths):
    """Mean of -log softmax at the target: logits (T, N, K), targets (T, N), lengths (N,)."""
    real = np.arange(len(logits))[:, None] < lengths  # (T, N)
    a = logits[real]  # (sum of lengths, K)
    a = a - a.max(axis=-1, keepdims=True)
    log_p = a[np.arange(len(a)), targets[real]] - np.log(np.exp(a).sum(axis=-1))
    return float(-log_p.mean())
