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
_SOMEBODY = 0xFFFFFFFF
"""Stands for the process in a filter that is made ahead."""
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, equal on both architectures."""


def supported(machine: str | None = None) -> bool:
    """Whether there is a table for this processor."""
    return (machine or platform.machine()) in NUMBERS


def program(pid: int, machine: str | None = None) -> bytes:
    """The filter of the process `pid`, eight bytes an instruction."""
    return _template(machine or platform.machine()).replace(_is_it(_SOMEBODY), _is_it(pid))


def _ins(code: int, k: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, k)


def _returns(action: int) -> bytes:
    return _ins(_RETURN, action)


def _fails(number: int) -> bytes:
    return _returns(ERRNO | number)


def _argument(index: int) -> bytes:
    return _ins(_LOAD, _ARGUMENTS + 8 * index)


def _if_bits(mask: int, then: bytes, otherwise: bytes) -> bytes:
    return _ins(_ANY_BIT, mask, 0, 1) + then + otherwise


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


def _is_it(pid: int) -> bytes:
    """Whether what was loaded is this process."""
    return _ins(_EQUAL, pid, 0, 1)


@functools.cache
def _template(machine: str) -> bytes:
    """The whole filter, of a process that does not exist."""
    return _entry(machine) + _tree(_ranges(_rules(NUMBERS[machine])))


def _rules(numbers: dict[str, int]) -> dict[int, bytes]:
    """What is done about each call that is listed: instructions that end in a return."""
    refused = _fails(errno.EPERM)
    itself = _argument(0) + _is_it(_SOMEBODY) + _returns(ALLOW) + _returns(KILL)
    rules = {numbers[name]: itself for name in TO_ITSELF}
    for name in ALLOWED:
        if name in ("mmap", "mprotect"):  # all libraries are loaded; new code is not to be
            rules[numbers[name]] = _argument(2) + _if_bits(_PROT_EXEC, refused, _returns(ALLOW))
        elif name in numbers:
            rules[numbers[name]] = _returns(ALLOW)
    rules[numbers["clone"]] = _argument(0) + _if_bits(_CLONE_THREAD, _fails(errno.EAGAIN), _returns(KILL))
    rules[numbers["clone3"]] = _fails(errno.ENOSYS)
    for name, flags in (("open", 1), ("openat", 2)):  # reading is refused softly: `time.localtime` tries it unasked
        if name in numbers:
            rules[numbers[name]] = _argument(flags) + _if_bits(_WRITES, _returns(KILL), refused)
    for name in FATAL:
        if name in numbers:
            rules.setdefault(numbers[name], _returns(KILL))
    return rules


def _ranges(rules: dict[int, bytes]) -> list[tuple[int, bytes]]:
    """First number and body of each run of calls that are treated alike; a call in no list gives EPERM."""
    refused = _fails(errno.EPERM)
    ranges = [(0, refused)]
    for number in range(max(rules) + 2):
        body = rules.get(number, refused)
        if body != ranges[-1][1]:
            ranges.append((number, body))
    return ranges[1:] if rules.get(0, refused) != refused else ranges


def _tree(ranges: list[tuple[int, bytes]]) -> bytes:
    """Finds a call's range by halving: the kernel runs the filter for every number there is when it takes it."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    below, above = _tree(ranges[:middle]), _tree(ranges[middle:])
    return _ins(_AT_LEAST, ranges[middle][0], len(below) // 8, 0) + below + above
