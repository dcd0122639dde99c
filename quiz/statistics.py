"""How practice goes: retention, forecast, time, weakest cards, streak. Pure: counts, standings and the day come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from answers.model import Plot, Series
from quiz import heatmap, session
from quiz.catalogue import message
from quiz.heatmap import Streak
from quiz.schedule import Standing, local_day
from quiz.tallies import STATES, CardTally, DayTally, Tallies

FORECAST_DAYS = 30
SHOWN_DAYS = 90
"""How far back the curves go."""
_REMEMBERED = ("young", "mature")


@dataclass(frozen=True, slots=True)
class Weak:
    """A card that is often not recalled."""

    card: str
    reviews: int
    lapses: int
    stability: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the log says as of `today`. Days are ordinals; lists of days end with today or begin with it (forecast)."""

    today: int
    reviews: int
    reviews_today: int
    streak: Streak
    per_day: Mapping[int, int]
    """Day to reviews on it."""
    minutes: float
    minutes_week: float
    retention: float | None
    """Share recalled among cards that had rested a day or more, over the last 30 days; None where there was none."""
    retention_by_day: Mapping[int, tuple[int, int]]
    """Day to (recalled, reviewed) of such cards."""
    retention_by_state: Mapping[str, tuple[int, int]]
    minutes_by_day: Mapping[int, Mapping[str, float]]
    """Day to kind of card to minutes."""
    forecast: tuple[int, ...]
    """Cards due on each of the next days; what is overdue counts today."""
    weakest: tuple[Weak, ...]


def summarise(tallies: Tallies, standings: Mapping[str, Standing], now: int) -> Statistics:
    """Everything the screen shows."""
    today = local_day(now)
    by_day = _retention_by_day(tallies.days)
    per_day = Counter[int]()
    for tally in tallies.days:
        per_day[_ordinal(tally.day)] += tally.reviews
    recent = [counts for day, counts in by_day.items() if day > today - 30]
    minutes = _minutes_by_day(tallies.days)
    return Statistics(
        today=today,
        reviews=per_day.total(),
        reviews_today=per_day[today],
        streak=heatmap.streak(per_day, today),
        per_day=per_day,
        minutes=sum(sum(kinds.values()) for kinds in minutes.values()),
        minutes_week=sum(sum(kinds.values()) for day, kinds in minutes.items() if day > today - 7),
        retention=share(sum(r for r, _ in recent), sum(n for _, n in recent)),
        retention_by_day=by_day,
        retention_by_state=_retention_by_state(tallies.days),
        minutes_by_day=minutes,
        forecast=forecast(standings, today),
        weakest=weakest(tallies.cards, standings),
    )


def share(part: int, of: int) -> float | None:
    """`part / of`, None where there is nothing."""
    return part / of if of else None


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _retention_by_day(days: Iterable[DayTally]) -> dict[int, tuple[int, int]]:
    recalled, reviewed = Counter[int](), Counter[int]()
    for tally in days:
        if tally.state in _REMEMBERED:
            recalled[_ordinal(tally.day)] += tally.recalled
            reviewed[_ordinal(tally.day)] += tally.reviews
    return {day: (recalled[day], reviewed[day]) for day in sorted(reviewed)}


def _retention_by_state(days: Iterable[DayTally]) -> dict[str, tuple[int, int]]:
    recalled, reviewed = Counter[str](), Counter[str]()
    for tally in days:
        recalled[tally.state] += tally.recalled
        reviewed[tally.state] += tally.reviews
    return {state: (recalled[state], reviewed[state]) for state in STATES}


def _minutes_by_day(days: Iterable[DayTally]) -> dict[int, dict[str, float]]:
    minutes: dict[int, dict[str, float]] = {}
    for tally in days:
        kinds = minutes.setdefault(_ordinal(tally.day), {})
        kinds[tally.kind] = kinds.get(tally.kind, 0.0) + tally.seconds / 60
    return dict(sorted(minutes.items()))


def forecast(standings: Mapping[str, Standing], today: int, days: int = FORECAST_DAYS) -> tuple[int, ...]:
    """How many cards come due on each of the next `days` days, if every one is then recalled."""
    counts = Counter(max(0, local_day(standing.due) - today) for standing in standings.values())
    return tuple(counts[k] for k in range(days))


def weakest(cards: Iterable[CardTally], standings: Mapping[str, Standing], count: int = 12) -> tuple[Weak, ...]:
    """Cards that were forgotten, the largest share first; few reviews weigh less (two more that were recalled are assumed)."""
    weak = [
        Weak(t.card, t.reviews, t.lapses, standings[t.card].stability)
        for t in cards
        if t.lapses and t.card in standings and session.parse_card(t.card) is not None
    ]
    return tuple(sorted(weak, key=lambda w: (-w.lapses / (w.reviews + 2), w.stability, w.card))[:count])


# ---------------------------------------------------------------- pictures

KINDS = {
    "recall": message("plot.recall"),
    "drill": message("plot.drills"),
    "code": message("plot.code"),
}


def retention_plot(found: Statistics) -> Plot:
    """Retention by day over the last 90 days, with the mean of a week beside it."""
    days = [d for d in found.retention_by_day if d > found.today - SHOWN_DAYS]
    each = [100 * found.retention_by_day[d][0] / found.retention_by_day[d][1] for d in days]
    x = [float(d - found.today) for d in days]
    return Plot(
        message("plot.retention"),
        message("plot.days_from_today"),
        message("plot.per_cent"),
        (
            Series(message("plot.that_day"), x, each, points=True),
            Series(message("plot.mean"), x, [_weekly(found, d) for d in days]),
        ),
    )


def _weekly(found: Statistics, day: int) -> float:
    counts = [found.retention_by_day.get(d, (0, 0)) for d in range(day - 6, day + 1)]
    return 100 * sum(r for r, _ in counts) / sum(n for _, n in counts)


def forecast_plot(found: Statistics) -> Plot:
    """Cards due on each of the next 30 days."""
    return Plot(
        message("plot.forecast"),
        message("plot.days_from_today"),
        message("plot.cards"),
        (
            Series(
                message("plot.due"),
                list(range(len(found.forecast))),
                [float(n) for n in found.forecast],
                bars=True,
            ),
        ),
    )


def time_plot(found: Statistics) -> Plot:
    """Minutes a day over the last 90 days, by kind of card."""
    first = max(found.today - SHOWN_DAYS + 1, min(found.minutes_by_day, default=found.today))
    days = range(first, found.today + 1)
    x = [float(d - found.today) for d in days]
    kinds = [k for k in KINDS if any(k in found.minutes_by_day.get(d, {}) for d in days)]
    return Plot(
        message("plot.time"),
        message("plot.days_from_today"),
        message("plot.minutes"),
        tuple(
            Series(KINDS[k], x, [found.minutes_by_day.get(d, {}).get(k, 0.0) for d in days], bars=True) for k in kinds
        ),
    )
