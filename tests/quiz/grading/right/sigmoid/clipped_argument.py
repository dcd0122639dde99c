import numpy as np


def sigmoid(x):
    """Beyond 500 the result is 0 or 1 to all digits that count."""
    return 1 / (1 + np.exp(-np.clip(x, -500, 500).astype(np.float64)))
