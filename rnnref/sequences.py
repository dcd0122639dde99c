"""What happens along a sequence: padding, two directions, the loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref.rnn import rnn_forward, rnn_step
from rnnref.typing import Array, IntArray


def masked_forward(x: Array, lengths: IntArray, h0: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """A plain RNN over padded sequences: x (T, N, D), lengths (N,) -> hs (T, N, H), h_last (N, H).

    Past a sequence's end its state stands still and its rows of hs are 0. Padding is never read.
    """
    hs = np.zeros((len(x), *h0.shape), x.dtype)
    h = h0.astype(x.dtype)
    for t in range(len(x)):
        on = t < np.asarray(lengths)
        h[on] = hs[t, on] = rnn_step(x[t, on], h[on], W, U, b)
    return hs, h


def bidirectional_forward(x: Array, h0: Array, params: Sequence[tuple[Array, Array, Array]]) -> Array:
    """Two plain RNNs, one from each end: h0 (2, N, H), params ((W, U, b), (W, U, b)) -> hs (T, N, 2H).

    Row t holds both states at input t, the forward one first.
    """
    ahead = rnn_forward(x, h0[0], *params[0])
    back = rnn_forward(x[::-1], h0[1], *params[1])[::-1]
    return np.concatenate([ahead, back], axis=-1)


def sequence_cross_entropy(logits: Array, targets: IntArray, lengths: IntArray) -> float:
    """Mean of -log softmax at the target over the sum(lengths) real steps.

    logits (T, N, K), targets (T, N), lengths (N,).

    Padding is never read (it may hold NaN or -100). Raises ValueError where all lengths are 0.
    """
    T = len(logits)
    real = np.arange(T)[:, None] < np.asarray(lengths)
    if not real.any():
        raise ValueError("lengths: all are 0, so there is no step to average over; expected a sum of at least 1")
    at = logits[real]
    at = at - at.max(axis=-1, keepdims=True)
    log_p = at[np.arange(len(at)), np.asarray(targets)[real]] - np.log(np.exp(at).sum(axis=-1))
    return float(-log_p.mean())
