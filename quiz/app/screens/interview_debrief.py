"""After an interview: each answer beside the model, its key points ticked, graded."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from answers.model import Language, Text
from quiz import schedule, session, settings, shelf
from quiz.app import interview_words as words
from quiz.app import reading
from quiz.app.base import Key, Page
from quiz.app.messages import GradeChosen, TickChanged
from quiz.app.sitting import Sitting
from quiz.app.widgets.grades import GradeBar
from quiz.app.widgets.page_tabs import PageTabs
from quiz.app.widgets.prose import Prose
from quiz.app.widgets.ticks import TickList
from quiz.catalogue import message
from quiz.interview import asking
from quiz.interview.sitting import Item, to_look_over
from quiz.schedule import Grade


class DebriefScreen(Page):
    """One answer; the next one follows."""

    CSS_PATH = "../styles/interview.tcss"
    HELP_TEXT = message("interview.debrief_help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        *(Binding(str(int(grade)), f"grade({int(grade)})", show=False) for grade in Grade),
        Binding("enter", "grade_as_suggested", show=False),
        Binding("left_square_bracket,left", "page(-1)", show=False),
        Binding("right_square_bracket,right", "page(1)", show=False),
        Binding("s", "suggest_rest", show=False),
        Binding("question_mark", "app.help", show=False),
        Binding("pageup", "scroll_page(-1)", show=False, priority=True),
        Binding("pagedown", "scroll_page(1)", show=False, priority=True),
    ]

    def __init__(self, sitting: Sitting, position: int, item: Item) -> None:
        super().__init__()
        self.sitting = sitting
        self.position = position
        self.item = item
        self.question = shelf.question(self.item.card.question)
        mine = ("mine", message("interview.mine"), words.what_was_said(self.question, self.item))
        bodies = reading.pages(self.question)
        rest = ((page, title, bodies[page]) for page, title in reading.TITLES.items() if page != "sources")
        self.pages: list[tuple[str, Text, Text]] = [mine, *rest]

    def compose_page(self) -> ComposeResult:
        yield Prose(self.question.ask, id="ask", classes="ask")
        with Horizontal(id="work"):
            with Vertical(id="mine"), VerticalScroll(id="points", classes="card", can_focus=False):
                yield TickList(self.question.key_points)
            with Vertical(id="theirs"):
                yield PageTabs({page: title for page, title, _ in self.pages}, id="tabs")
                with VerticalScroll(id="reading"):
                    yield Prose(self.pages[0][2], id="page")
        yield GradeBar(id="grades")

    def on_mount(self) -> None:
        ticks = self.query_one(TickList)
        ticks.tick_all(frozenset(asking.heard(self.question, self.item).named))
        self.query_one("#points").border_title = message("question.key_points").of(self.lang)
        self._show_grades()
        ticks.focus()

    async def build_next(self) -> bool:
        return await self.sitting.build_next()

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        title = f"{self.question.section} {self.question.title.of(language)}"
        return Content.assemble(
            (f"{message('interview.debrief').of(language)} ", "bold"), (f"› {title}", "$text-muted")
        )

    def status_words(self, language: Language) -> Content:
        talked = [k for k, item in enumerate(self.sitting.interview.items) if item.card.kind == "recall"]
        reached = [k for k in talked if self.sitting.interview.items[k].state != "waiting"]
        here = self.sitting.interview.at
        place = reached.index(here) + 1 if here in reached else len(reached)
        return Content.styled(f"{place}/{len(reached)}", "dim")

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("space", message("keys.tick"), "screen.focus_points"),
            Key("1-4", message("keys.grade_yourself"), "screen.grade_as_suggested"),
            Key("← →", message("keys.pages"), "screen.page(1)"),
            Key("s", message("interview.rest_as_suggested"), "screen.suggest_rest"),
            Key("esc", message("keys.back"), "screen.back"),
        )

    def relabel(self) -> None:
        super().relabel()
        self.query_one("#points").border_title = message("question.key_points").of(self.lang)

    # ------------------------------------------------------------ what keys do

    @property
    def suggested(self) -> Grade:
        """The grade that fits what is ticked."""
        ticked = len(self.query_one(TickList).ticked)
        return session.suggested(ticked, len(self.question.key_points), self.item.hints)

    @on(TickChanged)
    def _show_grades(self) -> None:
        store = self.quiz.store
        retention = settings.RETENTION.of(store.get)
        intervals = schedule.intervals(store.history(self.item.card.key), store.clock(), retention)
        self.query_one(GradeBar).show(intervals, self.suggested)

    @on(PageTabs.Turned)
    def show_page(self, event: PageTabs.Turned) -> None:
        """Show the page that was opened."""
        body = next(body for page, _, body in self.pages if page == event.page)
        self.query_one("#page", Prose).show(body)
        self.query_one("#reading").scroll_home(animate=False)

    def action_page(self, by: int) -> None:
        self.query_one(PageTabs).turn(by)

    def action_scroll_page(self, by: int) -> None:
        area = self.query_one("#reading")
        if by > 0:
            area.scroll_page_down(animate=False)
        else:
            area.scroll_page_up(animate=False)

    def action_focus_points(self) -> None:
        self.query_one(TickList).focus()

    def action_grade(self, grade: int) -> None:
        self.finish(GradeChosen(Grade(grade)))

    def action_grade_as_suggested(self) -> None:
        self.finish(GradeChosen(self.suggested))

    @property
    def _is_looked_over(self) -> bool:
        return self.sitting.interview.phase == "debrief" and self.sitting.interview.at == self.position

    @on(GradeChosen)
    def finish(self, event: GradeChosen) -> None:
        """Log the grade and go on to the next answer, or to the report."""
        if not self._is_looked_over:
            return  # a second key before the next screen stands
        self.sitting.tick(frozenset(self.query_one(TickList).ticked), event.grade)
        self.sitting.follow()

    def action_suggest_rest(self) -> None:
        if not self._is_looked_over:
            return
        self.sitting.tick(frozenset(self.query_one(TickList).ticked), self.suggested)
        while self.sitting.interview.phase == "debrief":
            item = self.sitting.interview.item
            assert to_look_over(item)
            question = shelf.question(item.card.question)
            named = asking.heard(question, item).named
            self.sitting.tick(frozenset(named), session.suggested(len(named), len(question.key_points), item.hints))
        self.sitting.follow()

    def action_back(self) -> None:
        self.sitting.leave()
