"""Many submissions on a Dask cluster: sources travel there, reports come back, every worker isolates as this machine does.

Each worker process starts a clean fork server for itself and draws cases and expected results from its own installation. A
lost worker's submissions are graded again elsewhere; one that ends several workers (Dask's `allowed-failures`) is an `error`.
"""

from __future__ import annotations

import contextlib
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from quiz.catalogue import message
from quiz.grading import files, grader, submission, worker
from quiz.grading.batch import WINDOW, CannotRunError, Stop
from quiz.grading.grader import Options, Preparation
from quiz.grading.worker import Done, Work

PER_THREAD = 4
"""Submissions that are on their way for each thread of the cluster, so that none waits for the network."""
PATIENCE = 10.0


class Cluster:
    """A connection to a scheduler; `results` as a `Pool` gives them."""

    def __init__(self, address: str, options: Options, marks: str, stop: Stop | None = None) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise CannotRunError(message("grade.dask_missing")) from None
        self._options, self._marks, self._stop = options, marks, stop
        self._values = worker.sendable(options)
        try:
            self._client: Any = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            why = type(error).__name__
            raise CannotRunError(message("grade.dask_no_scheduler", address=address, why=why)) from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            self._client.close()
            raise CannotRunError(message("grade.dask_no_workers", address=address)) from None

    def results(self, works: Iterable[Work], tick: Callable[[], None] = lambda: None) -> Iterator[Done]:
        """What came of each, as they get done; ends early where a stop is asked for."""
        waiting = iter(works)
        more: Work | None = next(waiting, None)
        away: dict[int, tuple[Work, str, Any]] = {}
        home: SimpleQueue[int] = SimpleQueue()
        while not (self._stop and self._stop.asked) and (away or more is not None):
            most = PER_THREAD * max(1, sum(self._client.nthreads().values()))
            while more is not None and len(away) < most and more.turn < min(away, default=more.turn) + WINDOW:
                done = self._send(more, away, home)
                more = next(waiting, None)
                if done is not None:
                    yield done
            yield from self._arrived(away, home)
            tick()

    def _send(self, work: Work, away: dict[int, tuple[Work, str, Any]], home: SimpleQueue[int]) -> Done | None:
        """Send a file off; what is known without running it is told at once."""
        read = grader.read(files.Named(work.file))
        key = worker.key_of(read, self._marks)
        if key and key == work.known:
            return Done(work.turn, work.file, key, None)
        if read.problem is not None:
            packed = pickle.dumps(worker.reports_on(read, self._options, Preparation(), None))
            return Done(work.turn, work.file, key, packed)
        future = self._client.submit(grade_there, read.file, read.path, read.source, self._values, pure=False)
        away[work.turn] = work, key, future
        future.add_done_callback(lambda _future, turn=work.turn: home.put(turn))
        return None

    def _arrived(self, away: dict[int, tuple[Work, str, Any]], home: SimpleQueue[int]) -> Iterator[Done]:
        turns: list[int] = []
        with contextlib.suppress(Empty):
            if away:
                turns.append(home.get(timeout=0.25))
            while True:
                turns.append(home.get_nowait())
        for turn in turns:
            work, key, future = away.pop(turn)
            packed, certain = self._result(work, future)
            yield Done(turn, work.file, key if certain else "", packed)

    def _result(self, work: Work, future: Any) -> tuple[bytes, bool]:
        try:
            packed: bytes = future.result()
        except Exception as error:  # a worker that was killed too often, lacks this package, or lost its scheduler
            if worker.ends_the_run(error):
                raise
            if self._client.status not in ("running", "connecting"):
                text = message("grade.dask_gone")
                raise CannotRunError(text) from None
            why = f"{type(error).__name__}: {str(error)[:200]}"
            text = message("grade.dask_failed", why=why)
            return pickle.dumps((worker.broken(work.file, self._options, text),)), False
        return packed, True

    def close(self) -> None:
        """Let the cluster go; what is still under way there is dropped."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# ---------------------------------------------------------------- on the cluster

_one_at_a_time = threading.Lock()
_preparation = Preparation()


def grade_there(file: str, path: str, source: bytes, values: dict[str, Any]) -> bytes:
    """Pickled reports on a source, made in a worker of the cluster. A process of it grades one at a time."""
    read = submission.from_source(source, grader.TASK_OF, file=file, path=path)
    with _one_at_a_time:
        return pickle.dumps(worker.reports_on(read, Options(**values), _preparation, None))
