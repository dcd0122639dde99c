"""Killed at any moment, what was typed up to the last second is there."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from support.terminal import Terminal

from quiz.store import Store

CODE = "from quiz.app import run; raise SystemExit(run('en'))"


@pytest.fixture
def folder(tmp_path):
    with Store(tmp_path) as opened:
        opened.set("toured", True)
    return tmp_path


def question_open(folder):
    terminal = Terminal(CODE, {"RNNQUIZ_DATA": str(folder)})
    terminal.wait_for("Contents")
    terminal.read(0.3)
    terminal.send("\r")
    terminal.wait_for("Your answer")
    return terminal


def test_killed_in_the_middle_of_typing(folder):
    terminal = question_open(folder)
    terminal.send("it shares weights over time 共享权重")
    terminal.read(1.0)
    terminal.send("LATE")
    assert terminal.end(signal.SIGKILL) == -signal.SIGKILL
    with Store(folder) as opened:
        assert opened.notices == []
        assert opened.draft("answer:why-rnn").startswith("it shares weights over time 共享权重")
    again = question_open(folder)
    again.wait_for("共享权重")
    again.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_saves_at_once_and_leaves_the_terminal_as_it_was(folder, number):
    terminal = question_open(folder)
    terminal.send("memory of the past")
    terminal.read(0.15)
    assert terminal.end(number) == 0
    assert b"\x1b[?1049l" in terminal.seen
    with Store(folder) as opened:
        assert opened.draft("answer:why-rnn") == "memory of the past"


def test_two_apps_on_one_folder(folder):
    first, second = question_open(folder), question_open(folder)
    first.send("from the first")
    first.read(0.8)
    second.send("from the second")
    second.read(0.8)
    assert first.end(signal.SIGTERM) == 0
    assert second.end(signal.SIGTERM) == 0
    with Store(folder) as opened:
        assert opened.notices == []
        assert opened.draft("answer:why-rnn") == "from the second"


def test_the_first_screen_loads_nothing_that_it_does_not_need(folder):
    code = (
        "import asyncio, json, sys\n"
        "from quiz.app.app import QuizApp\n"
        "async def main():\n"
        "    app = QuizApp(language='zh')\n"
        "    async with app.run_test():\n"
        "        heavy = ('numpy', 'fsrs', 'hypothesis', 'plotext', 'tree_sitter',\n"
        "                 'quiz.grading', 'rnnref', 'textual.widgets._text_area')\n"
        "        print(json.dumps([m for m in heavy if m in sys.modules]))\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RNNQUIZ_DATA": str(folder)},
    )
    assert json.loads(done.stdout) == [], done.stderr


def test_with_its_terminal_gone_no_process_is_left(folder):
    terminal = question_open(folder)
    os.close(terminal.descriptor)  # as when a window is closed while the app paints
    end = time.monotonic() + 20
    while os.waitpid(terminal.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < end, "the app outlives its terminal"
        time.sleep(0.05)
