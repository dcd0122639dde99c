"""For people: each report in words, a summary per task at the end."""

from __future__ import annotations

import sys

from quiz.grading.formats.writer import Writer
from quiz.grading.rendering import render, told
from quiz.grading.report import Check, Report
from quiz.grading.tally import Tally, summary


class Text(Writer):
    """Plain text for the terminal."""

    def add(self, report: Report) -> None:
        """The whole report."""
        self.stream.write(render(report, self.language) + "\n")

    def beside(self, printed: Check) -> None:
        """On standard error, below the report."""
        self.stream.flush()
        print(told(printed, self.language), file=sys.stderr)

    def close(self, tally: Tally) -> None:
        """The summary, where there is more than one report."""
        if tally.graded > 1:
            self.stream.write(summary(tally, self.language) + "\n")


FORMAT = Text
