"""What `rnnquiz list` shows: the notes' contents with the learner's state beside each question and task."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from answers.model import Language, Question, Text
from quiz.catalogue import message
from quiz.session import MARKS

UNTRIED = "untried"
STATES = {
    UNTRIED: message("state.untried"),
    "learning": message("state.learning"),
    "known": message("state.known"),
    "due": message("state.due"),
    "passed": message("state.passed"),
    "failed": message("state.failed"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its state and those of its tasks."""

    id: str
    section: str
    title: Text
    state: str
    tasks: tuple[tuple[str, str], ...]
    """Task id and state."""


def entries(
    questions: Iterable[Question], question_states: Mapping[str, str], task_states: Mapping[str, str]
) -> list[Entry]:
    """Every question in its order; what is not in the states is untried."""
    return [
        Entry(
            q.id,
            q.section,
            q.title,
            question_states.get(q.id, UNTRIED),
            tuple((t, task_states.get(t, UNTRIED)) for t in q.tasks),
        )
        for q in questions
    ]


def render(listed: list[Entry], language: Language) -> str:
    """A line a question, an indented line a task; the states stand in one column."""
    rows: list[tuple[str, str]] = []
    for e in listed:
        rows.append((f"{MARKS[e.state]} {e.section}  {e.id:18} {e.title.of(language)}", e.state))
        rows += [(f"      {MARKS[state]} {task}", state) for task, state in e.tasks]
    width = max((_cells(words) for words, _ in rows), default=0)
    return "\n".join(f"{padded(words, width)}  {STATES[state].of(language)}" for words, state in rows)


def padded(words: str, width: int) -> str:
    """The words filled up with blanks to so many cells of a terminal."""
    return words + " " * (width - _cells(words))


def _cells(words: str) -> int:
    """How many columns of a terminal the words take: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def to_json(listed: list[Entry], language: Language) -> dict[str, Any]:
    """Plain values for `--json`."""
    return {
        "questions": [
            {
                "id": e.id,
                "section": e.section,
                "title": e.title.of(language),
                "state": e.state,
                "tasks": [t for t, _ in e.tasks],
            }
            for e in listed
        ],
        "tasks": [{"id": t, "question": e.id, "state": state} for e in listed for t, state in e.tasks],
    }
