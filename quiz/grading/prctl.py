"""What a process of the grader asks the kernel about itself: that nobody reads its memory, that it ends with its parent."""

from __future__ import annotations

import ctypes
import os
import sys

LINUX = sys.platform == "linux"
if not LINUX:
    import signal  # before the lock, behind which nothing can be imported
NO_NEW_PRIVS = 38
_SIGKILL, _SIGTERM = 9, 15
EVERY = 1.0
"""Seconds between two looks whether the parent is still there, where the kernel does not say."""
_PDEATHSIG, _DUMPABLE = 1, 4
_loaded: list[ctypes.CDLL] = []


def libc() -> ctypes.CDLL:
    """The C library of this process."""
    if not _loaded:
        library = ctypes.CDLL(None, use_errno=True)
        if LINUX:
            library.syscall.restype = ctypes.c_long
        _loaded.append(library)
    return _loaded[0]


def prctl(option: int, value: int) -> bool:
    """Whether the kernel did as asked; never elsewhere than on Linux."""
    if not LINUX:
        return False
    nothing = ctypes.c_ulong(0)
    return int(libc().prctl(option, ctypes.c_ulong(value), nothing, nothing, nothing)) == 0


def hide_memory() -> None:
    """No process of the same user may read this one's memory or trace it."""
    prctl(_DUMPABLE, 0)


def die_with(parent: int) -> None:
    """Have the kernel end this process with its parent; where it does not, Python looks once a second."""
    if LINUX:
        prctl(_PDEATHSIG, _SIGKILL)
    else:
        _look_for(parent, _SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _look_for(parent: int, end: int) -> None:
    def look(_number: int, _frame: object) -> None:
        if os.getppid() != parent:
            os.kill(os.getpid(), end)

    if hasattr(signal, "SIGALRM"):  # not on Windows
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)


def end_with(parent: int) -> None:
    """Have the kernel ask this process to end when its parent has; where it does not, Python looks once a second."""
    if LINUX:
        prctl(_PDEATHSIG, _SIGTERM)
    else:
        _look_for(parent, _SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
