"""The `results.json` that Gradescope's autograder platform reads.

Source: Gradescope autograder specifications, "Output format" (https://gradescope-autograders.readthedocs.io/en/latest/specs/).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO, Any

from answers.model import Language
from quiz.grading.formats.writer import Document
from quiz.grading.rendering import WORDS, render
from quiz.grading.report import Report, escaped, named
from quiz.grading.tally import Tally, summary


class Gradescope(Document):
    """A test per report, worth one point; a helper is shown and worth none."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        super().__init__(stream, language, roots)
        self._count = 0
        self._score = 0.0

    def add(self, report: Report) -> None:
        """One test."""
        self._count += 1
        self._score += 0.0 if report.helper else report.score
        task = report.task or WORDS[report.verdict].of(self.language)
        test: dict[str, Any] = {
            "name": f"{named(report.file)}: {task}",
            "number": str(self._count),
            "status": "passed" if report.passed else "failed",
            "score": 0.0 if report.helper else round(report.score, 4),
            "max_score": 0.0 if report.helper else 1.0,
            "output": escaped(render(report, self.language)),
            "output_format": "text",
            "tags": [report.verdict, *([report.diagnosis.id] if report.diagnosis else [])],
            "visibility": "visible",
        }
        self.body.write((",\n" if self._count > 1 else "") + "    " + json.dumps(test, ensure_ascii=False))

    def close(self, tally: Tally) -> None:
        """The whole object."""
        head = {
            "score": round(self._score, 4),
            "execution_time": round(tally.seconds, 2),
            "output": summary(tally, self.language),
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
        }
        self.stream.write(json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "tests": [\n')
        self.pour()
        self.stream.write("\n  ]\n}\n")


FORMAT = Gradescope
