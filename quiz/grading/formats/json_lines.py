"""One JSON object per submission and task, one a line."""

from __future__ import annotations

import json

from quiz.grading.formats.writer import Writer
from quiz.grading.report import Report


class JsonLines(Writer):
    """Each line stands for itself."""

    def add(self, report: Report) -> None:
        """One line; hints, where they were asked for, in a further key."""
        shown = report.to_json()
        if report.hints:
            shown["hints"] = list(report.hints)
        self.stream.write(json.dumps(shown, ensure_ascii=False) + "\n")


FORMAT = JsonLines
