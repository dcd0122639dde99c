"""What arguments must look like, said in one line: the argument, what came, what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnref.typing import Array, IntArray

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


def array_of(name: str, value: Any, shape: tuple[int | str, ...], dtype: np.dtype[Any]) -> Array:
    """`value` as an array of `dtype`; a number in `shape` must match, a letter stands for any size from 1.

    Raises
    ------
    TypeError
        It holds no real numbers.
    ValueError
        Its shape is another.
    """
    if type(value) is np.ndarray and value.dtype == dtype and value.shape == shape:
        return value
    x = np.asarray(value)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{name}: got dtype {x.dtype}, expected real numbers")
    if not fits(x.shape, shape):
        raise ValueError(f"{name}: got shape {x.shape}, expected {written(shape)}")
    return x.astype(dtype, copy=False)


def fits(got: tuple[int, ...], expected: Sequence[int | str]) -> bool:
    """Whether sizes match: numbers exactly, letters from 1."""
    return len(got) == len(expected) and all(
        n >= 1 if isinstance(want, str) else n == want for n, want in zip(got, expected, strict=True)
    )


def written(shape: Sequence[int | str]) -> str:
    """A shape as a reader writes it: (T, N, 8)."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def lengths_of(value: Any, T: int, N: int) -> IntArray:
    """The lengths (N,) of a batch, each 0 .. T.

    Raises
    ------
    TypeError
        They are not integers.
    ValueError
        Their number is not N, or one is out of range.
    """
    lengths = np.asarray(value)
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"lengths: got dtype {lengths.dtype}, expected integers")
    if lengths.shape != (N,):
        raise ValueError(f"lengths: got shape {lengths.shape}, expected ({N},)")
    if lengths.min() < 0 or lengths.max() > T:
        raise ValueError(f"lengths: got {lengths.min()} .. {lengths.max()}, expected each in 0 .. {T}")
    return lengths.astype(np.intp)


def size(name: str, value: Any, low: int = 1) -> int:
    """An integer from `low` up.

    Raises
    ------
    TypeError
        It is no integer.
    ValueError
        It is below `low`.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: got {value!r}, expected an integer")
    if value < low:
        raise ValueError(f"{name}: got {value}, expected at least {low}")
    return int(value)


def one_of(name: str, value: Any, options: Sequence[Any]) -> Any:
    """One of `options`.

    Raises
    ------
    ValueError
        It is none of them.
    """
    if value not in options:
        raise ValueError(f"{name}: got {value!r}, expected one of {', '.join(map(repr, options))}")
    return value


def probability(name: str, value: Any) -> float:
    """A number in 0 .. 1.

    Raises
    ------
    TypeError
        It is no number.
    ValueError
        It is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name}: got {value!r}, expected a number in 0 .. 1")
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: got {value}, expected a number in 0 .. 1")
    return float(value)


def float_dtype(value: Any) -> np.dtype[Any]:
    """float64 or float32.

    Raises
    ------
    TypeError
        It is another dtype, or none.
    """
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = None
    if dtype not in FLOATS:
        raise TypeError(f"dtype: got {value!r}, expected float64 or float32")
    return dtype
