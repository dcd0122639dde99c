import numpy as np


def shapes(D, H, bias):
    yield D, 4 * H
    yield H, 4 * H
    if bias:
        yield (4 * H,)


def lstm_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    total = np.int64(0)
    D = input_size
    for _ in range(num_layers):
        for _ in range(2 if bidirectional else 1):
            total += sum(np.prod(shape, dtype=np.int64) for shape in shapes(D, hidden_size, bias))
        D = hidden_size * (2 if bidirectional else 1)
    return total
