"""What can be set: names, kinds, bounds, and how a typed value is read. Pure; where they are kept is `quiz.store`.

A kept value that is none (an older or newer program wrote it, a file was edited) counts as not set.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from answers.model import Text
from quiz.catalogue import message
from quiz.schedule import DEFAULT_RETENTION

Get = Callable[[str], Any]
"""Reads what is kept under a name; None where there is nothing."""


class SettingError(ValueError):
    """What was typed is no value of the setting. `text` says in one line what would be."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few."""

    name: str
    options: tuple[str, ...]
    default: str

    def of(self, get: Get) -> str:
        """The value that is kept, or the default."""
        kept = get(self.name)
        return kept if isinstance(kept, str) and kept in self.options else self.default

    def stepped(self, value: str, by: int) -> str:
        """The option `by` places on, around the end."""
        return self.options[(self.options.index(value) + by) % len(self.options)]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in `low` .. `high`, typed in units of `unit` (a retention of 0.9 is typed as 90). `step`: one arrow key."""

    name: str
    low: float
    high: float
    default: float
    step: float = 1
    unit: float = 1

    def of(self, get: Get) -> float:
        """The value that is kept, or the default."""
        kept = get(self.name)
        fits = type(kept) in (int, float) and self.low <= kept <= self.high
        return kept if fits else self.default

    def stepped(self, value: float, by: int) -> float:
        """One arrow key from `value`, on to the next multiple of `step`, within the bounds."""
        count = round(value / self.step, 9)
        count = count + by if count == int(count) else int(count) + max(by, 0)
        return self._clean(min(max(count * self.step, self.low), self.high))

    def shown(self, value: float) -> str:
        """As it is typed."""
        return f"{value / self.unit:g}"

    def read(self, typed: str) -> float:
        """What was typed, by its value; a per cent sign and full-width digits are no harm."""
        try:
            value = self._clean(float(typed.strip().rstrip("%％ ")) * self.unit)
        except (ValueError, OverflowError):
            raise self._refused() from None
        if not self.low <= value <= self.high or (self._is_whole and value != int(value)):
            raise self._refused()
        return value

    @property
    def _is_whole(self) -> bool:
        return self.unit == 1 and self.step == int(self.step)

    def _clean(self, value: float) -> float:
        return int(value) if self._is_whole and value == int(value) else round(value, 6)

    def _refused(self) -> SettingError:
        low, high = self.shown(self.low), self.shown(self.high)
        if self._is_whole:
            return SettingError(message("settings.whole_number", low=low, high=high))
        return SettingError(message("settings.number", low=low, high=high))


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its arguments, or nothing."""

    name: str

    def of(self, get: Get) -> str:
        """The command that is kept, or the empty text."""
        kept = get(self.name)
        return kept if isinstance(kept, str) and not _fault(kept) else ""

    def read(self, typed: str) -> str:
        """What was typed, if it names a program that is installed; the empty text is nothing."""
        import shutil

        typed = typed.strip()
        if fault := _fault(typed):
            raise SettingError(fault)
        if typed and shutil.which(program := _split(typed)[0]) is None:
            raise SettingError(message("settings.no_program", program=program))
        return typed


def _split(command: str) -> list[str]:
    """A command's program, a leading ~ written out, and its arguments. ValueError for an open quote."""
    import shlex

    parts = shlex.split(command)
    return [os.path.expanduser(parts[0]), *parts[1:]] if parts else []  # noqa: PTH111 - it need be no path


def _fault(command: str) -> Text | None:
    """Why a command line is none."""
    try:
        parts = _split(command)
    except ValueError:
        return message("settings.open_quote")
    return message("settings.program_missing") if parts and not parts[0] else None


Setting = Choice | Number | Command

AUTO = "auto"
LANGUAGE = Choice("language", ("zh", "en"), "en")
THEME = Choice("theme", (AUTO, "ink", "paper", "ansi-dark", "ansi-light"), AUTO)
EDITOR = Command("editor")
RETENTION = Number("retention", 0.7, 0.97, DEFAULT_RETENTION, step=0.01, unit=0.01)
"""The share of reviews that should be recalled; FSRS sets its intervals by it. Outside these bounds it is of no use."""
NEW_PER_DAY = Number("new_per_day", 0, 100, 8)
REVIEWS_PER_DAY = Number("reviews_per_day", 0, 1000, 100, step=10)
TIME_LIMIT = Number("time_limit", 1, 600, 10)
"""Seconds that a graded function may take."""
MEMORY_LIMIT = Number("memory_limit", 128, 65536, 1024, step=128)
"""MiB that it may take."""

SETTINGS: tuple[Setting, ...] = (
    LANGUAGE,
    THEME,
    EDITOR,
    NEW_PER_DAY,
    REVIEWS_PER_DAY,
    RETENTION,
    TIME_LIMIT,
    MEMORY_LIMIT,
)
"""In the order in which they are shown."""
