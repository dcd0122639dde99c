"""The titles of pages, one of which is open.

One widget that draws its two lines itself: Textual's Tabs are a dozen, and to lay these out and paint them takes longer than the
page below them.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from answers.model import Text
from quiz.app.base import Bilingual


class PageTabs(Bilingual, Widget):
    """Titles side by side, the open page's underlined heavily; turned by the screen's keys or by a click."""

    DEFAULT_CSS = "PageTabs { height: 2; width: 1fr; text-wrap: nowrap; }"

    class Turned(Message):
        """Another page was opened."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    def __init__(self, titles: Mapping[str, Text], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.titles = dict(titles)
        self.active = next(iter(self.titles))

    def turn(self, by: int) -> None:
        """Open the page that many further; after the last one comes the first."""
        pages = list(self.titles)
        self.open(pages[(pages.index(self.active) + by) % len(pages)])

    def open(self, page: str) -> None:
        """Open a page."""
        if page != self.active:
            self.active = page
            self.refresh()
            self.post_message(self.Turned(page))

    def relabel(self) -> None:
        self.refresh()

    def _places(self) -> list[tuple[str, str, int]]:
        """Page, title with a cell to each side, and the column where it begins; moved left as far as the open one needs it."""
        places, column = [], 0
        for page, title in self.titles.items():
            said = f" {title.of(self.lang)} "
            places.append((page, said, column))
            column += cell_len(said)
        end = next(start + cell_len(said) for page, said, start in places if page == self.active)
        moved = max(end - self.content_size.width, 0)
        return [(page, said, start - moved) for page, said, start in places]

    def render(self) -> Content:
        width = self.content_size.width
        titles, under = Content(""), Content("")
        for page, said, start in self._places():
            if start < 0:
                continue  # what does not fit whole at the left is left out, up to a blank
            if not titles.cell_length and start:
                titles, under = Content(" " * start), Content.styled("─" * start, "$panel-lighten-2")
            on = page == self.active
            titles += Content.styled(said, "bold $text-primary" if on else "$text-muted")
            under += Content.styled(("━" if on else "─") * cell_len(said), "$primary" if on else "$panel-lighten-2")
        rest = max(width - under.cell_length, 0)
        under += Content.styled("─" * rest, "$panel-lighten-2")
        return titles.truncate(width, ellipsis=True) + Content("\n") + under.truncate(width)

    def on_click(self, event: events.Click) -> None:
        for page, said, start in self._places():
            if start <= event.x < start + cell_len(said):
                self.open(page)
