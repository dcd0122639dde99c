"""What can be done on the screen below, over it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from quiz.app.base import Page, PaintedOnce, Phrase
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message


class HelpScreen(PaintedOnce[None], ModalScreen[None]):
    """The help of a page. Any of its keys closes it."""

    CSS_PATH = "../styles/help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q,enter", "dismiss", show=False),
        Binding("t", "tour", show=False),
    ]

    page: Page

    def __init__(self, page: Page | None = None) -> None:
        super().__init__()
        if page is not None:
            self.begin(page)

    def begin(self, page: Page) -> None:
        """Help with this page."""
        self.page = page
        if self.is_mounted:
            self._is_spare = True
            self._fill()

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Prose(id="own")
            yield Prose(message("app.help_everywhere"))
            yield Prose(message("tour.start"))
            yield Phrase(message("app.help_closes"), classes="muted")

    def on_mount(self) -> None:
        self.query_one("#help").focus()
        if hasattr(self, "page"):
            self._fill()

    def _fill(self) -> None:
        self.query_one("#own", Prose).show(self.page.HELP_TEXT)
        self.relabel()

    def action_tour(self) -> None:
        self.page.quiz.start_tour()

    def relabel(self) -> None:
        """Say it in the language that was chosen."""
        panel = self.query_one("#help")
        panel.border_title = message("keys.help").of(self.page.lang)
        for prose in self.query(Prose):
            prose.relabel()
        self.query_one(Phrase).relabel()
