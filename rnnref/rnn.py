"""The plain recurrent network (Elman 1990): h_new = tanh(x W + h U + b).

x (N, D), h (N, H), W (D, H), U (H, H), b (H,), all float64 or all float32; a sequence is time-major, (T, N, D). Each
function gives arrays of that dtype and raises TypeError for another dtype, ValueError for a shape that does not fit,
naming the argument.
"""

from __future__ import annotations

import numpy as np

from rnnref.activations import softmax
from rnnref.checks import shapes
from rnnref.layout import transposed
from rnnref.sweep import run
from rnnref.sweep_rnn import RNNSweep
from rnnref.typing import Array


@shapes(x="N D", h="N H", W="D H", U="H H", b="H")
def rnn_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """One step, h_new = tanh(x W + h U + b): x (N, D), h (N, H) -> h_new (N, H) (Elman 1990).

    >>> rnn_step(np.ones((1, 2)), np.zeros((1, 1)), np.ones((2, 1)), np.ones((1, 1)), np.zeros(1)).round(4)
    array([[0.964]])
    """
    h_new: Array = np.tanh(x @ W + h @ U + b)
    return h_new


@shapes(h="N H", V="H K", c="K")
def rnn_output(h: Array, V: Array, c: Array) -> Array:
    """Class probabilities from a state: h (N, H), V (H, K), c (K,) -> softmax(h V + c) (N, K).

    >>> rnn_output(np.ones((1, 3)), np.zeros((3, 2)), np.zeros(2))
    array([[0.5, 0.5]])
    """
    return softmax(h @ V + c)


def _sweep(W: Array, U: Array, b: Array, N: int) -> RNNSweep:
    sweep = RNNSweep(len(W), len(U), W.dtype, N)
    sweep.load(W.T, U.T, b, np.zeros_like(b))
    return sweep


@shapes(x="T N D", h0="N H", W="D H", U="H H", b="H")
def rnn_forward(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """Every state after h0: x (T, N, D), h0 (N, H) -> hs (T, N, H). It is `rnn_step` T times, in fewer calls.

    >>> rnn_forward(np.zeros((3, 1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)).round(4).ravel()
    array([0.7616, 0.642 , 0.5663])
    """
    hs: Array = run(_sweep(W, U, b, x.shape[1]), x, h0).outputs().copy()
    return hs


@shapes(dhs="T N H", x="T N D", h0="N H", W="D H", U="H H", b="H")
def rnn_backward(
    dhs: Array, x: Array, h0: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Back-propagation through time (Werbos 1990), from dhs (T, N, H), the loss gradient at each output state.

    Gives dx (T, N, D), dh0 (N, H), dW (D, H), dU (H, H), db (H,). With a[t] the argument of tanh,
    da[t] = (dhs[t] + da[t+1] U^T) * (1 - hs[t]²), and dx = da W^T, dW = Σ x[t]^T da[t], dU = Σ h[t-1]^T da[t], db = Σ da[t].

    >>> one = np.ones((1, 1, 1))
    >>> [float(d.sum()) for d in rnn_backward(one, 0 * one, 0 * one[0], one[0], one[0], one[0, 0] * 0)]
    [1.0, 1.0, 0.0, 0.0, 1.0]
    """
    sweep = _sweep(W, U, b, x.shape[1])
    dx, (dh0,), (dW, dU, db, _) = sweep.backward(dhs, [np.zeros_like(h0)], x, run(sweep, x, h0))
    return dx, dh0, transposed(dW), transposed(dU), db


@shapes(h_new="N H", U="H H")
def rnn_jacobian(h_new: Array, U: Array) -> Array:
    """J (N, H, H) with J[n, i, j] = d h_new[n, i] / d h[n, j] = (1 - h_new[n, i]²) U[j, i] (Pascanu et al. 2013, equation 5).

    >>> rnn_jacobian(np.zeros((1, 2)), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[[1., 3.],
            [2., 4.]]])
    """
    return (1 - h_new**2)[:, :, None] * U.T


@shapes(hs="T H", U="H H")
def gradient_flow(hs: Array, U: Array) -> Array:
    """Spectral norm of d hs[-1] / d hs[k] for k = 0 .. T-1: hs (T, H) of one sequence -> (T,); the last is 1.

    The product of the Jacobians between (Bengio et al. 1994): it shrinks or grows like a power of their norms.

    >>> gradient_flow(np.zeros((4, 1)), np.array([[0.5]]))
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    T, H = hs.shape
    norms = np.ones(T, hs.dtype)
    product = np.eye(H, dtype=hs.dtype)
    jacobians = rnn_jacobian(hs, U)
    for k in reversed(range(T - 1)):
        product = product @ jacobians[k + 1]
        norms[k] = np.linalg.norm(product, 2) if np.isfinite(product).all() else np.nan
    return norms
