"""The calls that a submission is asked for, as bytes on the way in: from the parent, who may be trusted.

All arrays of a request lie in one buffer, out of which the isolated process makes them without copying; whether a call has
changed an argument is one comparison of that buffer with what came. Nothing travels this way in the other direction.
"""

from __future__ import annotations

import functools
import itertools
import marshal
import operator
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from quiz.grading.codec import CODES, KINDS

if TYPE_CHECKING:
    from answers.inputs import Case

ALIGNED = 16
"""Arrays start at multiples of this, as NumPy's own do."""
_DOUBLE = KINDS[11]
_SHAPE = operator.attrgetter("dtype", "shape", "strides")
_numbers = itertools.count(1)
Call = tuple[tuple[Any, ...], dict[str, Any]]
"""Positional arguments and options. An array is a tuple (dtype, shape, strides, place); a list holds a letter and what it
stands for: t tuple, l list, n NumPy scalar, g random generator; everything else stands for itself."""


# ---------------------------------------------------------------- in the parent


class Batch(tuple["Case", ...]):
    """Cases that may be asked for more than once: their bytes are made at the first time."""

    def __new__(cls, cases: Iterable[Case]) -> Batch:
        """A tuple that remembers."""
        batch = super().__new__(cls, cases)
        batch._packed = b""
        batch.number = next(_numbers)
        return batch

    _packed: bytes
    number: int
    """No other batch of this process has it."""

    @property
    def packed(self) -> bytes:
        """`pack` of the cases."""
        self._packed = self._packed or pack(self)
        return self._packed


def request(function: str, cases: Sequence[Case]) -> tuple[bytes, bytes]:
    """What asks for `function` on each of the cases, in two pieces: the second, large one is not copied."""
    name = function.encode()
    head = len(name).to_bytes(ALIGNED, "little") + name + bytes(-len(name) % ALIGNED)
    return head, cases.packed if isinstance(cases, Batch) else pack(cases)


def reference(function: str, batch: Batch) -> bytes:
    """What asks for `function` on each case of a batch that the process holds already."""
    return marshal.dumps((function, batch.number))


def in_memory(packed: bytes) -> int:
    """Descriptor of a file in memory that holds these bytes, for good; elsewhere than on Linux of one without a name."""
    import fcntl

    if not hasattr(os, "memfd_create"):
        return _unnamed(packed)
    descriptor = os.memfd_create("calls", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        rest = memoryview(packed)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _unnamed(packed: bytes) -> int:
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(packed)
        file.flush()
        return os.dup(file.fileno())


def pack(cases: Iterable[Case]) -> bytes:
    """The cases' arguments."""
    packer = _Packer()
    recipes = packer.recipe
    calls = [
        (tuple([recipes(v) for v in case.args]), {name: recipes(v) for name, v in case.kwargs.items()})
        for case in cases
    ]
    plan = marshal.dumps(calls)
    head = len(plan).to_bytes(ALIGNED, "little") + plan + bytes(-len(plan) % ALIGNED)
    return b"".join([head, *packer.pieces])


class _Packer:
    """Lays arrays end to end."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._place = 0

    def recipe(self, value: Any) -> Any:
        """What stands for a value in a `Call`."""
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if kind is float or kind is int or kind is bool or kind is str or value is None:
            return value
        if kind is tuple:
            return ["t", *map(self.recipe, value)]
        if kind is list:
            return ["l", *map(self.recipe, value)]
        if isinstance(value, np.generic):
            return ["n", self._array(np.asarray(value))]
        from answers.inputs import Seed

        if kind is Seed:
            return ["g", value.value]
        raise TypeError(f"an argument of type {kind.__name__} cannot be sent to a submission")

    def _array(self, array: np.ndarray) -> tuple[int, tuple[int, ...], tuple[int, ...], int]:
        code = 11 if array.dtype is _DOUBLE else CODES[array.dtype.str]
        if array.flags.c_contiguous:
            return code, array.shape, array.strides, self._lay(array.tobytes())
        if array.flags.f_contiguous:
            return code, array.shape, array.strides, self._lay(array.tobytes("F"))
        # Gaps along the last axis, which may be walked backwards: told from each other by the strides alone.
        spaced = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        backwards = array.strides[-1] < 0
        view = spaced[..., ::-2] if backwards else spaced[..., ::2]
        view[...] = array
        place = self._lay(spaced.tobytes())
        return code, array.shape, view.strides, place + (spaced.shape[-1] - 1) * spaced.itemsize * backwards

    def _lay(self, raw: bytes) -> int:
        place = self._place
        self.pieces.append(raw)
        if odd := -len(raw) % ALIGNED:
            self.pieces.append(bytes(odd))
        self._place = place + len(raw) + odd
        return place


# ---------------------------------------------------------------- in the isolated process


def read_request(payload: bytes) -> tuple[str, Asked]:
    """The function's name, and the calls, out of what `request` has made."""
    size = int.from_bytes(payload[:ALIGNED], "little")
    name = payload[ALIGNED : ALIGNED + size].decode()
    return name, Asked(memoryview(payload)[ALIGNED + size + -size % ALIGNED :])


def read_reference(payload: bytes) -> tuple[str, int]:
    """The function's name, and the number of the batch, out of what `reference` has made."""
    name, number = marshal.loads(payload)
    return name, number


@functools.cache
def _shape(recipe: tuple[int, tuple[int, ...], tuple[int, ...]]) -> tuple[Any, ...]:
    """Dtype, shape and strides of an array: one object for all that are alike, so that who looks at them touches few pages."""
    code, shape, strides = recipe
    return KINDS[code], shape, strides


class Asked:
    """Calls as they came, and the buffer that their arrays are views of. `packed`: what `pack` has made of the cases."""

    def __init__(self, packed: memoryview, buffer: Any = None) -> None:
        size = int.from_bytes(packed[:ALIGNED], "little")
        start = ALIGNED + size + -size % ALIGNED
        self.calls: list[Call] = marshal.loads(packed[ALIGNED : ALIGNED + size])
        self._sent = packed[start:]
        self._buffer = bytearray(self._sent) if buffer is None else memoryview(buffer)[start : start + len(self._sent)]
        self._built: list[tuple[list[Any], dict[str, Any]]] = []
        self._arrays: list[Any] = []
        self._shapes: list[tuple[Any, ...]] = []
        """Of the calls that are given arrays alone: these, end to end, and what they were; else `_forms` has it."""
        self._forms: dict[int, tuple[list[Any], list[Any]]] = {}

    @classmethod
    def held(cls, descriptor: int) -> Asked:
        """Calls out of a file in memory, with every argument built: processes forked from this one need not do it.

        Both mappings are private: who writes to one, even past its protection, has a copy of that page to itself; and
        who forks has nothing to copy.
        """
        import mmap

        sent = mmap.mmap(descriptor, 0, mmap.MAP_PRIVATE, mmap.PROT_READ)
        own = mmap.mmap(descriptor, 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
        asked = cls(memoryview(sent), own)
        for index in range(len(asked.calls)):
            asked._build(index)
        return asked

    def build(self, recipe: Any) -> Any:
        """The value that a recipe stands for; arrays share the buffer, each has its own part of it."""
        kind = type(recipe)
        if kind is tuple:
            code, shape, strides, place = recipe
            return np.ndarray(shape, KINDS[code], self._buffer, place, strides)
        if kind is not list:
            return recipe
        match recipe[0]:
            case "t":
                return tuple(map(self.build, recipe[1:]))
            case "l":
                return list(map(self.build, recipe[1:]))
            case "n":
                return self.build(recipe[1])[()]
        return np.random.default_rng(recipe[1])

    def arguments(self, index: int) -> tuple[list[Any], dict[str, Any]]:
        """What a call is made with, for the first time."""
        if index == len(self._built):
            self._build(index)
        return self._built[index]

    def _build(self, index: int) -> None:
        recipes, options = self.calls[index]
        buffer = self._buffer
        if {*map(type, recipes)} == {tuple}:  # as `build` does, without calling it for each
            args = [np.ndarray(shape, KINDS[code], buffer, at, strides) for code, shape, strides, at in recipes]
            self._arrays += args
            self._shapes += [_shape(recipe[:3]) for recipe in recipes]
        else:
            args = [self.build(recipe) for recipe in recipes]
            if any(type(recipe) in (tuple, list) for recipe in recipes):
                alive: list[Any] = []
                self._forms[index] = [_form(value, alive) for value in args], alive
        self._built.append((args, {name: self.build(recipe) for name, recipe in options.items()}))

    def changed(self) -> dict[int, tuple[int, ...]]:
        """The calls made so far, each with the positions of its arguments that are no longer what they were."""
        intact = _equal(self._buffer, self._sent)
        shapes = list(map(_SHAPE, self._arrays))
        if intact and not self._forms and shapes == self._shapes:
            return {}
        sent = bytearray() if intact else bytearray(self._sent)
        found = {}
        first = 0
        for index, (args, _) in enumerate(self._built):
            if index in self._forms:
                forms, alive = self._forms[index]
                places = [k for k, value in enumerate(args) if _form(value, alive) != forms[k]]
            elif any(type(recipe) is tuple for recipe in self.calls[index][0]):
                places = [k for k in range(len(args)) if shapes[first + k] != self._shapes[first + k]]
                first += len(args)
            else:
                places = []
            if not intact:
                places += [k for k, recipe in enumerate(self.calls[index][0]) if self._differs(recipe, sent)]
            if places:
                found[index] = tuple(sorted(set(places)))
        return found

    def _differs(self, recipe: Any, sent: bytearray) -> bool:
        if type(recipe) is list:
            return any(self._differs(part, sent) for part in recipe[1:])
        if type(recipe) is not tuple:
            return False
        code, shape, strides, place = recipe
        was = np.ndarray(shape, KINDS[code], sent, place, strides)
        return bool(was.tobytes() != self.build(recipe).tobytes())


def _equal(one: Any, other: Any) -> bool:
    """As bytes; in words, whose number `ALIGNED` makes whole, as views are compared item by item.

    Not by NumPy: what that touches for the first time takes longer than the comparison.
    """
    return bool(memoryview(one).cast("Q") == memoryview(other).cast("Q"))


def _form(value: Any, alive: list[Any]) -> Any:
    """What of an argument lies outside its arrays' elements: shape, dtype, strides, and which items a list holds.

    Items are kept in `alive`, so that another one never has the place in memory of one that was dropped.
    """
    kind = type(value)
    if kind is np.ndarray:
        return value.shape, value.dtype, value.strides
    if kind is not tuple and kind is not list:
        return None
    alive += value
    return [(id(item), _form(item, alive)) for item in value]
