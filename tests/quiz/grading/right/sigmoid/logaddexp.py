from numpy import exp, logaddexp


def sigmoid(x):
    return exp(-logaddexp(0, -x))
