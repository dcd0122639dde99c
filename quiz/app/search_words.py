"""Messages of the search that depend on what was found."""

from __future__ import annotations

from answers.model import Text
from quiz.catalogue import message

KINDS = {
    "command": message("search.kind.command"),
    "question": message("search.kind.question"),
    "task": message("search.kind.task"),
    "setting": message("search.kind.setting"),
    "evidence": message("search.kind.evidence"),
    "drill": message("search.kind.drill"),
    "point": message("search.kind.point"),
    "note": message("search.kind.note"),
    "misconception": message("search.kind.misconception"),
}


def count(shown: int, limit: int) -> Text:
    """How much was found."""
    more = "+" if shown >= limit else ""
    return message("search.found", shown=shown, more=more)
