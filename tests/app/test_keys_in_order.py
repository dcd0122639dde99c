"""Keys that arrive together, as over a slow link, take effect in the order they were pressed."""

import pytest
from support.terminal import Terminal

from quiz.store import Store

CODE = "from quiz.app import run; raise SystemExit(run('en'))"


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ab\x7fc", "ac"),
        ("abc\x1b[Dx\x1b[Hy", "yabxc"),
        ("abc\x15d", "d"),
        ("a\rb\x7f\x7fc", "ac"),
    ],
)
def test_in_the_answer(tmp_path, keys, text):
    with Store(tmp_path) as opened:
        opened.set("toured", True)
    terminal = Terminal(CODE, {"RNNQUIZ_DATA": str(tmp_path)})
    terminal.wait_for("Contents")
    terminal.read(0.3)
    terminal.send("\r")
    terminal.wait_for("Your answer")
    terminal.read(0.5)
    terminal.send(keys)
    terminal.read(0.8)
    assert terminal.end(15) == 0
    with Store(tmp_path) as opened:
        assert opened.draft("answer:why-rnn") == text
