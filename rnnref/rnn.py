"""The plain recurrent network (Elman 1990): h_new = tanh(x W + h U + b).

x (N, D), h (N, H), W (D, H), U (H, H), b (H,); a sequence is time-major, (T, N, D).
"""

from __future__ import annotations

import numpy as np

from rnnref.activations import softmax
from rnnref.typing import Array


def rnn_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """One step: x (N, D), h (N, H) -> h_new (N, H)."""
    h_new: Array = np.tanh(x @ W + h @ U + b)
    return h_new


def rnn_output(h: Array, V: Array, c: Array) -> Array:
    """Class probabilities from a state: h (N, H), V (H, K), c (K,) -> softmax(h V + c) (N, K)."""
    return softmax(h @ V + c)


def rnn_forward(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """Every state after h0: x (T, N, D), h0 (N, H) -> hs (T, N, H)."""
    hs = np.empty((len(x), *h0.shape), x.dtype)
    from_x = x @ W + b
    h = h0
    for t in range(len(x)):
        h = hs[t] = np.tanh(from_x[t] + h @ U)
    return hs


def rnn_backward(
    dhs: Array, x: Array, h0: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Back-propagation through time: dhs (T, N, H), the loss gradient at each output state -> dx, dh0, dW, dU, db."""
    T, N, D = x.shape
    H = h0.shape[1]
    hs = rnn_forward(x, h0, W, U, b)
    da = np.empty_like(hs)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        da[t] = (dhs[t] + dh) * (1 - hs[t] ** 2)
        dh = da[t] @ U.T
    before = np.concatenate([h0[None], hs[:-1]])
    flat = da.reshape(T * N, H)
    return da @ W.T, dh, x.reshape(T * N, D).T @ flat, before.reshape(T * N, H).T @ flat, flat.sum(axis=0)


def rnn_jacobian(h_new: Array, U: Array) -> Array:
    """J (N, H, H) with J[n, i, j] = d h_new[n, i] / d h[n, j] = (1 - h_new[n, i]²) U[j, i]."""
    return (1 - h_new**2)[:, :, None] * U.T


def gradient_flow(hs: Array, U: Array) -> Array:
    """Spectral norm of d hs[-1] / d hs[k] for k = 0 .. T-1: hs (T, H) of one sequence -> (T,); the last is 1."""
    T, H = hs.shape
    norms = np.ones(T, hs.dtype)
    product = np.eye(H, dtype=hs.dtype)
    jacobians = rnn_jacobian(hs, U)
    for k in reversed(range(T - 1)):
        product = product @ jacobians[k + 1]
        norms[k] = np.linalg.norm(product, 2)
    return norms
