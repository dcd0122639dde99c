import numpy as np


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


class Step:
    def __init__(self, x, h, c, W, U, b):
        self.inputs = x, h, c, W, U
        i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
        self.i, self.f, self.g, self.o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        self.c = self.f * c + self.i * self.g
        self.shown = np.tanh(self.c)
        self.h = self.o * self.shown

    def backward(self, dh, dc):
        x, h, c, W, U = self.inputs
        dc = dc + dh * self.o * (1 - self.shown**2)
        d = np.column_stack(
            [
                dc * self.g * self.i * (1 - self.i),
                dc * c * self.f * (1 - self.f),
                dc * self.i * (1 - self.g**2),
                dh * self.shown * self.o * (1 - self.o),
            ]
        )
        return d @ U.T, dc * self.f, d @ W.T, x.T @ d, h.T @ d, d.sum(axis=0)


def lstm_backward(dhs, x, h0, c0, W, U, b):
    steps, h, c = [], h0, c0
    for x_t in x:
        steps.append(Step(x_t, h, c, W, U, b))
        h, c = steps[-1].h, steps[-1].c
    dh = dc = 0 * h0
    dx = np.zeros(x.shape, x.dtype)
    dW, dU, db = 0 * W, 0 * U, 0 * b
    for t, step in reversed(list(enumerate(steps))):
        dh, dc, dx[t], w, u, v = step.backward(dh + dhs[t], dc)
        dW, dU, db = dW + w, dU + u, db + v
    return dx, dh, dc, dW, dU, db
