"""Sequences, fast: the cells of `rnn`, `lstm` and `gru` over all rows of a batch.

The same mathematics as the step in a loop, in another order: the products with x for all steps at once before the loop, the
products that give weight gradients at once after it. Weights are laid out as there, W (D, G*H), U (H, G*H), b (G*H,); `a` (S, G*H)
are the gates' pre-activations from x alone, one row per step and sequence (`rnnref.rows`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnref.activations import sigmoid
from rnnref.rows import Rows
from rnnref.typing import Array


class RNNTape(NamedTuple):
    """What the backward pass of a plain RNN reads: states (S + N, H)."""

    states: Array


class LSTMTape(NamedTuple):
    """What the backward pass of an LSTM reads: states, cells (S + N, ·), gates (S, 4H), tanh of the new cells (S, H)."""

    states: Array
    cells: Array
    gates: Array
    tanh_c: Array


class GRUTape(NamedTuple):
    """What the backward pass of a GRU reads: states (S + N, H), gates (S, 3H), and what r multiplies (S, H)."""

    states: Array
    gates: Array
    reset: Array


def rnn_sweep(a: Array, h0: Array, U: Array, rows: Rows, relu: bool = False) -> RNNTape:
    """H = f(a + h U) row by row."""
    hs = rows.states(h0)
    for now, before, after in zip(rows.now, rows.before, rows.after, strict=True):
        s = a[now] + hs[before] @ U
        hs[after] = np.maximum(s, 0) if relu else np.tanh(s)
    return RNNTape(hs)


def rnn_sweep_back(
    dy: Array, dh: Array, tape: RNNTape, U: Array, rows: Rows, relu: bool = False
) -> tuple[Array, Array, Array]:
    """Gradients at a (S, H), at h0 and at U, from those at the rows' states and at the last states."""
    hs = tape.states[rows.body]
    da = (hs > 0).astype(hs.dtype) if relu else 1 - hs**2
    dh = dh.copy()
    for now in reversed(rows.now):
        n = now.stop - now.start
        da[now] *= dy[now] + dh[:n]
        dh[:n] = da[now] @ U.T
    return da, dh, rows.read(tape.states).T @ da


def lstm_sweep(a: Array, h0: Array, c0: Array, U: Array, P: Array | None, rows: Rows) -> LSTMTape:
    """The LSTM's states; with P (H, R) h = (o * tanh c) P."""
    H = c0.shape[1]
    hs, cs = rows.states(h0), rows.states(c0)
    gates, tanh_c = np.empty_like(a), np.empty((len(a), H), a.dtype)
    for now, before, after in zip(rows.now, rows.before, rows.after, strict=True):
        s = a[now] + hs[before] @ U
        i, f, o = sigmoid(s[:, :H]), sigmoid(s[:, H : 2 * H]), sigmoid(s[:, 3 * H :])
        g = np.tanh(s[:, 2 * H : 3 * H])
        gates[now] = np.concatenate([i, f, g, o], axis=1)
        cs[after] = f * cs[before] + i * g
        tanh_c[now] = np.tanh(cs[after])
        m = o * tanh_c[now]
        hs[after] = m if P is None else m @ P
    return LSTMTape(hs, cs, gates, tanh_c)


def lstm_sweep_back(
    dy: Array, dh: Array, dc: Array, tape: LSTMTape, U: Array, P: Array | None, rows: Rows
) -> tuple[Array, Array, Array, Array, Array | None]:
    """Gradients at a (S, 4H), h0, c0, U and P, from those at the rows' states, the last states and the last cells."""
    H = dc.shape[1]
    i, f, g, o = (tape.gates[:, k * H : k * H + H] for k in range(4))
    through_c = o * (1 - tape.tanh_c**2)
    c = rows.read(tape.cells)
    by_c = np.concatenate([g * i * (1 - i), c * f * (1 - f), i * (1 - g**2)], axis=1)
    by_h = tape.tanh_c * o * (1 - o)
    da = np.empty_like(tape.gates)
    dhs = np.empty_like(dy)
    dh, dc = dh.copy(), dc.copy()
    for now in reversed(rows.now):
        n = now.stop - now.start
        dhs[now] = dy[now] + dh[:n]
        dm = dhs[now] if P is None else dhs[now] @ P.T
        dc[:n] += dm * through_c[now]
        da[now, : 3 * H] = by_c[now] * np.tile(dc[:n], 3)
        da[now, 3 * H :] = by_h[now] * dm
        dh[:n] = da[now] @ U.T
        dc[:n] *= f[now]
    dP = None if P is None else (o * tape.tanh_c).T @ dhs
    return da, dh, dc, rows.read(tape.states).T @ da, dP


def gru_sweep(a: Array, h0: Array, U: Array, b_n: Array | None, rows: Rows) -> GRUTape:
    """The GRU's states. With b_n (H,) the reset gate acts after the product: r * (h U_n + b_n); with None before: (r * h) U_n."""
    H = h0.shape[1]
    hs = rows.states(h0)
    gates, reset = np.empty_like(a), np.empty((len(a), H), a.dtype)
    for now, before, after in zip(rows.now, rows.before, rows.after, strict=True):
        h = hs[before]
        rz = sigmoid(a[now, : 2 * H] + h @ U[:, : 2 * H])
        r, z = rz[:, :H], rz[:, H:]
        if b_n is None:
            reset[now] = h
            n = np.tanh(a[now, 2 * H :] + (r * h) @ U[:, 2 * H :])
        else:
            reset[now] = h @ U[:, 2 * H :] + b_n
            n = np.tanh(a[now, 2 * H :] + r * reset[now])
        gates[now] = np.concatenate([rz, n], axis=1)
        hs[after] = (1 - z) * n + z * h
    return GRUTape(hs, gates, reset)


def gru_sweep_back(
    dy: Array, dh: Array, tape: GRUTape, U: Array, rows: Rows, reset_after: bool
) -> tuple[Array, Array, Array, Array | None]:
    """Gradients at a (S, 3H), h0, U and b_n (None where the reset gate acts before the product)."""
    H = dh.shape[1]
    r, z, n = (tape.gates[:, k * H : k * H + H] for k in range(3))
    h = rows.read(tape.states)
    da = np.empty_like(tape.gates)
    dproduct = np.empty_like(h)
    U_rz, U_n = U[:, : 2 * H], U[:, 2 * H :]
    dh = dh.copy()
    for now in reversed(rows.now):
        k = now.stop - now.start
        d = dy[now] + dh[:k]
        da_n = d * (1 - z[now]) * (1 - n[now] ** 2)
        dproduct[now] = da_n * r[now] if reset_after else da_n
        back = dproduct[now] @ U_n.T
        dr = da_n * tape.reset[now] if reset_after else back * h[now]
        da[now] = np.concatenate(
            [dr * r[now] * (1 - r[now]), d * (h[now] - n[now]) * z[now] * (1 - z[now]), da_n], axis=1
        )
        dh[:k] = d * z[now] + (back if reset_after else back * r[now]) + da[now, : 2 * H] @ U_rz.T
    dU = np.concatenate([h.T @ da[:, : 2 * H], (h if reset_after else r * h).T @ dproduct], axis=1)
    return da, dh, dU, dproduct.sum(axis=0) if reset_after else None
