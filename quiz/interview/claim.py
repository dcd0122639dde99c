"""Which program is at an interview: a lock on a file beside the store, let go by the system when that program ends."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import IO


class Claim:
    """Two programs that go on with one interview would each write over what the other has kept."""

    def __init__(self, folder: Path, uid: str) -> None:
        self._path = folder / f"interview-{uid}.lock"
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Whether it is ours now. Where files cannot be locked (no such system call, a read-only folder) it always is."""
        try:
            import fcntl

            self._file = self._path.open("a")
        except (ImportError, OSError):
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            self._file = None
            return False
        except OSError:  # a file system without locks
            pass
        return True

    def release(self) -> None:
        """Somebody else may go on with it."""
        if self._file is not None:
            with suppress(OSError):
                self._path.unlink()
            self._file.close()
            self._file = None
