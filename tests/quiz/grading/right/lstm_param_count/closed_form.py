def lstm_param_count(D, H, num_layers=1, bias=True, bidirectional=False):
    k = 2 if bidirectional else 1
    first = 4 * H * (D + H + int(bias))
    deeper = 4 * H * (k * H + H + int(bias))
    return k * (first + (num_layers - 1) * deeper)
