"""How much memory another process holds, where no limit can be set on it: macOS, whose address spaces mean little.

A limit on the address space is refused there, or would count gigabytes that are reserved and never used.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from quiz.grading.prctl import libc

INTERPRETER = 128 << 20
"""Bytes that Python and NumPy may hold besides."""
_FOOTPRINT = 16 + 7 * 8
"""Where `ri_phys_footprint` lies in `rusage_info_v0`: after an identifier of 16 bytes and seven numbers."""


def of(pid: int) -> int | None:
    """Bytes of memory, compressed ones included; None where this system does not tell."""
    room = ctypes.create_string_buffer(512)
    try:
        found = libc().proc_pid_rusage(ctypes.c_int(pid), ctypes.c_int(0), room)
    except AttributeError:
        return None
    return int.from_bytes(room.raw[_FOOTPRINT : _FOOTPRINT + 8], "little") if found == 0 else None


def watch(pid: int, memory: int) -> Callable[[], bool] | None:
    """Says whether the process holds more than `memory`; None where that cannot be known."""
    if of(pid) is None:
        return None
    return lambda: (of(pid) or 0) > memory + INTERPRETER
