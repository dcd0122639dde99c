"""Where a run's results go: standard output, or a file that is complete or not there."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from types import TracebackType
from typing import IO, Self

from quiz.unencodable import escape_on_output


class Output:
    """A text stream. A file takes its name at the end of the block, so that an earlier result is not lost halfway.

    Pipes and devices are written to directly. OSError where the place cannot be written.
    """

    def __init__(self, path: str | None) -> None:
        self._path = None if path is None else os.path.realpath(path)
        self._part = ""
        if self._path is None:
            escape_on_output()
            self.stream: IO[str] = sys.stdout
            return
        if os.path.isdir(self._path):  # noqa: PTH112
            raise IsADirectoryError(21, "it is a folder", path)
        if not _is_special(self._path):
            self._part = f"{self._path}.{os.getpid()}.part"
        self.stream = open(  # noqa: SIM115, PTH123 - `__exit__` closes it
            self._part or self._path, "w", encoding="utf-8", errors="backslashreplace", newline=""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path is None:
            if kind is None:
                self.stream.flush()
            return
        try:
            self.stream.close()
            if self._part and kind is None:
                os.replace(self._part, self._path)  # noqa: PTH105
                self._part = ""
        except OSError:
            if kind is None:  # else the first error is the one to tell
                raise
        finally:
            if self._part:
                with contextlib.suppress(OSError):
                    os.unlink(self._part)  # noqa: PTH108


def _is_special(path: str) -> bool:
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return False
