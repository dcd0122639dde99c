"""The real program in a pseudo-terminal: keys pressed, what came of them on screen and when, and the memory it takes."""

from __future__ import annotations

import fcntl
import math
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

PAUSE = 0.06
GOAL = 50.0
KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "escape": "\x1b",
    "space": " ",
    "tab": "\t",
    "backspace": "\x7f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "alt+a": "\x1ba",
    "shift+tab": "\x1b[Z",
    "ctrl+z": "\x1a",
    "ctrl+r": "\x12",
    "ctrl+t": "\x14",
    "ctrl+o": "\x0f",
    "ctrl+p": "\x10",
}
_ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


class EndedError(SystemExit):
    """The program is not there any more."""


class MissingError(SystemExit):
    """What was to appear on screen did not."""


class Figures:
    """What was measured, by kind of key."""

    def __init__(self) -> None:
        self.first: dict[str, list[float]] = defaultdict(list)
        self.shown: dict[str, list[float]] = defaultdict(list)
        self.settled: dict[str, list[float]] = defaultdict(list)
        self.sent: dict[str, list[int]] = defaultdict(list)
        self.worked: dict[str, list[float]] = defaultdict(list)
        self.kept_waiting: dict[str, list[float]] = defaultdict(list)

    def table(self) -> Iterator[str]:
        """A line a kind: milliseconds (median, 95th percentile of `shown`) and bytes."""
        times = "".join(f" {name:>7}" for name in ("first", "shown", "p95", "worst", "cpu"))
        yield f"{'key':34} {'n':>4}{times} {'wait':>6} {'settled':>8} {'bytes':>7}"
        for kind, shown in self.shown.items():
            middle = statistics.median
            late = " <- late" if percentile(shown) > GOAL and not kind.startswith("(") else ""
            yield (
                f"{kind:34} {len(shown):4} {middle(self.first[kind]):7.1f} {middle(shown):7.1f} "
                f"{percentile(shown):7.1f} {max(shown):7.1f} {middle(self.worked[kind]):7.1f} {max(self.kept_waiting[kind]):6.1f} "
                f"{middle(self.settled[kind]):8.1f} "
                f"{middle(self.sent[kind]):7.0f}{late}"
            )
        yield ""
        yield f"{'screen':34} {'n':>4} {'':7} {'median':>7} {'p95':>7} {'worst':>7}   goal: p95 <= {GOAL:.0f} ms"
        for screen, times in {
            **self._by_screen(),
            "all keys": [t for _, shown in self._counted() for t in shown],
        }.items():
            late = " <- late" if percentile(times) > GOAL else ""
            yield (
                f"{screen:34} {len(times):4} {'':7} {statistics.median(times):7.1f} {percentile(times):7.1f} "
                f"{max(times):7.1f}{late}"
            )

    def _counted(self) -> Iterator[tuple[str, list[float]]]:
        """The kinds of key that are not just on the way to others."""
        return ((kind, shown) for kind, shown in self.shown.items() if not kind.startswith("("))

    def _by_screen(self) -> dict[str, list[float]]:
        """What was measured of the keys that were pressed on each screen, or opened it: by the word before the colon."""
        found: dict[str, list[float]] = defaultdict(list)
        for kind, shown in self._counted():
            found[kind.partition(":")[0]] += shown
        return found


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share) - 1)]


class Driven:
    """The program in a pseudo-terminal, its store in `folder`. `pace`: seconds to wait before a key of a kind, 0 unless given."""

    def __init__(
        self,
        folder: Path,
        size: tuple[int, int],
        figures: Figures,
        pace: Callable[[str], float] = lambda _: 0.0,
        **environ: str,
    ) -> None:
        self.folder = folder
        self.figures = figures
        self.pace = pace
        self.size = size
        self.seen = b""
        self.bytes_at: list[tuple[float, int]] = []
        program = Path(sys.executable).with_name("rnnquiz")
        command = [str(program)] if program.exists() else [sys.executable, "-m", "quiz"]
        environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")},
            "RNNQUIZ_DATA": str(folder),
            "XDG_DOCUMENTS_DIR": str(folder),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **environ,
        }
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Driven:
        self.await_text("p practise")
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)

    # ------------------------------------------------------------ reading

    def _read(self, seconds: float) -> bool:
        if not select.select([self.descriptor], [], [], max(seconds, 0))[0]:
            return False
        try:
            chunk = os.read(self.descriptor, 1 << 16)
        except OSError as error:
            raise EndedError(f"the program ended; last seen: {self.text()[-30000:]}") from error
        self.bytes_at.append((time.perf_counter(), len(chunk)))
        self.seen += chunk
        return True

    def _holds(self, patterns: Sequence[str]) -> bool:
        text = _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")
        return all(re.search(p, text, re.DOTALL) for p in patterns)

    def await_text(self, *patterns: str, seconds: float = 30.0) -> None:
        """Read until all patterns have come; what came before the last `forget` does not count."""
        end = time.perf_counter() + seconds
        while not self._holds(patterns):
            if time.perf_counter() > end:
                plain = _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")
                raise MissingError(f"{patterns} did not come; last seen: {plain[-1500:]}")
            self._read(0.5)

    def rest(self, seconds: float = PAUSE, most: float = 1.0) -> None:
        """Read until nothing has come for `seconds`; no longer than `most`, for something may be moving on screen."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self._read(seconds):
            pass

    def look(self, seconds: float = 1.0) -> None:
        """What a learner does before going elsewhere: look at the screen. The program may use the time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def forget(self) -> None:
        """Read nothing of what came so far as an answer."""
        self.seen, self.bytes_at = b"", []

    def text(self) -> str:
        """What came since `forget`, without escapes."""
        return _ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")

    # ------------------------------------------------------------ pressing

    def press(self, kind: str, key: str, *expected: str, seconds: float = 10.0, settle: bool = True) -> None:
        """Press a key and note when all of `expected` (regular expressions on the text without escapes) had come."""
        self.look(self.pace(kind))
        if settle:
            self.rest()
        self.forget()
        before, begin = self._processor(), time.perf_counter()
        os.write(self.descriptor, KEYS.get(key, key).encode())
        self._read(seconds)
        while not self._holds(expected):
            if not self._read(seconds - (time.perf_counter() - begin)):
                raise MissingError(f"{kind}: {expected} did not come; last seen: {self.text()[-1500:]}")
        shown, after = self.bytes_at[-1][0], self._processor()
        if settle:
            self.rest()
        f = self.figures
        f.first[kind].append((self.bytes_at[0][0] - begin) * 1e3)
        f.shown[kind].append((shown - begin) * 1e3)
        f.settled[kind].append((self.bytes_at[-1][0] - begin) * 1e3)
        f.worked[kind].append(after[0] - before[0])
        f.kept_waiting[kind].append(after[1] - before[1])
        f.sent[kind].append(sum(n for _, n in self.bytes_at))

    def _processor(self) -> tuple[float, float]:
        """Milliseconds that the program's main thread has been on a processor, and that it waited for one."""
        worked, waited, _ = Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text().split()
        return int(worked) / 1e6, int(waited) / 1e6

    def memory(self) -> float:
        """Resident megabytes of the program itself."""
        return resident(self.pid, "VmRSS")

    def memory_proportional(self) -> float:
        """Megabytes of the program itself, of a page that n processes share an nth."""
        return proportional(self.pid)

    def memory_of_all(self) -> float:
        """Megabytes of the program and all its processes (grader, experiments), what they share counted once."""
        return sum(proportional(pid) for pid in (self.pid, *descendants(self.pid)))


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have, as far as they are still its own."""
    found, left = list[int](), [pid]
    while left:
        for task in Path(f"/proc/{left.pop()}/task").glob("*/children"):
            with suppress(OSError):  # it may just have ended
                left += (more := [int(child) for child in task.read_text().split()])
                found += more
    return found


def resident(pid: int, name: str) -> float:
    """A line of /proc/PID/status, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def proportional(pid: int) -> float:
    """Megabytes of a process, of a page that n processes share an nth; 0 for one that has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    except OSError:
        return 0.0
