"""Draws an experiment's picture: as text for a terminal, or as a PNG or SVG file."""

from __future__ import annotations

import math
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
    plotext.clear_figure()
    plotext.plot_size(width, max(height - len(head) - len(foot), 6))
    plotext.theme("clear")
    for k, series in enumerate(plot.series):
        x, y = _drawable(series, plot)
        if not x:
            continue
        draw = plotext.scatter if series.points else plotext.plot
        draw(
            x,
            y,
            marker=MARKERS[k % len(MARKERS)] if series.points or len(x) <= width else "braille",
            color=_COLOURS[k % len(_COLOURS)] if colour else "default",
        )
    if plot.x_log:
        _log_ticks(plotext.xticks, [v for s in plot.series for v in _drawable(s, plot)[0]])
    if plot.y_log:
        _log_ticks(plotext.yticks, [v for s in plot.series for v in _drawable(s, plot)[1]])
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


def _log_ticks(set_ticks: object, values: list[float]) -> None:
    if not values:
        return
    low, high = math.floor(min(values)), math.ceil(max(values))
    step = max(1, (high - low) // 6)
    ticks = list(range(low, high + 1, step))
    set_ticks(ticks, [f"1e{t}" for t in ticks])  # type: ignore[operator]


def save_plot(plot: Plot, path: Path, language: Language) -> Language:
    """Writes the picture as PNG or SVG, by the file's suffix, and returns the language its labels are in.

    Where no font with Chinese characters is installed, the labels are English. ValueError for another suffix.
    """
    if path.suffix.lower() not in (".png", ".svg"):
        raise ValueError(f"{path}: a picture is written as .png or .svg")
    from matplotlib import font_manager
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
    for series, marker in zip(plot.series, "o^sDvP*X" * len(plot.series), strict=False):
        many = len(series.x) > 24
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
    figure.savefig(path, dpi=144)
    return language
