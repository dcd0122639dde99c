"""A program run as on Windows, as far as its lacks go: modules, functions and constants that Windows does not have are taken away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
_PREAMBLE = """
import asyncio, multiprocessing.connection, os, select, signal, socket, subprocess, sys, sysconfig, urllib.request
import numpy, platformdirs
sysconfig.get_config_vars()
LACKS = ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog")
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name in LACKS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
for name in LACKS:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Finder())
for module, names in {
    os: "fork forkpty killpg setsid nice writev sysconf uname getuid geteuid getpgid wait3 wait4 waitid posix_spawn mkfifo "
    "sched_getaffinity sched_setaffinity memfd_create WNOHANG WIFSIGNALED O_NONBLOCK O_NOCTTY O_CLOEXEC O_DIRECTORY",
    socket: "SOCK_SEQPACKET send_fds recv_fds CMSG_LEN",
    signal: "SIGKILL SIGHUP SIGALRM SIGCHLD SIGPIPE SIGXCPU SIGTSTP SIGCONT SIGWINCH setitimer pthread_sigmask",
    select: "poll epoll",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
start = subprocess.Popen.__init__
def start_without(self, *arguments, **options):
    if options.get("pass_fds"):
        raise ValueError("pass_fds not supported on Windows")
    start(self, *arguments, **options)
subprocess.Popen.__init__ = start_without
sys.platform = "win32"
"""


def run(program: str, *arguments: Any, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """`program`, run there."""
    # Textual's own driver for Windows needs a Windows.
    driver = "textual.drivers.headless_driver:HeadlessDriver"
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8", "TEXTUAL_DRIVER": driver}
    return subprocess.run(
        [sys.executable, "-c", _PREAMBLE + program, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environ,
        timeout=timeout,
    )


def rnnquiz(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """A command."""
    return run("from quiz.cli import entry\nentry()\n", *arguments)
