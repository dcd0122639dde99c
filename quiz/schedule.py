"""When a card comes back: FSRS over a card's history, as pure functions of (history, now).

A card is anything that can be reviewed: `recall:<question>`, `drill:<question>/<drill>`, `code:<task>`. Its state is
never edited, only replayed from its reviews, so the log is the only truth. Intervals carry no random fuzz: the same
history gives the same dates on every machine. Times are whole milliseconds since 1970, UTC.

Source: Ye et al., FSRS-6, by way of py-fsrs 6. That package costs some 45 ms to import and is loaded at first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

DAY = 86_400_000
DEFAULT_RETENTION = 0.9


def local_day(at: int) -> int:
    """The local day of a moment, as an ordinal."""
    return datetime.fromtimestamp(at / 1000).toordinal()


def start_of_day(now: int) -> int:
    """The local midnight at which the day of `now` began."""
    midnight = datetime.fromtimestamp(now / 1000).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp() * 1000)


class Grade(IntEnum):
    """How well something was recalled, by FSRS' numbers."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Review:
    """One line of the log. `retention` is the setting at that moment, so that a replay gives the same dates."""

    uid: str
    card: str
    at: int
    grade: Grade
    retention: float = DEFAULT_RETENTION
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands after its reviews. `stability`: days until recall falls to 90 %."""

    card: str
    reviews: int
    grade: Grade
    last: int
    due: int
    stability: float
    learning: bool

    @property
    def mastery(self) -> float:
        """0 .. 1 for a bar: half at a stability of one week, nine tenths at about two months."""
        return 0.0 if self.learning and self.grade is Grade.AGAIN else self.stability / (self.stability + 7)


@cache
def _scheduler(retention: float) -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(desired_retention=retention, enable_fuzzing=False)


def warm(history: Sequence[Review] = ()) -> None:
    """Load FSRS now, and replay a card's history, from a thread, so that its next grade does not wait for that."""
    _scheduler(DEFAULT_RETENTION)
    _replay(history)


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)


def _milliseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _new_card() -> Card:
    from fsrs import Card

    return Card(card_id=0)


def _review(card: Card, grade: Grade, at: int, retention: float) -> Card:
    from fsrs import Rating

    moment = _moment(at)
    if card.last_review is not None:
        moment = max(moment, card.last_review)  # a clock that was set back
    return _scheduler(retention).review_card(card, Rating(int(grade)), moment)[0]


_REMEMBERED = 16
_replayed: dict[str, tuple[list[Review], Card, Card | None]] = {}
"""Of the cards replayed last: the history, what came of it, and of all but its last review.

The next history is mostly the same, or one review longer, or, when a grade was taken back, one shorter.
"""


def _replay(history: Iterable[Review]) -> Card:
    ordered = sorted(history, key=lambda review: (review.at, review.uid))
    if not ordered:
        return _new_card()
    known, card, before = _replayed.pop(ordered[0].card, ([], _new_card(), None))
    if len(ordered) < len(known) and before is not None:
        known, card, before = known[:-1], before, None
    if ordered[: len(known)] != known:
        known, card, before = [], _new_card(), None
    for review in ordered[len(known) :]:
        card, before = _review(card, review.grade, review.at, review.retention), card
    _replayed[ordered[0].card] = ordered, card, before
    if len(_replayed) > _REMEMBERED:
        _replayed.pop(next(iter(_replayed)), None)
    return card


def standing(history: Sequence[Review]) -> Standing | None:
    """Where the card of `history` (reviews of one card, any order) stands; None before the first review."""
    if not history:
        return None
    card = _replay(history)
    latest = max(history, key=lambda review: (review.at, review.uid))
    return Standing(
        card=latest.card,
        reviews=len(history),
        grade=latest.grade,
        last=latest.at,
        due=_milliseconds(card.due),
        stability=card.stability or 0.0,
        learning=card.state.name != "Review",
    )


def standings(reviews: Iterable[Review]) -> dict[str, Standing]:
    """Card to standing, rebuilt from a whole log."""
    by_card: dict[str, list[Review]] = {}
    for review in reviews:
        by_card.setdefault(review.card, []).append(review)
    return {card: s for card, history in by_card.items() if (s := standing(history)) is not None}


def intervals(history: Sequence[Review], now: int, retention: float = DEFAULT_RETENTION) -> dict[Grade, int]:
    """How long until the card would come back, in milliseconds, for each of the four grades given `now`."""
    card = _replay(history)
    return {grade: max(0, _milliseconds(_review(card, grade, now, retention).due) - now) for grade in Grade}


def recall(history: Sequence[Review], now: int) -> float:
    """The probability in 0 .. 1 that the card is recalled `now`; 0 where it was never reviewed."""
    return float(_scheduler(DEFAULT_RETENTION).get_card_retrievability(_replay(history), _moment(now)))


def due(standings: Mapping[str, Standing], now: int) -> list[Standing]:
    """Cards to review `now`, the longest overdue for its stability first."""
    waiting = [s for s in standings.values() if s.due <= now]
    return sorted(waiting, key=lambda s: (-(now - s.due) / max(s.stability, 0.01), s.card))
