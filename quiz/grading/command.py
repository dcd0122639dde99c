"""`rnnquiz grade`: files in, one report after another out, the contract's exit code back.

The order of what is loaded matters: NumPy, then the fork of the submission's process, and only then the task and the
reference, so that no process of a submission ever held them.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from answers import catalogue
from answers.model import Language, Text
from quiz.grading import files

if TYPE_CHECKING:
    from quiz.grading.grader import Options
    from quiz.grading.report import Report

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
"""A process with threads cannot be forked safely, and no case is large enough to need them."""


def run(arguments: Namespace) -> int:
    """Grades what was named. 0: all pass; 1: a submission does not; bad usage raises the command line's UsageError."""
    from quiz.cli import UsageError

    _check(arguments)
    try:
        found = files.find(arguments.paths)
    except files.MissingPathError as error:
        raise UsageError(_missing(error).of(arguments.lang)) from None
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")
    from quiz.grading.outcome import IsolationUnavailable

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    seen: list[Report] = []
    try:
        for report in _reports(found, arguments):
            seen.append(report)
            _show(report, arguments)
    except IsolationUnavailable as error:
        raise UsageError(
            Text(
                zh=f"隔离不全，按 --require-isolation 拒绝运行：{error}；rnnquiz doctor 列出各层",
                en=f"--require-isolation: not every layer is to be had here: {error}; see rnnquiz doctor",
            ).of(arguments.lang)
        ) from None
    if len(seen) > 1 and not arguments.json:
        from quiz.grading.rendering import summary

        _print(summary(seen, arguments.lang))
    return 0 if all(report.passed or report.helper for report in seen) else 1


def _reports(found: Sequence[str], arguments: Namespace) -> Iterator[Report]:
    from quiz.grading import grader

    options = _options(arguments)
    preparation = grader.Preparation()
    if len(found) == 1:
        yield from grader.reports(grader.read(_as_path(found[0])), options, preparation, early=True)
        return
    from quiz.grading.runner import start_server

    server = start_server(early=True)
    try:
        for file in found:
            yield from grader.reports(grader.read(_as_path(file)), options, preparation, server)
    finally:
        server.close()


def _as_path(file: str) -> os.PathLike[str]:
    """A name may hold a line break, which as a `str` would be taken for a text."""
    return _Named(file)


class _Named(os.PathLike[str]):
    def __init__(self, name: str) -> None:
        self._name = name

    def __fspath__(self) -> str:
        return self._name


def _options(arguments: Namespace) -> Options:
    from quiz.grading.cases import fresh_seed
    from quiz.grading.grader import Options
    from quiz.grading.outcome import Limits

    return Options(
        task=arguments.task,
        seed=fresh_seed() if arguments.seed is None else arguments.seed,
        thorough=arguments.thorough,
        language=arguments.lang,
        limits=Limits(seconds=arguments.time_limit, memory=arguments.memory_limit << 20),
        hints=arguments.hints,
        required=arguments.require_isolation,
    )


def _check(arguments: Namespace) -> None:
    """Bad usage is said before anything is run."""
    from quiz.cli import UsageError, unknown

    lang: Language = arguments.lang
    if arguments.task is not None and arguments.task not in catalogue.TASKS:
        raise UsageError(unknown("task", arguments.task, list(catalogue.TASKS), lang))
    if not 0 < arguments.time_limit < 1e6:
        raise UsageError(
            Text(zh="--time-limit 要大于 0 秒", en="--time-limit: give a number of seconds above 0").of(lang)
        )
    if not 0 < arguments.memory_limit < 1 << 20:
        raise UsageError(
            Text(zh="--memory-limit 要大于 0（MiB）", en="--memory-limit: give a number of MiB above 0").of(lang)
        )
    if arguments.seed is not None and arguments.seed < 0:
        raise UsageError(Text(zh="--seed 要是非负整数", en="--seed: give an integer of 0 or more").of(lang))


def _missing(error: files.MissingPathError) -> Text:
    from quiz.grading.report import escaped

    path = escaped(error.path).replace("\n", "\\n")
    if error.is_empty:
        return Text(zh=f"{path}：文件夹里没有 .py 文件", en=f"{path}: no .py files in this folder")
    return Text(zh=f"{path}：没有这个文件或文件夹", en=f"{path}: no such file or folder; check the path")


def _show(report: Report, arguments: Namespace) -> None:
    if arguments.json:
        import json

        shown = report.to_json()
        if report.hints:
            shown["hints"] = list(report.hints)
        _print(json.dumps(shown, ensure_ascii=False))
    else:
        from quiz.grading.rendering import render

        _print(render(report, arguments.lang))


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
