"""JUnit's XML, as continuous integration reads it: a suite per file, a case per task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from answers.model import Language
from quiz.grading.formats.writer import Document, reason
from quiz.grading.rendering import render
from quiz.grading.report import Report, escaped, named
from quiz.grading.tally import Tally


class Junit(Document):
    """`fail` is a failure; a verdict for which it could not be judged is an error of that type."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        super().__init__(stream, language, roots)
        self._suite: list[Report] = []

    def add(self, report: Report) -> None:
        """Gather a file's reports; they come one after another."""
        if self._suite and self._suite[0].file != report.file:
            self._write_suite()
        self._suite.append(report)

    def _write_suite(self) -> None:
        reports, self._suite = self._suite, []
        failures = sum(r.verdict == "fail" for r in reports)
        errors = sum(not r.passed for r in reports) - failures
        self.body.write(
            f"  <testsuite name={_attribute(reports[0].file)} tests='{len(reports)}' failures='{failures}' "
            f"errors='{errors}' time='{sum(r.seconds for r in reports):.4f}'>\n"
        )
        layers = next((report.isolation for report in reports if report.isolation), "")
        if layers:
            self.body.write(f"    <properties><property name='isolation' value={_attribute(layers)}/></properties>\n")
        for report in reports:
            self.body.write(self._case(report))
        self.body.write("  </testsuite>\n")

    def _case(self, report: Report) -> str:
        head = (
            f"    <testcase classname={_attribute(self.learner(report))} name={_attribute(report.task or 'file')} "
            f"file={_attribute(report.file)} time='{report.seconds:.4f}'"
        )
        if report.passed:
            return head + "/>\n"
        tag = "failure" if report.verdict == "fail" else "error"
        message = _attribute(reason(report, self.language))
        text = escape(escaped(render(report, self.language)))
        return f"{head}>\n      <{tag} type='{report.verdict}' message={message}>{text}</{tag}>\n    </testcase>\n"

    def close(self, tally: Tally) -> None:
        """The whole document."""
        if self._suite:
            self._write_suite()
        failures = tally.verdicts["fail"]
        errors = tally.graded - failures - tally.verdicts["pass"]
        self.stream.write(
            f"<?xml version='1.0' encoding='UTF-8'?>\n<testsuites name='rnnquiz' tests='{tally.graded}' "
            f"failures='{failures}' errors='{errors}' time='{tally.seconds:.4f}'>\n"
        )
        self.pour()
        self.stream.write("</testsuites>\n")


def _attribute(text: str) -> str:
    return quoteattr(named(text))


FORMAT = Junit
