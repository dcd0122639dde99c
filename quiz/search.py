"""Search over everything that can be gone to: an index of texts in both languages, and how a query is ranked. Pure.

A word of the query is found wherever it stands, also inside a run of Chinese, which has no spaces; with fewer points also where
the two-character words of such a run stand apart or in another order. Where nothing holds every word, what shares most of
their letter pairs is given instead, so that a slip of the finger still finds something.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from answers.model import Drill, Language, NumberDrill, OrderDrill, Question, Task, Text, TrueFalseDrill
from quiz import shelf
from quiz.session import Card

WEIGHTS = {
    "command": 0.9,
    "question": 0.8,
    "task": 0.7,
    "setting": 0.7,
    "evidence": 0.4,
    "drill": 0.3,
    "point": 0.3,
    "note": 0.2,
    "misconception": 0.1,
}
"""Kinds of entry, and how much each is preferred where texts match equally well."""
_NOTHING = Text(zh="", en="")
_SIZE = re.compile(r"\{(\w+)[^}]*\}")
"""A size that is drawn when the drill is dealt; here its letter will do."""
_HALVES = re.compile(r"(?:[\u4e00-\u9fff]{2}){2,4}")
_ENOUGH = 0.5
"""Share of a query's letter pairs that must be there where its words are not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to go to: a card, or a command or setting by name."""

    kind: str
    title: Text
    body: Text = _NOTHING
    card: Card | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that answers the query. `words`: as they stand in the normalised texts, to be shown."""

    entry: Entry
    score: float
    words: tuple[str, ...]


class Index:
    """Entries made ready to be searched; `after` them those of another index, which are not read again."""

    def __init__(self, entries: Iterable[Entry], after: Index | None = None) -> None:
        own = tuple(entries)
        self.entries: tuple[Entry, ...] = own + after.entries if after is not None else own
        self._read: list[_Read] = [_Read(entry) for entry in own] + (after._read if after is not None else [])

    def find(self, query: str, language: Language, limit: int = 50) -> list[Found]:
        """The entries that hold every word of the query, best first; for an empty query all, in their order."""
        words = tuple(normalised(query).split())
        if not words:
            return [Found(entry, 0.0, ()) for entry in self.entries[:limit]]
        scored = [(read.score(words, language), read.entry) for read in self._read]
        if not any(score for score, _ in scored):
            grams = {gram for word in words for gram in _grams(word)}
            scored = [(read.resemblance(grams), read.entry) for read in self._read]
            words = ()
        best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
        return [Found(entry, score, words) for score, entry in best[:limit]]


class _Read:
    """An entry's texts, normalised once."""

    __slots__ = ("_bodies", "_tight", "_titles", "entry")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._titles = {"zh": normalised(entry.title.zh), "en": normalised(entry.title.en)}
        self._bodies = {"zh": normalised(entry.body.zh), "en": normalised(entry.body.en)}
        self._tight = re.sub(r"[\s_-]+", "", self._titles["zh"] + "\n" + self._titles["en"])

    def score(self, words: Sequence[str], language: Language) -> float:
        """0 where a word is missing."""
        total = 0.0
        for word in words:
            points = self._points(word, language) or self._points_of_halves(word, language)
            if not points:
                return 0.0
            total += points
        return total / len(words) + WEIGHTS[self.entry.kind]

    def _points(self, word: str, language: Language) -> float:
        for own in (language, "en" if language == "zh" else "zh"):
            title = self._titles[own]
            at = title.find(word)
            if at >= 0:
                begins = at == 0 or not (title[at - 1].isascii() and title[at - 1].isalnum())
                return 3.0 + (own == language) + begins + len(word) / len(title)
        if word in self._tight:
            return 2.5
        if word in self._bodies[language]:
            return 1.5
        return 1.0 if any(word in body for body in self._bodies.values()) else 0.0

    def _points_of_halves(self, word: str, language: Language) -> float:
        """Less than for the whole, where every two characters of a Chinese word are there."""
        if not _HALVES.fullmatch(word):
            return 0.0
        return min(self._points(word[k : k + 2], language) for k in range(0, len(word), 2)) / 4

    def resemblance(self, grams: set[str]) -> float:
        """The share of letter pairs that the texts have, twice as much for the title; 0 where it is too little."""
        titles = "\n".join(self._titles.values())
        everything = titles + "\n" + "\n".join(self._bodies.values())
        share = sum(gram in everything for gram in grams) / len(grams)
        return share + sum(gram in titles for gram in grams) / len(grams) if share >= _ENOUGH else 0.0


def normalised(text: str) -> str:
    """Full-width letters as plain ones, no capitals, no marks of Markdown."""
    return re.sub(r"[`*]", "", unicodedata.normalize("NFKC", text)).casefold()


def _grams(word: str) -> set[str]:
    """Pairs of letters; a single one is itself."""
    return {word[k : k + 2] for k in range(len(word) - 1)} or {word}


# ---------------------------------------------------------------- what there is


def deck_entries() -> tuple[Entry, ...]:
    """Everything on the shelf. Loads every question and task, so it is for a thread; what cannot be read is left out."""
    return _deck_entries(shelf.question_ids(), tuple(card.id for card in shelf.task_cards()))


@lru_cache(maxsize=1)
def _deck_entries(questions: tuple[str, ...], tasks: tuple[str, ...]) -> tuple[Entry, ...]:
    from answers.deck import DeckError

    found: list[Entry] = []
    for question_id in questions:
        try:
            found += _of_question(question_id, shelf.question(question_id))
        except DeckError:
            continue
    for task_id in tasks:
        card = shelf.task_card(task_id)
        if card is not None:
            try:
                found += _of_task(Card("code", card.question, task_id), shelf.task(task_id))
            except DeckError:
                continue
    return tuple(found)


def _of_question(id: str, question: Question) -> Iterator[Entry]:
    recall = Card("recall", id)
    title = Text(zh=f"{question.section} {question.title.zh}", en=f"{question.section} {question.title.en}")
    body = _joined(Text(zh=id, en=id), question.ask, question.spoken, question.whiteboard)
    yield Entry("question", title, body, recall)
    yield Entry("evidence", title, name=id)
    for point in question.key_points:
        yield Entry("point", point.text, title, recall)
    for claim in question.notes:
        yield Entry("note", claim.claim, _joined(claim.truth, claim.matters, title), recall)
    for follow_up in question.follow_ups:
        yield Entry("note", follow_up.ask, _joined(follow_up.answer, title), recall)
    for drill in question.drills:
        yield Entry("drill", _asks(drill), _joined(Text(zh=drill.id, en=drill.id), title), Card("drill", id, drill.id))


def _asks(drill: Drill) -> Text:
    match drill:
        case TrueFalseDrill():
            return drill.claim
        case OrderDrill():
            return _joined(drill.ask, *drill.steps)
        case NumberDrill(ask=ask):
            return Text(zh=_SIZE.sub(r"\1", ask.zh), en=_SIZE.sub(r"\1", ask.en))
    return drill.ask


def _of_task(card: Card, task: Task) -> Iterator[Entry]:
    name = Text(zh=card.part, en=card.part)
    yield Entry("task", name, _joined(task.ask, Text(zh=task.function, en=task.function)), card)
    for misconception in task.misconceptions:
        body = Text(zh=f"{card.part} {misconception.id}", en=f"{card.part} {misconception.id}")
        yield Entry("misconception", misconception.message, body, card)


def _joined(*texts: Text) -> Text:
    return Text(zh="\n".join(t.zh for t in texts), en="\n".join(t.en for t in texts))


@lru_cache(maxsize=1)
def deck_index(entries: tuple[Entry, ...]) -> Index:
    """The index of `deck_entries`."""
    return Index(entries)


def setting_entries(names: dict[str, Text], about: dict[str, Text]) -> list[Entry]:
    """The settings, by what they are called."""
    from quiz.settings import SETTINGS

    return [Entry("setting", names[s.name], about[s.name], name=s.name) for s in SETTINGS]
