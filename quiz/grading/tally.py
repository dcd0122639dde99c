"""What many reports come to: per task how many passed, and which misconceptions are how frequent. Never the reports themselves."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from answers.model import Language
from quiz.catalogue import listed, message
from quiz.grading.rendering import WORDS
from quiz.grading.report import Report, clipped


class TaskTally:
    """One task over all submissions."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.score = 0.0
        self.helpers = 0

    @property
    def graded(self) -> int:
        """How many submissions have it."""
        return self.verdicts.total()

    @property
    def passed(self) -> int:
        """How many are right."""
        return self.verdicts["pass"]

    @property
    def mean(self) -> float:
        """The mean score."""
        return self.score / self.graded if self.graded else 0.0


class Tally:
    """Counts over all reports."""

    def __init__(self) -> None:
        self.tasks: dict[str | None, TaskTally] = {}
        self.misconceptions: Counter[tuple[str, str]] = Counter()
        """(task, id) to how many made that mistake."""
        self.messages: dict[tuple[str, str], str] = {}
        self.verdicts: Counter[str] = Counter()
        self.isolation: Counter[str] = Counter()
        """The layers that held the submissions, in words, to how many."""
        self.seconds = 0.0
        self.all_pass = True
        """The contract's exit status: what is no helper passes."""

    @property
    def graded(self) -> int:
        """How many reports there were."""
        return self.verdicts.total()

    def add(self, report: Report) -> None:
        """Count one report."""
        task = self.tasks.setdefault(report.task, TaskTally())
        task.verdicts[report.verdict] += 1
        task.score += report.score
        task.helpers += report.helper
        self.verdicts[report.verdict] += 1
        if report.isolation:
            self.isolation[report.isolation] += 1
        self.seconds += report.seconds
        self.all_pass = self.all_pass and (report.passed or report.helper)
        if report.diagnosis and report.task:
            key = report.task, report.diagnosis.id
            self.misconceptions[key] += 1
            self.messages.setdefault(key, clipped(report.diagnosis.message))

    def rows(self) -> list[tuple[str | None, TaskTally]]:
        """Tasks in the catalogue's order, files without one last."""
        from answers import catalogue

        order = {task: k for k, task in enumerate(catalogue.TASKS)}
        return sorted(self.tasks.items(), key=lambda row: order.get(row[0] or "", len(order)))

    def frequent(self) -> list[tuple[str, str, int, str]]:
        """(task, misconception, count, message), the most frequent first."""
        found = sorted(self.misconceptions.items(), key=lambda item: (-item[1], item[0]))
        return [(task, name, count, self.messages[task, name]) for (task, name), count in found]


def learner_of(file: str, roots: Sequence[str]) -> str:
    """Whose a file is: the folder in which it lies below a folder that was named, or the name of the file itself."""
    for root in roots:
        below = root.rstrip("/") + "/"
        if file.startswith(below):
            first, _, rest = file[len(below) :].lstrip("/").partition("/")
            return first if rest else first.removesuffix(".py")
    return os.path.normpath(file).removesuffix(".py")


def summary(tally: Tally, language: Language) -> str:
    """A line per task and one for all, for the terminal."""
    lines = []
    width = max((len(task or "-") for task in tally.tasks), default=1)
    for task, row in tally.rows():
        lines.append(
            message(
                "result.task_line",
                task=f"{task or '-':<{width}}",
                passed=row.passed,
                graded=row.graded,
                mean=row.mean,
                others=_others(row, language),
            ).of(language)
        )
    for task, name, count, _ in tally.frequent()[:5]:
        lines.append(message("result.misconception", count=count, task=task, name=name).of(language))
    verdicts = listed(message("result.verdict", verdict=WORDS[v], count=n) for v, n in counts(tally))
    lines.insert(0, message("result.graded", count=tally.graded, verdicts=verdicts).of(language))
    return "\n".join(lines)


def counts(tally: Tally) -> list[tuple[str, int]]:
    """Verdicts that occur and how often, in the contract's order."""
    return [(verdict, tally.verdicts[verdict]) for verdict in WORDS if tally.verdicts[verdict]]


def _others(row: TaskTally, language: Language) -> str:
    counted = [(v, n) for v in WORDS if v != "pass" and (n := row.verdicts[v])]
    others = listed(message("result.verdict", verdict=WORDS[v], count=n) for v, n in counted)
    return f"  {others.of(language)}" if counted else ""
