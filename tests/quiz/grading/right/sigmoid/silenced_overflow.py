import numpy as np


def sigmoid(values):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-values))
