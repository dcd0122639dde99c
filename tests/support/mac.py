"""A program run as on a Mac, as far as Linux can play one: what macOS lacks is taken away, what it has is played.

`darwin(...)` is a preamble for `python -c`. It goes on into every interpreter that is started from there. What plays Seatbelt is
Landlock; what plays the memory of another process is /proc, which the program itself cannot read. What this cannot show: whether
Apple's own calls do what their headers say.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
_PREAMBLE = Path(__file__).with_name("mac_preamble.py")


def preamble(**switches: bool) -> str:
    """Python text. Switches: `seatbelt`, `footprint` (both there unless False), `forks` (False: forked processes break).

    `macos`: False for another system, without any of Apple's calls.
    `old`: Seatbelt does not know every rule. `deadly`: who is locked in by it dies.
    """
    path = str(_PREAMBLE)
    return f"_SWITCHES, _PATH = {switches!r}, {path!r}\nexec(compile(open(_PATH).read(), 'mac', 'exec'))\n"


def run(program: str, *arguments: Any, timeout: float = 60, **switches: bool) -> subprocess.CompletedProcess[str]:
    """`program`, run there."""
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-c", preamble(**switches) + program, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environ,
        timeout=timeout,
    )


def rnnquiz(*arguments: Any, **switches: bool) -> subprocess.CompletedProcess[str]:
    """A command."""
    return run("from quiz.cli import entry\nentry()\n", *arguments, **switches)
