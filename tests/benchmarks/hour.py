"""What the app's memory is along an hour of use: the real program in a pseudo-terminal, at a learner's pace, on every screen.

Round after round over another question of the deck each: asked and graded, drilled, its code written and graded, its
experiment run, statistics, help, both languages, search, settings with the themes, a mock interview to its report. A line a
minute says what the app itself holds (RSS: all its pages; PSS: of a page that n processes share an nth) and what it holds with
its processes, the grader and the experiment that runs (PSS). The goal is for the app's RSS. On an installed copy:

    python tests/benchmarks/hour.py
    python tests/benchmarks/hour.py --minutes 10 --hurry 4
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from driven import KEYS, Driven, Figures, MissingError
from keys import JOURNEYS, fill, move_to

from answers import catalogue

GOAL = 150.0


class OverError(Exception):
    """The time is up."""


class Watch:
    """Writes a line a minute, at the next key, and ends the session when its time is over."""

    def __init__(self, minutes: float, hurry: float) -> None:
        self.end, self.hurry = minutes * 60, hurry
        self.began = time.monotonic()
        self.next = 0.0
        self.rounds = 0
        self.missing = 0
        self.most = 0.0
        self.draw = random.Random(1)
        self.app: Driven | None = None

    def pace(self, kind: str) -> float:
        """Seconds before a key: some five a second while typing, and a while to read before any other."""
        self.note()
        typed = kind.endswith(("type", "new line", "undo", "move"))
        return (self.draw.uniform(0.1, 0.35) if typed else self.draw.uniform(0.5, 6.0)) / self.hurry

    def note(self) -> None:
        """A line where a minute has passed."""
        spent = time.monotonic() - self.began
        if self.app is None or spent < self.next:
            return
        self.next += 60.0
        own = self.app.memory()
        self.most = max(self.most, own)
        keys = sum(map(len, self.app.figures.shown.values()))
        print(
            f"{spent / 60:7.1f} {self.rounds:6} {keys:6} {own:8.1f} {self.app.memory_proportional():8.1f} "
            f"{self.app.memory_of_all():19.1f}",
            flush=True,
        )
        if spent >= self.end:
            raise OverError


def hour(base: Path, size: tuple[int, int], watch: Watch) -> None:
    """The session."""
    with Driven(base, size, Figures(), watch.pace) as app:
        app.rest(1.0)
        watch.app = app
        print(
            f"{'minutes':>7} {'rounds':>6} {'keys':>6} {'RSS MB':>8} {'PSS MB':>8} {'with its processes':>19}",
            flush=True,
        )
        questions = tuple(catalogue.QUESTIONS)
        while True:
            question = questions[watch.rounds % len(questions)]
            move_to(app, question)
            journeys: list[Callable[[Driven, str, str], None]] = list(JOURNEYS.values())
            for journey in journeys:
                try:
                    journey(app, "first" if watch.rounds % 2 else "again", question)
                except MissingError as error:
                    watch.missing += 1
                    print(f"{question}, {journey.__name__}: {str(error)[:200]!r}", flush=True)
                    back_to_contents(app, question)
            watch.rounds += 1


def back_to_contents(app: Driven, question: str) -> None:
    """From wherever the learner is."""
    for _ in range(8):
        os.write(app.descriptor, KEYS["escape"].encode())
        app.look(0.5)
    move_to(app, question)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument(
        "--hurry", type=float, default=1.0, help="how many times faster than a learner keys are pressed"
    )
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--reviews", type=int, default=0)
    args = parser.parse_args()
    columns, rows = map(int, args.size.split("x"))
    watch = Watch(args.minutes, args.hurry)
    with tempfile.TemporaryDirectory() as parent:
        base = Path(parent) / "store"
        fill(base, args.reviews)
        try:
            hour(base, (columns, rows), watch)
        except OverError:
            missing = f"; {watch.missing} times something did not appear" if watch.missing else ""
            print(f"at most {watch.most:.1f} MB, goal below {GOAL:.0f} MB{missing}")


if __name__ == "__main__":
    main()
