"""A real Dask cluster on this machine: a scheduler and two workers, each a process of its own as `dask` starts them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "LC_ALL": "C.UTF-8",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
}
PATIENCE = 60.0
RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
SLOW = RIGHT.replace("return", "import time; time.sleep(0.003); return")
WRONG = SLOW.replace("f * c", "i * c").replace("i * g", "f * g")
ENDLESS = RIGHT.replace("return", "while True: pass\n    return")
FILES = 16


def dask(stack, *arguments):
    """A process of the `dask` command, ended with everything below it at the end of the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(process.wait)
    stack.callback(end, process, signal.SIGKILL)
    return process


def end(process, number):
    if process.poll() is None:
        os.killpg(process.pid, number)


def until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)
    return found


def address_of(scheduler_file):
    try:
        return json.loads(scheduler_file.read_text())["address"]
    except (OSError, ValueError, KeyError):
        return ""


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address, two workers by their addresses, and a client that looks on."""
    with ExitStack() as stack:
        file = tmp_path / "scheduler.json"
        loopback = ("--host", "127.0.0.1", "--no-dashboard")
        dask(stack, "scheduler", *loopback, "--port", 0, "--scheduler-file", file)
        address = until(lambda: address_of(file), "the scheduler is there")
        workers = [dask(stack, "worker", address, *loopback, "--nthreads", 1, "--no-nanny") for _ in range(2)]
        client = stack.enter_context(distributed.Client(address, timeout=PATIENCE, set_as_default=False))
        client.wait_for_workers(2, timeout=PATIENCE)
        by_pid = {pid: at for at, pid in client.run(os.getpid).items()}
        yield address, {by_pid[worker.pid]: worker for worker in workers}, client


def grading(folder, address, *further):
    return subprocess.Popen(
        [sys.executable, "-m", "quiz", "grade", str(folder), "--json", "--dask", address, *map(str, further)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(run):
    try:
        out, err = run.communicate(timeout=PATIENCE)
    finally:
        run.kill()
    assert "Traceback" not in err, err
    return [json.loads(line) for line in out.splitlines()]


def test_a_killed_workers_submissions_are_graded_again_and_each_exactly_once(tmp_path, cluster):
    address, workers, client = cluster
    folder = tmp_path / "class"
    folder.mkdir()
    for k in range(FILES):
        (folder / f"learner{k:02}.py").write_text(WRONG if k % 3 == 0 else SLOW)
    journal = tmp_path / "journal"
    run = grading(folder, address, "--seed", 4, "--resume", journal)

    def graded():
        return len(journal.read_text().splitlines()) - 1 if journal.exists() else 0

    until(lambda: graded() >= 3, "three are graded")
    busy = until(lambda: {at: keys for at, keys in client.processing().items() if keys}, "a worker is at work")
    victim = max(busy, key=lambda at: len(busy[at]))
    lost = len(busy[victim])
    end(workers[victim], signal.SIGKILL)
    assert graded() < FILES, "the worker must die in the middle"
    reports = finish(run)

    assert lost > 0
    assert [Path(r["file"]).stem for r in reports] == [f"learner{k:02}" for k in range(FILES)]
    assert [r["verdict"] for r in reports] == ["fail" if k % 3 == 0 else "pass" for k in range(FILES)]
    assert {r["diagnosis"]["id"] for r in reports if r["verdict"] == "fail"} == {"swaps-i-and-f"}
    written = Counter(json.loads(line)["file"] for line in journal.read_text().splitlines()[1:])
    assert len(written) == FILES
    assert set(written.values()) == {1}
    assert run.returncode == 1
    assert list(client.scheduler_info()["workers"]) == [at for at in workers if at != victim]


def test_the_cluster_gives_the_reports_of_this_machine_with_every_layer_on(tmp_path, cluster):
    address, _, _ = cluster
    folder = tmp_path / "class"
    folder.mkdir()
    texts = {"right": RIGHT, "wrong": WRONG, "reads": "open('/etc/passwd')\n" + RIGHT, "broken": "def f(:\n"}
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    there = finish(grading(folder, address, "--seed", 4, "--require-isolation"))
    here = subprocess.run(
        [sys.executable, "-m", "quiz", "grade", str(folder), "--json", "--seed", "4"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert [r | {"seconds": 0} for r in there] == [
        json.loads(line) | {"seconds": 0} for line in here.stdout.splitlines()
    ]
    assert {Path(r["file"]).stem: r["verdict"] for r in there} == {
        "right": "pass",
        "wrong": "fail",
        "reads": "forbidden",
        "broken": "error",
    }


def test_one_that_never_ends_costs_its_limit_alone(tmp_path, cluster):
    address, _, _ = cluster
    folder = tmp_path / "class"
    folder.mkdir()
    for k in range(6):
        (folder / f"learner{k}.py").write_text(ENDLESS if k == 0 else RIGHT)
    reports = finish(grading(folder, address, "--time-limit", 2))
    assert [r["verdict"] for r in reports] == ["timeout"] + ["pass"] * 5
    assert reports[0]["seconds"] < 5


def test_without_workers_or_scheduler_it_is_one_line(tmp_path):
    (tmp_path / "cell.py").write_text(RIGHT)
    run = grading(tmp_path, "tcp://127.0.0.1:1")
    assert finish(run) == []
    assert run.returncode == 2
