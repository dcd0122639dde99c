"""A visitor's process: the app, talking to the server that started it. Run as `python -m quiz.web.app`."""

from __future__ import annotations

import json
import os
import resource
import sys

MOST_BYTES = 64 << 20
"""Of one file: a visitor cannot fill the disk with a draft. The store goes on in memory then, and says so."""
DECKS = "RNNQUIZ_DECKS"
"""The decks that the server's owner has agreed to, as their store keeps them."""


def main() -> int:
    """Show the app until its visitor is gone."""
    from quiz.grading import locks

    locks.end_with(os.getppid())
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from quiz import decks
    from quiz.app.app import QuizApp
    from quiz.store import Store

    with Store() as store:
        offered = os.environ.get(DECKS)
        if offered and store.get(decks.SETTING) != json.loads(offered):
            store.set(decks.SETTING, json.loads(offered))
        app = QuizApp(store)
        app.run()
        return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
