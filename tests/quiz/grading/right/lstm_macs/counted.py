def product(rows, inner, cols):
    """Multiply-adds of (rows, inner) @ (inner, cols)."""
    return rows * inner * cols


def lstm_macs(seq_len, batch_size, input_size, hidden_size):
    gates = ("i", "f", "g", "o")
    per_step = [
        product(batch_size, input_size, hidden_size) + product(batch_size, hidden_size, hidden_size) for _ in gates
    ]
    return sum(per_step) * seq_len
