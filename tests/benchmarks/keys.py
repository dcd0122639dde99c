"""How soon a key press is answered on screen, as tables: the real program in a pseudo-terminal, whole journeys by keyboard.

Before a key that goes to another screen the learner looks at this one for a second. Three figures a key, all from the
moment its bytes are written to the terminal: `first`, until the first byte of output;
`shown`, until every text that the answer must bring (the page that opens, the character typed, the verdict) has come
through; `settled`, until the last byte before a pause of 60 ms. The goal is for `shown`, of the keys of each screen. The
kernel's pipe is in it, a terminal's own drawing is not. `cpu` is how long the program's main thread computed until then: the
figure to compare on a machine that others use too; `wait`, the longest that others kept it from a
processor. Bytes are those sent until it settled.

On an installed copy (compiled files on disk), on a quiet machine:

    python tests/benchmarks/keys.py journeys --reviews 100000 --size 200x60
    python tests/benchmarks/keys.py journeys --reviews 100000 --size 200x60 --only code interview --runs 1
    python tests/benchmarks/keys.py busy

`hour.py` beside this goes on for an hour at a learner's pace and watches the memory.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from driven import KEYS, Driven, Figures

from answers import deck
from answers.model import ChoiceDrill, FormulaDrill, NumberDrill, OrderDrill, TrueFalseDrill
from quiz import contents, shelf
from quiz.app import words
from quiz.catalogue import message
from quiz.database import FILE
from quiz.interview import report, sitting
from quiz.interview.sitting import Interview
from quiz.interview.words import KINDS
from quiz.schedule import DAY
from quiz.store import Store

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
    titles = {h.id: h.title.en for h in contents.headings()}
    rows: list[str] = []
    for part, ids in words.PARTS:
        rows += [part.en, *(titles[id] for id in ids)]
    app.press("contents: move", "home", "▸ " + re.escape(rows[0]))
    for row in rows[1:]:
        app.press("contents: move", "down", rf"▸ .{{0,14}}{re.escape(row[:12])}")
        if row == titles[question]:
            break


def answer_question(app: Driven, times: str, question_id: str) -> None:
    """Open, type, hint, reveal, tick, turn pages, grade, take back."""
    question = deck.load_question(question_id)
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
    for _ in range(min(3, len(question.key_points) - 1)):
        app.press("question: next key point", "down", r"▸ \[")
    app.press("question: tick", "space", r"\[✓\]")
    app.press("question: turn page", "right", first_words(question.whiteboard.en))
    app.press("question: turn page", "right", "The notes say|In truth")
    if app.size[1] < 40:  # else the page is seen whole
        app.press("question: scroll", "pagedown", r"\w{3}")
    app.press("question: turn page", "left", first_words(question.whiteboard.en))
    app.look()
    app.press("question: grade", "3", "Today", "Contents", "back in")
    app.press("contents: take back", "u" if times == "first" else "f9", "Taken back")


DRILLS = {
    "ChoiceDrill": "A B[A-H ]* answer at once",
    "TrueFalseDrill": "T F answer at once",
    "OrderDrill": "pick up/drop",
    "NumberDrill": re.escape(message("drill.number_here").en),
    "FormulaDrill": re.escape(message("drill.formula_here").en),
}
"""What on screen tells the kinds of drill apart; a long title leaves no room for their names."""


def drill(app: Driven, times: str, question_id: str, most: int = 4) -> None:
    """Drills of the question, one after the other, whatever their order; the first is taken back and answered again."""
    formulas = [d for d in deck.load_question(question_id).drills if isinstance(d, FormulaDrill)]
    shown = "|".join(DRILLS.values())
    verdict = ("Right|Not quite", "next|finish")
    app.look()
    app.press(f"drill: open ({times})", "d", shown, "esc back")
    for k in range(most):
        kind = next(kind for kind, said in DRILLS.items() if re.search(said, app.text()))
        match kind:
            case "ChoiceDrill":
                app.press("drill: move", "down", "▸ B")
                app.press("drill: check a choice", "a", *verdict)
            case "TrueFalseDrill":
                app.press("drill: check true or false", "t", *verdict)
            case "OrderDrill":
                app.press("drill: pick up", "space", "≡ 1")
                app.press("drill: carry", "down", "≡ 2")
                app.press("drill: drop", "space", "▸ 2")
                app.press("drill: check an order", "enter", *verdict)
            case "NumberDrill":
                app.press("drill: type", "4", "4")
                app.press("drill: type", "7", "47")
                app.press("drill: check a number", "enter", *verdict)
            case "FormulaDrill":
                app.await_text("|".join(re.escape(d.ask.en[:25]) for d in formulas))
                dealt = next(d for d in formulas if re.search(re.escape(d.ask.en[:25]), app.text()))
                app.press("drill: type", dealt.answer[0], re.escape(dealt.answer[0]))
                os.write(app.descriptor, dealt.answer[1:].encode())
                app.press(f"drill: check a formula ({times})", "enter", *verdict)
        if k == 0:
            app.press("drill: take back", "f9", "Taken back", shown)
        elif re.search("enter finish", app.text()):
            app.press("drill: finish", "enter", "Today", "Contents")
            return
        else:
            app.press("drill: next", "enter", shown, "esc back")
    app.look()
    app.press("drill: leave", "escape", "Today", "Contents")


def last_line(app: Driven, task: str) -> str:
    """A pattern for the line that the cursor opens at; where notices stand below, the first ones may be scrolled away."""
    with Store(app.folder) as store:
        draft = store.draft(f"code:{task}") or f"def {shelf.task(task).function}("
    return r"\W+".join(re.findall(r"\w+", draft.strip().splitlines()[-1])[:4])


def code(app: Driven, times: str, question_id: str) -> None:
    """Open the editor, type, grade, look around; put the model solution in and grade that."""
    tasks = deck.load_question(question_id).tasks
    if not tasks:
        return
    mine = TASK if TASK in tasks else tasks[0]
    app.press("contents: unfold", "right", "▾")
    for task in tasks:
        app.press("contents: move", "down", rf"▸ .{{0,14}}{task}")
        if task == mine:
            break
    app.look()
    app.press(f"code: open ({times})", "enter", "Your code", last_line(app, mine), "f5 grade")
    for _ in range(3):
        app.press("code: new line", "enter", r"\d")
    typed = ""
    for character in "y = foo(x, [1":
        typed += character
        app.press("code: type", character, re.escape(typed[-5:].strip()))
    for _ in range(5):
        app.press("code: undo", "ctrl+z", r"\S")
    for _ in range(60):
        os.write(app.descriptor, KEYS["ctrl+z"].encode())
    app.rest(0.3, most=10.0)
    app.press("code: hint", "ctrl+t", r"1\. ")
    app.look()
    outcomes = "|".join([*(outcome.en for outcome in words.OUTCOMES.values()), "no body yet"])  # a starter as it was
    app.press("code: grade", "f5", f"F7|{outcomes}")
    app.await_text(outcomes, "f5 grade")
    app.rest(0.3)
    app.press("code: to the report", "shift+tab", r".")
    if app.size[1] < 40 and mine == TASK:  # whose report is longer than the screen
        app.press("code: scroll", "down", r"\S")
    app.press("code: solution", "ctrl+o", r"\bdef |return ")
    app.look()
    app.press("code: back to the editor", "shift+tab", r".")
    os.write(app.descriptor, KEYS["alt+a"].encode())
    app.rest(0.2)
    app.press("code: paste", f"\x1b[200~{shelf.solution(mine)}\x1b[201~", "return")
    app.press("code: grade", "f5", f"F7|{outcomes}")
    app.await_text("Passed", "Searched|search")
    app.look(2.0)
    app.press("code: leave", "escape", "Today", "Contents")
    app.press("contents: fold", "left", "▹")


def evidence(app: Driven, times: str, question_id: str) -> None:
    """Run the question's experiment to its end, scroll, leave."""
    app.look()
    app.press(f"evidence: open ({times})", "e", first_words(deck.load_question(question_id).title.en), "esc back")
    app.await_text("claims hold", seconds=120)
    app.rest(0.3)
    if app.size[1] < 40:
        app.press("evidence: scroll", "down", r"\w{3}")
        app.press("evidence: scroll", "pagedown", r"\w{3}")
    app.look()
    app.press("evidence: run again", "r", "Running|%|hold|stop")
    app.look()
    app.press("evidence: leave", "escape", "Today", "Contents")


def look_around(app: Driven, times: str, _: str) -> None:
    """Statistics, help, language, search, settings with the theme."""
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
    app.press("settings: switch the theme", "right", "ink")
    app.press("settings: switch the theme", "right", "paper")
    app.press("settings: switch the theme", "left", "ink")
    app.press("settings: switch the theme", "left", "automatic")
    for name in ("Outside editor", "New cards"):
        app.press("settings: move", "down", f"▸ {name}")
    app.press("settings: change", "right", r"\d")
    app.press("settings: change", "left", r"\d")
    app.press("settings: edit", "enter", "enter keep|keep")
    app.press("settings: end edit", "escape", "esc back")
    app.look()
    app.press("settings: leave", "escape", "Today", "Contents")


# ---------------------------------------------------------------- the interview

ASKED = f"Mock interview · (?:{'|'.join(kind.en for kind in KINDS.values())})"
NEXT = rf"{ASKED}.*esc|esc.*{ASKED}|Debrief|Interview report"
"""What an item that is done may lead to."""


def going(app: Driven) -> Interview:
    """The interview that was written down last."""
    with Store(app.folder) as store:
        return sitting.from_json(store.interviews(1)[0])


def interview(app: Driven, times: str, _: str) -> None:
    """Choose, be asked, leave and go on, end it after some items, look the answers over, read the report."""
    app.look()
    app.press(f"interview: open ({times})", "i", "Mock interview", "Minutes|minutes", "esc back")
    app.await_text("to say")
    app.look()
    app.press("interview: move", "home", "▸ ")
    app.press("interview: move", "down", "▸ ")
    app.press("interview: move", "up", "▸ ")
    app.press("interview: choose minutes", "2", r"\[2\]")
    app.press("interview: choose minutes", "0", r"\[20\]")
    app.look()
    app.press(f"interview: begin ({times})", "enter", ASKED, "esc")
    done = 0
    while (asked := going(app)).phase == "asking" and done < 6:
        app.look()
        if done == 1:
            app.press("interview: pause", "escape", "Go on")
            app.look()
            app.press("interview: go on", "enter", ASKED, "esc")
            app.look()
        {"recall": say, "drill": answer_drill, "code": write_code}[asked.item.card.kind](app, asked)
        done += 1
    if asked.phase == "asking":
        app.look()
        app.press("interview: end", "f6", "F6 again")
        app.press("interview: end now", "f6", "Debrief|Interview report")
    while going(app).phase == "debrief":
        app.look()
        app.press("debrief: tick", "space", r"\[[✓ ]\]")
        app.press("debrief: turn page", "right", r"\w{3}")
        app.press("debrief: turn page", "right", r"\w{3}")
        app.look()
        app.press("debrief: grade", "3", r"Debrief ›.*esc|Interview report")
    app.await_text("Time: ")
    app.look()
    app.press("report: turn page", "right", "Strengths", "Gaps")
    app.press("report: turn page", "right", "Every day|gap")
    app.press("report: turn page", "right", r"1\. ")
    app.press("report: save", "w", "Saved as")
    app.look()
    app.press("report: leave", "escape", "Past interviews")
    app.look()
    app.press("interview: leave", "escape", "Today", "Contents")


def say(app: Driven, asked: Interview) -> None:
    """Answer in words, and pass over what is asked about it."""
    typed = ""
    for character in "the gates":
        typed += character
        app.press("talk: type", character, re.escape(typed[-4:].strip()))
    app.press("talk: hint", "ctrl+t", r"1\. ")
    app.press("talk: answer", "ctrl+r", f"the gates|{NEXT}")
    if (now := going(app)).phase == "asking" and now.at == asked.at:
        app.look()
        app.press("talk: next", "f8", NEXT)


def answer_drill(app: Driven, asked: Interview) -> None:
    """Any answer: the first counts."""
    match report.deal(asked.item).drill:
        case ChoiceDrill():
            key = "a"
        case TrueFalseDrill():
            key = "t"
        case OrderDrill():
            key = "enter"
        case NumberDrill():
            app.press("interview drill: type", "4", "4")
            key = "enter"
        case FormulaDrill():
            app.press("interview drill: type", "x", "x")
            key = "enter"
    app.press("interview drill: answer", key, f"{NEXT}|not|cannot")
    if (now := going(app)).phase == "asking" and now.at == asked.at:
        app.press("interview drill: skip", "f8", NEXT)  # it could not be read


def write_code(app: Driven, asked: Interview) -> None:
    """Hand in what is not finished."""
    for character in "retur":
        app.press("interview code: type", character, re.escape(character))
    app.press("interview code: grade", "f5", "F7|Failed|Error")
    app.await_text("Failed|Error", "f5 grade")
    app.rest(0.3)
    app.look()
    app.press("interview code: next", "f8", NEXT)


JOURNEYS: dict[str, Callable[[Driven, str, str], None]] = {
    "question": answer_question,
    "drill": drill,
    "code": code,
    "evidence": evidence,
    "around": look_around,
    "interview": interview,
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
                    JOURNEYS[name](app, times, QUESTION)
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


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("journeys", "busy"))
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--reviews", type=int, default=0)
    parser.add_argument("--runs", type=int, default=2)
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
        finally:
            if figures.shown:
                print("\n".join(figures.table()))


if __name__ == "__main__":
    main()
