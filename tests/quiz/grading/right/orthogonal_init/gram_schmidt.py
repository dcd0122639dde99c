import numpy as np


def orthogonal_init(shape, gain, rng):
    rows, cols = shape
    vectors = []
    while len(vectors) < min(rows, cols):
        v = rng.uniform(-1, 1, max(rows, cols))
        for _ in range(2):  # once more: rounding leaves a rest
            for u in vectors:
                v = v - (v @ u) * u
        length = np.sqrt(v @ v)
        if length > 1e-3:
            vectors.append(v / length)
    q = np.array(vectors)
    return gain * (q if rows <= cols else q.T)
