"""Parameters and multiply-adds, exactly."""

from __future__ import annotations


def _gated_param_count(
    gates: int, input_size: int, hidden_size: int, num_layers: int, bias: bool, bidirectional: bool
) -> int:
    directions = 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        width = input_size if layer == 0 else directions * hidden_size
        total += directions * gates * hidden_size * (width + hidden_size + bool(bias))
    return total


def lstm_param_count(
    input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, bidirectional: bool = False
) -> int:
    """4 H (D + H + 1) for one layer, with one bias vector per gate; a deeper layer reads the one below.

    >>> lstm_param_count(10, 20)
    2480
    """
    return _gated_param_count(4, input_size, hidden_size, num_layers, bias, bidirectional)


def gru_param_count(
    input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, bidirectional: bool = False
) -> int:
    """3 H (D + H + 1) for one layer, with one bias vector per gate; a deeper layer reads the one below.

    >>> gru_param_count(10, 20)
    1860
    """
    return _gated_param_count(3, input_size, hidden_size, num_layers, bias, bidirectional)


def lstm_macs(seq_len: int, batch_size: int, input_size: int, hidden_size: int) -> int:
    """Multiply-adds of the matrix products alone: T N 4 H (D + H)."""
    return seq_len * batch_size * 4 * hidden_size * (input_size + hidden_size)
