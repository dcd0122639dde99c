"""`python -m quiz` and the console script `rnnquiz`."""

from __future__ import annotations

import sys

from quiz.cli import main

if __name__ == "__main__":
    sys.exit(main())
