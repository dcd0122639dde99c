"""What an item of an interview means for the schedule of its card."""

from __future__ import annotations

from quiz import session
from quiz.interview.sitting import Item
from quiz.schedule import Grade


def grade(item: Item, points: int = 0) -> Grade | None:
    """The grade that fits; None for what was not reached. `points`: how many key points the question has."""
    if item.state == "waiting":
        return None
    match item.card.kind:
        case "recall":
            return session.suggested(len(item.ticked or ()), points, item.hints)
        case "drill":
            return session.grade_of_drill(item.right is True)
    return session.grade_of_code(item.verdict == "pass", item.failures, item.hints)
