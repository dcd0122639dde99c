"""The filter of system calls, instruction by instruction, and what can be said of the locks without a hostile program."""

from __future__ import annotations

import errno
import platform
import re
import struct
from pathlib import Path

import pytest

from quiz.grading import seccomp, syscalls

PID = 4242
TAGS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES = sorted(TAGS)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def verdict(program: bytes, number: int, arguments: tuple[int, ...] = (), tag: int = 0) -> int:
    """What the kernel's interpreter would return for a call."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, tag, 0, *(a & (2**64 - 1) for a in padded))
    accumulator = place = 0
    for _ in range(10_000):
        code, jump_true, jump_false, k = struct.unpack_from("=HBBI", program, 8 * place)
        place += 1
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, k)[0]
        elif code == 0x06:
            return int(k)
        else:
            holds = {0x15: accumulator == k, 0x35: accumulator >= k, 0x45: bool(accumulator & k)}[code]
            place += jump_true if holds else jump_false
    raise AssertionError("the program does not end")


def call(machine: str, name: str, *arguments: int) -> int:
    return verdict(seccomp.program(PID, machine), syscalls.NUMBERS[machine][name], arguments, TAGS[machine])


EPERM = seccomp.ERRNO | errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_every_path_of_the_program_ends_inside_it(machine: str) -> None:
    program = seccomp.program(PID, machine)
    count = len(program) // 8
    assert count <= 4096  # the kernel's limit
    for place in range(count):
        code, jump_true, jump_false, _ = struct.unpack_from("=HBBI", program, 8 * place)
        assert code in (0x20, 0x15, 0x35, 0x45, 0x06)
        if code != 0x06:
            assert place + 1 + max(jump_true, jump_false) < count
    assert struct.unpack_from("=HBBI", program, 8 * (count - 1))[0] == 0x06


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_outside_of_the_lists_is_allowed(machine: str) -> None:
    numbers = syscalls.NUMBERS[machine]
    program = seccomp.program(PID, machine)
    known = set(numbers.values())
    for number in range(700):
        if number not in known:
            assert verdict(program, number, (), TAGS[machine]) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", syscalls.ALLOWED)
def test_the_allowed_are_allowed(machine: str, name: str) -> None:
    if name in syscalls.NUMBERS[machine]:
        assert call(machine, name) == seccomp.ALLOW


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", syscalls.FATAL)
def test_the_fatal_are_fatal(machine: str, name: str) -> None:
    if name in syscalls.NUMBERS[machine]:
        assert call(machine, name) == seccomp.KILL


def test_the_two_lists_share_nothing() -> None:
    assert not set(syscalls.ALLOWED) & set(syscalls.FATAL)
    assert not {"open", "openat", "clone", "execve", "socket", "ioctl", "prctl"} & set(syscalls.ALLOWED)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", ["mmap", "mprotect"])
def test_memory_is_never_made_executable(machine: str, name: str) -> None:
    assert call(machine, name, 0, 4096, 3) == seccomp.ALLOW
    assert all(call(machine, name, 0, 4096, protection) == EPERM for protection in (4, 5, 6, 7))


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_reach_the_process_itself_alone(machine: str) -> None:
    for name in syscalls.TO_ITSELF:
        assert call(machine, name, PID, 9) == seccomp.ALLOW
        for other in (1, 0, -1, PID + 1):
            assert call(machine, name, other, 9) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_are_refused_and_processes_are_fatal(machine: str) -> None:
    assert call(machine, "clone", 0x3D0F00) == seccomp.ERRNO | errno.EAGAIN
    assert call(machine, "clone", 17) == seccomp.KILL
    assert call(machine, "clone3") == seccomp.ERRNO | errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_opening_to_read_is_refused_and_to_write_is_fatal(machine: str) -> None:
    for flags in (1, 2, 0o101, 0o1001, 0o100, 0o1000):
        assert call(machine, "openat", 0, 0, flags) == seccomp.KILL
    assert call(machine, "openat", 0, 0, 0o2000000) == EPERM
    if machine == "x86_64":
        assert call(machine, "open", 0, 0) == EPERM
        assert call(machine, "open", 0, 1) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_other_architectures_are_fatal(machine: str) -> None:
    program = seccomp.program(PID, machine)
    for tag in (0, 0x40000003, 0x40000028, *(t for m, t in TAGS.items() if m != machine)):
        assert verdict(program, 0, (), tag) == seccomp.KILL


@pytest.mark.parametrize("number", [0x40000000, 0x40000002, 0x7FFFFFFF, 0xFFFFFFFF])
def test_x32_numbers_are_fatal(number: int) -> None:
    assert verdict(seccomp.program(PID, "x86_64"), number, (), TAGS["x86_64"]) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_the_kernels(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", HEADERS[machine].read_text())
    header = {name: int(number) for name, number in found}
    table = syscalls.NUMBERS[machine]
    missing = {name for name in table if name not in header}
    assert missing <= {"fchmodat2"}  # younger than some headers
    assert {name: header[name] for name in table if name in header} == {
        name: number for name, number in table.items() if name in header
    }


def test_an_unknown_processor_has_no_filter() -> None:
    assert not seccomp.supported("riscv64")
    assert seccomp.supported("x86_64")
    assert seccomp.supported("aarch64")
    assert seccomp.supported() == (platform.machine() in TAGS)
