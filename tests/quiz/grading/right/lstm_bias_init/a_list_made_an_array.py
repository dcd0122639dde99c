import numpy as np

lstm_bias_init = lambda n, forget_bias=1.0: np.array(
    [0.0] * int(n) + [forget_bias] * int(n) + [0.0] * 2 * int(n), dtype=np.float64
)
