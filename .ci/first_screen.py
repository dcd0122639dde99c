"""Runs a shell command in a pseudo-terminal, waits for the app's first screen, quits it, and demands exit status 0."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

LIMIT = 900  # the command installs the program first
SIGHT = "RNN"  # a word of the first screen
PROMPT = re.compile(rb"\x1b\[\?1049h")  # the app has taken the screen over


def main(command: str) -> int:
    """Exit status: 0 where the first screen came and the app quit cleanly."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp("bash", ["bash", "-c", command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen, opened, end = b"", False, time.monotonic() + LIMIT
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
        if not opened and PROMPT.search(seen):
            opened, seen = True, seen[PROMPT.search(seen).end() :]
        if opened and SIGHT in seen.decode("utf-8", "replace"):
            print(f"first screen: {len(seen)} bytes")
            time.sleep(1)
            os.write(terminal, b"\x11")  # Ctrl+Q
            break
    else:
        print(seen.decode("utf-8", "replace")[-2000:])
        print("no first screen in time")
        return 1
    quit_by = time.monotonic() + 20
    while time.monotonic() < quit_by:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            print(f"exit status {code}")
            if not opened:
                print(seen.decode("utf-8", "replace")[-2000:])
            return 0 if opened and code == 0 else 1
        if select.select([terminal], [], [], 0.2)[0]:
            with contextlib.suppress(OSError):
                os.read(terminal, 65536)
    print("the app did not quit on Ctrl+Q")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
