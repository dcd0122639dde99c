"""The options of `rnnquiz grade`: one table, for argparse and for reading plain command lines without it.

Loading argparse and building a parser take a twentieth of a verdict's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from answers.record import Record

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from answers.model import Language


class Option(Record):
    """One option; `kind` makes its value of a word, None stands for a switch."""

    names: tuple[str, ...]
    kind: Callable[[str], Any] | None
    zh: str
    en: str
    metavar: str | None = None
    default: Any = None
    choices: tuple[str, ...] | None = None

    @property
    def attribute(self) -> str:
        """Its name among the parsed arguments."""
        return self.names[-1].lstrip("-").replace("-", "_")


FORMATS = ("text", "json", "junit", "csv", "gradescope", "markdown", "html")
OPTIONS = (
    Option(("--task",), str, "只评这个任务", "grade this task alone", "TASK"),
    Option(("--seed",), int, "重现某次的随机用例", "repeat a run's random cases", "N"),
    Option(("--thorough",), None, "通过后继续搜索反例", "go on searching after the quick verdict"),
    Option(("--hints",), None, "失败时给出提示", "print the task's hints on a failure"),
    Option(("--time-limit",), float, "每个任务的时限", "limit per task (10)", "SECONDS", 10.0),
    Option(("--memory-limit",), int, "内存上限（MiB）", "memory limit in MiB (1024)", "MIB", 1024),
    Option(
        ("--output-limit",),
        int,
        "保留多少打印内容（KiB）",
        "how much of what it prints is kept, in KiB (64)",
        "KIB",
        64,
    ),
    Option(("--require-isolation",), None, "隔离层不全则拒绝运行", "refuse to run without every layer of isolation"),
    Option(("-j", "--jobs"), int, "并行进程数（默认按 CPU）", "worker processes (else by processors)", "N"),
    Option(("--format",), str, "结果的格式", "how the results are written (text)", choices=FORMATS),
    Option(("-o", "--output"), str, "结果写到文件", "write the results to a file", "FILE"),
    Option(
        ("--resume",),
        str,
        "评分日志：边评边记，中断后从它接着评",
        "journal of the run: written on the way, continued after a break",
        "FILE",
    ),
    Option(
        ("--dask",), str, "在 Dask 集群上评（调度器地址）", "grade on the Dask cluster of this scheduler", "ADDRESS"
    ),
)
COMMON = (
    Option(("--lang",), str, "", "", choices=("zh", "en")),
    Option(("--json",), None, "", ""),
)
"""Options of other commands too, which the command line adds by itself."""


def add_arguments(parser: ArgumentParser, lang: Language) -> None:
    """Adds the positional paths and every option of `grade`."""

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help=say("解答文件；给文件夹则评其中所有 .py", "files, or folders of .py")
    )
    for option in OPTIONS:
        text = say(option.zh, option.en)
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
            if paths and last != "path":
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
