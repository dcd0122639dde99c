"""Puts the widgets of a screen together without drawing what others lie over.

Textual draws every widget whole and cuts each of its lines wherever any widget of that line begins or ends, though most
containers are covered by what is in them: a third of the work where a whole screen changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Line = dict[int, Strip | None]
"""By column: the strip that begins there; None where nothing is drawn yet."""


class FrontFirst(Compositor):
    """Textual's compositor, which asks a widget for its lines only where nothing before it fills them."""

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        lines: list[Line] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        unfilled = [len(line) if is_rendered_line(y) else 0 for y, line in enumerate(lines)]
        for widget, region, shown in self._from_the_front(crop):
            gaps = list(self._gaps(lines, unfilled, shown))
            if not gaps:
                continue
            strips = widget.render_lines(shown.translate((-region.x, -region.y)))
            for y, cuts in gaps:
                line = lines[y]
                parts = strips[y - shown.y].divide([cut - shown.x for cut in cuts[1:]])
                for cut, part in zip(cuts, parts, strict=False):
                    if line.get(cut) is None:
                        line[cut] = part
                        unfilled[y] -= 1
        return cast("Sequence[Mapping[int, Strip]]", lines)

    def _from_the_front(self, crop: Region) -> Iterator[tuple[Widget, Region, Region]]:
        """The widgets that `crop` touches, those in front first: where each lies, and what is to be seen of that place."""
        for widget, (region, clip) in self.visible_widgets.items():
            if crop.overlaps(clip) and (shown := region.intersection(clip)):
                yield widget, region, shown

    def _gaps(self, lines: list[Line], unfilled: list[int], shown: Region) -> Iterator[tuple[int, list[int]]]:
        """The lines of a place where something is still to be drawn, each with the columns at which it is cut there."""
        first, last = shown.column_span
        for y in shown.line_range:
            if unfilled[y]:
                cuts = [cut for cut in self.cuts[y] if first <= cut <= last]
                if None in map(lines[y].get, cuts[:-1]):
                    yield y, cuts
