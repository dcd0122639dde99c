import numpy as np


def gru_candidate(x, h, r, W_n, U_n, b_n):
    return np.tanh(np.hstack((x, np.multiply(r, h))) @ np.vstack((W_n, U_n)) + b_n)
