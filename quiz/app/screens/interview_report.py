"""The report of an interview: read here, practised from here, saved from here."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from answers.model import Language, Text
from quiz import visitor
from quiz.app import interview_words as words
from quiz.app.base import Key, Page
from quiz.app.widgets.page_tabs import PageTabs
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message
from quiz.interview import files, pages, report, sitting
from quiz.interview.html import html
from quiz.interview.report import Report
from quiz.interview.sitting import Interview
from quiz.interview.words import date
from quiz.usage import reasons

if TYPE_CHECKING:
    from quiz.app.sitting import Sitting


class ReportReady(Message):
    """The report was put together."""

    def __init__(self, found: Report) -> None:
        super().__init__()
        self.report = found


class ReportScreen(Page):
    """One page at a time. Opened at the end of an interview (`sitting`), or later from the list."""

    CSS_PATH = "../styles/interview.tcss"
    HELP_TEXT = message("interview.report_help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,left_square_bracket", "page(-1)", show=False, priority=True),
        Binding("right,right_square_bracket", "page(1)", show=False, priority=True),
        Binding("w,ctrl+s", "save", show=False),
        Binding("p", "practise", show=False),
        Binding("escape,q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self, interview: Interview, sitting: Sitting | None = None) -> None:
        super().__init__()
        self.interview = interview
        self.sitting = sitting
        self.report: Report | None = None
        self.shown = "overview"

    def compose_page(self) -> ComposeResult:
        yield PageTabs(pages.PAGES, id="tabs")
        with VerticalScroll(id="figures"):
            yield Prose(message("interview.writing"), id="page")

    def on_mount(self) -> None:
        self.query_one("#figures").focus()
        self.run_worker(
            lambda: self.post_message(ReportReady(report.report(self.interview))), thread=True, name="report"
        )

    @on(ReportReady)
    def use_report(self, message: ReportReady) -> None:
        """Show it; keep the score with the interview, so that the list of interviews has it."""
        self.report = message.report
        if self.interview.score is None and self.report.score is not None:
            self.interview = sitting.scored(self.interview, self.report.score)
            if self.sitting is not None:
                self.sitting.interview = self.interview
            self.quiz.store.save_interview(self.interview.uid, sitting.to_json(self.interview))
        self._show()

    @on(PageTabs.Turned)
    def show_page(self, event: PageTabs.Turned) -> None:
        """Show the page that was opened."""
        self.shown = event.page
        self.query_one("#figures").scroll_home(animate=False)
        self._show()

    def _show(self) -> None:
        if self.report is not None:
            room = max(self.size.width - 46, 16)
            body = pages.page(self.report, self.shown, self.lang, min(room, 44))
            self.query_one("#page", Prose).show(Text(zh=body, en=body))
        self.refresh_keys()

    def on_resize(self) -> None:
        self._show()

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return Content.styled(message("interview.report").of(language), "bold")

    def status_words(self, language: Language) -> Content:
        return Content.styled(date(self.interview.began), "dim")

    def keys(self) -> tuple[Key, ...]:
        plan = (
            (Key("p", message("interview.practise_plan"), "screen.practise"),)
            if self.report and self.report.plan
            else ()
        )
        return (
            Key("← →", message("keys.pages"), "screen.page(1)"),
            Key("w", message("interview.save"), "screen.save"),
            *plan,
            Key("esc", message("keys.back"), "screen.back"),
        )

    def relabel(self) -> None:
        super().relabel()
        self._show()

    # ------------------------------------------------------------ what keys do

    def action_page(self, by: int) -> None:
        self.query_one(PageTabs).turn(by)

    def action_save(self) -> None:
        if self.report is None:
            return
        if visitor.is_visitor():
            self._deliver(self.report)
            return
        place = files.folder()
        try:
            markdown, page = files.save(self.report, self.lang, place)
        except OSError as error:
            self.quiz.say(message("app.not_saved", path=place, reason=reasons(error)), warning=True)
        else:
            self.quiz.say(words.kept(markdown, page))

    def _deliver(self, found: Report) -> None:
        """Both files go to the visitor's browser, not to this machine's disk."""
        name = files.stem(found)
        for ending, text, kind in ((".md", pages.markdown, "text/markdown"), (".html", html, "text/html")):
            self.app.deliver_text(
                StringIO(text(found, self.lang)), save_filename=name + ending, open_method="download", mime_type=kind
            )

    def action_practise(self) -> None:
        if self.report is None or not self.report.plan:
            self.quiz.say(message("interview.no_plan"))
            return
        first, *rest = (step.card for step in self.report.plan[0].steps)
        self.quiz.open_card(first, tuple(rest))

    def action_back(self) -> None:
        if self.sitting is not None:
            self.sitting.leave()
        else:
            self.app.pop_screen()
