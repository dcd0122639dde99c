"""The calendar of practice, drawn: a column a week, a row a day. Density says how much, colour says it once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from answers.model import Language
from quiz import heatmap
from quiz.app import heatmap_words as words
from quiz.app.base import Bilingual
from quiz.app.lined import Lined
from quiz.app.wrapping import wrap
from quiz.catalogue import message
from quiz.heatmap import HeatMap

SHADES = "·░▒▓█"
"""A day by its level: none, and four densities."""
_COLOURS = ("$text-muted", "$text-success", "$text-success", "$text-success", "$text-success")
_MARGIN = 4
"""Cells left of the first week, for the names of the days."""
_YEAR = 53


def columns(width: int) -> tuple[int, int]:
    """How many weeks fit into `width` cells, and how many cells each takes: at most a year, square where half a year fits so."""
    room = max(width - _MARGIN, 1)
    wide = room // 2
    return (min(wide, _YEAR), 2) if wide >= 12 else (min(room, _YEAR), 1)


def draw(found: HeatMap, cell: int, language: Language) -> list[Content]:
    """Nine lines: months, seven days, what the shades mean."""
    return [_months(found, cell, language), *(_day(found, row, cell, language) for row in range(7)), _legend(language)]


def _months(found: HeatMap, cell: int, language: Language) -> Content:
    line, end = "", len(found.weeks) * cell
    for column, month in found.months:
        name = words.MONTHS[month - 1].of(language)
        at, used, size = column * cell, cell_len(line), cell_len(name)
        if at >= used + bool(used) and at + size <= end + 1:
            line += " " * (at - used) + name
    return Content.styled(" " * _MARGIN + line, "$text-muted")


def _day(found: HeatMap, row: int, cell: int, language: Language) -> Content:
    name = words.DAYS[row].of(language) if row % 2 == 0 else ""
    days = shades((week[row] for week in found.weeks), cell)
    return Content.assemble((name + " " * (_MARGIN - cell_len(name)), "$text-muted"), *days)


def shades(levels: Iterable[int | None], cell: int = 1) -> Iterator[tuple[str, str]]:
    """Days side by side, and their styles: those that follow in one colour are one piece, for each piece costs a paint some."""
    for colour, days in groupby((shade(level, cell) for level in levels), key=lambda day: day[1]):
        yield "".join(mark for mark, _ in days), colour


def shade(level: int | None, cell: int = 1) -> tuple[str, str]:
    """A day of that level in so many cells, and its style; nothing for a day yet to come."""
    mark = " " if level is None else SHADES[level]
    return mark + " " * (cell - 1), _COLOURS[level or 0]


def _legend(language: Language) -> Content:
    scale = shades(range(len(SHADES)), 2)
    less, more = message("calendar.less").of(language), message("calendar.more").of(language)
    return Content.assemble((f"{' ' * _MARGIN}{less} ", "$text-muted"), *scale, (more, "$text-muted"))


class Calendar(Bilingual, Lined):
    """As many weeks as its width holds; empty days until the counts are there, so that nothing moves when they come."""

    DEFAULT_CSS = "Calendar { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: Mapping[int, int] = {}
        self._today: int | None = None
        self._drawn: tuple[tuple[Language, int], list[Content]] | None = None

    def show(self, counts: Mapping[int, int], today: int) -> None:
        """Show these days."""
        if (counts, today) != (self._counts, self._today):
            self._counts, self._today = counts, today
            self._drawn = None
            self.refresh(layout=True)

    def relabel(self) -> None:
        if self._drawn is not None and self._drawn[0][0] != self.lang:
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if self._today is None:
            return []
        if self._drawn is None or self._drawn[0] != (self.lang, width):
            self._drawn = ((self.lang, width), self._draw(self._today, width))
        return self._drawn[1]

    def _draw(self, today: int, width: int) -> list[Content]:
        weeks, cell = columns(width)
        found = heatmap.heat_map(self._counts, today, weeks)
        said = Content.styled(" " * _MARGIN + words.practised(found, weeks).of(self.lang), "$text-muted")
        return [*wrap(said, max(width, 8), _MARGIN), *draw(found, cell, self.lang)]
