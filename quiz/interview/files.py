"""Writes a report where people look for their documents, as Markdown and as HTML; never over another file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from answers.model import Language
from quiz.interview.html import html
from quiz.interview.pages import markdown
from quiz.interview.report import Report


def folder() -> Path:
    """The user's documents where there is such a folder, else where the program was started."""
    from platformdirs import user_documents_path

    documents = user_documents_path()
    return documents / "rnnquiz" if documents.is_dir() else Path.cwd()


def stem(report: Report) -> str:
    """What a report's files are called, without their endings."""
    return time.strftime("interview-%Y-%m-%d-%H%M", time.localtime(report.interview.began / 1000))


def save(report: Report, language: Language, place: Path | None = None) -> tuple[Path, Path]:
    """Write both files and give their paths. OSError where they cannot be written."""
    place = place or folder()
    place.mkdir(parents=True, exist_ok=True)
    name, number = stem(report), 1
    texts = {".md": markdown(report, language), ".html": html(report, language)}
    while any((place / f"{name}{ending}").exists() for ending in texts):
        number += 1
        name = f"{stem(report)}-{number}"
    paths = [write(place / f"{name}{ending}", text) for ending, text in texts.items()]
    return paths[0], paths[1]


def write(path: Path, text: str) -> Path:
    """Write a file that is not there yet: whole, or not at all. OSError where that cannot be."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path
