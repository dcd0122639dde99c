"""Python lines that reproduce a call in a prompt, with NumPy and the submission's file alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from answers.inputs import Seed

LONGEST = 400
"""Arrays above this many numbers are not written out: such a snippet would not be read."""


def reproduce(file: str, function: str, args: Mapping[str, Any], kwargs: Mapping[str, Any]) -> str:
    """Lines that load `file`, bind each argument by name and print the call's result."""
    names = {name: _safe(name, function) for name in (*args, *kwargs)}
    lines = ["import runpy", "import numpy as np", f"{function} = runpy.run_path({file!r})[{function!r}]"]
    lines += [f"{names[name]} = {literal(value)}" for name, value in {**args, **kwargs}.items()]
    passed = [names[name] for name in args] + [f"{name}={names[name]}" for name in kwargs]
    lines.append(f"print({function}({', '.join(passed)}))")
    return "\n".join(lines)


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
