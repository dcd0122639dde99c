"""The bar that finds in an editor: a line to type in, how many there are, whether case counts."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from answers.model import Language
from quiz.app import code_words as words
from quiz.app.base import Bilingual, Phrase
from quiz.app.widgets.keys_in_order import Line
from quiz.catalogue import message


class FindBar(Bilingual, Horizontal):
    """Hidden until it is opened; Enter and the arrows go from one to the next, Esc closes."""

    DEFAULT_CSS = """
    FindBar { height: 1; width: 1fr; display: none; background: $panel; padding: 0 1; }
    FindBar .mark { width: 2; color: $text-accent; text-style: bold; }
    FindBar .count { width: 27; margin: 0 0 0 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down,ctrl+f", "step(1)", show=False, priority=True),
        Binding("shift+enter,up", "step(-1)", show=False, priority=True),
        Binding("alt+c", "switch_case", show=False, priority=True),
        Binding("escape", "close", show=False, priority=True),
    ]

    class Sought(Message):
        """Find `wanted`: the next (`step` 1), the one before (-1), or the first from here on (0)."""

        def __init__(self, wanted: str, match_case: bool, step: int) -> None:
            super().__init__()
            self.wanted, self.match_case, self.step = wanted, match_case, step

    class Closed(Message):
        """The bar was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.match_case = False
        self._at: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        yield Phrase(lambda _: Content("⌕"), classes="mark")
        yield Line()
        yield Phrase(self._count_words, classes="count")

    def relabel(self) -> None:
        self.query_one(Input).placeholder = message("code.find_here").of(self.lang)

    def open(self, wanted: str) -> None:
        """Show it and find `wanted`, or what was found last."""
        self.display = True
        self.relabel()
        line = self.query_one(Input)
        line.focus()
        if wanted:
            line.value = wanted
        line.action_select_all()
        self._seek(0)

    @on(Input.Changed)
    def find_as_typed(self, event: Input.Changed) -> None:
        """Every key finds."""
        event.stop()
        if self.display:
            self._seek(0)

    def action_step(self, by: int) -> None:
        self._seek(by)

    def action_switch_case(self) -> None:
        self.match_case = not self.match_case
        self._seek(0)

    def action_close(self) -> None:
        self.display = False
        self.post_message(self.Closed())

    def _seek(self, step: int) -> None:
        self.post_message(self.Sought(self.query_one(Input).value, self.match_case, step))

    def show_count(self, current: int, of: int) -> None:
        """Which of how many is selected."""
        self._at = (current, of) if self.query_one(Input).value else None
        self.query_one(".count", Phrase).relabel()

    def _count_words(self, language: Language) -> Content:
        count = words.found(*self._at).of(language) if self._at is not None else ""
        case = message("code.match_case") if self.match_case else message("code.any_case")
        return Content.assemble(
            (count, "bold"), ("  " if count else "", ""), ("Alt+C ", "$text-accent"), case.of(language)
        )
