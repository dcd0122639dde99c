"""A program in a real terminal multiplexer: what it paints, keys sent to it."""

import os
import shutil
import subprocess
import time
from uuid import uuid4


def is_installed():
    return shutil.which("tmux") is not None


class Tmux:
    """`with Tmux(command, environment) as terminal: terminal.shows("text")`; ends its own server and nothing else."""

    def __init__(self, command, environment, columns=100, rows=30):
        self._name = f"rnnquiz-{uuid4().hex[:12]}"
        settings = " ".join(f"{name}='{value}'" for name, value in environment.items())
        self._command = f"env {settings} sh -c '{command}; echo status=$?; exec sleep 600'"
        self._size = ("-x", str(columns), "-y", str(rows))

    def __enter__(self):
        environment = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR", "COLUMNS", "LINES")}
        subprocess.run(
            ["tmux", "-u", "-L", self._name, "-f", os.devnull, "new-session", "-d", *self._size, self._command],
            check=True,
            env=environment,
        )
        self._tmux("set-option", "-g", "escape-time", "20")
        return self

    def __exit__(self, *_):
        self._tmux("kill-server", check=False)

    def _tmux(self, *words, check=True):
        done = subprocess.run(["tmux", "-L", self._name, *words], check=check, capture_output=True, text=True)
        return done.stdout

    def screen(self):
        return self._tmux("capture-pane", "-p")

    def shows(self, *texts, seconds=40):
        """Wait until all of these are on the screen; the screen."""
        end = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            missing = [text for text in texts if text not in screen]
            assert time.monotonic() < end, f"{missing} did not come:\n{screen}"
            time.sleep(0.05)

    def press(self, *keys):
        """Keys by tmux's names: Enter, Escape, F5, C-r."""
        self._tmux("send-keys", *keys)

    def type(self, text):
        self._tmux("send-keys", "-l", text)
