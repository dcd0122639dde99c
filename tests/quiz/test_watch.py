"""`rnnquiz watch`, as editors of every kind save a file."""

import io
import os
import pty
import signal
import subprocess
import sys
import threading
import time

import pytest

from quiz import watch

RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
WRONG = RIGHT.replace("f * c + i * g", "i * c + f * g")


class Watching:
    """The command in a process of its own; what it prints."""

    def __init__(self, folder, *arguments, language="en"):
        self.output = ""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quiz", "watch", *arguments, "--lang", language],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.output += line

    def prints(self, text, times=1):
        end = time.monotonic() + 30
        while self.output.count(text) < times:
            assert time.monotonic() < end, f"{text!r} did not come {times} times: {self.output}"
            assert self.process.poll() is None, self.output
            time.sleep(0.03)

    def interrupt(self, number=signal.SIGINT):
        self.process.send_signal(number)
        assert self.process.wait(20) == 0, self.output
        assert "Traceback" not in self.output


@pytest.fixture
def watching(tmp_path):
    begun = []

    def begin(*arguments, **options):
        begun.append(Watching(tmp_path, *arguments, **options))
        return begun[-1]

    yield begin
    for running in begun:
        if running.process.poll() is None:
            running.process.kill()


def test_every_way_of_saving_is_graded(watching, tmp_path):
    file = tmp_path / "cell.py"
    seen = watching("cell.py")
    seen.prints("waiting for the file")
    file.write_text(WRONG)
    seen.prints("FAIL")
    assert "You swap i and f" in seen.output
    seen.prints("each save is graded again")
    file.write_text("def lstm_cell_state(c, i, f, g:\n")  # in the middle of typing
    seen.prints("ERROR")
    seen.prints("each save is graded again", 2)
    other = tmp_path / ".cell.py.swp"  # a new file renamed over the old one
    other.write_text(RIGHT)
    other.rename(file)
    seen.prints("PASS")
    seen.prints("each save is graded again", 3)
    file.unlink()
    seen.prints("waiting for the file", 2)
    file.write_text(RIGHT)  # deleted, then written anew
    seen.prints("PASS", 2)
    seen.prints("each save is graded again", 4)
    (tmp_path / "another.py").write_text(WRONG)
    time.sleep(0.5)
    assert seen.output.count("FAIL") == 1
    seen.interrupt()


def test_a_link_is_followed_and_the_folder_may_go_and_come_back(watching, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "real.py").write_text(WRONG)
    (tmp_path / "link.py").symlink_to(folder / "real.py")
    seen = watching("link.py", language="zh")
    seen.prints("不通过")
    seen.prints("保存后会重新评分")
    (folder / "real.py").write_text(RIGHT)
    seen.prints("✓ link.py  lstm-cell-state  通过")
    (folder / "real.py").unlink()
    folder.rmdir()
    seen.prints("等待文件出现")
    folder.mkdir()
    (folder / "real.py").write_text(RIGHT)
    seen.prints("✓ link.py  lstm-cell-state  通过", 2)
    seen.interrupt(signal.SIGTERM)


def test_ctrl_c_ends_it_in_the_middle_of_a_grading(watching, tmp_path):
    (tmp_path / "cell.py").write_text("import time\ntime.sleep(9)\n" + RIGHT)
    seen = watching("cell.py")
    time.sleep(1.5)
    seen.interrupt()


def test_in_a_terminal_each_report_takes_the_place_of_the_one_before(tmp_path):
    (tmp_path / "cell.py").write_text(RIGHT)
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "quiz", "watch", "cell.py", "--lang", "en"],
        cwd=tmp_path,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(inner)
    seen = b""
    while b"each save is graded again" not in seen:
        seen += os.read(outer, 4096)
    assert seen.startswith(b"\x1b[H\x1b[2J\x1b[3J")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    os.close(outer)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["."], "this is a folder"),
        (["no/such/place.py"], "no such folder"),
        (["cell.py", "--task", "lstm-stp"], "did you mean lstm-step?"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(tmp_path, arguments, words):
    command = [sys.executable, "-m", "quiz", "watch", *arguments, "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


class _Stream(io.StringIO):
    def __init__(self, is_terminal):
        super().__init__()
        self.isatty = lambda: is_terminal


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_warning_stays_in_sight_in_a_terminal_and_is_said_once_elsewhere(is_terminal, capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    stream = _Stream(is_terminal)
    screen = watch._Screen(stream, "take care")
    screen.show("one")
    screen.show("two")
    assert stream.getvalue().count("take care") == (2 if is_terminal else 0)
    assert capsys.readouterr().err == ("" if is_terminal else "take care\n")
