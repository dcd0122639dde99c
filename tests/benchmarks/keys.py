"""How soon a key press is answered on screen, as tables: the real program in a pseudo-terminal, whole journeys by keyboard.

Before a key that goes to another screen the learner looks at this one for a second. Three figures a key, all from the
moment its bytes are written to the terminal: `first`, until the first byte of output;
`shown`, until every text that the answer must bring (the page that opens, the character typed, the verdict) has come
through; `settled`, until the last byte before a pause of 60 ms. The goal is for `shown`. The kernel's pipe is in it, a
terminal's own drawing is not. `cpu` is how long the program's main thread computed until then: the figure to
compare on a machine that others use too. Bytes are those sent until it settled.

On an installed copy (compiled files on disk), on a quiet machine:

    python tests/benchmarks/keys.py journeys --reviews 100000 --size 200x60
    python tests/benchmarks/keys.py busy
    python tests/benchmarks/keys.py memory
"""

from __future__ import annotations

import argparse
import fcntl
import math
import os
import pty
import random
import re
import select
import shutil
import signal
import sqlite3
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from answers import deck
from answers.model import FormulaDrill
from quiz import contents
from quiz.app import words
from quiz.database import FILE
from quiz.schedule import DAY
from quiz.store import Store

PAUSE = 0.06
GOAL = 50.0
KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "escape": "\x1b",
    "space": " ",
    "tab": "\t",
    "backspace": "\x7f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f5": "\x1b[15~",
    "ctrl+r": "\x12",
    "ctrl+t": "\x14",
    "ctrl+o": "\x0f",
    "ctrl+p": "\x10",
}
_ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
QUESTION, TASK = "lstm-flow", "lstm-step"
RIGHT = """import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new
"""
WRONG = RIGHT.replace("i, f, g, o = np", "f, i, g, o = np")
ENDLESS = "def lstm_step(x, h, c, W, U, b):\n    while True:\n        pass\n"


class Figures:
    """What was measured, by kind of key."""

    def __init__(self) -> None:
        self.first: dict[str, list[float]] = defaultdict(list)
        self.shown: dict[str, list[float]] = defaultdict(list)
        self.settled: dict[str, list[float]] = defaultdict(list)
        self.sent: dict[str, list[int]] = defaultdict(list)
        self.worked: dict[str, list[float]] = defaultdict(list)

    def table(self) -> Iterator[str]:
        """A line a kind: milliseconds (median, 95th percentile of `shown`) and bytes."""
        yield f"{'key':34} {'n':>4} {'first':>7} {'shown':>7} {'p95':>7} {'worst':>7} {'cpu':>7} {'settled':>8} {'bytes':>7}"
        for kind, shown in self.shown.items():
            middle = statistics.median
            late = " <- late" if percentile(shown) > GOAL and not kind.startswith("(") else ""
            yield (
                f"{kind:34} {len(shown):4} {middle(self.first[kind]):7.1f} {middle(shown):7.1f} "
                f"{percentile(shown):7.1f} {max(shown):7.1f} {middle(self.worked[kind]):7.1f} {middle(self.settled[kind]):8.1f} "
                f"{middle(self.sent[kind]):7.0f}{late}"
            )
        every = [t for kind, shown in self.shown.items() if not kind.startswith("(") for t in shown]
        yield (
            f"{'all keys':34} {len(every):4} {'':7} {statistics.median(every):7.1f} {percentile(every):7.1f} "
            f"{max(every):7.1f}   goal: p95 <= {GOAL:.0f} ms"
        )


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share) - 1)]


class Driven:
    """The program in a pseudo-terminal."""

    def __init__(self, folder: Path, size: tuple[int, int], figures: Figures, **environ: str) -> None:
        self.figures = figures
        self.size = size
        self.seen = b""
        self.bytes_at: list[tuple[float, int]] = []
        program = Path(sys.executable).with_name("rnnquiz")
        command = [str(program)] if program.exists() else [sys.executable, "-m", "quiz"]
        environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")},
            "RNNQUIZ_DATA": str(folder),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **environ,
        }
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Driven:
        self.await_text("p practise")
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)

    # ------------------------------------------------------------ reading

    def _read(self, seconds: float) -> bool:
        if not select.select([self.descriptor], [], [], max(seconds, 0))[0]:
            return False
        try:
            chunk = os.read(self.descriptor, 1 << 16)
        except OSError as error:
            raise SystemExit(f"the program ended; last seen: {self.text()[-30000:]}") from error
        self.bytes_at.append((time.perf_counter(), len(chunk)))
        self.seen += chunk
        return True

    def _holds(self, patterns: Sequence[str]) -> bool:
        text = _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")
        return all(re.search(p, text, re.DOTALL) for p in patterns)

    def await_text(self, *patterns: str, seconds: float = 30.0) -> None:
        """Read until all patterns have come; what came before the last `forget` does not count."""
        end = time.perf_counter() + seconds
        while not self._holds(patterns):
            if time.perf_counter() > end:
                plain = _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")
                raise SystemExit(f"{patterns} did not come; last seen: {plain[-1500:]}")
            self._read(0.5)

    def rest(self, seconds: float = PAUSE, most: float = 1.0) -> None:
        """Read until nothing has come for `seconds`; no longer than `most`, for something may be moving on screen."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self._read(seconds):
            pass

    def look(self, seconds: float = 1.0) -> None:
        """What a learner does before going elsewhere: look at the screen. The program may use the time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def forget(self) -> None:
        """Read nothing of what came so far as an answer."""
        self.seen, self.bytes_at = b"", []

    def text(self) -> str:
        """What came since `forget`, without escapes."""
        return _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")

    # ------------------------------------------------------------ pressing

    def press(self, kind: str, key: str, *expected: str, seconds: float = 10.0, settle: bool = True) -> None:
        """Press a key and note when all of `expected` (regular expressions on the text without escapes) had come."""
        if settle:
            self.rest()
        self.forget()
        before, begin = self._worked(), time.perf_counter()
        os.write(self.descriptor, KEYS.get(key, key).encode())
        self._read(seconds)
        while not self._holds(expected):
            if not self._read(seconds - (time.perf_counter() - begin)):
                raise SystemExit(f"{kind}: {expected} did not come; last seen: {self.text()[-1500:]}")
        shown, worked = self.bytes_at[-1][0], self._worked() - before
        if settle:
            self.rest()
        f = self.figures
        f.first[kind].append((self.bytes_at[0][0] - begin) * 1e3)
        f.shown[kind].append((shown - begin) * 1e3)
        f.settled[kind].append((self.bytes_at[-1][0] - begin) * 1e3)
        f.worked[kind].append(worked)
        f.sent[kind].append(sum(n for _, n in self.bytes_at))

    def _worked(self) -> float:
        """Milliseconds that the program's main thread has been on a processor."""
        return int(Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text().split()[0]) / 1e6

    def memory(self) -> float:
        """Resident megabytes of the program itself."""
        return resident(self.pid, "VmRSS")

    def memory_of_all(self) -> float:
        """Megabytes of the program and all its processes (grader, experiments), what they share counted once."""
        return sum(proportional(pid) for pid in (self.pid, *descendants(self.pid)))


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have, as far as they are still its own."""
    found, left = list[int](), [pid]
    while left:
        for task in Path(f"/proc/{left.pop()}/task").glob("*/children"):
            with suppress(OSError):  # it may just have ended
                left += (more := [int(child) for child in task.read_text().split()])
                found += more
    return found


def resident(pid: int, name: str) -> float:
    """A line of /proc/PID/status, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def proportional(pid: int) -> float:
    """Megabytes of a process, of a page that n processes share an nth; 0 for one that has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    except OSError:
        return 0.0


# ---------------------------------------------------------------- a store


def fill(folder: Path, reviews: int) -> None:
    """A store with that many reviews over three years on the deck's own cards, and code to grade among the drafts."""
    draw = random.Random(7)
    with Store(folder) as store:
        store.set("toured", True)
        store.set("language", "en")
        store.save_draft(f"code:{TASK}", WRONG)
        now = store.clock()
    if reviews:
        cards = [f"recall:{q}" for q in deck.catalogue.QUESTIONS] + [f"code:{t}" for t in deck.catalogue.TASKS]
        cards += [f"drill:{q}/{d.id}" for q in deck.catalogue.QUESTIONS for d in deck.load_question(q).drills]
        moments = sorted(now - draw.randrange(1000 * DAY) for _ in range(reviews))
        connection = sqlite3.connect(folder / FILE)
        with connection:
            connection.executemany(
                "INSERT INTO reviews (uid, card, at, grade, retention, seconds) VALUES (?, ?, ?, ?, 0.9, ?)",
                (
                    (f"{k:032x}", draw.choice(cards), at, draw.choice((1, 2, 3, 3, 3, 4)), draw.uniform(5, 200))
                    for k, at in enumerate(moments)
                ),
            )
        connection.close()


# ---------------------------------------------------------------- journeys


def first_words(text: str) -> str:
    """A pattern for the first two words of a body."""
    return r"\W+".join(map(re.escape, re.findall(r"[\w']+", text)[:2]))


def move_to(app: Driven, question: str) -> None:
    """From anywhere on the first screen to a question, noting every move."""
    order = [id for _, ids in words.PARTS for id in ids]
    titles = {h.id: h.title.en for h in contents.headings()}
    rows: list[str] = []
    for part, ids in words.PARTS:
        rows += [part.en, *(titles[id] for id in ids)]
    app.press("contents: move", "home", "▸ " + re.escape(rows[0]))
    for row in rows[1:]:
        app.press("contents: move", "down", rf"▸ .{{0,14}}{re.escape(row[:12])}")
        if row == titles[question]:
            break
    assert question in order


def answer_question(app: Driven, times: str) -> None:
    """Open, type, hint, reveal, tick, turn pages, grade, take back."""
    question = deck.load_question(QUESTION)
    asked, first = first_words(question.ask.en), first_words(question.spoken.en)
    app.look()
    app.press(f"question: open ({times})", "enter", asked, "Your answer", "reveal")
    typed = ""
    for character in "the gates, f * c":
        typed += character
        app.press("question: type", character, re.escape(typed[-6:].strip()))
    for _ in typed:
        os.write(app.descriptor, KEYS["backspace"].encode())
    app.rest(0.2)
    app.press("question: hint", "ctrl+t", r"1\. ")
    app.look()
    app.press(f"question: reveal ({times})", "ctrl+r", "Key points", "4 Easy", first)
    for _ in range(3):
        app.press("question: next key point", "down", r"▸ \[")
    app.press("question: tick", "space", r"\[✓\]")
    app.press("question: turn page", "right", first_words(question.whiteboard.en))
    app.press("question: turn page", "right", "The notes say|In truth")
    if app.size[1] < 40:  # else the page is seen whole
        app.press("question: scroll", "pagedown", r"\w{3}")
    app.press("question: turn page", "left", first_words(question.whiteboard.en))
    app.look()
    app.press("question: grade", "3", "Today", "Contents", "back in")
    app.press("contents: take back", "u", "[Tt]aken? back|[Tt]ook back|undone|Undone")


def drill(app: Driven, times: str, least: int = 4) -> None:
    """Drills of the question, one after the other, whatever their order."""
    kinds = {name: kind.en for name, kind in words.KINDS.items()}
    formulas = [d for d in deck.load_question(QUESTION).drills if isinstance(d, FormulaDrill)]
    app.look()
    app.press(f"drill: open ({times})", "d", r"· (?:" + "|".join(kinds.values()) + ")", "esc back")
    for _ in range(least):
        kind = next(name for name, said in kinds.items() if re.search(rf"· {said}", app.text()))
        match kind:
            case "ChoiceDrill":
                app.press("drill: move", "down", "▸ B")
                app.press("drill: check a choice", "a", "Right|Not quite", "next|finish")
            case "TrueFalseDrill":
                app.press("drill: check true or false", "t", "Right|Not quite", "next|finish")
            case "OrderDrill":
                app.press("drill: pick up", "space", "≡ 1")
                app.press("drill: carry", "down", "≡ 2")
                app.press("drill: drop", "space", "▸ 2")
                app.press("drill: check an order", "enter", "Right|Not quite", "next|finish")
            case "NumberDrill":
                app.press("drill: type", "4", "4")
                app.press("drill: type", "7", "47")
                app.press("drill: check a number", "enter", "Right|Not quite", "next|finish")
            case "FormulaDrill":
                app.await_text("|".join(re.escape(d.ask.en[:25]) for d in formulas))
                dealt = next(d for d in formulas if re.search(re.escape(d.ask.en[:25]), app.text()))
                app.press("drill: type", dealt.answer[0], re.escape(dealt.answer[0]))
                os.write(app.descriptor, dealt.answer[1:].encode())
                app.press(f"drill: check a formula ({times})", "enter", "Right|Not quite", "next|finish")
        app.press("drill: next", "enter", r"· (?:" + "|".join(kinds.values()) + ")", "esc back")
    app.look()
    app.press("drill: leave", "escape", "Today", "Contents")


def code(app: Driven, times: str) -> None:
    """Open the editor, type, grade, look around."""
    app.press("contents: unfold", "right", "▾")
    for task in deck.load_question(QUESTION).tasks:
        app.press("contents: move", "down", rf"▸ .{{0,14}}{task}")
        if task == TASK:
            break
    app.look()
    app.press(f"code: open ({times})", "enter", "Your code", "def lstm_step|np.split|np.tanh", "grade")
    for _ in range(3):
        app.press("code: new line", "enter", r"\d")
    typed = ""
    for character in "y = foo(x, [1":
        typed += character
        app.press("code: type", character, re.escape(typed[-5:].strip()))
    for _ in range(5):
        app.press("code: undo", "\x1a", r"\S")
    for _ in range(60):
        os.write(app.descriptor, b"\x1a")
    app.rest(0.3)
    app.press("code: hint", "ctrl+t", r"1\. ")
    app.look()
    app.press("code: grade", "f5", "F7|Passed|Failed")
    app.await_text("Passed|Failed")
    app.rest(0.3)
    app.press("code: to the report", "\x1b[Z", r".")
    if app.size[1] < 40:
        app.press("code: scroll", "down", r"\S")
    app.press("code: solution", "ctrl+o", r"\bdef |return ")
    app.look()
    app.press("code: leave", "escape", "Today", "Contents")
    app.press("contents: fold", "left", "▹")


def evidence(app: Driven, times: str) -> None:
    """Run the question's experiment to its end, scroll, leave."""
    app.look()
    app.press(f"evidence: open ({times})", "e", "Prove it", "esc back")
    app.await_text("claims hold")
    app.rest(0.3)
    if app.size[1] < 40:
        app.press("evidence: scroll", "down", r"\w{3}")
        app.press("evidence: scroll", "pagedown", r"\w{3}")
    app.look()
    app.press("evidence: run again", "r", "Running|%|hold|stop")
    app.look()
    app.press("evidence: leave", "escape", "Today", "Contents")


def look_around(app: Driven, times: str) -> None:
    """Statistics, help, language, search, settings with the theme, interview."""
    app.look()
    app.press(f"statistics: open ({times})", "t", "Overview", "Counting|Recalled|Nothing")
    app.await_text("Recalled, 30 days|Nothing has been reviewed")
    app.rest(0.3)
    many = not re.search(r"Reviews\W+\d?\d\D|Nothing was", app.text())
    pictures = ("mean of 7 days", "Cards due in the next", "Time a day") if many else (r"\w",) * 3
    app.press(f"statistics: calendar ({times})", "right", r"Last \d+ weeks|Mon" if many else r"\w")
    for page in pictures:
        app.press(f"statistics: picture ({times})", "right", page)
    app.press(f"statistics: list ({times})", "right", "forgot" if many else r"\w")
    app.look()
    app.press("statistics: leave", "escape", "Today", "Contents")
    app.look()
    app.press(f"help: open ({times})", "f1", "opens a question", "searches everything")
    app.look()
    app.press("help: close", "escape", "Contents|Today|practise|tried")
    app.press("language: switch", "f2", "目录", "开始练习", "循环神经网络")
    app.press("language: switch", "f2", "Contents", "practise", "Recurrent networks")
    app.look()
    app.press(f"search: open ({times})", "/", "Search", "Esc closes")
    for k in range(1, 6):
        app.press("search: type", "forge"[k - 1], "forge"[:k])
    app.press("search: choose", "down", "▸ ")
    app.look()
    app.press("search: close", "escape", ".")
    app.look()
    app.press(f"search: open ({times})", "ctrl+p", "Search", "Esc closes")
    for character in "time limit":
        os.write(app.descriptor, character.encode())
        app.rest(0.1)
    app.rest(0.7)
    app.press("search: go to a setting", "enter", "Grading of code", "esc back")
    app.look()
    app.press("settings: leave", "escape", "Today", "Contents")
    app.look()
    app.press(f"settings: open ({times})", "s", "Interface", "Grading of code", "esc back")
    app.press("settings: move", "down", "▸ Theme")
    app.press("theme: switch", "right", "ink")
    app.press("theme: switch", "right", "paper")
    app.press("theme: switch", "left", "ink")
    app.press("theme: switch", "left", "automatic")
    for name in ("Outside editor", "New cards"):
        app.press("settings: move", "down", f"▸ {name}")
    app.press("settings: change", "right", r"\d")
    app.press("settings: change", "left", r"\d")
    app.press("settings: edit", "enter", "enter keep|keep")
    app.press("settings: end edit", "escape", "esc back")
    app.look()
    app.press("settings: leave", "escape", "Today", "Contents")
    app.look()
    interview(app, times)


def interview(app: Driven, times: str) -> None:
    """Choose, answer one question, leave; the interview stays to be gone on with."""
    app.press(f"interview: open ({times})", "i", "Mock interview", "Minutes|minutes", "esc back")
    app.look()
    app.press("interview: move", "home", "▸ ")
    app.press("interview: move", "down", "▸ ")
    app.press("interview: move", "up", "▸ ")
    app.look()
    app.press("interview: leave", "escape", "Today", "Contents")
    app.rest(0.3)


JOURNEYS: dict[str, Callable[[Driven, str], None]] = {
    "question": answer_question,
    "drill": drill,
    "code": code,
    "evidence": evidence,
    "around": look_around,
}


def journeys(
    figures: Figures, base: Path, size: tuple[int, int], runs: int, at_once: bool, only: Sequence[str]
) -> None:
    """The journeys twice in each of `runs` processes, each on a copy of the store. `at_once`: from the first screen on."""
    for run in range(runs):
        folder = base.with_name(f"run-{run}")
        shutil.copytree(base, folder)
        with Driven(folder, size, figures) as app:
            if not at_once:
                app.rest(1.0)
                time.sleep(1.5)
            for times in ("first", "again"):
                move_to(app, QUESTION)
                for name in only:
                    JOURNEYS[name](app, times)
        shutil.rmtree(folder)


# ---------------------------------------------------------------- while something works


def busy(figures: Figures, base: Path, size: tuple[int, int]) -> None:
    """Keys typed while a submission loops until its limit, and help opened and closed while experiments run."""
    with Store(base) as store:
        store.save_draft(f"code:{TASK}", ENDLESS)
    with Driven(base, size, figures) as app:
        app.rest(1.0)
        time.sleep(1.5)
        move_to(app, QUESTION)
        app.press("(contents: unfold)", "right", "▾")
        for _ in range(3):
            app.press("(contents: move)", "down", "▸")
        app.press("(code: open)", "enter", "Your code")
        app.press("(code: grade)", "f5", "F7")
        end, k, typed = time.perf_counter() + 9, 0, ""
        while time.perf_counter() < end:
            character = "abcdefghijklmnopqrstuvwxyz"[k % 26]
            k, typed = k + 1, typed + character
            app.press("while a loop is graded: type", character, re.escape(typed[-4:]))
            if k % 26 == 0:
                app.press("while a loop is graded: new line", "enter", r"\d")
                typed = ""
        app.await_text("Timed out", seconds=20)
        app.press("(code: leave)", "escape", "Today")
    for question in ("rnn-problems", "lstm-gradients", "rnn-family", "gru-differences"):
        with Driven(base, size, figures) as app:
            app.rest(1.0)
            time.sleep(1.0)
            move_to(app, question)
            app.press("(evidence: open)", "e", "esc back")
            end, over = time.perf_counter() + 8, False
            while time.perf_counter() < end and not over:
                for name, key, expected in (
                    ("open help", "f1", "Esc closes this"),
                    ("close help", "escape", "esc back"),
                ):
                    app.look(random.uniform(0.15, 0.25))
                    over = over or "claims hold" in app.text()
                    app.press(f"while {question} runs: {name}", key, expected, settle=False)


# ---------------------------------------------------------------- memory


def memory(base: Path, size: tuple[int, int], seconds: float) -> None:
    """Resident memory along a long session over all screens."""
    figures, begin, rounds = Figures(), time.perf_counter(), 0
    with Driven(base, size, figures) as app:
        app.rest(1.0)
        print(f"{'round':>6} {'keys':>6} {'seconds':>8} {'MB':>7} {'with its processes':>19}", flush=True)
        while True:
            keys, spent = sum(map(len, figures.shown.values())), time.perf_counter() - begin
            print(
                f"{rounds:6} {keys:6} {spent:8.0f} {app.memory():7.1f} {app.memory_of_all():19.1f}",
                flush=True,
            )
            if spent > seconds:
                break
            move_to(app, QUESTION)
            for journey in JOURNEYS.values():
                journey(app, "again")
            rounds += 1
    print(f"after {rounds} rounds over all screens, goal below 150 MB")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("journeys", "busy", "memory"))
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--reviews", type=int, default=0)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=80.0)
    parser.add_argument("--only", nargs="*", choices=JOURNEYS, default=list(JOURNEYS))
    parser.add_argument("--at-once", action="store_true", help="press the first key as soon as the first screen stands")
    args = parser.parse_args()
    columns, rows = map(int, args.size.split("x"))
    with tempfile.TemporaryDirectory() as parent:
        base = Path(parent) / "store"
        fill(base, args.reviews)
        Store(base).close()
        print(f"{args.part}, {args.size}, {args.reviews} reviews in the log; milliseconds", flush=True)
        figures = Figures()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
        try:
            match args.part:
                case "journeys":
                    journeys(figures, base, (columns, rows), args.runs, args.at_once, args.only)
                case "busy":
                    busy(figures, base, (columns, rows))
                case "memory":
                    memory(base, (columns, rows), args.seconds)
        finally:
            if figures.shown:
                print("\n".join(figures.table()))


if __name__ == "__main__":
    main()
