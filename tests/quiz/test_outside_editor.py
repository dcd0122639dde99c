"""Which editor is opened, and what comes back from it."""

import sys
import threading
import time

import pytest

from quiz.outside_editor import Command, Outside, find, plan


def nowhere(_):
    return None


@pytest.mark.parametrize(
    ("command", "words", "in_window"),
    [
        ("vim", ["vim"], False),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w"], False),
        ("code", ["code", "--wait"], True),
        ("code --wait -n", ["code", "--wait", "-n"], True),
        ("/opt/sublime/subl -n", ["/opt/sublime/subl", "--wait", "-n"], True),
        ("subl -w", ["subl", "-w"], True),
        ("gvim", ["gvim", "--nofork"], True),
        ("gvim -f", ["gvim", "-f"], True),
        ("kwrite", ["kwrite"], True),
        ("emacs -nw", ["emacs", "-nw"], False),
        ("emacs", ["emacs"], True),
        ("emacsclient -t", ["emacsclient", "-t"], False),
        ("emacsclient -c", ["emacsclient", "-c"], True),
        ("'/a b/code.exe'", ["/a b/code.exe", "--wait"], True),
    ],
)
def test_how_an_editor_is_called(command, words, in_window):
    found = find({"EDITOR": command, "DISPLAY": ":0"}, which=nowhere)
    assert list(found.words) == words
    assert found.in_window is in_window


def test_emacs_without_a_display_wants_the_terminal():
    assert not plan(["emacs"]).in_window


def test_the_setting_comes_before_visual_and_visual_before_editor():
    environment = {"VISUAL": "kate", "EDITOR": "vi"}
    assert find(environment, "nano", nowhere).name == "nano"
    assert find(environment, None, nowhere).name == "kate"
    assert find({"VISUAL": " ", "EDITOR": "vi"}, "", nowhere).name == "vi"


def test_without_either_one_of_the_usual_ones_is_taken():
    assert find({}, which=lambda name: name if name in ("vi", "nano") else None).name == "nano"
    assert find({}, which=nowhere) is None


def test_a_leading_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert find({}, "~/bin/ed 'a b'").words == ("/home/me/bin/ed", "a b")


def test_a_quote_that_is_not_closed_is_an_error():
    with pytest.raises(ValueError, match="quotation"):
        find({"EDITOR": "vim 'x"})


def test_every_save_is_told_of_and_the_file_goes_with_the_editor():
    script = (
        "import os, pathlib, sys, time\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "for k in (1, 2):\n"
        "    time.sleep(0.4)\n"
        "    other = path.with_suffix('.new'); other.write_text(f'x = {k}'); other.rename(path)\n"
        "path.write_text('x = 3')\n"
    )
    outside = Outside(Command((sys.executable, "-c", script), True), "task", "x = 0")
    outside.open()
    saved = []
    outside.follow(saved.append, threading.Event())
    assert saved[0] == "x = 1"
    assert saved[-1] == "x = 3"
    assert not outside.is_open
    outside.close()
    assert not outside.folder.exists()


def test_told_to_stop_it_takes_the_last_save_and_leaves_the_file_to_the_editor():
    outside = Outside(Command((sys.executable, "-c", "import time; time.sleep(30)"), True), "task", "x = 0")
    outside.open()
    stop, saved = threading.Event(), []
    following = threading.Thread(target=outside.follow, args=(saved.append, stop))
    following.start()
    whole = outside.path.with_suffix(".new")  # so that no moment is seen at which the file is empty
    whole.write_text("x = 1")
    whole.rename(outside.path)
    stop.set()
    following.join(5)
    assert saved == ["x = 1"]
    outside.close()
    assert outside.path.exists()
    outside._process.kill()
    outside._process.wait()
    time.sleep(0.05)
    outside.close()
    assert not outside.folder.exists()
