"""The command line: parse, call, print. The only module outside the app that prints."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from answers.model import Language, Text
from quiz import language as languages
from quiz.usage import Exit, UsageError, unknown

if TYPE_CHECKING:
    from answers.deck import Deck
    from quiz.evidence import Evidence
    from quiz.store import Store


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage block."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


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

    common = _Parser(add_help=False)
    common.add_argument(
        "--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=say("界面语言", "language (else by locale)")
    )
    as_json = _Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help=say("输出 JSON", "print JSON"))

    parser = _Parser(
        prog="rnnquiz",
        parents=[common],
        description=say(
            "在终端里练习 RNN、LSTM、GRU 面试题：会不会说、会不会写、是不是真的。不带命令则打开练习界面。",
            "Practise RNN, LSTM and GRU interview questions in the terminal. Without a command, opens the app.",
        ),
    )
    parser.add_argument("--version", action="store_true", help=say("显示版本", "print the version"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, prog="rnnquiz")

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
        dest="deck_command", metavar="COMMAND", required=True, parser_class=_Parser, prog="rnnquiz deck"
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
        dest="export_command", metavar="FORMAT", required=True, parser_class=_Parser, prog="rnnquiz export"
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


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code; never shows a traceback for bad input."""
    argv = list(sys.argv[1:] if argv is None else argv)
    lang = _asked_language(argv) or languages.from_locale()
    try:
        first = next((word for word in argv if not word.startswith("-") and word not in ("zh", "en")), None)
        arguments = build_parser(lang, first if first in COMMANDS else None).parse_args(argv)
        arguments.lang = lang
        if arguments.version:
            return _version()
        return COMMANDS[arguments.command](arguments)
    except UsageError as error:
        _complain(str(error))
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.OK


def entry() -> NoReturn:
    """The program. `grade` leaves nothing behind that needs tidying, and tidying takes a tenth of a verdict's time."""
    code = main()
    if sys.argv[1:2] == ["grade"]:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _asked_language(argv: Sequence[str]) -> Language | None:
    """`--lang` is wanted before parsing, as the help text itself depends on it."""
    for k, word in enumerate(argv):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and k + 1 < len(argv):
            value = argv[k + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return None


def _complain(line: str) -> None:
    print("rnnquiz: " + " ".join(line.split()), file=sys.stderr)


def _say(text: str = "", stream: IO[str] | None = None) -> None:
    print(text, file=stream or sys.stdout)


def _version() -> int:
    from importlib.metadata import version

    _say(f"rnnquiz {version('rnnquiz')}")
    return Exit.OK


def _app(arguments: argparse.Namespace) -> int:
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise UsageError(
            Text(
                zh="练习界面需要终端；脚本里请用 rnnquiz list、grade、answer",
                en="the app needs a terminal; in a script use rnnquiz list, grade or answer",
            ).of(arguments.lang)
        )
    from quiz import app

    return app.run(_asked_language(sys.argv[1:]))


def _list(arguments: argparse.Namespace) -> int:
    from quiz import listing, session, shelf, store

    _sound_deck()
    _open_other_decks()
    standings, verdicts, notices = store.read_standings()
    for notice in notices:
        _complain(notice.of(arguments.lang))
    entries = listing.entries(
        map(shelf.question, shelf.question_ids()),
        session.question_states(standings, store.milliseconds()),
        session.task_states(verdicts),
    )
    if arguments.json:
        _say(json.dumps(listing.to_json(entries, arguments.lang), ensure_ascii=False))
    else:
        _say(listing.render(entries, arguments.lang))
    return Exit.OK


def _open_other_decks() -> None:
    from quiz import deck_command

    for trouble in deck_command.open_agreed():
        _complain(trouble)


def _sound_deck() -> Deck:
    """The deck that ships; a broken one is said with all its faults."""
    from answers import deck

    if faults := deck.BUILT_IN.load_faults():
        raise UsageError("the deck is broken: " + " | ".join(map(str, faults)))
    return deck.BUILT_IN


def _new(arguments: argparse.Namespace) -> int:
    from answers import catalogue, deck
    from quiz.starter import starter

    card = catalogue.TASKS.get(arguments.task)
    if card is None:
        raise UsageError(unknown("task", arguments.task, catalogue.TASKS, arguments.lang))
    path: Path = arguments.output or Path(f"{card.module}.py")
    text = starter(card, deck.load_task(card.id), arguments.lang)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            Text(
                zh=f"{path} 已存在，不会覆盖；用 -o 换一个文件名",
                en=f"{path} exists and is never overwritten; choose another name with -o",
            ).of(arguments.lang)
        ) from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; choose another place with -o") from None
    _say(
        Text(
            zh=f"已写入 {path}。写完后运行：rnnquiz grade {path}",
            en=f"wrote {path}; when it is written, run: rnnquiz grade {path}",
        ).of(arguments.lang)
    )
    return Exit.OK


def _grade(arguments: argparse.Namespace) -> int:
    from quiz.grading import command

    return command.run(arguments)


def _watch(arguments: argparse.Namespace) -> int:
    from quiz import watch

    return watch.run(arguments.file, arguments.task, arguments.lang)


def _serve(arguments: argparse.Namespace) -> int:
    from quiz import serve

    arguments.says_language = _asked_language(sys.argv[1:]) is not None
    return serve.run(arguments)


def _answer(arguments: argparse.Namespace) -> int:
    # The products are small: on a loaded machine several threads take many times as long as one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if arguments.all == bool(arguments.question):
        raise UsageError(
            Text(zh="给出一道题，或者 --all", en="name one question, or give --all; rnnquiz list shows all").of(
                arguments.lang
            )
        )
    if arguments.question and ":" in arguments.question:
        deck, arguments.question = _other_deck(arguments.question, arguments.lang)
    else:
        deck = _sound_deck()
    ids = deck.question_ids() if arguments.all else (_question_id(arguments.question, deck, arguments.lang),)
    if arguments.plot is not None:
        if arguments.all:
            raise UsageError("--plot saves one question's picture; name the question")
        if arguments.plot.suffix.lower() not in (".png", ".svg"):
            raise UsageError(f"{arguments.plot}: a picture is written as .png or .svg; change the file's ending")
    if arguments.write is not None and not arguments.all:
        raise UsageError("--write makes a page of every experiment; give --all with it")
    gathered = [_show_evidence(deck, question_id, arguments) for question_id in ids]
    if arguments.all and not arguments.json:
        _say(_table(gathered, arguments.lang))
    if arguments.write is not None:
        from quiz import evidence_page

        try:
            evidence_page.write(gathered, deck, arguments.write)
        except OSError as error:
            raise UsageError(f"{arguments.write}: {error.strerror}; choose another place") from None
    return Exit.OK if all(evidence.holds for evidence in gathered) else Exit.FAILED


def _other_deck(name: str, lang: Language) -> tuple[Deck, str]:
    """`attention:kv-cache`: the deck that was added, and the question's id there."""
    from quiz import shelf

    _open_other_decks()
    if not shelf.knows(name):
        raise UsageError(unknown("question", name, shelf.question_ids(), lang))
    return shelf.place(name)


def _question_id(name: str, deck: Deck, lang: Language) -> str:
    """A question by id, by place (`7`, `q07`) or by the notes' number where that is unique."""
    ids = deck.question_ids()
    if name in ids:
        return name
    place = name.lower().removeprefix("q")
    if place.isdigit() and 1 <= int(place) <= len(ids):
        return ids[int(place) - 1]
    matches = [q.id for q in deck.questions() if q.section == name]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UsageError(
            Text(
                zh=f"笔记里有 {len(matches)} 个 {name}：{'、'.join(matches)}；请用 id",
                en=f"the notes have {name} {len(matches)} times: {', '.join(matches)}; use the id",
            ).of(lang)
        )
    raise UsageError(unknown("question", name, ids, lang))


def _show_evidence(deck: Deck, question_id: str, arguments: argparse.Namespace) -> Evidence:
    from quiz import evidence as ev

    lang: Language = arguments.lang
    bar = _ProgressLine(sys.stderr, lang)
    try:
        gathered = ev.gather(deck, question_id, bar.show, arguments.quick)
    finally:
        bar.clear()
    if arguments.json:
        _say(json.dumps(ev.to_json(gathered, lang), ensure_ascii=False))
    else:
        question = deck.question(question_id)
        _say(f"{question.section}  {question.title.of(lang)}\n")
        for line in gathered.lines:
            _say(line.text.of(lang))
        if gathered.lines:
            _say()
        for claim in gathered.claims:
            _say(ev.render_claim(claim, lang))
        if gathered.plot is not None:
            from quiz.plots import terminal_plot

            size = os.get_terminal_size() if sys.stdout.isatty() else os.terminal_size((80, 24))
            colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            _say("\n" + terminal_plot(gathered.plot, min(size.columns, 100), 24, lang, colour) + "\n")
    if arguments.plot is not None:
        _save(gathered, arguments.plot, lang)
    return gathered


def _save(gathered: Evidence, path: Path, lang: Language) -> None:
    from quiz.plots import save_plot

    if gathered.plot is None:
        raise UsageError(f"{gathered.question} draws no picture")
    try:
        used = save_plot(gathered.plot, path, lang)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; choose another place") from None
    note = "" if used == lang else " (no font with Chinese characters is installed, so its labels are English)"
    _say(f"{path}{note}", sys.stderr)


def _table(gathered: Sequence[Evidence], lang: Language) -> str:
    """Every claim on a line: question, claim, measured figure, bound, verdict."""
    from quiz import evidence as ev

    rows = [(e.question, c) for e in gathered for c in e.claims]
    lines = [
        f"{'✓' if c.holds else '✗'} {question:18} {c.id:34} {ev.figure(c.measured):>12}  {ev.bound(c):18} "
        + ev.VERDICTS[lang][c.holds]
        for question, c in rows
    ]
    held = sum(c.holds for _, c in rows)
    lines.append(
        Text(
            zh=f"{len(gathered)} 道题，{len(rows)} 条论断，{held} 条成立",
            en=f"{len(gathered)} questions, {len(rows)} claims, {held} hold",
        ).of(lang)
    )
    return "\n".join(lines)


class _ProgressLine:
    """One line on the error stream that is rewritten in place; silent where that is no terminal."""

    def __init__(self, stream: IO[str], lang: Language) -> None:
        self.stream, self.lang, self.shown = stream, lang, False

    def show(self, progress: object) -> None:
        from answers.model import Progress

        if self.stream.isatty() and isinstance(progress, Progress):
            done = round(progress.fraction * 20)
            self.stream.write(f"\r\x1b[K{'█' * done}{'░' * (20 - done)} {progress.doing.of(self.lang)}")
            self.stream.flush()
            self.shown = True

    def clear(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def _deck(arguments: argparse.Namespace) -> int:
    if arguments.deck_command == "new":
        return _deck_new(arguments)
    if arguments.deck_command == "check":
        return _deck_check(arguments)
    from quiz import deck_command

    _say(deck_command.run(arguments))
    return Exit.OK


def _deck_check(arguments: argparse.Namespace) -> int:
    from answers.deck import BUILT_IN, open_folder
    from quiz import deck_check

    path: Path | None = arguments.path
    if path is not None and not path.is_dir():
        raise UsageError(f"{path}: no such folder; a deck is a folder of qNN_name.py files")
    if path is not None:
        from quiz import deck_command

        if not deck_command.may_check(path, arguments.lang):
            raise UsageError(f"{path}: not checked, as checking a deck runs its code")
    deck = BUILT_IN if path is None else open_folder(path)
    faults = deck_check.check(deck)
    if arguments.json:
        _say(json.dumps([{"file": f.file, "line": f.line, "message": f.message} for f in faults], ensure_ascii=False))
    else:
        for fault in faults:
            _say(str(fault))
        questions, tasks = len(deck.question_ids()) if not faults else "?", len(deck.task_ids())
        _say(
            Text(
                zh=f"{len(faults)} 处问题" if faults else f"没有问题：{questions} 道题，{tasks} 个任务",
                en=f"{len(faults)} faults" if faults else f"no faults: {questions} questions, {tasks} tasks",
            ).of(arguments.lang)
        )
    return Exit.USAGE if faults else Exit.OK


def _deck_new(arguments: argparse.Namespace) -> int:
    from quiz import decks

    section, _, name = arguments.name.rpartition("/")
    if not section or not name:
        raise UsageError(
            f"{arguments.name}: expected SECTION/NAME, a folder and a question's name, such as attention/scaling"
        )
    try:
        written = decks.write_skeleton(Path(section), name)
    except (ValueError, FileExistsError) as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{section}: {error.strerror}; choose another place") from None
    for path in written:
        _say(str(path))
    _say(
        Text(
            zh=f"填好后运行：rnnquiz deck check {section}", en=f"fill them in, then run: rnnquiz deck check {section}"
        ).of(arguments.lang)
    )
    return Exit.OK


def _export(arguments: argparse.Namespace) -> int:
    return _export_json(arguments) if arguments.export_command == "json" else _export_anki(arguments)


def _export_json(arguments: argparse.Namespace) -> int:
    from quiz import transfer
    from quiz.store import Store

    path: Path = arguments.file
    with Store() as store:
        _tell(store, arguments.lang)
        try:
            counts = transfer.write(path, store)
        except transfer.TransferError as error:
            raise UsageError(error.text.of(arguments.lang)) from None
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}; choose another place") from None
    wrote = Text(zh=f"已写入 {path}：", en=f"wrote {path}: ").of(arguments.lang)
    _say(wrote + transfer.summary(counts).of(arguments.lang))
    return Exit.OK


def _import(arguments: argparse.Namespace) -> int:
    from quiz import transfer
    from quiz.store import Store

    path: Path = arguments.file
    try:
        rows = transfer.read(path)
    except transfer.TransferError as error:
        raise UsageError(error.text.of(arguments.lang)) from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file that rnnquiz export json wrote") from None
    with Store() as store:
        added = store.take_in(rows)
        if store.path is None:
            raise UsageError(store.notices[-1].of(arguments.lang))
        _tell(store, arguments.lang)
    took = Text(zh="并入 ", en="took in ").of(arguments.lang)
    _say(took + transfer.summary(added).of(arguments.lang))
    return Exit.OK


def _tell(store: Store, lang: Language) -> None:
    for notice in store.notices:
        _complain(notice.of(lang))


def _export_anki(arguments: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from quiz import anki

    path: Path = arguments.file
    if path.suffix != ".apkg":
        raise UsageError(f"{path}: an Anki package ends in .apkg; change the file's ending")
    if find_spec("genanki") is None:
        raise UsageError("genanki is not installed; run: pip install 'rnnquiz[anki]'")
    bar = _ProgressLine(sys.stderr, arguments.lang)

    def show(done: int, total: int, question_id: str) -> None:
        from answers.model import Progress

        bar.show(Progress(done / total, Text(zh=question_id, en=question_id)))

    try:
        count = anki.export(_sound_deck(), path, not arguments.no_pictures, show)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; choose another place") from None
    finally:
        bar.clear()
    _say(Text(zh=f"已写入 {path}，{count} 条笔记", en=f"wrote {path}, {count} notes").of(arguments.lang))
    return Exit.OK


def _interview(arguments: argparse.Namespace) -> int:
    from quiz.interview import command

    _open_other_decks()
    _say(command.run(arguments))
    return Exit.OK


def _doctor(arguments: argparse.Namespace) -> int:
    from quiz import doctor

    findings = doctor.examine(arguments.lang)
    if arguments.json:
        _say(json.dumps([f.to_json() for f in findings], ensure_ascii=False))
    else:
        _say(doctor.render(findings))
    return Exit.OK if all(f.good for f in findings) else Exit.FAILED


COMMANDS: dict[str | None, Callable[[argparse.Namespace], int]] = {
    None: _app,
    "list": _list,
    "new": _new,
    "grade": _grade,
    "watch": _watch,
    "answer": _answer,
    "interview": _interview,
    "deck": _deck,
    "export": _export,
    "import": _import,
    "serve": _serve,
    "doctor": _doctor,
}
