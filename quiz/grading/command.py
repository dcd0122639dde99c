"""`rnnquiz grade`: files in, one report after another out, the contract's exit code back.

The order of what is loaded matters: NumPy, then the fork of the submission's process, and only then the task and the
reference, so that no process of a submission ever held them.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from answers import catalogue
from answers.model import Language, Text
from answers.record import replace
from quiz.catalogue import message
from quiz.grading import files

if TYPE_CHECKING:
    from argparse import Namespace

    from quiz.grading.formats.writer import Writer
    from quiz.grading.grader import Options
    from quiz.grading.output import Output
    from quiz.grading.tally import Tally

FILES_PER_WORKER = 4
"""For fewer than this a further worker process costs more than it saves."""
MOST_JOBS = 256
BLAS_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""A process with threads cannot be forked safely, and no case is large enough to need them."""


def run(arguments: Namespace) -> int:
    """Grades what was named. 0: all pass; 1: a submission does not; bad usage raises the command line's UsageError."""
    from quiz.usage import Exit, UsageError

    _check(arguments)
    from quiz.grading.outcome import LACKS, IsolationUnavailable, missing_platform, reduced_isolation

    if (missing := missing_platform()) is not None:
        raise UsageError(missing.of(arguments.lang))
    try:
        found = files.find(arguments.paths)
    except files.MissingPathError as error:
        raise UsageError(_missing(error).of(arguments.lang)) from None
    _refuse_to_overwrite(found, arguments)
    if (reduced := reduced_isolation()) is not None and not arguments.require_isolation:
        print(f"rnnquiz: {reduced.of(arguments.lang)}", file=sys.stderr)
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")
    try:
        tally, interrupted = _graded(found, arguments)
    except IsolationUnavailable as error:
        raise UsageError(message("grade.lacks", layers=str(error).removeprefix(LACKS)).of(arguments.lang)) from None
    if interrupted:
        return Exit.INTERRUPTED
    return Exit.OK if tally.all_pass else Exit.FAILED


def _graded(found: Sequence[str], arguments: Namespace) -> tuple[Tally, bool]:
    """Everything graded and written; whether it was interrupted."""
    from quiz.grading.output import Output
    from quiz.grading.report import named
    from quiz.usage import elsewhere

    try:
        output = Output(None if arguments.output == "-" else arguments.output)
    except OSError as error:
        raise elsewhere(named(arguments.output), error, arguments.lang, "-o") from None
    with output:
        if len(found) == 1 and not (arguments.resume or arguments.dask):
            return _one(found[0], output, arguments), False
        return _many(found, output, arguments)


def _writer(output: Output, arguments: Namespace) -> Writer:
    from quiz.grading import formats

    name = arguments.format or ("json" if arguments.json else "text")
    return formats.writer_of(name, output.stream, arguments.lang, arguments.paths)


def _one(file: str, output: Output, arguments: Namespace) -> Tally:
    """One file: its process is forked from this one, the quickest start. The writer is loaded while it is at work."""
    # Before the fork, as after it each page of memory that is written to is copied: everything that is no secret.
    from quiz.grading import grader, judge, run  # noqa: F401

    if arguments.thorough:
        import gc

        gc.enable()  # the search may take long, and leaves garbage

    written: list[Writer] = []

    def load() -> None:
        if not written:
            written.append(_writer(output, arguments))
            if arguments.output is not None:
                _end_tidily()  # not before: the submission's process is forked by now, and ends as it always did

    preparation = grader.Preparation(meanwhile=load)
    options = replace(_options(arguments), divide=True)
    reports = grader.reports(grader.read(files.Named(file)), options, preparation, early=True)
    first = next(reports)
    from quiz.grading.tally import Tally

    load()
    tally, (writer,) = Tally(), written
    for report in itertools.chain((first,), reports):
        tally.add(report)
        writer.take(report)
    writer.close(tally)
    return tally


def _end_tidily() -> None:
    """A request to end is as Ctrl+C is: the half-written file of results is taken away."""
    import signal

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)


def _many(found: Sequence[str], output: Output, arguments: Namespace) -> tuple[Tally, bool]:
    import gc

    gc.enable()
    from quiz.grading.many import CannotRunError, Plan, Run
    from quiz.processors import processors
    from quiz.usage import UsageError

    jobs = arguments.jobs or max(1, min(processors(), len(found) // FILES_PER_WORKER))
    plan = Plan(min(jobs, len(found)), arguments.resume, arguments.dask, arguments.seed is not None)
    run = Run(found, _options(arguments), plan, _writer(output, arguments))
    try:
        run.grade()
    except CannotRunError as error:
        raise UsageError(error.text.of(arguments.lang)) from None
    if run.interrupted:
        _say_interrupted(run.done, len(found), arguments)
    return run.tally, run.interrupted


def _say_interrupted(done: int, total: int, arguments: Namespace) -> None:
    hint = message("grade.resume_with")
    if arguments.resume:
        hint = message("grade.resume_same")
    text = message("grade.interrupted", done=done, total=total, hint=hint)
    print(f"rnnquiz: {text.of(arguments.lang)}", file=sys.stderr)


def _refuse_to_overwrite(found: Sequence[str], arguments: Namespace) -> None:
    """A result must not be written over a submission, nor over the journal."""
    from quiz.usage import UsageError

    for option, path in (("-o", arguments.output), ("--resume", arguments.resume)):
        if path is not None and os.path.realpath(path) in {os.path.realpath(file) for file in found}:
            text = message("grade.overwrites_submission", option=option, path=path)
            raise UsageError(text.of(arguments.lang))
    if arguments.output and arguments.resume:
        if os.path.realpath(arguments.output) == os.path.realpath(arguments.resume):
            text = message("grade.overwrites_journal")
            raise UsageError(text.of(arguments.lang))


def _options(arguments: Namespace) -> Options:
    from quiz.grading.cases import fresh_seed
    from quiz.grading.grader import Options
    from quiz.grading.outcome import Limits

    return Options(
        task=arguments.task,
        seed=fresh_seed() if arguments.seed is None else arguments.seed,
        thorough=arguments.thorough,
        language=arguments.lang,
        limits=Limits(
            seconds=arguments.time_limit, memory=arguments.memory_limit << 20, output=arguments.output_limit << 10
        ),
        hints=arguments.hints,
        required=arguments.require_isolation,
    )


def _check(arguments: Namespace) -> None:
    """Bad usage is said before anything is run."""
    from quiz.usage import UsageError, unknown

    lang: Language = arguments.lang
    if arguments.task is not None and arguments.task not in catalogue.TASKS:
        raise UsageError(unknown("task", arguments.task, list(catalogue.TASKS), lang))
    if not 0 < arguments.time_limit < 1e6:
        raise UsageError(message("grade.time_limit").of(lang))
    if not 0 < arguments.memory_limit < 1 << 20:
        raise UsageError(message("grade.memory_limit").of(lang))
    if not 0 <= arguments.output_limit < 1 << 15:
        raise UsageError(message("grade.output_limit").of(lang))
    if arguments.jobs is not None and not 0 < arguments.jobs <= MOST_JOBS:
        raise UsageError(message("grade.jobs", most=MOST_JOBS).of(lang))
    if arguments.json and arguments.format not in (None, "json"):
        raise UsageError(message("grade.json_or_format", format=arguments.format).of(lang))
    if arguments.seed is not None and arguments.seed < 0:
        raise UsageError(message("grade.seed").of(lang))


def _missing(error: files.MissingPathError) -> Text:
    from quiz.grading.report import named

    path = named(error.path)
    if error.is_empty:
        return message("grade.empty_folder", path=path)
    return message("grade.no_such_path", path=path)
