"""The terminal app. Textual is imported below this package only, and only when the app is opened."""

from __future__ import annotations

from answers.model import Language


def run(language: Language | None = None) -> int:
    """Open the app in the terminal, in `language` or the one chosen last, else by locale; the exit status."""
    from quiz.app import app

    return app.run(language)
