"""The fork server: a process that has imported NumPy alone and forks one isolated process per request.

It sees no source, no expected result and no reference. Arguments that are asked for again and again it holds, so that
processes are born with them: they are the same for every submission, and no secret. `main` is its life; `Server` is the
parent's handle of it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, Self

from quiz.grading import calls, child, control, imports, locks
from quiz.grading.calls import Asked
from quiz.grading.prctl import LINUX
from quiz.grading.process import reap

if not LINUX:
    from quiz.grading import seatbelt, spawn

if TYPE_CHECKING:
    from quiz.grading.calls import Batch

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMEXPR")
}
"""An isolated process can start no threads; BLAS must not have tried."""
_KILLED = "the fork server was killed"
_LAST_WORDS = "the fork server ended: "
"""How the message of a server begins that ends with an error."""
_TRIES = 4
_LONGEST_ANSWER = 1 << 12
_PATIENCE = 60.0
"""A server that does not answer for so many seconds is as good as dead."""
HELD = 64
"""Batches of calls that a server holds: each task of the deck, for one seed or two."""
_BOOT = "import sys; sys.path[:0] = {path!r}; from quiz.grading import server; server.main({descriptor})"


# ---------------------------------------------------------------- inside


def main(descriptor: int) -> NoReturn:
    """Serve requests that come over the socket until its other end is gone."""
    with contextlib.suppress(KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        channel = socket.socket(fileno=descriptor)
        try:
            _prepare_and_serve(channel)
        except Exception as error:  # its standard error goes nowhere
            with contextlib.suppress(OSError):
                control.send(channel, f"{_LAST_WORDS}{type(error).__name__}: {error}".encode())
    os._exit(0)


def _prepare_and_serve(channel: socket.socket) -> None:
    imports.ahead("numpy.random")
    # Called in each process after its fork. There is one thread and there will be no other, so nothing is to be mended.
    threading._after_fork.__code__ = _nothing.__code__  # type: ignore[attr-defined]
    path = sys.path[:]
    locks.guard_server()
    _warm_up()
    imports.hide()
    inside = child.Inside()
    inside.take_streams()
    gc.collect()
    _serve(channel, inside, path if _must_spawn() else ())


def _warm_up() -> None:
    """Call what submissions mostly call: NumPy looks for the loop of a function and a dtype once, and forks know it then."""
    import numpy as np

    for dtype in (np.float64, np.float32):
        for rows in (1, 2, 3):
            x, W, b = (np.ones(shape, dtype) for shape in ((rows, 4), (4, 4), (4,)))
            a = x @ W + b - x
            e = np.exp(-np.abs(a))
            gate, _ = np.split(np.where(a > 0, 1 / (1 + e), e / (1 + e)), 2, axis=-1)
            np.concatenate([gate, np.tanh(gate)], axis=-1).T @ a
            np.stack([a, a]).sum(axis=0) / np.sqrt((a * a).max(axis=-1, keepdims=True))
            np.zeros_like(a)[0] = np.zeros(4) + (1 - gate**2).sum()


def _nothing() -> None:
    pass


def _must_spawn() -> bool:
    """Try how isolated processes fare here, where that is not known: it depends on the libraries under NumPy."""
    if LINUX or spawn.forks_compute(locked=True):
        return False
    if spawn.forks_compute(locked=False):
        seatbelt.forget()  # then it is this lock that they cannot do with
        return False
    return True


def _serve(channel: socket.socket, inside: child.Inside, path: Sequence[str] = ()) -> None:
    """`inside` is for each process that is forked; `path`: where modules lie for fresh interpreters, where that would not do."""
    running: set[int] = set()
    held: dict[int, Asked] = {}
    while True:
        request, descriptors = control.receive(channel, 1 << 16, 2)
        if not request:
            if not LINUX:  # there the kernel ends them with us
                for pid in running:
                    reap(pid)
            return
        order, rest = request[:1], request[1:].decode()
        if order == b"F":
            if path:
                pid = spawn.isolated(descriptors[0], descriptors[1], path, ONE_THREAD)
            else:
                for name in filter(None, rest.split("\0")):
                    imports.ahead(name)
                imports.hide()
                gc.freeze()  # what is there before the fork is not searched for garbage after it, and so not copied
                pid = os.fork()
                if pid == 0:
                    child.live(descriptors[0], descriptors[1], held, inside)
            running.add(pid)
            for handle in descriptors:
                os.close(handle)
            control.send(channel, (b"%d alone" if path else b"%d") % pid)
        elif order == b"H":
            number, dropped = map(int, rest.split())
            held.pop(dropped, None)
            held[number] = Asked.held(descriptors[0])
            os.close(descriptors[0])
        elif int(rest) in running:
            running.remove(int(rest))
            status = reap(int(rest))
            if order == b"E":
                control.send(channel, b"%d" % status)


# ---------------------------------------------------------------- the parent's handle


class Server:
    """A running fork server. Threads may share it."""

    def __init__(self, channel: socket.socket, pid: int) -> None:
        self._channel = channel
        channel.settimeout(_PATIENCE)
        self.pid = pid
        self._lock = threading.Lock()
        self._asked: dict[int, None] = {}
        """Numbers of batches that were asked for once; the next time they are worth holding."""
        self._held: dict[int, None] = {}

    def fork(self, inward: int, outward: int, modules: Sequence[str] = ()) -> tuple[int, int, frozenset[int]]:
        """A new isolated process that reads from `inward` and writes to `outward`.

        Its id, that of its parent, and the numbers of the batches that it is born with.
        """
        request = b"F" + "\0".join(modules).encode()
        with self._lock:
            if not self.pid:
                raise ConnectionError("the fork server was closed")
            why = _KILLED
            for _ in range(_TRIES):
                try:
                    control.send(self._channel, request, (inward, outward))
                    pid, _, alone = self._answer().partition(b" ")
                    return int(pid), self.pid, frozenset(() if alone else self._held)
                except OSError as error:  # for lack of memory perhaps; its running processes are lost with it
                    why = self._last_words(str(error))
                    self._replace()
            raise ConnectionError(why)

    def hold(self, batch: Batch) -> None:
        """Have the processes to come born with the arguments of a batch, from the second time it is asked for."""
        with self._lock:
            if batch.number not in self._asked:
                self._asked[batch.number] = None
                _forget_oldest(self._asked, HELD)
                return
            if batch.number in self._held or not self.pid:
                return
            with contextlib.suppress(OSError):  # its end is noticed at the next fork
                descriptor = calls.in_memory(batch.packed)
                try:
                    dropped = _forget_oldest(self._held, HELD - 1)
                    control.send(self._channel, b"H%d %d" % (batch.number, dropped), (descriptor,))
                    self._held[batch.number] = None
                finally:
                    os.close(descriptor)

    def end(self, pid: int, parent: int) -> int:
        """Kill one and return the status it had. ConnectionError: the server that forked it was killed, and it with it."""
        with self._lock:
            if parent != self.pid:
                raise ConnectionError(_KILLED)
            try:
                control.send(self._channel, b"E%d" % pid)
                return int(self._answer())
            except OSError:
                raise ConnectionError(_KILLED) from None

    def forget(self, pid: int, parent: int) -> None:
        """Kill one without waiting."""
        with self._lock, contextlib.suppress(OSError):
            if parent == self.pid:
                control.send(self._channel, b"G%d" % pid)

    def close(self) -> None:
        """End the server and with it every process it forked."""
        with self._lock:
            if self.pid:
                self._channel.close()
                os.waitpid(self.pid, 0)
                self.pid = 0

    def _replace(self) -> None:
        """Start afresh after the server's own death."""
        self._channel.close()
        reap(self.pid)
        self._held.clear()
        fresh = start_clean()
        self._channel, self.pid = fresh._channel, fresh.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self) -> bytes:
        answer, _ = control.receive(self._channel, _LONGEST_ANSWER)
        if not answer or answer.startswith(_LAST_WORDS.encode()):
            raise ConnectionError(answer.decode("utf-8", "replace") or "the fork server has ended")
        return answer

    def _last_words(self, said: str) -> str:
        """Why it ended, as it said itself: in `said`, or in what is left to be read."""
        if not said.startswith(_LAST_WORDS):
            with contextlib.suppress(OSError):
                self._channel.settimeout(1.0)
                said = control.receive(self._channel, _LONGEST_ANSWER)[0].decode("utf-8", "replace")
        return said if said.startswith(_LAST_WORDS) else _KILLED


def _forget_oldest(numbers: dict[int, None], most: int) -> int:
    """Drop the oldest where there are more than `most`, and say which; 0 for none."""
    if len(numbers) <= most:
        return 0
    oldest = next(iter(numbers))
    del numbers[oldest]
    return oldest


def start_forked() -> Server:
    """A server forked from this process, which must have one thread and nothing to hide."""
    ours, theirs = control.pair()
    pid = os.fork()
    if pid == 0:
        try:
            main(locks.keep_only(theirs.detach())[0])
        finally:
            os._exit(1)
    theirs.close()
    return Server(ours, pid)


def start_clean() -> Server:
    """A server in a fresh interpreter that inherits no memory, no environment and no files."""
    import subprocess

    import numpy as np

    project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    site = os.path.dirname(os.path.dirname(np.__file__))  # noqa: PTH120
    ours, theirs = control.pair()
    boot = _BOOT.format(path=[project, site], descriptor=theirs.fileno())
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", boot],
        pass_fds=[theirs.fileno()],
        env=ONE_THREAD,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process.returncode = 0  # `close` waits for it; Popen need not
    theirs.close()
    return Server(ours, process.pid)
