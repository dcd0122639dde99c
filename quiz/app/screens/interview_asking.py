"""What the screens share on which an interview asks: the clock, skipping, ending, leaving."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from answers.model import Language
from quiz.app.base import Key, Page
from quiz.app.sitting import Sitting
from quiz.app.widgets.clock import Clock
from quiz.catalogue import message
from quiz.interview.sitting import Item
from quiz.interview.words import KINDS

AGAIN_WITHIN = 5.0
"""Seconds within which the key that ends the interview is to be pressed again."""


class AskingPage(Page):
    """One item of an interview."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("f8", "skip", show=False, priority=True),
        Binding("f6", "end", show=False, priority=True),
    ]
    sitting: Sitting
    position: int
    """Which item is asked here."""
    _end_asked = -AGAIN_WITHIN

    def on_mount(self) -> None:
        self.set_interval(1.0, self._count)

    @property
    def item(self) -> Item:
        """As it stands now."""
        return self.sitting.interview.items[self.position]

    @property
    def is_asked(self) -> bool:
        """Whether the item is still asked: a key pressed twice must not answer the next one."""
        return self.sitting.interview.phase == "asking" and self.sitting.interview.at == self.position

    def _count(self) -> None:
        """Count a second, while this screen is the one in front or lies under its help."""
        if self.is_attached and self in self.app.screen_stack:
            self.sitting.count()
            self.query_one(Clock).refresh()

    def on_unmount(self) -> None:
        if self.sitting.interview.phase == "asking" and not self.app.is_running:
            self.sitting.stop()

    async def build_next(self) -> bool:
        return await self.sitting.build_next()

    def keep(self) -> None:
        """Take what was typed and not given as an answer into the interview."""

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        kind = KINDS[self.item.card.kind].of(language)
        return Content.assemble((message("interview.title").of(language), "bold"), (f" · {kind}", "$text-muted"))

    def common_keys(self) -> tuple[Key, ...]:
        """The keys that every item has."""
        return (
            Key("f8", message("interview.skip"), "screen.skip"),
            Key("f6", message("interview.end"), "screen.end"),
            Key("esc", message("interview.pause"), "screen.leave"),
        )

    # ------------------------------------------------------------ what keys do

    def action_skip(self) -> None:
        if self.is_asked:
            self.sitting.go_on(passed=True)

    def action_end(self) -> None:
        if not self.is_asked:
            return
        if monotonic() - self._end_asked > AGAIN_WITHIN:
            self._end_asked = monotonic()
            self.quiz.say(message("interview.end_again"))
            return
        self.quiz.notices.clear()  # what was just said is done
        self.keep()
        self.sitting.end()

    def action_leave(self) -> None:
        if not self.is_asked:
            return
        self.quiz.say(message("interview.paused"))
        self.sitting.leave()
