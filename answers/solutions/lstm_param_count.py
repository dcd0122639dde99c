"""How many parameters an LSTM has."""


def lstm_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    """One bias vector per gate; from the second layer on, the input is the output of the layer below."""
    directions = 2 if bidirectional else 1
    width = input_size
    total = 0
    for _ in range(num_layers):
        per_unit = width + hidden_size + (1 if bias else 0)
        total += directions * 4 * hidden_size * per_unit
        width = directions * hidden_size
    return total
