"""Gated recurrent unit (Cho et al. 2014).

    r, z  = σ(x W + h U + b)                    reset and update gate
    n     = tanh(x W_n + (r * h) U_n + b_n)     candidate
    h_new = (1 - z) * n + z * h

z keeps the old state, as in PyTorch and Keras; Chung et al. (2014) name the two halves the other way round. r acts
before the product; PyTorch, cuDNN and Keras' default let it act after. x (N, D), h (N, H); W (D, 3H), U (H, 3H), b (3H,)
hold r, z, n side by side.
"""

from __future__ import annotations

import numpy as np

from rnnref.activations import sigmoid
from rnnref.typing import Array


def gru_gates(x: Array, h: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """r, z, each (N, H); W, U and b are stacked for r, z, n."""
    H = h.shape[1]
    r, z = np.split(x @ W[:, : 2 * H] + h @ U[:, : 2 * H] + b[: 2 * H], 2, axis=-1)
    return sigmoid(r), sigmoid(z)


def gru_candidate(x: Array, h: Array, r: Array, W_n: Array, U_n: Array, b_n: Array) -> Array:
    """N = tanh(x W_n + (r * h) U_n + b_n) (N, H)."""
    return np.tanh(x @ W_n + (r * h) @ U_n + b_n)


def gru_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """One step: x (N, D), h (N, H) -> h_new (N, H)."""
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :])
    return (1 - z) * n + z * h


def gru_forward(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """Every state of x (T, N, D): hs (T, N, H)."""
    hs = np.empty((len(x), *h0.shape), x.dtype)
    h = h0
    for t in range(len(x)):
        h = hs[t] = gru_step(x[t], h, W, U, b)
    return hs


def gru_step_backward(
    dh: Array, x: Array, h: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of one step from dh (N, H) at h_new -> dx, dh_prev, dW, dU, db."""
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :])
    da_n = dh * (1 - z) * (1 - n**2)
    drh = da_n @ U[:, 2 * H :].T
    da_rz = np.concatenate([drh * h * r * (1 - r), dh * (h - n) * z * (1 - z)], axis=-1)
    da = np.concatenate([da_rz, da_n], axis=-1)
    dh_prev = dh * z + drh * r + da_rz @ U[:, : 2 * H].T
    dU = np.concatenate([h.T @ da_rz, (r * h).T @ da_n], axis=-1)
    return da @ W.T, dh_prev, x.T @ da, dU, da.sum(axis=0)
