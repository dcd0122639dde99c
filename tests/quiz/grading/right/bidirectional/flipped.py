import numpy as np


def rnn_forward(x, h0, W, U, b):
    h, hs = h0, []
    for x_t in x:
        h = np.tanh(np.matmul(x_t, W) + np.matmul(h, U) + b)
        hs.append(h)
    return np.asarray(hs)


def bidirectional_forward(x, h0, params):
    there = rnn_forward(x, h0[0], *params[0])
    back = np.flip(rnn_forward(np.flip(x, axis=0), h0[1], *params[1]), axis=0)
    return np.dstack([there, back]) if x.shape[0] > 1 else np.concatenate((there, back), axis=2)
