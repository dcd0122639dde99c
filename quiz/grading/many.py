"""Grades many files: worker processes or a cluster on one side, a writer, a journal and a progress bar on the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from answers.record import Record, replace
from quiz.catalogue import message
from quiz.grading.batch import CannotRunError, InOrder, Pool, Stop
from quiz.grading.grader import Options
from quiz.grading.journal import Journal
from quiz.grading.progress import Bar
from quiz.grading.tally import Tally
from quiz.grading.worker import Done, Work, settings
from quiz.usage import reasons

if TYPE_CHECKING:
    from quiz.grading.formats.writer import Writer


__all__ = ["CannotRunError", "Plan", "Run"]


class Plan(Record):
    """How to grade many."""

    jobs: int = 1
    journal: str | None = None
    """The file in which the run writes down what it has graded, and from which it goes on."""
    cluster: str | None = None
    """A Dask scheduler's address, instead of worker processes here."""
    fixed_seed: bool = False
    """The seed was asked for; else an earlier run's is taken over."""


class Run:
    """One run over many files. `tally` and `done` say how far it got."""

    def __init__(self, found: Sequence[str], options: Options, plan: Plan, writer: Writer) -> None:
        self._found = found
        self._options = options
        self._plan = plan
        self._writer = writer
        self._journal: Journal | None = None
        self._bar = Bar(len(found), sys.stderr, options.language)
        self.tally = Tally()
        self.interrupted = False

    @property
    def done(self) -> int:
        """How many files are graded."""
        return self._bar.done

    def grade(self) -> None:
        """Grade all. After an interruption what was graded is written all the same."""
        with ExitStack() as stack:
            stop = stack.enter_context(Stop())
            if self._plan.journal is not None:
                self._journal = _journal(self._plan.journal, self._options.seed or 0)
                stack.callback(self._journal.close)
                if not self._plan.fixed_seed:
                    self._options = replace(self._options, seed=self._journal.seed)
            stack.callback(self._bar.clear)
            self._bar.draw()
            order = InOrder()
            for done in self._results(stop, stack):
                self._take(done)
                for ready in order.take(done):
                    self._write(ready)
                self._bar.draw()
            for left in order.rest():
                self._write(left)
            self.interrupted = stop.asked and self.done < len(self._found)
            self._bar.clear()
            self._writer.close(self.tally)

    def _results(self, stop: Stop, stack: ExitStack) -> Iterator[Done]:
        marks = settings(self._options, self._plan.fixed_seed)
        if self._plan.cluster is not None:
            from quiz.grading.cluster import Cluster

            cluster = stack.enter_context(Cluster(self._plan.cluster, self._options, marks, stop))
            return cluster.results(self._works(), self._bar.draw)
        pool = stack.enter_context(Pool(self._plan.jobs, self._options, marks, stop))
        return pool.results(self._works(), self._bar.draw)

    def _works(self) -> Iterator[Work]:
        for turn, file in enumerate(self._found):
            yield Work(turn, file, self._journal.key(file) if self._journal else "")

    def _take(self, done: Done) -> None:
        """Count a file and write it down. Nothing is lost from here on."""
        self._bar.done += 1
        if done.packed is None:
            self._bar.kept += 1
        elif self._journal:
            self._journal.add(done.file, done.key, done.reports)

    def _write(self, done: Done) -> None:
        self._bar.clear()
        held = self._journal.reports(done.file) if self._journal and done.packed is None else None
        for report in done.reports if held is None else held:
            self.tally.add(report)
            self._bar.passed += report.passed
            self._writer.take(report)
        self._writer.stream.flush()


def _journal(path: str, seed: int) -> Journal:
    try:
        return Journal(path, seed)
    except OSError as error:
        raise CannotRunError(message("grade.journal_unwritable", path=path, reason=reasons(error))) from None
