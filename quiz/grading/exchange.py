"""Messages to and from an isolated process against a deadline. Whatever it does, it can neither block nor flood us."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from typing import Literal, Protocol

from quiz.grading.messages import HEADER

MAX_REPLY = 64 << 20
"""Bytes of one reply; far above what any task returns."""
MAX_FRAMES = 100_000
OVERDUE = 4
"""Looks after the deadline: what lies there by then came in time, had we not been busy with something else."""
LETTERS = frozenset((b"L", b"B", b"E", b"A", b"R", b"X", b"D"))
"""Locked, bound, error while loading, attempt, results, broken, done."""

LOOK_EVERY = 50
"""Milliseconds between two looks at how much memory it holds, where no limit holds it."""

End = Literal["done", "closed", "late", "flood", "full"]
Frame = tuple[bytes, memoryview]


class Process(Protocol):
    """The parent's handle of an isolated process."""

    inward: int
    """Descriptor to read from, not blocking."""
    outward: int
    """Descriptor to write to, not blocking."""

    def end(self) -> int:
        """Kill it where it still runs, and return the status that `waitpid` gives. Closes the descriptors.

        ConnectionError where that is not to be had, because what forked it is gone.
        """

    def forget(self) -> None:
        """Kill it without asking what became of it. Closes the descriptors."""


def exchange(
    process: Process,
    request: bytes,
    until: float,
    last: bytes = b"DE",
    is_full: Callable[[], bool] | None = None,
) -> tuple[list[Frame], End]:
    """Send `request`, collect messages up to one whose letter is in `last`; `until` is on `time.monotonic`.

    `is_full`: asked now and then whether the process holds too much memory.
    """
    rest = memoryview(request)
    collected = _Collected()
    poll = select.poll()
    poll.register(process.inward, select.POLLIN)
    if rest:
        poll.register(process.outward, select.POLLOUT)
    overdue = 0
    while True:
        left = until - time.monotonic()
        wait = max(0.0, left * 1000 + 1)
        ready = poll.poll(wait if is_full is None else min(wait, LOOK_EVERY))
        if is_full is not None and not ready and is_full():
            return collected.frames, "full"
        overdue += left <= 0
        if overdue and (not ready or overdue > OVERDUE):
            return collected.frames, "late"
        for descriptor, event in ready:
            if descriptor == process.outward:
                rest = _write(process.outward, rest) if not event & (select.POLLERR | select.POLLHUP) else rest[:0]
                if not rest:
                    poll.unregister(process.outward)
                continue
            end = collected.read(process.inward, last)
            if end is not None:
                return collected.frames, end


def _write(descriptor: int, rest: memoryview) -> memoryview:
    try:
        return rest[os.write(descriptor, rest) :]
    except BlockingIOError:
        return rest
    except OSError:  # the reader is gone; reading will say so
        return rest[:0]


class _Collected:
    """Bytes as they come, cut into messages."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._pieces: list[bytes] = []
        self._have = 0
        self._need = HEADER.size
        self._total = 0

    def read(self, descriptor: int, last: bytes) -> End | None:
        """Take what has come; say how it ended, if it did."""
        try:
            piece = os.read(descriptor, 1 << 20)
        except BlockingIOError:
            return None
        except OSError:
            return "closed"
        if not piece:
            return "closed"
        self._pieces.append(piece)
        self._have += len(piece)
        self._total += len(piece)
        if self._have >= self._need:
            end = self._cut(last)
            if end is not None:
                return end
        return "flood" if self._total > MAX_REPLY or len(self.frames) > MAX_FRAMES else None

    def _cut(self, last: bytes) -> End | None:
        """Cut every whole message off and learn how long the next will be."""
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        place = 0
        end: End | None = None
        self._need = HEADER.size
        while end is None and len(data) - place >= HEADER.size:
            letter, length = HEADER.unpack_from(data, place)
            if letter not in LETTERS or length > MAX_REPLY:
                return "flood"
            if len(data) - place < HEADER.size + length:
                self._need = HEADER.size + length
                break
            self.frames.append((letter, memoryview(data)[place + HEADER.size : place + HEADER.size + length]))
            place += HEADER.size + length
            end = "done" if letter in last else None
        self._pieces, self._have = [data[place:]], len(data) - place
        return end
