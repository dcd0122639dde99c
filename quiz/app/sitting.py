"""An interview as it goes on in the app: written down at every step, and led from screen to screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers.deck import DeckError
from quiz import settings
from quiz.app import interview_words as words
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
    """Holds the interview; every change of it is kept in the store before the next screen opens."""

    def __init__(self, app: QuizApp, interview: Interview, claim: Claim | None = None) -> None:
        self.app = app
        self._claim = claim
        self.interview = sitting.start_clock(interview, app.store.clock())
        self._saved_at = 0
        self._own_language: Language = app.language
        self.save()

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

    def open(self) -> None:
        """Begin, or go on where it was left, in the interview's own language."""
        self._speak()
        self.app.push_screen(self.screen())

    def follow(self) -> None:
        """The next screen in place of this one."""
        self.app.switch_screen(self.screen())

    def screen(self) -> Screen[None]:
        """The screen for where the interview stands; what the deck no longer has is passed over."""
        while True:
            try:
                return self._screen()
            except (KeyError, DeckError, StopIteration):
                self.app.say(words.GONE, warning=True)
                if self.interview.phase == "asking":
                    self._set(sitting.go_on(self._counted(), passed=True))
                else:
                    self._set(sitting.tick(self.interview, frozenset()))

    def _screen(self) -> Screen[None]:
        if self.interview.phase == "over":
            from quiz.app.screens.interview_report import ReportScreen

            return ReportScreen(self.interview, self)
        if self.interview.phase == "debrief":
            from quiz.app.screens.interview_debrief import DebriefScreen

            return DebriefScreen(self)
        match self.interview.item.card.kind:
            case "recall":
                from quiz.app.screens.interview_talk import TalkScreen

                return TalkScreen(self)
            case "drill":
                from quiz.app.screens.interview_drill import InterviewDrillScreen

                return InterviewDrillScreen(self)
        from quiz.app.screens.interview_code import InterviewCodeScreen

        return InterviewCodeScreen(self)

    def leave(self) -> None:
        """Back to where interviews are chosen; the clock stands still."""
        self.stop()
        self.app.pop_screen()
        self.app.language = self._own_language

    def stop(self) -> None:
        """The interview is left, or the app ends while it is open."""
        self._set(sitting.stop_clock(self.interview, self.app.store.clock()))
        if self._claim is not None:
            self._claim.release()

    def _speak(self) -> None:
        """Switch to the interview's language; what the app starts with stays the learner's own choice."""
        self.app.language = self.interview.setup.language
        self.app.store.set("language", self._own_language)
