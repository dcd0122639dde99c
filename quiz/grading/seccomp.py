"""The filter of system calls as a BPF program: an allow-list, so that calls of kernels to come are refused too."""

from __future__ import annotations

import errno
import functools
import platform
import struct

from quiz.grading.syscalls import ALLOWED, FATAL, NUMBERS, TO_ITSELF

ALLOW = 0x7FFF0000
KILL = 0x80000000
ERRNO = 0x00050000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`; an argument takes eight bytes, its low half first."""
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
"""Numbers from here on are the x32 interface of x86_64, with the same architecture tag."""
_PROT_EXEC = 4
_CLONE_THREAD = 0x10000
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, equal on both architectures."""


def supported(machine: str | None = None) -> bool:
    """Whether there is a table for this processor."""
    return (machine or platform.machine()) in NUMBERS


def program(pid: int, machine: str | None = None) -> bytes:
    """The filter of the process `pid`, eight bytes an instruction."""
    machine = machine or platform.machine()
    return _entry(machine) + _to_itself(pid, machine) + _rules(machine)


def _ins(code: int, k: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, k)


def _on(number: int, *body: bytes) -> bytes:
    """Run `body`, which ends in a return, if the call's number is `number`."""
    return _ins(_EQUAL, number, 0, len(body)) + b"".join(body)


def _returns(action: int) -> bytes:
    return _ins(_RETURN, action)


def _fails(number: int) -> bytes:
    return _returns(ERRNO | number)


def _argument(index: int) -> bytes:
    return _ins(_LOAD, _ARGUMENTS + 8 * index)


def _if_bits(mask: int, then: bytes, otherwise: bytes) -> tuple[bytes, bytes, bytes]:
    return _ins(_ANY_BIT, mask, 0, 1), then, otherwise


def _entry(machine: str) -> bytes:
    """Calls of another architecture end the process."""
    return b"".join(
        (
            _ins(_LOAD, _ARCHITECTURE),
            _ins(_EQUAL, _ARCHITECTURES[machine], 1, 0),
            _returns(KILL),
            _ins(_LOAD, _NUMBER),
            _ins(_AT_LEAST, _X32, 0, 1),
            _returns(KILL),
        )
    )


def _to_itself(pid: int, machine: str) -> bytes:
    numbers = NUMBERS[machine]
    target = (_argument(0), _ins(_EQUAL, pid, 0, 1), _returns(ALLOW), _returns(KILL))
    return b"".join(_on(numbers[name], *target) for name in TO_ITSELF)


@functools.cache
def _rules(machine: str) -> bytes:
    numbers = NUMBERS[machine]
    refused = _fails(errno.EPERM)
    rules = []
    for name in ALLOWED:
        if name in ("mmap", "mprotect"):  # all libraries are loaded; new code is not to be
            rules.append(_on(numbers[name], _argument(2), *_if_bits(_PROT_EXEC, refused, _returns(ALLOW))))
        elif name in numbers:
            rules.append(_on(numbers[name], _returns(ALLOW)))
    thread = _if_bits(_CLONE_THREAD, _fails(errno.EAGAIN), _returns(KILL))
    rules.append(_on(numbers["clone"], _argument(0), *thread))
    rules.append(_on(numbers["clone3"], _fails(errno.ENOSYS)))
    for name, flags in (("open", 1), ("openat", 2)):  # reading is refused softly: `time.localtime` tries it unasked
        if name in numbers:
            rules.append(_on(numbers[name], _argument(flags), *_if_bits(_WRITES, _returns(KILL), refused)))
    rules += [_on(numbers[name], _returns(KILL)) for name in FATAL if name in numbers]
    return b"".join(rules) + refused
