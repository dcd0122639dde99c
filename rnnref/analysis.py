"""What the notes ask of a recurrent network: how gradients flow, how long it remembers, what it costs.

Arrays are float64 or float32 as in `rnnref.rnn`, `rnnref.lstm` and `rnnref.gru`; each function raises TypeError for
another dtype and ValueError for a shape or value that does not fit, naming the argument.
"""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np

from rnnref import checks
from rnnref.checks import shapes
from rnnref.gru import gru_candidate, gru_gates
from rnnref.layers import GRU, LSTM, RNN
from rnnref.lstm import lstm_gates
from rnnref.typing import Array

# ---------------------------------------------------------------- Jacobians


@shapes(x="N D", h="N H", c="N H", W="D 4H", U="H 4H", b="4H")
def lstm_jacobian(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> Array:
    """J (N, 2H, 2H) of one step: J[n, i, j] = d s_new[n, i] / d s[n, j], where s = (h, c) side by side.

    Its lower right block, d c_new / d c with h held, is diag(f): the constant error carousel (Hochreiter &
    Schmidhuber 1997, section 3.2) with the forget gate in it.

    >>> zero = np.zeros((1, 4))
    >>> lstm_jacobian(zero[:, :1], zero[:, :1], zero[:, :1], zero, zero, zero[0])
    array([[[0.  , 0.25],
            [0.  , 0.5 ]]])
    """
    H = h.shape[1]
    i, f, g, o = lstm_gates(x, h, W, U, b)
    tanh_c = np.tanh(f * c + i * g)
    U_i, U_f, U_g, U_o = (U[:, k * H : (k + 1) * H].T for k in range(4))
    by_h = (
        (g * i * (1 - i))[:, :, None] * U_i + (c * f * (1 - f))[:, :, None] * U_f + (i * (1 - g**2))[:, :, None] * U_g
    )
    by_c = f[:, :, None] * np.eye(H, dtype=h.dtype)
    through = (o * (1 - tanh_c**2))[:, :, None]
    top = np.concatenate([through * by_h + (tanh_c * o * (1 - o))[:, :, None] * U_o, through * by_c], axis=2)
    return np.concatenate([top, np.concatenate([by_h, by_c], axis=2)], axis=1)


@shapes(x="N D", h="N H", W="D 3H", U="H 3H", b="3H")
def gru_jacobian(x: Array, h: Array, W: Array, U: Array, b: Array, *, reset_after: bool = False) -> Array:
    """J (N, H, H) of one step: J[n, i, j] = d h_new[n, i] / d h[n, j]; with z near 1 it is near the identity.

    >>> gru_jacobian(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3))
    array([[[0.5]]])
    """
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    U_r, U_z, U_n = U[:, :H], U[:, H : 2 * H], U[:, 2 * H :]
    n = gru_candidate(x, h, r, W[:, 2 * H :], U_n, b[2 * H :], reset_after=reset_after)
    dr = (r * (1 - r))[:, :, None] * U_r.T
    if reset_after:
        inner = r[:, :, None] * U_n.T + (h @ U_n)[:, :, None] * dr
    else:
        inner = np.einsum("kj,nki->nji", U_n, r[:, :, None] * np.eye(H, dtype=h.dtype) + h[:, :, None] * dr)
    dz = (z * (1 - z))[:, :, None] * U_z.T
    keep = z[:, :, None] * np.eye(H, dtype=h.dtype)
    return keep + (h - n)[:, :, None] * dz + ((1 - z) * (1 - n**2))[:, :, None] * inner


# ---------------------------------------------------------------- memory


def gradient_norms(layer: RNN | LSTM | GRU, x: Array, state: Any = None) -> Array:
    """How much the last output of a layer hangs on each input: (T,), the norm of d loss / d x[t], loss = Σ y[-1] · v.

    x (T, N, D), or (N, T, D) for a layer with `batch_first`. v is the same unit vector for all, of equal entries. The
    curve over the lag T - 1 - t is the picture of vanishing and exploding gradients (Pascanu et al. 2013). The
    layer's `grads` are overwritten. Raises what the layer raises for x and state.

    >>> norms = gradient_norms(RNN(2, 3, rng=0), np.zeros((5, 1, 2)))
    >>> norms.shape, bool(norms[0] < norms[-1])
    ((5,), True)
    """
    y, _ = layer(x, state)
    dy = np.zeros_like(y)
    (dy[:, -1] if layer.batch_first else dy[-1])[:] = 1 / math.sqrt(y.shape[-1])
    dx, _ = layer.backward(dy)
    with np.errstate(all="ignore"):
        norms: Array = np.sqrt(np.square(dx).sum(axis=(0, 2) if layer.batch_first else (1, 2)))
    return norms


@shapes(f="T N H")
def memory_half_life(f: Array) -> Array:
    """Steps after which half of a cell is left, ln(1/2) / mean ln f, per unit: forget gates f (T, N, H) in (0, 1) -> (H,).

    What c carries over k steps is the product of k forget gates, f̄^k with the geometric mean f̄; with f = σ(b) and b
    = 1 that is 2.2 steps, with b = 5 over 100. Infinite where f is 1 throughout.

    >>> memory_half_life(np.full((3, 1, 1), 0.5))
    array([1.])
    """
    if not ((f >= 0) & (f <= 1) | np.isnan(f)).all():
        raise ValueError(f"f: got values in {f.min()} .. {f.max()}, expected gates in 0 .. 1")
    life: Array = np.log(f.dtype.type(2)) / np.abs(np.log(f).mean(axis=(0, 1)))
    return life


@shapes(U="H H")
def spectral_radius(U: Array) -> float:
    """The largest absolute eigenvalue of U (H, H): below 1 a linear recurrence forgets, above 1 it grows.

    For tanh the largest *singular* value below 1 is what guarantees vanishing gradients (Pascanu et al. 2013, section
    2.1); the radius is never above it. NaN where U is not finite.

    >>> spectral_radius(np.array([[0.0, 2.0], [0.5, 0.0]]))
    1.0
    """
    return float(np.abs(np.linalg.eigvals(U)).max()) if np.isfinite(U).all() else math.nan


# ---------------------------------------------------------------- cost


class Cost(NamedTuple):
    """Of one layer in one direction, or of a whole network: parameters, and multiply-adds per step and sequence.

    >>> Cost(parameters=10, macs=8).macs
    8
    """

    parameters: int
    macs: int


GATES = {"rnn": 1, "lstm": 4, "gru": 3}
Convention = Literal["notes", "pytorch", "keras"]


def layer_costs(
    cell: str,
    input_size: int,
    hidden_size: int,
    num_layers: int = 1,
    *,
    bias: bool = True,
    bidirectional: bool = False,
    proj_size: int = 0,
    reset_after: bool = True,
    convention: Convention = "notes",
) -> list[Cost]:
    """Parameters and multiply-adds of each layer, both directions together, from the lowest up.

    `cell`: "rnn", "lstm" or "gru". A gate has weights H (D + R), R the width of h, and as bias vectors: "notes", one
    (the papers); "pytorch", two; "keras", one, but two for a GRU with `reset_after`. Multiply-adds are those of the
    matrix products for one step of one sequence, G H (D + R), with H R more for a projection; the same in all
    conventions. Raises TypeError, ValueError for a size that is no integer from 1, an unknown cell or convention.

    >>> layer_costs("lstm", 10, 20)
    [Cost(parameters=2480, macs=2400)]
    >>> [layer_costs("gru", 10, 20, convention=c)[0].parameters for c in ("notes", "pytorch", "keras")]
    [1860, 1920, 1920]
    """
    gates = GATES[checks.one_of("cell", cell, tuple(GATES))]
    checks.one_of("convention", convention, ("notes", "pytorch", "keras"))
    D, H = checks.size("input_size", input_size), checks.size("hidden_size", hidden_size)
    R = checks.size("proj_size", proj_size, low=0)
    if R and (cell != "lstm" or R >= H):
        raise ValueError(f"proj_size: got {R}, expected 0, or for an LSTM less than hidden_size = {H}")
    doubled = convention == "pytorch" or (convention == "keras" and cell == "gru" and reset_after)
    directions = 2 if bidirectional else 1
    costs = []
    for layer in range(checks.size("num_layers", num_layers)):
        width = D if layer == 0 else directions * (R or H)
        weights = gates * H * (width + (R or H)) + H * R
        biases = gates * H * (2 if doubled else 1) if bias else 0
        costs.append(Cost(directions * (weights + biases), directions * weights))
    return costs


def network_cost(layer: RNN | LSTM | GRU, seq_len: int = 1, batch_size: int = 1) -> Cost:
    """Parameters of a layer as it stands (two biases per gate, as in PyTorch) and its multiply-adds over T steps of N sequences.

    Raises TypeError for what is no layer of rnnref; TypeError, ValueError where a size is no integer from 1.

    >>> network_cost(LSTM(10, 20, rng=0), seq_len=2, batch_size=3)
    Cost(parameters=2560, macs=14400)
    """
    if not isinstance(layer, RNN | LSTM | GRU):
        raise TypeError(f"layer: got {type(layer).__name__}, expected an RNN, LSTM or GRU of rnnref")
    T, N = checks.size("seq_len", seq_len), checks.size("batch_size", batch_size)
    weights = sum(p.size for name, p in layer.params.items() if name.startswith("weight"))
    return Cost(sum(p.size for p in layer.params.values()), T * N * weights)
