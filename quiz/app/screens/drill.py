"""Drills of one question, one after the other: each dealt afresh, answered by keyboard, checked, explained."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from answers.model import Drill, Language, Question, Text
from quiz import drills, schedule, session, settings, shelf
from quiz.app import words
from quiz.app.base import Key, Page
from quiz.app.messages import DrillAnswered
from quiz.app.widgets.answers import AnswerBox, ChoiceBox, LineBox, OrderBox, box_for
from quiz.app.widgets.prose import Prose
from quiz.catalogue import message
from quiz.drills import AnswerError, Checked, Hand
from quiz.schedule import Standing
from quiz.session import Card
from quiz.tour import Place


def in_order(question_id: str, found: tuple[Drill, ...], standings: dict[str, Standing], now: int) -> list[Drill]:
    """Drills that are due first, then those never met, then the rest, weakest first; each group in the deck's order."""

    def rank(drill: Drill) -> tuple[int, float]:
        standing = standings.get(Card("drill", question_id, drill.id).key)
        if standing is None:
            return 1, 0.0
        return (0, -(now - standing.due)) if standing.due <= now else (2, standing.stability)

    return sorted(found, key=rank)


class DrillScreen(Page):
    """One drill at a time; Enter checks, Enter again goes on."""

    CSS_PATH = "../styles/drill.tcss"
    HELP_TEXT = message("drill.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("enter", "next", show=False),
        Binding("n", "next", show=False),
        Binding("question_mark", "app.help", show=False),
        Binding("e", "evidence", show=False),
    ]

    question: Question

    def __init__(
        self, question_id: str | None = None, drill_id: str | None = None, queue: tuple[Card, ...] = ()
    ) -> None:
        super().__init__()
        self.drill_id = drill_id
        self.queue = queue
        self.boxes: tuple[AnswerBox, ...] = (ChoiceBox(), OrderBox(), LineBox())
        self.waiting: list[Drill] = []
        self.hand: Hand | None = None
        self.checked: Checked | None = None
        self.right = self.done = 0
        self.began = 0
        if question_id is not None:
            self.begin(question_id, drill_id, queue)

    def begin(self, question_id: str, drill_id: str | None = None, queue: tuple[Card, ...] = ()) -> None:
        """Ask the question's drills, or one of them. DeckError where the question cannot be read."""
        self.question = shelf.question(question_id)
        self.drill_id = drill_id
        self.queue = queue
        self.now()

    def compose_page(self) -> ComposeResult:
        with VerticalScroll(id="drill", can_focus=False):
            yield Prose(id="ask", classes="ask")
            with VerticalScroll(id="box", can_focus=False):
                for box in self.boxes:
                    box.display = False
                    yield box
            yield Prose(id="verdict")

    def fill(self) -> None:
        found = self.question.drills
        if self.drill_id is not None:
            found = tuple(d for d in found if d.id == self.drill_id) or found
        self.waiting = in_order(self.question.id, found, self.quiz.store.standings(), self.quiz.store.clock())
        self._deal()

    # ------------------------------------------------------------ one drill

    @property
    def box(self) -> AnswerBox | None:
        """Where the drill that is asked is answered."""
        return next((box for box in self.boxes if self.hand is not None and box.display), None)

    def _deal(self) -> None:
        drill = self.waiting.pop(0)
        self.hand = drills.deal(drill, self.quiz.random)
        self.checked = None
        self.began = self.quiz.store.clock()
        self.query_one("#ask", Prose).show(self.hand.ask)
        self.query_one("#verdict", Prose).show(None)
        self.query_one("#verdict").set_classes("")
        fitting = box_for(self.hand)
        for box in self.boxes:
            box.display = isinstance(box, fitting)
            if box.display:
                box.deal(self.hand)
                box.take_focus()
        self.query_one("#box").scroll_home(animate=False)
        self.query_one("#drill").scroll_home(animate=False)
        self.refresh_keys()
        self.call_after_refresh(self._warm, Card("drill", self.question.id, drill.id))

    def _warm(self, card: Card) -> None:
        """Work out in a thread what grading needs, while the learner thinks."""
        history = self.quiz.store.history(card.key)
        self.run_worker(lambda: schedule.warm(history), thread=True, name="warm")

    @on(AnswerBox.Given)
    def check(self, event: AnswerBox.Given) -> None:
        """Check the answer, log what it means, show why."""
        event.stop()
        if self.hand is None or self.checked is not None:
            return
        try:
            checked = drills.check(self.hand, event.answer)
        except AnswerError as error:
            self._show(error.text, "-unread")
            return
        self.checked = checked  # at once: Enter pressed twice is one answer
        self.post_message(DrillAnswered(checked))

    @on(DrillAnswered)
    def show_verdict(self, event: DrillAnswered) -> None:
        """Log the review and say what was right and why."""
        assert self.hand is not None
        checked, store = event.checked, self.quiz.store
        self.checked = checked
        self.done += 1
        self.right += checked.right
        card = Card("drill", self.question.id, self.hand.drill.id)
        seconds = min((store.clock() - self.began) / 1000, 600)
        retention = settings.RETENTION.of(store.get)
        standing = store.add_review(
            card.key, session.grade_of_drill(checked.right), retention=retention, seconds=seconds
        )
        box = self.box
        assert box is not None
        box.show_solution(checked)
        self._show(
            words.verdict(checked, standing.due - store.clock(), box.shows_solution),
            "-right" if checked.right else "-wrong",
        )
        self.set_focus(None)
        self.refresh_keys()

    def _show(self, text: Text, look: str) -> None:
        verdict = self.query_one("#verdict", Prose)
        verdict.set_classes(look)
        verdict.show(text)
        self.call_after_refresh(verdict.scroll_visible, animate=False)

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        title = self.question.title.of(language)
        kind = words.KINDS[type(self.hand.drill).__name__].of(language) if self.hand else ""
        return Content.assemble((f"{self.question.section} {title}", "bold"), (f" · {kind}", "$text-muted"))

    def status_words(self, language: Language) -> Content:
        left = words.drill_score(self.right, self.done, len(self.waiting) + (self.checked is None)).of(language)
        return Content.styled(left, "dim")

    def keys(self) -> tuple[Key, ...]:
        common = (Key("esc", message("keys.back"), "screen.back"),)
        if self.checked is not None:
            last = not self.waiting
            return (
                Key(
                    "enter", message("keys.finish") if last and not self.queue else message("keys.next"), "screen.next"
                ),
                *common,
            )
        return (*(self.box.keys() if self.box is not None else ()), *common)

    def place(self) -> Place:
        drill = self.hand.drill.id if self.hand is not None else self.drill_id or ""
        return Place(Card("drill", self.question.id, drill), answered=self.checked is not None)

    def ask_again(self, card: Card) -> bool:
        drill = next((d for d in self.question.drills if card == Card("drill", self.question.id, d.id)), None)
        if drill is None:
            return False
        if self.checked is not None:
            self.done -= 1
            self.right -= self.checked.right
        elif self.hand is not None:
            self.waiting.insert(0, self.hand.drill)
        self.waiting.insert(0, drill)
        self.call_later(self._deal)
        return True

    # ------------------------------------------------------------ what keys do

    def action_check_box(self) -> None:
        if self.checked is None and self.box is not None:
            self.box.submit()

    def action_next(self) -> None:
        if self.checked is None:
            return
        if self.waiting:
            self._deal()
        else:
            self.quiz.follow(self.queue)

    def action_evidence(self) -> None:
        if self.checked is not None:
            self.quiz.action_evidence(self.question.id)

    def action_back(self) -> None:
        self.app.pop_screen()
