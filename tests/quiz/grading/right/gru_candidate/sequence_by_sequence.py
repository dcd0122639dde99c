import numpy as np


def gru_candidate(x, h, r, W_n, U_n, b_n):
    return np.array([np.tanh(W_n.T @ x_n + U_n.T @ (r_n * h_n) + b_n) for x_n, h_n, r_n in zip(x, h, r)])
