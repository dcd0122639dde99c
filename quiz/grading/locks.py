"""The locks that a process closes behind itself before it runs a submission.

On Linux: resource limits, an empty environment, no new privileges, no capabilities, namespaces without network where the
system grants them, Landlock without a single rule, and a seccomp allow-list. Each says whether it holds. Elsewhere there
are resource limits, an empty environment and, on macOS, Seatbelt.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable

from quiz.grading import environment
from quiz.grading.prctl import LINUX, NO_NEW_PRIVS, die_with, hide_memory, libc, prctl

if not LINUX:
    from quiz.grading import footprint, seatbelt

MACOS = sys.platform == "darwin"
LAYERS: tuple[str, ...] = (
    "limits",
    "environment",
    "no-new-privileges",
    "capabilities",
    "namespaces",
    "landlock",
    "seccomp",
)
if not LINUX:
    LAYERS = (*LAYERS, "memory", *(("seatbelt",) if MACOS else ()))

_SECCOMP = 22
_CALLS = {
    "x86_64": {"capset": 126, "seccomp": 317, "landlock_create_ruleset": 444, "landlock_restrict_self": 446},
    "aarch64": {"capset": 91, "seccomp": 277, "landlock_create_ruleset": 444, "landlock_restrict_self": 446},
}
_NUMBERS = _CALLS.get(platform.machine(), {})
_NEW_IPC, _NEW_USER, _NEW_NET = 0x08000000, 0x10000000, 0x40000000

_no_filter: Callable[[int], bytes] = lambda pid: b""
_filter = _no_filter
_separate = False
"""Whether this process, or the server it comes from, has namespaces of its own."""
_wiped = False
"""Whether the environment of this process, or of the server it comes from, is gone from its memory."""


def _call(name: str, *arguments: object) -> int:
    number = _NUMBERS.get(name)
    return -1 if number is None else int(libc().syscall(ctypes.c_long(number), *arguments))


# ---------------------------------------------------------------- all of them


def lock(memory: int, seconds: float, parent: int) -> dict[str, bool]:
    """Close every lock there is, for good; which of them hold. `parent`: the process that this one must not outlive."""
    holds = dict.fromkeys(LAYERS, False)
    if not LINUX:
        return holds | _lock_elsewhere(memory, seconds, parent)
    holds["limits"] = _limit(memory, seconds)
    die_with(parent)
    hide_memory()
    holds["environment"] = _scrub()
    holds["no-new-privileges"] = prctl(NO_NEW_PRIVS, 1)
    holds["namespaces"] = _separate or _unshare()  # forked by a server, it is in the namespaces of that
    holds["capabilities"] = _drop_capabilities()
    holds["landlock"] = _forbid_files()
    holds["seccomp"] = _filter_calls()
    return holds


def _lock_elsewhere(memory: int, seconds: float, parent: int) -> dict[str, bool]:
    die_with(parent)
    holds = {"environment": _scrub(), "memory": footprint.of(os.getpid()) is not None}
    if MACOS:
        holds["seatbelt"] = seatbelt.close()
    holds["limits"] = _limit(memory, seconds)
    if not MACOS:
        holds["memory"] = _limit_memory(memory)
    return holds


def available() -> dict[str, bool]:
    """Which layers hold here, tried in a process of its own."""
    import subprocess

    project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    trial = (
        f"import os, sys; sys.path.insert(0, {project!r}); from quiz.grading import locks; locks.guard_server();"
        "holds = locks.lock(1 << 30, 10, os.getppid()); os.write(1, ' '.join(n for n in holds if holds[n]).encode())"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", trial], capture_output=True, env={}, check=False, timeout=60
    )
    holding = run.stdout.decode("ascii", "replace").split()
    return {name: name in holding for name in LAYERS}


def guard_server() -> None:
    """What a fork server does about itself: its memory is closed, its environment gone, its network where possible."""
    global _separate
    prepare()
    _scrub()
    if LINUX:
        hide_memory()
        _separate = _separate or _unshare()


def prepare() -> None:
    """Load what the locks need, for as long as modules can be loaded. A parent that only forks does not need it."""
    global _filter
    if not LINUX:
        seatbelt.prepare()
        return
    if _filter is not _no_filter:
        return
    from quiz.grading import seccomp

    machine = platform.machine()
    if seccomp.supported(machine):
        _filter = lambda pid: seccomp.program(pid, machine)
        _filter(0)


# ---------------------------------------------------------------- one by one


def keep_only(*descriptors: int, streams: bool = True) -> list[int]:
    """Nothing on 0 to 2, `descriptors` from 3 on, every other one closed. Without `streams` 0 to 2 are left as they are."""
    nothing = [os.open(os.devnull, os.O_RDWR)] * 3 if streams else []
    first = 0 if streams else 3
    # Moved up first, lest one is put where another still lies.
    moved = [fcntl.fcntl(d, fcntl.F_DUPFD, 30) for d in (*nothing, *descriptors)]
    for target, source in enumerate(moved, first):
        os.dup2(source, target, inheritable=False)
    os.closerange(3 + len(descriptors), _highest())
    return list(range(3, 3 + len(descriptors)))


def _highest() -> int:
    """No descriptor is above it. Where they are closed one by one, and the system knows no limit, few enough for that."""
    highest = os.sysconf("SC_OPEN_MAX")
    return highest if LINUX or 0 < highest < _MANY else _MANY


_MANY = 1 << 16
_INTERPRETER = 1 << 30
"""Address space that Python and NumPy take, generously, where the system does not say."""
_FIXED = tuple(
    (getattr(resource, f"RLIMIT_{name}"), (most, most))
    for name, most in (("CORE", 0), ("FSIZE", 0), ("NPROC", 0), ("NOFILE", 8), ("MSGQUEUE", 0))
    if hasattr(resource, f"RLIMIT_{name}")  # not every system has each
)


def _limit(memory: int, seconds: float) -> bool:
    processor = int(seconds) + 2
    limits = [*_FIXED, (resource.RLIMIT_CPU, (processor, processor + 1))]
    own = _own_memory()
    if own is not None:
        limits.append((resource.RLIMIT_AS, (own + memory, own + memory)))
    for limit, most in limits:
        try:
            resource.setrlimit(limit, most)
        except (OSError, ValueError):
            continue
    return resource.getrlimit(resource.RLIMIT_CPU)[0] == processor


def _limit_memory(memory: int) -> bool:
    """For a system that does not say how much this process uses: on top of what it will hardly use."""
    kind = getattr(resource, "RLIMIT_AS", resource.RLIMIT_DATA)
    most = _INTERPRETER + memory
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        return False
    return True


def _own_memory() -> int | None:
    """Bytes of address space in use; the limit is on top of what Python and NumPy take."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)  # a file object would cost more than all limits
        try:
            return int(os.read(file, 64).split()[0]) * resource.getpagesize()
        finally:
            os.close(file)
    except OSError:
        return None


def _scrub() -> bool:
    """Once: what was wiped before the fork is wiped after it."""
    global _wiped
    if not _wiped:
        _wiped = environment.scrub()
    return _wiped and not os.environ


_CAPABILITIES = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0), 8)
_NONE_OF_THEM = ctypes.create_string_buffer(24)


def _drop_capabilities() -> bool:
    return _call("capset", _CAPABILITIES, _NONE_OF_THEM) == 0


def _unshare() -> bool:
    """Namespaces without network and without shared memory of others; as an ordinary user inside a user namespace."""
    separate = _NEW_NET | _NEW_IPC
    return any(int(libc().unshare(flags)) == 0 for flags in (separate, separate | _NEW_USER))


def _forbid_files() -> bool:
    """Landlock: every right that this kernel knows is handled, and no rule grants any."""
    version = _call("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        return False
    file_rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network, scope = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    rules = struct.pack("=QQQ", file_rights, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    size = ctypes.c_size_t(len(rules))
    ruleset = _call("landlock_create_ruleset", ctypes.create_string_buffer(rules, len(rules)), size, ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    held = _call("landlock_restrict_self", ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return held


def _filter_calls() -> bool:
    rules = _filter(os.getpid())
    if not rules:
        return False
    area = ctypes.create_string_buffer(rules, len(rules))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(rules) // 8, ctypes.addressof(area)), 16)
    if _call("seccomp", ctypes.c_uint(1), ctypes.c_uint(0), header) == 0:
        return True
    return int(libc().prctl(_SECCOMP, ctypes.c_ulong(2), header, ctypes.c_ulong(0), ctypes.c_ulong(0))) == 0
