"""An experiment's picture, drawn in the terminal's own characters at the width it is given."""

from __future__ import annotations

import re
from functools import cache

from rich.text import Text as RichText
from textual import events
from textual.content import Content
from textual.style import Style
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
        self.update(painted(drawn))


_PIECE = re.compile(r"\x1b\[([\d;]*)m|([^\x1b]+)")


def painted(drawn: str) -> Content:
    """Text with ANSI colours for a widget.

    What is drawn has a colour for every cell. Here cells in one colour, and the blanks between them, are one piece: the fewer
    pieces, the sooner it is painted.
    """
    pieces: list[tuple[str, str]] = []
    code = ""
    for match in _PIECE.finditer(drawn):
        if match[1] is not None:
            code = "" if match[1] in ("", "0") else match[1]
            continue
        text = match[2]
        if pieces and (code == pieces[-1][0] or not text.strip(" ")):
            pieces[-1] = pieces[-1][0], pieces[-1][1] + text
        else:
            pieces.append((code, text))
    return Content("").join(_piece(code, text) for code, text in pieces)


def _piece(code: str, text: str) -> Content:
    return Content.styled(text, _style(code)) if code else Content(text)


@cache
def _style(code: str) -> Style:
    """The style of an SGR sequence."""
    (span,) = Content.from_rich_text(RichText.from_ansi(f"\x1b[{code}m.")).spans
    assert isinstance(span.style, Style)
    return span.style
