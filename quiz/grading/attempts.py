"""What a submission may not even try, seen by Python's own audit events: files, network, processes, native code.

This is for a clear message with a line number, and for attempts that the submission swallows. The walls are in `locks`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILES = _words(
    """
    open os.listdir os.scandir os.walk os.fwalk os.remove os.rename os.mkdir os.rmdir os.chmod os.chown os.chflags
    os.link os.symlink os.truncate os.utime os.setxattr os.getxattr os.listxattr os.removexattr os.chdir os.lockf
    os.stat os.lstat os.access os.statvfs os.readlink os.mkfifo os.mknod os.chroot glob.glob glob.glob/2
    pathlib.Path.glob pathlib.Path.rglob sqlite3.connect
    """
)

NETWORK = _words(
    """
    urllib.Request syslog.openlog syslog.syslog webbrowser.open
    """
)

PROCESSES = _words(
    """
    os.fork os.forkpty os.exec os.posix_spawn os.spawn os.system os.startfile os.killpg subprocess.Popen pty.spawn
    _thread.start_new_thread _thread.start_joinable_thread
    """
)

FAMILIES = {
    "shutil": "files",
    "tempfile": "files",
    "fcntl": "files",
    "socket": "network",
    "ftplib": "network",
    "http": "network",
    "imaplib": "network",
    "nntplib": "network",
    "poplib": "network",
    "smtplib": "network",
    "telnetlib": "network",
}
NATIVE = _words(
    """
    open open64 openat creat fopen fopen64 opendir unlink remove rename mkdir rmdir chmod chown truncate link
    symlink stat access readlink system popen fork vfork clone execv execve execvp execl execlp posix_spawn kill
    killpg ptrace process_vm_readv process_vm_writev socket socketpair connect bind sendto syscall mount unshare
    setns dlopen pthread_create
    """
)
"""Functions of the C library that serve no other purpose."""


def kind_of(event: str, args: tuple[Any, ...] = ()) -> str | None:
    """`files`, `network`, `processes` or `native` where the event is an attempt, else None."""
    if event in FILES:
        return None if event == "open" and isinstance(args[0], int) else "files"
    if event in NETWORK:
        return "network"
    if event in PROCESSES:
        return "processes"
    if event == "os.kill":
        return None if args[0] == os.getpid() else "processes"
    if event == "ctypes.dlopen":
        return None if args[0] is None else "native"
    if event in ("ctypes.dlsym", "ctypes.dlsym/handle"):
        return "native" if args[1] in NATIVE else None
    return FAMILIES.get(event.partition(".")[0])


class Refused(PermissionError):  # noqa: N818 - what a learner reads
    """What a submission sees where it tries something that the isolation refuses."""


class Watch:
    """Refuses attempts from `begin` on, and tells of each. Made before a process is forked it costs that process little."""

    def __init__(self) -> None:
        self._path = ""
        self._note: Callable[[str, str, int | None], None] = lambda _kind, _event, _line: None
        self._honest = _honest_code()
        self._looked_at = _loaded()
        self._refusals = [(module, name, self._refusal(name)) for module, names in _SILENT.items() for name in names]

    def begin(self, path: str, note: Callable[[str, str, int | None], None]) -> None:
        """`path` is the submission's; `note(kind, event, line)` is told of each attempt."""
        self._path, self._note = path, note
        if _loaded() != self._looked_at:  # to look at them all again would cost a process that was forked many pages
            self._honest = _honest_code()
        if (linecache := sys.modules.get("linecache")) is not None:
            linecache.updatecache, linecache.lazycache = _no_lines, _not_cached  # type: ignore[attr-defined]
        sys.addaudithook(self._hook)
        for name, function, refused in self._refusals:
            module = sys.modules.get(name)
            if hasattr(module, function):
                setattr(module, function, refused)

    def _hook(self, event: str, args: tuple[Any, ...], /, frame: Any = sys._getframe) -> None:
        kind = kind_of(event, args)
        if kind is not None:
            self._note(kind, event, line_in(self._path, frame(1)))
            raise Refused(f"{event} is not allowed in a submission")

    def _refusal(self, name: str) -> Callable[..., None]:
        """In the place of a function without an event: the kernel refuses it anyway, so it becomes an attempt.

        Only where the submission asked, if only through a library.
        """
        kind = "network" if "socket" in name else "processes" if "start" in name or "pipe" in name else "files"

        def refused(*_: Any, **__: Any) -> None:
            frame = sys._getframe(1)
            if not self._asks_in_passing(frame):
                self._note(kind, name.strip("_"), line_in(self._path, frame))
            raise Refused(f"{name.strip('_')} is not allowed in a submission")

        return refused

    def _asks_in_passing(self, frame: Any) -> bool:
        """Whether honest code of the library asks, between here and the submission, or nobody of the submission at all."""
        while frame is not None and frame.f_code.co_filename != self._path:
            if frame.f_code in self._honest:
                return True
            frame = frame.f_back
        return frame is None


_SILENT = {
    "os": ("stat", "lstat", "access", "statvfs", "readlink", "mkfifo", "mknod", "pipe", "pipe2"),
    "posix": ("stat", "lstat", "access", "statvfs", "readlink", "mkfifo", "mknod", "pipe", "pipe2"),
    "_socket": ("socketpair",),
    "_thread": ("start_new_thread", "start_new", "start_joinable_thread"),
    "threading": ("_start_new_thread", "_start_joinable_thread"),
}
"""Functions that name a file, or serve a process or thread to come, and raise no audit event in every version."""


def _loaded() -> tuple[bool, ...]:
    return "inspect" in sys.modules, "pathlib" in sys.modules


def _honest_code() -> frozenset[CodeType]:
    """What looks for the source of a function, or for links in the path of `__file__`: honest programs ask for that."""
    functions = [getattr(os.path, "_joinrealpath", None), os.path.realpath]
    if (inspect := sys.modules.get("inspect")) is not None:
        functions += vars(inspect).values()
    if (pathlib := sys.modules.get("pathlib")) is not None:
        functions.append(pathlib.Path.resolve)
    return frozenset(function.__code__ for function in functions if isinstance(function, FunctionType))


def _no_lines(*_: Any, **__: Any) -> list[str]:
    """In the place of `linecache.updatecache`: the lines of a traceback are not to be had, and asking is no attempt."""
    return []


def _not_cached(*_: Any, **__: Any) -> bool:
    return False


def line_in(path: str, frame: Any) -> int | None:
    """The innermost line of the submission that is being run."""
    while frame is not None:
        if frame.f_code.co_filename == path:
            return int(frame.f_lineno)
        frame = frame.f_back
    return None
