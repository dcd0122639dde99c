"""The key points of a question as a list to tick."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import var
from textual.widget import Widget

from answers.model import KeyPoint
from quiz.app.base import Bilingual
from quiz.app.messages import TickChanged
from quiz.app.widgets.prose import inline
from quiz.app.wrapping import wrap


class TickList(Bilingual, Widget, can_focus=True):
    """Up, down, space. What the answer plainly names is ticked from the start; the learner has the last word."""

    DEFAULT_CSS = "TickList { height: auto; width: 1fr; text-wrap: nowrap; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("space,x", "tick", show=False),
    ]

    cursor: var[int] = var(0)

    def __init__(self, points: tuple[KeyPoint, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.points = points
        self.ticked: set[str] = set()
        self._laid: tuple[object, list[list[Content]]] | None = None

    def show(self, points: tuple[KeyPoint, ...]) -> None:
        """Show these points, none of them ticked."""
        self.points = points
        self.cursor = 0
        self.tick_all(frozenset())

    def tick_all(self, ids: frozenset[str]) -> None:
        """Tick these, and no others."""
        self.ticked = set(ids)
        self.refresh(layout=True)

    def _rows(self, width: int) -> list[list[Content]]:
        state = (self.points, self.lang, width, frozenset(self.ticked), self.cursor if self.has_focus else None)
        if self._laid is None or self._laid[0] != state:
            self._laid = (state, self._lay_out(width))
        return self._laid[1]

    def _lay_out(self, width: int) -> list[list[Content]]:
        rows = []
        for k, point in enumerate(self.points):
            on = point.id in self.ticked
            here = self.has_focus and k == self.cursor
            head = Content.assemble(
                ("▸ " if here else "  ", "bold $text-accent"),
                ("[✓] " if on else "[ ] ", "bold $text-success" if on else "$text-muted"),
            )
            text = inline(point.text.of(self.lang))
            lines = wrap(head + (text.stylize("bold") if here else text), max(width, 12), 6)
            rows.append(lines)
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(map(len, self._rows(width)))

    def render(self) -> Content:
        return Content("\n").join(line for row in self._rows(self.content_size.width) for line in row)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        self.cursor = min(max(self.cursor + by, 0), len(self.points) - 1)
        heights = list(map(len, self._rows(self.content_size.width)))
        top = sum(heights[: self.cursor])
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, top, self.size.width, heights[self.cursor]), animate=False)
        self.refresh()

    def action_tick(self) -> None:
        if self.points:
            self.ticked ^= {self.points[self.cursor].id}
            self.refresh()
            self.post_message(TickChanged())

    def on_click(self, event: events.Click) -> None:
        top = 0
        for k, row in enumerate(self._rows(self.content_size.width)):
            if top <= event.y < top + len(row):
                self.cursor = k
                self.action_tick()
            top += len(row)
