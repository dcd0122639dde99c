import numpy as np


def rnn_jacobian(h_new, U):
    return np.array([np.diag(1 - h**2) @ U.T for h in h_new])
