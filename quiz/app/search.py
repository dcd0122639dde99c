"""What can be searched for: the app's own commands and settings, and everything on the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answers.model import Text
from quiz import search
from quiz.app import interview_words, settings_words, statistics_words, tour_words, words
from quiz.search import Entry, Found

if TYPE_CHECKING:
    from quiz.app.app import QuizApp


@dataclass(frozen=True, slots=True)
class Command:
    """Something the app does, by what it is called."""

    title: Text
    help: Text
    action: Callable[[], object]


def commands(app: QuizApp) -> Iterator[Command]:
    """What can be done on every screen."""
    yield Command(words.PRACTISE_TODAY, words.PRACTISE_HELP, app.action_practise)
    yield Command(words.HELP, words.HELP_EVERYWHERE, app.action_help)
    yield Command(words.SWITCH_LANGUAGE, words.LANGUAGE, app.action_switch_language)
    yield Command(words.THEME, words.THEME_HELP, app.action_switch_theme)
    yield Command(settings_words.TITLE, settings_words.KEPT, app.action_settings)
    yield Command(statistics_words.STATISTICS, statistics_words.STATISTICS_HELP, app.action_statistics)
    yield Command(interview_words.INTERVIEW, interview_words.INTRO, app.action_interview)
    yield Command(words.UNDO, words.UNDO_HELP, app.action_undo)
    yield Command(tour_words.TOUR, tour_words.TOUR_HELP, app.action_tour)
    yield Command(words.QUIT, words.QUIT_HELP, app.exit)


def own_entries(found: list[Command]) -> list[Entry]:
    """The commands, by their place in the list, and the settings."""
    entries = [Entry("command", c.title, c.help, name=str(k)) for k, c in enumerate(found)]
    return entries + search.setting_entries(settings_words.NAMES, settings_words.ABOUT)


def go(app: QuizApp, found: list[Command], hit: Found) -> None:
    """Go to what was found."""
    entry = hit.entry
    match entry.kind:
        case "command":
            found[int(entry.name)].action()
        case "setting":
            app.action_settings(entry.name)
        case "evidence":
            app.action_evidence(entry.name)
        case _:
            assert entry.card is not None
            app.open_card(entry.card)
