"""What the terminal shows, so that no more is sent than has changed.

Textual sends the whole of every widget that was repainted: ten kilobytes for a character typed into an editor. Here the
pieces of a repaint, one a widget and line, are compared with what was sent last for the same cells. A repaint of the whole
screen is sent as it is, so that it also mends what another program has written over it.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.strip import Strip


class Piece(NamedTuple):
    """Cells `start` to before `end` of a line, and what is in them."""

    start: int
    end: int
    strip: Strip


class Changes(CompositorUpdate):
    """The pieces to send, by line from the top, from left to right."""

    def __init__(self, pieces: dict[int, list[Piece]]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """The terminal's sequences: a jump to where a piece begins unless the one before ended there."""
        out = []
        for y, pieces in self.pieces.items():
            at = -1
            for start, end, strip in pieces:
                if start != at:
                    out.append(Control.move_to(start, y).segment.text)
                out.append(strip.render(console))
                at = end
        return "".join(out)


class Painted:
    """The pieces that stand on the terminal."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Piece]] = {}

    def forget(self) -> None:
        """Take nothing for granted: the whole screen was sent, or its size has changed, or others have written on it."""
        self._lines.clear()

    def changes(self, update: CompositorUpdate) -> CompositorUpdate:
        """The part of `update` that the terminal does not show yet; from now on it does."""
        if not isinstance(update, ChopsUpdate):
            self.forget()
            return update
        changed: dict[int, list[Piece]] = {}
        for y, pieces in _pieces(update).items():
            standing = self._lines.setdefault(y, [])
            new = [piece for piece in pieces if piece not in standing]
            if new:
                # A piece that lies under another one, wholly or in part, does not stand any more.
                kept = [old for old in standing if all(old.end <= p.start or old.start >= p.end for p in new)]
                self._lines[y] = kept + new
                changed[y] = new
        return Changes(changed)


def _pieces(update: ChopsUpdate) -> dict[int, list[Piece]]:
    """The pieces that the update's spans touch, whole ones."""
    found: dict[int, dict[int, Piece]] = {}
    for y, left, right in update.spans:
        line = found.setdefault(y, {})
        for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and start < right and end > left:
                line[start] = Piece(start, end, strip)
    return {y: [line[start] for start in sorted(line)] for y, line in sorted(found.items())}
