"""What the coach says at each step of the tour, on the learner's own screen."""

from __future__ import annotations

from quiz.catalogue import message
from quiz.tour import Step

LINES = {
    Step.OPEN: message("tour.step.open"),
    Step.ANSWER: message("tour.step.answer"),
    Step.TICK: message("tour.step.tick"),
    Step.GRADE: message("tour.step.grade"),
    Step.DRILL: message("tour.step.drill"),
    Step.ONWARDS: message("tour.step.onwards"),
    Step.CODE: message("tour.step.code"),
    Step.FINISH: message("tour.step.finish"),
}
