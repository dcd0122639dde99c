"""The terminal app. Textual is imported below this package only, and only when the app is opened."""

from __future__ import annotations

import gc
import os

from answers.model import Language

# How long a change may wait for others before it is painted: Textual's own 60 a second hold back every second paint of a
# key by up to 17 ms. Nothing is painted more often for it than it changes.
os.environ.setdefault("TEXTUAL_FPS", "240")


def run(language: Language | None = None) -> int:
    """Open the app in the terminal, in `language` or the one chosen last, else by locale; the exit status."""
    # Nearly all that is made until the first screen stands is there to stay; looking it through for garbage again and again
    # takes a tenth of that time. The app goes back to collecting once the screen is painted.
    gc.disable()
    try:
        from quiz.app import app

        return app.run(language)
    finally:
        gc.enable()
