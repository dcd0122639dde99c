"""Which files to grade: what was named, and every `.py` below a folder, in name order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence


class MissingPathError(Exception):
    """A path that was named does not exist, or a folder holds nothing to grade."""

    def __init__(self, path: str, is_empty: bool = False) -> None:
        super().__init__(path)
        self.path = path
        self.is_empty = is_empty


def find(paths: Sequence[str]) -> list[str]:
    """The files in order. A dangling link, a pipe or a folder named `x.py` is among them: its reader says what is wrong.

    So is a folder that may not be looked into: nobody's work is left out without a word.
    """
    found: list[str] = []
    for path in paths:
        if not _may_exist(path):
            raise MissingPathError(path)
        if not _is_folder(path):
            found.append(path)
            continue
        below = list(_below(path))
        if not below and not path.rstrip("/").endswith(".py"):
            raise MissingPathError(path, is_empty=True)
        found += below or [path]
    return found


def _below(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in inside:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            files = list(_below(entry.path))
            yield from files or ([entry.path] if entry.name.endswith(".py") else [])
        elif entry.name.endswith(".py"):
            yield entry.path


def _may_exist(path: str) -> bool:
    """Whether it is there, or lies where nobody is let in to see."""
    try:
        os.lstat(path)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)  # noqa: PTH112 - pathlib is not loaded on the quick path
    except OSError:
        return False


class Named(os.PathLike[str]):
    """A path that stays one: a name may hold a line break, which as a `str` would be taken for a text."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __fspath__(self) -> str:
        return self._name
