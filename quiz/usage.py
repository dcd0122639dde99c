"""How a command ends: its exit codes, and the one line that says what was wrong with what it was given."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from enum import IntEnum
from typing import Literal

from answers.model import Language, Text
from quiz.catalogue import listed, message


class Exit(IntEnum):
    """The contract's exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class UsageError(Exception):
    """Bad input: one line that says what is wrong and what to do."""


_REASONS = {
    errno.ENOENT: message("reason.not_there"),
    errno.EACCES: message("reason.no_permission"),
    errno.EPERM: message("reason.not_permitted"),
    errno.EEXIST: message("reason.exists"),
    errno.EISDIR: message("reason.folder"),
    errno.ENOTDIR: message("reason.no_folder"),
    errno.EROFS: message("reason.read_only"),
    errno.ENOSPC: message("reason.no_space"),
    errno.ENAMETOOLONG: message("reason.long_name"),
    errno.EADDRINUSE: message("reason.address_in_use"),
    errno.EADDRNOTAVAIL: message("reason.no_such_address"),
}
"""What is met most; of anything else the system's own words are said."""


def reason(error: BaseException, lang: Language) -> str:
    """What an error says is wrong; in Chinese for what is met most of what the system says."""
    if not isinstance(error, OSError):
        return str(error)
    known = _REASONS.get(error.errno or 0)
    return known.of(lang) if known is not None else error.strerror or str(error)


def reasons(error: BaseException) -> Text:
    """`reason` in both languages."""
    return Text(zh=reason(error, "zh"), en=reason(error, "en"))


def elsewhere(path: object, error: OSError, lang: Language, option: str = "") -> UsageError:
    """For a file that cannot be written: why, and that another place is to be chosen (with `option`)."""
    why = reason(error, lang)
    if option:
        return UsageError(message("usage.elsewhere_with", path=path, reason=why, option=option).of(lang))
    return UsageError(message("usage.elsewhere", path=path, reason=why).of(lang))


def unknown(what: Literal["task", "question"], name: str, known: Iterable[str], lang: Language) -> str:
    """One line for a name that does not exist, with what may be meant: a question for its task or the reverse, the nearest."""
    import difflib

    from answers import catalogue

    if what == "question" and name in catalogue.TASKS:
        return message("usage.task_for_question", name=name, question=catalogue.TASKS[name].question).of(lang)
    if what == "task" and name in catalogue.QUESTIONS:
        tasks = [task.id for task in catalogue.TASKS.values() if task.question == name]
        if tasks:
            return message("usage.question_for_task", name=name, tasks=listed(tasks)).of(lang)
    near = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.5)
    guess = message("usage.did_you_mean", name=near[0]) if near else ""
    if what == "task":
        return message("usage.unknown_task", name=name, guess=guess).of(lang)
    return message("usage.unknown_question", name=name, guess=guess).of(lang)
