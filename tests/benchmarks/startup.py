"""How long the program takes to start, as tables: commands against bare Python, the app's first screen against an empty app.

Run on an installed copy (compiled files on disk), on a quiet machine: python tests/benchmarks/startup.py
The two columns of a table alternate, A B A B; medians are quoted.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path

EMPTY_APP = """
from textual.app import App
from textual.widgets import Label
class Empty(App):
    def compose(self):
        yield Label("RNN")
Empty().run()
"""


def command_seconds(command: list[str], environment: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=True)
    return time.perf_counter() - begin


def first_screen_seconds(command: list[str], environment: dict[str, str]) -> float:
    """From the start of the process until a word of its first screen has come through a pseudo-terminal."""
    begin = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {**environment, "TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen = b""
    while b"RNN" not in seen:
        select.select([terminal], [], [], 30)
        seen += os.read(terminal, 65536)
    took = time.perf_counter() - begin
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    os.close(terminal)
    return took


def alternate(a: Callable[[], float], b: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Medians of a, of b, and of the ratio a / b pair by pair, after one warm-up of each."""
    a(), b()
    pairs = [(a(), b()) for _ in range(runs)]
    return (
        statistics.median(x for x, _ in pairs),
        statistics.median(y for _, y in pairs),
        statistics.median(x / y for x, y in pairs),
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    bare, quiz = [sys.executable, "-c", "pass"], [sys.executable, "-m", "quiz"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RNNQUIZ_DATA": folder, "LANG": "C.UTF-8"}
        print(f"{'command':24} {'ms':>8} {'bare Python ms':>15} {'above it ms':>12}   goal")
        for words, goal in ((["--help"], 100), (["list"], 200), (["new", "lstm-step", "-o"], 200)):

            def run(words: list[str] = words) -> float:
                target = [str(Path(folder) / f"{time.monotonic_ns()}.py")] if words[-1] == "-o" else []
                return command_seconds([*quiz, *words, *target], environment)

            a, b, _ = alternate(run, lambda: command_seconds(bare, environment), runs)
            print(f"{' '.join(words):24} {a * 1e3:8.0f} {b * 1e3:15.0f} {(a - b) * 1e3:12.0f}   <= {goal}")
        empty = [sys.executable, "-c", EMPTY_APP]
        a, b, ratio = alternate(
            lambda: first_screen_seconds(quiz, environment), lambda: first_screen_seconds(empty, environment), runs
        )
        print(f"\n{'first screen':24} {a * 1e3:8.0f} ms, empty app {b * 1e3:.0f} ms, ratio {ratio:.2f}   <= 1.3")


if __name__ == "__main__":
    main()
