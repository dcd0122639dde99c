"""Write a function, have it graded in an isolated process, read what went wrong."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import ScreenResume, ScreenSuspend
from textual.widgets import Static

from answers.model import Language
from quiz import editing, outside_editor, schedule, session, settings, shelf, visitor
from quiz.app import code_words, reading, words
from quiz.app.base import FittedPhrase, Key, Page, Phrase
from quiz.app.messages import (
    GradingBroke,
    GradingFinished,
    GradingMoved,
    GradingStopped,
    OutsideEnded,
    SavedOutside,
)
from quiz.app.widgets.editor import CodeArea, EditorPane
from quiz.app.widgets.prose import Prose
from quiz.app.widgets.report import report_words, verdict_words
from quiz.catalogue import message
from quiz.grader_process import GradingFailed, Stopped
from quiz.outside_editor import Outside
from quiz.session import Card
from quiz.tour import Place
from quiz.usage import reasons

if TYPE_CHECKING:
    from textual.timer import Timer

    from answers.catalogue import TaskCard
    from answers.model import Task
    from quiz.grading.report import Report


@dataclass(slots=True)
class Job:
    """One grading that goes on, or the search after it."""

    number: int
    source: str
    log: bool = True
    is_save: bool = False
    """Whether it was saved in an editor outside, not asked for here."""
    is_search: bool = False
    doing: str = "start"
    fraction: float = 0.0
    began: float = field(default_factory=monotonic)


class CodeScreen(Page):
    """The task and the report on one side, the editor on the other."""

    CSS_PATH = ["../styles/code.tcss"]  # noqa: RUF012 - as Textual declares it
    HELP_TEXT = message("code.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+g", "grade", show=False, priority=True),
        Binding("ctrl+t,f3", "hint", show=False, priority=True),
        Binding("ctrl+o,f6", "solution", show=False, priority=True),
        Binding("f4", "external_editor", show=False, priority=True),
        Binding("shift+tab", "focus_panel", show=False, priority=True),
        Binding("f8", "next", show=False, priority=True),
        Binding("f7", "stop_or_go", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("question_mark", "app.help", show=False),
    ]

    task_card: TaskCard
    exercise: Task
    card: Card

    def __init__(self, task_id: str | None = None, queue: tuple[Card, ...] = ()) -> None:
        super().__init__()
        self.queue = queue
        self.hints = 0
        self.failures = 0
        self.logged = False
        self.job: Job | None = None
        self._jobs = 0
        self._clock: Timer
        self.searched: int | None = None
        """How many cases the search has tried, once it is over."""
        self.outside: Outside | None = None
        self._outside_stop = Event()
        self.report: Report | None = None
        self.graded_source = ""
        self.began = 0
        if task_id is not None:
            self.begin(task_id, queue)

    def begin(self, task_id: str, queue: tuple[Card, ...] = ()) -> None:
        """Ask for this task's function."""
        card = shelf.task_card(task_id)
        assert card is not None
        self.task_card = card
        self.exercise = shelf.task(task_id)
        self.card = Card("code", card.question, task_id)
        self.queue = queue
        self.now()

    def compose_page(self) -> ComposeResult:
        with Horizontal(id="work"):
            with VerticalScroll(id="panel"):
                yield Phrase(message("code.not_graded"), id="verdict")
                yield Phrase(id="search")
                yield FittedPhrase(id="report")
                yield Prose(id="hints")
                yield Prose(id="ask")
                yield Static(id="solution")
            yield EditorPane(CodeArea("", message("code.your_code"), ""), id="editor")

    @property
    def draft_key(self) -> str:
        """Under which the code is kept."""
        return f"code:{self.task_card.id}"

    def _starter(self) -> str:
        return f"import numpy as np\n\n\ndef {self.task_card.function}({self.task_card.parameters}):\n    "

    def on_mount(self) -> None:
        for name in ("#search", "#report", "#hints", "#solution"):
            self.query_one(name).display = False
        self.query_one(CodeArea).focus()
        self._clock = self.set_interval(0.1, self._show_progress, pause=True)

    def fill(self) -> None:
        self.began = self.quiz.store.clock()
        self.query_one("#ask", Prose).show(self.exercise.ask)
        self.query_one(CodeArea).keep(self.draft_key, self._starter())
        self.call_after_refresh(self._warm)

    @on(ScreenResume)
    def say_how_isolated(self) -> None:
        """Not before it is shown: a notice goes away by itself."""
        if not visitor.is_visitor():
            self.quiz.say_how_isolated()

    @on(ScreenSuspend)
    def save_code(self) -> None:
        """The screen was left, or lies under another: what was typed is kept now."""
        self.query_one(CodeArea).save()

    def _warm(self) -> None:
        """Have the grader up, in a thread, before the first grading asks for it, and what a grade needs worked out."""
        history = self.quiz.store.history(self.card.key)
        unwritten = f"{self._starter()}return None\n"

        def work() -> None:
            schedule.warm(history)
            try:
                grader = self.quiz.grader()
                if not visitor.is_visitor():  # whose gradings wait for their turn
                    grader.warm(unwritten, shelf.gradable(self.task_card.id))
            except (OSError, GradingFailed) as error:
                self.post_message(GradingBroke(str(error)))

        self.run_worker(work, thread=True, name="warm")

    # ------------------------------------------------------------ grading

    @property
    def grading(self) -> bool:
        """Whether a verdict is being waited for; the search that goes on after it is another matter."""
        return self.job is not None and not self.job.is_search

    def action_grade(self) -> None:
        # Behind the keys that came before this one and have not reached the editor yet.
        self.query_one(CodeArea).call_later(self._grade_typed)

    def _grade_typed(self) -> None:
        if self.grading:
            return
        area = self.query_one(CodeArea)
        area.save()
        if editing.lacks_body(area.source, self.task_card.function):
            self._ask_for_body()
        else:
            self._grade(area.text, log=True)

    def _ask_for_body(self) -> None:
        """The starter as it was given, or nearly, is no attempt; and that its last line is a syntax error would help nobody."""
        if self.job is not None:
            self.quiz.stop_grading()
            self._ended(self.job.number)
        self._forget_report()
        said = message("code.no_body", function=self.task_card.function)
        self.query_one("#verdict", Phrase).say(lambda language: Content.styled(said.of(language), "$text-warning"))
        self.refresh_keys()

    def _grade(self, source: str, *, log: bool, is_save: bool = False) -> None:
        self.searched = None
        self._begin(Job(self._next_job(), source, log, is_save))

    def _search(self) -> None:
        """Go on after a pass."""
        self.query_one("#search").display = True
        self._begin(Job(self._next_job(), self.graded_source, log=True, is_search=True))

    def _next_job(self) -> int:
        """The number of a new job; the one before is stopped, and what it still says is not listened to."""
        if self.job is not None:
            self.quiz.stop_grading()
        self._jobs += 1
        return self._jobs

    def _begin(self, job: Job) -> None:
        self.job = job
        language = self.lang
        self.run_worker(lambda: self._work(job, language), thread=True, name="grading")
        self._clock.resume()
        self._show_progress()
        self.refresh_keys()

    def _work(self, job: Job, language: Language) -> None:
        """In a thread: grade, and post what came of it."""

        def progress(doing: str, fraction: float) -> None:
            self.post_message(GradingMoved(doing, fraction, job.number))

        try:
            report = self.quiz.grader().grade(
                job.source + "\n",
                shelf.gradable(self.task_card.id),
                thorough=job.is_search,
                language=language,
                limits=self.quiz.grading_limits(),
                progress=progress,
            )
        except Stopped:
            self.post_message(GradingStopped(job.number))
        except GradingFailed as error:
            self.post_message(GradingBroke(str(error), job.number))
        except Exception as error:  # whatever the grader meets, the learner reads it and the app goes on
            self.post_message(GradingBroke(f"{type(error).__name__}: {error}", job.number))
        else:
            self.post_message(GradingFinished(report, job.source, job.log, job.number))

    def _ended(self, number: int) -> Job | None:
        """The job that a message says is over, where it is the one that is waited for."""
        job = self.job
        if job is None or job.number != number:
            return None
        self.job = None
        self._clock.pause()
        self.refresh_keys()
        return job

    @on(GradingMoved)
    def note_progress(self, message: GradingMoved) -> None:
        """Keep how far grading is; the clock shows it."""
        # Shown from here each stage would be a paint of its own, and the verdict wait for those.
        if self.job is not None and self.job.number == message.job:
            self.job.doing, self.job.fraction = message.doing, message.fraction

    def _show_progress(self) -> None:
        job = self.job
        if job is None:
            return
        if job.is_search:
            self.query_one("#search", Phrase).say(code_words.searching(max(job.fraction - 0.5, 0.0) * 2))
        else:
            seconds = monotonic() - job.began
            self.query_one("#verdict", Phrase).say(code_words.grading(job.doing, job.fraction, seconds))

    @on(GradingStopped)
    def show_stop(self, event: GradingStopped) -> None:
        """Say that it was stopped: without a verdict there is no report, after one the search is left off."""
        job = self._ended(event.job)
        if job is None:
            return
        if job.is_search:
            self.query_one("#search", Phrase).say(message("code.search_stopped"))
            return
        self._forget_report()
        self.query_one("#verdict", Phrase).say(message("code.stopped"))

    def _forget_report(self) -> None:
        self.report = None
        for name in ("#search", "#report"):
            self.query_one(name).display = False
        self.remove_class("-graded")

    @on(GradingBroke)
    def show_break(self, event: GradingBroke) -> None:
        """Say that the grader itself could not work."""
        if event.job and self._ended(event.job) is None:
            return
        self.query_one("#verdict", Phrase).say(message("code.grading_broke", reason=event.reason))

    @on(GradingFinished)
    def show_report(self, event: GradingFinished) -> None:
        """Log the attempt and show the report; after a pass search on."""
        job = self._ended(event.job) if event.job else Job(0, event.source, event.log)
        if job is None:
            return
        if job.is_search and event.report.passed:
            self.searched = _tried(event.report)
            self.query_one("#search", Phrase).say(message("code.searched", tried=self.searched))
            return
        self.report, self.graded_source = event.report, event.source
        if job.is_search:
            self._take_back()
        # A save in an editor outside is no attempt: half-written code would count as failure upon failure.
        if event.log and (event.report.passed or not job.is_save):
            self._log(event.report, event.source)
        self.query_one("#search").display = False
        self.query_one("#verdict", Phrase).say(self._verdict)
        report = self.query_one("#report", FittedPhrase)
        report.display = True
        report.fit(self._report)
        self.add_class("-graded")
        self.query_one("#panel").scroll_home(animate=False)
        self.refresh_keys()
        if event.report.passed and event.job:
            self._search()

    def _take_back(self) -> None:
        """The search has refuted a pass: its review goes, and what follows counts as after a failure."""
        store = self.quiz.store
        last = store.reviews()[-1:]
        if self.logged and last and last[0].card == self.card.key and last[0].at >= self.began:
            store.undo_last()
            self.logged = False
        self.quiz.say(message("code.refuted"), warning=True)

    def on_unmount(self) -> None:
        self._end()

    def _end(self) -> None:
        """Stop what still works for this screen; it is taken down later than it is left, when another may be grading."""
        if self.job is not None:
            self.job = None
            self._clock.pause()
            self.quiz.stop_grading()
        self._let_go()

    def _log(self, report: Report, source: str) -> None:
        store = self.quiz.store
        store.add_attempt(
            self.task_card.id, report.verdict, report.score, source=source, report=report.to_json(), hints=self.hints
        )
        if report.passed:
            self._add_review(passed=True)
        else:
            self.failures += 1

    def _add_review(self, *, passed: bool) -> None:
        """One review a sitting: on the first pass, or when the learner gives up."""
        if self.logged:
            return
        self.logged = True
        store = self.quiz.store
        grade = session.grade_of_code(passed, self.failures, self.hints)
        retention = settings.RETENTION.of(store.get)
        seconds = min((store.clock() - self.began) / 1000, 7200)
        standing = store.add_review(self.card.key, grade, retention=retention, seconds=seconds)
        self.quiz.say(words.comes_back(grade, standing.due - store.clock()))

    # ------------------------------------------------------------ words

    def relabel(self) -> None:
        super().relabel()
        if self.report is not None and not self.grading:
            self._grade(self.graded_source, log=False)  # a report is written in the language it was asked for in

    def _verdict(self, language: Language) -> Content:
        assert self.report is not None
        return verdict_words(self.report, language)

    def _report(self, language: Language, width: int) -> Content:
        return report_words(self.report, self.exercise, language, width) if self.report is not None else Content("")

    def _error_line(self) -> int | None:
        """The line that the report names."""
        if self.report is None or self.report.passed:
            return None
        return editing.error_line([check.detail for check in self.report.checks if not check.passed])

    def title_words(self, language: Language) -> Content:
        return Content.assemble((self.task_card.id, "bold"), (f" · {message('home.code').of(language)}", "dim"))

    def status_words(self, language: Language) -> Content:
        return Content.styled(message("app.remaining", count=len(self.queue)).of(language) if self.queue else "", "dim")

    def keys(self) -> tuple[Key, ...]:
        onwards = (Key("f8", message("keys.next"), "screen.next"),) if self.queue else ()
        here: tuple[Key, ...] = ()
        if self.job is not None:
            here = (Key("f7", message("code.stop"), "screen.stop_or_go"),)
        elif (line := self._error_line()) is not None:
            here = (Key("f7", message("code.go_to_line", number=line), "screen.stop_or_go"),)
        narrow = self.app.size.width < 100
        outside = message("code.take_back") if self.outside is not None else message("keys.editor")
        return (
            Key("f5", message("keys.grade"), "screen.grade"),
            *here,
            Key("shift+tab", message("code.report") if narrow else message("keys.read"), "screen.focus_panel"),
            # A browser keeps Ctrl+T to itself.
            Key("f3" if visitor.is_visitor() else "ctrl+t", message("keys.hint"), "screen.hint"),
            Key("ctrl+o", message("keys.solution"), "screen.solution"),
            *onwards,
            Key("ctrl+f", message("code.find"), "screen.find"),
            *(() if visitor.is_visitor() else (Key("f4", outside, "screen.external_editor"),)),
            Key("esc", message("keys.back"), "screen.leave"),
        )

    def place(self) -> Place | None:
        passed = self.report is not None and self.report.passed
        return Place(self.card, answered=self.report is not None, passed=passed)

    def ask_again(self, card: Card) -> bool:
        self.logged = self.logged and card != self.card
        return card == self.card

    # ------------------------------------------------------------ what keys do

    def action_focus_panel(self) -> None:
        panel, area = self.query_one("#panel"), self.query_one(CodeArea)
        if area.has_focus and area.dedent_selection():
            return
        (area if panel.has_focus else panel).focus()

    def action_find(self) -> None:
        self.query_one(CodeArea).action_find()

    def action_stop_or_go(self) -> None:
        """Stop what goes on, else go to the line of the error."""
        if self.job is not None:
            self.quiz.stop_grading()
        elif (line := self._error_line()) is not None:
            self.query_one(CodeArea).go_to_line(line)

    def action_hint(self) -> None:
        self.hints = min(self.hints + 1, len(self.exercise.hints))
        hints = self.query_one("#hints", Prose)
        hints.display = True
        hints.show(reading.hints(self.exercise.hints[: self.hints]))
        self.call_after_refresh(hints.scroll_visible, animate=False)

    def action_solution(self) -> None:
        if not self.failures and not self.quiz.store.attempts(self.task_card.id):
            self.quiz.say(message("code.solution_later"))
            return
        self._add_review(passed=False)
        from textual.highlight import highlight

        solution = self.query_one("#solution", Static)
        solution.update(highlight(shelf.solution(self.task_card.id), language="python"))
        solution.border_title = message("keys.solution").of(self.lang)
        solution.display = True
        self.call_after_refresh(solution.scroll_visible, animate=False, top=True)

    # ------------------------------------------------------------ the editor outside

    def action_external_editor(self) -> None:
        if visitor.is_visitor():
            self.quiz.say(message("code.no_editor_here"), warning=True)
            return
        if self.outside is not None:
            self._let_go()
            return
        try:
            command = outside_editor.find(os.environ, settings.EDITOR.of(self.quiz.store.get))
        except ValueError as error:
            self.quiz.say(message("code.bad_editor", reason=str(error)), warning=True)
            return
        if command is None:
            self.quiz.say(message("code.no_editor"), warning=True)
            return
        area = self.query_one(CodeArea)
        area.save()
        try:
            outside = outside_editor.Outside(command, self.task_card.module, area.text)
            if command.in_window:
                self._open_in_window(outside)
            else:
                self._edit_in_terminal(outside)
        except (OSError, SuspendNotSupported) as error:
            self.quiz.say(message("code.editor_failed", command=command.name, reason=reasons(error)), warning=True)

    def _edit_in_terminal(self, outside: Outside) -> None:
        try:
            with self.app.suspend(), _interrupts_ignored():
                outside.run()
            self._take(outside.saved())
        finally:
            outside.close()

    def _open_in_window(self, outside: Outside) -> None:
        try:
            outside.open()
        except OSError:
            outside.close()
            raise
        self.outside = outside
        self._outside_stop = Event()
        area = self.query_one(CodeArea)
        area.read_only = True
        area.title_text = message("code.editing_outside", name=outside.command.name)
        area.relabel()
        self.refresh_keys()
        stop = self._outside_stop

        def saved(text: str) -> None:
            self.post_message(SavedOutside(text))

        def follow() -> None:
            outside.follow(saved, stop)
            self.post_message(OutsideEnded())

        self.run_worker(follow, thread=True, name="outside")

    @on(SavedOutside)
    def take_save(self, message: SavedOutside) -> None:
        """Take what was saved and grade it."""
        self._take(message.text)
        self._grade(message.text, log=True, is_save=True)

    @on(OutsideEnded)
    def end_outside(self) -> None:
        """The editor was closed: the code is edited here again."""
        self._let_go()

    def _take(self, text: str | None) -> None:
        area = self.query_one(CodeArea)
        if text is not None and text != area.text:
            area.replace(text, (0, 0), area.document.end)  # an edit like any other: undo brings the old text back
            area.save()

    def _let_go(self) -> None:
        """Edit here again; the editor may stay open, but is not followed any more."""
        outside, self.outside = self.outside, None
        if outside is None:
            return
        self._outside_stop.set()
        if (text := outside.saved()) is not None and self.is_attached:
            self._take(text)
        elif text is not None:
            self.quiz.store.save_draft(self.draft_key, text)
        if outside.is_open:
            self.quiz.say(message("code.still_open", name=outside.command.name, path=outside.path), warning=True)
        outside.close()
        for area in self.query(CodeArea):
            area.read_only = False
            area.title_text = message("code.your_code")
            area.relabel()
        if self.is_attached:
            self.refresh_keys()

    def action_next(self) -> None:
        if self.queue:
            self._close(lambda: self.quiz.follow(self.queue))

    def action_leave(self) -> None:
        if self.query_one(EditorPane).close_find():
            return
        self._close(self.app.pop_screen)

    def _close(self, then: Callable[[], object]) -> None:
        if self.failures:
            self._add_review(passed=False)
        self._end()
        then()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl+C is meant for the editor that has the terminal. A handler, unlike SIG_IGN, is not handed on to it."""
    try:
        before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _tried(report: Report) -> int:
    """How many cases the search has tried, by its own words."""
    said = next((check.detail for check in report.checks if check.name == "search"), "")
    return int("".join(c for c in said if c.isdigit()) or 0)
