"""The notes' contents as they are shown: section and title of each question, without failing where one cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from answers import deck
from answers.model import Text


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents. `fault` says why the question cannot be read, where it cannot."""

    id: str
    section: str
    title: Text
    tasks: tuple[str, ...] = ()
    drills: int = 0
    fault: str | None = None


def headings() -> list[Heading]:
    """Every question of the deck that ships, in the notes' order."""
    return [_heading(question_id) for question_id in deck.question_ids()]


def _heading(question_id: str) -> Heading:
    try:
        question = deck.load_question(question_id)
    except deck.DeckError as error:
        return Heading(question_id, "–", Text(zh=question_id, en=question_id), fault=str(error.faults[0]))
    return Heading(question_id, question.section, question.title, question.tasks, len(question.drills))
