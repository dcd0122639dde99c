def one_layer(inputs, hidden, bias):
    return 4 * (inputs * hidden + hidden * hidden + (hidden if bias else 0))


def lstm_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    directions = 1 + bidirectional
    sizes = [input_size] + [directions * hidden_size] * (num_layers - 1)
    return sum(directions * one_layer(size, hidden_size, bias) for size in sizes)
