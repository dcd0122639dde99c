"""The notes' contents: parts, questions below them, tasks below these.

One widget that draws its lines itself: Textual's Tree costs the first screen a tenth of a second more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from answers.model import Language, Text
from quiz.app.base import Bilingual
from quiz.contents import Heading
from quiz.session import Card


@dataclass(frozen=True, slots=True)
class Row:
    """A line: a part's title, a question, or one of its tasks."""

    part: Text | None = None
    heading: Heading | None = None
    task: Card | None = None


Label = Callable[[Row, Language], Content]


class Outline(Bilingual, Widget, can_focus=True):
    """Up, down; right unfolds a question's tasks, left folds them; Enter opens."""

    DEFAULT_CSS = "Outline { height: auto; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-8)", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("home,g", "move(-999)", show=False),
        Binding("end,G", "move(999)", show=False),
        Binding("right", "unfold", show=False),
        Binding("left", "fold", show=False),
        Binding("space", "toggle_fold", show=False),
        Binding("enter", "open", show=False),
    ]

    cursor: var[int] = var(1)

    class Moved(Message):
        """The cursor stands on another line."""

    class Opened(Message):
        """A line was chosen."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, parts: tuple[tuple[Text, tuple[Heading, ...]], ...], label: Label) -> None:
        super().__init__(id="outline")
        self.parts = parts
        self.label = label
        self.unfolded: set[str] = set()
        self.rows = self._rows()
        self._drawn: dict[Row, Content] = {}

    def relabel(self) -> None:
        self._drawn.clear()
        super().relabel()

    def _rows(self) -> list[Row]:
        rows = []
        for title, headings in self.parts:
            rows.append(Row(part=title))
            for heading in headings:
                rows.append(Row(heading=heading))
                if heading.id in self.unfolded:
                    rows += [Row(heading=heading, task=Card("code", heading.id, task)) for task in heading.tasks]
        return rows

    def show(self, parts: tuple[tuple[Text, tuple[Heading, ...]], ...]) -> None:
        """Show other contents; the cursor stays on its line where there is one."""
        self.parts = parts
        self.rows = self._rows()
        self.cursor = min(self.cursor, len(self.rows) - 1)
        self.relabel()

    def go_to(self, question_id: str) -> None:
        """Put the cursor on a question, if it is there."""
        for place, row in enumerate(self.rows):
            if row.heading is not None and row.heading.id == question_id and row.task is None:
                self._go(place)
                return

    @property
    def current(self) -> Row:
        """The line under the cursor."""
        return self.rows[self.cursor]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows)

    def render(self) -> Content:
        width, lines = self.content_size.width, []
        for k, row in enumerate(self.rows):
            line = (Content("▸ " if k == self.cursor else "  ") + self._line(row)).truncate(width, ellipsis=True)
            if k == self.cursor:
                line = line.pad_right(max(width - line.cell_length, 0))
                line = line.stylize(self.chosen_style if self.has_focus else "on $choice-blurred")
            lines.append(line)
        return Content("\n").join(lines)

    def _line(self, row: Row) -> Content:
        """A row without its cursor; drawn once, for the cursor moves far more often than the contents change."""
        if row not in self._drawn:
            self._drawn[row] = self._fold_mark(row) + self.label(row, self.lang)
        return self._drawn[row]

    def _fold_mark(self, row: Row) -> Content:
        if row.part is not None:
            return Content("")
        if row.task is not None:
            return Content("      ")
        assert row.heading is not None
        mark = ("▾ " if row.heading.id in self.unfolded else "▹ ") if row.heading.tasks else "  "
        return Content.styled(mark, "dim")

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    # ------------------------------------------------------------ what keys do

    def action_move(self, by: int) -> None:
        self._go(min(max(self.cursor + by, 0), len(self.rows) - 1))

    def _go(self, place: int) -> None:
        self.cursor = place
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, place, 1, 1), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def action_unfold(self) -> None:
        self._fold(unfold=True)

    def action_fold(self) -> None:
        self._fold(unfold=False)

    def action_toggle_fold(self) -> None:
        heading = self.current.heading
        if heading is not None:
            self._fold(unfold=heading.id not in self.unfolded)

    def _fold(self, *, unfold: bool) -> None:
        heading = self.current.heading
        if heading is None or not heading.tasks:
            return
        if unfold:
            self.unfolded.add(heading.id)
        else:
            self.unfolded.discard(heading.id)
        self.rows = self._rows()
        self.relabel()
        self._go(next(k for k, row in enumerate(self.rows) if row.heading is heading))

    def action_open(self) -> None:
        self.post_message(self.Opened(self.current))

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self.rows):
            again = event.y == self.cursor
            self._go(event.y)
            if again:
                self.action_open()
