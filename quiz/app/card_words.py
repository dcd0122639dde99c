"""What a card is called."""

from __future__ import annotations

from answers.model import Text
from quiz import shelf
from quiz.catalogue import message
from quiz.session import Card

KINDS = {
    "recall": message("card.recall"),
    "drill": message("card.drill"),
    "code": message("card.code"),
}


def name(card: Card) -> Text:
    """Its question's number and title, and the drill's id; the task's id for code. DeckError where the question cannot be read."""
    if card.kind == "code":
        return Text(zh=card.part, en=card.part)
    question = shelf.question(card.question)
    part = f" · {card.part}" if card.part else ""
    return Text(zh=f"{question.section} {question.title.zh}{part}", en=f"{question.section} {question.title.en}{part}")
