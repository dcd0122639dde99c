from numpy import *


def rnn_step(x, h, W, U, b):
    return tanh(dot(x, W) + dot(h, U) + b)
