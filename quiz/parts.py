"""The parts of what can be asked: the notes' four, and every deck that was opened beside them."""

from __future__ import annotations

from answers.model import Text
from answers.record import Record
from quiz import shelf
from quiz.catalogue import message


class Part(Record):
    """A part: its id, its title, the ids of its questions in their order."""

    id: str
    title: Text
    questions: tuple[str, ...]


NOTES = (
    Part(
        "rnn",
        message("part.rnn"),
        ("why-rnn", "rnn-structure", "rnn-forward", "rnn-problems"),
    ),
    Part(
        "lstm",
        message("part.lstm"),
        (
            "why-lstm",
            "lstm-structure",
            "lstm-gradients",
            "lstm-flow",
            "lstm-activations",
            "lstm-cost",
            "lstm-problems",
        ),
    ),
    Part(
        "gru",
        message("part.gru"),
        ("why-gru", "gru-structure", "gru-forward", "gru-differences"),
    ),
    Part("family", message("part.family"), ("rnn-family",)),
)
"""The parts of the notes, in their order."""


def every() -> tuple[Part, ...]:
    """The notes' parts, then each opened deck as one. A deck's id ends in the shelf's mark, so that none clashes."""
    others = []
    for deck in shelf.opened():
        mark = deck.name + shelf.MARK
        title = message("part.deck", name=deck.name)
        others.append(Part(mark, title, tuple(id for id in shelf.question_ids() if id.startswith(mark))))
    return (*NOTES, *others)


def title(part_id: str) -> Text:
    """A part's title; its id where the part is not there."""
    return next((part.title for part in every() if part.id == part_id), Text(zh=part_id, en=part_id))
