"""A Markdown table of all reports, then a table per task and the misconceptions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import IO

from answers.model import Language
from quiz.catalogue import message
from quiz.grading.formats.writer import Writer, reason
from quiz.grading.rendering import WORDS
from quiz.grading.report import Report
from quiz.grading.tally import Tally

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~&!])")


class Markdown(Writer):
    """GitHub's dialect."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        super().__init__(stream, language, roots)
        head = self.say(message("results.markdown_columns"))
        title = self.say(message("results.title"))
        stream.write(f"# {title}\n\n{head}\n|---|---|---|---:|---|\n")

    def add(self, report: Report) -> None:
        """One row."""
        helper = self.say(message("result.helper")) if report.helper else ""
        cells = (
            inert(self.learner(report)),
            (report.task or "–") + helper,
            WORDS[report.verdict].of(self.language),
            f"{report.score:.0%}",
            inert(reason(report, self.language)),
        )
        self.stream.write("| " + " | ".join(cells) + " |\n")

    def close(self, tally: Tally) -> None:
        """Tasks and misconceptions."""
        title = self.say(message("results.tasks"))
        head = self.say(message("results.markdown_task_columns"))
        self.stream.write(f"\n## {title}\n\n{head}\n|---|---:|---:|---:|\n")
        for task, row in tally.rows():
            self.stream.write(f"| {task or '–'} | {row.graded} | {row.passed} | {row.mean:.0%} |\n")
        self._misconceptions(tally)
        for layers, count in tally.isolation.most_common():
            self.stream.write("\n" + self.say(message("results.isolation", count=count, layers=layers)) + "\n")

    def _misconceptions(self, tally: Tally) -> None:
        if not tally.misconceptions:
            return
        title = self.say(message("results.misconceptions"))
        head = self.say(message("results.markdown_misconception_columns"))
        self.stream.write(f"\n## {title}\n\n{head}\n|---:|---|---|\n")
        for task, _, count, said in tally.frequent():
            self.stream.write(f"| {count} | {task} | {inert(said)} |\n")


def inert(text: str) -> str:
    """`text` as it is, whatever characters of Markdown it holds."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


FORMAT = Markdown
