import numpy as np


class LSTMCell:
    def __init__(self, activation=np.tanh):
        self.activation = activation

    @staticmethod
    def gate(a):
        e = np.exp(-np.abs(a))
        return np.where(a < 0, e, 1) / (1 + e)

    def __call__(self, x, h, c, W, U, b):
        H = h.shape[-1]
        a = np.dot(x, W) + np.dot(h, U) + b
        i, f, o = self.gate(a[:, :H]), self.gate(a[:, H : 2 * H]), self.gate(a[:, 3 * H :])
        c_new = f * c + i * self.activation(a[:, 2 * H : 3 * H])
        return o * self.activation(c_new), c_new


lstm_step = LSTMCell()
