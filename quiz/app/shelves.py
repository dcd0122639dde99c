"""The contents of other decks: opened where that was agreed to, else named with the offer to open them."""

from __future__ import annotations

from collections.abc import Iterator

from answers.deck import DeckError
from answers.model import Text
from answers.record import Record
from quiz import contents, decks, shelf, visitor
from quiz.catalogue import message
from quiz.contents import Heading
from quiz.decks import Choices, Offer


class Part(Record):
    """A deck as it stands in the contents. `waiting`: what may be opened once it is agreed to."""

    title: Text
    headings: tuple[Heading, ...] = ()
    waiting: Offer | None = None


def look(choices: Choices) -> Iterator[Part]:
    """Every deck but the one that ships. Runs the code of those that were agreed to; meant for a thread."""
    for offer in choices.offers():
        if offer.built_in:
            continue
        if not choices.allows(offer):
            if visitor.is_visitor():  # whose code runs here is not a visitor's to decide
                continue
            yield Part(message("home.deck_waiting", name=offer.name), waiting=offer)
            continue
        try:
            ids = shelf.open_deck(decks.load(offer, choices.agreed))
        except DeckError as error:
            yield Part(message("home.deck_faulty", name=offer.name, faults=decks.so_many(error.faults)))
        else:
            yield Part(message("part.deck", name=offer.name), tuple(map(contents.heading, ids)))
