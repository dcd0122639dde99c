import math

import numpy as np


def one(value):
    value = float(value)
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1 + grown)


def sigmoid(x):
    return np.array([one(v) for v in x.ravel()]).reshape(x.shape)
