import numpy as np

import rnnref


def test_a_forward_pass_is_the_step_repeated():
    rng = np.random.default_rng(0)
    T, N, D, H = 4, 2, 3, 5
    x, h, c = rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), rng.normal(size=(N, H))
    W, U, b = rng.normal(size=(D, 4 * H)), rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)
    hs, cs = rnnref.lstm_forward(x, h, c, W, U, b)
    for t in range(T):
        h, c = rnnref.lstm_step(x[t], h, c, W, U, b)
        np.testing.assert_allclose(hs[t], h, rtol=1e-12)
        np.testing.assert_allclose(cs[t], c, rtol=1e-12)
