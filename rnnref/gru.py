"""Gated recurrent unit (Cho et al. 2014).

    r, z  = σ(x W + h U + b)                    reset and update gate
    n     = tanh(x W_n + (r * h) U_n + b_n)     candidate
    h_new = (1 - z) * n + z * h

z keeps the old state, as in PyTorch and Keras; Chung et al. (2014) name the two halves the other way round. r acts
before the product; with `reset_after`, as in cuDNN and so in PyTorch and Keras, after it: n = tanh(x W_n + r * (h
U_n) + b_n).

x (N, D), h (N, H); W (D, 3H), U (H, 3H), b (3H,) hold r, z, n side by side; all float64 or all float32. Each function
gives arrays of that dtype and raises TypeError for another dtype, ValueError for a shape that does not fit, naming
the argument.
"""

from __future__ import annotations

import numpy as np

from rnnref.activations import sigmoid
from rnnref.checks import shapes
from rnnref.layout import transposed
from rnnref.sweep import run
from rnnref.sweep_gru import GRUSweep
from rnnref.typing import Array


@shapes(x="N D", h="N H", W="D 3H", U="H 3H", b="3H")
def gru_gates(x: Array, h: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """r, z = σ(x W + h U + b), each with its own weights: (N, H) (Cho et al. 2014); W, U and b are stacked for r, z, n.

    >>> gru_gates(np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 3)), np.zeros((1, 3)), np.array([0.0, 100, 0]))
    (array([[0.5]]), array([[1.]]))
    """
    H = h.shape[1]
    r, z = np.split(x @ W[:, : 2 * H] + h @ U[:, : 2 * H] + b[: 2 * H], 2, axis=-1)
    return sigmoid(r), sigmoid(z)


@shapes(x="N D", h="N H", r="N H", W_n="D H", U_n="H H", b_n="H")
def gru_candidate(
    x: Array, h: Array, r: Array, W_n: Array, U_n: Array, b_n: Array, *, reset_after: bool = False
) -> Array:
    """The candidate n = tanh(x W_n + (r * h) U_n + b_n), with `reset_after` tanh(x W_n + r * (h U_n) + b_n): (N, H).

    >>> one = np.ones((1, 1))
    >>> gru_candidate(one, one, 0.5 * one, one, one, np.zeros(1)).round(4)
    array([[0.9051]])
    """
    from_h = r * (h @ U_n) if reset_after else (r * h) @ U_n
    return np.tanh(x @ W_n + from_h + b_n)


@shapes(x="N D", h="N H", W="D 3H", U="H 3H", b="3H")
def gru_step(x: Array, h: Array, W: Array, U: Array, b: Array, *, reset_after: bool = False) -> Array:
    """One step, h_new = (1 - z) * n + z * h: x (N, D), h (N, H) -> h_new (N, H) (Cho et al. 2014).

    >>> gru_step(np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 3)), np.zeros((1, 3)), np.array([0.0, 100, 0]))
    array([[1.]])
    """
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :], reset_after=reset_after)
    return (1 - z) * n + z * h


def _sweep(W: Array, U: Array, b: Array, N: int, *, reset_after: bool) -> GRUSweep:
    sweep = GRUSweep(len(W), len(U), W.dtype, N, reset_after=reset_after)
    sweep.load(W.T, U.T, b, np.zeros_like(b))
    return sweep


@shapes(x="T N D", h0="N H", W="D 3H", U="H 3H", b="3H")
def gru_forward(x: Array, h0: Array, W: Array, U: Array, b: Array, *, reset_after: bool = False) -> Array:
    """Every state of x (T, N, D): hs (T, N, H). It is `gru_step` T times, in fewer calls.

    >>> zero = np.zeros((1, 3))
    >>> gru_forward(np.ones((3, 1, 1)), np.ones((1, 1)), zero, zero, zero[0]).ravel()
    array([0.5  , 0.25 , 0.125])
    """
    hs: Array = np.ascontiguousarray(run(_sweep(W, U, b, x.shape[1], reset_after=reset_after), x, h0).outputs())
    return hs


@shapes(dh="N H", x="N D", h="N H", W="D 3H", U="H 3H", b="3H")
def gru_step_backward(
    dh: Array, x: Array, h: Array, W: Array, U: Array, b: Array, *, reset_after: bool = False
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of one step from dh (N, H) at h_new -> dx, dh_prev, dW, dU, db.

    >>> zero = np.zeros((1, 3))
    >>> gru_step_backward(np.ones((1, 1)), zero[:, :1], zero[:, :1], zero, zero, zero[0])[1]
    array([[0.5]])
    """
    H = h.shape[1]
    U_n = U[:, 2 * H :]
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U_n, b[2 * H :], reset_after=reset_after)
    da_n = dh * (1 - z) * (1 - n**2)
    if reset_after:
        dproduct = da_n * r
        dr, dh_n, dU_n = da_n * (h @ U_n), dproduct @ U_n.T, h.T @ dproduct
    else:
        drh = da_n @ U_n.T
        dr, dh_n, dU_n = drh * h, drh * r, (r * h).T @ da_n
    da_rz = np.concatenate([dr * r * (1 - r), dh * (h - n) * z * (1 - z)], axis=-1)
    da = np.concatenate([da_rz, da_n], axis=-1)
    dh_prev = dh * z + dh_n + da_rz @ U[:, : 2 * H].T
    return da @ W.T, dh_prev, x.T @ da, np.concatenate([h.T @ da_rz, dU_n], axis=-1), da.sum(axis=0)


@shapes(dhs="T N H", x="T N D", h0="N H", W="D 3H", U="H 3H", b="3H")
def gru_backward(
    dhs: Array, x: Array, h0: Array, W: Array, U: Array, b: Array, *, reset_after: bool = False
) -> tuple[Array, Array, Array, Array, Array]:
    """Back-propagation through time from dhs (T, N, H) -> dx, dh0, dW, dU, db.

    It is `gru_step_backward` T times, from the last step, with dhs[t] added to dh and weight gradients summed.

    >>> zero = np.zeros((1, 3))
    >>> gru_backward(np.ones((2, 1, 1)), np.zeros((2, 1, 1)), zero[:, :1], zero, zero, zero[0])[1]
    array([[0.75]])
    """
    sweep = _sweep(W, U, b, x.shape[1], reset_after=reset_after)
    dx, (dh0,), (dW, dU, db, *_) = sweep.backward(dhs, [np.zeros_like(h0)], x, run(sweep, x, h0))
    return dx, dh0, transposed(dW), transposed(dU), db
