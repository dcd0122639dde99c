"""The server's folder for what lasts no longer than itself, and the sweeping up after one that was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = "rnnquiz-serve-"
_LOCK = "lock"
"""Held as long as the server lives; the system lets go of it however that ends."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in the temporary one that goes when the block ends; those that killed servers have left go now."""
    sweep(Path(tempfile.gettempdir()))
    made = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    with made as folder, (Path(folder) / _LOCK).open("w") as lock:
        _take(lock)
        yield Path(folder)


def sweep(temporary: Path) -> None:
    """Take away the folders of this user's servers that live no more."""
    for folder in temporary.glob(f"{PREFIX}*"):
        try:
            with (folder / _LOCK).open("r+") as lock:
                if _take(lock) and not folder.is_symlink() and folder.lstat().st_uid == os.getuid():
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody else's, or one that is only just being made
            continue


def _take(lock: IO[str]) -> bool:
    """Whether the lock is ours now; never on a system that has none."""
    try:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
