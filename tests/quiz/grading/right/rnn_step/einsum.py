import numpy as np


def rnn_step(inputs, state, kernel, recurrent, bias):
    a = np.einsum("nd,dh->nh", inputs, kernel)
    a += np.einsum("nk,kh->nh", state, recurrent)
    a += bias
    return np.tanh(a, out=a)
