"""What an interview asks: as many questions, drills and tasks as fit the minutes, more of what is weak or untried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from quiz import parts, shelf
from quiz.interview.sitting import ANSWER_SECONDS, FOLLOW_UP_SECONDS, Item, Setup
from quiz.schedule import Grade, Standing
from quiz.session import Card

if TYPE_CHECKING:
    from answers.model import Drill

SHARES = {"recall": 0.55, "code": 0.3, "drill": 0.15}
"""How an interview's time is shared out, as far as whole questions allow."""
DRILL_SECONDS = {"TrueFalseDrill": 30, "ChoiceDrill": 45, "OrderDrill": 75, "NumberDrill": 75, "FormulaDrill": 90}
LONG = 30
"""From so many minutes on an answer is followed up twice, in shorter interviews once."""
_LEAST_CODE, _MOST_CODE = 240, 900


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be asked: its card, the id of its part, the seconds it takes."""

    card: Card
    section: str
    seconds: int


def candidates(chosen: Iterable[str]) -> list[Candidate]:
    """Everything that can be asked of these parts, in the deck's order. Loads questions; one that cannot be read is left out."""
    from answers.deck import DeckError

    wanted, found = set(chosen), []
    for part in parts.every():
        for question_id in part.questions if part.id in wanted else ():
            try:
                question = shelf.question(question_id)
            except DeckError:
                continue
            found.append(Candidate(Card("recall", question_id), part.id, ANSWER_SECONDS))
            for drill in question.drills:
                found.append(Candidate(Card("drill", question_id, drill.id), part.id, drill_seconds(drill)))
            for task in question.tasks:
                found.append(Candidate(Card("code", question_id, task), part.id, code_seconds(shelf.solution(task))))
    return found


def drill_seconds(drill: Drill) -> int:
    """The time for a drill, by its kind."""
    return DRILL_SECONDS[type(drill).__name__]


def code_seconds(solution: str) -> int:
    """The time for a coding task: three minutes, and half a minute for each line of its model solution."""
    lines = sum(bool(line.strip()) for line in solution.splitlines())
    return min(max(180 + 30 * lines, _LEAST_CODE), _MOST_CODE)


def most_follow_ups(minutes: int) -> int:
    """How often an answer is followed up at most."""
    return 2 if minutes >= LONG else 1


def need(standing: Standing | None, now: int) -> float:
    """How much a card wants to be asked: 1 where it was never tried, more where it failed last, little where it is known."""
    if standing is None:
        return 1.0
    failed = standing.grade is Grade.AGAIN
    return 0.1 + (1 - standing.mastery) * 0.9 + 0.6 * failed + 0.2 * (standing.due <= now)


# ---------------------------------------------------------------- drawing


def draw(
    setup: Setup, pool: Sequence[Candidate], standings: Mapping[str, Standing], now: int, random: Random
) -> tuple[Item, ...]:
    """What is asked, in the deck's order: first a question for each part, then code, then what keeps the mix.

    The budgets add up to no more than the minutes, but for a single question that alone is longer than they are. What is
    left over is too short for anything that is left.
    """
    drawn = _Draw(setup, pool, standings, now, random)
    by_need = sorted({c.section for c in pool}, key=lambda part: (-drawn.need_of(part), part))
    for part in by_need:
        drawn.take("recall", part)
    drawn.take("code")
    while drawn.take_what_lags():
        pass
    if not drawn.taken:
        drawn.take_shortest()
    order = {candidate.card: place for place, candidate in enumerate(pool)}
    return tuple(drawn.item(c) for c in sorted(drawn.taken, key=lambda c: order[c.card]))


class _Draw:
    """What was taken so far, and the seconds that are left."""

    def __init__(
        self, setup: Setup, pool: Sequence[Candidate], standings: Mapping[str, Standing], now: int, random: Random
    ) -> None:
        self.follow_ups = most_follow_ups(setup.minutes)
        self.left = setup.minutes * 60
        self.rest = list(pool)
        self.random = random
        self.taken: list[Candidate] = []
        self.needs = {c.card: need(standings.get(c.card.key), now) for c in pool}

    def seconds(self, candidate: Candidate) -> int:
        """What it takes with its follow-ups."""
        extra = FOLLOW_UP_SECONDS * self.follow_ups if candidate.card.kind == "recall" else 0
        return candidate.seconds + extra

    def need_of(self, part: str) -> float:
        """The mean need of a part's cards."""
        needs = [self.needs[c.card] for c in self.rest if c.section == part]
        return sum(needs) / len(needs)

    def fitting(self, kind: str, part: str | None = None) -> list[Candidate]:
        """What of a kind still fits."""
        return [
            c
            for c in self.rest
            if c.card.kind == kind and (part is None or c.section == part) and self.seconds(c) <= self.left
        ]

    def take(self, kind: str, part: str | None = None) -> bool:
        """Take one of a kind by chance, the needier the likelier, and likelier where its question is asked; False where none fits."""
        asked = {c.card.question for c in self.taken if c.card.kind == "recall"}
        if not (found := self.fitting(kind, part)):
            return False
        weights = [self.needs[c.card] * (3 if kind != "recall" and c.card.question in asked else 1) for c in found]
        self._take(self.random.choices(found, weights)[0])
        return True

    def take_shortest(self) -> None:
        """Take what is shortest, whether or not it fits: an interview asks at least one thing."""
        if self.rest:
            self._take(min(self.rest, key=self.seconds))

    def _take(self, candidate: Candidate) -> None:
        self.rest.remove(candidate)
        self.taken.append(candidate)
        self.left -= self.seconds(candidate)

    def take_what_lags(self) -> bool:
        """Take one of the kind whose share of the time lags most; False where nothing fits any more."""
        used = dict.fromkeys(SHARES, 0)
        for candidate in self.taken:
            used[candidate.card.kind] += self.seconds(candidate)
        return any(self.take(kind) for kind in sorted(SHARES, key=lambda kind: used[kind] / SHARES[kind]))

    def item(self, candidate: Candidate) -> Item:
        """As it is asked."""
        recall = candidate.card.kind == "recall"
        return Item(
            candidate.card,
            candidate.section,
            self.seconds(candidate),
            self.random.getrandbits(32),
            self.follow_ups if recall else 0,
        )
