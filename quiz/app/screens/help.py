"""What can be done on the screen below, over it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from quiz.app import tour_words, words
from quiz.app.base import Page, Phrase
from quiz.app.widgets.prose import Prose


class HelpScreen(ModalScreen[None]):
    """The help of a page. Any of its keys closes it."""

    CSS_PATH = "../styles/help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q,enter", "dismiss", show=False),
        Binding("t", "tour", show=False),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Prose(self.page.HELP_TEXT)
            yield Prose(words.HELP_EVERYWHERE)
            yield Prose(tour_words.START)
            yield Phrase(words.CLOSES, classes="muted")

    def on_mount(self) -> None:
        self.query_one("#help").focus()
        self.relabel()

    def action_tour(self) -> None:
        self.page.quiz.start_tour()

    def relabel(self) -> None:
        """Say it in the language that was chosen."""
        panel = self.query_one("#help")
        panel.border_title = words.HELP.of(self.page.lang)
        for prose in self.query(Prose):
            prose.relabel()
        self.query_one(Phrase).relabel()
