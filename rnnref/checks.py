"""What arguments must look like, said in one line: the argument, what came, what was expected."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import numpy as np

from rnnref.typing import Array, IntArray

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))

P = ParamSpec("P")
R = TypeVar("R")


_trusted = ContextVar("_trusted", default=False)


class trusted:  # noqa: N801 - a context manager that reads as a word
    """Within it, in this thread, functions held to shapes take their arguments as they come, and NumPy does not warn.

    A held function calls the others so: what it has been given is checked once, however many parts it is made of.
    """

    __slots__ = ("before", "quiet")

    def __enter__(self) -> None:
        self.before = _trusted.get()
        _trusted.set(True)
        self.quiet = np.errstate(all="ignore")
        self.quiet.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.quiet.__exit__(*error)
        _trusted.set(self.before)


def shapes(**expected: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Hold a function's leading arguments to shapes, such as W="D 4H", of which equal letters are equal sizes from 1.

    All must be arrays of one dtype, float64 or float32; else TypeError, or ValueError for a shape, names the
    argument. NaN and infinity go through the function as IEEE says, without warnings. The function's docstring says so.
    """
    names = tuple(expected)
    patterns = [tuple(_dimension(d) for d in text.split()) for text in expected.values()]
    said = _said(expected)

    def hold(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def held(*args: P.args, **options: P.kwargs) -> R:
            if _trusted.get():
                return function(*args, **options)
            arrays = args[: len(names)]
            if len(arrays) < len(names):
                arrays += tuple(options[name] for name in names[len(arrays) :] if name in options)
            if len(arrays) == len(names) and not _agree(arrays, patterns):
                raise _first_fault(names, arrays, patterns)
            with trusted():
                return function(*args, **options)

        held.__doc__ = f"{(function.__doc__ or '').rstrip()}\n\n    {said}\n    "
        return held

    return hold


def _said(expected: dict[str, str]) -> str:
    """What every held function's docstring ends with."""
    listed = ", ".join(f"{name} {written(text.split())}" for name, text in expected.items())
    return (
        f"Shapes: {listed}.\n    All float64 or all float32, and results are of that dtype. Raises TypeError for "
        "another dtype,\n    ValueError for a shape that does not fit, naming the argument."
    )


def _dimension(text: str) -> tuple[int, str]:
    """4H as (4, "H"), a plain number as (number, "")."""
    letter = text[-1] if text[-1].isalpha() else ""
    return int(text.removesuffix(letter) or 1), letter


def _agree(arrays: Sequence[Any], patterns: Sequence[tuple[tuple[int, str], ...]]) -> bool:
    """The cheap test; what is wrong is looked for only where it fails."""
    sizes: dict[str, int] = {"": 1}
    dtype = getattr(arrays[0], "dtype", None)
    if dtype not in FLOATS:
        return False
    for array, pattern in zip(arrays, patterns, strict=True):
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != len(pattern):
            return False
        for n, (factor, letter) in zip(array.shape, pattern, strict=True):
            if n == 0 or n != factor * sizes.setdefault(letter, n // factor):
                return False
    return True


def _first_fault(
    names: Sequence[str], arrays: Sequence[Any], patterns: Sequence[tuple[tuple[int, str], ...]]
) -> TypeError | ValueError:
    sizes: dict[str, int] = {"": 1}
    for name, array, pattern in zip(names, arrays, patterns, strict=True):
        if not isinstance(array, np.ndarray):
            return TypeError(f"{name}: got {type(array).__name__}, expected a float64 or float32 array")
        if array.dtype not in FLOATS:
            return TypeError(f"{name}: got dtype {array.dtype}, expected float64 or float32")
        if array.dtype != arrays[0].dtype:
            return TypeError(f"{name}: got dtype {array.dtype}, expected {arrays[0].dtype} as {names[0]} has")
        right = array.ndim == len(pattern)
        for n, (factor, letter) in zip(array.shape, pattern, strict=False):
            right = right and n > 0 and n == factor * sizes.setdefault(letter, n // factor)
        if not right:
            known = ", ".join(f"{letter} = {n}" for letter, n in sizes.items() if letter and n)
            letters = written([f"{factor if factor > 1 or not letter else ''}{letter}" for factor, letter in pattern])
            expected = f"{letters}{f' with {known}' if known else ''}{_none_empty(array.shape)}"
            return ValueError(f"{name}: got shape {array.shape}, expected {expected}")
    return ValueError(f"{', '.join(names)}: shapes do not agree")


def float_array(name: str, value: Any, least_axes: int = 0) -> Array:
    """`value` as a float array: float64 and float32 stay, integers become float64.

    Raises
    ------
    TypeError
        It holds no real numbers of these kinds.
    ValueError
        It has fewer axes.
    """
    x = as_array(name, value)
    if x.dtype.kind in "iub":
        x = x.astype(np.float64)
    if x.dtype not in FLOATS:
        raise TypeError(f"{name}: got dtype {x.dtype}, expected float64 or float32")
    if x.ndim < least_axes:
        raise ValueError(f"{name}: got shape {x.shape}, expected at least {least_axes} axis")
    return x


def positive(name: str, value: Any) -> float:
    """A number above 0.

    Raises
    ------
    TypeError
        It is no number.
    ValueError
        It is not above 0.
    """
    number = real(name, value)
    if not number > 0:
        raise ValueError(f"{name}: got {value}, expected a number above 0")
    return number


def real(name: str, value: Any) -> float:
    """A real number.

    Raises
    ------
    TypeError
        It is none.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | np.number)
        or isinstance(value, np.complexfloating)
    ):
        raise TypeError(f"{name}: got {value!r}, expected a number")
    return float(value)


def generator(name: str, value: Any) -> np.random.Generator:
    """A random generator.

    Raises
    ------
    TypeError
        It is none.
    """
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"{name}: got {type(value).__name__}, expected a numpy.random.Generator")
    return value


def seeded(name: str, value: Any) -> np.random.Generator:
    """A random generator from one, from a seed or from None.

    Raises
    ------
    TypeError, ValueError
        It is none of these.
    """
    try:
        return np.random.default_rng(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: got {value!r}, expected a numpy.random.Generator, a seed from 0 or None") from None


def as_array(name: str, value: Any) -> np.ndarray[Any, Any]:
    """`value` as an array.

    Raises
    ------
    ValueError
        Its rows are not of one length.
    TypeError
        It does not let itself be read as an array, as a PyTorch tensor that requires its gradient.
    """
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}: got {type(value).__name__} with rows of several lengths, expected an array"
        ) from None
    except (TypeError, RuntimeError) as error:
        why = str(error).partition("\n")[0]
        raise TypeError(f"{name}: got {type(value).__name__}, expected an array ({why})") from None


def array_of(name: str, value: Any, shape: tuple[int | str, ...], dtype: np.dtype[Any]) -> Array:
    """`value` as an array of `dtype`; a number in `shape` must match, a letter stands for any size from 1.

    Raises
    ------
    TypeError
        It holds no real numbers.
    ValueError
        Its shape is another.
    """
    if type(value) is np.ndarray and value.dtype == dtype and (value.shape == shape or fits(value.shape, shape)):
        return value
    x = as_array(name, value)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{name}: got dtype {x.dtype}, expected real numbers")
    if not fits(x.shape, shape):
        raise ValueError(f"{name}: got shape {x.shape}, expected {written(shape)}{_none_empty(x.shape)}")
    return x.astype(dtype, copy=False)


def fits(got: tuple[int, ...], expected: Sequence[int | str]) -> bool:
    """Whether sizes match: numbers exactly, letters from 1."""
    return len(got) == len(expected) and all(
        n == want or (n >= 1 and isinstance(want, str)) for n, want in zip(got, expected, strict=True)
    )


def _none_empty(got: tuple[int, ...]) -> str:
    """What a shape that looks right otherwise offends against."""
    return ", every size at least 1" if 0 in got else ""


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
    lengths = as_array("lengths", value)
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
    number = real(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name}: got {value}, expected a number in 0 .. 1")
    return number


def float_dtype(value: Any, name: str = "dtype") -> np.dtype[Any]:
    """float64 or float32.

    Raises
    ------
    TypeError
        It is another dtype, or none.
    """
    try:
        dtype: np.dtype[Any] | None = np.dtype(value)
    except TypeError:
        dtype = None
    if dtype is None or dtype not in FLOATS:
        raise TypeError(f"{name}: got dtype {dtype or repr(value)}, expected float64 or float32")
    return dtype
