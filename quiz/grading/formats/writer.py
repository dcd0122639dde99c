"""The frame of every format, and what several of them say alike."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import IO, cast

from answers.model import Language, Text
from answers.record import replace
from quiz.catalogue import message
from quiz.grading.rendering import check_name
from quiz.grading.report import Check, Report, clipped, named
from quiz.grading.tally import Tally, learner_of


class Writer(ABC):
    """Writes reports to `stream` as they come. What they leave in memory does not grow with their number."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        self.stream = stream
        self.language = language
        self.roots = roots

    def take(self, report: Report) -> None:
        """The next report. What a submission printed never reaches standard output: there it is left out, and said `beside`."""
        if self.stream is not sys.stdout:
            self.add(report)
            return
        printed = next((check for check in report.checks if check.name == "printed"), None)
        if printed is not None:
            report = replace(report, checks=tuple(check for check in report.checks if check is not printed))
        self.add(report)
        if printed is not None:
            self.beside(printed)

    @abstractmethod
    def add(self, report: Report) -> None:
        """Write the report, or gather it."""

    def beside(self, printed: Check) -> None:  # noqa: B027 - most formats are for programs, which want nothing there
        """Say what the submission of the last report printed, elsewhere than on standard output."""

    def close(self, tally: Tally) -> None:  # noqa: B027 - formats of independent lines have nothing to add
        """Write what stands at the end."""

    def learner(self, report: Report) -> str:
        """Whose report it is, fit to be shown."""
        return named(learner_of(report.file, self.roots))

    def say(self, text: Text) -> str:
        """A text in the language of the results."""
        return text.of(self.language)


class Document(Writer):
    """A format whose head depends on what follows it: the body waits in a temporary file."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        import tempfile

        super().__init__(stream, language, roots)
        self.body = cast("IO[str]", tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - `pour` closes it

    def pour(self) -> None:
        """Copy the body to the stream."""
        import shutil

        self.body.seek(0)
        shutil.copyfileobj(self.body, self.stream)
        self.body.close()


def reason(report: Report, language: Language) -> str:
    """One line on what is wrong: the misconception, or the first check that does not hold. Empty on a pass."""
    if report.diagnosis:
        return " ".join(clipped(report.diagnosis.message).split())
    for check in report.checks:
        if not check.passed:
            text = message("result.detail", name=check_name(check.name, language), detail=check.detail)
            return " ".join(clipped(text.of(language)).split())
    return ""
