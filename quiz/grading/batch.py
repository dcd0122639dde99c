"""Many submissions: worker processes that are handed one file after another, results in completion order or in the given one.

The process that runs a `Pool` never loads the reference and never reads a submission, so that it can fork workers. Queues are
bounded: a worker holds one file, and nobody works further ahead of the oldest unfinished file than `WINDOW`.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType, TracebackType
from typing import Any, Self

from answers.model import Text
from quiz.catalogue import message
from quiz.grading import worker
from quiz.grading.grader import Options
from quiz.grading.prctl import LINUX
from quiz.grading.worker import Done, Work

WINDOW = 4096
"""Results that may wait, packed, for an older one: at the time limit of 10 s more than a processor grades meanwhile."""
TRIES = 2
"""A file that ends this many workers is an `error`."""
STILLBORN = 3
"""Workers in a row that end before their first file: then something is wrong with the machine, not with a file."""


class CannotRunError(Exception):
    """Something that the run needs is not to be had: one line on what, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Stop:
    """Turns the first Ctrl+C (a polite kill, a terminal that is closed) into a wish that is honoured between two results.

    A second Ctrl+C interrupts at once.
    """

    def __init__(self) -> None:
        self._ear, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._before: dict[int, Any] = {}
        self.asked = False

    def fileno(self) -> int:
        """Readable once it is asked for."""
        return self._ear.fileno()

    def ask(self, number: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        """As the signal does."""
        self.asked = True
        with contextlib.suppress(OSError):
            self._mouth.send(b".")
        if number in self._before:
            signal.signal(number, self._before[number])

    def __enter__(self) -> Self:
        for number in _STOPPING:
            with contextlib.suppress(ValueError):  # only the main thread hears signals
                if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
                    self._before[number] = signal.signal(number, self.ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ear.close()
        self._mouth.close()


class _Hand:
    """A worker process and what it is at."""

    def __init__(self, connection: Connection, pid: int, place: int) -> None:
        self.connection = connection
        self.place = place
        self.pid = pid
        self.work: Work | None = None
        self.has_served = False


class Pool:
    """Worker processes, each with a fork server, pinned to the processors in turn.

    Create it before the process has loaded the reference; later ones start clean servers, which takes longer.
    """

    def __init__(self, jobs: int, options: Options, marks: str = "", stop: Stop | None = None) -> None:
        self._options = options
        self._opening = (worker.sendable(options), marks)
        self._stop = stop
        self._hands: dict[Connection, _Hand] = {}
        self._stillborn = 0
        self._cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") and jobs > 1 else []
        self._jobs = jobs
        for place in range(jobs):
            self._start(place, early=True)

    @property
    def busy(self) -> dict[int, int]:
        """Process id to the index of the file that it is at."""
        return {hand.pid: hand.work.turn for hand in self._hands.values() if hand.work is not None}

    def results(self, works: Iterable[Work], tick: Callable[[], None] = lambda: None) -> Iterator[Done]:
        """What came of each, as they get done; ends early where a stop is asked for. `tick` is called now and then."""
        waiting, again = iter(works), deque[Work]()
        open_, tries = set[int](), dict[int, int]()
        more: Work | None = next(waiting, None)
        while not (self._stop and self._stop.asked):
            for hand in self._hands.values():
                if hand.work is not None:
                    continue
                if again:
                    self._hand_out(hand, again.popleft())
                elif more is not None and more.turn < min(open_, default=more.turn) + WINDOW:
                    open_.add(more.turn)
                    self._hand_out(hand, more)
                    more = next(waiting, None)
            if not open_ and more is None:
                return
            for hand, heard in self._heard():
                if isinstance(heard, Exception):
                    raise heard
                work, hand.work = hand.work, None
                if heard is not None:
                    done = Done(*heard)
                else:
                    self._replace(hand)
                    if work is None:
                        continue
                    tries[work.turn] = tries.get(work.turn, 0) + 1
                    if tries[work.turn] < TRIES:
                        again.append(work)
                        continue
                    done = self._lost(work)
                open_.discard(done.turn)
                yield done
            tick()

    def _heard(self) -> list[tuple[_Hand, Any]]:
        """Messages of workers; None stands for the end of one."""
        heard = []
        sources: list[Any] = [*self._hands, *([self._stop] if self._stop else [])]
        for source in wait(sources, 0.25):
            if not isinstance(source, Connection):
                continue
            try:
                heard.append((self._hands[source], source.recv()))
            except (EOFError, OSError, pickle.UnpicklingError):
                heard.append((self._hands[source], None))
        return heard

    def _hand_out(self, hand: _Hand, work: Work) -> None:
        hand.work = work
        hand.has_served = True
        with contextlib.suppress(OSError):  # it is dead: its end is heard next
            hand.connection.send(tuple(work))

    def _lost(self, work: Work) -> Done:
        text = message("grade.lost", tries=TRIES)
        packed = pickle.dumps((worker.broken(work.file, self._options, text),))
        return Done(work.turn, work.file, "", packed)

    def _replace(self, hand: _Hand) -> None:
        del self._hands[hand.connection]
        _end(hand)
        self._stillborn = 0 if hand.has_served else self._stillborn + 1
        if self._stillborn >= STILLBORN:
            raise CannotRunError(message("grade.stillborn"))
        self._start(hand.place, early=False)

    def _start(self, place: int, early: bool) -> None:
        ours, theirs = Pipe()
        if not LINUX:
            from quiz.grading import spawn

            self._greet(_Hand(ours, spawn.worker(theirs), place), theirs)
            return
        cpu = self._cpus[place % len(self._cpus)] if self._cpus else None
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                for connection in (ours, *self._hands):
                    connection.close()
                worker.live(theirs, cpu, parent, early)
            finally:
                os._exit(1)
        self._greet(_Hand(ours, pid, place), theirs)

    def _greet(self, hand: _Hand, theirs: Connection) -> None:
        theirs.close()
        self._hands[hand.connection] = hand
        with contextlib.suppress(OSError):
            hand.connection.send(self._opening)

    def close(self) -> None:
        """End the workers at once; with them end their servers and whatever these forked."""
        for hand in self._hands.values():
            _end(hand)
        self._hands.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _end(hand: _Hand) -> None:
    hand.connection.close()
    with contextlib.suppress(ProcessLookupError):
        os.kill(hand.pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(hand.pid, 0)


class InOrder:
    """Gives results back in the order of their index, whatever order they come in."""

    def __init__(self) -> None:
        self._next = 0
        self._early: dict[int, Done] = {}

    def take(self, done: Done) -> Iterator[Done]:
        """Everything whose turn it is now."""
        self._early[done.turn] = done
        while self._next in self._early:
            yield self._early.pop(self._next)
            self._next += 1

    def rest(self) -> Iterator[Done]:
        """What is left after an interruption, in order, with gaps."""
        for index in sorted(self._early):
            yield self._early.pop(index)
