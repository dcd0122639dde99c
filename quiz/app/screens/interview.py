"""Where an interview is chosen, gone on with, or looked at again."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from answers.model import Language
from quiz import parts
from quiz.app import interview_words as words
from quiz.app.base import Key, Page, Phrase
from quiz.app.sitting import Sitting
from quiz.app.widgets.interview_form import InterviewForm
from quiz.app.words import BACK, CHOOSE, OPEN
from quiz.interview import drawing, sitting
from quiz.interview.claim import Claim
from quiz.interview.kept import kept
from quiz.interview.sitting import Interview, Item, Setup

if TYPE_CHECKING:
    from quiz.interview.drawing import Candidate

SETTING = "interview"
"""What was chosen last: minutes and parts."""
MOST_SHOWN = 20
"""Interviews in the list; `rnnquiz interview` has them all."""


class PoolFound(Message):
    """Everything that can be asked was read."""

    def __init__(self, pool: list[Candidate]) -> None:
        super().__init__()
        self.pool = pool


class InterviewScreen(Page):
    """The form; what it would ask is drawn anew at each change, and that very draw is what is asked."""

    CSS_PATH = "../styles/interview.tcss"
    HELP_TEXT = words.HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.pool: list[Candidate] | None = None
        self.items: tuple[Item, ...] = ()
        self.seed = 0
        self.start_when_read = False

    def begin(self) -> None:
        """Offer an interview like the last one."""
        self.seed = self.quiz.random.getrandbits(32)
        self.now()

    def compose_page(self) -> ComposeResult:
        with VerticalScroll(id="choose", can_focus=False):
            yield Phrase(words.INTRO, id="intro", classes="muted")
            yield InterviewForm()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(InterviewForm).focus()

    def fill(self) -> None:
        self.query_one(InterviewForm).begin(self._last_setup(), *self._kept())
        self.call_after_refresh(self.run_worker, self._read, thread=True, name="questions")

    def _last_setup(self) -> Setup:
        kept = self.quiz.store.get(SETTING)
        kept = kept if isinstance(kept, dict) else {}
        minutes, chosen = kept.get("minutes", 30), kept.get("parts")
        known = [part.id for part in parts.every()]
        mine = tuple(id for id in known if isinstance(chosen, list) and id in chosen)
        if type(minutes) is not int or not sitting.FEWEST_MINUTES <= minutes <= sitting.MOST_MINUTES:
            minutes = 30
        return Setup(minutes, mine or tuple(part.id for part in parts.NOTES), self.lang)

    def _kept(self) -> tuple[list[Interview], list[Interview]]:
        return kept(self.quiz.store.interviews(MOST_SHOWN))

    def _read(self) -> None:
        """In a thread: read the questions that can be asked."""
        self.post_message(PoolFound(drawing.candidates(part.id for part in parts.every())))

    @on(PoolFound)
    def use_pool(self, message: PoolFound) -> None:
        """Draw for the first time."""
        self.pool = message.pool
        self.draw()
        if self.start_when_read:
            self._start()

    @on(InterviewForm.Changed)
    def draw(self) -> None:
        """Draw what would be asked, and say how much it is."""
        form = self.query_one(InterviewForm)
        if self.pool is None:
            return
        setup, store = form.setup, self.quiz.store
        mine = [c for c in self.pool if c.section in setup.parts]
        self.items = drawing.draw(setup, mine, store.standings(), store.clock(), Random(self.seed))
        counts = Counter(item.card.kind for item in self.items)
        seconds = sum(item.budget for item in self.items)
        form.say(words.preview(counts, seconds, setup.minutes) if self.items else words.NO_PARTS)

    def on_screen_resume(self) -> None:
        if self.pool is not None:  # back from an interview or a report
            self.seed = self.quiz.random.getrandbits(32)
            self.query_one(InterviewForm).show_again(*self._kept())
            self.draw()
            self.refresh_keys()

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return Content.styled(words.INTERVIEW.of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        form = self.query_one(InterviewForm)
        own = {
            "resume": (Key("enter", words.RESUME, "screen.choose"),),
            "past": (Key("enter", OPEN, "screen.choose"),),
            "part": (Key("space", words.TICK, "screen.tick"), Key("enter", words.START, "screen.choose")),
            "start": (Key("enter", words.START, "screen.choose"),),
        }
        change = (Key("← →", words.CHANGE, ""), Key("enter", words.START, "screen.choose"))
        return (Key("↑ ↓", CHOOSE, ""), *own.get(form.line.kind, change), Key("esc", BACK, "screen.back"))

    @on(InterviewForm.Moved)
    def show_keys(self) -> None:
        """The keys of the line under the cursor."""
        self.refresh_keys()

    # ------------------------------------------------------------ what keys do

    def action_choose(self) -> None:
        self.query_one(InterviewForm).action_choose()

    def action_tick(self) -> None:
        self.query_one(InterviewForm).action_tick()

    @on(InterviewForm.Chosen)
    def choose(self, event: InterviewForm.Chosen) -> None:
        """Begin, go on, or look at a report."""
        if event.interview is None:
            self._start()
        elif event.interview.phase == "over":
            from quiz.app.screens.interview_report import ReportScreen

            self.app.push_screen(ReportScreen(event.interview))
        else:
            self._go_on(event.interview.uid)

    def _go_on(self, uid: str) -> None:
        """Go on where the interview stands by now, which another program may have changed; not while that one is at it."""
        claim = Claim(self.quiz.store.folder, uid)
        if not claim.take():
            self.quiz.say(words.GOING_ON_ELSEWHERE, warning=True)
            return
        unfinished, past = self._kept()
        interview = next((interview for interview in unfinished if interview.uid == uid), None)
        if interview is None:
            claim.release()
            self.query_one(InterviewForm).show_again(unfinished, past)
        else:
            Sitting(self.quiz, interview, claim).open()

    def _start(self) -> None:
        setup, store = self.query_one(InterviewForm).setup, self.quiz.store
        if not setup.parts:
            self.quiz.say(words.NO_PARTS, warning=True)
        elif self.pool is None:
            self.start_when_read = True
        elif not self.items:
            self.quiz.say(words.NOTHING_TO_ASK, warning=True)
        else:
            store.set(SETTING, {"minutes": setup.minutes, "parts": list(setup.parts)})
            begun = sitting.begin(uuid4().hex, setup, self.items, store.clock())
            claim = Claim(store.folder, begun.uid)
            claim.take()
            Sitting(self.quiz, begun, claim).open()

    def action_back(self) -> None:
        self.app.pop_screen()
