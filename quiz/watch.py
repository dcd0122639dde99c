"""`rnnquiz watch FILE`: grades a file again each time it is saved.

Editors save in different ways: they write the file anew, or write another and rename it over the old one, or delete first and
write then. So the folder is watched, and what the file holds is compared with what was graded last.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from answers.model import Language
from quiz.catalogue import message
from quiz.usage import Exit, UsageError, unknown

if TYPE_CHECKING:
    from quiz.grading import Grader

CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def run(path: Path, task: str | None, language: Language) -> int:
    """Grades `path` now and after every save until Ctrl+C; ends with 0. A file that is not there yet is waited for."""
    _check(path, task, language)
    from quiz.grading import Grader
    from quiz.grading.outcome import reduced_isolation

    with _ended_by_interrupt(), Grader() as grader:
        reduced = reduced_isolation()
        screen = _Screen(sys.stdout, "" if reduced is None else f"rnnquiz: {reduced.of(language)}")
        watched = Watched(path, screen, _grading(grader, path, task, language), language)
        watched.look()
        for changed in _changes(watched.folders, language):
            if changed is None or watched.concerns(changed):
                watched.look(again=changed is not None)
    return Exit.OK


def _check(path: Path, task: str | None, language: Language) -> None:
    from answers import catalogue
    from quiz.grading.outcome import missing_platform

    if (missing := missing_platform()) is not None:
        raise UsageError(missing.of(language))
    if task is not None and task not in catalogue.TASKS:
        raise UsageError(unknown("task", task, list(catalogue.TASKS), language))
    if path.is_dir():
        raise UsageError(message("watch.folder", path=path).of(language))
    if not path.absolute().parent.is_dir():
        raise UsageError(message("watch.no_folder", folder=path.absolute().parent).of(language))


@contextmanager
def _ended_by_interrupt() -> Iterator[None]:
    """Ctrl+C, or a polite request to end, is how watching ends, at whatever moment it comes."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        with suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl+C must not break the tidying up
        print()


def _grading(grader: Grader, path: Path, task: str | None, language: Language) -> Callable[[], str]:
    def grade() -> str:
        from quiz.grading import rendering

        reports = grader.grade_file(path, task=task, language=language)
        return "\n".join(rendering.render(report, language) for report in reports)

    return grade


class Watched:
    """The file, and what was last seen of it."""

    def __init__(self, path: Path, screen: _Screen, grade: Callable[[], str], language: Language) -> None:
        self.path = path
        self._screen = screen
        self._grade = grade
        self._language = language
        self._seen: object = object()

    @property
    def folders(self) -> list[Path]:
        """Where it lies, by its own name and, where it is a link, by the other's."""
        return sorted({p.parent for p in self._names() if p.parent.is_dir()})

    def _names(self) -> set[Path]:
        here = self.path.absolute()
        return {here, here.parent.resolve() / here.name, here.resolve()}

    def concerns(self, changed: set[str]) -> bool:
        """Whether one of the files that have changed is this one."""
        return bool({str(name) for name in self._names()} & changed)

    def look(self, *, again: bool = False) -> None:
        """Grade the file; it was saved where `again` is True, else only where it is not as it was."""
        seen = self._state()
        if seen == self._seen and (seen is None or not again):
            return
        self._seen = seen
        head = f"—— {time.strftime('%H:%M:%S')} {self.path}"
        if seen is None:
            self._screen.show(head, message("watch.waiting").of(self._language))
            return
        self._screen.show(head, self._grade(), "", message("watch.next").of(self._language))

    def _state(self) -> tuple[int, int, int] | None:
        """What tells one save from another; None where the file is not there."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


class _Screen:
    """Where reports go: in a terminal each takes the place of the one before, elsewhere it follows it.

    `warning`: stays in sight under each report in a terminal; elsewhere it is said once, on standard error.
    """

    def __init__(self, stream: IO[str], warning: str = "") -> None:
        self._stream = stream
        self._clears = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._foot = (warning,) if warning and self._clears else ()
        if warning and not self._clears:
            print(warning, file=sys.stderr)

    def show(self, *lines: str) -> None:
        self._stream.write((CLEAR if self._clears else "") + "\n".join((*lines, *self._foot)) + "\n")
        self._stream.flush()


def _changes(folders: list[Path], language: Language) -> Iterator[set[str] | None]:
    """The files that changed, each time some did; None now and then, as a folder may be gone and come back."""
    from watchfiles import watch

    polls = False
    while True:
        there = [folder for folder in folders if folder.is_dir()]
        if not there:
            time.sleep(0.3)
            yield None
            continue
        try:
            for changes in watch(
                *there,
                recursive=False,
                watch_filter=None,
                debounce=100,
                step=30,
                rust_timeout=2000,
                yield_on_timeout=True,
                raise_interrupt=True,
                force_polling=polls or None,
            ):
                yield {changed for _, changed in changes} or None
                if not all(folder.is_dir() for folder in there):
                    break
        except (OSError, RuntimeError) as error:  # no more watches to be had here, or a folder went at the wrong moment
            if polls:
                raise UsageError(message("watch.unwatchable", folder=there[0], error=error).of(language)) from None
            polls = True
