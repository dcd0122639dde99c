def gru_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    d = int(bidirectional) + 1
    kernels = input_size * hidden_size + (num_layers - 1) * d * hidden_size**2
    recurrent = num_layers * hidden_size * hidden_size
    biases = num_layers * hidden_size if bias else 0
    return d * 3 * (kernels + recurrent + biases)
