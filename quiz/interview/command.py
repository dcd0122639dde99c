"""`rnnquiz interview`: past interviews as a list, and the report of one of them."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from answers.model import Language, Text
from quiz import store
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
            raise UsageError(
                Text(zh="-o 写一份报告；请给出面试的编号", en="-o writes one report; name the interview's number").of(
                    lang
                )
            )
        return _listed(unfinished, past, arguments)
    if not 1 <= arguments.number <= len(past):
        raise UsageError(
            Text(
                zh=f"没有第 {arguments.number} 场面试（共 {len(past)} 场）；rnnquiz interview 列出全部",
                en=f"there is no interview {arguments.number} (of {len(past)}); rnnquiz interview lists them",
            ).of(lang)
        )
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
        return Text(
            zh="还没有模拟面试。打开 rnnquiz，按 i 开始。", en="No interview yet. Open rnnquiz and press i to begin."
        ).of(lang)
    going = Text(zh="进行中", en="going on").of(lang)
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
        raise UsageError(
            Text(
                zh=f"{path}：报告只能写成 .md 或 .html；请改扩展名",
                en=f"{path}: a report is written as .md or .html; change the file's ending",
            ).of(lang)
        )
    try:
        files.write(path, write(found, lang))
    except FileExistsError:
        raise UsageError(
            Text(
                zh=f"{path} 已存在，不会覆盖；请换一个名字",
                en=f"{path} exists and is never overwritten; choose another name",
            ).of(lang)
        ) from None
    except OSError as error:
        raise elsewhere(path, error, lang) from None
    return Text(zh=f"已写入 {path}", en=f"wrote {path}").of(lang)
