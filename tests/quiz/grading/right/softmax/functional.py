import numpy as np


def softmax(x, axis=-1):
    shifted = np.subtract(x, np.max(x, axis=axis, keepdims=True))
    exponentials = np.exp(shifted)
    return np.divide(exponentials, np.sum(exponentials, axis=axis, keepdims=True))
