"""Loads in a thread, behind the first screen, what the next ones import, so that they open at once."""

from __future__ import annotations

import importlib
from threading import Event

from answers import catalogue
from quiz import schedule

SCREENS = (
    "question",
    "drill",
    "code",
    "evidence",
    "help",
    "settings",
    "statistics",
    "search",
    "interview",
    "interview_talk",
    "interview_drill",
    "interview_code",
    "interview_debrief",
    "interview_report",
)
_done = Event()


def done() -> bool:
    """Whether everything is loaded."""
    return _done.is_set()


def load() -> None:
    """Import the other screens, FSRS and the deck's questions. A question that does not load is said where it is opened."""
    for name in SCREENS:
        importlib.import_module(f"quiz.app.screens.{name}")
    schedule.warm()
    from answers import deck
    from quiz.app.widgets import highlighting

    highlighting.python()
    from textual.highlight import highlight

    highlight("def f(x): return x", language="python")  # its lexer is compiled when it is first used
    importlib.import_module("rnnref")
    importlib.import_module("numpy.random")  # NumPy loads it when it is first used: when a formula is checked

    for question_id in catalogue.QUESTIONS:
        try:
            deck.load_question(question_id)
        except deck.DeckError:
            continue
    _done.set()
