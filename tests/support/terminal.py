"""The app in a pseudo-terminal of its own process."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


class Terminal:
    """Runs Python code in a pseudo-terminal; send keys, read what it paints, kill it."""

    def __init__(self, code, environ, rows=24, columns=80):
        self.seen = b""
        self.status = None
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-c", code], {**os.environ, "TERM": "xterm-256color", **environ})
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, text):
        os.write(self.descriptor, text.encode())

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.descriptor], [], [], 0.02)[0]:
                try:
                    self.seen += os.read(self.descriptor, 1 << 16)
                except OSError:
                    return

    def wait_for(self, text, seconds=30.0):
        end = time.monotonic() + seconds
        while text not in self.seen.decode("utf-8", "replace"):
            assert time.monotonic() < end, f"{text!r} did not come: {self.seen[-1500:]!r}"
            self.read(0.05)

    def forget(self):
        self.seen = b""

    def end(self, signal_number=signal.SIGKILL, seconds=15.0):
        """Sends the signal, reads to the end, gives the exit status (negative: killed by that signal)."""
        os.kill(self.pid, signal_number)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.descriptor)
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("it did not end")
