"""The terminal app: its language, its theme, its store, and how screens follow one another."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from random import Random
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual._compositor import CompositorUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key, Paste, Resize
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Offset
from textual.reactive import Reactive, var
from textual.screen import Screen
from textual.theme import Theme

from answers.model import Language, Text
from quiz import language as languages
from quiz import session, settings, tour
from quiz.app import card_words, themes, warm, words
from quiz.app.base import Notice, Page
from quiz.app.in_turn import InTurn
from quiz.app.messages import TickChanged
from quiz.app.painted import Painted
from quiz.app.sheets import Sheets
from quiz.app.spares import Spares
from quiz.app.themes import INK, THEMES
from quiz.catalogue import message
from quiz.session import Card
from quiz.settings import Setting
from quiz.store import Store
from quiz.tour import Step

if TYPE_CHECKING:
    from quiz.app.screens.home import HomeScreen
    from quiz.app.tour import Coach
    from quiz.grader_process import GraderProcess
    from quiz.grading.outcome import Limits


_NO_COLOUR = NoColor()


QUIET = 0.5
"""Seconds without a key after which there is time for something else."""


GARBAGE = (50_000, 20, 50)
"""New objects after which Python looks for garbage among them, and how many such rounds before it looks among older ones.

A paint of the whole screen keeps some ten thousand. With Python's own figures it is interrupted forty times, and now and then
for as long as a key may take; garbage is looked for while no key is pressed.
"""


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
        Binding("f9", "undo", "Undo", priority=True, show=False),
        Binding("f1", "help", "Help", priority=True, show=False),
        Binding("ctrl+q", "quit", "Quit", priority=True, show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False),
    ]

    theme: Reactive[str] = Reactive(INK.name)
    language: var[Language] = var("en", init=False)

    def __init__(self, store: Store | None = None, language: Language | None = None, seed: int | None = None) -> None:
        super().__init__()
        self.stylesheet = self._sheets = Sheets(self.get_css_variables())
        self.store = store if store is not None else Store()
        self.random = Random(seed)
        self.animation_level = (
            "none"  # nothing moves by itself: a key is answered in one paint, and few bytes go over the line
        )
        self.spares = Spares(self)
        self._painted = Painted()
        self._in_turn = InTurn(self, super().on_event)
        self._last_key = float("-inf")
        """By `monotonic`; before the first key nobody is kept waiting."""
        self._told = 0
        self.notices: list[Notice] = []
        self._coach: Coach | None = None
        self._grader: GraderProcess | None = None
        self._has_said_isolation = False
        self._grader_lock = Lock()
        self.set_reactive(QuizApp.language, language or self._language_kept() or languages.from_locale())
        self.auto_theme = INK.name
        self.wear(settings.THEME.of(self.store.get))
        self._read_grader_limits()

    def _language_kept(self) -> Language | None:
        kept = self.store.get(settings.LANGUAGE.name)
        return kept if kept in ("zh", "en") else None

    def get_theme(self, theme_name: str) -> Theme | None:
        return THEMES.get(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return INK.variables

    @property
    def available_themes(self) -> dict[str, Theme]:
        return {**super().available_themes, **THEMES}

    def get_default_screen(self) -> Screen[None]:
        from quiz.app.screens.home import HomeScreen

        return HomeScreen()

    def on_mount(self) -> None:
        self._leave_cleanly_on_signals()
        self.call_after_refresh(self._begin_collecting)
        self.call_after_refresh(setattr, self.store, "rebuild_later", self._rebuild_standings)
        self.call_after_refresh(self._tell)
        self.set_interval(1.0, self._tell)
        self.app_resume_signal.subscribe(self, self._paint_again)
        if not self.is_headless:
            self.call_after_refresh(lambda: self.run_worker(self._use_spare_time(), name="spares", exit_on_error=False))

    def _begin_collecting(self) -> None:
        """Collect garbage from now on, but not among what the first screen has loaded."""
        if not gc.isenabled():
            gc.set_threshold(*GARBAGE)
            gc.freeze()
            gc.enable()

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
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._in_turn.take(event)
        else:
            await super().on_event(event)

    async def _use_spare_time(self) -> None:
        """Load modules; build and take down screens, and collect garbage, while no key is pressed."""
        # What is opened first is loaded and built before all else: a thread that loads takes turns with the one that builds.
        await asyncio.to_thread(warm.load_first)
        while self._is_quiet() and await self.spares.work(warm.FIRST):
            await asyncio.sleep(0)
        await asyncio.to_thread(warm.load)
        unfrozen, worked, tidied = True, False, self._last_key
        while True:
            await asyncio.sleep(QUIET / 5)
            while (quiet := self._is_quiet()) and (
                await self.spares.work() or await self._build_next() or self.prepare_theme()
            ):
                worked = True
                await asyncio.sleep(0)
            if quiet and unfrozen:
                # What is loaded by now stays: no collection needs to look at it again, which would take longer than a key may.
                gc.freeze()
                unfrozen = worked = False
            elif quiet and worked:
                self.forget_closed_widgets()
                gc.collect()
                worked, tidied = False, self._last_key
            elif quiet and tidied != self._last_key:
                gc.collect(1)  # what the keys have left
                tidied = self._last_key

    def _is_quiet(self) -> bool:
        return monotonic() - self._last_key > QUIET

    async def _build_next(self) -> bool:
        """Build what follows the present screen; whether there was something to build."""
        return isinstance(self.screen, Page) and await self.screen.build_next()

    def forget_closed_widgets(self) -> None:
        """Let go what Textual would keep of closed widgets.

        Each editor watches the theme, and would be kept until that changes; the drawn lines of the last thousand widgets are
        kept by a cache of their colours, tens of megabytes in an hour.
        """
        StylesCache.get_inner_outer.cache_clear()
        watchers: dict[str, list[tuple[Any, Any]]] = getattr(self, "__watchers", {})
        for watching in watchers.values():
            watching[:] = [(widget, callback) for widget, callback in watching if not widget._closing]

    def _tell(self) -> None:
        """Say what the store has found since the last time, at the start and while the app is used."""
        for notice in self.store.notices[self._told :]:
            self.say(notice, warning=True)
        self._told = len(self.store.notices)

    def _rebuild_standings(self) -> None:
        """In a thread, on a connection of its own: over a long log it takes seconds. Tried once; then the store does it itself."""
        self.store.rebuild_later = lambda: None
        self.say(message("app.replaying"), warning=True)

        def rebuild() -> None:
            try:
                with Store(self.store.folder, clock=self.store.clock) as other:
                    other.rebuild()
            finally:
                self.call_from_thread(self._show_standings)

        self.run_worker(rebuild, thread=True, name="rebuild", exit_on_error=False)

    def _show_standings(self) -> None:
        self.store.rebuild_later = None
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.show_undone()

    def _leave_cleanly_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Not every platform, and no thread but the main one, can handle signals; drafts are on disk anyway.
            with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
                loop.add_signal_handler(getattr(signal, name), self.exit)
        # With its terminal gone Textual may wait for ever for what cannot be painted; then nobody is left to end it.
        with suppress(ValueError, AttributeError):
            signal.signal(signal.SIGHUP, lambda _number, _frame: self._end_without_terminal(loop))

    def _end_without_terminal(self, loop: asyncio.AbstractEventLoop) -> None:
        last_resort = Timer(5.0, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()
        loop.call_soon_threadsafe(self.exit)

    # ------------------------------------------------------------ where an input method opens its window

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's own cursor is put at each paint: at the cursor of the field that is typed in.

        Textual notes the place when that cursor moves, and so misses that the field itself has moved (a hint above it).
        """
        place = getattr(self.focused, "cursor_screen_offset", None)
        if place is None:
            return self._cursor_noted
        # A line of input counts one cell more behind its last character, for scrolling.
        return Offset(place.x - bool(getattr(self.focused, "cursor_at_end", False)), place.y)

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._cursor_noted = place

    # ------------------------------------------------------------ grading

    def grader(self) -> GraderProcess:
        """The one grader of the app, in a process of its own. Called from worker threads.

        OSError where it cannot start, GradingFailed where submissions are not run at all.
        """
        with self._grader_lock:
            if self._grader is None:
                from quiz.grader_process import GraderProcess, GradingFailed
                from quiz.grading.outcome import missing_platform

                if (missing := missing_platform()) is not None:
                    raise GradingFailed(missing.of(self.language))
                self._grader = GraderProcess().__enter__()
            return self._grader

    def say_how_isolated(self) -> None:
        """Once, where submissions run without the full isolation."""
        from quiz.grading.outcome import reduced_isolation

        if not self._has_said_isolation and reduced_isolation() is not None:
            self.say(message("code.reduced_isolation"), warning=True)
        self._has_said_isolation = True

    def stop_grading(self) -> None:
        """Stop the grading that goes on, if one does."""
        if self._grader is not None:
            self._grader.stop()

    def grading_limits(self) -> Limits:
        """What graded code may use, as it is set. May be called from a thread."""
        from quiz.grading.outcome import Limits

        return Limits(seconds=self._grader_limits[0], memory=int(self._grader_limits[1]) << 20)

    def _read_grader_limits(self) -> None:
        """Read here, in the store's own thread."""
        get = self.store.get
        self._grader_limits = settings.TIME_LIMIT.of(get), settings.MEMORY_LIMIT.of(get)

    def on_unmount(self) -> None:
        self.store.rebuild_later = None
        if self._grader is not None:
            self._grader.close()

    # ------------------------------------------------------------ settings: language and theme

    def choose(self, setting: Setting, value: object) -> None:
        """Keep a setting; it takes effect at once."""
        self.store.set(setting.name, value)
        if setting is settings.LANGUAGE:
            self.language = cast(Language, value)
        elif setting is settings.THEME:
            self.wear(str(value))
        elif setting in (settings.TIME_LIMIT, settings.MEMORY_LIMIT):
            self._read_grader_limits()

    def wear(self, chosen: str) -> None:
        """Put a theme on. Nothing happens where it is the one worn: a change of theme costs a second layout."""
        name = self.auto_theme if chosen == settings.AUTO else chosen
        if name != self.theme:
            self.theme = name

    def refresh_css(self, animate: bool = True) -> None:
        """Style what is seen, to be painted with all else that has changed; the screens below follow behind that paint."""
        self.stylesheet.set_variables(self.get_css_variables())
        self.stylesheet.reparse()
        if not self._screen_stack:
            return  # the theme was chosen before the first screen
        self.style(self.screen)
        if len(self.screen_stack) > 1:
            self.call_after_refresh(self._style_screens_below)

    def style(self, screen: Screen[Any]) -> None:
        """Style all on a screen as the theme that is worn has it."""
        self.stylesheet.update(screen)
        screen._css_update_count = self._css_update_count
        screen.refresh(layout=True)

    def _style_screens_below(self) -> None:
        for screen in self.screen_stack:
            if screen._css_update_count != self._css_update_count:
                self.style(screen)

    def prepare_theme(self) -> bool:
        """In spare time: read a little more of the styles of the themes that are not worn; whether there was something left."""
        return any(self._sheets.prepare(self._variables_of(theme)) for theme in THEMES.values())

    def _variables_of(self, theme: Theme) -> dict[str, str]:
        """The variables of the styles in a theme, as Textual puts them together for the one that is worn."""
        return {**self.get_theme_variable_defaults(), **theme.to_color_system().generate(), **theme.variables}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With NO_COLOR: greys for a theme of many colours, none at all for the terminal's own.

        Textual decides that once, by the theme it begins with; sixteen colours made grey are black on black.
        """
        found = super().get_line_filters()
        if self.colourless:
            return [_NO_COLOUR if isinstance(each, Monochrome) else each for each in found]
        return found

    @property
    def colourless(self) -> bool:
        """Whether nothing but characters, bold and reverse can be told apart."""
        return self.no_color and self.native_ansi_color

    def fit_terminal(self) -> None:
        """Find the theme that suits the terminal, for a learner who has chosen none."""
        number = {"truecolor": 1 << 24, "256": 256}.get(self.console.color_system or "", 16)
        if self.no_color:
            number = 0
        self.auto_theme = themes.fitting(number)
        self.wear(settings.THEME.of(self.store.get))

    def watch_language(self, language: Language) -> None:
        self.spares.discard()
        self.store.set("language", language)
        for screen in self.screen_stack:
            if isinstance(screen, Page) or hasattr(screen, "relabel"):
                screen.relabel()

    def action_switch_language(self) -> None:
        self.language = "en" if self.language == "zh" else "zh"

    def action_switch_theme(self) -> None:
        """The light one for the dark one, or the other way round, of as many colours."""
        self.choose(settings.THEME, themes.OPPOSITE[self.theme])

    def say(self, text: Text, *, warning: bool = False) -> None:
        """A notice above the line of keys; it goes away by itself, and with the screen it follows to the next."""
        shown = [n for n in self.notices if n.until > monotonic()]
        while len(shown) > 2:  # what is said in passing makes room, not a warning
            shown.remove(next((n for n in shown if not n.warning), shown[0]))
        self.notices = shown
        self.notices.append(Notice(text, warning, monotonic() + (20 if warning else 5)))
        if isinstance(self.screen, Page) and self.screen.is_mounted:  # else it shows them when it is
            self.screen.show_notices()

    def action_help_quit(self) -> None:
        """Ctrl+C ends nothing that is being written; it says what does."""
        self.say(message("app.how_to_quit"))

    # ------------------------------------------------------------ the tour

    def coach(self, page: Page) -> None:
        """Called when `page` has changed: the coach, where a tour is on, says what comes next."""
        if self._coach is not None and page is self.screen and not self._coach.follow(page):
            self.end_tour()

    def start_tour(self) -> None:
        """From the contents, wherever the learner is."""
        from quiz.app.tour import Coach

        self.store.set(tour.SETTING, True)
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._coach = Coach()
        home = cast("HomeScreen", self.screen)
        home.go_to(tour.QUESTION)
        self.coach(home)

    def end_tour(self) -> None:
        """Because it is done, or because the learner went elsewhere."""
        if self._coach is None:
            return
        ended, self._coach = self._coach, None
        for screen in self.screen_stack:
            ended.leave(screen)
        self.say(message("tour.done") if ended.last is Step.FINISH else message("tour.left"))

    @property
    def touring(self) -> bool:
        """Whether a tour is on."""
        return self._coach is not None

    @on(TickChanged)
    def note_tick(self) -> None:
        """The tour goes on from the first tick."""
        if self._coach is not None and isinstance(self.screen, Page):
            self._coach.tick()
            self.coach(self.screen)

    # ------------------------------------------------------------ screens

    def action_help(self) -> None:
        from quiz.app.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()  # the same key again; it never reaches the panel, as it is the app's first
        elif isinstance(self.screen, Page):
            helping = self.spares.take(HelpScreen)
            helping.begin(self.screen)
            self.push_screen(helping)

    def action_settings(self, name: str = "") -> None:
        """The settings, the cursor on the one of that name."""
        from quiz.app.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            setting = self.spares.take(SettingsScreen)
            setting.begin(name)
            self.push_screen(setting)

    def action_evidence(self, question_id: str) -> None:
        from quiz.app.screens.evidence import EvidenceScreen

        proving = self.spares.take(EvidenceScreen)
        proving.begin(question_id)
        self.push_screen(proving)

    def action_practise(self) -> None:
        """Today's cards, from any screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        cast("HomeScreen", self.screen).action_practise()

    def action_tour(self) -> None:
        self.start_tour()

    def action_undo(self) -> None:
        """Take the last grade back; where cards are being practised, that one is asked again."""
        undone = self.store.undo_last()
        if undone is None:
            self.say(message("app.nothing_to_undo"))
            return
        card = session.parse_card(undone.card)
        self.say(words.undone(card_words.name(card) if card else Text(undone.card, undone.card), undone.grade))
        page = self.screen
        if not isinstance(page, Page):
            return
        here = page.place()
        if card is None or here is None or here.card is None:
            page.show_undone()
        elif not page.ask_again(card):
            self.switch_screen(self._screen_for(card, (here.card, *page.queue)))

    def action_statistics(self) -> None:
        from quiz.app.screens.statistics import StatisticsScreen

        self.push_screen(self.spares.take(StatisticsScreen))

    def action_interview(self) -> None:
        from quiz.app.screens.interview import InterviewScreen

        choosing = self.spares.take(InterviewScreen)
        choosing.begin()
        self.push_screen(choosing)

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

    def action_command_palette(self) -> None:
        from quiz.app.screens.search import SearchScreen

        if isinstance(self.screen, SearchScreen):
            self.screen.dismiss()
        else:
            searching = self.spares.take(SearchScreen)
            searching.begin()
            self.push_screen(searching)


def run(language: Language | None = None) -> int:
    """Open the app in the terminal; the exit status."""
    # A key goes through three threads, and each waits this long for an experiment's thread to let go of the interpreter.
    sys.setswitchinterval(0.0005)
    with Store() as store:
        app = QuizApp(store, language)
        app.fit_terminal()
        if store.lacks_standings():
            # Long over a long log, and no screen could answer a key meanwhile.
            print(message("app.replaying").of(app.language), flush=True)
            store.rebuild()
        app.run()
        return app.return_code or 0
