"""Draws one case from a task's description of its inputs: given sizes, and a style that says what the numbers look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from answers.inputs import (
    AnyArray,
    Array,
    Arrays,
    Axis,
    Case,
    Dimension,
    Flag,
    Group,
    Input,
    Integer,
    Integers,
    MatrixShape,
    Positive,
    Real,
    Rng,
    Seed,
    Sizes,
    extent,
)
from answers.record import Record
from quiz.grading.generator import LightGenerator

LONG = 4
"""Sequences above this length get weights that neither explode nor turn chaotic, where rounding would decide the result."""


class Style(Record):
    """What the numbers of a case look like, and how they lie in memory."""

    integers: bool = False
    """Small integers (quarters inside a span): a failure is readable as it stands."""
    scale: float = 1.0
    only: int | None = None
    """The scale goes to this argument alone (counted round the arguments)."""
    zero: int | None = None
    """This argument is all zeros (counted round the arguments)."""
    symmetric: bool = False
    strided: bool = False
    column_major: bool = False
    float32: bool = False
    numpy_ints: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether arrays are drawn and left at that."""
        special = self.symmetric or self.strided or self.float32 or self.column_major
        return self.scale == 1.0 and self.zero is None and not special


def note_of(style: Style, inputs: Sequence[Input]) -> str:
    """A style in words, of a function of these arguments; empty where arrays are drawn and left at that."""
    arrays = [item for item in inputs if isinstance(item, _ARRAYS)]
    scaled = [item for item in arrays if not isinstance(item, Array) or item.span == "real"]
    words = []
    if style.zero is not None:
        item = inputs[style.zero % len(inputs)]
        if item in arrays and not (isinstance(item, Array) and item.span == "unit"):
            words.append(f"{item.name} all zero")
    if style.integers and (arrays or any(isinstance(item, Positive | Real) for item in inputs)):
        words.append("small integers")
    if style.scale != 1.0 and scaled:
        words += _magnitude(style, inputs, scaled)
    if style.symmetric and any(_is_symmetrised(item) for item in inputs):
        words.append("symmetric matrices")
    if arrays:
        dressed = (
            (style.float32, "float32"),
            (style.strided, "non-contiguous arrays"),
            (style.column_major, "column-major"),
        )
        words += [said for holds, said in dressed if holds]
    return ", ".join(words)


def _magnitude(style: Style, inputs: Sequence[Input], scaled: Sequence[Input]) -> list[str]:
    if style.only is None:
        return ["tiny numbers" if style.scale < 1 else "moderate numbers" if style.scale < 10 else "large numbers"]
    item = inputs[style.only % len(inputs)]
    return [f"{item.name} {'tiny' if style.scale < 1 else 'very large'}"] if item in scaled else []


def _is_symmetrised(item: Input) -> bool:
    if isinstance(item, Group):
        return any(map(_is_symmetrised, item.parts))
    return isinstance(item, Array) and item.span == "real" and len(item.shape) == 2


_ARRAYS = (Array, Arrays, AnyArray, Group)
_USUAL = {"real": "normal", "unit": "unit", "state": "state"}
_SIMPLE = {"real": "small", "unit": "quarters", "state": "halves"}
"""The pool that an array's numbers come from, by its span."""


def letters(inputs: Sequence[Input]) -> tuple[str, ...]:
    """The sizes that a task's inputs speak of, in the order T N D H K and then any others."""
    found: dict[str, None] = {}
    for item in inputs:
        for dimension in _dimensions(item):
            letter = dimension[1] if isinstance(dimension, tuple) else dimension
            if isinstance(letter, str):
                found[letter] = None
    order = "TNDHK"
    return tuple(sorted(found, key=lambda x: (order.find(x) if x in order else len(order), x)))


def _dimensions(item: Input) -> Iterator[Dimension]:
    if isinstance(item, Array | Integers):
        yield from item.shape
    if isinstance(item, Integers) and isinstance(item.high, str | tuple):
        yield item.high if isinstance(item.high, str) else item.high[0]
    if isinstance(item, Group):
        for part in item.parts:
            yield from _dimensions(part)


def default_of(item: Input) -> Any:
    """The value that an option has when it is left out; None where the argument is required."""
    if isinstance(item, Integer | Positive | Real | Flag | Axis):
        return item.default
    return None


def draw_case(inputs: Sequence[Input], sizes: Sizes, style: Style, rng: LightGenerator) -> Case:
    """One case. Trailing options are passed by position, by keyword or left out, as the dice fall."""
    note = note_of(style, inputs)
    arrays = [item for item in inputs if type(item) is Array]
    if len(arrays) == len(inputs):  # most tasks, and told apart as they need nothing of what follows
        if style.is_plain and sizes.get("T", 1) <= LONG:
            kinds = _SIMPLE if style.integers else _USUAL
            return Case(tuple([rng.view(kinds[item.span], _shape(item, sizes)) for item in arrays]), {}, note)
        how = [_for_argument(style, k, len(arrays)) for k in range(len(arrays))]
        return Case(tuple([_array(arrays[k], sizes, how[k], rng) for k in range(len(arrays))]), {}, note)
    drawn: dict[str, Any] = {}
    for k, item in enumerate(inputs):
        drawn[item.name] = _draw(item, sizes, _for_argument(style, k, len(inputs)), rng, drawn)
    required = required_count(inputs)
    if style.numpy_ints and any(isinstance(item, Integer | Integers) for item in inputs):
        note = f"{note}, NumPy integers" if note else "NumPy integers"
    if required == len(inputs):
        return Case(tuple(drawn.values()), {}, note)
    options = inputs[required:]
    by_position = rng.integers(len(options) + 1)
    args = tuple(drawn[item.name] for item in inputs[: required + by_position])
    kwargs = {item.name: drawn[item.name] for item in options[by_position:] if rng.integers(2)}
    return Case(args, kwargs, note)


def required_count(inputs: Sequence[Input]) -> int:
    """How many arguments must be passed; the options follow them."""
    return sum(default_of(item) is None for item in inputs)


def _for_argument(style: Style, k: int, count: int) -> tuple[Style, float, bool]:
    if style.only is None and style.zero is None:
        return style, style.scale, False
    scaled = style.only is None or style.only % count == k
    return style, style.scale if scaled else 1.0, style.zero is not None and style.zero % count == k


def _draw(
    item: Input, sizes: Sizes, how: tuple[Style, float, bool], rng: LightGenerator, drawn: Mapping[str, Any]
) -> Any:
    style, scale, zero = how
    match item:
        case Array():
            return _array(item, sizes, how, rng)
        case Group():
            return tuple(_draw(part, sizes, how, rng, drawn) for part in item.parts)
        case Arrays():
            shapes = [_any_shape(rng, 3, 4) for _ in range(1 + rng.integers(4))]
            return [_dressed(_reals(s, style, scale, rng), style, zero) for s in shapes]
        case AnyArray():
            return _dressed(_reals(_any_shape(rng, 4, 5), style, scale, rng), style, zero)
        case Integers():
            return _integers(item, sizes, style, rng)
        case Integer():
            value = _log_integer(item.low, item.high, rng)
            return np.int64(value) if style.numpy_ints else value
        case Positive():
            return float(rng.choice([0.5, 1.0, 2.0, 5.0])) if style.integers else float(np.exp(1.5 * rng.normal()))
        case Real():
            return float(rng.integers(-2, 4)) if style.integers else float(2 * rng.normal())
        case Flag():
            return bool(rng.integers(2))
        case Axis():
            ndim = np.ndim(drawn[item.of])
            return int(rng.integers(-ndim, ndim))
        case MatrixShape():
            rows, cols = 1 + rng.integers(8), 1 + rng.integers(8)
            return (rows, cols if rows * cols > 1 else 2)
        case Rng():
            return Seed(int(rng.integers(2**31)))


def _array(item: Array, sizes: Sizes, how: tuple[Style, float, bool], rng: LightGenerator) -> Any:
    style, scale, zero = how
    shape = _shape(item, sizes)
    if item.span != "real":
        kind = (_SIMPLE if style.integers else _USUAL)[item.span]
        return _dressed(rng.view(kind, shape), style, zero and item.span == "state")
    values = _reals(shape, style, scale, rng)
    if sizes.get("T", 1) > LONG and _is_weight(item):
        values = values * (0.8 / np.sqrt(shape[0]) / (scale if scale > 1 else 1.0))
    if style.symmetric and len(shape) == 2:
        values = _symmetrised(values)
    return _dressed(values, style, zero)


def _shape(item: Array, sizes: Sizes) -> tuple[int, ...]:
    return tuple(
        [
            sizes[d] if type(d) is str else d[0] * sizes[d[1]] if type(d) is tuple else extent(d, sizes)
            for d in item.shape
        ]
    )


def _is_weight(item: Array) -> bool:
    return len(item.shape) >= 2 and not {"T", "N"} & set(item.shape)


def _reals(shape: tuple[int, ...], style: Style, scale: float, rng: LightGenerator) -> Any:
    if style.integers:
        return rng.view("small", shape)
    values = rng.view("normal", shape)
    return values if scale == 1.0 else values * scale


def _symmetrised(values: Any) -> Any:
    """Each square block of a matrix made symmetric: where U equals its transpose, a swapped product hides."""
    values = values.copy()
    rows = len(values)
    for start in range(0, values.shape[1] - rows + 1, rows):
        block = values[:, start : start + rows]
        block[:] = (block + block.T) / 2
    return values


def _dressed(values: Any, style: Style, zero: bool) -> Any:
    if not (zero or style.float32 or style.strided or style.column_major):
        return values
    if zero:
        values = np.zeros_like(values)
    if style.float32:
        values = values.astype(np.float32)
    if style.strided:
        wide = np.zeros((*values.shape[:-1], 2 * values.shape[-1]), values.dtype)
        wide[..., ::2] = values
        return wide[..., ::2]
    return np.asfortranarray(values) if style.column_major else values


def _integers(item: Integers, sizes: Sizes, style: Style, rng: LightGenerator) -> Any:
    shape = tuple(extent(d, sizes) for d in item.shape)
    high = bound(item.high, sizes)
    values = rng.integers(item.low, high + 1, size=shape)
    if item.some and (values <= item.low).all():
        values.flat[rng.integers(values.size)] = max(high, item.low)
    return values.astype(np.int32) if style.numpy_ints else values


def bound(high: int | str | tuple[str, int], sizes: Sizes) -> int:
    """The number an upper bound stands for: `bound(("K", -1), {"K": 4})` is 3."""
    if isinstance(high, int):
        return high
    return sizes[high] if isinstance(high, str) else sizes[high[0]] + high[1]


def _log_integer(low: int, high: int, rng: LightGenerator) -> int:
    """Small numbers as often as large ones."""
    value = low - 1 + np.exp(rng.random() * np.log(high - low + 2))
    return min(high, max(low, int(value)))


def _any_shape(rng: LightGenerator, axes: int, longest: int) -> tuple[int, ...]:
    return tuple(1 + rng.integers(longest) for _ in range(1 + rng.integers(axes)))
