"""The first screen: the notes' contents with progress, what today holds, and one key to start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.style import Style

from answers.model import Language, Text
from quiz import contents, heatmap, schedule, session, shelf, tour
from quiz.app import heatmap_words, words
from quiz.app.base import FittedPhrase, Key, Page, Phrase
from quiz.app.messages import DaysCounted, DecksFound
from quiz.app.widgets.heatmap import Calendar, shades
from quiz.app.widgets.outline import Outline, Row
from quiz.app.widgets.prose import inline
from quiz.catalogue import message
from quiz.contents import Heading
from quiz.session import Card, Plan
from quiz.tour import Place

if TYPE_CHECKING:
    from quiz.decks import Choices, Offer

BAR = 5
"""Cells of a progress bar."""


def bar(share: float, cells: int = BAR) -> str:
    """A share in 0 .. 1 as a bar; what is above 0 shows at least one cell."""
    full = min(cells, max(round(share * cells), 1 if share > 0 else 0))
    return "━" * full + "┄" * (cells - full)


class HomeScreen(Page):
    """Contents on the left, the question under the cursor on the right."""

    HELP_TEXT = message("home.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "practise", show=False),
        Binding("d", "drill", show=False),
        Binding("c", "code", show=False),
        Binding("e", "evidence", show=False),
        Binding("u", "app.undo", show=False),
        Binding("s", "app.settings", show=False),
        Binding("slash", "search", show=False),
        Binding("escape", "leave_tour", show=False),
        Binding("t", "app.statistics", show=False),
        Binding("i", "app.interview", show=False),
        Binding("question_mark", "app.help", show=False),
        Binding("l", "app.switch_language", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.ask: Text | None = None
        self.days: Mapping[int, int] = {}
        self._waiting: dict[Text, Offer] = {}
        self.read_progress()

    def read_progress(self) -> None:
        """Standings and what follows from them, from the store."""
        store = self.quiz.store
        now = store.clock()
        self.standings = store.standings()
        self.states = session.question_states(self.standings, now)
        self.masteries = session.masteries(self.standings)
        self.task_states = session.task_states(store.best_verdicts())
        self.plan: Plan = session.plan(
            self.standings,
            now,
            limits=session.limits(store.get),
            seen_today=store.seen_since(schedule.start_of_day(now)),
        )

    def compose_page(self) -> ComposeResult:
        store = self.quiz.store
        by_id = {heading.id: heading for heading in contents.remembered(store.get, store.set)}
        self._notes = tuple((title, tuple(by_id[id] for id in ids)) for title, ids in words.PARTS)
        yield FittedPhrase(id="today")
        with Horizontal(id="body"):
            with VerticalScroll(id="contents", can_focus=False):
                yield Outline(self._notes, self._label)
            with Vertical(id="side"):
                with VerticalScroll(id="about", can_focus=False):
                    yield Phrase(self._detail, id="detail")
                yield Calendar(id="calendar")

    def on_mount(self) -> None:
        self.query_one("#today", FittedPhrase).fit(self._today)
        self.query_one(Outline).focus()
        self._show_calendar()
        self._rest = self.set_interval(0.12, self._show_ask, pause=True)
        self.set_timer(0.3, self._begin_looking)
        self.set_interval(60, self._look_again)
        if self.quiz.store.get(tour.SETTING) is None and not self.standings:
            self.quiz.start_tour()

    def _begin_looking(self) -> None:
        """What this screen itself shows a moment later."""
        self._rest.resume()
        self._count_days()
        self._look_for_decks()

    def _count_days(self) -> None:
        self.run_worker(self._counted, thread=True, exclusive=True, group="days")

    def _counted(self) -> None:
        """In a thread with a connection of its own; where the file cannot be shared, by way of the store."""
        import sqlite3

        from quiz import tallies

        path = self.quiz.store.path
        try:
            if path is None:
                raise sqlite3.OperationalError
            found = tallies.per_day_file(path)
        except sqlite3.Error:
            found = self.app.call_from_thread(self.quiz.store.per_day)
        self.post_message(DaysCounted(found))

    @on(DaysCounted)
    def show_days(self, message: DaysCounted) -> None:
        """Show on which days there was practice."""
        self.days = message.days
        self._show_calendar()
        self.query_one("#today", Phrase).relabel()

    def _show_calendar(self) -> None:
        self.query_one(Calendar).show(self.days, self._day())

    def _day(self) -> int:
        return schedule.local_day(self.quiz.store.clock())

    def _look_again(self) -> None:
        """Cards come due, and days end, while this screen stands."""
        if self.app.screen is self:
            self._show_calendar()
            self._show_progress()

    def _look_for_decks(self) -> None:
        from quiz.app import shelves

        choices = self._choices()
        self.run_worker(
            lambda: self.post_message(DecksFound(tuple(shelves.look(choices)))),
            thread=True,
            exclusive=True,
            group="decks",
        )

    def _choices(self) -> Choices:
        from quiz.decks import Choices

        return Choices(self.quiz.store.get, self.quiz.store.set)

    @on(DecksFound)
    def show_decks(self, message: DecksFound) -> None:
        """Show the other decks below the notes."""
        if not message.parts:
            return
        self._waiting = {part.title: part.waiting for part in message.parts if part.waiting is not None}
        others = tuple((part.title, part.headings) for part in message.parts)
        self.query_one(Outline).show((*self._notes, *others))
        self.read_progress()
        self.relabel()

    def _ask_to_load(self, offer: Offer) -> None:
        from quiz.app.screens.trust import TrustScreen

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._choices().agree(offer.folder)
                self._look_for_decks()

        self.app.push_screen(TrustScreen(offer), answered)

    def on_screen_resume(self) -> None:
        if self._shown_before:  # the first time everything has just been read
            self._show_progress()
            self.call_after_refresh(self._count_days)  # a thread that works meanwhile would hold up the paint
        self._shown_before = True

    def _show_progress(self) -> None:
        """Say again what has changed since progress was read last; what has not need not be drawn again."""
        marks, plan = (self.states, self.task_states, self.masteries), self.plan
        self.read_progress()
        if marks != (self.states, self.task_states, self.masteries):
            self.query_one(Outline).relabel()
        if plan != self.plan:
            self.query_one("#today", FittedPhrase).relabel()
        self.query_one("#detail", Phrase).relabel()

    _shown_before = False

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return Content.styled(message("home.title").of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("p", message("keys.practise"), "screen.practise"),
            Key("enter", message("keys.open"), "screen.open"),
            Key("d", message("keys.drill"), "screen.drill"),
            Key("c", message("keys.write_code"), "screen.code"),
            Key("e", message("keys.prove"), "screen.evidence"),
            Key("/", message("keys.search"), "screen.search"),
            Key("i", message("keys.mock_interview"), "app.interview"),
            Key("t", message("keys.statistics"), "app.statistics"),
            Key("s", message("keys.settings"), "app.settings"),
            Key("u", message("keys.undo"), "app.undo"),
            Key("q", message("keys.quit"), "app.quit"),
        )

    def _label(self, row: Row, language: Language) -> Content:
        if row.part is not None:
            return Content.styled(row.part.of(language), "bold $text-primary")
        if row.task is not None:
            return Content(f"{session.MARKS[self.task_states.get(row.task.part, 'untried')]} {row.task.part}")
        assert row.heading is not None
        heading = row.heading
        mark = session.MARKS[self.states.get(heading.id, "untried")]
        drawn = bar(self.masteries.get(heading.id, 0.0))
        return Content.assemble(
            (f"{mark} ", "$text-accent"),
            (f"{drawn} ", "$text-muted"),
            f"{heading.section} {heading.title.of(language)}",
        )

    def place(self) -> Place:
        return Place(None)

    def _today(self, language: Language, width: int) -> Content:
        plan = self.plan
        if plan.cards:
            said = inline(words.today(len(plan.due), len(plan.new), plan.minutes, plan.put_off).of(language))
            start = Content.assemble((" p ", "reverse"), f" {message('keys.practise').of(language)}")
            said += Content("    ") + start.stylize(Style.from_meta({"@click": "screen.practise"}))
        else:
            done = message("app.limit_reached", put_off=plan.put_off) if plan.put_off else message("app.all_done")
            said = Content.styled(done.of(language), "$text-success")
        return said + Content("\n") + self._streak(language, width)

    def _streak(self, language: Language, width: int) -> Content:
        """Days in a row; where there is no room for the calendar, the last four weeks too."""
        today = self._day()
        said = inline(heatmap_words.streak(heatmap.streak(self.days, today)).of(language))
        if not self.has_class("-short") or not self.days:
            return said
        weeks = heatmap.heat_map(self.days, today, 5).weeks
        days = [level for week in weeks for level in week if level is not None][-28:]
        strip = Content.assemble(*shades(days), (f" {message('calendar.four_weeks').of(language)}", "$text-muted"))
        room = width - said.cell_length - strip.cell_length
        return said + Content(" " * min(room, 4)) + strip if room >= 2 else said

    def _detail(self, language: Language) -> Content:
        """The question under the cursor: how far it is, how it is asked, its tasks."""
        heading = self.query_one(Outline).current.heading
        if heading is None:
            return Content("")
        lines = [
            Content.styled(f"{heading.section}  {heading.title.of(language)}", "bold $text-primary"),
            Content(""),
            *self._progress(heading, language),
            Content(""),
        ]
        if self.ask is not None:
            lines += [inline(self.ask.of(language)), Content("")]
        if heading.tasks:
            lines.append(Content.styled(message("home.code").of(language), "bold"))
        for task in heading.tasks:
            state = self.task_states.get(task, "untried")
            said = Content.styled(words.STATES[state].of(language), "dim")
            lines.append(Content(f"  {session.MARKS[state]} {task}  ") + said)
        return Content("\n").join(lines)

    def _progress(self, heading: Heading, language: Language) -> list[Content]:
        standing = self.standings.get(f"recall:{heading.id}")
        met = sum(key.startswith(f"drill:{heading.id}/") for key in self.standings)
        recall = words.standing(standing, self.quiz.store.clock())
        rows = [
            (message("home.recall"), bar(standing.mastery if standing else 0.0), recall),
            (
                message("home.drills"),
                bar(met / heading.drills if heading.drills else 0.0),
                message("home.drills_met", count=met, of=heading.drills),
            ),
        ]
        width = max(Content(name.of(language)).cell_length for name, _, _ in rows)
        return [
            Content.assemble(
                (name.of(language), "bold"),
                " " * (width - Content(name.of(language)).cell_length + 2),
                (f"{drawn}  ", "$text-accent"),
                said.of(language),
            )
            for name, drawn, said in rows
        ]

    @on(Outline.Moved)
    def show_detail(self) -> None:
        """Describe the question under the cursor; how it is asked follows when the cursor rests."""
        self.ask = None
        self.query_one("#detail", Phrase).relabel()
        self._rest.reset()
        self._rest.resume()

    def _show_ask(self) -> None:
        self._rest.pause()
        heading = self.query_one(Outline).current.heading
        self.ask = self._asked(heading) if heading is not None else None
        self.query_one("#detail", Phrase).relabel()

    @staticmethod
    def _asked(heading: Heading) -> Text:
        if heading.fault is not None:
            return message("home.cannot_load", fault=heading.fault)
        return shelf.question(heading.id).ask

    # ------------------------------------------------------------ what keys do

    def _current(self) -> Heading | None:
        """The heading under the cursor, if its question can be read."""
        heading = self.query_one(Outline).current.heading
        if heading is not None and heading.fault is not None:
            self.quiz.say(self._asked(heading), warning=True)
            return None
        return heading

    @on(Outline.Opened)
    def open_row(self, event: Outline.Opened) -> None:
        """A question opens, a task opens its editor, a deck that waits is asked about."""
        if event.row.part in self._waiting:
            self._ask_to_load(self._waiting[event.row.part])
        elif self.quiz.touring and event.row.task is None and self._current_id() == tour.QUESTION:
            self.quiz.open_card(tour.CARDS[0], tour.CARDS[1:])
        elif event.row.task is not None:
            self.quiz.open_card(event.row.task)
        elif (heading := self._current()) is not None:
            self.quiz.open_card(Card("recall", heading.id))

    def _current_id(self) -> str | None:
        heading = self.query_one(Outline).current.heading
        return heading.id if heading is not None else None

    def go_to(self, question_id: str) -> None:
        """Put the cursor on a question."""
        self.query_one(Outline).go_to(question_id)

    def action_leave_tour(self) -> None:
        self.quiz.end_tour()

    def action_open(self) -> None:
        self.query_one(Outline).action_open()

    def action_practise(self) -> None:
        if self.plan.cards:
            self.quiz.open_card(self.plan.cards[0], self.plan.cards[1:])
        else:
            self.quiz.say(
                message("app.limit_reached", put_off=self.plan.put_off)
                if self.plan.put_off
                else message("app.all_done")
            )

    def action_drill(self) -> None:
        if (heading := self._current()) is not None:
            if heading.drills:
                self.quiz.open_card(Card("drill", heading.id))
            else:
                self.quiz.say(message("question.no_drills"))

    def action_code(self) -> None:
        row = self.query_one(Outline).current
        if row.task is not None:
            self.quiz.open_card(row.task)
        elif (heading := self._current()) is not None:
            undone = [t for t in heading.tasks if self.task_states.get(t) != "passed"]
            if heading.tasks:
                self.quiz.open_card(Card("code", heading.id, (undone or list(heading.tasks))[0]))
            else:
                self.quiz.say(message("question.no_tasks"))

    def action_evidence(self) -> None:
        if (heading := self._current()) is not None:
            self.quiz.action_evidence(heading.id)

    def show_undone(self) -> None:
        self._show_progress()
        self.call_after_refresh(self._count_days)

    def action_search(self) -> None:
        self.app.action_command_palette()
