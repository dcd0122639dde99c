"""Takes the pictures of the README from the real app: python tests/screenshots.py

Writes docs/home.svg, docs/home.zh.svg and docs/code.svg. A learner's first weeks are made up, so that progress shows.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from answers.model import Language
from quiz.app.app import QuizApp
from quiz.schedule import Grade
from quiz.store import Store

DOCS = Path(__file__).parent.parent / "docs"
DAY = 86_400_000
NOW = 1_790_000_000_000

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
    """Some weeks of reviews."""
    clock = {"now": NOW}
    with Store(folder, clock=lambda: clock["now"]) as store:
        store.set("toured", True)
        plan = {
            "why-rnn": (3, 3, 4),
            "rnn-structure": (3, 3),
            "rnn-problems": (2, 3),
            "lstm-flow": (3, 4),
            "lstm-cost": (1,),
        }
        for question, grades in plan.items():
            for n, grade in enumerate(grades):
                clock["now"] = NOW - (30 - 9 * n) * DAY
                store.add_review(f"recall:{question}", Grade(grade))


async def picture(folder: Path, language: Language, name: str, *keys: str, code: str = "") -> None:
    """One screenshot after these keys."""
    with Store(folder, clock=lambda: NOW) as store:
        if code:
            store.save_draft("code:lstm-step", code)
        app = QuizApp(store, language, seed=7)
        app.animation_level = "none"
        async with app.run_test(size=(104, 30)) as pilot:
            await pilot.pause(1.0)
            for key in keys:
                if key == "wait":
                    await app.workers.wait_for_complete()
                    await pilot.pause(2.0)
                else:
                    await pilot.press(key)
                    await pilot.pause(0.2)
            svg = app.export_screenshot(title="rnnquiz")
    # The viewer's own monospaced font is used: a page that shows the picture may not load others.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Noto Sans Mono CJK SC")
    (DOCS / name).write_text(svg, encoding="utf-8")
    print(DOCS / name)


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder:
        practised(Path(folder))
        for language, name in (("en", "home.svg"), ("zh", "home.zh.svg")):
            asyncio.run(picture(Path(folder), language, name, *["down"] * 8))


if __name__ == "__main__":
    main()
