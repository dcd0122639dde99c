"""The review log counted by SQLite, so that a hundred thousand reviews cost the screen nothing.

A review's state is told by how long the card had rested: never seen (`new`), less than a day (`learning`), less than
three weeks (`young`), longer (`mature`). Only the last two say something about memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from quiz.schedule import DAY
from quiz.session import KNOWN_STABILITY

T = TypeVar("T")
STATES = ("new", "learning", "young", "mature")

_LIVE = """
    SELECT id, card, at, grade, seconds, lag(at) OVER (PARTITION BY card ORDER BY at, uid) AS before
    FROM reviews
    WHERE undoes IS NULL AND uid NOT IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL)
"""
_BY_DAY = f"""
    SELECT date(at / 1000, 'unixepoch', 'localtime'),
           CASE WHEN before IS NULL THEN 'new' WHEN at - before < {DAY} THEN 'learning'
                WHEN at - before < {int(KNOWN_STABILITY * DAY)} THEN 'young' ELSE 'mature' END,
           substr(card, 1, instr(card, ':') - 1), count(*), sum(grade > 1), total(seconds)
    FROM ({_LIVE}) GROUP BY 1, 2, 3
"""
_PER_DAY = """
    SELECT date(at / 1000, 'unixepoch', 'localtime'), count(*) FROM reviews
    WHERE undoes IS NULL AND uid NOT IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL) GROUP BY 1
"""
_BY_CARD = f"SELECT card, count(*), sum(grade = 1) FROM ({_LIVE}) GROUP BY card"


@dataclass(frozen=True, slots=True)
class DayTally:
    """The reviews of one local day (2026-11-23), state and kind of card: how many, how many recalled, how long."""

    day: str
    state: str
    kind: str
    reviews: int
    recalled: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CardTally:
    """How often a card was reviewed, and how often it was not recalled."""

    card: str
    reviews: int
    lapses: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """The log, counted."""

    days: tuple[DayTally, ...] = ()
    cards: tuple[CardTally, ...] = ()


def count(connection: sqlite3.Connection) -> Tallies:
    """Count the log of an open database."""
    days = tuple(DayTally(*row) for row in connection.execute(_BY_DAY))
    return Tallies(days, tuple(CardTally(*row) for row in connection.execute(_BY_CARD)))


def per_day(connection: sqlite3.Connection) -> dict[int, int]:
    """Local day (an ordinal) to the number of reviews on it."""
    return {date.fromisoformat(day).toordinal(): count for day, count in connection.execute(_PER_DAY)}


def count_file(path: Path) -> Tallies:
    """`count` on a file, through a connection of its own as a thread must. sqlite3.Error where it is not to be had."""
    return _on_file(path, count)


def per_day_file(path: Path) -> dict[int, int]:
    """`per_day` on a file, like `count_file`."""
    return _on_file(path, per_day)


def _on_file(path: Path, counted: Callable[[sqlite3.Connection], T]) -> T:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
    try:
        return counted(connection)
    finally:
        connection.close()
