"""One function of one submission in its isolated process, as the parent sees it: start, calls, outcomes, end."""

from __future__ import annotations

import contextlib
import marshal
import os
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quiz.grading import codec, locks
from quiz.grading.exchange import End, Frame, exchange, frame
from quiz.grading.outcome import LACKS, IsolationUnavailable, Kind, Limits, Outcome
from quiz.grading.submission import Submission

if TYPE_CHECKING:
    from answers.inputs import Case
    from quiz.grading.child import Opening
    from quiz.grading.process import Isolated

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
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
_SIGXCPU, _SIGSYS = 24, 31
_SHORT = 4_000


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
        self._broken = ""

    def start(self, process: Isolated, opening: Opening | None) -> None:
        """Take a fresh process; `opening` (and the code) are sent to it unless it was forked with them."""
        self.process = process
        self._waiting_since = time.monotonic()
        self.started = self.started or self._waiting_since
        self._locked = False
        self._broken = ""
        self.bound = None
        self._unsent = b""
        if opening is not None:
            out: list[bytes] = []
            codec.encode(tuple(opening), out)
            message = frame(b"O", b"".join(out)) + frame(b"C", marshal.dumps(self.submission.code))
            self._unsent = message[_try_write(process.outward, message) :]

    def stop(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.forget()
            self.process = None

    def call(self, cases: Sequence[Case], seconds: float) -> list[Outcome]:
        """One outcome per case within `seconds`."""
        if self.process is None:
            return [_late(seconds)] * len(cases)
        begin = self._waiting_since or time.monotonic()
        request = self._unsent + frame(b"Q", _request(self.function, cases))
        frames, end = exchange(self.process, request, begin + seconds)
        self._waiting_since, self._unsent = 0.0, b""
        self.used += time.monotonic() - begin
        return self._outcomes(frames, end, len(cases))

    def _outcomes(self, frames: list[Frame], end: End, count: int) -> list[Outcome]:
        reply = _Reply()
        try:
            for letter, payload in frames:
                self._take(letter, payload, reply)
            if end == "done" and reply.failed is None and len(reply.outcomes) != count:
                raise codec.Malformed("another number of answers than of calls")
            del reply.outcomes[count:]
        except (codec.Malformed, TypeError, ValueError, IndexError):
            end = "flood"
        ended = None if end == "done" and reply.failed is None else self._end(end)
        return reply.finished(count, ended, loading=self.bound is None)

    def _take(self, letter: bytes, payload: memoryview, reply: _Reply) -> None:
        reader = codec.Reader(payload)
        if letter == b"L" and not self._locked:
            self.layers = {str(name): bool(holds) for name, holds in reader.value()}
            self._locked = True
            missing = sorted(name for name in locks.FULL if not self.layers.get(name))
            if self.required and missing:
                self.stop()
                raise IsolationUnavailable(LACKS + ", ".join(missing))
        elif letter == b"B" and self._locked and self.bound is None:
            self.bound = tuple(str(name) for name in reader.value())
        elif letter == b"E" and self.bound is None:
            reply.failed = _error(reader, loading=True)
        elif letter == b"A":
            case, kind, event, line = reader.value()
            reply.note_attempt(int(case), Outcome("forbidden", error=clean(f"{kind}: {event}"), line=_line(line)))
        elif letter == b"R":
            while not reader.done:
                reply.outcomes.append(_result(reader))
        elif letter == b"X":
            self._broken = clean(str(reader.value()))
        elif letter == b"D":
            changed, printed = reader.value()
            reply.overwritten = frozenset(int(index) for index in changed)
            self.printed = clean(str(printed), self.limits.output)
        else:
            raise codec.Malformed("no such message")

    def _end(self, end: End) -> Outcome:
        """End the process after it failed; what is to be said of the calls it did not answer."""
        assert self.process is not None
        process, self.process = self.process, None
        status = process.end()
        if end == "late":
            return _late(self.limits.seconds)
        if end == "flood":
            return Outcome("malformed")
        if not self._locked:
            raise ConnectionError(f"the isolated process ended before it was locked. {self._broken}".strip())
        if self._broken:
            return Outcome("died", error=self._broken)
        return _died(status)


class _Reply:
    """What the messages of one round trip say."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.failed: Outcome | None = None
        self.overwritten: frozenset[int] = frozenset()
        self._attempts: dict[int, Outcome] = {}

    def note_attempt(self, case: int, outcome: Outcome) -> None:
        """Remember the first attempt of each case; -1 stands for loading."""
        self._attempts.setdefault(case, outcome)

    def finished(self, count: int, ended: Outcome | None, loading: bool) -> list[Outcome]:
        """All outcomes: an attempt outweighs what else the case did; an end stands for each case without an answer."""
        from answers.record import replace

        at_load = self._attempts.get(-1) or self.failed or (ended if loading else None)
        if at_load is not None:
            return [replace(at_load, loading=True)] * count
        outcomes = self.outcomes
        if ended is not None:
            outcomes = outcomes + [ended] * (count - len(outcomes))
        for case, attempt in self._attempts.items():
            if 0 <= case < count:
                outcomes[case] = attempt
        for case in self.overwritten:
            if 0 <= case < count and outcomes[case].kind == "value":
                outcomes[case] = replace(outcomes[case], overwritten=True)
        return outcomes


def clean(text: str, limit: int = _SHORT) -> str:
    """`text` without control and bidirectional characters, at most `limit` long."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text[:limit])


def _request(function: str, cases: Sequence[Case]) -> bytes:
    from answers.inputs import Seed

    out: list[bytes] = []
    codec.encode(function, out)
    out.append(len(cases).to_bytes(4, "little"))
    for case in cases:
        out.append(len(case.args).to_bytes(4, "little"))
        for argument in case.args:
            codec.encode(argument, out, Seed)
        out.append(len(case.kwargs).to_bytes(4, "little"))
        for name, argument in case.kwargs.items():
            codec.encode(name, out)
            codec.encode(argument, out, Seed)
    return b"".join(out)


def _result(reader: codec.Reader) -> Outcome:
    status = bytes(reader.take(1))
    if status == b"v":
        return Outcome("value", reader.value())
    if status == b"V":
        mutated, warned = reader.value()
        notes = tuple(clean(str(text)) for text in warned)
        return Outcome("value", reader.value(), mutated=tuple(int(index) for index in mutated), warnings=notes)
    if status == b"e":
        return _error(reader)
    raise codec.Malformed("no such answer")


_ERRORS: dict[str, Kind] = {"raised": "raised", "memory": "memory", "died": "died"}


def _error(reader: codec.Reader, loading: bool = False) -> Outcome:
    kind, message, line = reader.value()
    return Outcome(_ERRORS.get(kind, "raised"), error=clean(str(message)), line=_line(line), loading=loading)


def _line(line: object) -> int | None:
    return line if isinstance(line, int) and 0 < line < 1 << 24 else None


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


def _try_write(descriptor: int, message: bytes) -> int:
    with contextlib.suppress(OSError):
        return os.write(descriptor, message)
    return 0
