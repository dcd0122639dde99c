"""Every command and option, for argparse. `quiz.cli` loads this where the command line is not plain enough to be read at once."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from answers.model import Language
from quiz.usage import UsageError

_CHINESE = (
    (r"argument (.+?): (.+)", "{0}：{1}"),
    (r"the following arguments are required: (.+)", "还缺 {0}"),
    (r"unrecognized arguments: (.+)", "不认识的参数 {0}"),
    (r"invalid choice: (.+) \(choose from (.+)\)", "不能是 {0}，可选 {1}"),
    (r"invalid int value: (.+)", "{0} 不是整数"),
    (r"invalid float value: (.+)", "{0} 不是数"),
    (r"invalid \S+ value: (.+)", "{0} 不是能用的值"),
    (r"expected (?:one|at least one) argument", "后面要跟一个值"),
    (r"expected (\d+) arguments?", "后面要跟 {0} 个值"),
    (r"ignored explicit argument (.+)", "不带值，多了 {0}"),
    (r"ambiguous option: (.+) could match (.+)", "{0} 可以是 {1}，请写全"),
    (r"not allowed with argument (.+)", "不能与 {0} 合用"),
)
"""What argparse says of a mistake, as patterns of the whole message, and the same in Chinese."""

_HEADINGS = (
    ("usage:", "用法："),
    ("\npositional arguments:\n", "\n参数：\n"),
    ("\noptions:\n", "\n选项：\n"),
    ("show this help message and exit", "显示这份帮助"),
)
"""What argparse writes into a help by itself."""


def in_chinese(message: str) -> str:
    """A message of argparse in Chinese; one that is not known stays as it is."""
    for pattern, said in _CHINESE:
        if found := re.fullmatch(pattern, message):
            return said.format(*(in_chinese(group) for group in found.groups()))
    return message


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage block."""

    lang: Language = "en"

    def error(self, message: str) -> NoReturn:
        if self.lang == "zh":
            raise UsageError(f"{in_chinese(message)}；用法见 {self.prog} --help")
        raise UsageError(f"{message}; see {self.prog} --help")


class _ChineseParser(_Parser):
    """The same in Chinese, the headings of its help too."""

    lang = "zh"

    def format_help(self) -> str:
        said = super().format_help()
        for english, chinese in _HEADINGS:
            said = said.replace(english, chinese, 1)
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

    def say(zh: str, en: str) -> str:
        return (zh if lang == "zh" else en).replace("%", "%%")

    kind = _ChineseParser if lang == "zh" else _Parser
    common = kind(add_help=False)
    common.add_argument(
        "--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=say("界面语言", "language (else by locale)")
    )
    as_json = kind(add_help=False)
    as_json.add_argument("--json", action="store_true", help=say("输出 JSON", "print JSON"))

    parser = kind(
        prog="rnnquiz",
        parents=[common],
        description=say(
            "在终端里练习 RNN、LSTM、GRU 面试题：会不会说、会不会写、是不是真的。不带命令则打开练习界面。",
            "Practise RNN, LSTM and GRU interview questions in the terminal. Without a command, opens the app.",
        ),
    )
    parser.add_argument("--version", action="store_true", help=say("显示版本", "print the version"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=kind, prog="rnnquiz")

    def command(name: str, zh: str, en: str, *parents: _Parser) -> Any:
        if only not in (None, name):
            return _Unasked()
        text = say(zh, en)
        return commands.add_parser(name, parents=[common, *parents], help=text, description=text)

    command("list", "列出题目与编程任务及其状态", "list questions and tasks with their state", as_json)

    new = command("new", "写出一个任务的起始文件", "write a starter file for a task")
    new.add_argument("task", metavar="TASK")
    new.add_argument("-o", "--output", metavar="FILE", type=Path, help=say("写到哪个文件", "the file to write"))

    grade = command("grade", "为解答文件评分", "grade solution files", as_json)
    if isinstance(grade, _Parser):
        _add_grade_arguments(grade, lang)

    watch = command("watch", "每次保存后重新评分", "grade again on each save")
    watch.add_argument("file", metavar="FILE", type=Path)
    watch.add_argument("--task", metavar="TASK")

    answer = command("answer", "运行可执行答案，给出证据", "run an executable answer and print its evidence", as_json)
    answer.add_argument("question", metavar="QUESTION", nargs="?", help=say("题目 id 或序号", "id or number"))
    answer.add_argument("--all", action="store_true", help=say("运行全部实验", "run every experiment"))
    answer.add_argument("--quick", action="store_true", help=say("不做训练部分", "leave out what trains"))
    answer.add_argument(
        "--write",
        metavar="FILE",
        type=Path,
        help=say("与 --all 合用：写成 Markdown 页面", "with --all: a Markdown page of it"),
    )
    answer.add_argument(
        "--plot", metavar="FILE", type=Path, help=say("把图存为 PNG 或 SVG", "save the picture as PNG or SVG")
    )

    interview = command(
        "interview", "列出以前的模拟面试，或给出一份报告", "list past mock interviews, or give a report", as_json
    )
    interview.add_argument(
        "number", metavar="NUMBER", nargs="?", type=int, help=say("列表里的编号", "its number in the list")
    )
    interview.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help=say("写成 .md 或 .html", "write it as .md or .html")
    )

    deck = command("deck", "检查或扩充题库", "check a deck, or grow one")
    deck_commands = deck.add_subparsers(
        dest="deck_command", metavar="COMMAND", required=True, parser_class=kind, prog="rnnquiz deck"
    )
    check = deck_commands.add_parser(
        "check", parents=[common, as_json], help=say("列出题库的全部问题", "list every fault")
    )
    check.add_argument("path", metavar="PATH", nargs="?", type=Path)
    skeleton = deck_commands.add_parser(
        "new", parents=[common], help=say("写出一道题的骨架", "write a question's skeleton")
    )
    skeleton.add_argument("name", metavar="SECTION/NAME")

    add = deck_commands.add_parser(
        "add", parents=[common], help=say("加入一个文件夹里的题库", "add the deck in a folder")
    )
    add.add_argument("folder", metavar="FOLDER", type=Path)
    add.add_argument(
        "--yes", action="store_true", help=say("信任它的代码，不再询问", "trust its code, without being asked")
    )
    deck_commands.add_parser("list", parents=[common, as_json], help=say("列出全部题库", "list every deck"))
    remove = deck_commands.add_parser("remove", parents=[common], help=say("移除一个题库", "remove a deck"))
    remove.add_argument("name", metavar="NAME")

    export = command("export", "导出题库或学习记录", "export the deck, or what you have done")
    exports = export.add_subparsers(
        dest="export_command", metavar="FORMAT", required=True, parser_class=kind, prog="rnnquiz export"
    )
    anki = exports.add_parser("anki", parents=[common], help=say("Anki 牌组（.apkg）", "an Anki package (.apkg)"))
    anki.add_argument("file", metavar="FILE", type=Path)
    anki.add_argument(
        "--no-pictures", action="store_true", help=say("不含实验的图", "leave the experiments' pictures out")
    )
    progress = exports.add_parser(
        "json", parents=[common], help=say("学习记录，供 rnnquiz import", "what you have done, for rnnquiz import")
    )
    progress.add_argument("file", metavar="FILE", type=Path)

    taking = command(
        "import",
        "并入另一台机器导出的学习记录（rnnquiz export json）；重复导入无妨",
        "take in what rnnquiz export json wrote on another machine; doing it twice changes nothing",
    )
    taking.add_argument("file", metavar="FILE", type=Path)

    serve = command(
        "serve", "在浏览器里练习（默认只限本机）", "the app in the browser, for this machine unless told otherwise"
    )
    if isinstance(serve, _Parser):
        _add_serve_arguments(serve, say)

    command(
        "doctor",
        "检查安装、隔离与数据目录",
        "say what is installed, which isolation is active, where data lies",
        as_json,
    )
    return parser


def _add_grade_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    from quiz.grading import options

    options.add_arguments(parser, lang)


def _add_serve_arguments(parser: argparse.ArgumentParser, say: Callable[[str, str], str]) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help=say("监听的地址（默认 127.0.0.1）", "address to listen on (127.0.0.1)")
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8000,
        help=say("端口（默认 8000；0 为任意空闲端口）", "port (8000; 0: any free one)"),
    )
    parser.add_argument(
        "--mine",
        action="store_true",
        help=say(
            "用你自己的学习记录，凭打印的地址进入；不加则每个浏览器各有一份",
            "serve your own progress to whoever has the printed address; else each browser has its own",
        ),
    )
    parser.add_argument(
        "--visitors",
        type=int,
        default=16,
        metavar="N",
        help=say("最多同时打开多少个（默认 16）", "how many may be open at once (16)"),
    )
    parser.add_argument(
        "--graders",
        type=int,
        default=None,
        metavar="N",
        help=say("最多同时评分多少份（默认按处理器数）", "how many submissions are graded at once (one a processor)"),
    )
