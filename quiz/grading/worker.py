"""One process of a batch: pinned to a processor, with a fork server of its own, it grades what it is handed.

It is forked before anything loaded the reference, forks its server in turn and loads the reference only then. What it
reads of a submission is never in a process from which another submission's is forked.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import signal
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from answers.model import Text
from quiz.catalogue import message
from quiz.grading import files, grader, prctl
from quiz.grading.grader import Options, Preparation
from quiz.grading.outcome import IsolationUnavailable
from quiz.grading.report import Check, Report

if TYPE_CHECKING:
    from quiz.grading.server import Server
    from quiz.grading.submission import Submission


class Work(NamedTuple):
    """One file to grade; `known` is the key under which its reports are at hand already, or empty."""

    turn: int
    file: str
    known: str = ""


class Done(NamedTuple):
    """What came of one file. `reports` is a pickled tuple, small while it waits for its turn; None: `known` still holds."""

    turn: int
    file: str
    key: str
    packed: bytes | None

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, in the file's order."""
        loaded: tuple[Report, ...] = pickle.loads(self.packed or b"")
        return loaded


def sendable(options: Options) -> dict[str, Any]:
    """The options as plain values for another process, which makes `Options(**values)` of them."""
    return {name: value for name, value in options.__dict__.items() if name != "progress"}


def settings(options: Options, seed_matters: bool) -> str:
    """Everything of the options that decides what a report says."""
    seed = options.seed if seed_matters else None
    chosen = (options.task, options.thorough, options.language, options.hints, options.limits, options.required, seed)
    return repr(chosen)


def live(connection: Connection, cpu: int | None, parent: int, early: bool) -> NoReturn:
    """Serve until the other end is gone. The first message holds the options and their `settings`."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal that is closed is the command's affair too
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        prctl.die_with(parent)
        if cpu is not None:
            _pin(cpu)
        _serve(connection, early)
    except (EOFError, OSError):
        pass  # the batch has ended, or was killed
    finally:
        os._exit(0)


def _pin(cpu: int) -> None:
    """Waking a process on another processor costs more than the calls of a case."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {cpu})


def _serve(connection: Connection, early: bool) -> None:
    from quiz.grading.runner import start_server

    try:
        server = start_server(early=early)
    except IsolationUnavailable as error:
        connection.send(error)
        return
    values, marks = connection.recv()
    options, preparation = Options(**values), Preparation()
    while True:
        try:
            connection.send(grade(Work(*connection.recv()), options, marks, preparation, server))
        except Exception as error:
            if not ends_the_run(error):
                raise
            connection.send(error)
            return


def grade(
    work: Work, options: Options, marks: str, preparation: Preparation, server: Server | None
) -> tuple[int, str, str, bytes | None]:
    """A `Done`, as plain values, for one file; whatever goes wrong with it is in its report."""
    submission = grader.read(files.Named(work.file))
    key = key_of(submission, marks)
    if key and key == work.known:
        return Done(work.turn, work.file, key, None)
    return Done(work.turn, work.file, key, pickle.dumps(reports_on(submission, options, preparation, server)))


def key_of(submission: Submission, marks: str) -> str:
    """What a report depends on, the content and the options, as a hash; empty for a file that could not be read."""
    if not submission.source and submission.problem is not None:
        return ""
    return hashlib.sha256(marks.encode() + b"\0" + submission.source).hexdigest()


def reports_on(
    submission: Submission, options: Options, preparation: Preparation, server: Server | None
) -> tuple[Report, ...]:
    """All reports on one file. A failure of the grader itself is an `error`, as it must not end the batch.

    IsolationUnavailable or DeckError where no file can be graded.
    """
    try:
        return tuple(grader.reports(submission, options, preparation, server))
    except Exception as error:
        if ends_the_run(error):
            raise
        text = message("submission.grader_broke", kind=type(error).__name__, error=error)
        return (broken(submission.file, options, text),)


def ends_the_run(error: Exception) -> bool:
    """Whether it is no file's fault, and would be said of every file: the isolation is missing, or the deck is broken."""
    from answers.deck import DeckError

    return isinstance(error, IsolationUnavailable | DeckError)


def broken(file: str, options: Options, text: Text) -> Report:
    """The report where none could be made."""
    return Report(file, options.task, "error", checks=(Check("runs", False, text.of(options.language)),))
