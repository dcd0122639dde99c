"""Every setting on one screen, changed by keyboard, in effect and kept at once."""

from __future__ import annotations

import os
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from answers.model import Language, Text
from quiz import outside_editor, settings
from quiz.app import settings_words as words
from quiz.app.base import Bilingual, Key, Page, Phrase
from quiz.app.widgets.keys_in_order import Line
from quiz.app.widgets.prose import inline
from quiz.catalogue import message
from quiz.settings import Choice, Command, Number, Setting, SettingError


class SettingList(Bilingual, Widget, can_focus=True):
    """The settings in their groups, a line each, the value at the right."""

    DEFAULT_CSS = "SettingList { height: auto; width: 1fr; text-wrap: nowrap; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-99)", show=False),
        Binding("end", "move(99)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another setting."""

    def __init__(self) -> None:
        super().__init__(id="list")
        self.order = [setting for _, group in words.GROUPS for setting in group]
        self.cursor = 0

    def go_to(self, name: str) -> None:
        """Put the cursor on the setting of that name, else on the first."""
        self.cursor = next((k for k, setting in enumerate(self.order) if setting.name == name), 0)

    @property
    def current(self) -> Setting:
        """The setting under the cursor."""
        return self.order[self.cursor]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows())

    def render(self) -> Content:
        screen = self.screen
        assert isinstance(screen, SettingsScreen)
        width = max(cell_len(name.of(self.lang)) for name in words.NAMES.values()) + 4
        lines = []
        for row in self._rows():
            if row is None:
                lines.append(Content(""))
            elif isinstance(row, Text):
                lines.append(Content.styled(row.of(self.lang), "bold $text-primary"))
            else:
                lines.append(self._line(row, screen.shown(row).of(self.lang), width))
        return Content("\n").join(lines)

    def _line(self, setting: Setting, value: str, width: int) -> Content:
        name, here = words.NAMES[setting.name].of(self.lang), setting is self.current
        arrows = ("‹ ", " ›") if here and not isinstance(setting, Command) else ("  ", "  ")
        line = Content.assemble(
            "▸ " if here else "  ", name, " " * (width - cell_len(name)), arrows[0], (value, "$text-accent"), arrows[1]
        ).truncate(self.content_size.width, ellipsis=True)
        if here:
            line = line.pad_right(max(self.content_size.width - line.cell_length, 0))
            line = line.stylize(self.chosen_style if self.has_focus else "on $choice-blurred")
        return line

    def _rows(self) -> list[Setting | Text | None]:
        rows: list[Setting | Text | None] = []
        for title, group in words.GROUPS:
            rows += [None] * bool(rows) + [title, *group]
        return rows

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        self.cursor = min(max(self.cursor + by, 0), len(self.order) - 1)
        if isinstance(self.parent, Widget):
            row = self._rows().index(self.current)
            self.parent.scroll_to_region(Region(0, row - 1, 1, 3), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        row = self._rows()[event.y] if event.y < len(self._rows()) else None
        if row is not None and not isinstance(row, Text):
            self.cursor = self.order.index(row)
            self.action_move(0)


class SettingsScreen(Page):
    """The list above, what the chosen setting is for below, and there the line in which a value is typed."""

    CSS_PATH = "../styles/settings.tcss"
    HELP_TEXT = message("settings.help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,minus,h", "step(-1)", show=False),
        Binding("right,plus,space,l", "step(1)", show=False),
        Binding("enter", "edit", show=False),
        Binding("escape", "back", show=False),
        Binding("q", "back", show=False),
        Binding("question_mark", "app.help", show=False),
    ]

    def __init__(self, name: str | None = None) -> None:
        super().__init__()
        self.fault: Text | None = None
        self._first = ""
        if name is not None:
            self.begin(name)

    def begin(self, name: str = "") -> None:
        """Begin with the setting of that name."""
        self._first = name
        self.now()

    def fill(self) -> None:
        self.query_one(SettingList).go_to(self._first)
        self.relabel()

    def compose_page(self) -> ComposeResult:
        with Vertical(id="settings"):
            with VerticalScroll(id="scroll", can_focus=False):
                yield SettingList()
            with Vertical(id="about"):
                yield Phrase(self._about, id="what")
                yield Line(id="value", select_on_focus=False)
                yield Phrase(self._fault, id="fault")
            yield Phrase(self._data, id="data")

    def on_mount(self) -> None:
        self.query_one(Input).display = False
        self.query_one(SettingList).focus()

    # ------------------------------------------------------------ words

    def shown(self, setting: Setting) -> Text:
        """The setting's value."""
        editor = self._editor() if isinstance(setting, Command) else ""
        return words.shown(setting, self._value(setting), self.app.theme, editor)

    def _editor(self) -> str:
        """The command that would be run."""
        try:
            command = outside_editor.find(os.environ, settings.EDITOR.of(self.quiz.store.get))
        except ValueError:  # VISUAL or EDITOR is no command; it is said where the editor is asked for
            return ""
        return " ".join(command.words) if command is not None else ""

    def _value(self, setting: Setting) -> object:
        # The language may be the locale's or the command line's, and then is not kept yet.
        return self.lang if setting is settings.LANGUAGE else setting.of(self.quiz.store.get)

    def _about(self, language: Language) -> Content:
        setting = self._current
        lines = [inline(words.ABOUT[setting.name].of(language))]
        if bounds := words.bounds(setting):
            lines.append(Content.styled(bounds.of(language), "$text-muted"))
        return Content("\n").join(lines)

    def _fault(self, language: Language) -> Content:
        return Content.styled(f"✗ {self.fault.of(language)}", "$text-error") if self.fault else Content("")

    def _data(self, language: Language) -> Content:
        store = self.quiz.store
        where = f"`{store.folder}`" + ("" if store.path else f"  ! {message('settings.in_memory').of(language)}")
        folder = Content.styled(f"{message('settings.folder').of(language)}  ", "bold $text-primary") + inline(where)
        return Content("\n").join([folder, inline(message("settings.move").of(language), base="$text-muted")])

    def title_words(self, language: Language) -> Content:
        return Content.styled(message("settings.title").of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        if self._editing:
            return (
                Key("enter", message("settings.keep"), "screen.keep"),
                Key("esc", message("settings.cancel"), "screen.back"),
            )
        setting = self._current
        step = () if isinstance(setting, Command) else (Key("← →", message("keys.change"), "screen.step(1)"),)
        typed = () if isinstance(setting, Choice) else (Key("enter", message("settings.type"), "screen.edit"),)
        return (Key("↑ ↓", message("keys.choose"), ""), *step, *typed, Key("esc", message("keys.back"), "screen.back"))

    # ------------------------------------------------------------ what keys do

    @property
    def _current(self) -> Setting:
        return self.query_one(SettingList).current

    @property
    def _editing(self) -> bool:
        return self.query_one(Input).display

    @on(SettingList.Moved)
    def show_about(self) -> None:
        """Say what the setting under the cursor is for."""
        self._end_edit()
        self.query_one("#what", Phrase).relabel()

    def action_step(self, by: int) -> None:
        setting = self._current
        match setting:
            case Choice():
                self._choose(setting.stepped(str(self._value(setting)), by))
            case Number():
                self._choose(setting.stepped(setting.of(self.quiz.store.get), by))

    def _choose(self, value: object) -> None:
        self.quiz.choose(self._current, value)
        self.relabel()

    def action_edit(self) -> None:
        setting = self._current
        if isinstance(setting, Choice):
            self.action_step(1)
            return
        line = self.query_one(Input)
        get = self.quiz.store.get
        line.value = setting.shown(setting.of(get)) if isinstance(setting, Number) else setting.of(get)
        line.display = True
        line.focus()
        line.action_select_all()
        self._say_fault(None)
        self.refresh_keys()

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Read what was typed; a fault is said and the line stays."""
        setting = self._current
        assert not isinstance(setting, Choice)
        try:
            value = setting.read(self.query_one(Input).value)
        except SettingError as error:
            self._say_fault(error.text)
            return
        self._end_edit()
        self._choose(value)

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """It may be right now."""
        self._say_fault(None)

    def _say_fault(self, fault: Text | None) -> None:
        self.fault = fault
        self.query_one("#fault", Phrase).relabel()

    def _end_edit(self) -> None:
        self.query_one(Input).display = False
        self._say_fault(None)
        self.query_one(SettingList).focus()
        self.refresh_keys()

    def action_back(self) -> None:
        if self._editing:
            self._end_edit()
        else:
            self.app.pop_screen()
