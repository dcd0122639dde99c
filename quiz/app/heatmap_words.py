"""Messages of the calendar of practice that are put together."""

from __future__ import annotations

from answers.model import Text
from quiz.catalogue import message
from quiz.heatmap import HeatMap, Streak


def _each(listed: Text) -> tuple[Text, ...]:
    """Each word of a message that lists some."""
    return tuple(Text(zh=zh, en=en) for zh, en in zip(listed.zh.split(), listed.en.split(), strict=True))


MONTHS = _each(message("calendar.months"))
DAYS = _each(message("calendar.days"))


def practised(found: HeatMap, weeks: int) -> Text:
    """How much there was."""
    one = found.days == 1
    days = message("calendar.days_practised.one" if one else "calendar.days_practised.other", count=found.days)
    one = found.reviews == 1
    reviews = message("calendar.reviews.one" if one else "calendar.reviews.other", count=found.reviews)
    return message("calendar.practised", weeks=weeks, days=days, reviews=reviews)


def streak(found: Streak) -> Text:
    """Days in a row, and what keeps the row going."""
    if not found.current:
        return message("calendar.no_streak")
    days = message("calendar.streak", current=found.current)
    if found.today:
        return days
    return message("calendar.streak_not_today", streak=days)


def streaks(found: Streak) -> Text:
    """The row of days now, and the longest there was."""
    now = streak(found)
    begun = Text(zh=now.zh, en=now.en[0].upper() + now.en[1:])
    one = found.longest == 1
    return message("calendar.streaks.one" if one else "calendar.streaks.other", streak=begun, longest=found.longest)
