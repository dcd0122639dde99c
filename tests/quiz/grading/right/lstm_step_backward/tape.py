import numpy as np


class Value:
    """A tiny tape: each value knows how to hand its gradient on."""

    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = data, parents, np.zeros_like(data)

    def __add__(self, other):
        return Value(self.data + other.data, [(self, lambda d: d), (other, lambda d: unbroadcast(d, other.data))])

    def __mul__(self, other):
        return Value(self.data * other.data, [(self, lambda d: d * other.data), (other, lambda d: d * self.data)])

    def __matmul__(self, other):
        return Value(self.data @ other.data, [(self, lambda d: d @ other.data.T), (other, lambda d: self.data.T @ d)])

    def __getitem__(self, key):
        def back(d):
            whole = np.zeros_like(self.data)
            whole[key] = d
            return whole

        return Value(self.data[key], [(self, back)])

    def tanh(self):
        y = np.tanh(self.data)
        return Value(y, [(self, lambda d: d * (1 - y * y))])

    def sigmoid(self):
        y = (1 + np.tanh(self.data / 2)) / 2
        return Value(y, [(self, lambda d: d * y * (1 - y))])


def unbroadcast(d, like):
    return d.sum(axis=0) if d.ndim > like.ndim else d


def ordered(value, seen):
    if id(value) not in seen:
        seen[id(value)] = value
        for parent, _ in value.parents:
            yield from ordered(parent, seen)
        yield value


def lstm_step_backward(dh, dc, x, h, c, W, U, b):
    x, h, c, W, U, b = leaves = [Value(v) for v in (x, h, c, W, U, b)]
    H = h.data.shape[1]
    a = x @ W + h @ U + b
    i, f, g, o = (a[:, k * H : (k + 1) * H] for k in range(4))
    c_new = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h_new = o.sigmoid() * c_new.tanh()
    h_new.grad, c_new.grad = h_new.grad + dh, c_new.grad + dc
    for value in reversed(list(ordered(h_new, {}))):
        for parent, back in value.parents:
            parent.grad = parent.grad + back(value.grad)
    return tuple(leaf.grad for leaf in leaves)
