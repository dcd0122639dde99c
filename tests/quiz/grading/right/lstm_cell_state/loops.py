import numpy as np


def lstm_cell_state(c, i, f, g):
    new = np.zeros(c.shape)
    for place in np.ndindex(*c.shape):
        new[place] = f[place] * c[place] + i[place] * g[place]
    return new
