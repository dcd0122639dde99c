"""A visitor's process: the app, talking to the server that started it. Run as `python -m quiz.web.app`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

MOST_BYTES = 64 << 20
"""Of one file: a visitor cannot fill the disk with a draft. The store goes on in memory then, and says so."""
DECKS = "RNNQUIZ_DECKS"
"""The decks that the server's owner has agreed to, as their store keeps them."""


CONFINED = "RNNQUIZ_CONFINED"
"""Set for visitors who are not the owner."""


def main() -> int:
    """Show the app until its visitor is gone."""
    from quiz.grading import prctl

    prctl.end_with(os.getppid())
    _limit()
    from quiz import decks
    from quiz.app.app import QuizApp
    from quiz.grader_process import Slots
    from quiz.store import Store, data_folder
    from quiz.web import confine

    if os.environ.get(CONFINED):
        slots = os.environ.get(Slots.VARIABLE, "").partition(":")[2]
        agreed = json.loads(os.environ.get(DECKS) or "{}").get("agreed", [])
        confine.confine([data_folder(), *([Path(slots)] if slots else [])], map(Path, agreed))
    with Store() as store:
        offered = os.environ.get(DECKS)
        if offered and store.get(decks.SETTING) != json.loads(offered):
            store.set(decks.SETTING, json.loads(offered))
        app = QuizApp(store)
        app.run()
        return app.return_code or 0


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
