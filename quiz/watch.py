"""Grades a file again each time it is saved."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from answers.model import Language


def run(path: Path, task: str | None, language: Language) -> int:
    """Grades `path` now and after every save until Ctrl+C; ends with 0. A file that is not there yet is waited for."""
    from answers import catalogue
    from quiz.grading.outcome import missing_platform
    from quiz.usage import UsageError, unknown

    if (missing := missing_platform()) is not None:
        raise UsageError(missing.of(language))
    if task is not None and task not in catalogue.TASKS:
        raise UsageError(unknown("task", task, list(catalogue.TASKS), language))
    from watchfiles import watch

    from quiz.grading import Grader, rendering

    with Grader() as grader:
        folder = path.resolve().parent
        if not folder.is_dir():
            print(f"rnnquiz: {folder}: no such folder; create it first", file=sys.stderr)
            return 2

        def grade() -> None:
            print(f"—— {time.strftime('%H:%M:%S')} {path}")
            if not path.exists():
                print("等待文件出现……" if language == "zh" else "waiting for the file to appear ...", flush=True)
                return
            for graded in grader.grade_file(path, task=task, language=language):
                print(rendering.render(graded, language), flush=True)

        grade()
        # Editors save by renaming a new file over the old one, so the folder is watched and the name compared.
        for changes in watch(folder, recursive=False, raise_interrupt=False, debounce=200):
            if any(Path(changed).name == path.name for _, changed in changes):
                grade()
    return 0
