"""What the review log says: figures, curves, the weakest cards. Counting is done in a thread."""

from __future__ import annotations

import sqlite3
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from answers.model import Language
from quiz import session, statistics, tallies
from quiz.app import statistics_words as words
from quiz.app.base import Key, Page, Phrase
from quiz.app.heatmap_words import streaks
from quiz.app.widgets.heatmap import Calendar
from quiz.app.widgets.page_tabs import PageTabs
from quiz.app.widgets.picture import Picture
from quiz.app.widgets.prose import inline
from quiz.catalogue import message
from quiz.statistics import Statistics
from quiz.tallies import Tallies

_PLOTS = {
    "retention": statistics.retention_plot,
    "forecast": statistics.forecast_plot,
    "time": statistics.time_plot,
}


class Counted(Message):
    """The log was counted."""

    def __init__(self, found: Tallies) -> None:
        super().__init__()
        self.tallies = found


class StatisticsScreen(Page):
    """One page at a time, so that a key never waits for more than one picture."""

    CSS_PATH = "../styles/statistics.tcss"
    HELP_TEXT = message("statistics.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,left_square_bracket", "page(-1)", show=False, priority=True),
        Binding("right,right_square_bracket", "page(1)", show=False, priority=True),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("enter", "open", show=False),
        Binding("escape,q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: Statistics | None = None
        self.shown = "overview"
        self.cursor = 0

    def compose_page(self) -> ComposeResult:
        yield PageTabs(words.PAGES, id="tabs")
        with VerticalScroll(id="figures"):
            yield Phrase(self._said, id="said")
            yield Calendar(id="days")
            yield Picture(id="picture")

    def on_mount(self) -> None:
        self.query_one("#figures").focus()
        self._show()

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self.run_worker, self._count, thread=True, exclusive=True, name="counting")

    def _count(self) -> None:
        """In a thread with a connection of its own; where the file cannot be shared, by way of the store."""
        path = self.quiz.store.path
        try:
            if path is None:
                raise sqlite3.OperationalError("in memory")
            import plotext  # noqa: F401 - the first picture is not to wait for it

            found = tallies.count_file(path)
        except sqlite3.Error:
            found = self.app.call_from_thread(self.quiz.store.tallies)
        self.post_message(Counted(found))

    @on(Counted)
    def show_counted(self, message: Counted) -> None:
        """Show what was counted."""
        store = self.quiz.store
        self.found = statistics.summarise(message.tallies, store.standings(), store.clock())
        self.cursor = min(self.cursor, max(len(self.found.weakest) - 1, 0))
        self._show()

    @on(PageTabs.Turned)
    def show_page(self, event: PageTabs.Turned) -> None:
        """Show the page that was opened."""
        self.shown = event.page
        self._show()

    def _show(self) -> None:
        draw = _PLOTS.get(self.shown)
        drawn = draw is not None and self.found is not None and self.found.reviews > 0
        calendar = self.query_one(Calendar)
        calendar.display = self.shown == "calendar" and self.found is not None and self.found.reviews > 0
        if self.found is not None:
            calendar.show(self.found.per_day, self.found.today)
        self.query_one("#said", Phrase).display = not drawn
        self.query_one("#said", Phrase).relabel()
        if drawn:
            assert draw is not None
            assert self.found is not None
            self.query_one(Picture).show(draw(self.found))
        else:
            self.query_one(Picture).show(None)
        self.query_one("#figures").scroll_home(animate=False)
        self.refresh_keys()

    # ------------------------------------------------------------ words

    def _said(self, language: Language) -> Content:
        if self.found is None:
            return Content.styled(message("statistics.counting").of(language), "dim")
        if not self.found.reviews:
            return Content(message("statistics.nothing_yet").of(language))
        if self.shown == "calendar":
            return inline(streaks(self.found.streak).of(language))
        if self.shown == "weakest":
            return words.weak_lines(self.found, self.cursor, language)
        return words.overview(self.found, language)

    def title_words(self, language: Language) -> Content:
        return Content.styled(message("statistics.title").of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        choose = (
            (Key("↑ ↓", message("keys.choose"), "screen.move(1)"), Key("enter", message("keys.open"), "screen.open"))
            if self._choosing
            else ()
        )
        return (
            Key("← →", message("keys.pages"), "screen.page(1)"),
            *choose,
            Key("esc", message("keys.back"), "screen.back"),
        )

    # ------------------------------------------------------------ what keys do

    @property
    def _choosing(self) -> bool:
        return self.shown == "weakest" and self.found is not None and bool(self.found.weakest)

    def action_page(self, by: int) -> None:
        self.query_one(PageTabs).turn(by)

    def action_move(self, by: int) -> None:
        if self._choosing and self.found is not None:
            self.cursor = min(max(self.cursor + by, 0), len(self.found.weakest) - 1)
            self.query_one("#said", Phrase).relabel()

    def action_open(self) -> None:
        if self._choosing and self.found is not None:
            card = session.parse_card(self.found.weakest[self.cursor].card)
            if card is not None:
                self.quiz.open_card(card)

    def action_back(self) -> None:
        self.app.pop_screen()
