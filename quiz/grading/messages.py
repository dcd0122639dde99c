"""What the parent and an isolated process have to know alike: the frame of messages, the first of them, the layers that must hold."""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct("<cI")
"""Every message: one letter and the length of what follows."""


FULL = frozenset({"limits", "no-new-privileges", "environment", "landlock", "seccomp"})
"""Layers that `--require-isolation` insists on. Namespaces add little to a strict filter; not all systems grant them."""


class Opening(NamedTuple):
    """What a process must know before it loads a submission."""

    path: str
    known: tuple[str, ...]
    modules: tuple[str, ...]
    seconds: float
    memory: int
    output: int
    required: bool
    parent: int
    """The process without which this one must not live."""


def frame(letter: bytes, payload: bytes) -> bytes:
    """One message."""
    return HEADER.pack(letter, len(payload)) + payload
