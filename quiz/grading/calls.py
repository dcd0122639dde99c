"""The calls that a submission is asked for, as bytes on the way in: from the parent, who may be trusted.

All arrays of a request lie in one buffer, out of which the isolated process makes them without copying; whether a call has
changed an argument is one comparison of that buffer with what came. Nothing travels this way in the other direction.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from quiz.grading.codec import CODES, KINDS

if TYPE_CHECKING:
    from answers.inputs import Case

ALIGNED = 16
"""Arrays start at multiples of this, as NumPy's own do."""
_DOUBLE = KINDS[11]
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
        return batch

    _packed: bytes

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


class Asked:
    """A request as it came: the function's name, its calls, and the buffer that their arrays are views of."""

    def __init__(self, payload: bytes) -> None:
        size = int.from_bytes(payload[:ALIGNED], "little")
        self.function = payload[ALIGNED : ALIGNED + size].decode()
        start = ALIGNED + size + -size % ALIGNED
        size = int.from_bytes(payload[start : start + ALIGNED], "little")
        start += ALIGNED
        whole = memoryview(payload)
        self.calls: list[Call] = marshal.loads(whole[start : start + size])
        self._sent = whole[start + size + -size % ALIGNED :]
        self._buffer = bytearray(self._sent)
        self._args: list[list[Any]] = []
        self._forms: dict[int, tuple[list[Any], list[Any]]] = {}

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
        recipes, options = self.calls[index]
        buffer = self._buffer
        if {*map(type, recipes)} == {tuple}:  # as `build` does, without calling it for each
            args = [np.ndarray(shape, KINDS[code], buffer, at, strides) for code, shape, strides, at in recipes]
            self._args.append(args)
        else:
            args = [self.build(recipe) for recipe in recipes]
            self._args.append(args)
            alive: list[Any] = []
            self._forms[index] = [_form(value, alive) for value in args], alive
        return args, {name: self.build(recipe) for name, recipe in options.items()} if options else options

    def changed(self) -> dict[int, tuple[int, ...]]:
        """The calls made so far, each with the positions of its arguments that are no longer what they were."""
        intact = self._buffer == self._sent
        sent = bytearray() if intact else bytearray(self._sent)
        found = {}
        for index, args in enumerate(self._args):
            recipes = self.calls[index][0]
            if index in self._forms:
                forms, alive = self._forms[index]
                places = [k for k, value in enumerate(args) if _form(value, alive) != forms[k]]
            else:
                places = [
                    k
                    for k, (array, (code, shape, steps, _)) in enumerate(zip(args, recipes, strict=True))
                    if array.shape != shape or array.dtype is not KINDS[code] or array.strides != steps
                ]
            if not intact:
                places += [k for k, recipe in enumerate(recipes) if self._differs(recipe, sent)]
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
