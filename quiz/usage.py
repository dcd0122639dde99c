"""How a command ends: its exit codes, and the one line that says what was wrong with what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from answers.model import Language, Text


class Exit(IntEnum):
    """The contract's exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class UsageError(Exception):
    """Bad input: one line that says what is wrong and what to do."""


def unknown(what: str, name: str, known: Iterable[str], lang: Language) -> str:
    """One line for a name that does not exist, with the nearest that does."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    guess_zh, guess_en = (f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
    what_zh = {"task": "任务", "question": "题目"}[what]
    return Text(
        zh=f"没有名为 {name!r} 的{what_zh}{guess_zh}（rnnquiz list 列出全部）",
        en=f"no {what} {name!r}{guess_en} (rnnquiz list shows all)",
    ).of(lang)
