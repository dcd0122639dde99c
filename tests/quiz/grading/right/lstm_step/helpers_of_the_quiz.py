import numpy as np


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def lstm_gates(x, h, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def lstm_cell_state(c, i, f, g):
    return f * c + i * g


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = lstm_gates(x, h, W, U, b)
    c = lstm_cell_state(c, i, f, g)
    return o * np.tanh(c), c
