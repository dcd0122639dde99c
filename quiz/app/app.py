"""The terminal app: its language, its theme, its store, and how screens follow one another."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from random import Random
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key, Resize
from textual.reactive import Reactive, var
from textual.screen import Screen
from textual.theme import Theme

from answers.model import Language, Text
from quiz import language as languages
from quiz.app import warm
from quiz.app.base import Notice, Page
from quiz.app.painted import Painted
from quiz.app.spares import Spares
from quiz.app.themes import INK, PAPER, THEMES
from quiz.session import Card
from quiz.store import Store

if TYPE_CHECKING:
    from quiz.grader_process import GraderProcess


HOW_TO_QUIT = Text(zh="按 Ctrl+Q 退出。", en="Ctrl+Q quits.")
QUIET = 0.5
"""Seconds without a key after which there is time for something else."""


class QuizApp(App[None]):
    """Everything on screen hangs on this; what is kept hangs on `store`."""

    CSS_PATH = ["styles/app.tcss", "styles/home.tcss"]  # noqa: RUF012 - as Textual declares it
    TITLE = "rnnquiz"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+l", "switch_language", "Language", priority=True, show=False),
        Binding("f1", "help", "Help", priority=True, show=False),
        Binding("ctrl+q", "quit", "Quit", priority=True, show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False),
    ]

    theme: Reactive[str] = Reactive(INK.name)
    language: var[Language] = var("en", init=False)

    def __init__(self, store: Store | None = None, language: Language | None = None, seed: int | None = None) -> None:
        super().__init__()
        self.store = store if store is not None else Store()
        self.random = Random(seed)
        self.animation_level = (
            "none"  # nothing moves by itself: a key is answered in one paint, and few bytes go over the line
        )
        self.spares = Spares(self)
        self._painted = Painted()
        self._last_key = monotonic()
        self._told = 0
        self.notices: list[Notice] = []
        self._grader: GraderProcess | None = None
        self._grader_lock = Lock()
        self.set_reactive(QuizApp.language, language or self.store.get("language") or languages.from_locale())
        if (chosen := self.store.get("theme", INK.name)) in self.available_themes:
            self.theme = chosen  # nothing happens where it is INK: a change of theme costs a second layout

    def get_theme(self, theme_name: str) -> Theme | None:
        return THEMES.get(theme_name) or super().get_theme(theme_name)

    @property
    def available_themes(self) -> dict[str, Theme]:
        return {**super().available_themes, **THEMES}

    def get_default_screen(self) -> Screen[None]:
        from quiz.app.screens.home import HomeScreen

        return HomeScreen()

    def on_mount(self) -> None:
        self._leave_cleanly_on_signals()
        self.call_after_refresh(self._tell)
        self.set_interval(1.0, self._tell)
        self.app_resume_signal.subscribe(self, self._paint_again)
        if not self.is_headless:
            self.run_worker(self._use_spare_time(), name="spares", exit_on_error=False)

    def _paint_again(self, _: object = None) -> None:
        """Others have had the terminal."""
        self._painted.forget()
        self.refresh(layout=True)

    # ------------------------------------------------------------ spare time

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        if chosen.__module__ != "textual.drivers.linux_driver":
            return chosen
        from quiz.app.driver import PromptDriver

        return PromptDriver

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            renderable = self._painted.changes(renderable)
        super()._display(screen, renderable)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self._last_key = monotonic()
        elif isinstance(event, Resize):
            self._painted.forget()
        await super().on_event(event)

    async def _use_spare_time(self) -> None:
        """Build and take down screens, and collect garbage, while no key is pressed."""
        unfrozen, worked = True, False
        while True:
            await asyncio.sleep(QUIET / 5)
            if not warm.done():
                continue
            while (quiet := monotonic() - self._last_key > QUIET) and await self.spares.work():
                worked = True
                await asyncio.sleep(0)
            if quiet and unfrozen:
                # What is loaded by now stays: no collection needs to look at it again, which would take longer than a key may.
                gc.freeze()
                unfrozen = worked = False
            elif quiet and worked:
                gc.collect()
                worked = False

    def _tell(self) -> None:
        """Say what the store has found since the last time, at the start and while the app is used."""
        for notice in self.store.notices[self._told :]:
            self.say(notice, warning=True)
        self._told = len(self.store.notices)

    def _leave_cleanly_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Not every platform, and no thread but the main one, can handle signals; drafts are on disk anyway.
            with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
                loop.add_signal_handler(getattr(signal, name), self.exit)

    # ------------------------------------------------------------ grading

    def grader(self) -> GraderProcess:
        """The one grader of the app, in a process of its own. Called from worker threads; OSError where it cannot start."""
        with self._grader_lock:
            if self._grader is None:
                from quiz.grader_process import GraderProcess

                self._grader = GraderProcess().__enter__()
            return self._grader

    def stop_grading(self) -> None:
        """Stop the grading that goes on, if one does."""
        if self._grader is not None:
            self._grader.stop()

    def on_unmount(self) -> None:
        if self._grader is not None:
            self._grader.close()

    # ------------------------------------------------------------ language and theme

    def watch_language(self, language: Language) -> None:
        self.spares.discard()
        self.store.set("language", language)
        for screen in self.screen_stack:
            if isinstance(screen, Page) or hasattr(screen, "relabel"):
                screen.relabel()

    def action_switch_language(self) -> None:
        self.language = "en" if self.language == "zh" else "zh"

    def action_switch_theme(self) -> None:
        self.theme = PAPER.name if self.theme == INK.name else INK.name

    def watch_theme(self, theme: str) -> None:
        self.spares.discard()
        if self.store.get("theme") != theme:
            self.store.set("theme", theme)

    def say(self, text: Text, *, warning: bool = False) -> None:
        """A notice above the line of keys; it goes away by itself, and with the screen it follows to the next."""
        self.notices = [n for n in self.notices if n.until > monotonic()][-2:]
        self.notices.append(Notice(text, warning, monotonic() + (20 if warning else 5)))
        if isinstance(self.screen, Page):
            self.screen.show_notices()

    def action_help_quit(self) -> None:
        """Ctrl+C ends nothing that is being written; it says what does."""
        self.say(HOW_TO_QUIT)

    # ------------------------------------------------------------ screens

    def action_help(self) -> None:
        from quiz.app.screens.help import HelpScreen

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpScreen):
            helping = self.spares.take(HelpScreen)
            helping.begin(self.screen)
            self.push_screen(helping)

    def action_statistics(self) -> None:
        from quiz.app.screens.statistics import StatisticsScreen

        self.push_screen(self.spares.take(StatisticsScreen))

    def open_evidence(self, question_id: str) -> None:
        """Show the executable answer and run it."""
        from quiz.app.screens.evidence import EvidenceScreen

        proving = self.spares.take(EvidenceScreen)
        proving.begin(question_id)
        self.push_screen(proving)

    def open_card(self, card: Card, queue: tuple[Card, ...] = ()) -> None:
        """Show a card; when it is done the first of `queue` follows."""
        self.push_screen(self._screen_for(card, queue))

    def _screen_for(self, card: Card, queue: tuple[Card, ...]) -> Screen[None]:
        match card.kind:
            case "recall":
                from quiz.app.screens.question import QuestionScreen

                asking = self.spares.take(QuestionScreen)
                asking.begin(card.question, queue)
                return asking
            case "code":
                from quiz.app.screens.code import CodeScreen

                coding = self.spares.take(CodeScreen)
                coding.begin(card.part, queue)
                return coding
        from quiz.app.screens.drill import DrillScreen

        drilling = self.spares.take(DrillScreen)
        drilling.begin(card.question, card.part or None, queue)
        return drilling

    def follow(self, queue: tuple[Card, ...]) -> None:
        """Leave the screen that is done for the next card, or for the contents where there is none."""
        if queue:
            self.switch_screen(self._screen_for(queue[0], queue[1:]))
        else:
            self.pop_screen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from quiz.app.search import commands

        yield from commands(self)


def run(language: Language | None = None) -> int:
    """Open the app in the terminal; the exit status."""
    # A key goes through three threads, and each waits this long for an experiment's thread to let go of the interpreter.
    sys.setswitchinterval(0.0005)
    with Store() as store:
        app = QuizApp(store, language)
        app.run()
        return app.return_code or 0
