"""Fresh interpreters, where a process may not be forked: on macOS its own libraries do not always survive that."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from time import monotonic, sleep

import numpy as np

from quiz.grading import locks

_ISOLATED = (
    "import sys; sys.path[:0] = {path!r}; from quiz.grading import child, imports; imports.ahead('numpy.random');"
    "child.live({inward}, {outward}, {{}}, child.Inside())"
)
_WORKER = (
    "import sys; sys.path[:0] = {path!r}; from multiprocessing.connection import Connection;"
    "from quiz.grading import worker; worker.live(Connection({descriptor}), None, {parent}, False)"
)
_PATIENCE = 10.0


def folders() -> list[str]:
    """Where the project and NumPy lie."""
    project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    return [project, os.path.dirname(os.path.dirname(np.__file__))]  # noqa: PTH120


def isolated(inward: int, outward: int, path: Sequence[str], environment: Mapping[str, str]) -> int:
    """An isolated process that shares nothing with this one; its id. It starts later than a forked one."""
    program = _ISOLATED.format(path=list(path), inward=inward, outward=outward)
    return _start(["-I", "-S", "-c", program], (inward, outward), environment, leads=False)  # it will by itself


def worker(connection: Connection) -> int:
    """A process of a batch; its id."""
    descriptor = connection.fileno()
    program = _WORKER.format(path=folders(), descriptor=descriptor, parent=os.getpid())
    # Ctrl+C in the terminal is the command's affair.
    return _start(["-P", "-c", program], (descriptor,), os.environ, leads=True)


def _start(arguments: Sequence[str], descriptors: Sequence[int], environment: Mapping[str, str], leads: bool) -> int:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        pass_fds=descriptors,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=leads,
    )
    process.returncode = 0  # who asked for it waits for it; Popen need not
    return process.pid


def forks_compute(locked: bool) -> bool:
    """Whether a process forked from here, and locked in, comes through the products that submissions ask for."""
    pid = os.fork()
    if pid == 0:
        try:
            if locked:
                locks.lock(1 << 30, _PATIENCE, os.getppid())
            square = np.eye(256) + 0.5 / 256
            product = (square @ square)[:64, :64]
            if np.isfinite(np.linalg.solve(product, product)).all() and np.linalg.svd(product)[1].all():
                os._exit(0)
        finally:
            os._exit(1)
    until = monotonic() + _PATIENCE
    while monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status == 0
        sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False
