"""How weights start."""

from __future__ import annotations

import math
from collections.abc import MutableMapping

import numpy as np

from rnnref import checks
from rnnref.typing import Array


def _two_sizes(shape: tuple[int, int]) -> tuple[int, int]:
    if not isinstance(shape, tuple | list) or len(shape) != 2:
        raise ValueError(f"shape: got {shape!r}, expected (rows, cols)")
    return checks.size("shape[0]", shape[0]), checks.size("shape[1]", shape[1])


def orthogonal_init(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:
    """A float64 matrix (rows, cols), orthonormal along its shorter side, times `gain` (Saxe et al. 2014).

    QR of a Gaussian matrix, with the signs of R's diagonal moved into Q, is uniform over orthogonal matrices
    (Mezzadri 2007, section 5). `gain` > 0. Raises ValueError, TypeError.

    >>> q = orthogonal_init((2, 3), 2.0, np.random.default_rng(0))
    >>> np.allclose(q @ q.T, 4 * np.eye(2))
    True
    """
    rows, cols = _two_sizes(shape)
    gain = checks.positive("gain", gain)
    q, r = np.linalg.qr(checks.generator("rng", rng).normal(size=(max(rows, cols), min(rows, cols))))
    q = q * np.sign(np.diag(r))
    return gain * (q if rows >= cols else q.T)


def glorot_init(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """A float64 matrix (rows, cols), uniform in ±√(6 / (rows + cols)) (Glorot & Bengio 2010, equation 16).

    The variance 2 / (rows + cols) keeps that of activations and of gradients, as far as both can be kept at once. Raises
    ValueError, TypeError.

    >>> bool(abs(glorot_init((3, 3), np.random.default_rng(0))).max() <= 1)
    True
    """
    rows, cols = _two_sizes(shape)
    limit = math.sqrt(6 / (rows + cols))
    return checks.generator("rng", rng).uniform(-limit, limit, (rows, cols))


def identity_init(size: int, gain: float = 1.0) -> Array:
    """The float64 identity (size, size) times `gain`: a relu network starts as a copier (Le et al. 2015).

    Raises ValueError, TypeError where `size` is no integer from 1.

    >>> identity_init(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return gain * np.eye(checks.size("size", size))


def set_forget_bias(params: MutableMapping[str, Array], forget_bias: float = 1.0) -> None:
    """Let an LSTM's memory start open (Jozefowicz et al. 2015): in place, in each `bias_ih_*` of a layer's `params`.

    The two biases add up, so the forget block of `bias_hh_*` becomes 0. Raises ValueError where there is no bias, TypeError
    where `params` is no dict.

    >>> from rnnref import LSTM
    >>> lstm = LSTM(1, 2)
    >>> set_forget_bias(lstm.params, 1.0)
    >>> lstm.params["bias_ih_l0"][2:4] + lstm.params["bias_hh_l0"][2:4]
    array([1., 1.])
    """
    if not isinstance(params, MutableMapping):
        raise TypeError(f"params: got {type(params).__name__}, expected the params of an LSTM, a dict of arrays")
    names = [name for name in params if name.startswith("bias_ih_")]
    if not names:
        raise ValueError("params: got no bias_ih_* array, expected the params of an LSTM with bias=True")
    for name in names:
        H = len(params[name]) // 4
        params[name][H : 2 * H] = forget_bias
        params[name.replace("bias_ih_", "bias_hh_")][H : 2 * H] = 0
