"""What is asked next, and what an answer means. Pure: standings, verdicts and the time come in, decisions go out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from quiz import schedule, settings, shelf
from quiz.schedule import Grade, Standing

if TYPE_CHECKING:
    from answers.model import Question

KNOWN_STABILITY = 21.0
"""Days of stability from which a card counts as known (Anki calls such a card mature)."""
MARKS = {"untried": "·", "learning": "◐", "known": "●", "due": "○", "passed": "✓", "failed": "✗"}
"""The state of a question or a task as one character."""
MINUTES = {"recall": 2.5, "drill": 0.5, "code": 6.0}
"""How long a card of each kind takes, for the estimate on the first screen."""


@dataclass(frozen=True, slots=True)
class Card:
    """What can be reviewed: words of a question, one of its drills, or a coding task."""

    kind: str
    question: str
    part: str = ""
    """The drill's or the task's id."""

    @property
    def key(self) -> str:
        """How the log names it."""
        if self.kind == "recall":
            return f"recall:{self.question}"
        return f"code:{self.part}" if self.kind == "code" else f"drill:{self.question}/{self.part}"


def parse_card(key: str) -> Card | None:
    """The card that the log names `key`; None for one that the deck no longer has."""
    kind, _, name = key.partition(":")
    if kind == "code":
        card = shelf.task_card(name)
        return Card("code", card.question, name) if card else None
    question, _, part = name.partition("/")
    if not shelf.knows(question) or (kind, bool(part)) not in (("recall", False), ("drill", True)):
        return None
    return Card(kind, question, part)


# ---------------------------------------------------------------- what is next


@dataclass(frozen=True, slots=True)
class Plan:
    """What today holds: cards to review, most urgent first, then new ones in the notes' order."""

    due: tuple[Card, ...]
    new: tuple[Card, ...]
    put_off: int = 0
    """Cards that are due but beyond the day's limit."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of it in the order in which it is asked."""
        return self.due + self.new

    @property
    def minutes(self) -> int:
        """A round estimate."""
        return round(sum(MINUTES[card.kind] for card in self.cards))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a day may hold."""

    new: int = int(settings.NEW_PER_DAY.default)
    """Cards met for the first time; drills that were asked for by name are none of them."""
    reviews: int = int(settings.REVIEWS_PER_DAY.default)
    """Cards that come back. One that was taken up today and comes back in minutes is not counted twice."""


def limits(get: settings.Get) -> Limits:
    """The limits that are set."""
    return Limits(int(settings.NEW_PER_DAY.of(get)), int(settings.REVIEWS_PER_DAY.of(get)))


def plan(
    standings: Mapping[str, Standing],
    now: int,
    *,
    limits: Limits = Limits(),
    seen_today: Mapping[str, bool] = MappingProxyType({}),
) -> Plan:
    """Today's plan. `seen_today`: card to whether it was new today, of every card reviewed today; they count against the limits."""
    waiting = [card for s in schedule.due(standings, now) if (card := parse_card(s.card)) is not None]
    started = sum(1 for key, was_new in seen_today.items() if was_new and not key.startswith("drill:"))
    room = max(0, limits.reviews - sum(1 for was_new in seen_today.values() if not was_new))
    later = {card.key for card in [card for card in waiting if card.key not in seen_today][room:]}
    unseen = [card for card in words_and_code() if card.key not in standings]
    return Plan(
        tuple(card for card in waiting if card.key not in later),
        tuple(unseen[: max(0, limits.new - started)]),
        put_off=len(later),
    )


def words_and_code() -> list[Card]:
    """Every question and, after each, its tasks, in the notes' order; the notes' own are known without loading the deck."""
    cards = []
    for question in shelf.question_ids():
        cards.append(Card("recall", question))
        cards += [Card("code", question, task.id) for task in shelf.task_cards(question)]
    return cards


# ---------------------------------------------------------------- what an answer means


def mentioned(question: Question, answer: str) -> frozenset[str]:
    """Ids of the key points that `answer` plainly names: full-width letters read as plain ones, spaces as one."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", answer))
    return frozenset(point.id for point in question.key_points if any(_pattern(p).search(text) for p in point.mentions))


@lru_cache(maxsize=1024)
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def suggested(ticked: int, points: int, hints: int = 0) -> Grade:
    """The grade that fits how many key points were named; hints read lower it. The learner decides."""
    share = ticked / points if points else 0.0
    if share < 0.35:
        return Grade.AGAIN
    if share < 0.7 or hints >= 2:
        return Grade.HARD
    return Grade.EASY if share == 1 and not hints else Grade.GOOD


def grade_of_drill(right: bool, tries: int = 1) -> Grade:
    """What a checked drill means for its schedule."""
    if not right:
        return Grade.AGAIN
    return Grade.GOOD if tries <= 1 else Grade.HARD


def grade_of_code(passed: bool, failures: int, hints: int) -> Grade:
    """What graded code means: at once, after a failure or a hint, after more of both, or not at all."""
    if not passed:
        return Grade.AGAIN
    if failures + hints == 0:
        return Grade.EASY
    return Grade.GOOD if failures + hints <= 1 else Grade.HARD


# ---------------------------------------------------------------- how far the learner is


def mastery(question: str, standings: Mapping[str, Standing]) -> float:
    """0 .. 1 over a question's words, its drills (as far as they were met) and its tasks, equally weighted."""
    return masteries(standings, (question,))[question]


def masteries(standings: Mapping[str, Standing], questions: Iterable[str] | None = None) -> dict[str, float]:
    """The mastery of each of these questions, or of all."""
    drills: dict[str, list[float]] = {}
    for key, standing in standings.items():
        kind, _, name = key.partition(":")
        if kind == "drill":
            drills.setdefault(name.partition("/")[0], []).append(standing.mastery)
    found = {}
    for question in shelf.question_ids() if questions is None else questions:
        met = drills.get(question)
        parts = [_mastery_of(f"recall:{question}", standings), sum(met) / len(met) if met else 0.0]
        if tasks := [t.id for t in shelf.task_cards(question)]:
            parts.append(sum(_mastery_of(f"code:{t}", standings) for t in tasks) / len(tasks))
        found[question] = sum(parts) / len(parts)
    return found


def _mastery_of(key: str, standings: Mapping[str, Standing]) -> float:
    return standings[key].mastery if key in standings else 0.0


def question_states(standings: Mapping[str, Standing], now: int) -> dict[str, str]:
    """Question id to "due", "known" or "learning"; one that was never practised is left out."""
    mine: dict[str, list[Standing]] = {}
    for key, standing in standings.items():
        if card := parse_card(key):
            mine.setdefault(card.question, []).append(standing)
    return {question: _state(mine[question], now) for question in shelf.question_ids() if question in mine}


def _state(standings: Sequence[Standing], now: int) -> str:
    if any(s.due <= now for s in standings):
        return "due"
    return "known" if all(s.stability >= KNOWN_STABILITY for s in standings) else "learning"


def task_states(verdicts: Mapping[str, str]) -> dict[str, str]:
    """Task id to "passed" or "failed" by its best verdict so far."""
    return {task: "passed" if verdict == "pass" else "failed" for task, verdict in verdicts.items()}
