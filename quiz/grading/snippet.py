"""Python lines that reproduce a call in a prompt, with NumPy and the submission's file alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from answers.inputs import Seed

LONGEST = 400
"""Arrays above this many numbers are not written out: such a snippet would not be read."""


class Snippet:
    """Lines that load `file` and bind each argument of one call by name; the methods add what is to be seen of it."""

    def __init__(self, file: str, function: str, args: Mapping[str, Any], kwargs: Mapping[str, Any]) -> None:
        self._function = function
        self._names = {name: _safe(name, function) for name in (*args, *kwargs)}
        self._opening = [
            "import runpy",
            "import numpy as np",
            f"{function} = runpy.run_path({file!r})[{function!r}]",
            *(f"{self._names[name]} = {literal(value)}" for name, value in {**args, **kwargs}.items()),
        ]
        named = [self._names[name] for name in args] + [f"{name}={self._names[name]}" for name in kwargs]
        self._call = f"{function}({', '.join(named)})"
        # A generator that is bound to a name would go on where the first call left it.
        inline = [literal(v) if isinstance(v, Seed) else self._names[name] for name, v in args.items()]
        self._fresh_call = f"{function}({', '.join(inline + named[len(args) :])})"

    def of_result(self, further: Sequence[Sequence[Any]] = ()) -> str:
        """Prints the result, and those of further calls that are to be held beside it."""
        return self._ended(f"print({self._call})", *(f"print({self._other(args)})" for args in further))

    def of_arguments(self, names: Sequence[str]) -> str:
        """Prints the arguments that the call changes, before and after it."""
        shown = ", ".join(self._names[name] for name in names)
        return self._ended(f"print({shown})", f"result = {self._call}", f"print({shown})")

    def of_repetition(self, times: int) -> str:
        """Prints the first and the last result of the same call, made several times."""
        return self._ended(f"results = [{self._fresh_call} for _ in range({times})]", "print(results[0], results[-1])")

    def of_interruption(self, args: Sequence[Any]) -> str:
        """Prints the result, and that of the same call after another one."""
        return self._ended(f"print({self._fresh_call})", f"second = {self._other(args)}", f"print({self._fresh_call})")

    def of_overwriting(self, args: Sequence[Any]) -> str:
        """Prints the result before and after another call."""
        return self._ended(f"first = {self._call}", "print(first)", f"second = {self._other(args)}", "print(first)")

    def _other(self, args: Sequence[Any]) -> str:
        return f"{self._function}({', '.join(map(literal, args))})"

    def _ended(self, *lines: str) -> str:
        return "\n".join([*self._opening, *lines])


def _safe(name: str, function: str) -> str:
    return f"{name}_" if name in (function, "np", "runpy") else name


def literal(value: Any) -> str:
    """An expression that evaluates to `value`."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({value.item()!r})"
    if isinstance(value, Seed):
        return f"np.random.default_rng({value.value})"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def _array(value: Any) -> str:
    usual = value.dtype in (np.float64, np.int64)
    dtype = "" if usual else f", dtype=np.{value.dtype.name}"
    if not value.any() and value.dtype.kind == "f":
        return f"np.zeros({value.shape}{dtype})"
    text = f"np.array({_nested(value.tolist())}{dtype})"
    if value.ndim and not value.flags.c_contiguous:
        return f"np.repeat({text}, 2, axis=-1)[..., ::2]"
    return text


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    text = repr(value)
    return f"np.{text}" if text in ("nan", "inf") else "-np.inf" if text == "-inf" else text


def is_readable(values: Sequence[Any]) -> bool:
    """Whether a snippet over these values is short enough to be read."""
    return sum(np.size(v) if isinstance(v, np.ndarray) else 1 for v in values) <= LONGEST
