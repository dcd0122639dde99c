"""Plain values as bytes and back: numbers, strings, tuples, lists, arrays of listed dtypes; no code.

The submission's process writes these bytes, so the reader trusts none of them: every length is checked against what is
there, depth and number of items are bounded, and whatever does not fit raises `Malformed`.

A value is one run of bytes, or two: its structure, and beside it the floats and the arrays' elements. Two results of the
same structure then differ in the second run alone, which is compared as one vector.
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
ALIGNED = 8
"""Beside the structure an array starts at a multiple of this."""

KINDS = tuple(np.dtype(name) for name in DTYPES)
CODES = {kind.str: code for code, kind in enumerate(KINDS)}
_COUNT = struct.Struct("<I")
_INT = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_SHAPES = tuple(struct.Struct(f"<{axes}I") for axes in range(MAX_AXES + 1))
_ARRAYS = tuple(struct.Struct(f"<cBB{axes}I") for axes in range(MAX_AXES + 1))
"""The letter, dtype and number of axes, then the shape; what the elements are follows, or stands beside."""
_DOUBLE = KINDS[11]
_HEADERS: dict[tuple[int, ...], bytes] = {}
"""By shape what a float64 array starts with: most of a request's results share a few shapes."""
_MOST_HEADERS = 1024
_PADDING = tuple(bytes(-length % ALIGNED) for length in range(ALIGNED))


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


def encoded(value: Any) -> bytes:
    """`value` as one run of bytes."""
    out = bytearray()
    encode(value, out)
    return bytes(out)


def encode(value: Any, out: bytearray, beside: bytearray | None = None, depth: int = 0) -> None:
    """Append `value` to `out`; floats and elements of arrays to `beside`, where that is given."""
    kind = type(value)
    if kind is np.ndarray:
        _encode_array(value, out, beside)
    elif kind is tuple or kind is list:
        _encode_items(value, out, beside, depth)
    elif value is None:
        out += b"N"
    elif kind is bool:
        out += b"T" if value else b"F"
    elif kind is int:
        _encode_int(value, out)
    elif kind is float:
        out += b"f"
        _put(_FLOAT.pack(value), out, beside)
    elif kind is complex:
        out += b"c"
        _put(_COMPLEX.pack(value.real, value.imag), out, beside)
    elif kind is str:
        _encode_text(b"s", value, out)
    elif isinstance(value, (np.ndarray, np.generic)):
        _encode_array(np.asarray(value), out, beside)
    elif isinstance(value, (tuple, list)):
        _encode_items(tuple(value) if isinstance(value, tuple) else list(value), out, beside, depth)
    elif isinstance(value, (bool, int, float, complex, str)):
        encode(_plain(value), out, beside)
    else:
        _encode_text(b"x", kind.__name__, out)


def _plain(value: Any) -> Any:
    """A subclass's instance as an instance of the class of numbers or strings that it extends."""
    for base in (int, float, complex, str):
        if isinstance(value, base):
            return base(value)  # type: ignore[arg-type]
    return None


def _encode_items(value: tuple[Any, ...] | list[Any], out: bytearray, beside: bytearray | None, depth: int) -> None:
    if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
        _encode_text(b"x", f"{type(value).__name__} of {len(value)}, too deep or too long", out)
        return
    out += (b"t" if type(value) is tuple else b"l") + _COUNT.pack(len(value))
    for item in value:
        if type(item) is np.ndarray:
            _encode_array(item, out, beside)
        else:
            encode(item, out, beside, depth + 1)


def _put(number: bytes, out: bytearray, beside: bytearray | None) -> None:
    if beside is None:
        out += number
    else:
        beside += number


def _encode_int(value: int, out: bytearray) -> None:
    if -(2**63) <= value < 2**63:
        out += b"i" + _INT.pack(value)
    elif value.bit_length() < 8 * 250:
        digits = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        out += b"I" + bytes([len(digits)]) + digits
    else:
        _encode_text(b"x", f"int of {value.bit_length()} bits", out)


def _encode_text(tag: bytes, text: str, out: bytearray) -> None:
    raw = text[:20_000].encode("utf-8", "backslashreplace")
    out += tag + _COUNT.pack(len(raw)) + raw


def _encode_array(array: np.ndarray, out: bytearray, beside: bytearray | None) -> None:
    if beside is not None and array.dtype is _DOUBLE:
        header = _HEADERS.get(array.shape)
        if header is not None:
            out += header
            beside += array.tobytes()
            return
    if not array.dtype.isnative:  # the same numbers, and for NumPy the same dtype by name
        array = array.astype(array.dtype.newbyteorder("="))
    code, axes = CODES.get(array.dtype.str), array.ndim
    if code is None or axes > MAX_AXES or array.nbytes > MAX_VALUE_BYTES:
        _encode_text(b"x", f"ndarray of {array.dtype}, shape {array.shape}", out)
        return
    header = _ARRAYS[axes].pack(b"a", code, axes, *array.shape)
    if code == 11 and len(_HEADERS) < _MOST_HEADERS:
        _HEADERS[array.shape] = header
    out += header
    raw = array.tobytes()
    if beside is None:
        out += raw
        return
    beside += raw
    if len(raw) % ALIGNED:
        beside += _PADDING[len(raw) % ALIGNED]


# ---------------------------------------------------------------- reading


class Reader:
    """Reads values one by one; arrays are views of the bytes. `beside`: floats and elements, where they were written apart."""

    def __init__(self, data: bytes | memoryview, beside: bytes | memoryview | None = None) -> None:
        self.data = data
        self.place = 0
        self.beside = beside
        self.place_beside = 0
        self._end = len(data)
        self._items = 0

    @property
    def done(self) -> bool:
        """Whether every byte was read."""
        return self.place == self._end and (self.beside is None or self.place_beside == len(self.beside))

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

    def _elements(self, count: int) -> tuple[bytes | memoryview, int]:
        """Where the next `count` bytes of a float or an array lie."""
        if self.beside is None:
            return self.data, self._pass(count)
        start = self.place_beside
        self.place_beside = start + count + -count % ALIGNED
        if self.place_beside > len(self.beside):
            raise Malformed("the elements end too early")
        return self.beside, start

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
                return _FLOAT.unpack_from(*self._elements(8))[0]
            case 99:  # c
                return complex(*_COMPLEX.unpack_from(*self._elements(16)))
            case 115:  # s
                return self.text()
            case 120:  # x
                return Foreign(self.text())
        raise Malformed(f"no value starts with byte {tag}")

    def _array(self) -> np.ndarray:
        start = self._pass(2)
        code, axes = self.data[start : start + 2]
        if code >= len(KINDS) or axes > MAX_AXES:
            raise Malformed("no such array")
        shape = _SHAPES[axes].unpack_from(self.data, self._pass(4 * axes))
        dtype = KINDS[code]
        data, place = self._elements(math.prod(shape) * dtype.itemsize)
        try:
            array = np.ndarray(shape, np.uint8 if code == 0 else dtype, data, place)
        except ValueError as error:  # shapes that NumPy itself refuses
            raise Malformed(str(error)) from None
        return np.asarray(array != 0) if code == 0 else array
