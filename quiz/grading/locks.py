"""The locks that a process closes behind itself before it runs a submission. See `available` for what holds here."""

from __future__ import annotations

import fcntl
import os
import resource

FULL = frozenset({"limits"})
"""Layers that `--require-isolation` asks for."""


def lock(memory: int, seconds: float) -> dict[str, bool]:
    """Close every lock there is; which of them hold."""
    with open("/proc/self/statm") as file:  # noqa: PTH123
        own = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (own + memory, own + memory))
    cpu = int(seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return {"limits": True}


def available() -> dict[str, bool]:
    """Which layers this system offers."""
    return {"limits": True}


def keep_only(*descriptors: int) -> list[int]:
    """Nothing on 0 to 2, `descriptors` from 3 on, every other one closed. They are moved up first, lest one overwrites another."""
    nothing = os.open(os.devnull, os.O_RDWR)
    moved = [fcntl.fcntl(d, fcntl.F_DUPFD, 30) for d in (nothing, nothing, nothing, *descriptors)]
    for target, source in enumerate(moved):
        os.dup2(source, target, inheritable=False)
    os.closerange(len(moved), os.sysconf("SC_OPEN_MAX"))
    return list(range(3, len(moved)))


def guard_server() -> None:
    """What a fork server does about itself: no other process may read its memory."""
