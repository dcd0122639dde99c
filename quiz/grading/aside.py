"""Work beside this process: a fork of it does one thing while it goes on with another, on a second processor."""

from __future__ import annotations

import contextlib
import marshal
import os
from collections.abc import Callable
from typing import Any

from quiz.grading.prctl import die_with


def aside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begin `work`, whose result `marshal` can hold; calling what is returned waits for that result.

    It may be called once. Where a fork is not to be had, or ends without a result, the work is done by that call.
    """
    reader, writer = os.pipe()
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return work
    if pid == 0:
        try:
            die_with(parent)
            rest = memoryview(marshal.dumps(work()))
            while rest:
                rest = rest[os.write(writer, rest) :]
            os.close(writer)  # at once: the end of a process closes it only when its memory is taken down
        finally:
            os._exit(0)
    os.close(writer)

    def result() -> Any:
        pieces = []
        with open(reader, "rb", buffering=0) as file:  # noqa: PTH123
            while piece := file.read(1 << 16):
                pieces.append(piece)
        os.waitpid(pid, os.WNOHANG)  # where it has not quite ended, it does with this process
        try:
            return marshal.loads(b"".join(pieces))
        except (EOFError, ValueError, TypeError):
            return work()

    return result


def is_possible() -> bool:
    """Whether there is a second processor, and no other thread, which a fork would leave behind in the middle of something."""
    with contextlib.suppress(OSError, AttributeError):
        return len(os.sched_getaffinity(0)) > 1 and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    return False
