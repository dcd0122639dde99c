"""Multiply-adds of an LSTM's forward pass."""


def lstm_macs(seq_len, batch_size, input_size, hidden_size):
    """Of the two matrix products alone: x @ W with (D, 4H) and h @ U with (H, 4H), for each sequence and step."""
    per_row = 4 * hidden_size * (input_size + hidden_size)
    return seq_len * batch_size * per_row
