import numpy as np


def gru_candidate(x, h, r, W_n, U_n, b_n):
    a = np.einsum("nd,dh->nh", x, W_n) + np.einsum("nk,nk,kh->nh", r, h, U_n) + b_n
    return np.tanh(a)
