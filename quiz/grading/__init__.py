"""Grades submissions: runs them locked in, compares with the reference, says what went wrong.

`grade(path_or_source, task)` gives a `Report`, `grade_file(path)` one for each task of a file; a `Grader` keeps a server warm
for many. Importing this package loads none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quiz.grading.grader import Grader, grade, grade_file
    from quiz.grading.outcome import Limits
    from quiz.grading.report import Report

__all__ = ["Grader", "Limits", "Report", "grade", "grade_file"]

_HOMES = {
    "Grader": "grader",
    "grade": "grader",
    "grade_file": "grader",
    "Limits": "outcome",
    "Report": "report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
