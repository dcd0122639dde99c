"""What can be searched for: the app's own commands and settings, and everything on the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answers.model import Text
from quiz import search
from quiz.app import settings_words
from quiz.catalogue import message
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
    yield Command(message("command.practise"), message("command.practise_help"), app.action_practise)
    yield Command(message("keys.help"), message("app.help_everywhere"), app.action_help)
    yield Command(message("command.language"), message("keys.language"), app.action_switch_language)
    yield Command(message("command.theme"), message("command.theme_help"), app.action_switch_theme)
    yield Command(message("settings.title"), message("settings.kept"), app.action_settings)
    yield Command(message("statistics.title"), message("statistics.about"), app.action_statistics)
    yield Command(message("interview.title"), message("interview.intro"), app.action_interview)
    yield Command(message("command.undo"), message("command.undo_help"), app.action_undo)
    yield Command(message("tour.title"), message("tour.help"), app.action_tour)
    yield Command(message("keys.quit"), message("command.quit_help"), app.exit)


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
