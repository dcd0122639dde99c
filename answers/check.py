"""Checks a whole deck's words and structure at once: every fault with its file and line.

What needs the grader (model solutions pass, misconceptions fail, formula drills run) is checked by `quiz.deck_check`.
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any

from answers import catalogue
from answers.deck import Deck, DeckError, Fault, line_of
from answers.model import (
    ChoiceDrill,
    Drill,
    FormulaDrill,
    NumberDrill,
    OrderDrill,
    Question,
    Source,
    Task,
    Text,
    TrueFalseDrill,
)

DRAWS = 25
"""How many times a number drill is drawn."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[A-Za-z]{3,}")
_CODE = re.compile(r"`[^`]*`|(?m:^ {4,}.*$)")
_PLACEHOLDER = re.compile(r"\b(TODO|TBD|FIXME|XXX|lorem ipsum)\b|待补|待写|此处填写", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def check(deck: Deck) -> list[Fault]:
    """Every fault of the deck's files, sorted by file and line; an empty list is a sound deck."""
    deck = deck.strictly()
    faults = deck.load_faults()
    broken = bool(faults)
    questions = []
    paths: dict[str, Path] = {}
    for module, question in deck.readable_questions():
        path = deck.path_of(module)
        if question.id in paths:
            faults.append(Fault(str(path), line_of(path, question.id), f"question id {question.id!r} is used twice"))
        paths[question.id] = path
        questions.append(question)
        faults += [Fault(str(path), line, message) for line, message in _question_faults(deck, question, path)]
    for task_id in deck.task_ids():
        faults += _task_file_faults(deck, task_id)
    for name, count in Counter(drill.id for q in questions for drill in q.drills).items():
        if count > 1:
            faults.append(
                _deck_fault(deck, paths, questions, name, f"drill id {name!r} is used {count} times; ids are unique")
            )
    for name, count in Counter(task for q in questions for task in q.tasks).items():
        if count > 1:
            faults.append(
                _deck_fault(
                    deck, paths, questions, name, f"task {name!r} hangs on {count} questions; it belongs to one"
                )
            )
    hung = {task for q in questions for task in q.tasks}
    for task_id in deck.task_ids():
        if task_id not in hung and not broken:
            faults.append(Fault(str(_task_path(deck, task_id)), 1, f"task {task_id!r} hangs on no question"))
    return sorted(set(faults))


def _deck_fault(deck: Deck, paths: dict[str, Path], questions: list[Question], name: str, message: str) -> Fault:
    for question in questions:
        if name in question.tasks or any(drill.id == name for drill in question.drills):
            return Fault(str(paths[question.id]), line_of(paths[question.id], name), message)
    return Fault(str(deck.folder), 1, message)


def _task_path(deck: Deck, task_id: str) -> Path:
    return deck.path_of(f"tasks.{task_id.replace('-', '_')}")


def _question_faults(deck: Deck, question: Question, path: Path) -> Iterator[tuple[int, str]]:
    at = line_of(path, question.id)
    if not _SLUG.match(question.id):
        yield at, f"question id {question.id!r}: an id is lower case with hyphens"
    if deck.package == "answers" and catalogue.QUESTIONS.get(question.id) != path.stem:
        yield at, f"question id {question.id!r}: the catalogue does not name this file by it"
    for where, text in texts(question):
        yield from _text_faults(path, where, text)
    for kind, least, have in (
        ("key points", 3, len(question.key_points)),
        ("follow-ups", 1, len(question.follow_ups)),
        ("drills", 3, len(question.drills)),
        ("sources", 1, len(question.sources)),
    ):
        if have < least:
            yield at, f"{question.id}: {have} {kind}; a question has at least {least}"
    if (hints := len(tuple(question.hints))) != 3:
        yield at, f"{question.id}: {hints} hints; expected a nudge, the idea, the line"
    for kind, names in (
        ("key point", [k.id for k in question.key_points]),
        ("claim of the notes", [n.id for n in question.notes]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield line_of(path, name), f"{kind} id {name!r} is used {count} times; ids are unique"
    for point in question.key_points:
        yield from _key_point_faults(path, point.id, point.mentions)
    for source in question.sources:
        yield from _source_faults(path, source)
    for drill in question.drills:
        for message in drill_faults(drill):
            yield line_of(path, drill.id), f"drill {drill.id!r}: {message}"
    for task_id in question.tasks:
        if task_id not in deck.task_ids():
            yield line_of(path, task_id), f"task {task_id!r}: there is no such file under tasks/"
    yield from _experiment_faults(deck, question, path)


def _experiment_faults(deck: Deck, question: Question, path: Path) -> Iterator[tuple[int, str]]:
    file = deck.path_of(f"experiments.{question.experiment}")
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except OSError:
        yield line_of(path, question.experiment), f"experiment {question.experiment!r}: there is no file {file.name}"
        return
    except SyntaxError as error:
        yield line_of(path, question.experiment), f"experiment {file.name}:{error.lineno}: not Python: {error.msg}"
        return
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    patterns = [
        re.compile(".+".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values))
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    ]
    for claim in question.notes:
        if not claim.evidence:
            yield line_of(path, claim.id), f"claim {claim.id!r} of the notes names no evidence"
        for name in claim.evidence:
            if name not in written and not any(pattern.fullmatch(name) for pattern in patterns):
                yield line_of(path, name), f"evidence {name!r}: {file.name} makes no claim of that id"


def _text_faults(path: Path, where: str, text: Text) -> Iterator[tuple[int, str]]:
    for message in _text_messages(where, text):
        yield line_of(path, text.en or text.zh), message


def _text_messages(where: str, text: Text) -> Iterator[str]:
    for name, words in (("zh", text.zh), ("en", text.en)):
        if not words.strip():
            yield f"{where}: the {name} text is empty"
        elif found := _PLACEHOLDER.search(words):
            yield f"{where}: the {name} text holds the placeholder {found.group()!r}"
    if _HAN.search(text.en):
        yield f"{where}: the en text holds Chinese"
    if text.zh == text.en and len(_WORDS.findall(_CODE.sub("", text.en))) > 4:
        yield f"{where}: zh and en are the same text"
    for what, pattern in (("lines of code", r"(?m)^ {4,}\S"), ("list items", r"(?m)^(?:[-*]|\d+\.) ")):
        zh, en = len(re.findall(pattern, text.zh)), len(re.findall(pattern, text.en))
        if zh != en:
            yield f"{where}: {zh} {what} in zh, {en} in en; both have the same structure"


def _key_point_faults(path: Path, name: str, mentions: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    if not mentions:
        yield line_of(path, name), f"key point {name!r} has no mentions, so it can never be ticked by itself"
    for pattern in mentions:
        try:
            if re.compile(pattern, re.IGNORECASE).search(""):
                yield line_of(path, pattern), f"key point {name!r}: {pattern!r} matches an empty answer"
        except re.error as error:
            yield line_of(path, pattern), f"key point {name!r}: {pattern!r} is no regular expression: {error}"


def _source_faults(path: Path, source: Source) -> Iterator[tuple[int, str]]:
    if not source.authors.strip() or not source.title.strip() or not 1900 <= source.year <= 2100:
        yield line_of(path, source.title), f"source {source.title!r}: authors, year and title are all needed"


def drill_faults(drill: Drill) -> Iterator[str]:
    """What makes a drill unsolvable or unfair. Formulas are run by `quiz.deck_check`."""
    if not _SLUG.match(drill.id):
        yield "an id is lower case with hyphens"
    match drill:
        case ChoiceDrill():
            if not 0 <= drill.right < len(drill.options):
                yield f"right is {drill.right}, but there are {len(drill.options)} options"
            if len(drill.options) < 2:
                yield "a choice has at least two options"
            if len({o.en for o in drill.options}) < len(drill.options) or len({o.zh for o in drill.options}) < len(
                drill.options
            ):
                yield "two options read the same"
        case OrderDrill():
            if len({s.en for s in drill.steps}) < max(3, len(drill.steps)):
                yield "an ordering has at least three different steps"
        case NumberDrill():
            yield from _number_faults(drill)
        case FormulaDrill():
            if drill.answer in (wrong for wrong, _ in drill.wrong):
                yield "the answer stands among the wrong expressions"
        case TrueFalseDrill():
            pass


def _number_faults(drill: NumberDrill) -> Iterator[str]:
    for seed in range(DRAWS):
        try:
            sizes = drill.draw(Random(seed))
            answer = drill.answer(**sizes)
            for text in (drill.ask, drill.why):
                for words in (text.zh, text.en):
                    words.format(**sizes, answer=answer)
        except Exception as error:  # whatever a deck's function raises is the drill's fault
            yield f"draw {seed}: {type(error).__name__}: {error}"
            return
        if not math.isfinite(answer):
            yield f"draw {seed}: the answer is {answer}"
            return
        if drill.tolerance == 0 and answer != int(answer):
            yield f"draw {seed}: the answer {answer} is no integer and there is no tolerance"
            return


def _task_file_faults(deck: Deck, task_id: str) -> Iterator[Fault]:
    path = _task_path(deck, task_id)
    try:
        task = deck.task(task_id)
    except DeckError as error:
        yield from error.faults
        return
    if not deck.solution_file(task_id).is_file():
        yield Fault(str(path), 1, f"there is no model solution {deck.solution_file(task_id).name} under solutions/")
    yield from (Fault(str(path), line, message) for line, message in _task_faults(task, task_id, path))


def _task_faults(task: Task, task_id: str, path: Path) -> Iterator[tuple[int, str]]:
    if task.id != task_id:
        yield line_of(path, task.id), f"task id {task.id!r}: the file's name asks for {task_id!r}"
    for where, text in texts(task):
        yield from _text_faults(path, where, text)
    for name, count in Counter(m.id for m in task.misconceptions).items():
        if count > 1:
            yield line_of(path, name), f"misconception id {name!r} is used {count} times; ids are unique"
    if (hints := len(tuple(task.hints))) != 3:
        yield 1, f"{hints} hints; expected a nudge, the idea, the line"


def texts(thing: Any, where: str = "") -> Iterator[tuple[str, Text]]:
    """Every Text inside a dataclass, with the way to it: `drills.2.options.0`."""
    if isinstance(thing, Text):
        yield where, thing
    elif isinstance(thing, tuple):
        for k, part in enumerate(thing):
            yield from texts(part, f"{where}.{k}" if where else str(k))
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name), f"{where}.{field.name}" if where else field.name)
