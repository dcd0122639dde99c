import numpy as np


def lstm_cell_state(cell, input_gate, forget_gate, candidate):
    return np.add(np.multiply(forget_gate, cell), np.multiply(input_gate, candidate))
