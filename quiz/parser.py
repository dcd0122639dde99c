"""Every command and option, for argparse. `quiz.cli` loads this where the command line is not plain enough to be read at once."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from answers.model import Language, Text, formula
from quiz.catalogue import message
from quiz.grading import options
from quiz.usage import UsageError

_SAID: tuple[tuple[str, Callable[[tuple[str, ...]], Text]], ...] = (
    (r"argument (.+?): (.+)", lambda a: message("usage.argument", name=a[0], fault=translated(a[1]))),
    (r"the following arguments are required: (.+)", lambda a: message("usage.required", names=a[0])),
    (r"unrecognized arguments: (.+)", lambda a: message("usage.unrecognized", words=a[0])),
    (r"invalid choice: (.+) \(choose from (.+)\)", lambda a: message("usage.no_choice", word=a[0], choices=a[1])),
    (r"invalid int value: (.+)", lambda a: message("usage.no_integer", word=a[0])),
    (r"invalid float value: (.+)", lambda a: message("usage.no_number", word=a[0])),
    (r"invalid \S+ value: (.+)", lambda a: message("usage.no_value", word=a[0])),
    (r"expected (?:one|at least one) argument", lambda _: message("usage.needs_value")),
    (r"expected (\d+) arguments?", lambda a: message("usage.needs_values", count=a[0])),
    (r"ignored explicit argument (.+)", lambda a: message("usage.takes_no_value", word=a[0])),
    (r"ambiguous option: (.+) could match (.+)", lambda a: message("usage.ambiguous", word=a[0], options=a[1])),
    (r"not allowed with argument (.+)", lambda a: message("usage.not_with", option=a[0])),
)
"""What argparse says of a mistake, as patterns of the whole sentence, and the message for it."""

_HEADINGS = (
    ("usage:", message("help.usage")),
    ("\npositional arguments:\n", message("help.arguments")),
    ("\noptions:\n", message("help.options")),
    ("show this help message and exit", message("help.help")),
)
"""What argparse writes into a help by itself."""


def translated(said: str) -> Text:
    """A sentence of argparse, whose English stays its own; one that is not known stays as it is in both languages."""
    for pattern, of in _SAID:
        if found := re.fullmatch(pattern, said):
            return Text(zh=of(found.groups()).zh, en=said)
    return formula(said)


def path(word: str) -> Path:
    """A name of a file or folder; ValueError for an empty one, which would stand for the folder one is in."""
    return Path(options.given(word))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage block."""

    lang: Language = "en"

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; what is left over is said of the command that was asked for."""
        arguments, rest = self.parse_known_args(args, namespace)
        if rest:
            program = f"{self.prog} {arguments.command}" if arguments.command else self.prog
            said = translated(f"unrecognized arguments: {' '.join(rest)}")
            raise UsageError(_see_help(said, program).of(self.lang))
        return arguments

    def error(self, message: str) -> NoReturn:
        raise UsageError(_see_help(translated(message), self.prog).of(self.lang))


def _see_help(fault: Text, program: str) -> Text:
    return message("usage.see_help", fault=fault, program=program)


class _ChineseParser(_Parser):
    """The same in Chinese, the headings of its help too."""

    lang = "zh"

    def format_help(self) -> str:
        said = super().format_help()
        for english, heading in _HEADINGS:
            said = said.replace(english, english.replace(english.strip(), heading.zh), 1)
        return said


class _Unasked:
    """Stands for the parser of a command that was not asked for: building them all takes longer than most commands."""

    def add_argument(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    def add_subparsers(self, **_: Any) -> Any:
        """Nothing either."""
        return self

    def add_parser(self, *_: Any, **__: Any) -> Any:
        """Nor this."""
        return self


def build_parser(lang: Language, only: str | None = None) -> argparse.ArgumentParser:
    """Every command and option of the contract; with `only`, the options of that command alone."""

    def say(text: Text) -> str:
        return text.of(lang).replace("%", "%%")

    kind = _ChineseParser if lang == "zh" else _Parser
    common = kind(add_help=False)
    common.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=say(message("help.lang")))
    as_json = kind(add_help=False)
    as_json.add_argument("--json", action="store_true", help=say(message("help.json")))

    parser = kind(
        prog="rnnquiz",
        parents=[common],
        description=say(message("help.program")),
    )
    parser.add_argument("--version", action="store_true", help=say(message("help.version")))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=kind, prog="rnnquiz")

    def command(name: str, about: Text, *parents: _Parser) -> Any:
        if only not in (None, name):
            return _Unasked()
        text = say(about)
        return commands.add_parser(name, parents=[common, *parents], help=text, description=text)

    command("list", message("help.list"), as_json)

    new = command("new", message("help.new"))
    new.add_argument("task", metavar="TASK", help=say(message("help.new.task")))
    new.add_argument("-o", "--output", metavar="FILE", type=path, help=say(message("help.new.output")))

    grade = command("grade", message("help.grade"), as_json)
    if isinstance(grade, _Parser):
        _add_grade_arguments(grade, lang)

    watch = command("watch", message("help.watch"))
    watch.add_argument("file", metavar="FILE", type=path, help=say(message("help.watch.file")))
    watch.add_argument("--task", metavar="TASK", help=say(message("help.grade.task")))

    answer = command("answer", message("help.answer"), as_json)
    answer.add_argument("question", metavar="QUESTION", nargs="?", help=say(message("help.answer.question")))
    answer.add_argument("--all", action="store_true", help=say(message("help.answer.all")))
    answer.add_argument("--quick", action="store_true", help=say(message("help.answer.quick")))
    answer.add_argument(
        "--write",
        metavar="FILE",
        type=path,
        help=say(message("help.answer.write")),
    )
    answer.add_argument("--plot", metavar="FILE", type=path, help=say(message("help.answer.plot")))

    interview = command("interview", message("help.interview"), as_json)
    interview.add_argument("number", metavar="NUMBER", nargs="?", type=int, help=say(message("help.interview.number")))
    interview.add_argument("-o", "--output", metavar="FILE", type=path, help=say(message("help.interview.output")))

    deck = command("deck", message("help.deck"))
    deck_commands = deck.add_subparsers(
        dest="deck_command", metavar="COMMAND", required=True, parser_class=kind, prog="rnnquiz deck"
    )
    check = deck_commands.add_parser("check", parents=[common, as_json], help=say(message("help.deck.check")))
    check.add_argument("path", metavar="PATH", nargs="?", type=path, help=say(message("help.deck.check.path")))
    skeleton = deck_commands.add_parser("new", parents=[common], help=say(message("help.deck.new")))
    skeleton.add_argument("name", metavar="SECTION/NAME", help=say(message("help.deck.new.name")))

    add = deck_commands.add_parser("add", parents=[common], help=say(message("help.deck.add")))
    add.add_argument("folder", metavar="FOLDER", type=path, help=say(message("help.deck.add.folder")))
    add.add_argument("--yes", action="store_true", help=say(message("help.deck.yes")))
    deck_commands.add_parser("list", parents=[common, as_json], help=say(message("help.deck.list")))
    remove = deck_commands.add_parser("remove", parents=[common], help=say(message("help.deck.remove")))
    remove.add_argument("name", metavar="NAME", help=say(message("help.deck.remove.name")))

    export = command("export", message("help.export"))
    exports = export.add_subparsers(
        dest="export_command", metavar="FORMAT", required=True, parser_class=kind, prog="rnnquiz export"
    )
    anki = exports.add_parser("anki", parents=[common], help=say(message("help.export.anki")))
    anki.add_argument("file", metavar="FILE", type=path, help=say(message("help.export.file")))
    anki.add_argument("--no-pictures", action="store_true", help=say(message("help.export.no_pictures")))
    progress = exports.add_parser("json", parents=[common], help=say(message("help.export.json")))
    progress.add_argument("file", metavar="FILE", type=path, help=say(message("help.export.file")))

    taking = command("import", message("help.import"))
    taking.add_argument("file", metavar="FILE", type=path, help=say(message("help.import.file")))

    serve = command("serve", message("help.serve"))
    if isinstance(serve, _Parser):
        _add_serve_arguments(serve, say)

    command("doctor", message("help.doctor"), as_json)
    return parser


def _add_grade_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    options.add_arguments(parser, lang)


def _add_serve_arguments(parser: argparse.ArgumentParser, say: Callable[[Text], str]) -> None:
    parser.add_argument("--host", default="127.0.0.1", help=say(message("help.serve.host")))
    parser.add_argument(
        "--port",
        type=int,
        default=8000,
        help=say(message("help.serve.port")),
    )
    parser.add_argument(
        "--mine",
        action="store_true",
        help=say(message("help.serve.mine")),
    )
    parser.add_argument(
        "--visitors",
        type=int,
        default=16,
        metavar="N",
        help=say(message("help.serve.visitors")),
    )
    parser.add_argument(
        "--graders",
        type=int,
        default=None,
        metavar="N",
        help=say(message("help.serve.graders")),
    )
