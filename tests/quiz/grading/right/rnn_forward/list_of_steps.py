import numpy as np


def rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def rnn_forward(x, h0, W, U, b):
    hs = [h0]
    for x_t in x:
        hs.append(rnn_step(x_t, hs[-1], W, U, b))
    return np.array(hs[1:])
