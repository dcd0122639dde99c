"""The parent's handles of isolated processes, forked from here or by a server. Each waits for its opening and its code."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from quiz.grading.calls import Batch
    from quiz.grading.server import Server

_SIGKILL = 9
_SET_PIPE_SIZE = 1031
_PIPE_BYTES = 1 << 20


class Isolated:
    """A process and the two pipes to it; ends of the pipes here never block."""

    def __init__(
        self,
        pid: int,
        inward: int,
        outward: int,
        server: Server | None,
        parent: int,
        held: frozenset[int] = frozenset(),
    ) -> None:
        self.pid = pid
        self.parent = parent
        """The process that forked it, and without which it does not live."""
        self.inward = inward
        self.outward = outward
        self.held = held
        """Numbers of the batches whose arguments it was born with."""
        self._server = server

    def hold(self, batch: Batch) -> None:
        """Have later processes born with the arguments of a batch that is asked for again and again."""
        if self._server and batch.number not in self.held:
            self._server.hold(batch)

    def end(self) -> int:
        """Kill it where it still runs, and return the status that `waitpid` gives. ConnectionError: its server is gone."""
        self._close()
        return self._server.end(self.pid, self.parent) if self._server else reap(self.pid)

    def forget(self) -> None:
        """Kill it without asking what became of it."""
        self._close()
        if self._server:
            self._server.forget(self.pid, self.parent)
        else:
            # A child of the command itself, which ends with its reports: to wait until its memory is taken down would
            # only hold them up.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, _SIGKILL)
            os.waitpid(self.pid, os.WNOHANG)

    def _close(self) -> None:
        os.close(self.inward)
        os.close(self.outward)


def fork_here() -> Isolated:
    """A process forked from this one, which must have one thread and nothing to hide."""
    to_child, from_child = _pipe(), _pipe()
    pid = os.fork()
    if pid == 0:
        _live(to_child[0], from_child[1])
    return _ours(pid, to_child, from_child, None, os.getpid())


def fork_by(server: Server, modules: tuple[str, ...]) -> Isolated:
    """A process forked by `server`."""
    to_child, from_child = _pipe(), _pipe()
    try:
        pid, parent, held = server.fork(to_child[0], from_child[1], modules)
    except OSError:
        for end in (*to_child, *from_child):
            os.close(end)
        raise
    return _ours(pid, to_child, from_child, server, parent, held)


def _live(inward: int, outward: int) -> NoReturn:
    try:
        import gc

        from quiz.grading import child  # here, so that the parent need not wait for what it does not use itself

        gc.freeze()  # what was there before the fork is not searched for garbage, and so not copied
        child.live(inward, outward, {}, child.Inside())
    finally:
        os._exit(1)


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    with contextlib.suppress(OSError):  # above the user's share; the pipe is smaller then
        fcntl.fcntl(ends[1], _SET_PIPE_SIZE, _PIPE_BYTES)
    return ends


def _ours(
    pid: int,
    to_child: tuple[int, int],
    from_child: tuple[int, int],
    server: Server | None,
    parent: int,
    held: frozenset[int] = frozenset(),
) -> Isolated:
    os.close(to_child[0])
    os.close(from_child[1])
    os.set_blocking(to_child[1], False)
    os.set_blocking(from_child[0], False)
    return Isolated(pid, from_child[0], to_child[1], server, parent, held)


def reap(pid: int) -> int:
    """Kill a child (a dead one stays as it died) and return its status."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, _SIGKILL)
    return os.waitpid(pid, 0)[1]
