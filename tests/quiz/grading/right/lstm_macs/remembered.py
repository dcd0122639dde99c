from functools import lru_cache


@lru_cache(maxsize=None)
def lstm_macs(seq_len, batch_size, input_size, hidden_size):
    return seq_len * batch_size * 4 * hidden_size * (input_size + hidden_size)
