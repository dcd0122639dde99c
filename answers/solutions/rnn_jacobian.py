"""The Jacobian of one step of a plain RNN."""


def rnn_jacobian(h_new, U):
    """h_new (N, H), U (H, H) -> J (N, H, H), J[n, i, j] = d h_new[n, i] / d h[n, j]."""
    slope = 1 - h_new**2  # of tanh, by its output
    return slope[:, :, None] * U.T  # a[i] takes h[j] times U[j, i]
