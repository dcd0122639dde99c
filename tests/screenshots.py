"""Takes the pictures of the README from the real app: python tests/screenshots.py

Writes docs/home.svg, docs/home.zh.svg and docs/code.svg. A learner's first weeks are made up, so that progress shows; the
code on the third is graded as it always is.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from html import unescape
from pathlib import Path
from random import Random

from rich.cells import cell_len
from textual.pilot import Pilot

sys.path.insert(0, str(Path(__file__).parent.parent))

from answers.model import Language
from quiz.app.app import QuizApp
from quiz.app.screens.code import CodeScreen
from quiz.schedule import Grade
from quiz.session import Card
from quiz.store import Store

DOCS = Path(__file__).parent.parent / "docs"
DAY = 86_400_000
NOW = 1_790_000_000_000
QUESTIONS = (
    "why-rnn",
    "rnn-structure",
    "rnn-problems",
    "lstm-flow",
    "lstm-cost",
    "rnn-forward",
    "why-lstm",
    "lstm-structure",
    "lstm-gradients",
)

WRONG_LSTM = """\
import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, W, U, b):
    f, i, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new
"""


def practised(folder: Path) -> None:
    """Some weeks of reviews, with a day off now and then."""
    random = Random(11)
    clock = {"now": NOW}
    with Store(folder, clock=lambda: clock["now"]) as store:
        store.set("toured", True)
        for day in range(75, -1, -1):
            known = QUESTIONS[: 2 + (75 - day) // 9]
            if day > 5 and random.random() < 0.3:
                continue
            for n in range(random.choice((1, 1, 2, 3, 5))):
                clock["now"] = NOW - day * DAY - n * 60_000
                store.add_review(f"recall:{random.choice(known)}", Grade(random.choice((2, 3, 3, 4))))


def spaced(svg: str) -> str:
    """The picture with room for wide characters: the export reckons each as one cell."""

    def wider(match: re.Match[str]) -> str:
        length, between, text = float(match[1]), match[2], match[3]
        plain = unescape(text)
        return f'textLength="{length / len(plain) * cell_len(plain):g}"{between}>{text}</text>'

    return re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]+)</text>', wider, svg)


async def picture(folder: Path, language: Language, name: str, show: Callable[[Pilot[None]], Awaitable[None]]) -> None:
    """One screenshot after `show` has brought the app to it."""
    with Store(folder, clock=lambda: NOW) as store:
        store.save_draft("code:lstm-step", WRONG_LSTM)
        app = QuizApp(store, language, seed=7)
        async with app.run_test(size=(112, 34)) as pilot:
            await pilot.pause(1.0)
            await show(pilot)
            svg = app.export_screenshot(title="rnnquiz")
    # The viewer's own monospaced font is used: a page that shows the picture may not load others.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Noto Sans Mono CJK SC")
    (DOCS / name).write_text(spaced(svg), encoding="utf-8")
    print(DOCS / name)


async def contents(pilot: Pilot[None]) -> None:
    """The first screen, the cursor on the LSTM's step."""
    await pilot.press(*["down"] * 8, "right")
    await pilot.pause(1.0)


async def graded_code(pilot: Pilot[None]) -> None:
    """The code screen after a wrong answer."""
    app = pilot.app
    assert isinstance(app, QuizApp)
    app.open_card(Card("code", "lstm-flow", "lstm-step"))
    await pilot.pause(0.5)
    await pilot.press("f5")
    screen = app.screen
    assert isinstance(screen, CodeScreen)
    while screen.report is None:
        await pilot.pause(0.2)
    await pilot.pause(0.5)


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder:
        practised(Path(folder))
        asyncio.run(picture(Path(folder), "en", "home.svg", contents))
        asyncio.run(picture(Path(folder), "zh", "home.zh.svg", contents))
        asyncio.run(picture(Path(folder), "en", "code.svg", graded_code))


if __name__ == "__main__":
    main()
