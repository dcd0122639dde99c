import numpy as np


def rnn_step(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=1) @ np.concatenate([W, U], axis=0) + b)
