"""Asks before the code of a deck runs for the first time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from quiz.app.base import Phrase
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message
from quiz.decks import Offer


class TrustScreen(ModalScreen[bool]):
    """True where the learner agrees to load the deck."""

    CSS_PATH = "../styles/trust.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", show=False),
        Binding("n,escape,q,enter", "dismiss(False)", show=False),
    ]

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="trust"):
            yield Prose(message("trust.never_loaded", name=self.offer.name, folder=self.offer.folder))
            yield Prose(message("deck.warning"))
            yield Phrase(message("trust.keys"), classes="muted")

    def on_mount(self) -> None:
        self.query_one("#trust").focus()
        self.relabel()

    def relabel(self) -> None:
        """Say it in the language that was chosen."""
        phrase = self.query_one(Phrase)
        self.query_one("#trust").border_title = message("trust.title").of(phrase.lang)
        for prose in self.query(Prose):
            prose.relabel()
        phrase.relabel()
