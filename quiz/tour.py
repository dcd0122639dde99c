"""The first minute: a real question answered, revealed, ticked, graded, drilled and coded.

Pure: where the learner is goes in, what comes next goes out. The three cards hang together: the line that is said in
words is typed as a formula and then written as code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from quiz.session import Card

SETTING = "toured"
"""Kept once the tour was begun: it never comes by itself again."""
QUESTION = "lstm-flow"
CARDS = (
    Card("recall", QUESTION),
    Card("drill", QUESTION, "flow-cell-state"),
    Card("code", QUESTION, "lstm-cell-state"),
)


class Step(IntEnum):
    """What the learner is asked to do, in this order."""

    OPEN = 1
    ANSWER = 2
    TICK = 3
    GRADE = 4
    DRILL = 5
    ONWARDS = 6
    CODE = 7
    FINISH = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where the learner is: the card on screen (None: the contents), and what has been done with it."""

    card: Card | None
    revealed: bool = False
    ticked: bool = False
    answered: bool = False
    """The drill was checked, or the code graded."""
    passed: bool = False


def step(place: Place, begun: bool) -> Step | None:
    """What comes next; None where the tour is over: its cards are done, or the learner went elsewhere."""
    card = place.card
    if card is None:
        return None if begun else Step.OPEN
    if card not in CARDS:
        return None
    if card.kind == "recall":
        if not place.revealed:
            return Step.ANSWER
        return Step.GRADE if place.ticked else Step.TICK
    if card.kind == "drill":
        return Step.ONWARDS if place.answered else Step.DRILL
    return Step.FINISH if place.passed else Step.CODE
