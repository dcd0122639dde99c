"""Messages and figures of a report, whatever it is shown on."""

from __future__ import annotations

import time
import unicodedata

from answers.model import Language, Text
from quiz.catalogue import message

KINDS = {
    "recall": message("report.kind.recall"),
    "drill": message("report.kind.drill"),
    "code": message("report.kind.code"),
}
OUTCOMES = {
    "pass": message("report.outcome.pass"),
    "fail": message("report.outcome.fail"),
    "error": message("report.outcome.error"),
    "timeout": message("report.outcome.timeout"),
    "memory": message("report.outcome.memory"),
    "forbidden": message("report.outcome.forbidden"),
}

_BANDS = (
    (0.85, message("report.band.ready")),
    (0.65, message("report.band.nearly")),
    (0.4, message("report.band.fair")),
    (0.0, message("report.band.basics")),
)
BAR = 20


def band(score: float) -> Text:
    """A score in a few words."""
    return next(said for least, said in _BANDS if score >= least)


def clock(seconds: float) -> str:
    """Minutes and seconds: 12:05."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def percent(score: float | None) -> str:
    """A score, or a dash where there is none."""
    return "–" if score is None else f"{score:.0%}"


def bar(score: float | None, cells: int = BAR) -> str:
    """A score as a bar; what is above 0 shows at least one cell."""
    share = score or 0.0
    full = min(cells, max(round(share * cells), 1 if share > 0 else 0))
    return "━" * full + "┄" * (cells - full)


def mark(score: float | None) -> str:
    """A score as one character."""
    if score is None:
        return "–"
    return "✓" if score >= 0.75 else "◐" if score >= 0.4 else "✗"


def date(at: int) -> str:
    """A moment as local day and time: 2026-11-25 19:30."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at / 1000))


def day_name(offset: int, language: Language) -> str:
    """A day counted from the interview."""
    if offset == 0:
        return message("report.today").of(language)
    if offset == 1:
        return message("report.tomorrow").of(language)
    return message("report.day", day=offset + 1).of(language)


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def padded(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if cells(text) <= width:
        return text + " " * (width - cells(text))
    cut = text
    while cells(cut) > width - 1:
        cut = cut[:-1]
    return padded(cut + "…", width)


def about(minutes: float) -> Text:
    """A time to plan with: whole minutes, at least one."""
    whole = max(round(minutes), 1)
    return message("report.about", minutes=whole)
