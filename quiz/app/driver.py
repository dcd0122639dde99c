"""The terminal's input, with an Escape key that is answered at once.

Escape is also how the sequences of other keys begin. Textual waits a tenth of a second for the rest of one; terminals
send a sequence in one piece, so a hundredth is enough (tmux waits as long). ESCDELAY in the environment,
in milliseconds, has the last word.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from contextlib import suppress

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

ESCAPE_DELAY = 0.01
"""Seconds that an Escape by itself is waited upon."""
_PATIENCE = 0.1
"""Seconds after which the thread looks whether it should end, and that the rest of a sequence may take."""


class PromptDriver(LinuxDriver):
    """Textual's driver for Unix, but for how long it waits after an Escape."""

    def run_input_thread(self) -> None:
        """As in Textual's driver, except that the wait for more input ends when the parser's own wait does."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            text = ""
            while not self.exit_event.is_set():
                if selector.select(_escape_delay() if text.endswith("\x1b") else _PATIENCE):
                    text = decode(os.read(self.fileno, 4096))
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                elif parser._timeout_time is not None:
                    text, parser._timeout_time = "", 0.0
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass


def _escape_delay() -> float:
    with suppress(KeyError, ValueError):
        return max(1, int(os.environ["ESCDELAY"])) / 1000
    return ESCAPE_DELAY
