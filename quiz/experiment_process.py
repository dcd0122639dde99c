"""Experiments in a process of their own, for the app: keys are answered while they compute, and a stop takes effect at once.

In a thread an experiment would hold the interpreter for most of each millisecond. The process ends with the app, however
that ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from answers.model import Event, Experiment

TICK = 0.05
"""Seconds after which `events` says that there is nothing new, so that it can be closed."""
_HEADER = 4
_BOOT = (
    "import sys; sys.path[:0] = {path!r}; from quiz import experiment_process; experiment_process.main({descriptor})"
)


class ExperimentBrokeError(Exception):
    """The experiment ended with an error; the message is one line."""


def events(question_id: str) -> Iterator[Event | None]:
    """What a question's experiment yields, and None while there is nothing new. Closing it ends the experiment.

    ExperimentBrokeError where it, or its process, comes to a bad end.
    """
    if sys.platform == "win32":  # no socket is handed on there: it computes in the thread that asks
        yield from _in_this_process(question_id)
        return
    ours, theirs = socket.socketpair()
    with ours, _process(theirs):
        ours.sendall(_framed(_place(question_id)))
        ours.settimeout(TICK)
        data = bytearray()
        while True:
            try:
                piece = ours.recv(1 << 16)
            except TimeoutError:
                yield None
                continue
            except ConnectionError:
                piece = b""
            if not piece:
                raise ExperimentBrokeError("its process has ended")
            data += piece
            while (end := _end_of_frame(data)) is not None:
                kind, content = pickle.loads(data[_HEADER:end])  # our own process, which reads nothing from others
                del data[:end]
                match kind:
                    case "event":
                        yield content
                    case "broke":
                        raise ExperimentBrokeError(content)
                    case "end":
                        return


def _in_this_process(question_id: str) -> Iterator[Event]:
    try:
        yield from _experiment(*_place(question_id)).run()
    except Exception as error:  # as `main` does
        raise ExperimentBrokeError(f"{type(error).__name__}: {error}") from None


@contextlib.contextmanager
def _process(theirs: socket.socket) -> Iterator[None]:
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT.format(path=sys.path, descriptor=theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in the terminal is the app's affair
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _place(question_id: str) -> tuple[str, str]:
    """A question as another process finds it: the folder of the deck that was opened here, "" for the notes' own; its id."""
    from quiz import shelf

    deck, _ = shelf.place(question_id)
    return (str(deck.folder) if shelf.MARK in question_id else ""), question_id


def _framed(message: tuple[Any, ...]) -> bytes:
    data = pickle.dumps(message)
    return len(data).to_bytes(_HEADER, "big") + data


def _end_of_frame(data: bytearray) -> int | None:
    """Where the first message in `data` ends, if all of it is there."""
    if len(data) < _HEADER:
        return None
    end = _HEADER + int.from_bytes(data[:_HEADER], "big")
    return end if len(data) >= end else None


# ---------------------------------------------------------------- the process's side


def main(descriptor: int) -> NoReturn:
    """Run the experiment that is asked for and say what it yields."""
    with contextlib.suppress(OSError):
        os.nice(5)  # keys come first, where there is one processor for both
    channel = socket.socket(fileno=descriptor)
    size = int.from_bytes(channel.recv(_HEADER, socket.MSG_WAITALL), "big")
    folder, question_id = pickle.loads(channel.recv(size, socket.MSG_WAITALL))
    threading.Thread(target=_end_with_app, args=(channel,), daemon=True).start()
    try:
        for event in _experiment(folder, question_id).run():
            channel.sendall(_framed(("event", event)))
    except Exception as error:  # deck code: whatever it raises is said on the screen
        channel.sendall(_framed(("broke", f"{type(error).__name__}: {error}")))
    else:
        channel.sendall(_framed(("end", None)))
    os._exit(0)


def _end_with_app(channel: socket.socket) -> NoReturn:
    with contextlib.suppress(OSError):
        channel.recv(1)
    os._exit(0)


def _experiment(folder: str, question_id: str) -> Experiment:
    from quiz import shelf

    if folder and not shelf.knows(question_id):
        from pathlib import Path

        from answers.deck import open_folder

        shelf.open_deck(open_folder(Path(folder), question_id.rpartition(shelf.MARK)[0]))
    return shelf.experiment(question_id)
