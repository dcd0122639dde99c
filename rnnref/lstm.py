"""Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    i, f, o = σ(x W + h U + b)      input, forget and output gate
    g       = tanh(x W + h U + b)   candidate
    c_new   = f * c + i * g
    h_new   = o * tanh(c_new)

x (N, D), h and c (N, H); W (D, 4H), U (H, 4H), b (4H,) hold i, f, g, o side by side.
"""

from __future__ import annotations

import numpy as np

from rnnref.activations import sigmoid
from rnnref.typing import Array


def lstm_gates(x: Array, h: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array, Array, Array]:
    """i, f, g, o, each (N, H)."""
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def lstm_cell_state(c: Array, i: Array, f: Array, g: Array) -> Array:
    """c_new = f * c + i * g (N, H): keep what the forget gate leaves, add what the input gate lets in."""
    return f * c + i * g


def lstm_step(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """One step: x (N, D), h and c (N, H) -> h_new, c_new (N, H)."""
    i, f, g, o = lstm_gates(x, h, W, U, b)
    c_new = lstm_cell_state(c, i, f, g)
    h_new = o * np.tanh(c_new)
    return h_new, c_new


def lstm_forward(x: Array, h0: Array, c0: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """Every state of x (T, N, D): hs, cs (T, N, H)."""
    hs = np.empty((len(x), *h0.shape), x.dtype)
    cs = np.empty_like(hs)
    h, c = h0, c0
    for t in range(len(x)):
        h, c = hs[t], cs[t] = lstm_step(x[t], h, c, W, U, b)
    return hs, cs


def lstm_step_backward(
    dh: Array, dc: Array, x: Array, h: Array, c: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of one step from dh, dc (N, H) at h_new, c_new -> dx, dh_prev, dc_prev, dW, dU, db."""
    i, f, g, o = lstm_gates(x, h, W, U, b)
    tanh_c = np.tanh(lstm_cell_state(c, i, f, g))
    dc_new = dc + dh * o * (1 - tanh_c**2)
    da = np.concatenate(
        [
            dc_new * g * i * (1 - i),
            dc_new * c * f * (1 - f),
            dc_new * i * (1 - g**2),
            dh * tanh_c * o * (1 - o),
        ],
        axis=-1,
    )
    return da @ W.T, da @ U.T, dc_new * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_backward(
    dhs: Array, x: Array, h0: Array, c0: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Back-propagation through time from dhs (T, N, H) -> dx, dh0, dc0, dW, dU, db."""
    hs, cs = lstm_forward(x, h0, c0, W, U, b)
    dx = np.empty_like(x)
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(len(x))):
        h, c = (hs[t - 1], cs[t - 1]) if t else (h0, c0)
        dx[t], dh, dc, dW_t, dU_t, db_t = lstm_step_backward(dhs[t] + dh, dc, x[t], h, c, W, U, b)
        dW += dW_t
        dU += dU_t
        db += db_t
    return dx, dh, dc, dW, dU, db


def lstm_bias_init(hidden_size: int, forget_bias: float = 1.0) -> Array:
    """B (4H,): zeros, and `forget_bias` in the forget block, so that memory starts open (Jozefowicz et al. 2015)."""
    b = np.zeros(4 * hidden_size)
    b[hidden_size : 2 * hidden_size] = forget_bias
    return b
