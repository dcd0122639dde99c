"""The options of `rnnquiz grade`, so that a command line can be parsed without loading the grader."""

from __future__ import annotations

import argparse

from answers.model import Language


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Adds the positional paths and every option of `grade`."""

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help=say("解答文件，或其下所有 .py", "files, or folders of .py")
    )
    parser.add_argument("--task", metavar="TASK", help=say("只评这个任务", "grade this task alone"))
    parser.add_argument("--seed", type=int, metavar="N", help=say("重现某次的随机用例", "repeat a run's random cases"))
    parser.add_argument(
        "--thorough", action="store_true", help=say("通过后继续搜索反例", "go on searching after the quick verdict")
    )
    parser.add_argument(
        "--hints", action="store_true", help=say("失败时给出提示", "print the task's hints on a failure")
    )
    parser.add_argument(
        "--time-limit", type=float, metavar="SECONDS", default=10.0, help=say("每个任务的时限", "limit per task (10)")
    )
    parser.add_argument(
        "--memory-limit",
        type=int,
        metavar="MIB",
        default=1024,
        help=say("内存上限（MiB）", "memory limit in MiB (1024)"),
    )
    parser.add_argument(
        "--output-limit",
        type=int,
        metavar="KIB",
        default=64,
        help=say("保留多少打印内容（KiB）", "how much of what it prints is kept, in KiB (64)"),
    )
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help=say("隔离层不全则拒绝运行", "refuse to run without every layer of isolation"),
    )
    parser.add_argument(
        "-j",
        "--jobs",
        type=int,
        metavar="N",
        help=say("并行进程数（默认按 CPU）", "worker processes (else by processors)"),
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "junit", "csv", "gradescope", "markdown", "html"),
        help=say("结果的格式", "how the results are written (text)"),
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=say("结果写到文件", "write the results to a file"))
    parser.add_argument(
        "--resume",
        metavar="FILE",
        help=say(
            "评分日志：边评边记，中断后从它接着评", "journal of the run: written on the way, continued after a break"
        ),
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help=say("在 Dask 集群上评（调度器地址）", "grade on the Dask cluster of this scheduler"),
    )
