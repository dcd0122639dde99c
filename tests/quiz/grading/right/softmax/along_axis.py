import numpy as np


def of_one_row(row):
    top = max(row)
    e = [np.exp(v - top) for v in row]
    return np.array(e) / sum(e)


def softmax(x, axis=-1):
    return np.apply_along_axis(of_one_row, axis, x)
