"""Elsewhere than on Linux nothing is run: one line says so, in both languages, before anything fails to be imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CELL = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
ELSEWHERE = """
import sys
import numpy, subprocess, multiprocessing.connection
class Lacks:
    def find_spec(self, name, path=None, target=None):
        if name in {lacking!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
for name in {lacking!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Lacks())
sys.platform = {platform!r}
"""
SYSTEMS = {"darwin": (), "win32": ("fcntl", "resource", "termios", "pwd", "grp")}


def elsewhere(platform, program, *arguments):
    text = ELSEWHERE.format(platform=platform, lacking=SYSTEMS.get(platform, ())) + program
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-c", text, *map(str, arguments)], capture_output=True, text=True, env=environ, timeout=60
    )


@pytest.mark.parametrize("platform", SYSTEMS)
@pytest.mark.parametrize("command", [["grade"], ["grade", "--json", "--jobs", "2"], ["watch"]])
def test_a_command_that_would_run_a_submission_says_so_in_one_line(tmp_path, platform, command):
    (tmp_path / "cell.py").write_text(CELL)
    program = "from quiz.cli import entry\nentry()\n"
    for language, word in (("en", "Linux alone"), ("zh", "只能在 Linux")):
        ran = elsewhere(platform, program, command[0], tmp_path / "cell.py", *command[1:], "--lang", language)
        assert ran.returncode == 2, ran.stderr
        assert ran.stdout == ""
        assert len(ran.stderr.splitlines()) == 1
        assert word in ran.stderr


@pytest.mark.parametrize("platform", SYSTEMS)
def test_the_library_raises_what_is_missing(platform):
    program = (
        "from quiz.grading import Grader, grade\nfrom quiz.grading.outcome import IsolationUnavailable\n"
        "for run in (lambda: grade('x = (1)\\n', 'sigmoid'), lambda: Grader().__enter__()):\n"
        "    try: run()\n"
        "    except IsolationUnavailable as error: print(error)\n"
    )
    ran = elsewhere(platform, program.replace("x = (1)", "def sigmoid(x): return x"))
    assert ran.stdout.count("Linux alone") == 2, ran.stderr


def test_doctor_says_so_too():
    ran = elsewhere("darwin", "from quiz.cli import entry\nentry()\n", "doctor")
    assert ran.returncode == 1
    assert "✗ isolation" in ran.stdout
    assert "Linux alone" in ran.stdout


@pytest.mark.parametrize("files", [1, 8])
def test_require_isolation_refuses_to_run_without_the_full_set(tmp_path, files):
    for k in range(files):
        (tmp_path / f"cell{k}.py").write_text(CELL)
    program = (
        "from quiz.grading import locks\nlocks.FULL = frozenset({*locks.FULL, 'moat'})\n"
        "from quiz.cli import entry\nentry()\n"
    )
    for language, word in (("en", "lacks layers of the isolation: moat"), ("zh", "缺少隔离层 moat")):
        ran = elsewhere("linux", program, "grade", tmp_path, "--require-isolation", "--lang", language)
        assert ran.returncode == 2
        assert ran.stdout == ""
        assert word in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
    assert elsewhere("linux", program, "grade", tmp_path).returncode == 0
