"""What a run writes: one writer per format, fed report by report, closed with the tally of them all."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from answers.model import Language

if TYPE_CHECKING:
    from quiz.grading.formats.writer import Writer

NAMES = ("text", "json", "junit", "csv", "gradescope", "markdown", "html")
_MODULES = {"json": "json_lines", "csv": "table"}


def writer_of(name: str, stream: IO[str], language: Language, roots: Sequence[str]) -> Writer:
    """The writer of a format; `roots` are the paths that were named, below which a folder is a learner."""
    module: Any = import_module(f"{__name__}.{_MODULES.get(name, name)}")
    made: Writer = module.FORMAT(stream, language, roots)
    return made
