r"""Grades submissions: from a file or a text to reports, one for each task that it defines.

    >>> from quiz.grading import grade
    >>> report = grade("def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n", "lstm-cell-state")
    >>> report.verdict, report.score
    ('pass', 1.0)

`Grader` keeps a fork server for many of them. Nothing here imports the reference before a submission's process exists.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from answers import catalogue
from answers.model import Language, Text
from answers.record import Record, replace
from quiz.catalogue import message
from quiz.grading import submission as submissions
from quiz.grading.outcome import IsolationUnavailable, Limits, require_platform
from quiz.grading.report import Check, Report
from quiz.grading.submission import Submission

if TYPE_CHECKING:
    from answers.model import Task
    from quiz.grading.examine import Prepared
    from quiz.grading.runner import Session
    from quiz.grading.server import Server

TASK_OF = {card.function: card.id for card in catalogue.TASKS.values()}
"""Function name to task id."""
TRIES = 3
"""A submission under which the isolation fails is graded again; so often in all."""
PRINTED_LINES, PRINTED_CHARACTERS = 10, 1000
"""How much of what a submission prints is shown beside its verdict."""
PathOrSource = str | os.PathLike[str]


class Options(Record):
    """How to grade."""

    task: str | None = None
    """This task alone; then nothing is a helper."""
    foreign: Task | None = None
    """The task of that id where it is another deck's, which the catalogue does not know."""
    seed: int | None = None
    thorough: bool = False
    language: Language = "en"
    limits: Limits = Limits()
    hints: bool = False
    required: bool = False
    """Refuse to run where a layer of isolation is missing."""
    divide: bool = False
    """Work may be divided between this process and a fork of it."""
    progress: Callable[[str, float], None] = lambda _doing, _fraction: None

    @property
    def known(self) -> dict[str, str]:
        """Function name to task id, of everything that may be graded."""
        return TASK_OF if self.foreign is None else {self.foreign.function: self.foreign.id}


class Preparation:
    """The cases of each task, drawn once per seed and kept for the submissions that follow."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self._prepared: dict[tuple[str, int], Prepared] = {}
        self._meanwhile = meanwhile
        """Called, once for each task, while a submission is at work and there would be nothing to do but wait."""

    def of(self, task: str | Task, seed: int | None) -> Prepared:
        """The task's cases; without a seed, or for another deck's task, they are drawn afresh and not kept."""
        from quiz.grading.cases import fresh_seed
        from quiz.grading.examine import Prepared

        if not isinstance(task, str):
            return Prepared(task, fresh_seed() if seed is None else seed, self._meanwhile)
        if seed is None:
            return Prepared(_task(task), fresh_seed(), self._meanwhile)
        key = task, seed
        if key not in self._prepared:
            self._prepared[key] = Prepared(_task(task), seed, self._meanwhile)
        return self._prepared[key]


def _task(task_id: str) -> Task:
    """The task of the deck that ships; its loader, which explains faulty decks, is not needed for that one."""
    try:
        task: Task = import_module(f"answers.tasks.{catalogue.TASKS[task_id].module}").TASK
    except Exception:
        from answers import deck

        return deck.load_task(task_id)  # raises DeckError: what is wrong, with file and line
    return task


def read(path_or_source: PathOrSource, file: str | None = None, known: Mapping[str, str] = TASK_OF) -> Submission:
    """A submission from a path, or from its text: a `str` with a line break or a bracket is a text."""
    if isinstance(path_or_source, str) and any(c in path_or_source for c in "\n("):
        return submissions.from_source(path_or_source, known, file=file or "submission.py")
    return submissions.read(path_or_source, known)


def reports(
    submission: Submission,
    options: Options,
    preparation: Preparation,
    server: Server | None = None,
    early: bool = False,
) -> Iterator[Report]:
    """One report per task, in the file's order. `early`: this process has not yet loaded the reference."""
    if submission.problem is not None:
        yield _not_graded(submission, options, submission.problem.text)
        return
    require_platform()
    from quiz.grading.runner import open_session

    wanted = _wanted(submission, options)
    if not wanted and options.task is not None:
        name = _function(options.task, options)
        text = message("submission.no_function", name=name, perhaps=_perhaps(submission, [name]))
        yield _not_graded(submission, options, text)
        return
    narrowed = replace(submission, functions=wanted)
    try:
        session = open_session(
            narrowed,
            options.limits,
            known=() if wanted else tuple(options.known),
            server=server,
            early=early,
            required=options.required,
        )
    except OSError as error:
        yield _not_graded(submission, options, _broken(error))
        return
    with session:
        if not wanted:
            wanted = _bound_in_secret(session, options)
        if not wanted:
            text = message("submission.no_task", perhaps=_perhaps(submission, options.known))
            yield _not_graded(submission, options, text)
        for function in wanted:
            yield _graded(submission, function, session, options, preparation)


def _perhaps(submission: Submission, names: Collection[str]) -> Text | str:
    """What a file without any of the names may have instead: one in a class, or one that is nearly so called."""
    if (misplaced := submission.misplaced(names)) is not None:
        return message("submission.misplaced", name=misplaced[0], line=misplaced[1])
    if (near := submission.resembling(names)) is not None:
        return message("submission.resembling", name=near[0], line=near[1])
    return ""


def _wanted(submission: Submission, options: Options) -> tuple[str, ...]:
    if options.task is None:
        return submission.functions
    function = _function(options.task, options)
    return (function,) if function in submission.functions else ()


def _function(task_id: str, options: Options) -> str:
    return next(function for function, known in options.known.items() if known == task_id)


def _bound_in_secret(session: Session, options: Options) -> tuple[str, ...]:
    """Names that the syntax tree does not show (`globals()["lstm_step"] = ...`), found by loading the file."""
    first = next(iter(options.known))
    session.call(first, [])
    return session.bound(first) or ()


def _not_graded(submission: Submission, options: Options, text: Text) -> Report:
    return Report(submission.file, options.task, "error", checks=(Check("loads", False, text.of(options.language)),))


def _graded(
    submission: Submission, function: str, session: Session, options: Options, preparation: Preparation
) -> Report:
    started = monotonic()
    task_id = options.known[function]
    helper = options.task is None and function in submission.helpers
    for attempt in range(TRIES):
        try:
            report = _judged(submission, task_id, session, options, preparation)
            break
        except (OSError, EOFError) as error:  # the isolation itself failed, not the submission
            if attempt < TRIES - 1:
                session.restart(function)
                continue
            report = replace(_not_graded(submission, options, _broken(error)), task=task_id)
    seconds = session.seconds(function) or monotonic() - started
    return replace(report, file=submission.file, helper=helper, seconds=seconds)


def _broken(error: Exception) -> Text:
    return message("submission.grader_failed", error=error)


def _judged(
    submission: Submission, task_id: str, session: Session, options: Options, preparation: Preparation
) -> Report:
    from quiz.grading.judge import Asked, judge

    prepared = preparation.of(options.foreign or task_id, options.seed)
    search = min(10.0, 0.8 * options.limits.seconds)
    asked = Asked(options.language, submission.file, options.thorough, search, options.divide, options.progress)
    report = judge(session, prepared, asked)
    if not report.passed and (printed := session.printed(prepared.task.function).strip("\n")):
        report = replace(report, checks=(*report.checks, Check("printed", True, _beginning(printed))))
    if not report.passed and (order := _other_order(submission, prepared.task)) is not None:
        report = replace(report, checks=(*report.checks, Check("advice", True, order.of(options.language))))
    if session.layers:
        report = replace(report, checks=(*report.checks, _isolation(session.layers, options.language)))
    if options.hints and not report.passed:
        report = replace(report, hints=tuple(h.of(options.language) for h in prepared.task.hints))
    return report


def _other_order(submission: Submission, task: Task) -> Text | None:
    """Where its parameters have the task's names in another order: the names are free, the order is not."""
    own = submission.parameters(task.function)
    due = tuple(item.name for item in task.inputs)[: len(own)]
    if own == due or sorted(own) != sorted(due):
        return None
    return message("finding.other_order", due=", ".join(due))


def _beginning(printed: str) -> str:
    """Enough of what was printed to recognise it: a function that prints does so on every case."""
    kept = "\n".join(printed.split("\n", PRINTED_LINES)[:PRINTED_LINES])[:PRINTED_CHARACTERS]
    return kept if kept == printed else kept + "\n…"


def _isolation(layers: Mapping[str, bool], language: Language) -> Check:
    """Which layers held the submission, and which this system lacks."""
    active = ", ".join(name for name, holds in layers.items() if holds) or "-"
    missing = ", ".join(name for name, holds in layers.items() if not holds)
    if missing:
        active = message("result.isolation", active=active, missing=missing).of(language)
    return Check("isolation", True, active)


class Grader:
    r"""Grades one submission after another, each in a process of its own, forked from a warm server. Threads may share it.

    >>> with Grader() as grader:
    ...     report = grader.grade("def sigmoid(x):\n    return x\n", "sigmoid")
    >>> report.verdict
    'fail'
    """

    def __init__(self, limits: Limits | None = None, language: Language = "en", required: bool = False) -> None:
        self._options = Options(limits=limits or Limits(), language=language, required=required)
        self._server: Server | None = None

    def __enter__(self) -> Self:
        require_platform()
        from quiz.grading.runner import start_server

        self._server = start_server()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the server and every process it forked."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def grade(
        self,
        path_or_source: PathOrSource,
        task: str | Task,
        *,
        seed: int | None = None,
        thorough: bool = False,
        language: Language | None = None,
        limits: Limits | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Report:
        """The report on one task: an id, or another deck's `Task`. `progress(doing, fraction)` is told of each stage.

        KeyError for an unknown id.
        """
        (report,) = self._reports(path_or_source, self._changed(task, seed, thorough, language, limits, progress))
        return report

    def grade_file(
        self,
        path: PathOrSource,
        *,
        task: str | None = None,
        seed: int | None = None,
        thorough: bool = False,
        language: Language | None = None,
        limits: Limits | None = None,
    ) -> list[Report]:
        """A report for each task that the file defines; one with `task` None where there is none."""
        return list(self._reports(path, self._changed(task, seed, thorough, language, limits, None)))

    def _changed(
        self,
        task: str | Task | None,
        seed: int | None,
        thorough: bool,
        language: Language | None,
        limits: Limits | None,
        progress: Callable[[str, float], None] | None,
    ) -> Options:
        foreign = None if task is None or isinstance(task, str) else task
        task = task if foreign is None else foreign.id
        if task is not None and foreign is None and task not in catalogue.TASKS:
            raise KeyError(f"no task {task!r}; answers.catalogue.TASKS has them all")
        mine = self._options
        return replace(
            mine,
            task=task,
            foreign=foreign,
            seed=seed,
            thorough=thorough,
            language=language or mine.language,
            limits=limits or mine.limits,
            progress=progress or mine.progress,
        )

    def _reports(self, path_or_source: PathOrSource, options: Options) -> Iterator[Report]:
        return reports(read(path_or_source, known=options.known), options, Preparation(), self._server)


def grade(
    path_or_source: PathOrSource,
    task: str | Task,
    *,
    seed: int | None = None,
    thorough: bool = False,
    language: Language = "en",
    limits: Limits | None = None,
) -> Report:
    """The report on one task of a submission: a path, or its text (a `str` with a line break or a bracket).

    The fork server behind it is shared by all calls of the process and ends with it.
    """
    return Grader(limits, language).grade(path_or_source, task, seed=seed, thorough=thorough)


def grade_file(
    path: PathOrSource,
    *,
    task: str | None = None,
    seed: int | None = None,
    thorough: bool = False,
    language: Language = "en",
    limits: Limits | None = None,
) -> list[Report]:
    """A report for each task that the file defines; one with `task` None where there is none."""
    return Grader(limits, language).grade_file(path, task=task, seed=seed, thorough=thorough)


__all__ = [
    "Grader",
    "IsolationUnavailable",
    "Limits",
    "Options",
    "Preparation",
    "grade",
    "grade_file",
    "read",
    "reports",
]
