"""One question: asked, answered in the learner's words, revealed, ticked, graded."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import ScreenSuspend

from answers.model import Language, Question, Text
from quiz import schedule, session, settings, shelf
from quiz.app import reading, words
from quiz.app.base import Key, Page
from quiz.app.messages import GradeChosen, TickChanged
from quiz.app.widgets.editor import DraftArea
from quiz.app.widgets.grades import GradeBar
from quiz.app.widgets.page_tabs import PageTabs
from quiz.app.widgets.prose import Prose
from quiz.app.widgets.ticks import TickList
from quiz.catalogue import message
from quiz.schedule import Grade
from quiz.session import Card
from quiz.tour import Place

TINY = 17
"""Lines of a terminal that are too few for the question, the key points and the answer at once."""


class QuestionScreen(Page):
    """Before the reveal: the question, hints, an editor. After it: key points and the answer's pages as well."""

    CSS_PATH = "../styles/question.tcss"
    HELP_TEXT = message("question.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r,f5", "reveal", show=False),
        Binding("ctrl+t,f3", "hint", show=False),
        Binding("escape", "back", show=False),
        *(Binding(str(int(grade)), f"grade({int(grade)})", show=False) for grade in Grade),
        Binding("enter", "grade_as_suggested", show=False),
        Binding("left_square_bracket,left", "page(-1)", show=False),
        Binding("right_square_bracket,right", "page(1)", show=False),
        Binding("d", "drill", show=False),
        Binding("e", "evidence", show=False),
        Binding("question_mark", "app.help", show=False),
        Binding("pageup", "scroll_page(-1)", show=False, priority=True),
        Binding("pagedown", "scroll_page(1)", show=False, priority=True),
    ]

    question: Question
    card: Card

    def __init__(self, question_id: str | None = None, queue: tuple[Card, ...] = ()) -> None:
        super().__init__()
        self.queue = queue
        self.hints = 0
        self.revealed = False
        self.pages: dict[str, Text] = {}
        self.began = 0
        if question_id is not None:
            self.begin(question_id, queue)

    def begin(self, question_id: str, queue: tuple[Card, ...] = ()) -> None:
        """Ask this question. DeckError where it cannot be read."""
        self.question = shelf.question(question_id)
        self.card = Card("recall", question_id)
        self.queue = queue
        self.pages = reading.pages(self.question)
        self.now()

    def compose_page(self) -> ComposeResult:
        yield Prose(id="ask", classes="ask")
        yield Prose(id="hints", classes="muted")
        with Horizontal(id="work"):
            with Vertical(id="mine"):
                yield DraftArea(
                    "",
                    message("question.your_answer"),
                    hint=message("question.your_answer_hint"),
                    id="answer",
                    soft_wrap=True,
                )
                with VerticalScroll(id="points", classes="card", can_focus=False):
                    yield TickList()
            with Vertical(id="theirs"):
                yield PageTabs(reading.TITLES, id="tabs")
                with VerticalScroll(id="reading"):
                    yield Prose(id="page")
        yield GradeBar(id="grades")

    def on_mount(self) -> None:
        self.query_one(DraftArea).focus()
        self._show_stage()

    def fill(self) -> None:
        self.began = self.quiz.store.clock()
        self.query_one("#ask", Prose).show(self.question.ask)
        self.query_one(DraftArea).keep(f"answer:{self.question.id}")
        self.query_one(TickList).show(self.question.key_points)
        self._show_page("spoken")
        self.call_after_refresh(self._warm)

    def _warm(self) -> None:
        """Work out in a thread what revealing and grading need, while the learner writes."""
        history = self.quiz.store.history(self.card.key)

        def work() -> None:
            schedule.warm(history)
            session.mentioned(self.question, "")

        self.run_worker(work, thread=True, name="warm")

    def _show_stage(self) -> None:
        for name in ("#points", "#theirs", "#grades"):
            self.query_one(name).display = self.revealed
        self.query_one("#hints").display = self.hints > 0 and not (self.revealed and self.size.height < TINY)
        self._fit_stage()
        self.refresh_keys()

    def _fit_stage(self) -> None:
        """The class means something on a narrow screen alone, and to set it styles the editor again, which takes its time.

        In a terminal of few lines the question, which was read before, makes room for the key points.
        """
        self.query_one("#mine").set_class(self.revealed and self.has_class("-narrow"), "-revealed")
        tiny = self.revealed and self.size.height < TINY
        self.query_one("#ask").display = not tiny
        self.query_one("#points").set_class(tiny, "-tiny")

    def on_resize(self) -> None:
        self.call_later(self._fit_stage)  # when the screen knows whether it is narrow now

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        question = self.question
        return Content.assemble((f"{question.section} {question.title.of(language)}", "bold"))

    def status_words(self, language: Language) -> Content:
        left = message("app.remaining", count=len(self.queue)).of(language) if self.queue else ""
        return Content.styled(left, "dim")

    def keys(self) -> tuple[Key, ...]:
        if not self.revealed:
            return (
                Key("ctrl+r", message("keys.reveal"), "screen.reveal"),
                Key("ctrl+t", message("keys.hint"), "screen.hint"),
                Key("esc", message("keys.back"), "screen.back"),
            )
        return (
            Key("space", message("keys.tick"), "screen.focus_points"),
            Key("1-4", message("keys.grade_yourself"), "screen.grade_as_suggested"),
            Key("← →", message("keys.pages"), "screen.page(1)"),
            Key("d", message("keys.drill"), "screen.drill"),
            Key("e", message("keys.prove"), "screen.evidence"),
            Key("esc", message("keys.back"), "screen.back"),
        )

    def place(self) -> Place:
        return Place(self.card, revealed=self.revealed)

    def relabel(self) -> None:
        super().relabel()
        self.query_one("#points").border_title = message("question.key_points").of(self.lang)

    # ------------------------------------------------------------ what keys do

    def action_hint(self) -> None:
        self.hints = min(self.hints + 1, len(self.question.hints))
        self.query_one("#hints", Prose).show(reading.hints(self.question.hints[: self.hints]))
        self._show_stage()

    def action_reveal(self) -> None:
        if self.revealed:
            return
        self.revealed = True
        area = self.query_one(DraftArea)
        area.save()
        self.query_one(TickList).tick_all(session.mentioned(self.question, area.text))
        self.query_one("#points").border_title = message("question.key_points").of(self.lang)
        self._show_grades()
        self._show_stage()
        self.query_one(TickList).focus()

    @property
    def suggested(self) -> Grade:
        """The grade that fits what was ticked."""
        return session.suggested(len(self.query_one(TickList).ticked), len(self.question.key_points), self.hints)

    @on(TickChanged)
    def _show_grades(self) -> None:
        store = self.quiz.store
        retention = settings.RETENTION.of(store.get)
        intervals = schedule.intervals(store.history(self.card.key), store.clock(), retention)
        self.query_one(GradeBar).show(intervals, self.suggested)

    @on(PageTabs.Turned)
    def show_page(self, event: PageTabs.Turned) -> None:
        """Show the page that was opened."""
        self._show_page(event.page)

    def _show_page(self, page: str) -> None:
        if (body := self.pages.get(page)) is not None:
            self.query_one("#page", Prose).show(body)
            self.query_one("#reading").scroll_home(animate=False)

    def action_page(self, by: int) -> None:
        if self.revealed:
            self.query_one(PageTabs).turn(by)

    def action_scroll_page(self, by: int) -> None:
        reading_area = self.query_one("#reading")
        if by > 0:
            reading_area.scroll_page_down(animate=False)
        else:
            reading_area.scroll_page_up(animate=False)

    def action_focus_points(self) -> None:
        self.query_one(TickList).focus()

    def action_grade(self, grade: int) -> None:
        if self.revealed:
            self.finish(GradeChosen(Grade(grade)))

    def action_grade_as_suggested(self) -> None:
        if self.revealed:
            self.finish(GradeChosen(self.suggested))

    @on(GradeChosen)
    def finish(self, event: GradeChosen) -> None:
        """Log the grade and go on."""
        store = self.quiz.store
        seconds = (store.clock() - self.began) / 1000
        retention = settings.RETENTION.of(store.get)
        standing = store.add_review(self.card.key, event.grade, retention=retention, seconds=min(seconds, 3600))
        self.quiz.say(words.comes_back(event.grade, standing.due - store.clock()))
        self.quiz.follow(self.queue)

    def action_drill(self) -> None:
        if self.revealed and self.question.drills:
            self.quiz.open_card(Card("drill", self.question.id))

    def action_evidence(self) -> None:
        if self.revealed:
            self.quiz.action_evidence(self.question.id)

    @on(ScreenSuspend)
    def save_answer(self) -> None:
        """The screen was left, or lies under another: what was typed is kept now."""
        self.query_one(DraftArea).save()

    def action_back(self) -> None:
        self.app.pop_screen()
