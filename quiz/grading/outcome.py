"""What a submission may use, and what became of a call into it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from answers.record import Record
from quiz.catalogue import message

if TYPE_CHECKING:
    from answers.model import Text

Kind = Literal["value", "raised", "timeout", "memory", "forbidden", "died", "malformed"]


class Limits(Record):
    """What one function of a submission may use."""

    seconds: float = 10.0
    """Wall time per function, from the start of its process; all calls together."""
    memory: int = 1 << 30
    """Bytes on top of what Python and NumPy hold."""
    output: int = 1 << 16
    """Bytes of what it prints that are kept; the rest is dropped."""


class Outcome(Record):
    """What became of one call."""

    kind: Kind
    """`value`: it returned. `raised`: an exception. `died`: ended its process. `malformed`: what came is no answer."""
    value: Any = None
    """Read-only arrays (NumPy scalars are 0-d), numbers, strings, tuples, lists, None; `codec.Foreign` for the rest."""
    error: str = ""
    """Class and message of an exception. `forbidden`: `files: open`; files, network, processes, native or system. `timeout`:
    the limit, `10 s`. `died`: a signal's name, `status 3`, or what ended it. The same in every language."""
    line: int | None = None
    """Line of the file, where known."""
    mutated: tuple[int, ...] = ()
    """Indexes of positional arguments that the call changed."""
    overwritten: bool = False
    """A later call of the same request changed this result."""
    warnings: tuple[str, ...] = ()
    """Category and message of what was warned about, under NumPy's default error state."""
    loading: bool = False
    """It happened while the file was loaded: every case of the request has this same outcome."""


_WITHOUT_FORK = ("win32", "emscripten", "wasi")


def missing_platform() -> Text | None:
    """Why no submission is run on this system; None where they are."""
    if sys.platform not in _WITHOUT_FORK:
        return None
    return message("grade.missing_platform")


def reduced_isolation() -> Text | None:
    """What has to be said where submissions are run without the full isolation, as everywhere but on Linux."""
    here: str = sys.platform  # a type checker that runs on one system must not think the other branch dead
    if here in ("linux", *_WITHOUT_FORK):
        return None
    return message("grade.reduced_isolation")


def require_platform() -> None:
    """Raise where submissions cannot be isolated, before anything is imported that such a system lacks."""
    missing = missing_platform()
    if missing is not None:
        raise IsolationUnavailable(missing.en)


LACKS = "this system lacks layers of the isolation: "
"""How the message of `IsolationUnavailable` begins where layers are missing; their names follow."""


class IsolationUnavailable(RuntimeError):  # noqa: N818 - it says what is the case
    """The isolation that was asked for is not to be had here."""
