"""The command palette: every question, task and drill-set by name, and the app's own commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from answers.model import Text
from quiz import contents, shelf
from quiz.app import interview_words, statistics_words, words
from quiz.session import Card

if TYPE_CHECKING:
    from quiz.app.app import QuizApp


def commands(app: QuizApp) -> Iterator[SystemCommand]:
    """Everything that can be gone to, in the app's language."""
    say = app.language

    def entry(title: str, help_text: Text, action: object) -> SystemCommand:
        assert callable(action)
        return SystemCommand(title, help_text.of(say), action)

    yield entry(words.HELP.of(say), words.HELP, app.action_help)
    yield entry(words.LANGUAGE.of(say), words.LANGUAGE, app.action_switch_language)
    yield entry(words.THEME.of(say), words.THEME_HELP, app.action_switch_theme)
    yield entry(statistics_words.STATISTICS.of(say), statistics_words.STATISTICS, app.action_statistics)
    yield entry(interview_words.INTERVIEW.of(say), interview_words.INTRO, app.action_interview)
    yield entry(words.QUIT.of(say), words.QUIT, app.exit)
    for heading in map(contents.heading, shelf.question_ids()):
        if heading.fault is None:
            name = f"{heading.section} {heading.title.of(say)} ({heading.id})"
            recall, drills = Card("recall", heading.id), Card("drill", heading.id)
            yield entry(name, words.RECALL, lambda card=recall: app.open_card(card))
            yield entry(f"{words.DRILLS.of(say)}: {name}", words.DRILLS, lambda card=drills: app.open_card(card))
    for task in shelf.task_cards():
        code = Card("code", task.question, task.id)
        yield entry(f"{words.CODE.of(say)}: {task.id}", words.CODE, lambda card=code: app.open_card(card))
