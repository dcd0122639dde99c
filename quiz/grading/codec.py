"""Plain values as bytes and back: numbers, strings, tuples, lists, arrays of listed dtypes; no code.

The submission's process writes these bytes, so the reader trusts none of them: every length is checked against what is
there, depth and number of items are bounded, and whatever does not fit raises `Malformed`.
"""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

DTYPES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
MAX_AXES = 8
MAX_DEPTH = 16
MAX_ITEMS = 200_000
MAX_VALUE_BYTES = 4 << 20
"""A result's array above this is not sent; its type and shape are."""

_CODES = {np.dtype(name).str: code for code, name in enumerate(DTYPES)}
_KINDS = tuple(np.dtype(name) for name in DTYPES)
_COUNT = struct.Struct("<I")
_INT = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_SHAPES = tuple(struct.Struct(f"<{axes}I") for axes in range(MAX_AXES + 1))
_ARRAYS = tuple(struct.Struct(f"<cBBB{axes}I") for axes in range(MAX_AXES + 1))
"""The letter, dtype, layout and number of axes, then the shape; what the elements are follows."""


class Malformed(ValueError):  # noqa: N818 - it says what is the case
    """The bytes are not what `encode` writes."""


class Foreign:
    """Stands for a value that does not travel: an iterator, a dict, an array of objects. `name` says what it was."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Foreign) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<{self.name}>"


# ---------------------------------------------------------------- writing


def encode(value: Any, out: list[bytes], seed: type | None = None, depth: int = 0) -> None:
    """Append `value` to `out`. `seed`: the class that stands for a random generator (`answers.inputs.Seed`), if any."""
    kind = type(value)
    if kind is np.ndarray:
        _encode_array(value, out)
    elif kind is tuple or kind is list:
        _encode_items(value, out, seed, depth)
    elif value is None:
        out.append(b"N")
    elif kind is bool:
        out.append(b"T" if value else b"F")
    elif kind is int:
        _encode_int(value, out)
    elif kind is float:
        out.append(b"f" + _FLOAT.pack(value))
    elif kind is complex:
        out.append(b"c" + _COMPLEX.pack(value.real, value.imag))
    elif kind is str:
        _encode_text(b"s", value, out)
    elif seed is not None and kind is seed:
        out.append(b"g" + _INT.pack(value.value))
    elif isinstance(value, (np.ndarray, np.generic)):
        _encode_array(np.asarray(value), out, isinstance(value, np.generic))
    elif isinstance(value, (tuple, list)):
        _encode_items(tuple(value) if isinstance(value, tuple) else list(value), out, seed, depth)
    elif isinstance(value, (bool, int, float, complex, str)):
        encode(_plain(value), out)
    else:
        _encode_text(b"x", kind.__name__, out)


def _plain(value: Any) -> Any:
    """A subclass's instance as an instance of the class of numbers or strings that it extends."""
    for base in (int, float, complex, str):
        if isinstance(value, base):
            return base(value)  # type: ignore[arg-type]
    return None


def _encode_items(value: tuple[Any, ...] | list[Any], out: list[bytes], seed: type | None, depth: int) -> None:
    if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
        _encode_text(b"x", f"{type(value).__name__} of {len(value)}, too deep or too long", out)
        return
    out.append((b"t" if type(value) is tuple else b"l") + _COUNT.pack(len(value)))
    for item in value:
        encode(item, out, seed, depth + 1)


def _encode_int(value: int, out: list[bytes]) -> None:
    if -(2**63) <= value < 2**63:
        out.append(b"i" + _INT.pack(value))
    elif value.bit_length() < 8 * 250:
        digits = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        out.append(b"I" + bytes([len(digits)]) + digits)
    else:
        _encode_text(b"x", f"int of {value.bit_length()} bits", out)


def _encode_text(tag: bytes, text: str, out: list[bytes]) -> None:
    raw = text[:20_000].encode("utf-8", "backslashreplace")
    out.append(tag + _COUNT.pack(len(raw)) + raw)


def _encode_array(array: np.ndarray, out: list[bytes], is_scalar: bool = False) -> None:
    code = _CODES.get(array.dtype.str)
    if code is None or array.ndim > MAX_AXES or array.nbytes > MAX_VALUE_BYTES:
        _encode_text(b"x", f"ndarray of {array.dtype}, shape {array.shape}", out)
        return
    layout = _IS_SCALAR if is_scalar else _layout(array)
    out.append(_ARRAYS[array.ndim].pack(b"a", code, layout, array.ndim, *array.shape))
    out.append(array.tobytes())


_IS_SCALAR = 1
"""In the place of a layout, for a NumPy scalar: unlike an array it can be hashed, and is a number to `list * n`."""


def _layout(array: np.ndarray) -> int:
    """How it lies in memory: 0 in C order, 1 in Fortran order, 2 with gaps, 3 backwards along the last axis."""
    flags = array.flags
    if flags.c_contiguous or array.size == 0:
        return 0
    if flags.f_contiguous:
        return 1
    return 3 if array.strides[-1] < 0 else 2


# ---------------------------------------------------------------- reading


class Reader:
    """Reads values one by one.

    `writable`: arrays are fresh and laid out as they were, NumPy scalars are scalars; else all of them are views of the bytes.
    """

    def __init__(self, data: bytes | memoryview, writable: bool = False) -> None:
        self.data = data
        self.place = 0
        self.writable = writable
        self.has_seed = False
        self._end = len(data)
        self._items = 0

    @property
    def done(self) -> bool:
        """Whether every byte was read."""
        return self.place == self._end

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        return bytes(self.data[self._pass(count) : self.place])

    def count(self) -> int:
        """A number of things."""
        return int(_COUNT.unpack_from(self.data, self._pass(4))[0])

    def text(self) -> str:
        """A string, whatever its bytes."""
        return self.take(self.count()).decode("utf-8", "replace")

    def value(self, depth: int = 0) -> Any:
        """The next value."""
        self._items += 1
        if self._items > 2 * MAX_ITEMS or depth > MAX_DEPTH:
            raise Malformed("too many or too deep values")
        tag = self.data[self._pass(1)]
        if tag == 97:  # a
            return self._array()
        if tag in (116, 108):  # t, l
            items = [self.value(depth + 1) for _ in range(self._length())]
            return tuple(items) if tag == 116 else items
        return self._scalar(tag)

    def _pass(self, count: int) -> int:
        """Go on by `count` bytes, which must be there; where they start."""
        start = self.place
        self.place = start + count
        if self.place > self._end:
            raise Malformed("the bytes end too early")
        return start

    def _length(self) -> int:
        length = self.count()
        if length > self._end - self.place:
            raise Malformed("more items than bytes")
        return length

    def _scalar(self, tag: int) -> Any:
        match tag:
            case 78:  # N
                return None
            case 84 | 70:  # T, F
                return tag == 84
            case 105:  # i
                return _INT.unpack_from(self.data, self._pass(8))[0]
            case 73:  # I
                return int.from_bytes(self.take(self.take(1)[0]), "little", signed=True)
            case 102:  # f
                return _FLOAT.unpack_from(self.data, self._pass(8))[0]
            case 99:  # c
                return complex(*_COMPLEX.unpack_from(self.data, self._pass(16)))
            case 115:  # s
                return self.text()
            case 120:  # x
                return Foreign(self.text())
            case 103 if self.writable:  # g
                self.has_seed = True
                return np.random.default_rng(_INT.unpack_from(self.data, self._pass(8))[0])
        raise Malformed(f"no value starts with byte {tag}")

    def _array(self) -> np.ndarray | np.generic:
        start = self._pass(3)
        code, layout, axes = self.data[start : start + 3]
        if code >= len(_KINDS) or axes > MAX_AXES or layout > 3:
            raise Malformed("no such array")
        shape = _SHAPES[axes].unpack_from(self.data, self._pass(4 * axes))
        dtype = _KINDS[code]
        place = self._pass(math.prod(shape) * dtype.itemsize)
        try:
            array = np.ndarray(shape, np.uint8 if code == 0 else dtype, self.data, place)
        except ValueError as error:  # shapes that NumPy itself refuses
            raise Malformed(str(error)) from None
        if code == 0:
            array = np.asarray(array != 0)
        if not self.writable:
            return array
        if axes == 0 and layout == _IS_SCALAR:
            scalar: np.generic = array.dtype.type(array[()])
            return scalar
        return array.copy() if layout == 0 else _laid_out(array, layout)


def _laid_out(array: np.ndarray, layout: int) -> np.ndarray:
    """A fresh copy of `array` that lies in memory as `_layout` said."""
    if layout == 1:
        return np.asfortranarray(array.copy())
    spaced = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    view = spaced[..., ::2] if layout == 2 else spaced[..., ::-2]
    view[...] = array
    return view
