"""A widget that is made of lines, of which only those are drawn that are seen."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


class Lined(Widget):
    """Mixed into a widget whose content is lines; Textual would draw them all, the hundreds of a report for the twenty seen."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._seen: dict[int, Strip] = {}

    def _lines(self, width: int) -> list[Content]:
        """The lines at that many cells, none longer than these. Asked often: who works them out keeps them."""
        raise NotImplementedError

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def render_line(self, y: int) -> Strip:
        if self.text_selection is not None:
            return super().render_line(y)  # which knows where in the whole the selection lies
        if self._dirty_regions:
            self._dirty_regions.clear()
            self._seen.clear()
        if y not in self._seen:
            self._seen[y] = self._draw_line(y)
        return self._seen[y]

    def _draw_line(self, y: int) -> Strip:
        lines = self._lines(self.content_size.width)
        if y >= len(lines) or not self.size.width:
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        (strip, *_) = Visual.to_strips(self, lines[y], self.size.width, 1, self.visual_style)
        return strip.apply_offsets(0, y)
