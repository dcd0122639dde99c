"""What the parent and an isolated process have to know alike: the frame of messages, the first of them, the layers that must hold."""

from __future__ import annotations

import struct

HEADER = struct.Struct("<cI")
"""Every message: one letter and the length of what follows."""


FULL = frozenset({"limits", "no-new-privileges", "environment", "landlock", "seccomp"})
"""Layers that `--require-isolation` insists on. Namespaces add little to a strict filter; not all systems grant them."""


class Opening:
    """What a process must know before it loads a submission. `parent`: the process without which it must not live."""

    def __init__(
        self,
        path: str,
        known: tuple[str, ...],
        modules: tuple[str, ...],
        seconds: float,
        memory: int,
        output: int,
        required: bool,
        parent: int = 0,
    ) -> None:
        self.path, self.known, self.modules = path, known, modules
        self.seconds, self.memory, self.output = seconds, memory, output
        self.required, self.parent = required, parent

    def below(self, parent: int) -> Opening:
        """The same for a process of this parent."""
        return Opening(**{**vars(self), "parent": parent})


def frame(letter: bytes, payload: bytes) -> bytes:
    """One message."""
    return HEADER.pack(letter, len(payload)) + payload
