"""The parent's side: open a session with a submission, have its functions called on cases, get outcomes.

    with open_session(submission, Limits()) as session:
        outcomes = session.call("lstm_step", cases)

The submission runs in processes that never hold the reference. Each function asked for has a process of its own, so one
that dies, hangs or disturbs its surroundings takes no other with it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import time
from _thread import allocate_lock
from collections.abc import Callable, Collection, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from quiz.grading.messages import Opening
from quiz.grading.outcome import IsolationUnavailable, Kind, Limits, Outcome, require_platform
from quiz.grading.submission import Submission

if TYPE_CHECKING:
    from answers.inputs import Case
    from quiz.grading.process import Isolated
    from quiz.grading.run import Run
    from quiz.grading.server import Server

__all__ = ["IsolationUnavailable", "Kind", "Limits", "Outcome", "Session", "open_session", "start_server"]

_SECRET = ("rnnref", "answers.tasks", "answers.solutions")
_DEFAULT = Limits()
FORKED_AHEAD = 3
"""For more functions than this a fork server is quicker than a process for each, forked before the first is needed."""


class Session:
    """One submission, isolated. `call` as often as needed; `close` ends its processes."""

    def __init__(self, submission: Submission, limits: Limits, server: Server | None, opening: Opening) -> None:
        self._submission = submission
        self._limits = limits
        self._server = server
        self._opening = opening
        self._private = False
        self._runs: dict[str, Run] = {}
        self._forked: list[Isolated] = []
        """Processes that wait to be started."""

    def start(self, function: str) -> None:
        """Have the file loaded for `function` without waiting; `call` does so where it was not done."""
        from quiz.grading import process

        run = self._run(function)
        if self._forked:
            run.start(self._forked.pop(), self._opening.below(os.getpid()))
            return
        server = self._server or shared_server()
        isolated = process.fork_by(server, self._opening.modules)
        run.start(isolated, self._opening.below(isolated.parent))

    def call(
        self,
        function: str,
        cases: Sequence[Case],
        seconds: float | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> Sequence[Outcome]:
        """One outcome per case, in one round trip.

        `seconds` bounds this call; by default what is left of the function's limit. A function whose process has ended
        is started again by the next call, as long as time is left. `meanwhile` is called once the calls are under way.
        """
        left = self._started(function)
        return self._run(function).call(cases, left if seconds is None else min(left, seconds), meanwhile)

    def call_in_parts(
        self, function: str, parts: Iterable[Sequence[Case]], meanwhile: Callable[[], object]
    ) -> Sequence[Outcome]:
        """As `call` on all cases: each part is sent when it is there, and worked on while the next is made."""
        left = self._started(function)
        return self._run(function).call_in_parts(parts, left, meanwhile)

    def _started(self, function: str) -> float:
        """See to it that the function's process runs; the seconds that are left to it."""
        run = self._run(function)
        left = self._limits.seconds - run.used
        if run.process is None and left > 0:
            self.start(function)
        return left

    def afresh(self, function: str) -> None:
        """End the function's process; the next call starts another, with the time that is left."""
        self._run(function).stop()

    def restart(self, function: str) -> None:
        """Forget what was known of the function's process; the next call starts afresh, with all of its time."""
        self._runs.pop(function, self._run(function)).stop()

    def bound(self, function: str) -> tuple[str, ...] | None:
        """Known names that the loaded file had bound; None before `call(function, ...)` or where it did not load."""
        return self._run(function).bound

    def printed(self, function: str) -> str:
        """What the submission has printed so far, up to the limit."""
        return self._run(function).printed

    def seconds(self, function: str) -> float:
        """Wall time since the start of the function's process; 0 before."""
        started = self._run(function).started
        return time.monotonic() - started if started else 0.0

    @property
    def layers(self) -> dict[str, bool]:
        """Which layers of isolation hold the processes of this session; empty before the first call."""
        return next((run.layers for run in self._runs.values() if run.layers), {})

    def close(self) -> None:
        """End every process of the session."""
        for run in self._runs.values():
            run.stop()
        while self._forked:
            self._forked.pop().forget()
        if self._private and self._server is not None:
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, function: str) -> Run:
        run = self._runs.get(function)
        if run is None:
            from quiz.grading.run import Run  # here, as a process that is forked first need not wait for it

            run = self._runs[function] = Run(function, self._submission, self._limits, self._opening.required)
        return run

    def fork_here(self, count: int) -> None:
        """Fork the processes that will be needed, while this one has nothing to hide."""
        from quiz.grading import prctl, process

        prctl.hide_memory()
        for _ in range(count):
            self._forked.append(process.fork_here())

    def _own(self, server: Server) -> None:
        self._server, self._private = server, True


def open_session(
    submission: Submission,
    limits: Limits = _DEFAULT,
    *,
    known: Collection[str] = (),
    server: Server | None = None,
    early: bool = False,
    required: bool = False,
) -> Session:
    """A session with `submission`, which must have no `problem`.

    `known`: names of which `Session.bound` tells whether the file bound them.
    `server`: a warm one (`start_server`) for many submissions; else one is started that later sessions share.
    `early`: this process holds nothing yet that a submission must not see (a command line that has still to import the
    reference): fork from it, the quickest start. Its threads and modules are checked; in doubt a clean one is started.
    `required`: raise `IsolationUnavailable` where a layer of the full set is missing.
    """
    require_platform()
    names = tuple(known) or submission.functions
    opening = Opening(
        submission.path, names, submission.modules, limits.seconds, limits.memory, limits.output, required
    )
    session = Session(submission, limits, server, opening)
    if server is None and early and _holds_no_secret():
        if 0 < len(submission.functions) <= FORKED_AHEAD:
            session.fork_here(len(submission.functions))
        else:
            session._own(start_server(early=True))
    if submission.functions:
        with contextlib.suppress(OSError):  # then `call` tries again, and says what is wrong
            session.start(submission.functions[0])
    return session


def start_server(*, early: bool = False) -> Server:
    """A fork server; `close` it at the end. `early` as in `open_session`."""
    from quiz.grading import server

    return server.start_forked() if early and _holds_no_secret() else server.start_clean()


_shared: list[Server] = []
_sharing = allocate_lock()


def shared_server() -> Server:
    """The server of sessions that were given none; started at the first need, closed at exit."""
    with _sharing:
        if not _shared:
            _shared.append(start_server())
            atexit.register(_shared[0].close)
        return _shared[0]


def _holds_no_secret() -> bool:
    """Whether this process may be forked: one thread, and no reference among its modules."""
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return False
    return threads == 1 and not any(name.startswith(_SECRET) for name in sys.modules)
