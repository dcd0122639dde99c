"""Seatbelt, the sandbox of macOS: from its call on, a process opens no file, reaches no other one and starts none.

`sandbox_init` is marked as deprecated since 2016 and is what browsers go on using; whether it holds is looked at, not believed.
"""

from __future__ import annotations

import ctypes
import os

_RULES = "(version 1) (deny default) (allow signal (target self))"
PROFILES = (
    # The libraries of linear algebra ask what the processor can do.
    f'{_RULES} (allow sysctl-read (sysctl-name-prefix "hw."))'.encode(),
    _RULES.encode(),  # for a system that does not know such a rule
)
_loaded: list[ctypes.CDLL] = []
_is_wanted = True


def prepare() -> None:
    """Load what `close` needs, for as long as libraries can be loaded."""
    if _is_wanted and not _loaded:
        library = ctypes.CDLL(None)
        try:
            library.sandbox_init.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_char_p)]
        except AttributeError:
            return
        _loaded.append(library)


def forget() -> None:
    """From now on `close` does nothing here, nor in processes forked from here."""
    global _is_wanted
    _is_wanted = False
    _loaded.clear()


def close() -> bool:
    """Lock this process in, for good; whether it holds: no file may be opened any more."""
    for library in _loaded:
        for profile in PROFILES:
            if library.sandbox_init(profile, 0, ctypes.byref(ctypes.c_char_p())) == 0:
                break
    return all(map(_is_refused, ("/", os.devnull, os.__file__)))


def _is_refused(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        return True
    except OSError:
        return False
    return False
