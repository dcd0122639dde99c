"""A grader in a process of its own, for the app: whatever it computes, keys are answered, and a grading can be stopped.

`GraderProcess` is used as `quiz.grading.Grader` is. Behind it a Python process holds the reference and a fork server; the
submissions run in that server's isolated processes, as always. Asked to stop, the process breaks off where it next says how
far it is, and is killed where it does not say so (a submission that never ends); the next grading starts another.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from quiz import visitor

if TYPE_CHECKING:
    from answers.model import Language, Task
    from quiz.grading.outcome import Limits
    from quiz.grading.report import Report

PATIENCE = 0.3
"""Seconds that a process has to break off before it is killed."""
_HEADER = 4
_BOOT = "import sys; sys.path[:0] = {path!r}; from quiz import grader_process; grader_process.main({descriptor})"


class Stopped(Exception):  # noqa: N818 - it was asked for
    """The grading was stopped before there was a verdict."""


class GradingFailed(RuntimeError):  # noqa: N818 - it says what is the case
    """The grader itself could not work; the message is one line."""


# ---------------------------------------------------------------- the app's side


class GraderProcess:
    """Grades one submission at a time. `grade` blocks its thread; `stop` may be called from any other."""

    def __init__(self, slots: Slots | None = None) -> None:
        self._slots = slots if slots is not None else Slots.from_environment()
        self._busy = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._stop = threading.Event()
        self._closed = False

    def __enter__(self) -> GraderProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Have the process up before the first grading asks for it."""
        with self._busy:
            self._started()

    def warm(self, source: str, task: str | Task) -> None:
        """Have the process, which is up, grade `source` for itself: what that loads and works out the first verdict need not."""
        with self._busy, contextlib.suppress(OSError):
            if self._channel is not None:
                request = {"source": source, "task": _named(task), "thorough": False, "language": "en", "limits": None}
                _send(self._channel, ("warm", request))

    def close(self) -> None:
        """End the process and everything that it started."""
        self._closed = True
        self._stop.set()
        self._end()

    def stop(self) -> None:
        """Stop the grading that goes on, if one does; its `grade` raises `Stopped`."""
        self._stop.set()

    def grade(
        self,
        source: str,
        task: str | Task,
        *,
        thorough: bool = False,
        language: Language = "en",
        limits: Limits | None = None,
        progress: Callable[[str, float], None] = lambda _doing, _fraction: None,
    ) -> Report:
        """The report on one task. `Stopped` after `stop`; `GradingFailed` where the grader could not work."""
        request = {
            "source": source,
            "task": _named(task),
            "thorough": thorough,
            "language": language,
            "limits": _allowed(limits),
        }
        with self._busy:
            self._stop.clear()
            if self._closed:
                raise Stopped
            # A search takes its time: one slot is kept for those who wait for their first verdict.
            with self._slots.taken(self._stop, lambda: progress("wait", 0.0), spare=int(thorough)) as has_slot:
                if not has_slot:
                    raise Stopped
                return self._graded(request, progress)

    def _graded(self, request: dict[str, Any], progress: Callable[[str, float], None]) -> Report:
        for attempt in (0, 1):
            channel = self._started()
            try:
                _send(channel, ("grade", request))
                return self._answer(channel, progress)
            except (OSError, EOFError) as error:
                self._end()
                if self._stop.is_set():
                    raise Stopped from None
                if (
                    attempt
                ):  # a process may have been killed between two gradings; one that was just started is another matter
                    raise GradingFailed(f"the grader's process ended: {error}") from None
        raise AssertionError

    def _answer(self, channel: socket.socket, progress: Callable[[str, float], None]) -> Report:
        asked_to_stop = 0.0
        while True:
            if self._stop.is_set():
                if not asked_to_stop:
                    asked_to_stop = time.monotonic()
                    _send(channel, ("stop",))
                elif time.monotonic() - asked_to_stop > PATIENCE:
                    raise EOFError
            message = _receive(channel, 0.05)
            match message:
                case None:
                    continue
                case ("progress", doing, fraction):
                    progress(doing, fraction)
                case ("report", report):
                    return report  # type: ignore[no-any-return]
                case ("stopped",):
                    raise Stopped
                case ("failed", reason):
                    raise GradingFailed(reason)

    def _started(self) -> socket.socket:
        if self._channel is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._process, self._channel = _start()
        return self._channel

    def _end(self) -> None:
        channel, process = self._channel, self._process
        self._channel = self._process = None
        if channel is not None:
            channel.close()
        if process is not None:
            process.kill()  # its fork server ends with it, and the isolated processes with that
            process.wait()


def _allowed(limits: Limits | None) -> Limits | None:
    """A visitor may ask for less than the usual limits, not for more: it is not their machine."""
    if limits is None or not visitor.is_visitor():
        return limits
    from quiz.grading.outcome import Limits

    usual = Limits()
    return Limits(
        min(limits.seconds, usual.seconds), min(limits.memory, usual.memory), min(limits.output, usual.output)
    )


def _named(task: str | Task) -> str | tuple[str, str]:
    """A task as another process finds it: an id, or the folder of a deck that was opened here and the id there."""
    if isinstance(task, str):
        return task
    from quiz import shelf

    deck, own = shelf.place(task.id)
    return str(deck.folder), f"{deck.name}{shelf.MARK}{own}"


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    import numpy as np

    import answers

    project = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    folders = [project, os.path.dirname(os.path.dirname(os.path.abspath(answers.__file__)))]  # noqa: PTH100, PTH120
    folders.append(os.path.dirname(os.path.dirname(os.path.abspath(np.__file__))))  # noqa: PTH100, PTH120
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _BOOT.format(path=folders, descriptor=theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C in the terminal is the app's affair
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    theirs.close()
    return process, ours


# ---------------------------------------------------------------- how many grade at once


class Slots:
    """At most so many gradings at a time over all processes that share a folder: a lock on one of its files each."""

    VARIABLE = "RNNQUIZ_GRADERS"

    def __init__(self, folder: str = "", count: int = 0) -> None:
        self._folder, self._count = folder, count

    @classmethod
    def from_environment(cls) -> Slots:
        """As `RNNQUIZ_GRADERS=count:folder` says; without it there is no limit."""
        count, _, folder = os.environ.get(cls.VARIABLE, "").partition(":")
        return cls(folder, int(count)) if folder and count.isdigit() else cls()

    @contextlib.contextmanager
    def taken(self, stop: threading.Event, waiting: Callable[[], None], spare: int = 0) -> Iterator[bool]:
        """Hold a slot; False where `stop` came first. The kernel gives a dead holder's slot back.

        `spare`: leave so many for others, where there are more.
        """
        if not self._count:
            yield True
            return
        held, told = None, False
        while held is None and not stop.is_set():
            held = self._free(min(spare, self._count - 1))
            if held is None:
                if not told:
                    waiting()
                    told = True
                stop.wait(0.05)
        try:
            yield held is not None
        finally:
            if held is not None:
                os.close(held)

    def _free(self, spare: int) -> int | None:
        import fcntl

        for k in range(spare, self._count):
            descriptor = os.open(os.path.join(self._folder, f"slot-{k}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)  # noqa: PTH118
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
            else:
                return descriptor
        return None


# ---------------------------------------------------------------- messages


def _send(channel: socket.socket, message: tuple[Any, ...]) -> None:
    data = pickle.dumps(message)
    channel.sendall(len(data).to_bytes(_HEADER, "big") + data)


def _receive(channel: socket.socket, seconds: float | None) -> tuple[Any, ...] | None:
    """The next message; None where none has begun to come within `seconds`. EOFError where the other end is gone.

    Only our own process is at the other end: nothing that a submission wrote is ever unpickled, but what its grader has
    already read as plain values.
    """
    channel.settimeout(seconds)
    try:
        first = channel.recv(1)
    except TimeoutError:
        return None
    channel.settimeout(None)
    size = int.from_bytes(first + _exactly(channel, _HEADER - len(first)), "big") if first else 0
    message: tuple[Any, ...] = pickle.loads(_exactly(channel, size) if first else _gone())
    return message


def _exactly(channel: socket.socket, count: int) -> bytes:
    pieces = []
    while count:
        piece = channel.recv(count)
        if not piece:
            _gone()
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _gone() -> NoReturn:
    raise EOFError("the other end is gone")


# ---------------------------------------------------------------- the process's side


class _Stop(BaseException):
    """Thrown into a grading; no handler of ordinary errors may swallow it."""


def main(descriptor: int) -> NoReturn:
    """Grade what is asked for until the app is gone."""
    import queue

    channel = socket.socket(fileno=descriptor)
    requests: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
    stop = threading.Event()

    def listen() -> None:
        try:
            while True:
                message = _receive(channel, None)
                if message == ("stop",):
                    stop.set()
                elif message is not None:
                    requests.put(message)
        finally:
            os._exit(0)  # the app is gone: its submissions end with our fork server

    from quiz.grading import Grader

    with Grader() as grader:
        # Started after the fork server, which wants to be forked from a process with one thread.
        threading.Thread(target=listen, daemon=True).start()
        while True:
            kind, request = requests.get()
            stop.clear()
            if kind == "grade":
                _send(channel, _done(grader, request, partial(_send, channel), stop))
            elif requests.empty():  # else somebody waits already
                _done(grader, request, lambda _: None, stop)


def _done(
    grader: Any, request: dict[str, Any], tell: Callable[[tuple[Any, ...]], None], stop: threading.Event
) -> tuple[Any, ...]:
    told = ("", -1.0)

    def progress(doing: str, fraction: float) -> None:
        nonlocal told
        if stop.is_set():
            raise _Stop
        if doing != told[0] or abs(fraction - told[1]) >= 0.01:
            told = doing, fraction
            tell(("progress", doing, fraction))

    try:
        task = request["task"]
        found = task if isinstance(task, str) else _other_task(*task)
        report = grader.grade(
            request["source"],
            found,
            thorough=request["thorough"],
            language=request["language"],
            limits=request["limits"],
            progress=progress,
        )
    except _Stop:
        return ("stopped",)
    except Exception as error:  # whatever it meets, the learner reads it and the app goes on
        return "failed", f"{type(error).__name__}: {error}"
    return "report", report


def _other_task(folder: str, name: str) -> Task:
    """The task of another deck, which the learner has agreed to run."""
    from pathlib import Path

    from answers.deck import open_folder
    from quiz import shelf

    if shelf.task_card(name) is None:
        shelf.open_deck(open_folder(Path(folder), name.rpartition(shelf.MARK)[0]))
    return shelf.task(name)
