"""Loads a deck: the one that ships with the program, or a folder of the same layout.

A deck is a folder of `qNN_name.py` files, each binding QUESTION, with `tasks/`, `solutions/` and `experiments/` beside them.
Whatever is wrong is collected over all files and reported at once, as `Fault`s with file and line.
"""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from answers import catalogue

if TYPE_CHECKING:
    from answers.model import Experiment, Question, Task

KINDS = {"QUESTION": "Question", "TASK": "Task", "EXPERIMENT": "Experiment"}
"""What a module binds to the kind of record that it has to be."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a deck's file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DeckError(Exception):
    """A deck cannot be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults

    def __reduce__(self) -> tuple[type[DeckError], tuple[list[Fault]]]:
        return type(self), (self.faults,)


class Deck:
    """A deck's files under one package name; each is loaded when it is first asked for."""

    def __init__(self, name: str, package: str, folder: Path, *, strict: bool) -> None:
        self.name = name
        self.package = package
        self.folder = folder
        self._strict = strict
        """Whether every field is held to its type; for the deck that ships `rnnquiz deck check` does so, not every start."""
        self._held: set[str] = set()
        """Modules whose record was."""

    def strictly(self) -> Deck:
        """The same deck with every field held to its type."""
        return Deck(self.name, self.package, self.folder, strict=True)

    @cached_property
    def question_modules(self) -> dict[str, str]:
        """Question id to module name, in the deck's order."""
        if self.package == "answers":
            return catalogue.QUESTIONS
        return {self._bound(module, "QUESTION").id: module for module in self._modules()}

    def question_ids(self) -> tuple[str, ...]:
        """Every question's id, in order."""
        return tuple(self.question_modules)

    def question(self, question_id: str) -> Question:
        """One question. KeyError for an unknown id, DeckError for a file that does not load."""
        return cast("Question", self._bound(self.question_modules[question_id], "QUESTION"))

    def questions(self) -> Iterator[Question]:
        """All questions, in order."""
        return map(self.question, self.question_ids())

    def task_ids(self) -> tuple[str, ...]:
        """Every coding task's id: in the contract's order for the deck that ships, by file name for others."""
        if self.package == "answers":
            return tuple(catalogue.TASKS)
        return tuple(f.stem.replace("_", "-") for f in sorted((self.folder / "tasks").glob("[a-z]*.py")))

    def task(self, task_id: str) -> Task:
        """One coding task. KeyError for an unknown id, DeckError for a file that does not load."""
        if task_id not in self.task_ids():
            raise KeyError(task_id)
        return cast("Task", self._bound(f"tasks.{task_id.replace('-', '_')}", "TASK"))

    def solution(self, task_id: str) -> str:
        """Source text of the task's model solution."""
        return self.solution_file(task_id).read_text(encoding="utf-8")

    def solution_file(self, task_id: str) -> Path:
        """Where the task's model solution stands."""
        return self.folder / "solutions" / f"{task_id.replace('-', '_')}.py"

    def experiment(self, question_id: str) -> Experiment:
        """The executable answer to a question."""
        return self.experiment_of(self.question(question_id))

    def experiment_of(self, question: Question) -> Experiment:
        """The executable answer to a question of this deck, whatever else is wrong with the deck."""
        return cast("Experiment", self._bound(f"experiments.{question.experiment}", "EXPERIMENT"))

    def readable_questions(self) -> Iterator[tuple[str, Question]]:
        """Module name and question of every question file that loads, in order; the others are `load_faults`' business."""
        for module in self._modules():
            try:
                yield module, cast("Question", self._bound(module, "QUESTION"))
            except DeckError:
                continue

    def _modules(self) -> list[str]:
        if self.package == "answers":
            return list(catalogue.QUESTIONS.values())
        return [file.stem for file in sorted(self.folder.glob("q[0-9]*.py"))]

    def load_faults(self) -> list[Fault]:
        """Loads every question file and says what does not load, file by file."""
        faults = []
        for module in self._modules():
            try:
                self._bound(module, "QUESTION")
            except DeckError as error:
                faults += error.faults
        if not self._modules():
            faults.append(Fault(str(self.folder), 1, "no question files (qNN_name.py) in this folder"))
        return faults

    def path_of(self, module: str) -> Path:
        """The file of a module of this deck."""
        return self.folder / (module.replace(".", "/") + ".py")

    def _bound(self, module: str, name: str) -> Any:
        """The object that a module of this deck binds to `name`."""
        path = self.path_of(module)
        loaded = self._import(module, path)
        if not hasattr(loaded, name):
            raise DeckError([Fault(str(path), 1, f"binds no {name}")])
        found = getattr(loaded, name)
        if module not in self._held:
            if faults := _type_faults(found, name, path, self._strict):
                raise DeckError(faults)
            self._held.add(module)
        return found

    def _import(self, module: str, path: Path) -> ModuleType:
        if not path.is_file():
            raise DeckError([Fault(str(path), 1, "there is no such file")])
        try:
            return importlib.import_module(f"{self.package}.{module}")
        except SyntaxError as error:
            raise DeckError(
                [Fault(error.filename or str(path), error.lineno or 1, f"not Python: {error.msg}")]
            ) from error
        except DeckError:
            raise
        except (Exception, SystemExit) as error:  # a deck is code: what it raises while loading is a fault of the deck
            raise DeckError([raised(path, error)]) from error


def raised(path: Path, error: BaseException) -> Fault:
    """What code of a deck's file has raised, with the line of the file where it did."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.lineno for f in reversed(frames) if f.filename == str(path)), None)
    return Fault(str(path), line or 1, f"{type(error).__name__}: {error}")


def _type_faults(found: Any, name: str, path: Path, strict: bool) -> list[Fault]:
    """What is no record of its kind, or (`strict`) holds values of other types than its fields are for."""
    from answers import model

    if not isinstance(found, getattr(model, KINDS[name])):
        return [
            Fault(str(path), line_of(path, name), f"{name}: got a {type(found).__name__}, expected a {KINDS[name]}")
        ]
    if not strict:
        return []
    from answers import fields

    return sorted({Fault(str(path), line_of(path, near), message) for near, message in fields.faults(found)})


def line_of(path: Path, text: str) -> int:
    """The line of a deck's file on which the string `text` stands; 1 where it is not written out there."""
    try:
        status = path.stat()
    except OSError:
        return 1
    return _lines(path, status.st_mtime_ns, status.st_size).get(text, 1)


@lru_cache(maxsize=256)
def _lines(path: Path, changed: int, size: int) -> dict[str, int]:
    """Every string written out in a file, with its first line; `changed` and `size` tell one version from the next."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return {}
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            lines.setdefault(node.value, node.lineno)
    return lines


BUILT_IN = Deck("rnn", "answers", Path(__file__).parent, strict=False)
"""The deck that ships with the program."""


def open_folder(folder: Path, name: str | None = None) -> Deck:
    """The deck in a folder, named as the folder unless told. Nothing of it is run until a question is asked for."""
    folder = folder.resolve()
    package = "rnnquiz_deck_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    for module in list(sys.modules):  # a copy: other threads may be importing
        if module == package or module.startswith(package + "."):
            sys.modules.pop(module, None)  # opened again, it is read again
    importlib.invalidate_caches()
    spec = importlib.machinery.ModuleSpec(package, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    sys.modules[package] = importlib.util.module_from_spec(spec)
    return Deck(name or folder.name, package, folder, strict=True)


question_ids = BUILT_IN.question_ids
load_question = BUILT_IN.question
load_task = BUILT_IN.task
load_solution = BUILT_IN.solution
load_experiment = BUILT_IN.experiment
