"""Where an interview is chosen, gone on with, or looked at again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import ScreenSuspend
from textual.message import Message

from answers.model import Language
from quiz import parts
from quiz.app import interview_words as words
from quiz.app.base import Key, Page, Phrase
from quiz.app.sitting import Sitting
from quiz.app.widgets.interview_form import InterviewForm
from quiz.catalogue import message
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
    HELP_TEXT = message("interview.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.pool: list[Candidate] | None = None
        self.items: tuple[Item, ...] = ()
        self.seed = 0
        self.uid = ""
        """Of the interview that is begun here next."""
        self.start_when_read = False
        self._ahead: Sitting | None = None
        """What Enter opens, its first screen built."""

    def begin(self) -> None:
        """Offer an interview like the last one."""
        self._renew()
        self.now()

    def _renew(self) -> None:
        """What is begun here next is another interview."""
        self.seed = self.quiz.random.getrandbits(32)
        self.uid = uuid4().hex

    def compose_page(self) -> ComposeResult:
        with VerticalScroll(id="choose", can_focus=False):
            yield Phrase(message("interview.intro"), id="intro", classes="muted")
            yield InterviewForm()

    def on_mount(self) -> None:
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
        form.say(words.preview(counts, seconds, setup.minutes) if self.items else message("interview.no_parts"))

    def on_screen_resume(self) -> None:
        if self.pool is not None:  # back from an interview or a report
            self._renew()
            self.query_one(InterviewForm).show_again(*self._kept())
            self.draw()
            self.refresh_keys()

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return Content.styled(message("interview.title").of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        form = self.query_one(InterviewForm)
        own = {
            "resume": (Key("enter", message("interview.resume"), "screen.choose"),),
            "past": (Key("enter", message("keys.open"), "screen.choose"),),
            "part": (
                Key("space", message("keys.tick"), "screen.tick"),
                Key("enter", message("interview.start"), "screen.choose"),
            ),
            "start": (Key("enter", message("interview.start"), "screen.choose"),),
        }
        change = (
            Key("← →", message("keys.change"), ""),
            Key("enter", message("interview.start"), "screen.choose"),
        )
        return (
            Key("↑ ↓", message("keys.choose"), ""),
            *own.get(form.line.kind, change),
            Key("esc", message("keys.back"), "screen.back"),
        )

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
            self.quiz.say(message("interview.going_on_elsewhere"), warning=True)
            return
        unfinished, past = self._kept()
        interview = next((interview for interview in unfinished if interview.uid == uid), None)
        if interview is None:
            claim.release()
            self.query_one(InterviewForm).show_again(unfinished, past)
        else:
            self._sitting(interview).open(claim)

    def _start(self) -> None:
        setup, store = self.query_one(InterviewForm).setup, self.quiz.store
        if not setup.parts:
            self.quiz.say(message("interview.no_parts"), warning=True)
        elif self.pool is None:
            self.start_when_read = True
        elif not self.items:
            self.quiz.say(message("interview.nothing_to_ask"), warning=True)
        else:
            store.set(SETTING, {"minutes": setup.minutes, "parts": list(setup.parts)})
            claim = Claim(store.folder, self.uid)
            claim.take()
            self._sitting(self._begun(setup)).open(claim)

    # ------------------------------------------------------------ what is asked first, built while the form is looked at

    def _begun(self, setup: Setup) -> Interview:
        return sitting.begin(self.uid, setup, self.items, self.quiz.store.clock())

    def _sitting(self, interview: Interview) -> Sitting:
        """A sitting for this interview: the one that was made ahead, where it asks the same."""
        ahead, self._ahead = self._ahead, None
        if ahead is None or not self._same(ahead.interview, interview):
            if ahead is not None:
                ahead.drop_next()
            return Sitting(self.quiz, interview)
        ahead.interview = interview
        return ahead

    def _same(self, made: Interview, wanted: Interview) -> bool:
        """Whether they differ at most in when an interview that is still to begin began."""
        return made == (replace(wanted, began=made.began, counted=made.counted) if wanted.uid == self.uid else wanted)

    def _wanted(self) -> Interview | None:
        """The interview that Enter would open now, if it speaks the language that is shown."""
        form = self.query_one(InterviewForm)
        if form.line.kind == "past":
            return None
        if form.line.kind == "resume":
            wanted = form.unfinished[form.line.index]
        elif self.items and form.setup.parts:
            wanted = self._begun(form.setup)
        else:
            return None
        return wanted if wanted.setup.language == self.lang else None

    async def build_next(self) -> bool:
        wanted = self._wanted()
        if wanted is None:
            return False
        if self._ahead is None or not self._same(self._ahead.interview, wanted):
            self.drop_ahead()
            self._ahead = Sitting(self.quiz, wanted)
        ahead = self._ahead
        built = await ahead.build_first()
        if ahead is not self._ahead and not ahead.is_open:
            ahead.drop_next()  # a key came meanwhile, and it was not Enter
        return built

    @on(ScreenSuspend)
    def drop_ahead(self) -> None:
        """It is not Enter on this form that comes next."""
        if self._ahead is not None:
            self._ahead.drop_next()
            self._ahead = None

    def action_back(self) -> None:
        self.app.pop_screen()
