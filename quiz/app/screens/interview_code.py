"""A coding task of an interview: the code screen against the clock, without the model solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from answers.model import Language
from quiz.app.base import Key
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.interview_asking import AskingPage
from quiz.app.sitting import Sitting
from quiz.app.widgets.clock import Clock
from quiz.app.widgets.editor import CodeArea, EditorPane
from quiz.catalogue import message

if TYPE_CHECKING:
    from quiz.grading.report import Report

_NOT_HERE = ("screen.solution", "screen.next", "screen.leave")
"""Actions of the code screen that an interview has not, or that mean something else in it."""
_HANDY = ("screen.find", "screen.external_editor")
"""Actions whose keys are named where there is room."""


class InterviewCodeScreen(AskingPage, CodeScreen):
    """Begins with an empty function, whatever was written outside of the interview."""

    CSS_PATH = ["../styles/code.tcss", "../styles/interview.tcss"]  # noqa: RUF012 - as Textual declares it
    HELP_TEXT = message("interview.code_help", clock=message("interview.clock_help"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("f6", "end", show=False, priority=True),
        Binding("f8", "next", show=False, priority=True),
    ]

    def __init__(self, sitting: Sitting, position: int) -> None:
        self.sitting = sitting
        self.position = position
        super().__init__(self.item.card.part)
        self.hints = self.item.hints
        self.next_when_graded = False

    @property
    def draft_key(self) -> str:
        return f"interview:{self.sitting.interview.uid}/{self.position}/code"

    def compose_page(self) -> ComposeResult:
        yield Clock(lambda: self.sitting.interview)
        yield from super().compose_page()

    def _log(self, report: Report, source: str) -> None:
        self.quiz.store.add_attempt(
            self.task_card.id, report.verdict, report.score, source=source, report=report.to_json(), hints=self.hints
        )
        diagnosis = report.diagnosis.id if report.diagnosis is not None else None
        self.sitting.grade_code(source, report.verdict, report.score, diagnosis, self.position)
        if self.next_when_graded:
            self.call_after_refresh(self.action_next)

    def _take_back(self) -> None:
        self.sitting.take_back_pass(self.position)
        self.quiz.say(message("code.refuted"), warning=True)

    def place(self) -> None:
        """Nothing that a tour or a grade taken back leads away from."""

    def keep(self) -> None:
        area = self.query_one(CodeArea)
        area.save()
        if area.text.strip() != self._starter().strip():
            self.sitting.keep_code(area.text)

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return AskingPage.title_words(self, language) + Content(f" · {self.task_card.id}")

    def keys(self) -> tuple[Key, ...]:
        grade, *others = [key for key in CodeScreen.keys(self) if key.action not in _NOT_HERE]
        handy = [key for key in others if key.action in _HANDY]
        _, end, leave = self.common_keys()
        onwards = Key("f8", message("interview.go_on"), "screen.next")
        return (grade, onwards, *(key for key in others if key not in handy), end, *handy, leave)

    # ------------------------------------------------------------ what keys do

    def action_hint(self) -> None:
        if self.is_asked and self.hints < len(self.exercise.hints):
            self.sitting.hint()
        super().action_hint()

    def action_grade(self) -> None:
        self.next_when_graded = False
        super().action_grade()

    def action_solution(self) -> None:
        """Not in an interview: it stands in the report."""

    def action_next(self) -> None:
        if self.grading:
            self.next_when_graded = True  # the verdict belongs to this item
            return
        if not self.is_asked:
            return
        self.keep()
        item = self.sitting.interview.item
        self.sitting.go_on(passed=item.verdict is None and item.answer is None)

    def action_leave(self) -> None:
        if self.query_one(EditorPane).close_find():
            return
        if self.is_asked:
            self.query_one(CodeArea).save()
        AskingPage.action_leave(self)
