"""A question of an interview: asked, answered in words, followed up."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll

from quiz import shelf, visitor
from quiz.app import interview_words as words
from quiz.app import reading
from quiz.app.base import Key
from quiz.app.screens.interview_asking import AskingPage
from quiz.app.sitting import Sitting
from quiz.app.widgets.clock import Clock
from quiz.app.widgets.editor import DraftArea
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message


class TalkScreen(AskingPage):
    """The conversation above, the answer below."""

    CSS_PATH = "../styles/interview.tcss"
    HELP_TEXT = message("interview.talk_help", clock=message("interview.clock_help"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "answer", show=False, priority=True),
        Binding("ctrl+t,f3", "hint", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
    ]

    def __init__(self, sitting: Sitting, position: int) -> None:
        super().__init__()
        self.sitting = sitting
        self.position = position
        self.question = shelf.question(self.item.card.question)

    def compose_page(self) -> ComposeResult:
        yield Clock(lambda: self.sitting.interview)
        with VerticalScroll(id="talk", can_focus=False):
            yield Prose(id="said")
            yield Prose(id="hints", classes="muted")
        with Vertical(id="reply"):
            yield self._field()

    def _field(self) -> DraftArea:
        key = f"interview:{self.sitting.interview.uid}/{self.position}/{len(self.item.exchanges)}"
        return DraftArea(
            key, message("interview.your_answer"), hint=message("interview.your_answer_hint"), soft_wrap=True
        )

    def on_mount(self) -> None:
        self._show()
        self.query_one(DraftArea).focus()

    def _show(self) -> None:
        item = self.item
        self.query_one("#said", Prose).show(words.transcript(self.question, item))
        hints = self.query_one("#hints", Prose)
        hints.display = item.hints > 0
        hints.show(reading.hints(self.question.hints[: item.hints]) if item.hints else None)
        self.query_one(Clock).refresh()
        self.call_after_refresh(self.query_one("#talk").scroll_end, animate=False)
        self.refresh_keys()

    def keep(self) -> None:
        area = self.query_one(DraftArea)
        area.save()
        self.sitting.keep_words(area.text)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("ctrl+r", message("interview.answered"), "screen.answer"),
            Key("f3" if visitor.is_visitor() else "ctrl+t", message("keys.hint"), "screen.hint"),
            *self.common_keys(),
        )

    # ------------------------------------------------------------ what keys do

    async def action_answer(self) -> None:
        if not self.is_asked:
            return
        area = self.query_one(DraftArea)
        area.save()
        if not area.text.strip():
            self.quiz.say(message("interview.write_or_skip"))
            return
        if self.sitting.say(self.question, area.text) is None:
            self.sitting.go_on()
            return
        reply = self.query_one("#reply", Vertical)
        async with self.batch():
            await reply.remove_children()
            await reply.mount(self._field())
            self.query_one(DraftArea).focus()
            self._show()

    def action_hint(self) -> None:
        if self.is_asked and self.sitting.interview.item.hints < len(self.question.hints):
            self.sitting.hint()
            self._show()

    def action_skip(self) -> None:
        if self.is_asked:
            self.keep()
            self.sitting.go_on(passed=not self.sitting.interview.item.answer)

    def action_scroll(self, by: int) -> None:
        talk = self.query_one("#talk")
        if by > 0:
            talk.scroll_page_down(animate=False)
        else:
            talk.scroll_page_up(animate=False)
