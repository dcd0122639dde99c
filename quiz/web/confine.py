"""A visitor's process keeps to its own folder: Landlock lets it read the programs it runs and write where its progress lies.

The app offers a visitor nothing that names a file of this machine; this is for what a mistake in it would offer. It holds for
every process that is started from here, the graders' included. Where the kernel has no Landlock nothing is confined, and
`confine` says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""The numbers of Landlock's calls are the same on every processor that Linux runs on."""
_NO_NEW_PRIVS = 38
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_READ = _READ_FILE | _READ_DIR
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys/devices/system/cpu", "/sys/fs/cgroup", "/nix/store")


def confine(writable: Iterable[Path], readable: Iterable[Path] = ()) -> bool:
    """From now on write beneath `writable` alone, and read there, beneath `readable` and what Python and the system need."""
    if sys.platform != "linux":  # these numbers are other calls there
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long

    def call(number: int, *arguments: object) -> int:
        return int(libc.syscall(ctypes.c_long(number), *arguments))

    version = call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        return False
    # Everything that this kernel knows but execution and device control: a process here runs what it may read.
    handled = ((1 << {1: 13, 2: 14}.get(version, 15)) - 1) & ~1
    rules = ctypes.create_string_buffer(struct.pack("=Q", handled), 8)
    ruleset = call(_CREATE, rules, ctypes.c_size_t(8), ctypes.c_uint32(0))
    if ruleset < 0:
        return False

    def allow(path: str, rights: int) -> None:
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
            if not Path(path).is_dir():
                rights &= _WRITE_FILE | _READ_FILE | _TRUNCATE
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights & handled, handle), 12)
            call(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
            os.close(handle)

    for path in (*_SYSTEM, *_python(), *map(str, readable)):
        allow(path, _READ)
    for path in ("/dev/null", "/dev/zero", "/dev/urandom", *map(str, writable)):
        allow(path, handled)
    libc.prctl(_NO_NEW_PRIVS, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    held = call(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return held


def _python() -> Iterator[str]:
    """Where this Python and everything that it imports lie."""
    yield from {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.realpath(sys.executable)}
    yield from {path for path in sys.path if path}
    yield str(Path(__file__).parents[2])
