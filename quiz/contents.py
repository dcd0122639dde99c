"""The notes' contents as they are shown: section, title, tasks of each question, without failing where one cannot be read.

Loading every question costs more than drawing the first screen, so what that screen needs is remembered beside the
files' sizes and times of change, and read from there as long as no file has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import answers
from answers import catalogue
from answers.model import Text

SETTING = "headings"
_MISSING = [0, 0]
"""The stamp of a file that is not there; a file that does not load is tried again each time."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents. `fault` says why the question cannot be read, where it cannot."""

    id: str
    section: str
    title: Text
    tasks: tuple[str, ...] = ()
    drills: int = 0
    fault: str | None = None


def headings() -> list[Heading]:
    """Every question of the deck that ships, in the notes' order; loads them all."""
    return [heading(question_id) for question_id in catalogue.QUESTIONS]


def remembered(get: Callable[[str], Any], put: Callable[[str, Any], None]) -> list[Heading]:
    """`headings()`, by way of a store's settings where nothing has changed since they were written."""
    stamps = _stamps()
    known = get(SETTING)
    if isinstance(known, dict) and known.get("stamps") == stamps:
        return [
            Heading(id, section, Text(zh=zh, en=en), tuple(tasks), drills, fault)
            for id, section, zh, en, tasks, drills, fault in known["headings"]
        ]
    found = headings()
    if all(heading.fault is None or stamp == _MISSING for heading, stamp in zip(found, stamps, strict=True)):
        rows = [[h.id, h.section, h.title.zh, h.title.en, list(h.tasks), h.drills, h.fault] for h in found]
        put(SETTING, {"stamps": stamps, "headings": rows})
    return found


def _stamps() -> list[list[int]]:
    folder, stamps = Path(answers.__path__[0]), []
    for module in catalogue.QUESTIONS.values():
        try:
            status = (folder / f"{module}.py").stat()
            stamps.append([status.st_mtime_ns, status.st_size])
        except OSError:
            stamps.append(_MISSING)
    return stamps


def heading(question_id: str) -> Heading:
    """One question's line."""
    from answers import deck
    from quiz import shelf

    try:
        question = shelf.question(question_id)
    except deck.DeckError as error:
        return Heading(question_id, "–", Text(zh=question_id, en=question_id), fault=str(error.faults[0]))
    return Heading(question_id, question.section, question.title, question.tasks, len(question.drills))
