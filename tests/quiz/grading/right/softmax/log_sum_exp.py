import numpy as np


def softmax(x, axis=-1):
    """Log-probabilities first; without the maximum taken out, the sum of huge numbers would swallow log K."""
    x = x - np.max(x, axis=axis, keepdims=True)
    log_p = x - np.logaddexp.reduce(x, axis=axis, keepdims=True)
    return np.exp(log_p)
