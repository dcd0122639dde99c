import math

import numpy as np


def rnn_output(h, V, c):
    rows = []
    for state in h:
        scores = [sum(s * v for s, v in zip(state, V[:, k])) + c[k] for k in range(len(c))]
        top = max(scores)
        e = [math.exp(s - top) for s in scores]
        rows.append([v / sum(e) for v in e])
    return np.array(rows)
