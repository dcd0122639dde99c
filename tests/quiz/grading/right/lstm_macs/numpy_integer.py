import numpy as np


def lstm_macs(T, N, D, H):
    return np.int64(4) * T * N * H * (D + H)
