def lstm(D, H, bias):
    return 4 * H * (D + H) + (4 * H if bias else 0)


def gru_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
    ways = 2 if bidirectional else 1
    total, width = 0, input_size
    for _ in range(num_layers):
        total += ways * lstm(width, hidden_size, bias)
        width = ways * hidden_size
    return total * 3 // 4
