"""The nonlinearities, in the forms that neither overflow nor warn for any input."""

from __future__ import annotations

import operator

import numpy as np

from rnnref import checks
from rnnref.typing import Array


def sigmoid(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(-x)), any shape; float32 stays float32.

    No exponent is above 0, so nothing overflows; the numerator is 1, or exp(x) where x is negative, and the relative
    accuracy holds in the far negative tail too, where (1 + tanh(x / 2)) / 2 rounds to 0. Raises TypeError where x
    holds no real numbers.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    x = checks.float_array("x", x)
    with np.errstate(all="ignore"):
        y: Array = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
        return y


def softmax(x: Array, axis: int = -1) -> Array:
    """exp(x) / Σ exp(x) along `axis`, any shape with an axis; float32 stays float32.

    The maximum is subtracted first: the quotient stays the same and exp sees nothing above 0 (Goodfellow et al. 2016,
    section 4.1). Raises TypeError where x holds no real numbers, ValueError where it has no such axis.

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    x = checks.float_array("x", x, least_axes=1)
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"axis: got {axis!r}, expected an integer") from None
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis: got {axis}, expected {-x.ndim} .. {x.ndim - 1}")
    if x.size == 0:
        raise ValueError(f"x: got shape {x.shape}, expected at least one element")
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max(axis=axis, keepdims=True))
        y: Array = e / e.sum(axis=axis, keepdims=True)
        return y
