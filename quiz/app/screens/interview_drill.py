"""A drill of an interview: one answer, no verdict before the report."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from quiz import drills
from quiz.app.base import Key
from quiz.app.screens.interview_asking import AskingPage
from quiz.app.sitting import Sitting
from quiz.app.widgets.answers import AnswerBox, answer_box
from quiz.app.widgets.clock import Clock
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message
from quiz.drills import AnswerError
from quiz.interview import report


class InterviewDrillScreen(AskingPage):
    """The same hand however often the interview is left and taken up again."""

    CSS_PATH = "../styles/interview.tcss"
    HELP_TEXT = message("interview.drill_help", clock=message("interview.clock_help"))
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "app.help", show=False)]

    def __init__(self, sitting: Sitting, position: int) -> None:
        super().__init__()
        self.sitting = sitting
        self.position = position
        self.hand = report.deal(self.item)

    def compose_page(self) -> ComposeResult:
        yield Clock(lambda: self.sitting.interview)
        with VerticalScroll(id="drill", can_focus=False):
            yield Prose(self.hand.ask, id="ask", classes="ask")
            yield answer_box(self.hand)
            yield Prose(id="unread")

    def on_mount(self) -> None:
        self.query_one(AnswerBox).take_focus()
        self.query_one("#unread").display = False

    @on(AnswerBox.Given)
    def take(self, event: AnswerBox.Given) -> None:
        """Keep the answer and go on; one that cannot be read is said and not counted."""
        event.stop()
        if not self.is_asked:
            return
        try:
            checked = drills.check(self.hand, event.answer)
        except AnswerError as error:
            unread = self.query_one("#unread", Prose)
            unread.display = True
            unread.show(error.text)
            return
        answer = event.answer if isinstance(event.answer, bool | int | str) else tuple(event.answer)
        self.sitting.answer_drill(answer, checked.right)
        self.sitting.go_on()

    def keys(self) -> tuple[Key, ...]:
        return (*self.query_one(AnswerBox).keys(), *self.common_keys())

    def action_check_box(self) -> None:
        self.query_one(AnswerBox).submit()
