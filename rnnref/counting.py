"""Parameters and multiply-adds, exactly. Sizes are integers from 1; else TypeError or ValueError names the argument."""

from __future__ import annotations

from rnnref import checks


def _gated_param_count(
    gates: int, input_size: int, hidden_size: int, num_layers: int, bias: bool, bidirectional: bool
) -> int:
    D, H = checks.size("input_size", input_size), checks.size("hidden_size", hidden_size)
    directions = 2 if bidirectional else 1
    total = 0
    for layer in range(checks.size("num_layers", num_layers)):
        width = D if layer == 0 else directions * H
        total += directions * gates * H * (width + H + bool(bias))
    return total


def lstm_param_count(
    input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, bidirectional: bool = False
) -> int:
    """4 H (D + H + 1) for one layer, with one bias vector per gate; a deeper layer reads the one below, in both directions.

    PyTorch keeps two bias vectors per gate; `rnnref.analysis.layer_costs` counts with its conventions and those of
    Keras. Raises TypeError, ValueError where a size is no integer from 1.

    >>> lstm_param_count(10, 20)
    2480
    """
    return _gated_param_count(4, input_size, hidden_size, num_layers, bias, bidirectional)


def gru_param_count(
    input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, bidirectional: bool = False
) -> int:
    """3 H (D + H + 1) for one layer, with one bias vector per gate; a deeper layer reads the one below, in both directions.

    Raises TypeError, ValueError where a size is no integer from 1.

    >>> gru_param_count(10, 20)
    1860
    """
    return _gated_param_count(3, input_size, hidden_size, num_layers, bias, bidirectional)


def lstm_macs(seq_len: int, batch_size: int, input_size: int, hidden_size: int) -> int:
    """Multiply-adds of the matrix products alone: T N 4 H (D + H).

    Raises TypeError, ValueError where a size is no integer from 1.

    >>> lstm_macs(2, 3, 10, 20)
    14400
    """
    T, N = checks.size("seq_len", seq_len), checks.size("batch_size", batch_size)
    D, H = checks.size("input_size", input_size), checks.size("hidden_size", hidden_size)
    return T * N * 4 * H * (D + H)
