"""Grading where there is no Linux: what macOS lacks is taken away, and its own calls are played (`support.mac`)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import mac

BODIES = {
    "right": "    return f * c + i * g\n",
    "wrong": "    return i * c + f * g\n",
    "loop": "    while True: pass\n",
    "sleep": "    import time\n    time.sleep(1e6)\n",
    "crash": "    import os\n    os.kill(os.getpid(), 11)\n",
    "bomb": "    import numpy as np\n    kept = []\n    while True: kept.append(np.ones(1 << 20))\n",
    "opens": "    try: open('/etc/passwd')\n    except OSError: pass\n    return f * c + i * g\n",
}
REDUCED = "rnnquiz: isolation is reduced on this system: run only code you trust"
CALLED = "limits, environment, memory, seatbelt"


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "handed-in"
    made.mkdir()
    for name, body in BODIES.items():
        (made / f"{name}.py").write_text("def lstm_cell_state(c, i, f, g):\n" + body)
    return made


def by_name(run):
    lines = map(json.loads, run.stdout.splitlines())
    return {line["file"].rpartition("/")[2].removesuffix(".py"): line for line in lines}


def isolation(line):
    return next(check["detail"] for check in line["checks"] if check["name"] == "isolation" and check["passed"])


def test_a_folder_in_two_workers(folder):
    run = mac.rnnquiz("grade", folder, "--json", "--jobs", "2", "--time-limit", "1.5", "--memory-limit", "16")
    assert run.returncode == 1
    graded = by_name(run)
    assert {name: line["verdict"] for name, line in graded.items()} == {
        "right": "pass",
        "wrong": "fail",
        "loop": "timeout",
        "sleep": "timeout",
        "crash": "error",
        "bomb": "memory",
        "opens": "forbidden",
    }
    assert graded["wrong"]["diagnosis"]["id"] == "swaps-i-and-f"
    assert graded["wrong"]["counterexample"]["expected"] is not None
    assert "SIGSEGV" in graded["crash"]["checks"][0]["detail"]
    assert "16 MiB" in graded["bomb"]["checks"][0]["detail"]
    assert {isolation(line).partition(" (without ")[0] for line in graded.values()} == {CALLED}
    assert [line.partition(" (")[0] for line in run.stderr.splitlines()] == [REDUCED]


@pytest.mark.parametrize(("name", "code"), [("right", 0), ("wrong", 1)])
def test_a_file_alone(folder, name, code):
    run = mac.rnnquiz("grade", folder / f"{name}.py", "--lang", "zh")
    assert run.returncode == code
    assert len(run.stderr.splitlines()) == 1
    assert "只运行你信得过的代码" in run.stderr
    assert ("诊断" in run.stdout) == (name == "wrong")


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_the_full_set_is_refused(folder, jobs):
    run = mac.rnnquiz("grade", folder if jobs else folder / "right.py", "--require-isolation", *jobs)
    assert run.returncode == 2
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert "lacks layers of the isolation: landlock, no-new-privileges, seccomp" in run.stderr


def test_doctor_names_the_layers():
    run = mac.rnnquiz("doctor", "--json")
    found = {finding["name"]: finding["detail"] for finding in json.loads(run.stdout)}
    assert run.returncode == 0
    assert "run only code you trust" in found["isolation"]
    here = {name.removeprefix("isolation: ") for name, detail in found.items() if detail == "active"}
    assert here == set(CALLED.split(", "))
    assert found["isolation: seccomp"] == "not available here"


SWITCHES = {
    "an older Seatbelt, no telling how much memory": (
        {"old": True, "footprint": False},
        "limits, environment, seatbelt",
    ),
    "no Seatbelt": ({"seatbelt": False}, "limits, environment, memory"),
    "a Seatbelt that NumPy cannot do with": ({"deadly": True}, "limits, environment, memory"),
    "another system": ({"macos": False}, "limits, environment, memory"),
    "no forks": ({"forks": False}, CALLED),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_what_fails_is_done_without_and_not_claimed(folder, name):
    switches, layers = SWITCHES[name]
    run = mac.rnnquiz("grade", folder / "right.py", folder / "opens.py", "--json", "--jobs", "1", **switches)
    graded = by_name(run)
    assert {name: line["verdict"] for name, line in graded.items()} == {"right": "pass", "opens": "forbidden"}
    assert {isolation(line).partition(" (without ")[0] for line in graded.values()} == {layers}


LIBRARY = """
import os
from quiz.grading.grader import Grader, Options, Preparation, read, reports
SOURCE = "def lstm_cell_state(c, i, f, g):\\n    return f * c + i * g\\n"
with Grader() as grader:
    preparation, options = Preparation(), Options(task="lstm-cell-state", seed=1)
    def grade():
        return next(reports(read(SOURCE), options, preparation, grader._server)).verdict
    print([grade() for _ in range(3)], len(grader._server._held))
    os.kill(grader._server.pid, 9)
    print([grade() for _ in range(3)], len(grader._server._held))
    drawn = "def orthogonal_init(shape, gain, rng):\\n    return gain * rng.standard_normal(shape)\\n"
    print(grader.grade(drawn, "orthogonal-init").verdict)
"""


def test_arguments_are_held_and_a_server_that_was_killed_is_replaced():
    run = mac.run(LIBRARY)
    assert run.stdout.splitlines() == ["['pass', 'pass', 'pass'] 1", "['pass', 'pass', 'pass'] 1", "fail"], run.stderr


BROKEN = """
from quiz.grading import server
server._BOOT = server._BOOT.replace("server.main(", "server.locks.guard_server = None; server.main(")
from quiz.cli import entry
entry()
"""


@pytest.mark.parametrize(
    "preamble",
    [
        pytest.param(mac.preamble(), id="mac"),
        pytest.param("import os\nos.listdir = lambda _: ['several', 'threads']\n", id="linux"),
    ],
)
def test_a_server_that_cannot_start_says_why(folder, preamble):
    program = preamble + BROKEN
    environ = {**os.environ, "PYTHONPATH": str(mac.PROJECT)}
    command = [sys.executable, "-c", program, "grade", str(folder / "right.py"), "--json"]
    run = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60)
    assert run.returncode == 1
    line = json.loads(run.stdout)
    assert line["verdict"] == "error"
    assert "the fork server ended: TypeError: 'NoneType' object is not callable" in line["checks"][0]["detail"]
    assert "Traceback" not in run.stderr


def test_other_commands_run(tmp_path):
    for command in (["list"], ["new", "sigmoid", "-o", tmp_path / "new.py"], ["answer", "2", "--quick"]):
        run = mac.rnnquiz(*command)
        assert (run.returncode, run.stderr) == (0, ""), command
        assert run.stdout


def test_a_server_for_others_warns(tmp_path):
    command = [sys.executable, "-c", mac.preamble() + "from quiz.cli import entry\nentry()\n", "serve", "--port", "0"]
    environ = {**os.environ, "PYTHONPATH": str(mac.PROJECT), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert "http://127.0.0.1" in served.stdout.readline()
        served.send_signal(signal.SIGINT)
        _, said = served.communicate(timeout=30)
    assert served.returncode == 0
    assert "isolation is reduced on this system and visitors are not confined" in said


APP = """
import asyncio
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
            await pilot.pause()
            print(written(app.screen))
            app.screen.query_one(TextArea).text = "def lstm_cell_state(c, i, f, g):\\n    return c\\n"
            await pilot.press("f5")
            for _ in range(200):
                await pilot.pause(0.05)
                if "isolation  limits" in written(app.screen):
                    break
            print(written(app.screen))
asyncio.run(show())
"""


def test_the_app_says_it_and_grades():
    run = mac.run(APP)
    assert "Isolation is reduced on this system: run only code you trust." in run.stdout, run.stderr
    assert "isolation  limits, environment" in run.stdout


PROCESS = """
from quiz.grader_process import GraderProcess
with GraderProcess() as grader:
    print(grader.grade("def lstm_cell_state(c, i, f, g):\\n    return f * c + i * g\\n", "lstm-cell-state").verdict)
"""


def test_the_apps_grader():
    assert mac.run(PROCESS).stdout == "pass\n"


ASKING = """
import sys
from answers.inputs import Case
from quiz.grading import submission
from quiz.grading.runner import open_session
session = open_session(submission.from_source("def f(x):\\n    import time\\n    while True: " + sys.argv[1], {"f"}))
process = session._runs["f"].process
print(process.pid, process.parent, flush=True)
try:
    session.call("f", [Case((1.0,))])
except ConnectionError as error:
    print(error)
"""


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.parametrize(
    ("victim", "does", "forks"),
    [
        ("command", "time.sleep(1e6)", True),
        ("server", "time.sleep(1e6)", True),
        ("server", "pass", True),
        ("server", "time.sleep(1e6)", False),
    ],
)
def test_nothing_outlives_what_started_it(victim, does, forks):
    program = mac.preamble(forks=forks) + ASKING
    environ = {**os.environ, "PYTHONPATH": str(mac.PROJECT)}
    with subprocess.Popen(
        [sys.executable, "-c", program, does], env=environ, stdout=subprocess.PIPE, text=True
    ) as command:
        pids = [int(word) for word in command.stdout.readline().split()]
        time.sleep(0.3)
        assert not any(map(is_gone, pids))
        os.kill({"command": command.pid, "server": pids[1]}[victim], signal.SIGKILL)
        until = time.monotonic() + 10
        while not all(map(is_gone, pids)):
            assert time.monotonic() < until
            time.sleep(0.02)
        assert command.stdout.read() == ("the fork server was killed\n" if victim == "server" else "")
