"""Editors whose text is on disk a moment after it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text as RichText
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.document._document import Location, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.document._syntax_aware_document import SyntaxAwareDocument
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Region, Size, Spacing
from textual.timer import Timer
from textual.widgets import TextArea

from answers.model import Text
from quiz import editing
from quiz.app.base import Bilingual
from quiz.app.widgets import highlighting
from quiz.app.widgets.code_colours import LIGHT, SIXTEEN
from quiz.app.widgets.find_bar import FindBar
from quiz.app.widgets.keys_in_order import KeysInOrder
from quiz.editing import Edit

if TYPE_CHECKING:
    from quiz.app.app import QuizApp

SAVE_AFTER = 0.3
"""Seconds without a save at most while typing; a killed process loses no more than this."""


class DraftArea(KeysInOrder, Bilingual, TextArea):
    """A text area that keeps its text in the store under `key` (nowhere while that is ""), and begins with what is there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("alt+a,f7", "select_all", show=False)]

    def __init__(self, key: str, title: Text, *, initial: str = "", hint: Text | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.draft_key = key
        self.title_text = title
        self.hint = hint
        self._initial = initial
        self._saved: str | None = None
        self._timer: Timer | None = None
        self._rows = 1
        """How many there were when the text was laid out last."""

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
        # Not `load_text`: that makes a new document.
        self.replace(self._saved, (0, 0), self.document.end)
        self.history.clear()
        self.move_cursor(self.document.end)

    def look_again(self) -> None:
        """Begin with what is kept by now, if that is no longer what was found when this was built."""
        if self.is_mounted and self.draft_key and self._store.draft(self.draft_key) not in (None, self.text):
            self._load_draft()

    def _recompute_cursor_offset(self) -> None:
        # An undo that makes the scroll bar vanish comes here before it has moved the cursor, and Textual would raise.
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Keeps the cursor in view, from the first paint on, where what is shown above or below takes room away."""
        was_seen = self._is_cursor_within(self._rows)
        is_changed = super()._size_updated(size, virtual_size, container_size, layout)
        self._rows = self.scrollable_content_region.height
        if was_seen and not self._is_cursor_within(self._rows):
            place = Region(*self._cursor_offset, width=3, height=1)
            room = Spacing(right=self.gutter_width)
            self.scroll_to_region(place, spacing=room, animate=False, force=True, immediate=True)
        return is_changed

    def _is_cursor_within(self, rows: int) -> bool:
        return 0 <= self._cursor_offset[1] - self.scroll_offset.y < rows

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
    """Python: what a key does beyond typing (indentation, pairs, comments) is decided in `quiz.editing`."""

    DEFAULT_CSS = "CodeArea .text-area--matching-bracket { text-style: bold underline; }"  # seen without colour too
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "find", show=False),
        # Ctrl+/ reaches a program as Ctrl+_ in most terminals.
        Binding("ctrl+slash,ctrl+underscore", "toggle_comment", show=False),
        Binding("ctrl+shift+z", "redo", show=False),
    ]

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
        self.register_theme(LIGHT)
        self.register_theme(SIXTEEN)
        self._found: list[tuple[int, int]] = []
        self._current = 0

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, None)
        if language is None or (python := highlighting.python()) is None:
            return
        grammar, self._highlight_query = python
        self.document = SyntaxAwareDocument(text, grammar)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self._rewrap_and_refresh_virtual_size()

    def on_mount(self) -> None:
        self._app_theme_changed()

    def _app_theme_changed(self) -> None:
        """Textual's colours for code suit dark screens alone."""
        worn = self.app.current_theme
        name = SIXTEEN.name if worn.ansi else "css" if worn.dark else LIGHT.name
        if self.theme != name:
            self.theme = name
        else:
            super()._app_theme_changed()

    # ------------------------------------------------------------ offsets

    @property
    def source(self) -> str:
        """The text with plain line breaks, which offsets count in."""
        return "\n".join(self.document.lines)

    def offset_of(self, location: Location) -> int:
        """The offset of a row and column."""
        row, column = location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    def location_at(self, offset: int) -> Location:
        """The row and column of an offset."""
        for row, line in enumerate(self.document.lines):
            if offset <= len(line):
                return row, offset
            offset -= len(line) + 1
        return self.document.end

    # ------------------------------------------------------------ keys

    async def _on_key(self, event: events.Key) -> None:
        if not self.read_only and self._typed(event.key, event.character if event.is_printable else None):
            event.stop()
            event.prevent_default()  # else Textual goes on to the same handler of the classes this is derived from

    def _typed(self, key: str, character: str | None) -> bool:
        """Whether the key was taken care of here."""
        if key == "shift+tab":
            return self.dedent_selection()
        if key not in ("enter", "backspace", "tab") and (character is None or character.isalnum()):
            return False
        anchor, cursor = map(self.offset_of, self.selection)
        edit = editing.typed(self.source, anchor, cursor, key, character)
        if edit is not None:
            self._apply(edit)
        return edit is not None

    def _apply(self, edit: Edit) -> None:
        """One edit, which one undo takes back."""
        if edit.start != edit.end or edit.text:
            self.history.checkpoint()
            self.replace(
                edit.text, self.location_at(edit.start), self.location_at(edit.end), maintain_selection_offset=False
            )
        self.selection = Selection(self.location_at(edit.anchor), self.location_at(edit.cursor))
        self.record_cursor_width()

    def dedent_selection(self) -> bool:
        """The selected lines one level out; False where nothing is selected."""
        if self.read_only or self.selection.is_empty:
            return False
        self._apply(editing.dedented(self.source, *map(self.offset_of, self.selection)))
        return True

    def action_toggle_comment(self) -> None:
        if not self.read_only:
            self._apply(editing.comment_toggled(self.source, *map(self.offset_of, self.selection)))

    def go_to_line(self, number: int) -> None:
        """The cursor at the first character of a line, counted from 1."""
        row = min(max(number - 1, 0), self.document.line_count - 1)
        line = self.document.get_line(row)
        self.move_cursor((row, len(line) - len(line.lstrip(" "))), center=True)
        self.focus()

    # ------------------------------------------------------------ brackets and what was found

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The partner of the bracket at a place; those in strings and comments are text."""
        if not bracket or bracket not in "()[]{}":
            return None
        found = editing.partner(self.source, self.offset_of(search_from))
        return None if found is None else self.location_at(found)

    def mark(self, found: list[tuple[int, int]], current: int) -> None:
        """Underline what was found, the current one reversed."""
        self._found, self._current = found, current
        self._line_cache.clear()
        self.refresh()

    def get_line(self, line_index: int) -> RichText:
        line = super().get_line(line_index)
        if self._found:
            begin = self.offset_of((line_index, 0))
            for k, (start, end) in enumerate(self._found):
                if start < begin + len(line) and end > begin:
                    look = "reverse" if k == self._current else "underline"
                    line.stylize(look, max(start - begin, 0), end - begin)
        return line

    def action_find(self) -> None:
        if isinstance(self.parent, EditorPane):
            chosen = self.selected_text
            self.parent.query_one(FindBar).open(chosen if "\n" not in chosen else "")


class EditorPane(Vertical):
    """A code editor with the bar that finds in it."""

    DEFAULT_CSS = "EditorPane CodeArea { height: 1fr; width: 1fr; }"

    def __init__(self, area: CodeArea, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.area = area

    def compose(self) -> ComposeResult:
        yield self.area
        yield FindBar()

    def close_find(self) -> bool:
        """Close the bar; False where it was not open."""
        bar = self.query_one(FindBar)
        was_open = bool(bar.display)
        if was_open:
            bar.action_close()
        return was_open

    @on(FindBar.Sought)
    def show_found(self, event: FindBar.Sought) -> None:
        """Find as it is typed, or go on to the next or the one before."""
        event.stop()
        area, bar = self.area, self.query_one(FindBar)
        found = editing.occurrences(area.source, event.wanted, match_case=event.match_case)
        if not found:
            area.mark([], 0)
            bar.show_count(0, 0)
            return
        start = min(map(area.offset_of, area.selection))
        if event.step > 0:
            current = editing.nearest(found, start + 1)
        elif event.step < 0:
            current = (editing.nearest(found, start) - 1) % len(found)
        else:
            current = editing.nearest(found, start)
        begin, end = found[current]
        area.selection = Selection(area.location_at(end), area.location_at(begin))
        area.mark(found, current)
        area.scroll_cursor_visible(center=True)
        bar.show_count(current + 1, len(found))

    @on(FindBar.Closed)
    def back_to_text(self, event: FindBar.Closed) -> None:
        """The bar is gone; what was found last stays selected."""
        event.stop()
        self.area.mark([], 0)
        self.area.focus()

    @on(TextArea.Changed)
    def forget_marks(self) -> None:
        """What was found may have moved."""
        if self.area.has_focus:
            self.area.mark([], 0)
