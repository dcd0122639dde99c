"""What a verdict costs, as tables: cold (the whole process against `import numpy`), warm, many at once, and its memory.

Run on an installed copy with compiled files on disk, on a quiet machine:

    python tests/benchmarks/grading.py               everything
    python tests/benchmarks/grading.py cold --runs 9
    python tests/benchmarks/grading.py batch memory --files 10000

Cold columns alternate, A B A B; medians are quoted. `import numpy` is the floor: no grader of NumPy code starts faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from answers import catalogue, deck
from quiz.grading import Grader

RIGHT = """
import numpy as np


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c_new = f * c + i * np.tanh(g)
    return o * np.tanh(c_new), c_new
"""
WRONG = RIGHT.replace("i, f, g, o = np", "f, i, g, o = np")
NUMPY = [sys.executable, "-c", "import numpy"]
SCRIPT = Path(sys.executable).parent / "rnnquiz"
GRADE = [*([str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "quiz"]), "grade"]
THREADS = "OPENBLAS_NUM_THREADS"


def environment(threads: str | None) -> dict[str, str]:
    """This one, with compiled files allowed and as many BLAS threads as asked for (None: as a user has it)."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", THREADS)}
    return kept if threads is None else {**kept, THREADS: threads}


def seconds(command: Sequence[str], threads: str | None = None, status: int = 0) -> float:
    """Wall time of a process, which must end with `status`."""
    begin = time.perf_counter()
    run = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(threads), check=False
    )
    took = time.perf_counter() - begin
    if run.returncode != status:
        raise SystemExit(f"{' '.join(command)}: ended with {run.returncode}, not {status}")
    return took


def cold(folder: Path, runs: int) -> None:
    """Whole processes against `import numpy`."""
    files = {"right": RIGHT, "wrong": WRONG, "with a helper": deck.load_solution("lstm-step")}
    for name, source in files.items():
        (folder / f"{name.replace(' ', '_')}.py").write_text(source)
    print(f"{'cold, lstm-step':22} {'BLAS threads':>12} {'ms':>7} {'import numpy ms':>16} {'ratio':>6}   goal")
    for name, goal in (("right", "1.3"), ("with a helper", "-"), ("wrong", "1.5")):
        command = [*GRADE, str(folder / f"{name.replace(' ', '_')}.py")]
        status = int(name == "wrong")
        for threads in (None, "1"):
            seconds(command, threads, status), seconds(NUMPY, threads)
            pairs = [(seconds(command, threads, status), seconds(NUMPY, threads)) for _ in range(runs)]
            ours, theirs = (statistics.median(p[k] for p in pairs) * 1e3 for k in (0, 1))
            ratio = statistics.median(a / b for a, b in pairs)
            said = "as it is" if threads is None else threads
            print(f"{name:22} {said:>12} {ours:7.0f} {theirs:16.0f} {ratio:6.2f}   <= {goal}")


def warm(runs: int) -> None:
    """The second and later verdicts of a `Grader`."""
    print(f"\n{'warm, lstm-step':22} {'ms':>7} {'least':>7}   goal")
    os.environ.setdefault(THREADS, "1")
    with Grader() as grader:
        for name, source, verdict in (("right", RIGHT, "pass"), ("wrong", WRONG, "fail")):
            assert grader.grade(source, "lstm-step").verdict == verdict
            times = []
            for _ in range(2 * runs):
                begin = time.perf_counter()
                grader.grade(source, "lstm-step")
                times.append((time.perf_counter() - begin) * 1e3)
            goal = "<= 30" if verdict == "pass" else "-"
            print(f"{name:22} {statistics.median(times):7.1f} {min(times):7.1f}   {goal}")


def write_files(folder: Path, count: int, tasks: Sequence[str]) -> None:
    """`count` different files, the model solutions of the tasks in turn."""
    folder.mkdir()
    sources = [RIGHT if task == "lstm-step" else deck.load_solution(task) for task in tasks]
    for k in range(count):
        (folder / f"learner{k:05}.py").write_text(f"{sources[k % len(sources)]}\n# {k}\n")


def batch(folder: Path, count: int, jobs: int) -> None:
    """Files a second."""
    print(f"\n{'batch':22} {'files':>7} {'jobs':>5} {'seconds':>8} {'files/s':>8}   goal")
    for name, tasks in (("lstm-step alone", ["lstm-step"]), ("all tasks mixed", list(catalogue.TASKS))):
        below = folder / name.replace(" ", "_")
        write_files(below, count, tasks)
        took = seconds([*GRADE, str(below), "--jobs", str(jobs), "-o", os.devnull])
        print(f"{name:22} {count:7} {jobs:5} {took:8.1f} {count / took:8.0f}   >= 150 on two cores")


def processes_below(pid: int) -> list[int]:
    """`pid` and everything that it started, by /proc."""
    found = [pid]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            found += [int(word) for word in task.read_text().split()]
    return found


def memory_of(pids: Sequence[int]) -> float:
    """MiB that are theirs alone, or their share of what several have."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def memory(folder: Path, count: int, jobs: int) -> None:
    """What all processes of a run hold together, on the way."""
    below = folder / "memory"
    write_files(below, count, ["lstm-cell-state", "lstm-step", "clip-by-value", "lstm-macs"])
    page = folder / "results.json"
    command = [*GRADE, str(below), "--jobs", str(jobs), "--json", "-o", str(page)]
    print(f"\n{'memory':22} {'files':>7} {'MiB':>7}")
    with subprocess.Popen(command, env=environment("1"), stderr=subprocess.DEVNULL) as run:
        part, told = Path(f"{page}.{run.pid}.part"), 0
        while run.poll() is None:
            time.sleep(0.05)
            done = part.read_bytes().count(b"\n") if part.exists() else 0
            if done >= told + count // 8:
                told = done
                print(f"{'all processes':22} {done:7} {memory_of(processes_below(run.pid)):7.0f}", flush=True)
    if run.returncode:
        raise SystemExit(f"the run ended with {run.returncode}")


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="cold, warm, batch, memory (all)")
    parser.add_argument("-n", "--runs", type=int, default=11)
    parser.add_argument("-f", "--files", type=int, default=2000)
    parser.add_argument("-j", "--jobs", type=int, default=2)
    asked = parser.parse_args()
    parts = asked.parts or ["cold", "warm", "batch", "memory"]
    if unknown := set(parts) - {"cold", "warm", "batch", "memory"}:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "cold" in parts:
            cold(folder, asked.runs)
        if "warm" in parts:
            warm(asked.runs)
        if "batch" in parts:
            batch(folder, asked.files, asked.jobs)
        if "memory" in parts:
            memory(folder, asked.files, asked.jobs)


if __name__ == "__main__":
    main()
