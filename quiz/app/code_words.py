"""Messages of the code screen that are put together, for its editor, its comparison of arrays and its grader."""

from __future__ import annotations

from answers.model import Text
from quiz.catalogue import message

# ---------------------------------------------------------------- finding


def found(current: int, of: int) -> Text:
    """Which of how many is selected."""
    if not of:
        return message("code.not_found")
    return Text(zh=f"{current}/{of}", en=f"{current}/{of}")


# ---------------------------------------------------------------- comparison


def wrong_entries(wrong: int, of: int, first: tuple[int, ...]) -> Text:
    """How many entries of an array are wrong, and where the first stands."""
    place = f"[{', '.join(map(str, first))}]"
    if wrong == 1:
        return message("code.wrong_entries.one", of=of, place=place)
    return message("code.wrong_entries.other", of=of, wrong=wrong, place=place)


def part_shown(shape: tuple[int, int]) -> Text:
    """Of a large matrix a part is shown."""
    rows, columns = shape
    return message("code.part_shown", rows=rows, columns=columns)


# ---------------------------------------------------------------- grading

_STAGES = {
    "start": message("code.stage.start"),
    "wait": message("code.stage.wait"),
    "cases": message("code.stage.cases"),
    "shrink": message("code.stage.shrink"),
    "search": message("code.stage.search"),
}
BAR = 16


def _bar(fraction: float) -> str:
    full = round(BAR * min(max(fraction, 0.0), 1.0))
    return "█" * full + "░" * (BAR - full)


def grading(doing: str, fraction: float, seconds: float) -> Text:
    """What the grader is doing, how far it is, for how long already, and the key that stops it."""
    stage = _STAGES.get(doing, Text(zh=doing, en=doing))
    return message("code.grading", bar=_bar(fraction), stage=stage, seconds=seconds)


def searching(fraction: float) -> Text:
    """The search that goes on after a pass."""
    return message("code.searching", bar=_bar(fraction), fraction=fraction)
