"""An interview as it goes on in the app: written down at every step, and led from screen to screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers.deck import DeckError
from quiz import settings
from quiz.app.widgets.editor import DraftArea
from quiz.catalogue import message
from quiz.interview import asking, grades, sitting
from quiz.interview.claim import Claim
from quiz.interview.sitting import Answer, Exchange, Interview
from quiz.schedule import Grade

if TYPE_CHECKING:
    from textual.screen import Screen

    from answers.model import Language, Question
    from quiz.app.app import QuizApp

SAVE_EVERY = 5_000
"""Milliseconds of counted time that a killed program loses at most."""


class Sitting:
    """Holds the interview; once it is open every change of it is kept in the store before the next screen opens."""

    def __init__(self, app: QuizApp, interview: Interview) -> None:
        self.app = app
        self.interview = interview
        self.is_open = False
        self._claim: Claim | None = None
        self._next: tuple[object, Screen[None]] | None = None
        self._saved_at = 0
        self._own_language: Language = app.language

    # ------------------------------------------------------------ keeping

    def save(self) -> None:
        """Write the interview down."""
        self._saved_at = self.app.store.clock()
        self.app.store.save_interview(self.interview.uid, sitting.to_json(self.interview))

    def count(self) -> None:
        """Count the time, each second."""
        now = self.app.store.clock()
        self.interview = sitting.count(self.interview, now)
        if now - self._saved_at >= SAVE_EVERY:
            self.save()

    def _set(self, interview: Interview) -> None:
        self.interview = interview
        self.save()

    def _counted(self) -> Interview:
        return sitting.count(self.interview, self.app.store.clock())

    # ------------------------------------------------------------ what the learner does

    def say(self, question: Question, text: str) -> Exchange | None:
        """An answer in words was given; what is asked about it, if anything is."""
        interview = sitting.say(self._counted(), text)
        asked_next = None if interview.time_is_up else asking.next_question(question, interview.item)
        self._set(sitting.ask(interview, asked_next) if asked_next is not None else interview)
        return asked_next

    def hint(self) -> None:
        """A hint was read."""
        self._set(sitting.hint(self._counted()))

    def answer_drill(self, answer: Answer, right: bool) -> None:
        """A drill was answered."""
        self._set(sitting.answer_drill(self._counted(), answer, right))

    def grade_code(self, source: str, verdict: str, score: float, diagnosis: str | None, at: int) -> None:
        """Code was graded; `at`: the item whose code it was."""
        self._set(sitting.grade_code(self._counted(), source, verdict, score, diagnosis, at))

    def take_back_pass(self, at: int) -> None:
        """The search after a pass has refuted it."""
        self._set(sitting.take_back_pass(self.interview, at))

    def keep_code(self, source: str) -> None:
        """Code was left without being graded."""
        self._set(sitting.keep_code(self._counted(), source))

    def keep_words(self, text: str) -> None:
        """Words were left without being given as an answer."""
        if text.strip():
            self._set(sitting.say(self._counted(), text))

    def go_on(self, *, passed: bool = False) -> None:
        """The present item is done: log what it means, ask the next."""
        at = self.interview.at
        self._set(sitting.go_on(self._counted(), passed=passed))
        self._log(at)
        self.follow()

    def end(self) -> None:
        """Nothing more is asked."""
        at = self.interview.at
        self._set(sitting.look_over(self._counted()))
        self._log(at)
        self.follow()

    def tick(self, named: frozenset[str], grade: Grade) -> None:
        """An answer was looked over; `grade` is what the learner says it was worth."""
        at = self.interview.at
        self._set(sitting.tick(self.interview, named))
        self._log(at, grade)

    # ------------------------------------------------------------ the schedule

    def _log(self, at: int, grade: Grade | None = None) -> None:
        """Log the review of an item, once: a card's words wait for the debrief."""
        item = self.interview.items[at]
        if grade is None:
            grade = grades.grade(item) if item.card.kind != "recall" else None
        if grade is None or item.graded:
            return
        store = self.app.store
        store.add_review_once(
            f"{self.interview.uid}/{at}",
            item.card.key,
            grade,
            retention=settings.RETENTION.of(store.get),
            seconds=min(item.seconds, 3600),
        )
        self._set(sitting.graded(self.interview, at))

    # ------------------------------------------------------------ from screen to screen

    def open(self, claim: Claim | None = None) -> None:
        """Begin, or go on where it was left, in the interview's own language. `claim`: released when it is left."""
        self.is_open = True
        self._claim = claim
        self.interview = sitting.start_clock(self.interview, self.app.store.clock())
        self._own_language = self.app.language
        self.save()
        self._speak()
        screen = self.screen()
        for area in screen.query(DraftArea):
            area.look_again()
        self.app.push_screen(screen)

    def follow(self) -> None:
        """The next screen in place of this one."""
        self.app.switch_screen(self.screen())

    def screen(self) -> Screen[None]:
        """The screen for where the interview stands; what the deck no longer has is passed over."""
        while True:
            try:
                return self._built() or self._screen(self.interview)
            except (KeyError, DeckError, StopIteration):
                self.app.say(message("interview.gone"), warning=True)
                if self.interview.phase == "asking":
                    self._set(sitting.go_on(self._counted(), passed=True))
                else:
                    self._set(sitting.tick(self.interview, frozenset()))

    def _screen(self, interview: Interview) -> Screen[None]:
        if interview.phase == "over":
            from quiz.app.screens.interview_report import ReportScreen

            return ReportScreen(interview, self)
        if interview.phase == "debrief":
            from quiz.app.screens.interview_debrief import DebriefScreen

            return DebriefScreen(self, interview.at, interview.item)
        match interview.item.card.kind:
            case "recall":
                from quiz.app.screens.interview_talk import TalkScreen

                return TalkScreen(self, interview.at)
            case "drill":
                from quiz.app.screens.interview_drill import InterviewDrillScreen

                return InterviewDrillScreen(self, interview.at)
        from quiz.app.screens.interview_code import InterviewCodeScreen

        return InterviewCodeScreen(self, interview.at)

    # ------------------------------------------------------------ the next screen, built while this one is looked at

    async def build_first(self) -> bool:
        """Build the screen that `open` will show; whether it was still to be built."""
        return await self._build(self.interview)

    async def build_next(self) -> bool:
        """Build the screen that follows this one; whether it was still to be built."""
        return await self._build(self._expected())

    async def _build(self, expected: Interview) -> bool:
        if expected.phase == "over" or (self._next is not None and self._next[0] == self._shown_by(expected)):
            return False
        self.drop_next()
        try:
            screen = self._screen(expected)
        except (KeyError, DeckError, StopIteration):
            return False  # it is said when it is asked
        shown = self._shown_by(expected)
        await self.app.spares.stand_up(screen)
        self._next = shown, screen
        return True

    def _expected(self) -> Interview:
        """The interview once the present item is done."""
        if self.interview.phase == "asking":
            return sitting.go_on(self.interview)
        return sitting.tick(self.interview, frozenset()) if self.interview.phase == "debrief" else self.interview

    def _shown_by(self, interview: Interview) -> object:
        """All that a screen built for `interview` shows from the start."""
        item = interview.item
        said = (item.answer, item.exchanges, item.hints) if interview.phase == "debrief" else None
        return interview.phase, interview.at, said, self.app.language, self.app.theme, self.app.size

    def _built(self) -> Screen[None] | None:
        """The screen that was built for where the interview stands now."""
        if self._next is None or self._next[0] != self._shown_by(self.interview):
            return None
        screen = self._next[1]
        self.drop_next()
        return screen

    def drop_next(self) -> None:
        """What was built ahead is not needed."""
        if self._next is not None:
            self.app.spares.take_down_later(self._next[1])
            self._next = None

    def leave(self) -> None:
        """Back to where interviews are chosen; the clock stands still."""
        self.stop()
        self.app.pop_screen()
        self.app.language = self._own_language

    def stop(self) -> None:
        """The interview is left, or the app ends while it is open."""
        if not self.is_open:
            return
        self._set(sitting.stop_clock(self.interview, self.app.store.clock()))
        self.drop_next()
        if self._claim is not None:
            self._claim.release()

    def _speak(self) -> None:
        """Switch to the interview's language; what the app starts with stays the learner's own choice."""
        self.app.language = self.interview.setup.language
        self.app.store.set("language", self._own_language)
