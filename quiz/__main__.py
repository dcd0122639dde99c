"""`python -m quiz` and the console script `rnnquiz`."""

from __future__ import annotations

from quiz.cli import entry

if __name__ == "__main__":
    entry()
