"""Every event of the app on one page. Workers post them, handlers paint.

DecksFound · DaysCounted · TickChanged · GradeChosen · DrillAnswered ·
GradingMoved* → GradingFinished | GradingStopped | GradingBroke · SavedOutside* → OutsideEnded ·
ExperimentMoved* → ExperimentEnded
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.message import Message

from quiz.schedule import Grade

if TYPE_CHECKING:
    from answers.model import Event
    from quiz.app.shelves import Part
    from quiz.drills import Checked
    from quiz.grading.report import Report


class DecksFound(Message):
    """The other decks were looked for, and those that may be were opened."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        super().__init__()
        self.parts = parts


class DaysCounted(Message):
    """The log was counted by day: local day (an ordinal) to the number of reviews on it."""

    def __init__(self, days: Mapping[int, int]) -> None:
        super().__init__()
        self.days = days


class GradeChosen(Message):
    """The learner has graded a card."""

    def __init__(self, grade: Grade) -> None:
        super().__init__()
        self.grade = grade


class DrillAnswered(Message):
    """A drill's answer was checked."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self.checked = checked


class GradingFinished(Message):
    """The grader has judged the code that was in the editor when grading began."""

    def __init__(self, report: Report, source: str, log: bool = True, job: int = 0) -> None:
        super().__init__()
        self.job = job
        self.report = report
        self.source = source
        self.log = log
        """Whether it is a new attempt; False where the same code is only reported on in another language."""


class GradingMoved(Message):
    """The grader says what it is doing and how far it is, in 0 .. 1."""

    def __init__(self, doing: str, fraction: float, job: int = 0) -> None:
        super().__init__()
        self.job = job
        self.doing = doing
        self.fraction = fraction


class GradingBroke(Message):
    """The grader itself could not work; `reason` in one line."""

    def __init__(self, reason: str, job: int = 0) -> None:
        super().__init__()
        self.job = job
        self.reason = reason


class GradingStopped(Message):
    """The learner has stopped a grading."""

    def __init__(self, job: int = 0) -> None:
        super().__init__()
        self.job = job


class SavedOutside(Message):
    """The code was saved in an editor with a window of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class OutsideEnded(Message):
    """That editor has let go of the file, or was told to."""


class ExperimentMoved(Message):
    """A running experiment has yielded something."""

    def __init__(self, event: Event, run: int) -> None:
        super().__init__()
        self.event = event
        self.run = run


class ExperimentEnded(Message):
    """An experiment is over: by itself, stopped, or broken off with an error."""

    def __init__(self, run: int, stopped: bool = False, error: str | None = None) -> None:
        super().__init__()
        self.run = run
        self.stopped = stopped
        self.error = error


class TickChanged(Message):
    """A key point was ticked or unticked."""
