"""Loads in a thread, behind the first screen, what the next ones import, so that they open at once."""

from __future__ import annotations

import importlib

from answers import catalogue
from quiz import schedule

FIRST = ("question", "code", "drill")
"""The screens that are opened first."""
LATER = (
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


def load_first() -> None:
    """Import the screens that are opened first, and what a task stands on."""
    for name in FIRST:
        importlib.import_module(f"quiz.app.screens.{name}")
    from quiz.app.widgets import highlighting

    highlighting.python()
    importlib.import_module("numpy")


def load() -> None:
    """Import all screens, FSRS and the deck's questions. A question that does not load is said where it is opened."""
    load_first()
    for name in LATER:
        importlib.import_module(f"quiz.app.screens.{name}")
    schedule.warm()
    from textual.highlight import highlight

    from answers import deck

    highlight("def f(x): return x", language="python")  # its lexer is compiled when it is first used
    importlib.import_module("rnnref")
    importlib.import_module("numpy.random")  # NumPy loads it when it is first used: when a formula is checked

    for question_id in catalogue.QUESTIONS:
        try:
            deck.load_question(question_id)
        except deck.DeckError:
            continue
