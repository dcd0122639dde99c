"""The executable answer: runs the question's experiment in a process of its own and shows what it measures as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import ProgressBar
from textual.worker import get_current_worker

from answers.model import Claim, Event, Language, Line, Plot, Progress, Question, Text
from quiz import evidence, experiment_process, shelf, visitor
from quiz.app import words
from quiz.app.base import Key, Page, Phrase
from quiz.app.messages import ExperimentEnded, ExperimentMoved
from quiz.app.widgets.picture import Picture
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message
from quiz.usage import reasons


class EvidenceScreen(Page):
    """Progress above, then lines, claims with their figures, and the picture."""

    CSS_PATH = "../styles/evidence.tcss"
    HELP_TEXT = message("evidence.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "run", show=False),
        Binding("s,ctrl+c", "stop", show=False),
        Binding("w", "save_picture", show=False),
        Binding("escape,q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    question: Question

    def __init__(self, question_id: str | None = None) -> None:
        super().__init__()
        self.run_number = 0
        self.running = False
        self.outcome: Text | None = None
        self.claims: list[Claim] = []
        self.plot: Plot | None = None
        if question_id is not None:
            self.begin(question_id)

    def begin(self, question_id: str) -> None:
        """Run the answer to this question. DeckError where it cannot be read."""
        self.question = shelf.question(question_id)
        self.now()

    def compose_page(self) -> ComposeResult:
        yield ProgressBar(total=1.0, show_eta=False, id="bar")
        yield Phrase(id="doing")
        with VerticalScroll(id="findings"):
            yield Prose(id="lines")
            yield Phrase(self._table, id="claims")
            yield Picture(id="picture")

    def on_mount(self) -> None:
        self.query_one("#findings").focus()
        self.query_one(Picture).show(None)

    def fill(self) -> None:
        self.action_run()

    def on_unmount(self) -> None:
        self.run_number += 1

    # ------------------------------------------------------------ running

    def action_run(self) -> None:
        if self.running:
            return
        self.run_number += 1
        self.running, self.outcome = True, None
        self.claims, self.plot, self._lines = [], None, list[Text]()
        self.query_one("#lines", Prose).show(None)
        self.query_one("#claims", Phrase).relabel()
        self.query_one(Picture).show(None)
        self.query_one("#bar").display = True
        self.query_one(ProgressBar).update(progress=0.0)
        self.query_one("#doing", Phrase).say(message("evidence.running"))
        run = self.run_number
        self.run_worker(lambda: self._work(run), thread=True, exclusive=True, name="experiment")
        self.refresh_keys()

    def _work(self, run: int) -> None:
        """In a thread: post what the experiment yields; closing the generator stops it."""
        worker = get_current_worker()
        try:
            events = experiment_process.events(self.question.id)
            stopped = self._pump(events, run, lambda: worker.is_cancelled or run != self.run_number)
        except experiment_process.ExperimentBrokeError as error:
            self.post_message(ExperimentEnded(run, error=str(error)))
        except Exception as error:  # whatever it meets, the learner reads it and the app goes on
            self.post_message(ExperimentEnded(run, error=f"{type(error).__name__}: {error}"))
        else:
            self.post_message(ExperimentEnded(run, stopped=stopped))

    def _pump(self, events: Iterator[Event | None], run: int, is_over: object) -> bool:
        assert callable(is_over)
        for event in events:
            if is_over():
                close = getattr(events, "close", None)
                if close is not None:
                    close()
                return True
            if event is not None:
                self.post_message(ExperimentMoved(event, run))
        return False

    @on(ExperimentMoved)
    def show_event(self, message: ExperimentMoved) -> None:
        """Paint what came."""
        if message.run != self.run_number or not self.running:
            return
        match message.event:
            case Progress(fraction=fraction, doing=doing):
                self.query_one(ProgressBar).update(progress=fraction)
                self.query_one("#doing", Phrase).say(doing)
            case Line(text=text):
                self._lines.append(text)
                self.query_one("#lines", Prose).show(
                    Text(zh="\n".join(_code(t.zh) for t in self._lines), en="\n".join(_code(t.en) for t in self._lines))
                )
            case Claim() as claim:
                self.claims.append(claim)
                self.query_one("#claims", Phrase).relabel()
            case Plot() as plot:
                self.plot = plot
                self.query_one(Picture).show(plot)

    @on(ExperimentEnded)
    def show_end(self, message: ExperimentEnded) -> None:
        """Say how it ended."""
        if message.run != self.run_number or not self.running:
            return
        self._end(words.experiment_outcome(self.claims, message.stopped, message.error))

    def _end(self, outcome: Text) -> None:
        self.running = False
        self.outcome = outcome
        self.query_one("#bar").display = False
        self.query_one("#doing", Phrase).say(outcome)
        self.refresh_keys()

    # ------------------------------------------------------------ words

    def _table(self, language: Language) -> Content:
        rows: list[Content] = []
        for claim in self.claims:
            mark = ("✓ ", "bold $text-success") if claim.holds else ("✗ ", "bold $text-error")
            held = message("evidence.holds") if claim.holds else message("evidence.fails")
            rows.append(Content.assemble(mark, (claim.text.of(language), "bold")))
            rows.append(
                Content.assemble(
                    (f"    {message('evidence.measured').of(language)} ", "dim"),
                    (evidence.figure(claim.measured), "$text-accent"),
                    (f"   {message('evidence.bound').of(language)} ", "dim"),
                    evidence.bound(claim),
                    "   ",
                    held.of(language),
                )
            )
            if claim.note is not None:
                rows.append(Content.styled(f"    {claim.note.of(language)}", "dim"))
        return Content("\n").join(rows)

    def title_words(self, language: Language) -> Content:
        question = self.question
        return Content.assemble(
            (f"{question.section} {question.title.of(language)}", "bold"),
            (f" · {message('home.evidence').of(language)}", "dim"),
        )

    def keys(self) -> tuple[Key, ...]:
        first = (
            Key("s", message("keys.stop"), "screen.stop")
            if self.running
            else Key("r", message("keys.run"), "screen.run")
        )
        picture = (Key("w", message("keys.save_picture"), "screen.save_picture"),) if self.plot is not None else ()
        return (
            first,
            *picture,
            Key("↑ ↓", message("keys.scroll"), ""),
            Key("esc", message("keys.back"), "screen.back"),
        )

    # ------------------------------------------------------------ what keys do

    def action_stop(self) -> None:
        if self.running:
            self.workers.cancel_node(self)
            self._end(words.experiment_outcome(self.claims, stopped=True, error=None))
            self.run_number += 1

    def action_save_picture(self) -> None:
        if self.plot is not None and visitor.is_visitor():
            plot = self.plot
            self.run_worker(lambda: self._deliver(plot), thread=True, name="picture")
        elif self.plot is not None:
            plot, path = self.plot, self.quiz.store.folder / f"{self.question.id}.png"
            self.run_worker(lambda: self._save(plot, path), thread=True, name="picture")

    def _deliver(self, plot: Plot) -> None:
        """In a thread: the picture goes to the visitor's browser, not to a file of this machine."""
        import tempfile
        from io import BytesIO
        from pathlib import Path

        from quiz.plots import save_plot

        with tempfile.TemporaryDirectory(prefix="rnnquiz-") as folder:
            path = Path(folder) / f"{self.question.id.replace(':', '-')}.png"
            save_plot(plot, path, self.lang)
            picture = BytesIO(path.read_bytes())
        self.app.call_from_thread(
            self.app.deliver_binary, picture, save_filename=path.name, open_method="download", mime_type="image/png"
        )

    def _save(self, plot: Plot, path: object) -> None:
        from pathlib import Path

        from quiz.plots import save_plot

        assert isinstance(path, Path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_plot(plot, path, self.lang)
        except OSError as error:
            self.app.call_from_thread(
                self.quiz.say, message("app.not_saved", path=path, reason=reasons(error)), warning=True
            )
        else:
            self.app.call_from_thread(self.quiz.say, message("app.saved", path=path))

    def action_back(self) -> None:
        self.action_stop()
        self.app.pop_screen()


def _code(line: str) -> str:
    return "\n".join("    " + part for part in line.splitlines()) or ""
