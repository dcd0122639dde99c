"""`python -m quiz` and the console script `rnnquiz`."""

from __future__ import annotations

import os
import sys


def _look_in_no_folder_of_submissions() -> None:
    """`python -m` looks for modules where it is run first: a submission named `random.py` there would be run, not graded.

    It stays where the program itself is found there, as in its own source tree.
    """
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is looked for there too
    if not sys.flags.safe_path and sys.path and os.path.realpath(sys.path[0]) != os.path.realpath(own):
        del sys.path[0]


if __name__ == "__main__":
    _look_in_no_folder_of_submissions()
    from quiz.cli import entry

    entry()
