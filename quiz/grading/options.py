"""The options of `rnnquiz grade`: one table, for argparse and for reading plain command lines without it.

Loading argparse and building a parser take a twentieth of a verdict's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from answers.record import Record
from quiz.catalogue import message

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from answers.model import Language, Text


class Option(Record):
    """One option; `kind` makes its value of a word, None stands for a switch."""

    names: tuple[str, ...]
    kind: Callable[[str], Any] | None
    about: Text
    metavar: str | None = None
    default: Any = None
    choices: tuple[str, ...] | None = None

    @property
    def attribute(self) -> str:
        """Its name among the parsed arguments."""
        return self.names[-1].lstrip("-").replace("-", "_")


def path(word: str) -> str:
    """A name of a file; ValueError for an empty one, as a variable that is not set leaves it."""
    return given(word)


def address(word: str) -> str:
    """Where a scheduler listens."""
    return given(word)


def given(word: str) -> str:
    """The word, unless it is empty: ValueError then."""
    if not word:
        raise ValueError
    return word


FORMATS = ("text", "json", "junit", "csv", "gradescope", "markdown", "html")
OPTIONS = (
    Option(("--task",), str, message("help.grade.task"), "TASK"),
    Option(("--seed",), int, message("help.grade.seed"), "N"),
    Option(("--thorough",), None, message("help.grade.thorough")),
    Option(("--hints",), None, message("help.grade.hints")),
    Option(("--time-limit",), float, message("help.grade.time_limit"), "SECONDS", 10.0),
    Option(("--memory-limit",), int, message("help.grade.memory_limit"), "MIB", 1024),
    Option(("--output-limit",), int, message("help.grade.output_limit"), "KIB", 64),
    Option(("--require-isolation",), None, message("help.grade.require_isolation")),
    Option(("-j", "--jobs"), int, message("help.grade.jobs"), "N"),
    Option(("--format",), str, message("help.grade.format"), choices=FORMATS),
    Option(("-o", "--output"), path, message("help.grade.output"), "FILE"),
    Option(("--resume",), path, message("help.grade.resume"), "FILE"),
    Option(("--dask",), address, message("help.grade.dask"), "ADDRESS"),
)
COMMON = (
    Option(("--lang",), str, message("help.lang"), choices=("zh", "en")),
    Option(("--json",), None, message("help.json")),
)
"""Options of other commands too, which the command line adds by itself."""


def add_arguments(parser: ArgumentParser, lang: Language) -> None:
    """Adds the positional paths and every option of `grade`."""
    parser.add_argument("paths", metavar="PATH", nargs="+", type=path, help=message("help.grade.paths").of(lang))
    for option in OPTIONS:
        text = option.about.of(lang)
        if option.kind is None:
            parser.add_argument(*option.names, action="store_true", help=text)
        else:
            parser.add_argument(
                *option.names,
                type=option.kind,
                metavar=option.metavar,
                default=option.default,
                choices=option.choices,
                help=text,
            )


def plainly(words: Sequence[str]) -> SimpleNamespace | None:
    """What argparse would make of the words after `grade`; None where it must be asked: for help, faults and short forms."""
    found: dict[str, Any] = {"command": "grade", "version": False, "paths": []}
    found.update((option.attribute, option.default if option.kind else False) for option in (*OPTIONS, COMMON[1]))
    by_name = {name: option for option in (*OPTIONS, *COMMON) for name in option.names}
    paths: list[str] = found["paths"]
    rest = list(reversed(words))
    last = ""
    while rest:
        word = rest.pop()
        if not word.startswith("-"):
            if not word or (paths and last != "path"):
                return None
            paths.append(word)
            last = "path"
            continue
        last = "option"
        name, equals, value = word.partition("=")
        option = by_name.get(name)
        if option is None or (equals and (value in ("", "--") or not name.startswith("--"))):
            return None
        if option.kind is None:
            if equals:
                return None
            found[option.attribute] = True
            continue
        if not equals:
            if not rest or rest[-1].startswith("-"):
                return None
            value = rest.pop()
        if option.choices is not None and value not in option.choices:
            return None
        try:
            found[option.attribute] = option.kind(value)
        except ValueError:
            return None
    return SimpleNamespace(**found) if paths else None
