def gru_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    if num_layers == 0:
        return 0
    directions = 2 if bidirectional else 1
    here = directions * 3 * hidden_size * (input_size + hidden_size + bool(bias))
    return here + gru_param_count(directions * hidden_size, hidden_size, num_layers - 1, bias, bidirectional)
