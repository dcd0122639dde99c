"""The calendar of practice, drawn: a column a week, a row a day. Density says how much, colour says it once more."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from answers.model import Language
from quiz import heatmap
from quiz.app import heatmap_words as words
from quiz.app.base import Bilingual
from quiz.app.wrapping import wrap
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
    days = [shade(week[row], cell) for week in found.weeks]
    return Content.assemble((name + " " * (_MARGIN - cell_len(name)), "$text-muted"), *days)


def shade(level: int | None, cell: int = 1) -> tuple[str, str]:
    """A day of that level in so many cells, and its style; nothing for a day yet to come."""
    mark = " " if level is None else SHADES[level]
    return mark + " " * (cell - 1), _COLOURS[level or 0]


def _legend(language: Language) -> Content:
    shades = [shade(level, 2) for level in range(len(SHADES))]
    less, more = words.LESS.of(language), words.MORE.of(language)
    return Content.assemble((f"{' ' * _MARGIN}{less} ", "$text-muted"), *shades, (more, "$text-muted"))


class Calendar(Bilingual, Widget):
    """As many weeks as its width holds; empty days until the counts are there, so that nothing moves when they come."""

    DEFAULT_CSS = "Calendar { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: Mapping[int, int] = {}
        self._today: int | None = None

    def show(self, counts: Mapping[int, int], today: int) -> None:
        """Show these days."""
        self._counts, self._today = counts, today
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._today is None:
            return []
        weeks, cell = columns(width)
        found = heatmap.heat_map(self._counts, self._today, weeks)
        said = Content.styled(" " * _MARGIN + words.practised(found, weeks).of(self.lang), "$text-muted")
        return [*wrap(said, max(width, 8), _MARGIN), *draw(found, cell, self.lang)]
