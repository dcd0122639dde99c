"""Write a function, have it graded in an isolated process, read what went wrong."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from answers.model import Language
from quiz import schedule, session, shelf
from quiz.app import reading, words
from quiz.app.base import Key, Page, Phrase
from quiz.app.messages import GradingBroke, GradingFinished, GradingMoved
from quiz.app.widgets.comparison import comparison, shown
from quiz.app.widgets.editor import CodeArea
from quiz.app.widgets.prose import Prose, inline
from quiz.session import Card

if TYPE_CHECKING:
    from quiz.grading.report import Check, Report


class CodeScreen(Page):
    """The task and the report on one side, the editor on the other."""

    CSS_PATH = "../styles/code.tcss"
    HELP_TEXT = words.CODE_HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+g", "grade", show=False, priority=True),
        Binding("ctrl+t,f3", "hint", show=False, priority=True),
        Binding("ctrl+o,f6", "solution", show=False, priority=True),
        Binding("f4", "external_editor", show=False, priority=True),
        Binding("shift+tab", "focus_panel", show=False, priority=True),
        Binding("f8", "next", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self, task_id: str, queue: tuple[Card, ...] = ()) -> None:
        super().__init__()
        card = shelf.task_card(task_id)
        assert card is not None
        self.task_card = card
        self.exercise = shelf.task(task_id)
        self.card = Card("code", self.task_card.question, task_id)
        self.queue = queue
        self.hints = 0
        self.failures = 0
        self.logged = False
        self.grading = False
        self.report: Report | None = None
        self.graded_source = ""
        self.began = 0

    def compose_page(self) -> ComposeResult:
        with Horizontal(id="work"):
            with VerticalScroll(id="panel"):
                yield Phrase(words.NOT_GRADED, id="verdict")
                yield Phrase(id="report")
                yield Prose(id="hints")
                yield Prose(self.exercise.ask, id="ask")
                yield Static(id="solution")
            yield CodeArea(self.draft_key, words.YOUR_CODE, self._starter())

    @property
    def draft_key(self) -> str:
        """Under which the code is kept."""
        return f"code:{self.task_card.id}"

    def _starter(self) -> str:
        return f"import numpy as np\n\n\ndef {self.task_card.function}({self.task_card.parameters}):\n    "

    def on_mount(self) -> None:
        super().on_mount()
        self.began = self.quiz.store.clock()
        for name in ("#report", "#hints", "#solution"):
            self.query_one(name).display = False
        self.query_one(CodeArea).focus()
        self.run_worker(self._warm, thread=True, name="warm")

    def _warm(self) -> None:
        """In a thread: have the fork server up before the first grading asks for it."""
        schedule.warm()
        try:
            self.quiz.grader()
        except OSError as error:
            self.post_message(GradingBroke(str(error)))

    # ------------------------------------------------------------ grading

    def action_grade(self) -> None:
        if self.grading:
            return
        area = self.query_one(CodeArea)
        area.save()
        self._grade(area.text, log=True)

    def _grade(self, source: str, *, log: bool) -> None:
        self.grading = True
        self.query_one("#verdict", Phrase).say(words.GRADING)
        language = self.lang
        self.run_worker(lambda: self._work(source, language, log), thread=True, name="grading")
        self.refresh_keys()

    def _work(self, source: str, language: Language, log: bool) -> None:
        """In a thread: grade, and post what came of it."""

        def progress(doing: str, fraction: float) -> None:
            self.post_message(GradingMoved(doing, fraction))

        try:
            report = self.quiz.grader().grade(
                source + "\n", shelf.gradable(self.task_card.id), language=language, progress=progress
            )
        except Exception as error:  # whatever the grader meets, the learner reads it and the app goes on
            self.post_message(GradingBroke(f"{type(error).__name__}: {error}"))
        else:
            self.post_message(GradingFinished(report, source, log))

    @on(GradingMoved)
    def show_progress(self, message: GradingMoved) -> None:
        """Say how far grading is."""
        if self.grading:
            self.query_one("#verdict", Phrase).say(words.grading(message.doing, message.fraction))

    @on(GradingBroke)
    def show_break(self, message: GradingBroke) -> None:
        """Say that the grader itself could not work."""
        self.grading = False
        self.query_one("#verdict", Phrase).say(words.grading_broke(message.reason))
        self.refresh_keys()

    @on(GradingFinished)
    def show_report(self, message: GradingFinished) -> None:
        """Log the attempt and show the report."""
        self.grading = False
        self.report, self.graded_source = message.report, message.source
        if message.log:
            self._log(message.report, message.source)
        self.query_one("#verdict", Phrase).say(self._verdict)
        report = self.query_one("#report", Phrase)
        report.display = True
        report.say(self._report)
        self.add_class("-graded")
        self.query_one("#panel").scroll_home(animate=False)
        self.refresh_keys()

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
        retention = float(store.get("retention", schedule.DEFAULT_RETENTION))
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
        report = self.report
        mark, look = ("✓", "$text-success") if report.passed else ("✗", "$text-error")
        word = words.OUTCOMES[report.verdict].of(language)
        score = "" if report.passed else f"  {report.score:.0%}"
        return Content.assemble((f"{mark} {word}{score}", f"bold {look}"), (f"   {report.seconds:.2f} s", "dim"))

    def _report(self, language: Language) -> Content:
        assert self.report is not None
        report, parts = self.report, []
        if report.diagnosis is not None:
            parts.append(Content.styled(words.DIAGNOSIS.of(language), "bold $text-warning"))
            parts.append(inline(report.diagnosis.message))
            parts.append(Content(""))
        parts += _check_lines(report.checks, language)
        if report.counterexample is not None:
            example = report.counterexample
            parts += [Content(""), Content.styled(words.COUNTEREXAMPLE.of(language), "bold $text-primary")]
            for name, value in example.inputs.items():
                head, *rest = shown(value).splitlines() or [""]
                parts.append(Content.assemble((f"{name} = ", "$text-accent"), head))
                parts += [Content(" " * (len(name) + 3) + line) for line in rest]
            parts.append(Content(""))
            parts.append(comparison(example.expected, example.got, language, self.exercise.outputs))
        if report.passed:
            parts += [Content(""), Content.styled(words.LOOK_FOR.of(language), "bold $text-primary")]
            parts.append(inline(self.exercise.interviewers_look_for.of(language)))
        return Content("\n").join(parts)

    def title_words(self, language: Language) -> Content:
        return Content.assemble((self.task_card.id, "bold"), (f" · {words.CODE.of(language)}", "dim"))

    def status_words(self, language: Language) -> Content:
        return Content.styled(words.remaining(len(self.queue)).of(language) if self.queue else "", "dim")

    def keys(self) -> tuple[Key, ...]:
        onwards = (Key("f8", words.NEXT, "screen.next"),) if self.queue else ()
        return (
            Key("f5", words.GRADE, "screen.grade"),
            Key("shift+tab", words.READ, "screen.focus_panel"),
            Key("ctrl+t", words.HINT, "screen.hint"),
            Key("ctrl+o", words.SOLUTION, "screen.solution"),
            Key("f4", words.EDITOR, "screen.external_editor"),
            *onwards,
            Key("esc", words.BACK, "screen.leave"),
        )

    # ------------------------------------------------------------ what keys do

    def action_focus_panel(self) -> None:
        panel = self.query_one("#panel")
        (self.query_one(CodeArea) if panel.has_focus else panel).focus()

    def action_hint(self) -> None:
        self.hints = min(self.hints + 1, len(self.exercise.hints))
        hints = self.query_one("#hints", Prose)
        hints.display = True
        hints.show(reading.hints(self.exercise.hints[: self.hints]))
        self.call_after_refresh(hints.scroll_visible, animate=False)

    def action_solution(self) -> None:
        if not self.failures and not self.quiz.store.attempts(self.task_card.id):
            self.quiz.say(words.SOLUTION_LATER)
            return
        self._add_review(passed=False)
        from textual.highlight import highlight

        solution = self.query_one("#solution", Static)
        solution.update(highlight(shelf.solution(self.task_card.id), language="python"))
        solution.border_title = words.SOLUTION.of(self.lang)
        solution.display = True
        self.call_after_refresh(solution.scroll_visible, animate=False, top=True)

    def action_external_editor(self) -> None:
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not command:
            self.quiz.say(words.NO_EDITOR, warning=True)
            return
        area = self.query_one(CodeArea)
        edited = self._edited_outside(shlex.split(command), area.text)
        if edited is not None and edited != area.text:
            area.replace(edited, (0, 0), area.document.end)  # an edit like any other: undo brings the old text back
            area.save()

    def _edited_outside(self, command: list[str], text: str) -> str | None:
        with tempfile.TemporaryDirectory(prefix="rnnquiz-") as folder:
            path = Path(folder) / f"{self.task_card.module}.py"
            path.write_text(text, encoding="utf-8")
            try:
                with self.app.suspend():
                    subprocess.run([*command, str(path)], check=False)
                return path.read_text(encoding="utf-8", errors="replace")
            except (OSError, SuspendNotSupported) as error:
                self.quiz.say(words.editor_failed(command[0], str(error)), warning=True)
                return None

    def action_next(self) -> None:
        if self.queue:
            self._close(lambda: self.quiz.follow(self.queue))

    def action_leave(self) -> None:
        self._close(self.app.pop_screen)

    def _close(self, then: Callable[[], object]) -> None:
        if self.failures:
            self._add_review(passed=False)
        then()


def _check_lines(checks: Sequence[Check], language: Language) -> list[Content]:
    """What failed and what was said first, a line each; then everything that held on one line."""
    from quiz.grading.rendering import check_name

    lines, held = [], []
    for check in sorted(checks, key=lambda check: check.passed):
        name = check_name(check.name, language)
        if not check.passed:
            lines.append(Content.assemble(("✗ ", "bold $text-error"), (name, "bold"), "  ", check.detail))
        elif check.name in ("advice", "cases", "search"):
            lines.append(Content.assemble(("· ", "$text-accent"), (f"{name}  {check.detail}", "dim")))
        else:
            held.append(name)
    if held:
        joint = {"zh": "、", "en": ", "}[language]
        lines.append(Content.assemble(("✓ ", "$text-success"), (joint.join(held), "dim")))
    return lines
