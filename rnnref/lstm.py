"""Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    i, f, o = σ(x W + h U + b)      input, forget and output gate
    g       = tanh(x W + h U + b)   candidate
    c_new   = f * c + i * g
    h_new   = o * tanh(c_new)

x (N, D), h and c (N, H); W (D, 4H), U (H, 4H), b (4H,) hold i, f, g, o side by side; all float64 or all float32. Each
function gives arrays of that dtype and raises TypeError for another dtype, ValueError for a shape that does not fit,
naming the argument.
"""

from __future__ import annotations

import numpy as np

from rnnref import checks
from rnnref.activations import sigmoid
from rnnref.checks import shapes
from rnnref.layout import transposed
from rnnref.sweep import run
from rnnref.sweep_lstm import LSTMSweep
from rnnref.typing import Array


@shapes(x="N D", h="N H", W="D 4H", U="H 4H", b="4H")
def lstm_gates(x: Array, h: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array, Array, Array]:
    """i, f, o = σ(x W + h U + b) and g = tanh(x W + h U + b), each with its own weights: i, f, g, o (N, H) (Gers et al. 2000).

    >>> zero = np.zeros((1, 4))
    >>> lstm_gates(np.ones((1, 1)), np.ones((1, 1)), zero, zero, np.array([0.0, 0, 1, 100]))
    (array([[0.5]]), array([[0.5]]), array([[0.76159416]]), array([[1.]]))
    """
    a = (x @ W + h @ U + b).reshape(len(x), 4, -1).swapaxes(0, 1)  # for i, f, g, o, each (N, H)
    i, f, o = sigmoid(a[[0, 1, 3]])
    g = np.tanh(a[2])
    return i, f, g, o


@shapes(c="N H", i="N H", f="N H", g="N H")
def lstm_cell_state(c: Array, i: Array, f: Array, g: Array) -> Array:
    """c_new = f * c + i * g (N, H): keep what the forget gate leaves, add what the input gate lets in (Gers et al. 2000).

    >>> lstm_cell_state(*np.array([[[2.0]], [[0.5]], [[1.0]], [[-1.0]]]))
    array([[1.5]])
    """
    return f * c + i * g


@shapes(x="N D", h="N H", c="N H", W="D 4H", U="H 4H", b="4H")
def lstm_step(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """One step, c_new = f * c + i * g, h_new = o * tanh(c_new): x (N, D), h and c (N, H) -> h_new, c_new (N, H) (Gers et al. 2000).

    >>> zero = np.zeros((1, 4))
    >>> lstm_step(np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), zero, zero, np.array([0.0, 0, 1, 100]))
    (array([[0.70681841]]), array([[0.88079708]]))
    """
    i, f, g, o = lstm_gates(x, h, W, U, b)
    c_new = lstm_cell_state(c, i, f, g)
    h_new = o * np.tanh(c_new)
    return h_new, c_new


def _sweep(W: Array, U: Array, b: Array, N: int) -> LSTMSweep:
    sweep = LSTMSweep(len(W), len(U), W.dtype, N)
    sweep.load(W.T, U.T, b, np.zeros_like(b))
    return sweep


@shapes(x="T N D", h0="N H", c0="N H", W="D 4H", U="H 4H", b="4H")
def lstm_forward(x: Array, h0: Array, c0: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """Every state of x (T, N, D): hs, cs (T, N, H). It is `lstm_step` T times, in fewer calls.

    >>> zero = np.zeros((1, 4))
    >>> hs, cs = lstm_forward(np.ones((2, 1, 1)), zero[:, :1], zero[:, :1], zero, zero, np.array([0.0, 0, 1, 100]))
    >>> cs.ravel().round(4)
    array([0.3808, 0.5712])
    """
    tape = run(_sweep(W, U, b, x.shape[1]), x, h0, c0)
    return np.ascontiguousarray(tape.outputs()), np.ascontiguousarray(tape.cells())


@shapes(dh="N H", dc="N H", x="N D", h="N H", c="N H", W="D 4H", U="H 4H", b="4H")
def lstm_step_backward(
    dh: Array, dc: Array, x: Array, h: Array, c: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of one step from dh, dc (N, H) at h_new, c_new -> dx, dh_prev, dc_prev, dW, dU, db.

    Line by line the derivatives of `lstm_step` (Greff et al. 2017, appendix A, without peepholes); dc_prev is
    (dc + dh * o * tanh'(c_new)) * f.

    >>> zero = np.zeros((1, 4))
    >>> lstm_step_backward(*zero[None, :, :1].repeat(2, 0) + 1, *zero[None, :, :1].repeat(3, 0), zero, zero, zero[0])[2]
    array([[0.75]])
    """
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


@shapes(dhs="T N H", x="T N D", h0="N H", c0="N H", W="D 4H", U="H 4H", b="4H")
def lstm_backward(
    dhs: Array, x: Array, h0: Array, c0: Array, W: Array, U: Array, b: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Back-propagation through time from dhs (T, N, H) -> dx, dh0, dc0, dW, dU, db.

    It is `lstm_step_backward` T times, from the last step, with dhs[t] added to dh and weight gradients summed.

    >>> zero = np.zeros((1, 4))
    >>> dc0 = lstm_backward(np.ones((2, 1, 1)), np.zeros((2, 1, 1)), *zero[None, :, :1].repeat(2, 0), zero, zero, zero[0])[2]
    >>> dc0
    array([[0.375]])
    """
    sweep, none = _sweep(W, U, b, x.shape[1]), np.zeros_like(h0)
    dx, (dh0, dc0), (dW, dU, db, _) = sweep.backward(dhs, [none, none], x, run(sweep, x, h0, c0))
    return dx, dh0, dc0, transposed(dW), transposed(dU), db


def lstm_bias_init(hidden_size: int, forget_bias: float = 1.0) -> Array:
    """A float64 b (4H,): zeros, and `forget_bias` in the forget block, so that memory starts open (Jozefowicz et al. 2015).

    Raises TypeError, ValueError where `hidden_size` is no integer from 1.

    >>> lstm_bias_init(1)
    array([0., 1., 0., 0.])
    """
    H = checks.size("hidden_size", hidden_size)
    b = np.zeros(4 * H)
    b[H : 2 * H] = checks.real("forget_bias", forget_bias)
    return b
