"""The LSTM's long-term memory, one step on."""


def lstm_cell_state(c, i, f, g):
    """Keep what the forget gate leaves, add what the input gate lets in; all arrays (N, H)."""
    return f * c + i * g
