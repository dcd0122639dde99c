"""An experiment's picture, drawn in the terminal's own characters at the width it is given."""

from __future__ import annotations

from rich.text import Text as RichText
from textual import events
from textual.content import Content
from textual.widgets import Static

from answers.model import Plot
from quiz.app.base import Bilingual


class Picture(Bilingual, Static):
    """Drawn anew when the language or the size changes."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.plot: Plot | None = None

    def show(self, plot: Plot | None) -> None:
        """Show this picture, or none."""
        self.plot = plot
        self.display = plot is not None
        self.relabel()

    def on_resize(self, _: events.Resize) -> None:
        self.relabel()

    def relabel(self) -> None:
        if self.plot is None:
            self.update("")
            return
        from quiz.plots import terminal_plot

        width = min(max(self.content_size.width or self.screen.size.width - 6, 30), 120)
        drawn = terminal_plot(self.plot, width, min(24, max(self.screen.size.height - 8, 14)), self.lang)
        self.update(Content.from_rich_text(RichText.from_ansi(drawn)))
