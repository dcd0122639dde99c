"""A line on standard error that says how far a batch is, how fast it goes and how long it will take."""

from __future__ import annotations

import os
from time import monotonic
from typing import IO

from answers.model import Language
from quiz.catalogue import message

EVERY = 0.1
WIDTH = 20


class Bar:
    """Rewritten in place where the stream is a terminal, silent elsewhere."""

    def __init__(self, total: int, stream: IO[str], language: Language) -> None:
        self._total = total
        self._stream = stream
        self._language = language
        self._is_shown = False
        self._is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._started = monotonic()
        self._drawn = 0.0
        self.done = 0
        self.passed = 0
        self.kept = 0
        """Of `done`, those that an earlier run graded: they say nothing of the rate."""

    def draw(self) -> None:
        """Show it, at most ten times a second."""
        now = monotonic()
        if not self._is_terminal or (self._is_shown and now - self._drawn < EVERY):
            return
        self._drawn = now
        self._is_shown = True
        self._stream.write("\r\x1b[K" + self.line(now - self._started))
        self._stream.flush()

    def clear(self) -> None:
        """Take it away, so that something else can be written to the terminal."""
        if self._is_shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._is_shown = False

    def line(self, seconds: float) -> str:
        """The text after so many seconds."""
        full = round(WIDTH * self.done / max(1, self._total))
        fresh = self.done - self.kept
        rate = fresh / seconds if seconds > 0 else 0.0
        left = clock((self._total - self.done) / rate) if rate > 0 else "--:--"
        return ("█" * full + "░" * (WIDTH - full)) + message(
            "grade.bar", done=self.done, total=self._total, passed=self.passed, rate=rate, left=left
        ).of(self._language)


def clock(seconds: float) -> str:
    """`3:07`, `1:02:09`."""
    minutes, seconds = divmod(min(round(seconds), 359_999), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
