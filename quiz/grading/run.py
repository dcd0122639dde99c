"""One function of one submission in its isolated process, as the parent sees it: start, calls, outcomes, end."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from quiz.grading import calls, codec, messages
from quiz.grading.exchange import End, Frame, exchange
from quiz.grading.messages import HEADER, Opening, frame
from quiz.grading.outcome import LACKS, IsolationUnavailable, Limits, Outcome
from quiz.grading.prctl import LINUX
from quiz.grading.replies import Reply, clean, read_error
from quiz.grading.submission import Submission

if TYPE_CHECKING:
    from answers.inputs import Case
    from quiz.grading.process import Isolated

_SIGNALS = {
    4: "SIGILL",
    5: "SIGTRAP",
    6: "SIGABRT",
    7: "SIGBUS",
    8: "SIGFPE",
    9: "SIGKILL",
    11: "SIGSEGV",
    15: "SIGTERM",
}
"""As Linux counts them."""
_SIGXCPU, _SIGSYS = 24, 31
if not LINUX:
    import signal

    from quiz.grading import footprint

    _SIGNALS = {number.value: number.name for number in signal.Signals}
    _SIGXCPU, _SIGSYS = signal.SIGXCPU, signal.SIGSYS


class Run:
    """The process of one function. `start`, then `call` any number of times, then `stop`."""

    def __init__(self, function: str, submission: Submission, limits: Limits, required: bool) -> None:
        self.function = function
        self.submission = submission
        self.limits = limits
        self.required = required
        self.process: Isolated | None = None
        self.started = 0.0
        self.used = 0.0
        """Seconds of its limit that are spent."""
        self.bound: tuple[str, ...] | None = None
        self.printed = ""
        self.layers: dict[str, bool] = {}
        self._waiting_since = 0.0
        self._unsent = b""
        self._locked = False
        self._is_fresh = True
        """Nothing was asked of it yet."""
        self._broken = ""

    def start(self, process: Isolated, opening: Opening) -> None:
        """Take a fresh process, which waits for its opening and its code."""
        self.process = process
        self._waiting_since = monotonic()
        self.started = self.started or self._waiting_since
        self._locked = False
        self._is_fresh = True
        self._broken = ""
        self.bound = None
        message = frame(b"O", marshal.dumps((vars(opening), self.submission.code)))
        self._unsent = _write(process.outward, [message])

    def stop(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.forget()
            self.process = None

    def call(
        self, cases: Sequence[Case], seconds: float, meanwhile: Callable[[], object] | None = None
    ) -> Sequence[Outcome]:
        """One outcome per case within `seconds`. `meanwhile` is called while the process is at work."""
        if self.process is None:
            return [_late(seconds)] * len(cases)
        begin = self._waiting_since or monotonic()
        self._send(self._request(cases))
        if isinstance(cases, calls.Batch) and self._is_fresh:
            self.process.hold(cases)
        self._is_fresh = False
        if meanwhile is not None:
            meanwhile()
        return self._answered(begin, seconds, len(cases))

    def call_in_parts(
        self, parts: Iterable[Sequence[Case]], seconds: float, meanwhile: Callable[[], object]
    ) -> Sequence[Outcome]:
        """As `call` on the cases of all parts, each of which is sent when it is there."""
        if self.process is None:
            return [_late(seconds)] * sum(map(len, parts))
        begin = self._waiting_since or monotonic()
        count = 0
        for part in parts:
            self._send(self._asking(b"P", part))
            count += len(part)
        self._send(self._asking(b"Q", ()))
        self._is_fresh = False
        meanwhile()
        return self._answered(begin, seconds, count)

    def _send(self, pieces: list[bytes]) -> None:
        """Send as much as the pipe takes now; the rest goes out with what follows, or while the answer is waited for."""
        assert self.process is not None
        self._unsent = _write(self.process.outward, [self._unsent, *pieces])

    def _answered(self, begin: float, seconds: float, count: int) -> Reply:
        assert self.process is not None
        is_full = None if LINUX else footprint.watch(self.process.pid, self.limits.memory)
        frames, end = exchange(self.process, self._unsent, begin + seconds, is_full=is_full)
        self._waiting_since, self._unsent = 0.0, b""
        self.used += monotonic() - begin
        return self._reply(frames, end, count)

    def _request(self, cases: Sequence[Case]) -> list[bytes]:
        """The message that asks for the cases; by their number alone where the process was born with them."""
        assert self.process is not None
        if isinstance(cases, calls.Batch) and self._is_fresh and cases.number in self.process.held:
            return [frame(b"H", calls.reference(self.function, cases))]
        return self._asking(b"Q", cases)

    def _asking(self, letter: bytes, cases: Sequence[Case]) -> list[bytes]:
        """The message that asks for these cases: Q for all that is asked or the last of it, P where more follows."""
        head, packed = calls.request(self.function, cases)
        return [HEADER.pack(letter, len(head) + len(packed)), head, packed]

    def _reply(self, frames: list[Frame], end: End, count: int) -> Reply:
        reply = Reply(count, self._flooded)
        try:
            for letter, payload in frames:
                self._take(letter, payload, reply)
        except (codec.Malformed, TypeError, ValueError, IndexError):
            end = "flood"
        if end != "done" or reply.failed is not None:
            reply.ended, reply.loading = self._end(end), self.bound is None
        return reply

    def _take(self, letter: bytes, payload: memoryview, reply: Reply) -> None:
        if letter == b"R":
            reply.take_results(payload)
            return
        reader = codec.Reader(payload)
        if letter == b"L" and not self._locked:
            self.layers = {str(name): bool(holds) for name, holds in reader.value()}
            self._locked = True
            missing = sorted(name for name in messages.FULL if not self.layers.get(name))
            if self.required and missing:
                self.stop()
                raise IsolationUnavailable(LACKS + ", ".join(missing))
        elif letter == b"B" and self._locked and self.bound is None:
            self.bound = tuple(str(name) for name in reader.value())
        elif letter == b"E" and self.bound is None:
            reply.failed = read_error(reader, loading=True)
        elif letter == b"A":
            reply.take_attempt(reader)
        elif letter == b"X":
            self._broken = clean(str(reader.value()))
        elif letter == b"D":
            self.printed = clean(reply.take_end(reader), self.limits.output)
        else:
            raise codec.Malformed("no such message")

    def _flooded(self) -> Outcome:
        """What it wrote is no answer: the process is ended."""
        self.stop()
        return _malformed()

    def _end(self, end: End) -> Outcome:
        """End the process after it failed; what is to be said of the calls it did not answer."""
        assert self.process is not None
        process, self.process = self.process, None
        status = process.end()
        if end == "late":
            return _late(self.limits.seconds)
        if end == "flood":
            return _malformed()
        if end == "full":
            return Outcome("memory", error=f"{self.limits.memory >> 20} MiB")
        if not self._locked:
            raise ConnectionError(f"the isolated process ended before it was locked. {self._broken}".strip())
        if self._broken:
            return Outcome("died", error=self._broken)
        return _died(status)


def _malformed() -> Outcome:
    return Outcome("malformed")


def _late(seconds: float) -> Outcome:
    return Outcome("timeout", error=f"{seconds:g} s")


def _died(status: int) -> Outcome:
    if not os.WIFSIGNALED(status):
        return Outcome("died", error=f"status {os.waitstatus_to_exitcode(status)}")
    number = os.WTERMSIG(status)
    if number == _SIGSYS:
        return Outcome("forbidden", error="system: seccomp")
    if number == _SIGXCPU:
        return Outcome("timeout", error="SIGXCPU")
    return Outcome("died", error=_SIGNALS.get(number, f"signal {number}"))


def _write(descriptor: int, pieces: list[bytes]) -> bytes:
    """Write what the pipe takes at once; the rest."""
    try:
        written = os.writev(descriptor, pieces)
    except OSError:
        written = 0
    return b"" if written == sum(map(len, pieces)) else b"".join(pieces)[written:]
