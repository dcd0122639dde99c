"""Imports inside the isolated process: what was loaded ahead is there, the rest is refused without touching a file."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any, NoReturn

import numpy as np

from quiz.grading.syntax import allowed, importable

UNNAMED = " here; name it in an import statement of the file"
NOT_ALLOWED = ": a submission may import the standard library and NumPy alone"
"""Ends of the messages, which the parent has in both languages."""
_BUILT_IN = ("BuiltinImporter", "FrozenImporter")


def ahead(name: str) -> None:
    """Import `name` if a submission may; what fails here fails again, visibly, in the submission."""
    if importable(name) and name not in sys.modules:
        with contextlib.suppress(Exception), trusted_path():
            importlib.import_module(name)


@contextlib.contextmanager
def trusted_path() -> Any:
    """The standard library and NumPy alone: a folder of submissions may hold a file named like a module."""
    before = sys.path[:]
    library = os.path.dirname(os.__file__)  # noqa: PTH120
    site = os.path.dirname(os.path.dirname(np.__file__))  # noqa: PTH120
    sys.path[:] = [p for p in before if p.startswith(library) and p != site] + [site]
    try:
        yield
    finally:
        sys.path[:] = before


_hidden = 0
"""How many modules there were when others were last taken away."""


def hide() -> None:
    """Nothing of the project or of other packages among the loaded modules, and no lists of files.

    Done before a fork it need not be done after it, where each object that is looked at costs a page of memory.
    """
    global _hidden
    if len(sys.modules) != _hidden:
        if "_socket" in sys.modules:
            importlib.import_module(
                "encodings.idna"
            )  # else a host name fails as an unknown encoding, not as an attempt
        for name in [name for name in sys.modules if not allowed(name)]:
            del sys.modules[name]
        _hidden = len(sys.modules)
    sys.path_importer_cache.clear()


def close() -> None:
    """No more imports from files, and nothing but the standard library and NumPy among the loaded modules."""
    hide()
    sys.meta_path[:] = [finder for finder in sys.meta_path if getattr(finder, "__name__", "") in _BUILT_IN] + [
        _Refuse()
    ]
    sys.path[:] = []


class _Refuse:
    """The last finder: says why a module is not there."""

    def find_spec(self, name: str, *_: Any) -> NoReturn:
        """Never finds."""
        if allowed(name):
            message = f"No module named {name!r}{UNNAMED}"
        else:
            message = f"No module named {name!r}{NOT_ALLOWED}"
        raise ModuleNotFoundError(message, name=name)
