"""Many files: order, lost workers, interruption, resuming, bounded waiting."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from answers.deck import DeckError, Fault
from quiz.grading import batch, grader, worker
from quiz.grading.batch import InOrder, Pool, Stop
from quiz.grading.grader import Options
from quiz.grading.outcome import Limits
from quiz.grading.progress import Bar
from quiz.grading.tally import learner_of
from quiz.grading.worker import Done, Work

ROOT = Path(__file__).parents[3]
RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
WRONG = RIGHT.replace("+", "-")
SLOW = RIGHT.replace("return", "import time; time.sleep(0.003); return")
ENDLESS = RIGHT.replace("return", "while True: pass\n    return")


def command(*arguments):
    return [sys.executable, "-m", "quiz", "grade", *map(str, arguments)]


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def rnnquiz(*arguments):
    result = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment(), timeout=120)
    assert "Traceback" not in result.stderr
    return result


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def folder_of(tmp_path, texts):
    folder = tmp_path / "class"
    folder.mkdir(exist_ok=True)
    for k, text in enumerate(texts):
        (folder / f"learner{k:03}.py").write_text(text)
    return folder


def graded(files, jobs=2, seconds=10.0, tick=lambda pool: None, stop=None):
    options = Options(seed=3, limits=Limits(seconds=seconds))
    with Pool(jobs, options, stop=stop) as pool:
        return list(pool.results([Work(k, str(f)) for k, f in enumerate(files)], lambda: tick(pool)))


def verdicts(done):
    return {d.turn: [r.verdict for r in d.reports] for d in done}


def test_results_come_in_the_given_order_whatever_takes_long(tmp_path):
    folder = folder_of(tmp_path, [SLOW, RIGHT, WRONG, RIGHT, SLOW, RIGHT, RIGHT, WRONG])
    result = rnnquiz(folder, "--json", "--jobs", 2, "--seed", 5)
    assert result.returncode == 1
    assert [Path(line["file"]).stem for line in lines(result)] == [f"learner{k:03}" for k in range(8)]
    assert [line["verdict"] for line in lines(result)].count("fail") == 2


def test_one_that_never_ends_holds_back_no_other(tmp_path):
    folder = folder_of(tmp_path, [ENDLESS] + [RIGHT] * 10)
    done = graded(sorted(folder.iterdir()), seconds=2.0)
    assert [d.turn for d in done][-1] == 0
    assert verdicts(done)[0] == ["timeout"]


def kill_worker_at(turn, times):
    """Kills the worker that is at file `turn`, so many times."""
    killed = set()

    def tick(pool):
        for pid, at in pool.busy.items():
            if at == turn and pid not in killed and len(killed) < times:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)

    return tick


@pytest.mark.parametrize(("times", "verdict"), [(1, "timeout"), (2, "error")])
def test_a_lost_worker_loses_no_submission(tmp_path, times, verdict):
    folder = folder_of(tmp_path, [RIGHT, ENDLESS, RIGHT, WRONG, RIGHT])
    done = graded(sorted(folder.iterdir()), seconds=2.0, tick=kill_worker_at(1, times))
    found = verdicts(done)
    assert found.pop(1) == [verdict]
    assert found == {0: ["pass"], 2: ["pass"], 3: ["fail"], 4: ["pass"]}


def test_what_changes_or_vanishes_after_it_was_listed_is_graded_as_it_is_found(tmp_path):
    files = sorted(folder_of(tmp_path, [SLOW, RIGHT, RIGHT, RIGHT]).iterdir())

    def tick(pool):
        if 0 in pool.busy.values() and files[2].exists():
            files[1].write_text(WRONG)
            files[2].unlink()

    done = graded(files, jobs=1, tick=tick)
    assert verdicts(done) == {0: ["pass"], 1: ["fail"], 2: ["error"], 3: ["pass"]}


def test_fork_servers_that_are_killed_on_the_way_cost_no_file_its_verdict(tmp_path):
    files = sorted(folder_of(tmp_path, [SLOW, SLOW, WRONG, SLOW]).iterdir())
    killed = []

    def tick(pool):
        if len(killed) < 2:
            killed.append(1)
            for pid in pool.busy:
                for server in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    os.kill(int(server), signal.SIGKILL)

    assert verdicts(graded(files, tick=tick)) == {0: ["pass"], 1: ["pass"], 2: ["fail"], 3: ["pass"]}
    assert killed


def test_a_failure_of_the_grader_itself_is_one_report(monkeypatch):
    def fails(*_):
        raise ValueError("unforeseen")

    monkeypatch.setattr(worker.grader, "reports", fails)
    (report,) = worker.reports_on(worker.grader.read("x = (1)\n"), Options(), None, None)
    assert report.verdict == "error"
    assert "unforeseen" in report.checks[0].detail


def test_nobody_works_further_ahead_than_the_window(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "WINDOW", 3)
    folder = folder_of(tmp_path, [ENDLESS] + [RIGHT] * 6)
    highest = []
    graded(sorted(folder.iterdir()), seconds=1.5, tick=lambda pool: highest.append(pool.busy))
    assert max(turn for busy in highest for turn in busy.values() if 0 in busy.values()) <= 2


def test_in_order():
    order = InOrder()
    done = [Done(k, "", "", b"") for k in range(4)]
    assert list(order.take(done[2])) == []
    assert list(order.take(done[0])) == [done[0]]
    assert list(order.take(done[3])) == []
    assert list(order.rest()) == [done[2], done[3]]


def test_a_broken_task_is_said_once_and_not_of_each_file(tmp_path, monkeypatch):
    def broken(task_id):
        raise DeckError([Fault("lstm_cell_state.py", 7, "is broken")])

    monkeypatch.setattr(grader, "_task", broken)  # the workers are forked from here
    with pytest.raises(DeckError, match=r"lstm_cell_state\.py") as caught:
        graded(sorted(folder_of(tmp_path, [RIGHT] * 4).iterdir()))
    assert [fault.line for fault in caught.value.faults] == [7]


def test_a_wish_to_stop_is_honoured_between_two_results(tmp_path):
    folder = folder_of(tmp_path, [SLOW] * 6)
    with Stop() as stop:
        done = graded(sorted(folder.iterdir()), tick=lambda pool: stop.ask(), stop=stop)
    assert len(done) < 6


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_leaves_what_was_graded_and_goes_on_from_there(tmp_path, number):
    folder = folder_of(tmp_path, [SLOW] * 30)
    journal, page = tmp_path / "journal", tmp_path / "page.html"
    arguments = folder, "--jobs", 2, "--resume", journal, "--format", "json"
    process = subprocess.Popen(
        command(*arguments, "-o", page), stderr=subprocess.PIPE, env=environment(), start_new_session=True, text=True
    )
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"\n") > 5)
    os.killpg(process.pid, number)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "the same command goes on" in complaint
    assert "Traceback" not in complaint
    assert not list(tmp_path.glob("*.part"))
    first = page.read_text().splitlines()
    assert 5 <= len(first) < 30
    held = journal.read_bytes()
    result = rnnquiz(*arguments)
    assert result.returncode == 0
    assert journal.read_bytes().startswith(held)
    assert journal.read_bytes().count(b"\n") == 31
    second = lines(result)
    assert len(second) == 30
    by_file = {line["file"]: line for line in second}
    assert all(by_file[line["file"]] == line for line in map(json.loads, first))


def wait_until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_killed_it_loses_at_most_the_line_that_was_being_written(tmp_path):
    folder = folder_of(tmp_path, [RIGHT, WRONG, RIGHT, RIGHT])
    journal = tmp_path / "journal"
    whole = rnnquiz(folder, "--json", "--resume", journal)
    journal.write_bytes(journal.read_bytes()[:-40])
    again = rnnquiz(folder, "--json", "--resume", journal)
    assert [line["verdict"] for line in lines(again)] == [line["verdict"] for line in lines(whole)]
    assert lines(again)[:2] == lines(whole)[:2]
    assert rnnquiz(folder, "--json", "--resume", journal).stdout == again.stdout


def test_a_changed_file_or_option_is_graded_again(tmp_path):
    folder = folder_of(tmp_path, [RIGHT, WRONG])
    journal = tmp_path / "journal"
    rnnquiz(folder, "--json", "--resume", journal)
    (folder / "learner001.py").write_text(RIGHT)
    result = rnnquiz(folder, "--json", "--resume", journal)
    assert [line["verdict"] for line in lines(result)] == ["pass", "pass"]
    assert journal.read_bytes().count(b"\n") == 4
    rnnquiz(folder, "--json", "--resume", journal, "--lang", "zh")
    assert journal.read_bytes().count(b"\n") == 6


def test_what_is_taken_over_reads_as_what_was_graded(tmp_path):
    folder = folder_of(
        tmp_path, [WRONG, RIGHT, "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(x))\n"]
    )
    journal = tmp_path / "journal"
    for kind in ("text", "html", "gradescope"):
        first = rnnquiz(folder, "--format", kind, "--resume", journal, "--hints")
        assert rnnquiz(folder, "--format", kind, "--resume", journal, "--hints").stdout == first.stdout


def test_results_are_never_written_over_something_else(tmp_path):
    folder = folder_of(tmp_path, [RIGHT, ""])
    notes = tmp_path / "notes.txt"
    notes.write_text("mine\n")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for option, path in (
        ("-o", folder / "learner000.py"),
        ("--resume", folder / "learner001.py"),
        ("--resume", notes),
        ("--resume", "/dev/zero"),  # it never ends
        ("--resume", pipe),
        ("-o", folder),
        ("-o", tmp_path / "none" / "x.csv"),
    ):
        result = rnnquiz(folder, option, path)
        assert result.returncode == 2, (option, path)
        assert result.stderr.count("\n") == 1
    assert notes.read_text() == "mine\n"
    assert (folder / "learner000.py").read_text() == RIGHT
    journal = tmp_path / "journal"
    rnnquiz(folder, "--resume", journal)
    before = journal.read_bytes()
    assert rnnquiz(folder, "--resume", journal, "-o", folder / ".." / "journal").returncode == 2
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    "extra",
    [
        ("--jobs", "0"),
        ("--jobs", "x"),
        ("--json", "--format", "csv"),
        ("--format", "pdf"),
        ("--time-limit", "1e7"),
        ("--memory-limit", "9999999"),
    ],
)
def test_bad_usage_is_one_line(tmp_path, extra):
    result = rnnquiz(folder_of(tmp_path, [RIGHT, RIGHT]), *extra)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1


def test_whose_a_file_is():
    assert learner_of("class/ada/lstm.py", ["class"]) == "ada"
    assert learner_of("class/ada.py", ["class/"]) == "ada"
    assert learner_of("./ada/lstm.py", ["./ada/lstm.py"]) == "ada/lstm"


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_the_bar_tells_rate_and_time_left(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    bar = Bar(100, stream, "en")
    bar.done, bar.kept, bar.passed = 30, 10, 25
    assert bar.line(10.0).endswith("30/100  25 pass  2.0/s  0:35 left")
    bar.draw()
    bar.clear()
    assert stream.text.endswith("\r\x1b[K")
    assert "30/100" in stream.text


def test_memory_stays_flat(tmp_path):
    """What a hundred more reports leave in the process that hands them out."""
    script = (
        "import resource, sys\nfrom quiz import cli\n"
        "cli.main(['grade', *sys.argv[1:], '--jobs', '2', '--format', 'html', '-o', '/dev/null', '--task', 'sigmoid'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    folder = folder_of(tmp_path, ["def nothing(): pass\n"] * 1000)

    def peak(count):
        files = sorted(map(str, folder.iterdir()))[:count]
        call = [sys.executable, "-c", script, *files]
        return int(subprocess.run(call, capture_output=True, text=True, env=environment(), timeout=120).stdout)

    assert peak(1000) - peak(50) < 4_000  # KiB


def catches(pid, number):
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1]
    return bool(int(mask, 16) >> number - 1 & 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks the system which signals are caught")
def test_a_single_file_that_is_ended_leaves_no_half_of_a_result(tmp_path):
    file = tmp_path / "endless.py"
    file.write_text(ENDLESS)
    out = tmp_path / "results"
    out.mkdir()
    process = subprocess.Popen(command(file, "-o", out / "x.txt"), env=environment())
    deadline = time.monotonic() + 20
    while not catches(process.pid, signal.SIGTERM) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 130
    assert list(out.iterdir()) == []
