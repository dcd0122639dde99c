"""The calendar of practice: a column a week, a row a day, and how many days in a row. Pure: counts and today come in.

Days are ordinals of local days (`datetime.date.toordinal`); weeks begin on Monday.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LEVELS = 4
"""Shades of a day that was practised; 0 is a day that was not."""
_LIGHT = 4
"""Reviews: a day of fewer is never drawn at full strength, however quiet the other days were."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`weeks`: columns of seven levels, Monday first, the last column with today; None is a day yet to come."""

    weeks: tuple[tuple[int | None, ...], ...]
    months: tuple[tuple[int, int], ...]
    """Column and number (1 .. 12) of each month that begins in a column."""
    days: int
    """Days practised, of those shown."""
    reviews: int
    """Reviews on them."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Days practised in a row."""

    current: int
    """Up to today, or to yesterday: today is not over."""
    longest: int
    today: bool
    """Whether today is among them."""


def heat_map(counts: Mapping[int, int], today: int, weeks: int) -> HeatMap:
    """The last `weeks` weeks of `counts` (day to number of reviews)."""
    first = _monday(today) - 7 * (weeks - 1)
    shown = {day: counts[day] for day in range(first, today + 1) if counts.get(day, 0) > 0}
    full = _full_day(shown.values())
    columns, months = [], []
    for column in range(weeks):
        monday = first + 7 * column
        columns.append(
            tuple(_level(shown.get(day, 0), full) if day <= today else None for day in range(monday, monday + 7))
        )
        begun = date.fromordinal(monday + 6)
        if begun.day <= 7 and monday + 7 - begun.day <= today:  # its first day is in this column, and is here
            months.append((column, begun.month))
    return HeatMap(tuple(columns), tuple(months), len(shown), sum(shown.values()))


def _monday(day: int) -> int:
    return day - date.fromordinal(day).weekday()


def _full_day(counts: Iterable[int]) -> int:
    """What counts as a full day: the ninth of ten days by number of reviews, so that one wild day pales no other."""
    ordered = sorted(counts)
    return max(ordered[len(ordered) * 9 // 10], _LIGHT) if ordered else _LIGHT


def _level(count: int, full: int) -> int:
    return min(-(-count * LEVELS // full), LEVELS)


def streak(days: Iterable[int], today: int) -> Streak:
    """Days in a row among the days practised; days after today (a clock set back) are left out."""
    practised = {day for day in days if day <= today}
    day = today if today in practised else today - 1
    start = day
    while day in practised:
        day -= 1
    longest = 0
    for begin in practised:
        if begin - 1 not in practised:
            end = begin
            while end in practised:
                end += 1
            longest = max(longest, end - begin)
    return Streak(start - day, longest, today in practised)
