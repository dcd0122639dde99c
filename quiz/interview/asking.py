"""What an interviewer hears in an answer, and what is asked next because of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answers.model import KeyPoint, Text
from quiz.catalogue import message
from quiz.interview.sitting import Exchange, Item
from quiz.session import mentioned

if TYPE_CHECKING:
    from answers.model import Question


@dataclass(frozen=True, slots=True)
class Heard:
    """Ids of the key points: named without help, named only once they had been given away, not named."""

    named: tuple[str, ...]
    prompted: tuple[str, ...]
    missed: tuple[str, ...]


def heard(question: Question, item: Item) -> Heard:
    """What of the question's key points came; what the learner ticked in the debrief decides, where it was ticked."""
    named = set(mentioned(question, _words(item.answer)))
    given: set[str] = set()
    prompted: set[str] = set()
    for exchange in item.exchanges:
        given |= given_away(question, exchange)
        said = mentioned(question, exchange.reply or "")
        named |= said - given
        prompted |= said & given
    if item.ticked is not None:
        named = set(item.ticked)
    ids = [point.id for point in question.key_points]
    return Heard(
        tuple(id for id in ids if id in named),
        tuple(id for id in ids if id in prompted - named),
        tuple(id for id in ids if id not in named | prompted),
    )


def _words(answer: object) -> str:
    return answer if isinstance(answer, str) else ""


def given_away(question: Question, exchange: Exchange) -> frozenset[str]:
    """The key points that the interviewer's own words name."""
    words = asked(question, exchange)
    told = mentioned(question, words.zh) | mentioned(question, words.en)
    return told | {exchange.ref} if exchange.kind == "point" else told


def asked(question: Question, exchange: Exchange) -> Text:
    """The words in which it is asked. One that the deck no longer has is said to be gone."""
    if exchange.kind == "point":
        point = next((p for p in question.key_points if p.id == exchange.ref), None)
        if point is not None:
            return message("interview.not_mentioned", point=point.text)
    elif exchange.ref.isdecimal() and int(exchange.ref) < len(question.follow_ups):
        return question.follow_ups[int(exchange.ref)].ask
    return message("interview.no_longer_there")


def good_reply(question: Question, exchange: Exchange) -> Text | None:
    """A good answer to what was asked; None where the deck has none."""
    if exchange.kind == "follow-up" and exchange.ref.isdecimal() and int(exchange.ref) < len(question.follow_ups):
        return question.follow_ups[int(exchange.ref)].answer
    return None


def next_question(question: Question, item: Item) -> Exchange | None:
    """What is asked after what was said so far; None where the interviewer has heard enough.

    First a follow-up that is about what was left out, then what was left out by name. An answer that names
    everything is followed up once, to go deeper. Silence is not followed up.
    """
    done = item.exchanges
    if len(done) >= item.most_follow_ups or not _words(item.answer).strip():
        return None
    missed = heard(question, item).missed
    asked_for = {exchange.ref for exchange in done if exchange.kind == "point"}
    open_points = [p for p in question.key_points if p.id in missed and p.id not in asked_for]
    unused = [k for k in range(len(question.follow_ups)) if Exchange("follow-up", str(k)) not in _asked_only(done)]
    if not open_points:
        return Exchange("follow-up", str(unused[0])) if unused and not done else None
    last_chance = bool(done) and len(done) + 1 == item.most_follow_ups
    covering = [] if last_chance else [k for k in unused if _covers(question, k, open_points)]
    if covering:
        best = max(covering, key=lambda k: (_covers(question, k, open_points), -k))
        return Exchange("follow-up", str(best))
    return Exchange("point", open_points[0].id)


def _asked_only(exchanges: tuple[Exchange, ...]) -> set[Exchange]:
    return {Exchange(e.kind, e.ref) for e in exchanges}


def _covers(question: Question, follow_up: int, points: list[KeyPoint]) -> int:
    """How many of the points the follow-up is about: they are named in it or in a good answer to it, in either language."""
    texts = (question.follow_ups[follow_up].ask, question.follow_ups[follow_up].answer)
    told = frozenset[str]().union(*(mentioned(question, words) for text in texts for words in (text.zh, text.en)))
    return sum(point.id in told for point in points)
