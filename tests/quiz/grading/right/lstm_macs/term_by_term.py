def lstm_macs(seq_len, batch_size, input_size, hidden_size):
    input_product = batch_size * input_size * 4 * hidden_size
    state_product = batch_size * hidden_size * 4 * hidden_size
    return seq_len * (input_product + state_product)
