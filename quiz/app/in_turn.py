"""Keys one after the other: each is handed on when all that the one before has set off is done.

Letters that follow letters in a field wait for nothing: no letter leads anywhere from there.

Textual hands a key to the field that has the focus at that moment, and does what a priority binding says at once. Where
several keys arrive together (over a slow link, while the machine is busy, from a terminal that pastes as if it typed) letters would
go to the screen that an Enter before them is about to leave, and Ctrl+R would overtake the end of the answer it hands in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump

PATIENCE = 0.5
"""Seconds after which the next key is handed on though something of the last one still goes on."""


class InTurn:
    """`hand_on` does with an event what the app would do with it."""

    def __init__(self, app: App[Any], hand_on: Callable[[Key | Paste], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Key | Paste] = deque()
        self._typed_in: object = None
        """The field that has been given nothing but text since all was done."""
        self._wait = 0
        """The number of the present wait; what belongs to an earlier one means nothing any more."""

    async def take(self, event: Key | Paste) -> None:
        """A key or a paste has come. Mostly nothing else goes on, and it is handed on at once."""
        self._waiting.append(event)
        if len(self._waiting) == 1:
            await self._hand_on_what_can_be()

    @property
    def _front(self) -> Any:
        """What keys go to."""
        return self._app.focused or self._app.screen

    def _is_done(self) -> bool:
        """Whether nothing is left to do for what keys go to, nor for anything that it hands them up to."""
        return not any(node.message_queue_size for node in self._front.ancestors_with_self)

    async def _hand_on_what_can_be(self, now: bool = False) -> None:
        """The first of those that wait, where all else is done or it is to be done `now`, and text that follows text."""
        self._wait += 1
        while self._waiting:
            event, front = self._waiting[0], self._front
            is_text = hasattr(front, "cursor_screen_offset") and (isinstance(event, Paste) or event.is_printable)
            if not (now or (is_text and front is self._typed_in) or self._is_done()):
                self._begin_to_wait()
                return
            now = False
            self._typed_in = front if is_text else None
            await self._hand_on(self._waiting.popleft())

    def _begin_to_wait(self) -> None:
        self._app.set_timer(PATIENCE, lambda wait=self._wait: self._go_on(wait))
        self._follow(self._wait, self._front)

    def _follow(self, wait: int, node: MessagePump) -> None:
        """Go the way of the last key, behind it: it is handed from each to its parent where it means nothing."""
        while node is not self._app:
            parent = node._parent or self._app
            if node.call_later(self._follow, wait, parent):
                return
            node = parent
        self._app.call_later(self._look, wait)

    async def _look(self, wait: int) -> None:
        """At the end of the way: there may be more to do, as on a screen that has just come up."""
        if wait == self._wait:
            if self._is_done():
                await self._hand_on_what_can_be()
            else:
                self._follow(wait, self._front)

    async def _go_on(self, wait: int) -> None:
        """Patience is at an end."""
        if wait == self._wait:
            await self._hand_on_what_can_be(now=True)
