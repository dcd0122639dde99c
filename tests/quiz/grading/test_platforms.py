"""Windows: nothing is run, one line says so in both languages, and everything else of the program works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import windows

CELL = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))


@pytest.mark.parametrize("command", [["grade"], ["grade", "--json", "--jobs", "2"], ["watch"], ["deck", "check"]])
def test_a_command_that_would_run_a_submission_says_so_in_one_line(tmp_path, command):
    (tmp_path / "cell.py").write_text(CELL)
    paths = [] if command[0] == "deck" else [tmp_path / "cell.py"]
    for language, word in (("en", "not run on this system"), ("zh", "不能运行提交的代码")):
        ran = windows.rnnquiz(*command, *paths, "--lang", language)
        assert ran.returncode == 2, ran.stderr
        assert ran.stdout == ""
        assert len(ran.stderr.splitlines()) == 1
        assert word in ran.stderr


def test_the_library_raises_what_is_missing(tmp_path):
    (tmp_path / "cell.py").write_text(CELL)
    program = (
        "import sys\nfrom quiz.grading import Grader, grade\nfrom quiz.grading.outcome import IsolationUnavailable\n"
        "for run in (lambda: grade('def sigmoid(x): return x\\n', 'sigmoid'), lambda: grade(sys.argv[1], 'sigmoid'),"
        " lambda: Grader().__enter__()):\n"
        "    try: run()\n"
        "    except IsolationUnavailable as error: print(error)\n"
    )
    ran = windows.run(program, tmp_path / "cell.py")
    assert ran.stdout.count("not run on this system") == 3, ran.stderr


def test_doctor_says_so_too():
    ran = windows.rnnquiz("doctor")
    assert ran.returncode == 1
    assert "✗ isolation  " in ran.stdout
    assert "not run on this system" in ran.stdout


def test_other_commands_run(tmp_path):
    for command in (["list"], ["new", "sigmoid", "-o", tmp_path / "new.py"], ["answer", "2", "--quick"]):
        ran = windows.rnnquiz(*command)
        assert ran.returncode == 0, (command, ran.stderr)
        assert ran.stderr == ""
        assert ran.stdout


APP = """
import asyncio
from quiz import experiment_process, shelf
from quiz.app.app import QuizApp
from quiz.app.screens.code import CodeScreen
from quiz.store import Store
from textual.widgets import TextArea

def written(screen):
    return "\\n".join(strip.text for strip in screen._compositor.render_strips())

async def show():
    with Store() as store:
        app = QuizApp(store)
        async with app.run_test(size=(120, 40)) as pilot:
            await app.push_screen(CodeScreen("lstm-cell-state"))
            for key in ("", "f5"):
                if key:
                    app.screen.query_one(TextArea).text = "def lstm_cell_state(c, i, f, g):\\n    return c\\n"
                    await pilot.press(key)
                for _ in range(100):
                    await pilot.pause(0.05)
                    if "WSL" in written(app.screen):
                        break
                print(written(app.screen))
asyncio.run(show())
print(sum(event is not None for event in experiment_process.events(shelf.question_ids()[0])), "events")
"""


def test_the_apps_code_screen_says_so_and_its_experiments_run():
    ran = windows.run(APP)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("on Windows use WSL") == 2, ran.stdout
    assert "Isolation is reduced" not in ran.stdout
    assert int(ran.stdout.split()[-2]) > 5


@pytest.mark.parametrize("files", [1, 8])
def test_require_isolation_refuses_to_run_without_the_full_set(tmp_path, files):
    for k in range(files):
        (tmp_path / f"cell{k}.py").write_text(CELL)
    program = (
        "from quiz.grading import messages\nmessages.FULL = frozenset({*messages.FULL, 'moat'})\n"
        "from quiz.cli import entry\nentry()\n"
    )

    def run(*arguments):
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-c", program, "grade", str(tmp_path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60)

    for language, word in (("en", "lacks layers of the isolation: moat"), ("zh", "缺少隔离层 moat")):
        ran = run("--require-isolation", "--lang", language)
        assert ran.returncode == 2
        assert ran.stdout == ""
        assert word in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
    assert run().returncode == 0
