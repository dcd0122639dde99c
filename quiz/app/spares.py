"""Screens built ahead, out of sight, so that opening one is no more than filling it in and painting it.

A screen of some forty widgets takes longer to build than a key may take to be answered. So one blank screen of each kind
is built while no key is pressed, and the next takes its place once it is used. Screens that were left are taken down at
such a time too. Each is used once: nothing of one card can show on the next.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.css.model import RuleSet
from textual.screen import Screen

from quiz.app.base import PaintedOnce

if TYPE_CHECKING:
    from quiz.app.app import QuizApp

AnyScreen = TypeVar("AnyScreen", bound=Screen[Any])

KINDS = (
    ("question", "QuestionScreen"),
    ("code", "CodeScreen"),
    ("drill", "DrillScreen"),
    ("evidence", "EvidenceScreen"),
    ("statistics", "StatisticsScreen"),
    ("search", "SearchScreen"),
    ("help", "HelpScreen"),
    ("settings", "SettingsScreen"),
    ("interview", "InterviewScreen"),
)
"""Modules of `quiz.app.screens` and the screens in them that can be built blank; those opened most come first."""

STYLES = Path(__file__).resolve().parent / "styles"


class Spares:
    """One blank screen of each kind, as far as there was time to build them."""

    def __init__(self, app: QuizApp) -> None:
        self._app = app
        self._ready: dict[type[Screen[Any]], Screen[Any]] = {}
        self._worn: dict[type[Screen[Any]], list[RuleSet]] = {}
        """The rules that each of them was styled by last."""
        self._used: list[Screen[Any]] = []
        self._has_styles = False

    def take(self, kind: type[AnyScreen]) -> AnyScreen:
        """A blank screen: the one that is ready, else a new one."""
        screen = self._ready.pop(kind, None)
        if screen is None:
            return kind()
        assert isinstance(screen, kind)
        if not self._is_styled(kind):
            self._app.style(screen)
        self._used.append(screen)
        return screen

    def discard(self) -> None:
        """Use none of those that are ready, because they were built in another language."""
        self._used += self._ready.values()
        self._ready.clear()

    async def work(self, modules: Collection[str] = dict(KINDS)) -> bool:
        """Do one piece of what there is to do; whether there was something. `modules`: those whose screens may be built."""
        if self._read_styles():
            return True
        for screen in self._used:
            if screen not in self._app.screen_stack:
                self._used.remove(screen)
                await self._take_down(screen)
                return True
        for module, name in KINDS:
            if module not in modules:
                continue
            kind = getattr(importlib.import_module(f"quiz.app.screens.{module}"), name)
            if kind not in self._ready:
                await self._build(kind)
                return True
        # After them all, as the first screen of a kind may bring styles along, for which the others are styled again.
        for kind, ready in self._ready.items():
            if not self._is_styled(kind):
                self._worn[kind] = self._app.stylesheet.rules
                self._app.style(ready)
                return True
            if ready.size != self._app.size:
                self._fit(ready)
                return True
        return False

    def _read_styles(self) -> bool:
        """Read the styles of all screens, unless they are: each time some are read all are parsed, and every widget styled again."""
        if self._has_styles:
            return False
        self._has_styles = True
        stylesheet = self._app.stylesheet
        for path in sorted(STYLES.glob("*.tcss")):
            if not stylesheet.has_source(str(path), ""):
                stylesheet.read(path)
        stylesheet.reparse()
        stylesheet.update(self._app)
        return True

    async def _build(self, kind: type[Screen[Any]]) -> None:
        screen = kind()
        await self.stand_up(screen)
        self._ready[kind] = screen
        self._worn[kind] = self._app.stylesheet.rules

    def _is_styled(self, kind: type[Screen[Any]]) -> bool:
        """Whether the one that is ready looks as the theme that is worn has it; its words are the same in all."""
        return self._worn[kind] is self._app.stylesheet.rules

    async def stand_up(self, screen: Screen[Any]) -> None:
        """Build a screen out of sight; who no longer needs it, or has shown it, hands it to `take_down_later`."""
        self._read_styles()
        self._app.install_screen(screen, f"spare-{id(screen)}")  # so that it is not taken down when it is left
        _, mounted = self._app._get_screen(screen)
        await mounted
        self._fit(screen)
        if isinstance(screen, PaintedOnce):
            screen._is_spare = True

    def take_down_later(self, screen: Screen[Any]) -> None:
        """In spare time, once it is not shown any more."""
        self._used.append(screen)

    def _fit(self, screen: Screen[Any]) -> None:
        """Lay the screen out at the terminal's size."""
        size = self._app.size
        screen.post_message(events.Resize(size, size))
        screen._refresh_layout(size)

    async def _take_down(self, screen: Screen[Any]) -> None:
        self._app.uninstall_screen(screen)
        await screen.remove()
        self._app.forget_closed_widgets()
