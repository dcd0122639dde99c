"""Draws an experiment's picture: as text for a terminal, or as a PNG or SVG file."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from answers.model import Language, Plot, Series, Text

MARKERS = "●▲■◆○△□◇"
"""One a curve: which is which is told by shape as well as by colour."""

_COLOURS = ("cyan", "orange", "green", "magenta", "yellow", "blue", "red", "white")
_CJK_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "SimHei",
)


def terminal_plot(plot: Plot, width: int, height: int, language: Language, colour: bool = True) -> str:
    """The picture as text of at most `width` columns and `height` lines, ANSI-coloured unless `colour` is off."""
    import plotext

    # Titles and legend are ours: plotext counts a Chinese character as one column.
    legend = [f"{MARKERS[k % len(MARKERS)]} {s.label.of(language)}" for k, s in enumerate(plot.series)]
    head = [plot.title.of(language), f"y: {plot.y_label.of(language)}"]
    foot = [f"x: {plot.x_label.of(language)}", *legend]
    if all(series.bars for series in plot.series):
        from quiz.bars import stacked

        return stacked(plot, width, height, language, colour)
    plotext.clear_figure()
    plotext.plot_size(width, max(height - len(head) - len(foot), 6))
    plotext.theme("clear")
    for k, series in enumerate(plot.series):
        x, y = _drawable(series, plot)
        if not x:
            continue
        marker, shade = MARKERS[k % len(MARKERS)], _COLOURS[k % len(_COLOURS)] if colour else "default"
        if series.points or len(x) > width:
            if not series.points:
                plotext.plot(x, y, marker="braille", color=shade)
                x, y = x[:: len(x) // 8], y[:: len(y) // 8]  # its own marks too, so that colour is not all there is
            plotext.scatter(x, y, marker=marker, color=shade)
        else:
            plotext.plot(x, y, marker=marker, color=shade)
    points = [_drawable(series, plot) for series in plot.series]
    (_log_ticks if plot.x_log else _ticks)(plotext.xticks, [v for x, _ in points for v in x], width // 12)
    (_log_ticks if plot.y_log else _ticks)(plotext.yticks, [v for _, y in points for v in y], height // 4)
    body = plotext.build()
    if not colour:
        body = plotext.uncolorize(body)
    return "\n".join([*head, body.rstrip("\n"), *foot])


def _drawable(series: Series, plot: Plot) -> tuple[list[float], list[float]]:
    """The finite points, with logarithms taken where an axis is logarithmic (plotext's own log scale rejects zeros)."""
    points = [(x, y) for x, y in zip(map(float, series.x), map(float, series.y), strict=True)]
    points = [
        (math.log10(x) if plot.x_log else x, math.log10(y) if plot.y_log else y)
        for x, y in points
        if math.isfinite(x) and math.isfinite(y) and (x > 0 or not plot.x_log) and (y > 0 or not plot.y_log)
    ]
    return [x for x, _ in points], [y for _, y in points]


def round_numbers(low: float, high: float, count: int) -> list[float]:
    """About `count` numbers in `low` .. `high` that read well: multiples of 1, 2 or 5 times a power of ten."""
    if not low < high:
        return [low]
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _ticks(set_ticks: Callable[[list[float], list[str]], object], values: list[float], count: int) -> None:
    if values:
        ticks = round_numbers(min(values), max(values), min(count, 8))
        set_ticks(ticks, [f"{tick:.6g}" for tick in ticks])


def _log_ticks(set_ticks: Callable[[list[float], list[str]], object], values: list[float], _: int) -> None:
    if not values:
        return
    low, high = math.floor(min(values)), math.ceil(max(values))
    step = max(1, (high - low) // 6)
    ticks = [float(tick) for tick in range(low, high + 1, step)]
    set_ticks(ticks, [f"1e{tick:.0f}" for tick in ticks])


def save_plot(plot: Plot, path: Path, language: Language) -> Language:
    """Writes the picture as PNG or SVG, by the file's suffix, and returns the language its labels are in.

    Where no font with Chinese characters is installed, the labels are English. ValueError for another suffix.
    """
    if path.suffix.lower() not in (".png", ".svg"):
        raise ValueError(f"{path}: a picture is written as .png or .svg")
    from matplotlib import font_manager, rc_context
    from matplotlib.figure import Figure

    installed = {font.name for font in font_manager.fontManager.ttflist}
    cjk = [name for name in _CJK_FONTS if name in installed]
    if language == "zh" and not cjk:
        language = "en"
    font = {"family": [*cjk, "DejaVu Sans"]}

    def label(text: Text) -> str:
        return text.of(language)

    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.add_subplot()
    below: list[float] | None = None
    for series, marker in zip(plot.series, "o^sDvP*X" * len(plot.series), strict=False):
        many = len(series.x) > 24
        if series.bars:
            axes.bar(list(series.x), list(series.y), bottom=below, label=label(series.label))
            below = [b + y for b, y in zip(below, series.y, strict=True)] if below else list(series.y)
            continue
        style = "" if series.points else "-"
        axes.plot(
            list(series.x),
            list(series.y),
            marker=None if many and style else marker,
            markersize=4,
            linestyle=style or "none",
            label=label(series.label),
        )
    if plot.x_log:
        axes.set_xscale("log")
    if plot.y_log:
        axes.set_yscale("log")
    axes.set_title(label(plot.title), fontdict=font)
    axes.set_xlabel(label(plot.x_label), fontdict=font)
    axes.set_ylabel(label(plot.y_label), fontdict=font)
    axes.grid(alpha=0.25)
    axes.legend(prop=font, frameon=False)
    # No date and no random ids: the same picture is the same file, so a page written again differs by what changed.
    with rc_context({"svg.hashsalt": "rnnquiz"}):
        figure.savefig(path, dpi=144, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    return language
