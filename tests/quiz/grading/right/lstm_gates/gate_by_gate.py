import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_gates(x, h, W, U, b):
    H = h.shape[1]
    gates = []
    for k, activate in enumerate((sigmoid, sigmoid, np.tanh, sigmoid)):
        block = slice(k * H, (k + 1) * H)
        gates.append(activate(x @ W[:, block] + h @ U[:, block] + b[block]))
    return gates
