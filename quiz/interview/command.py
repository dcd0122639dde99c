"""`rnnquiz interview`: past interviews as a list, and the report of one of them."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from answers.model import Language
from quiz import store
from quiz.catalogue import message
from quiz.interview import files, html, pages, report, words
from quiz.interview.kept import kept
from quiz.interview.sitting import Interview
from quiz.opened import opened
from quiz.usage import UsageError, elsewhere


def run(arguments: Namespace) -> str:
    """What to print. UsageError for bad input; writes a file where one is asked for."""
    lang: Language = arguments.lang
    unfinished, past = kept(_states(lang))
    if arguments.number is None:
        if arguments.output is not None:
            raise UsageError(message("interviews.which").of(lang))
        return _listed(unfinished, past, arguments)
    if not 1 <= arguments.number <= len(past):
        raise UsageError(message("interviews.unknown", number=arguments.number, count=len(past)).of(lang))
    found = report.report(past[arguments.number - 1])
    if arguments.output is None:
        return pages.markdown(found, lang).rstrip("\n")
    return _written(found, arguments.output, lang)


def _states(lang: Language) -> list[Any]:
    """What the store holds; makes no file where there is none."""
    if not store.database_path().exists():
        return []
    with opened(lang) as held:
        return held.interviews(10_000)


def _listed(unfinished: list[Interview], past: list[Interview], arguments: Namespace) -> str:
    lang: Language = arguments.lang
    if arguments.json:
        rows = [_row(None, interview) for interview in unfinished]
        return json.dumps([*rows, *(_row(k, i) for k, i in enumerate(past, 1))], ensure_ascii=False)
    if not past and not unfinished:
        return message("interviews.none").of(lang)
    going = message("interviews.going_on").of(lang)
    lines = [f"  –  {_line(interview, going, lang)}" for interview in unfinished]
    return "\n".join([*lines, *(f"{k:>3}  {_line(i, words.percent(i.score), lang)}" for k, i in enumerate(past, 1))])


def _line(interview: Interview, outcome: str, lang: Language) -> str:
    setup = pages.setup_line(interview.setup, lang)
    return f"{words.date(interview.began)}  {words.padded(outcome, 8)}  {setup}"


def _row(number: int | None, interview: Interview) -> dict[str, Any]:
    return {
        "number": number,
        "began": words.date(interview.began),
        "minutes": interview.setup.minutes,
        "parts": list(interview.setup.parts),
        "phase": interview.phase,
        "score": interview.score,
    }


def _written(found: report.Report, path: Path, lang: Language) -> str:
    write = {".md": pages.markdown, ".html": html.html}.get(path.suffix.lower())
    if write is None:
        raise UsageError(message("interviews.suffix", path=path).of(lang))
    try:
        files.write(path, write(found, lang))
    except FileExistsError:
        raise UsageError(message("interviews.exists", path=path).of(lang)) from None
    except OSError as error:
        raise elsewhere(path, error, lang) from None
    return message("interviews.written", path=path).of(lang)
