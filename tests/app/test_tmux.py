"""One journey on the installed program in a real terminal: a question, a drill, code, in both languages, and out again."""

import sys
import time
from pathlib import Path

import pytest
from support import tmux
from support.tmux import Tmux

from quiz.store import Store

PROGRAM = Path(sys.executable).with_name("rnnquiz")
ANSWER = "循环网络按时间共享权重"
CODE = "return f * c + i * g"

pytestmark = [
    pytest.mark.skipif(not tmux.is_installed(), reason="tmux is not installed"),
    pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not installed beside this Python"),
]


@pytest.fixture
def folder(tmp_path):
    with Store(tmp_path) as opened:
        opened.set("toured", True)
    return tmp_path


def cursor_line(terminal):
    """The line of the contents that the cursor is on, without what stands beside it."""
    return next((line[:50] for line in terminal.screen().splitlines() if line.lstrip().startswith("▸")), "")


def go_to(terminal, text):
    """Down the contents to a question."""
    for _ in range(30):
        before = cursor_line(terminal)
        if text in before:
            return
        terminal.press("Down")
        end = time.monotonic() + 20
        while cursor_line(terminal) in ("", before):
            assert time.monotonic() < end, terminal.screen()
            time.sleep(0.05)
    raise AssertionError(terminal.screen())


def test_from_the_first_screen_to_the_last(folder):
    editor, edited = folder / "editor", folder / "edited"
    editor.write_text(f"#!/bin/sh\ntouch {edited}\n")
    editor.chmod(0o755)
    environment = {"RNNQUIZ_DATA": folder, "LANG": "zh_CN.UTF-8", "LC_ALL": "", "EDITOR": editor, "VISUAL": ""}
    with Tmux(str(PROGRAM), environment) as terminal:
        terminal.shows("目录", "RNN")
        terminal.press("Enter")
        terminal.shows("你的回答")
        terminal.type(ANSWER)
        terminal.shows(ANSWER)
        terminal.press("C-r")
        terminal.shows("三十秒口答", "记得")
        terminal.press("3")
        terminal.shows("目录", "记得")
        terminal.press("F2")
        terminal.shows("Contents", "practise")

        go_to(terminal, "One LSTM step")
        terminal.press("d")
        terminal.shows("· Order", "to go")
        terminal.press("Space", "Down", "Space", "Enter")
        terminal.shows("Not quite")
        terminal.press("Enter")
        terminal.shows("/1 right")
        terminal.press("Escape")
        terminal.shows("Contents")

        terminal.press("C-p")
        terminal.shows("Enter opens")
        terminal.type("lstm-cell-state")
        terminal.shows("code       lstm-cell-state")
        terminal.press("Enter")
        terminal.shows("Your code", "def lstm_cell_state")
        terminal.type("return (f * c")
        terminal.shows("return (f * c)")  # the bracket brought its partner
        terminal.press("C-u")
        terminal.type("retrun")
        terminal.press("F5")
        terminal.shows("Error", "line 5")
        terminal.press("F7", "End", "C-u", "Tab")
        terminal.type(CODE)
        terminal.shows("    " + CODE)
        terminal.press("F4")  # an editor that changes nothing: the app comes back as it was
        terminal.shows("Your code", CODE)
        terminal.press("F5")
        terminal.shows("✓ Passed", "f7 stop")
        terminal.press("F7")
        terminal.shows("search stopped")
        terminal.press("F2")
        terminal.shows("你的代码", "✓ 通过")
        terminal.press("Escape")
        terminal.shows("目录")
        terminal.press("q")
        assert "目录" not in terminal.shows("status=0")

    with Store(folder) as opened:
        assert opened.notices == []
        assert opened.draft("answer:why-rnn") == ANSWER
        assert opened.draft("code:lstm-cell-state").rstrip().endswith(CODE)
        assert [a.verdict for a in opened.attempts("lstm-cell-state")] == ["error", "pass"]
        kinds = [review.card.partition(":")[0] for review in opened.reviews()]
        assert kinds == ["recall", "drill", "code"]
        assert opened.get("language") == "zh"
