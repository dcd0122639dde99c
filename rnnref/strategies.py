"""Hypothesis strategies for testing recurrent layers: sizes, arrays, parameters, sequences with lengths, whole layers.

What is drawn is float64 or float32, as `dtype` says. Needs Hypothesis. Nothing else of rnnref imports this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rnnref.layers import GRU, LSTM, RNN
from rnnref.typing import Array

Layer = RNN | LSTM | GRU


def sizes(high: int = 5) -> st.SearchStrategy[int]:
    """A size T, N, D or H in 1 .. high, small ones first.

    >>> from hypothesis import find
    >>> find(sizes(), lambda n: n > 2)
    3
    """
    return st.integers(1, high)


Fill = Callable[[tuple[int, ...]], Array]


@st.composite
def fills(draw: st.DrawFn, dtype: Any = np.float64, low: float = -2.0, high: float = 2.0) -> Fill:
    """A function from shape to a finite float array in low .. high: zeros, ones, small integers, or uniform numbers.

    However many arrays it fills, it is two choices (what, and a seed), so that failures shrink within a second.

    >>> from hypothesis import find
    >>> find(fills(np.float32), lambda fill: True)((2,))
    array([0., 0.], dtype=float32)
    """
    kind = draw(st.sampled_from(["zeros", "ones", "integers", "uniform"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)) if kind in ("integers", "uniform") else 0)

    def fill(shape: tuple[int, ...]) -> Array:
        if kind == "zeros":
            return np.zeros(shape, dtype)
        if kind == "ones":
            return np.full(shape, min(1.0, high), dtype)
        if kind == "integers":
            return rng.integers(int(np.ceil(low)), int(np.floor(high)), shape, endpoint=True).astype(dtype)
        return rng.uniform(low, high, shape).astype(dtype)

    return fill


def arrays(
    shape: tuple[int, ...], dtype: Any = np.float64, low: float = -2.0, high: float = 2.0
) -> st.SearchStrategy[Array]:
    """A finite float array with entries in low .. high, as `fills` makes them.

    >>> from hypothesis import find
    >>> find(arrays((1, 2)), lambda a: a.any())
    array([[1., 1.]])
    """
    return fills(dtype, low, high).map(lambda fill: fill(shape))


def parameters(cell: str, D: int, H: int, dtype: Any = np.float64) -> st.SearchStrategy[tuple[Array, Array, Array]]:
    """W (D, G*H), U (H, G*H), b (G*H,) of one step. `cell`: "rnn", "lstm" or "gru"; ValueError for another.

    >>> from hypothesis import find
    >>> [a.shape for a in find(parameters("lstm", 2, 3), lambda _: True)]
    [(2, 12), (3, 12), (12,)]
    """
    gates = {"rnn": 1, "lstm": 4, "gru": 3}.get(cell)
    if gates is None:
        raise ValueError(f"cell: got {cell!r}, expected 'rnn', 'lstm' or 'gru'")
    columns = gates * H
    return st.tuples(arrays((D, columns), dtype), arrays((H, columns), dtype), arrays((columns,), dtype))


@st.composite
def step_arguments(draw: st.DrawFn, cell: str, dtype: Any = np.float64, high: int = 5) -> tuple[Array, ...]:
    """Arguments of `rnn_step`, `lstm_step` or `gru_step`: x (N, D), h (N, H)[, c (N, H)], W, U, b.

    >>> from hypothesis import find
    >>> [a.shape for a in find(step_arguments("gru"), lambda _: True)]
    [(1, 1), (1, 1), (1, 3), (1, 3), (3,)]
    """
    N, D, H = (draw(sizes(high)) for _ in range(3))
    x = draw(arrays((N, D), dtype))
    h = draw(arrays((N, H), dtype, -1, 1))
    states = (h, draw(arrays((N, H), dtype, -4, 4))) if cell == "lstm" else (h,)
    return (x, *states, *draw(parameters(cell, D, H, dtype)))


@st.composite
def sequences(
    draw: st.DrawFn, D: int, dtype: Any = np.float64, high: int = 5, ragged: bool = True
) -> tuple[Array, Any]:
    """A batch x (T, N, D) and its lengths (N,), each 0 .. T, or None where all are whole (always, unless `ragged`).

    >>> from hypothesis import find
    >>> x, lengths = find(sequences(2), lambda drawn: drawn[1] is not None)
    >>> x.shape, lengths
    ((1, 1, 2), array([0]))
    """
    T, N = draw(sizes(high)), draw(sizes(high))
    x = draw(arrays((T, N, D), dtype))
    if not ragged or draw(st.booleans()):
        return x, None
    return x, np.array(draw(st.lists(st.integers(0, T), min_size=N, max_size=N)))


@st.composite
def layers(
    draw: st.DrawFn,
    kinds: tuple[type[Layer], ...] = (RNN, LSTM, GRU),
    *,
    high: int = 4,
    num_layers: int = 2,
    dtype: Any = np.float64,
) -> Layer:
    """A layer of one of the kinds with drawn sizes, options and weights.

    >>> from hypothesis import find
    >>> find(layers(), lambda layer: layer.bidirectional)
    RNN(1, 1, bias=False, bidirectional=True)
    """
    kind = draw(st.sampled_from(kinds))
    options: dict[str, Any] = {}
    if kind is RNN:
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    if kind is GRU:
        options["reset_after"] = draw(st.booleans())
    H = draw(sizes(high))
    if kind is LSTM and H > 1:
        options["proj_size"] = draw(st.integers(0, H - 1))
    return kind(
        draw(sizes(high)),
        H,
        draw(st.integers(1, num_layers)),
        bias=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        dtype=dtype,
        rng=draw(st.integers(0, 2**16)),
        **options,
    )
