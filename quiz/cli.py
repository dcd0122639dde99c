"""The command line: parse, call, print. The only module outside the app that prints.

Modules are imported where they are used: for most commands loading them all would take longer than running.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any, NoReturn

from answers.model import Language, Text
from quiz import language as languages
from quiz.catalogue import listed, message
from quiz.unencodable import escape_on_output
from quiz.usage import Exit, UsageError, elsewhere, reason, unknown

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from answers.deck import Deck
    from quiz.evidence import Evidence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code; never shows a traceback for bad input."""
    argv = list(sys.argv[1:] if argv is None else argv)
    lang = _asked_language(argv) or languages.from_locale()
    try:
        arguments = _parsed(argv, lang)
        arguments.lang = lang = getattr(arguments, "lang", lang)
        code = _version() if arguments.version else COMMANDS[arguments.command](arguments)
        sys.stdout.flush()  # what cannot be written is said here, not in a traceback at exit
        return code
    except UsageError as error:
        _complain(str(error))
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return Exit.OK
    except OSError as error:
        if error.errno == errno.ENOENT and _is_nowhere():
            _complain(message("usage.nowhere").of(lang))
            return Exit.USAGE
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        _complain(message("usage.no_room", reason=reason(error, lang)).of(lang))
        _drop_output()
        return Exit.USAGE
    except Exception as error:
        from answers.deck import DeckError

        if not isinstance(error, DeckError):
            raise
        _complain(_broken(error.faults, lang))
        return Exit.USAGE


def _broken(faults: Iterable[object], lang: Language) -> str:
    return message("deck.broken", faults=" | ".join(map(str, faults))).of(lang)


def _is_nowhere() -> bool:
    """Whether the folder that the program runs in was deleted meanwhile."""
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        return True
    return False


def _drop_output() -> None:
    """Nobody takes standard output any more: what is still buffered must not fail at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _open_closed_streams() -> None:
    """A standard stream that came closed: its number must not fall to another file, and what is written to it goes nowhere."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _parsed(argv: list[str], lang: Language) -> Any:
    """What was asked for, as attributes."""
    if argv[:1] == ["grade"]:
        from quiz.grading import options

        if (plain := options.plainly(argv[1:])) is not None:
            return plain
    from quiz.parser import build_parser

    first = next((word for word in argv if not word.startswith("-") and word not in ("zh", "en")), None)
    return build_parser(lang, first if first in COMMANDS else None).parse_args(argv)


def entry() -> NoReturn:
    """The program. `grade` leaves nothing behind that needs tidying, and tidying takes a tenth of a verdict's time."""
    _open_closed_streams()
    escape_on_output()
    if sys.argv[1:2] != ["grade"]:
        sys.exit(main())
    import gc

    gc.disable()  # nothing that is loaded is garbage, and looking takes another tenth
    code = main()
    from contextlib import suppress  # loaded long since

    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _asked_language(argv: Sequence[str]) -> Language | None:
    """`--lang` is wanted before parsing, as the help text itself depends on it. The last counts, as in any command line."""
    for k, word in reversed(list(enumerate(argv))):
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
        raise UsageError(message("usage.needs_terminal").of(arguments.lang))
    from quiz import app

    return app.run(_asked_language(sys.argv[1:]))


def _list(arguments: argparse.Namespace) -> int:
    from quiz import listing, session, shelf, store
    from quiz.opened import tell

    _sound_deck(arguments.lang)
    _open_other_decks(arguments.lang)
    standings, verdicts, notices = store.read_standings()
    tell(notices, arguments.lang)
    entries = listing.entries(
        map(shelf.question, shelf.question_ids()),
        session.question_states(standings, store.milliseconds()),
        session.task_states(verdicts),
    )
    if arguments.json:
        import json

        _say(json.dumps(listing.to_json(entries, arguments.lang), ensure_ascii=False))
    else:
        _say(listing.render(entries, arguments.lang))
    return Exit.OK


def _open_other_decks(lang: Language) -> None:
    from quiz import deck_command

    for trouble in deck_command.open_agreed(lang):
        _complain(trouble)


def _sound_deck(lang: Language) -> Deck:
    """The deck that ships; a broken one is said with all its faults."""
    from answers import deck

    if faults := deck.BUILT_IN.load_faults():
        raise UsageError(_broken(faults, lang))
    return deck.BUILT_IN


def _new(arguments: argparse.Namespace) -> int:
    from answers import catalogue, deck
    from quiz.starter import grading, starter

    card = catalogue.TASKS.get(arguments.task)
    if card is None:
        raise UsageError(unknown("task", arguments.task, catalogue.TASKS, arguments.lang))
    from pathlib import Path

    path: Path = arguments.output or Path(f"{card.module}.py")
    to_output = str(path) == "-"
    text = starter(card, deck.load_task(card.id), arguments.lang, f"{card.module}.py" if to_output else path.name)
    if to_output:
        _say(text.removesuffix("\n"))
        return Exit.OK
    try:
        file = path.open("x", encoding="utf-8")
        try:
            with file:
                file.write(text)
        except OSError:
            path.unlink(missing_ok=True)  # half a starter would stand in the way of the next
            raise
    except FileExistsError:
        raise UsageError(message("new.exists", path=path).of(arguments.lang)) from None
    except OSError as error:
        raise elsewhere(path, error, arguments.lang, "-o") from None
    _say(message("new.written", path=path, command=grading(str(path))).of(arguments.lang))
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
        raise UsageError(message("answer.which").of(arguments.lang))
    if arguments.question and ":" in arguments.question:
        deck, arguments.question = _other_deck(arguments.question, arguments.lang)
    else:
        deck = _sound_deck(arguments.lang)
    ids = deck.question_ids() if arguments.all else (_question_id(arguments.question, deck, arguments.lang),)
    if arguments.plot is not None:
        if arguments.all:
            raise UsageError(message("answer.plot_one").of(arguments.lang))
        if arguments.plot.suffix.lower() not in (".png", ".svg"):
            raise UsageError(message("answer.plot_suffix", path=arguments.plot).of(arguments.lang))
    if arguments.write is not None and not arguments.all:
        raise UsageError(message("answer.write_all").of(arguments.lang))
    gathered = [_show_evidence(deck, question_id, arguments) for question_id in ids]
    if arguments.all and not arguments.json:
        _say(_table(gathered, arguments.lang))
    if arguments.write is not None:
        from quiz import evidence_page

        try:
            evidence_page.write(gathered, deck, arguments.write)
        except OSError as error:
            raise elsewhere(arguments.write, error, arguments.lang) from None
    return Exit.OK if all(evidence.holds for evidence in gathered) else Exit.FAILED


def _other_deck(name: str, lang: Language) -> tuple[Deck, str]:
    """`attention:kv-cache`: the deck that was added, and the question's id there."""
    from quiz import shelf

    _open_other_decks(lang)
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
        raise UsageError(message("answer.ambiguous", count=len(matches), name=name, ids=listed(matches)).of(lang))
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
        import json

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
        raise UsageError(message("answer.no_plot", question=gathered.question).of(lang))
    try:
        used = save_plot(gathered.plot, path, lang)
    except OSError as error:
        raise elsewhere(path, error, lang) from None
    note = "" if used == lang else message("answer.no_font").of(lang)
    _say(f"{path}{note}", sys.stderr)


def _table(gathered: Sequence[Evidence], lang: Language) -> str:
    """Every claim on a line: question, claim, measured figure, bound, verdict."""
    from quiz import evidence as ev

    rows = [(e.question, c) for e in gathered for c in e.claims]
    lines = [
        f"{'✓' if c.holds else '✗'} {question:18} {c.id:34} {ev.figure(c.measured):>12}  {ev.bound(c):18} "
        + ev.verdict(c).of(lang)
        for question, c in rows
    ]
    held = sum(c.holds for _, c in rows)
    lines.append(message("answer.total", questions=len(gathered), claims=len(rows), held=held).of(lang))
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
    from quiz import deck_check, decks
    from quiz.grading.outcome import missing_platform

    if (missing := missing_platform()) is not None:
        raise UsageError(missing.of(arguments.lang))
    path: Path | None = arguments.path
    if path is not None and not path.is_dir():
        raise UsageError(message("deck.no_folder", path=path).of(arguments.lang))
    if path is not None:
        from quiz import deck_command

        if not deck_command.may_check(path, arguments.lang):
            raise UsageError(message("deck.not_checked", path=path).of(arguments.lang))
    deck = BUILT_IN if path is None else open_folder(path)
    faults = deck_check.check(deck)
    if arguments.json:
        import json

        _say(json.dumps([{"file": f.file, "line": f.line, "message": f.message} for f in faults], ensure_ascii=False))
    else:
        for fault in faults:
            _say(str(fault))
        if faults:
            found = decks.so_many(faults)
        else:
            found = message("deck.sound", questions=len(deck.question_ids()), tasks=len(deck.task_ids()))
        _say(found.of(arguments.lang))
    return Exit.USAGE if faults else Exit.OK


def _deck_new(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from quiz import decks

    section, _, name = arguments.name.rpartition("/")
    if not section or not name:
        raise UsageError(message("deck.expected_name", name=arguments.name).of(arguments.lang))
    try:
        written = decks.write_skeleton(Path(section), name)
    except (ValueError, FileExistsError) as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise elsewhere(section, error, arguments.lang) from None
    for path in written:
        _say(str(path))
    _say(message("deck.new_written", section=section).of(arguments.lang))
    return Exit.OK


def _export(arguments: argparse.Namespace) -> int:
    return _export_json(arguments) if arguments.export_command == "json" else _export_anki(arguments)


def _export_json(arguments: argparse.Namespace) -> int:
    from quiz import transfer
    from quiz.opened import opened
    from quiz.store import database_path

    path: Path = arguments.file
    with opened(arguments.lang) as store:
        if store.path != database_path() and not any(store.rows().values()):
            # Nothing could be read: an empty export would only take the place of an earlier one.
            nothing = (
                message("progress.not_exported", path=database_path()) if store.path is None else store.notices[-1]
            )
            raise UsageError(nothing.of(arguments.lang))
        try:
            counts = transfer.write(path, store)
        except transfer.TransferError as error:
            raise UsageError(error.text.of(arguments.lang)) from None
        except OSError as error:
            raise elsewhere(path, error, arguments.lang) from None
    _say(message("export.written", path=path, counts=transfer.summary(counts)).of(arguments.lang))
    return Exit.OK


def _import(arguments: argparse.Namespace) -> int:
    from quiz import transfer
    from quiz.opened import kept, opened

    path: Path = arguments.file
    try:
        rows = transfer.read(path)
    except transfer.TransferError as error:
        raise UsageError(error.text.of(arguments.lang)) from None
    except OSError as error:
        raise UsageError(
            message("import.unreadable", path=path, reason=reason(error, arguments.lang)).of(arguments.lang)
        ) from None
    with opened(arguments.lang) as store:
        added = store.take_in(rows)
        kept(store, arguments.lang)
    _say(message("import.taken_in", counts=transfer.summary(added)).of(arguments.lang))
    return Exit.OK


def _export_anki(arguments: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from quiz import anki

    path: Path = arguments.file
    if path.suffix != ".apkg":
        raise UsageError(message("anki.suffix", path=path).of(arguments.lang))
    if find_spec("genanki") is None:
        raise UsageError(message("anki.not_installed").of(arguments.lang))
    bar = _ProgressLine(sys.stderr, arguments.lang)

    def show(done: int, total: int, question_id: str) -> None:
        from answers.model import Progress

        bar.show(Progress(done / total, Text(zh=question_id, en=question_id)))

    try:
        count = anki.export(_sound_deck(arguments.lang), path, not arguments.no_pictures, show)
    except OSError as error:
        raise elsewhere(path, error, arguments.lang) from None
    finally:
        bar.clear()
    _say(message("anki.written", path=path, count=count).of(arguments.lang))
    return Exit.OK


def _interview(arguments: argparse.Namespace) -> int:
    from quiz.interview import command

    _open_other_decks(arguments.lang)
    _say(command.run(arguments))
    return Exit.OK


def _doctor(arguments: argparse.Namespace) -> int:
    from quiz import doctor

    findings = doctor.examine(arguments.lang)
    if arguments.json:
        import json

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
