"""Stacked bars in the characters of a terminal. What a bar is made of is told by its shading, with or without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from answers.model import Language, Plot
from quiz.plots import round_numbers

FILLS = "█▒░"
"""One a series, from the foot up."""
_COLOURS = (36, 33, 32)
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def stacked(plot: Plot, width: int, height: int, language: Language, colour: bool = True) -> str:
    """The picture as text of at most `width` columns and about `height` lines. Where the bars do not fit, the latest stay.

    The series share their x: whole numbers without gaps. ValueError where they are more than there are shadings.
    """
    if len(plot.series) > len(FILLS):
        raise ValueError(f"{len(plot.series)} series of bars; {len(FILLS)} can be told apart")
    legend = [f"{_dyed(FILLS[k], k, colour)} {series.label.of(language)}" for k, series in enumerate(plot.series)]
    head = [plot.title.of(language), plot.y_label.of(language), *(["   ".join(legend)] if len(legend) > 1 else [])]
    rows = max(height - len(head) - 3, 4)
    x = list(plot.series[0].x)
    bars = list(zip(*(series.y for series in plot.series), strict=True))
    step, marks = _scale(max(map(sum, bars), default=0.0), rows)
    labels = {round(k * rows / marks): f"{k * step:g}" for k in range(marks + 1)}
    margin = max(map(len, labels.values()))
    room = max(width - margin - 2, 1)
    cell = max(room // max(len(x), 1), 1)
    x, bars = x[-(room // cell) :], bars[-(room // cell) :]
    unit = marks * step / rows
    lines = list(head)
    for row in reversed(range(rows)):
        label = labels.get(row + 1, "")
        body = "".join(_dyed(*_cell(bar, row, unit), colour, cell) for bar in bars)
        lines.append(f"{label:>{margin}} {'┤' if label else '│'}{body}".rstrip())
    return "\n".join([*lines, *_axis(x, cell, margin), f"{' ' * (margin + 2)}{plot.x_label.of(language)}"])


def _scale(top: float, rows: int) -> tuple[float, int]:
    """The distance of the marks beside the bars, and how many there are above 0."""
    found = round_numbers(0.0, max(top, 1.0), max(rows // 2, 2))
    step = found[1] - found[0] if len(found) > 1 else max(top, 1.0)
    return step, max(math.ceil(top / step - 1e-9), 1)


def _cell(bar: Sequence[float], row: int, unit: float) -> tuple[str, int]:
    """What a bar shows in one row, counted from its foot, and of which series that is."""
    low, below, shown = row * unit, 0.0, 0
    for k, part in enumerate(bar):
        if part and (below < low + unit / 2 or below <= low):
            shown = k
        below += part
    share = (below - low) / unit
    if share >= 1:
        return FILLS[shown], shown
    eighths = max(math.floor(share * 8 + 0.5), 0)
    if row == 0 and below:
        eighths = max(eighths, 1)  # a little is not nothing
    if len(bar) > 1 and eighths >= 4:
        return FILLS[shown], shown
    return _EIGHTHS[eighths if len(bar) == 1 or row == 0 else 0], shown


def _dyed(mark: str, series: int, colour: bool, cell: int = 1) -> str:
    text = mark * max(cell - 1, 1)
    if colour and mark != " ":
        text = f"\x1b[{_COLOURS[series]}m{text}\x1b[0m"
    return text + " " * (cell > 1)


def _axis(x: Sequence[float], cell: int, margin: int) -> list[str]:
    """The foot of the bars, and round numbers under them."""
    line, numbers = "", ""
    marked = set(round_numbers(x[0], x[-1], max(len(x) * cell // 12, 1))) if x else set()
    for k, value in enumerate(x):
        line += ("┬" if value in marked else "─") + "─" * (cell - 1)
        text = f"{value:g}"
        at = k * cell - len(text) // 2
        if value in marked and at >= len(numbers) + bool(numbers):
            numbers += " " * (at - len(numbers)) + text
    return [f"{'0':>{margin}} └{line}", f"{' ' * (margin + 2)}{numbers}"]
