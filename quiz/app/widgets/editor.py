"""Editors whose text is on disk a moment after it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.timer import Timer
from textual.widgets import TextArea

from answers.model import Text
from quiz.app.base import Bilingual

if TYPE_CHECKING:
    from quiz.app.app import QuizApp

SAVE_AFTER = 0.3
"""Seconds without a save at most while typing; a killed process loses no more than this."""
_CLOSES = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}


class DraftArea(Bilingual, TextArea):
    """A text area that keeps its text in the store under `key` (nowhere while that is ""), and begins with what is there."""

    def __init__(self, key: str, title: Text, *, initial: str = "", hint: Text | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.draft_key = key
        self.title_text = title
        self.hint = hint
        self._initial = initial
        self._saved: str | None = None
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self._load_draft()
        self.relabel()

    def keep(self, key: str, initial: str = "") -> None:
        """Keep the text under another key, and begin with what is there."""
        self.draft_key, self._initial = key, initial
        if self.is_mounted:
            self._load_draft()

    def _load_draft(self) -> None:
        if not self.draft_key:
            return
        draft = self._store.draft(self.draft_key)
        self._saved = draft if draft is not None else self._initial
        self.load_text(self._saved)
        self.move_cursor(self.document.end)

    def _recompute_cursor_offset(self) -> None:
        # An undo that makes the scroll bar vanish comes here before it has moved the cursor, and Textual would raise.
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]

    def relabel(self) -> None:
        self.border_title = self.title_text.of(self.lang)
        if self.hint is not None:
            self.placeholder = self.hint.of(self.lang)

    @property
    def _store(self) -> Any:
        return cast("QuizApp", self.app).store

    @on(TextArea.Changed)
    def save_soon(self) -> None:
        """Save within `SAVE_AFTER` of the first unsaved key; further keys do not put it off."""
        if self._timer is None and self.text != self._saved:
            self._timer = self.set_timer(SAVE_AFTER, self.save)

    @on(events.Blur)
    @on(events.Unmount)
    def save(self) -> None:
        """Save now what is not saved yet."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._saved is not None and self.text != self._saved:
            self._saved = self.text
            self._store.save_draft(self.draft_key, self.text)


class CodeArea(DraftArea):
    """Python: a new line is indented as its block wants it, brackets and quotes come in pairs, Tab indents."""

    def __init__(self, key: str, title: Text, initial: str) -> None:
        super().__init__(
            key,
            title,
            initial=initial,
            language="python",
            tab_behavior="indent",
            soft_wrap=False,
            show_line_numbers=True,
        )

    async def _on_key(self, event: events.Key) -> None:
        if not self.read_only and self._typed(event.key, event.character):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def _typed(self, key: str, character: str | None) -> bool:
        """Whether the key was taken care of here."""
        if not self.selection.is_empty:
            return False
        row, column = self.cursor_location
        line = self.document.get_line(row)
        left, right = line[:column], line[column:]
        if key == "enter":
            self.insert("\n" + indentation(left) + ("\n" + indentation(line) if _inside_pair(left, right) else ""))
            if _inside_pair(left, right):
                self.move_cursor((row + 1, len(indentation(left))))
            return True
        if key == "backspace":
            return self._delete_back(row, column, left, right)
        if character in _CLOSES.values() and right.startswith(character or "\0"):
            self.move_cursor((row, column + 1))
            return True
        if character in _CLOSES and _pair_here(character or "", left, right):
            self.insert((character or "") + _CLOSES[character or ""])
            self.move_cursor((row, column + 1))
            return True
        return False

    def _delete_back(self, row: int, column: int, left: str, right: str) -> bool:
        """One level of indentation, or an empty pair, at once."""
        if left and not left.strip(" "):
            self.delete((row, (column - 1) // 4 * 4), (row, column))
            return True
        if left and right and _CLOSES.get(left[-1]) == right[0]:
            self.delete((row, column - 1), (row, column + 1))
            return True
        return False


def indentation(left: str) -> str:
    """What the line after `left` begins with: one level more after a colon or an open bracket, one less after `return`."""
    bare = left.split("#", 1)[0].rstrip()
    indent = len(left) - len(left.lstrip(" "))
    if bare.endswith((":", "(", "[", "{")):
        return " " * (indent + 4)
    if bare.strip().split(" ", 1)[0] in ("return", "raise", "pass", "break", "continue") and not _is_open(bare):
        return " " * max(indent - 4, 0)
    return " " * indent


def _is_open(text: str) -> bool:
    return sum(text.count(o) for o in "([{") > sum(text.count(c) for c in ")]}")


def _inside_pair(left: str, right: str) -> bool:
    return bool(left) and bool(right) and left[-1] in "([{" and _CLOSES[left[-1]] == right[0]


def _pair_here(opening: str, left: str, right: str) -> bool:
    """Whether an opening bracket or quote should bring its partner: at a line's end or before what closes."""
    if right and right[0] not in " )]},:":
        return False
    return opening in "([{" or not (left and (left[-1].isalnum() or left[-1] in "\"'"))
