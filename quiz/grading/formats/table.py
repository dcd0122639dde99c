"""CSV (RFC 4180) with a heading, a row per report."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import IO

from answers.model import Language
from quiz.grading.formats.writer import Writer, reason
from quiz.grading.report import Report, named

COLUMNS = ("learner", "file", "task", "helper", "verdict", "score", "diagnosis", "reason", "seconds", "isolation")


class Table(Writer):
    """For spreadsheets. A cell that one of them would take for a formula is quoted with an apostrophe."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        super().__init__(stream, language, roots)
        self._rows = csv.writer(stream)
        self._rows.writerow(COLUMNS)

    def add(self, report: Report) -> None:
        """One row."""
        self._rows.writerow(
            (
                _inert(self.learner(report)),
                _inert(named(report.file)),
                report.task or "",
                "yes" if report.helper else "no",
                report.verdict,
                f"{report.score:.4f}",
                report.diagnosis.id if report.diagnosis else "",
                _inert(reason(report, self.language)),
                f"{report.seconds:.4f}",
                report.isolation,
            )
        )


def _inert(text: str) -> str:
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


FORMAT = Table
