"""The learner's own editor: which it is, whether it opens a window of its own or wants the terminal, and the file it edits."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

WAITS = {
    "code": "--wait",
    "code-insiders": "--wait",
    "codium": "--wait",
    "vscodium": "--wait",
    "cursor": "--wait",
    "windsurf": "--wait",
    "zed": "--wait",
    "zeditor": "--wait",
    "subl": "--wait",
    "sublime_text": "--wait",
    "atom": "--wait",
    "mate": "--wait",
    "bbedit": "--wait",
    "gvim": "--nofork",
    "mvim": "--nofork",
    "neovide": "--no-fork",
    "kate": "--block",
    "gedit": "--wait",
    "gnome-text-editor": "--standalone",
    "pycharm": "--wait",
    "charm": "--wait",
    "idea": "--wait",
    "fleet": "--wait",
    "lapce": "--wait",
}
"""Editors with a window of their own, and the option that makes the command last as long as the file is open."""
SHORT = {"--wait": ("-w",), "--nofork": ("-f",), "--block": ("-b",), "--standalone": ("-s",)}
WINDOWS = frozenset(
    {*WAITS, "kwrite", "mousepad", "xed", "pluma", "geany", "leafpad", "featherpad", "notepadqq", "xemacs"}
)
"""Editors with a window of their own."""
USUAL = ("sensible-editor", "editor", "nano", "vim", "vi")
"""What is tried where nobody said which editor to use."""
EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Command:
    """How to call the editor."""

    words: tuple[str, ...]
    in_window: bool
    """Whether it has a window of its own, so that the app stays where it is."""

    @property
    def name(self) -> str:
        """The program's name."""
        return Path(self.words[0]).name


def find(
    environment: Mapping[str, str], setting: str | None = None, which: Callable[[str], str | None] = shutil.which
) -> Command | None:
    """The editor of the settings, else of VISUAL or EDITOR, else one of the usual ones that is installed; None for none.

    ValueError where the words cannot be taken apart (a quote that is not closed).
    """
    chosen = next((c for c in (setting, environment.get("VISUAL"), environment.get("EDITOR")) if c and c.strip()), None)
    if chosen is None:
        chosen = next((name for name in USUAL if which(name)), None)
    return None if chosen is None else plan(_words(chosen), bool(environment.get("DISPLAY")))


def _words(command: str) -> list[str]:
    """A command's program, a leading ~ written out, and its arguments."""
    program, *arguments = shlex.split(command)
    return [os.path.expanduser(program), *arguments]  # noqa: PTH111 - it need be no path


def plan(words: list[str], has_display: bool = False) -> Command:
    """The command with the option that makes it wait, where the editor has one and it was left out."""
    name = Path(words[0]).name.removesuffix(".exe")
    in_window = name in WINDOWS or (name in ("emacs", "emacsclient") and _emacs_in_window(name, words, has_display))
    wait = WAITS.get(name)
    if wait is not None and not {wait, *SHORT.get(wait, ())} & set(words):
        words = [words[0], wait, *words[1:]]
    return Command(tuple(words), in_window)


def _emacs_in_window(name: str, words: list[str], has_display: bool) -> bool:
    if {"-nw", "-t", "-tty", "--tty", "--no-window-system"} & set(words):
        return False
    return has_display and (name == "emacs" or "-c" in words or "--create-frame" in words)


class Outside:
    """A file for the editor to work on. It stays where it is as long as the editor runs."""

    def __init__(self, command: Command, module: str, text: str) -> None:
        self.command = command
        self.folder = Path(tempfile.mkdtemp(prefix="rnnquiz-"))
        self.path = self.folder / f"{module}.py"
        self.path.write_text(text, encoding="utf-8")
        self.seen = text
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Run the editor in this terminal until it ends. OSError where it cannot be started."""
        subprocess.run([*self.command.words, str(self.path)], check=False)

    def open(self) -> None:
        """Start the editor, which has a window of its own. OSError where it cannot be started."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            [*self.command.words, str(self.path)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )

    @property
    def is_open(self) -> bool:
        """Whether the editor still runs."""
        return self._process is not None and self._process.poll() is None

    def saved(self) -> str | None:
        """What has been saved since the last look; None where nothing was."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # between an editor's removing the old file and its writing the new one
            return None
        if text == self.seen:
            return None
        self.seen = text
        return text

    def follow(self, saved: Callable[[str], None], stop: Event) -> None:
        """Tell of each save until the editor has ended or `stop` is set, of the last one too."""
        while True:
            is_over = stop.is_set() or not self.is_open
            if (text := self.saved()) is not None:
                saved(text)
            if is_over:
                return
            stop.wait(EVERY)

    def close(self) -> None:
        """Take the file away, unless the editor still has it."""
        if not self.is_open:
            shutil.rmtree(self.folder, ignore_errors=True)
