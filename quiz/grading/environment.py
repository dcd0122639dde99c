"""Wipe the environment out of a process's memory: its variables may hold tokens of the person who grades."""

from __future__ import annotations

import ctypes
import os
from typing import Any


def scrub() -> bool:
    """Empty `os.environ` and overwrite every copy that Python and the C library keep; whether they were to be found."""
    known: dict[bytes, bytes] = os.environ._data  # type: ignore[attr-defined]
    copies = [text for pair in known.items() for text in pair]
    known.clear()
    for text in copies:
        if type(text) is bytes and len(text) > 1:  # shorter ones are shared by the whole interpreter
            ctypes.memset(id(text) + bytes.__basicsize__ - 1, 0, len(text))
    return _scrub_block()


def _scrub_block() -> bool:
    """The C library's pointers and the strings behind them, then the area in which the kernel put the first ones."""
    environ = _pointers()
    if environ is None:
        return False
    place = 0
    while environ and environ[place]:
        address = environ[place]
        ctypes.memset(address, 0, len(ctypes.string_at(address)))
        place += 1
    if environ:
        environ[0] = None
    try:
        with open("/proc/self/stat", "rb") as file:  # noqa: PTH123
            numbers = file.read().rpartition(b")")[2].split()
    except OSError:
        return True
    start, end = int(numbers[47]), int(numbers[48])  # env_start, env_end
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)
    return True


def _pointers() -> Any:
    """The C library's `environ`; macOS shows it to programs alone, and has a function for libraries. None: neither is there."""
    library, kind = ctypes.CDLL(None), ctypes.POINTER(ctypes.c_void_p)
    try:
        return kind.in_dll(library, "environ")
    except ValueError:
        find = getattr(library, "_NSGetEnviron", None)
        if find is None:
            return None
        find.restype = ctypes.POINTER(kind)
        return find().contents
