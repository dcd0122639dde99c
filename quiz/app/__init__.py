"""The terminal app. Textual is imported below this package only, and only when the app is opened."""

from __future__ import annotations

import os

from answers.model import Language

# How long a change may wait for others before it is painted: Textual's own 60 a second hold back every second paint of a
# key by up to 17 ms. Nothing is painted more often for it than it changes.
os.environ.setdefault("TEXTUAL_FPS", "240")


def run(language: Language | None = None) -> int:
    """Open the app in the terminal, in `language` or the one chosen last, else by locale; the exit status."""
    from quiz.app import app

    return app.run(language)
