"""What happens along a sequence: padding, two directions, the loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnref import checks
from rnnref.checks import shapes
from rnnref.losses import cross_entropy
from rnnref.rnn import rnn_forward, rnn_step
from rnnref.typing import Array, IntArray


def masked_forward(x: Array, lengths: IntArray, h0: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """A plain RNN over padded sequences: x (T, N, D), lengths (N,) int, each 0 .. T -> hs (T, N, H), h_last (N, H).

    Past a sequence's end its state stands still and its rows of hs are 0. Padding is never read. All float64 or all
    float32. Raises TypeError for another dtype, ValueError for a shape that does not fit or a length out of range.

    >>> one = np.ones((1, 1))
    >>> hs, h_last = masked_forward(np.ones((2, 2, 1)), np.array([2, 1]), np.zeros((2, 1)), one, one, np.zeros(1))
    >>> hs[..., 0].round(4), h_last[:, 0].round(4)
    (array([[0.7616, 0.7616],
           [0.9427, 0.    ]]), array([0.9427, 0.7616]))
    """
    _agree(x, h0, W, U, b)
    lengths = checks.lengths_of(lengths, *x.shape[:2])
    hs = np.zeros((len(x), *h0.shape), x.dtype)
    h = h0.copy()
    for t in range(int(lengths.max())):
        on = t < lengths
        h[on] = hs[t, on] = rnn_step(x[t, on], h[on], W, U, b)
    return hs, h


@shapes(x="T N D", h0="N H", W="D H", U="H H", b="H")
def _agree(x: Array, h0: Array, W: Array, U: Array, b: Array) -> None:
    """Nothing but its check of the shapes."""


def bidirectional_forward(x: Array, h0: Array, params: Sequence[tuple[Array, Array, Array]]) -> Array:
    """Two plain RNNs, one from each end (Schuster & Paliwal 1997): h0 (2, N, H), params ((W, U, b), (W, U, b)) -> hs (T, N, 2H).

    Row t holds both states at input t, the forward one first. x (T, N, D), W (D, H), U (H, H), b (H,), all float64 or
    all float32. Raises TypeError for another dtype, ValueError for a shape that does not fit.

    >>> one = np.ones((1, 1))
    >>> bidirectional_forward(np.ones((2, 1, 1)), np.zeros((2, 1, 1)), ((one, one, one[0]), (one, 0 * one, one[0]))).round(4)
    array([[[0.964 , 0.964 ]],
    <BLANKLINE>
           [[0.9947, 0.964 ]]])
    """
    if np.ndim(h0) != 3 or len(h0) != 2:
        raise ValueError(f"h0: got shape {np.shape(h0)}, expected (2, N, H)")
    pair = isinstance(params, tuple | list) and len(params) == 2
    if not pair or any(not isinstance(p, tuple | list) or len(p) != 3 for p in params):
        raise (ValueError if isinstance(params, tuple | list) else TypeError)(
            "params: expected ((W, U, b), (W, U, b)), the forward direction first"
        )
    ahead = rnn_forward(x, h0[0], *params[0])
    back = rnn_forward(x[::-1], h0[1], *params[1])[::-1]
    return np.concatenate([ahead, back], axis=-1)


def sequence_cross_entropy(logits: Array, targets: IntArray, lengths: IntArray) -> float:
    """Mean of -log softmax at the target over the sum(lengths) real steps.

    logits (T, N, K) float64 or float32, targets (T, N) int in 0 .. K-1, lengths (N,) int, each 0 .. T. Padding is
    never read (it may hold NaN or -100). Raises TypeError, ValueError; also where all lengths are 0.

    >>> round(sequence_cross_entropy(np.zeros((3, 1, 4)), np.zeros((3, 1), int), np.array([2])), 4)
    1.3863
    """
    if lengths is None:
        raise TypeError("lengths: got None, expected an int array (N,)")
    return cross_entropy(logits, targets, lengths)[0]
