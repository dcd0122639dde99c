import math


def sequence_cross_entropy(logits, targets, lengths):
    total, count = 0.0, 0
    for n, length in enumerate(lengths):
        for t in range(length):
            row = [float(v) for v in logits[t, n]]
            top = max(row)
            log_sum = top + math.log(sum(math.exp(v - top) for v in row))
            total += log_sum - row[targets[t, n]]
            count += 1
    return total / count
