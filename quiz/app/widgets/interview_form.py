"""The form of an interview as lines with a cursor: what can be gone on with, minutes, parts, language, start, past ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget

from answers.model import Language, Text
from quiz import parts
from quiz.app import interview_words as words
from quiz.app.base import Bilingual
from quiz.catalogue import listed, message
from quiz.interview.sitting import FEWEST_MINUTES, LANGUAGES, MOST_MINUTES, Interview, Setup
from quiz.parts import Part

CHOICES = (15, 30, 45, 60)
Kind = Literal["resume", "minutes", "part", "language", "start", "past"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be stood on; `index`: which of its kind."""

    kind: Kind
    index: int = 0


class InterviewForm(Bilingual, Widget, can_focus=True):
    """Up and down choose a line, left and right change it, space ticks, Enter does what the line is for."""

    DEFAULT_CSS = "InterviewForm { height: auto; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-999)", show=False),
        Binding("end", "move(999)", show=False),
        Binding("left,h", "change(-1)", show=False),
        Binding("right", "change(1)", show=False),
        Binding("space,x", "tick", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Changed(Message):
        """Minutes, parts or language are others now."""

    class Chosen(Message):
        """Enter was pressed on a line: start, or an interview to go on with or to look at."""

        def __init__(self, interview: Interview | None) -> None:
            super().__init__()
            self.interview = interview

    class Moved(Message):
        """The cursor stands on another line."""

    def __init__(self) -> None:
        super().__init__()
        self.begin(Setup(CHOICES[1], (), "en"), (), ())

    def begin(self, setup: Setup, unfinished: Sequence[Interview], past: Sequence[Interview]) -> None:
        """Fill the form in."""
        self.minutes = setup.minutes
        self.language: Language = setup.language
        self.every: tuple[Part, ...] = parts.every()
        self.ticked = {part.id for part in self.every if part.id in setup.parts}
        self.preview: Text = message("interview.reading")
        self.typed = ""
        self.show(unfinished, past)
        self.cursor = 0 if self.unfinished else self.lines.index(Line("start"))
        self.refresh(layout=True)

    def show(self, unfinished: Sequence[Interview], past: Sequence[Interview]) -> None:
        """Show these interviews beside the form."""
        self.unfinished, self.past = tuple(unfinished), tuple(past)
        self.lines = [
            *(Line("resume", k) for k in range(len(self.unfinished))),
            Line("minutes"),
            *(Line("part", k) for k in range(len(self.every))),
            Line("language"),
            Line("start"),
            *(Line("past", k) for k in range(len(self.past))),
        ]

    def show_again(self, unfinished: Sequence[Interview], past: Sequence[Interview]) -> None:
        """The interviews have changed: stand on what can be gone on with, or on the newest of the past."""
        self.show(unfinished, past)
        line = Line("resume") if unfinished else Line("past") if past else Line("start")
        self.cursor = self.lines.index(line)
        self.refresh(layout=True)

    @property
    def setup(self) -> Setup:
        """What is chosen."""
        chosen = tuple(part.id for part in self.every if part.id in self.ticked)
        return Setup(self.minutes, chosen, self.language)

    @property
    def line(self) -> Line:
        """The line under the cursor."""
        return self.lines[self.cursor]

    def say(self, preview: Text) -> None:
        """What the interview would hold."""
        self.preview = preview
        self.refresh()

    # ------------------------------------------------------------ drawing

    def _rows(self) -> list[tuple[int | None, Content]]:
        """Each row: the index of its line (None for a heading or a gap) and its words."""
        rows: list[tuple[int | None, Content]] = []
        labels = (message("interview.minutes"), message("interview.parts"), message("interview.language"))
        width = max(Content(label.of(self.lang)).cell_length for label in labels) + 3
        for k, line in enumerate(self.lines):
            if line.kind in ("minutes", "start") or line == Line("past"):
                if k:
                    rows.append((None, Content("")))
            if line == Line("past"):
                rows.append((None, Content.styled(message("interview.past").of(self.lang), "bold $text-primary")))
            rows.append((k, self._row(line, width)))
        return rows

    def _row(self, line: Line, width: int) -> Content:
        def labelled(label: Text | None, body: Content) -> Content:
            name = Content.styled(label.of(self.lang) if label else "", "bold")
            return name.pad_right(width - name.cell_length) + body

        match line.kind:
            case "resume":
                name = Content.styled(f"▶ {message('interview.resume').of(self.lang)}", "bold $text-success")
                return name + Content("  " + words.unfinished(self.unfinished[line.index]).of(self.lang))
            case "minutes":
                return labelled(message("interview.minutes"), self._minutes())
            case "part":
                part = self.every[line.index]
                on = part.id in self.ticked
                tick = ("[✓] ", "bold $text-success") if on else ("[ ] ", "$text-muted")
                return labelled(
                    message("interview.parts") if line.index == 0 else None,
                    Content.assemble(tick, part.title.of(self.lang)),
                )
            case "language":
                names = [self._option(name.of(self.lang), code == self.language) for code, name in words.LANGUAGES]
                return labelled(message("interview.language"), Content("  ").join(names))
            case "start":
                name = Content.styled(f"▶ {message('interview.start').of(self.lang)}", "bold $text-success")
                return name + Content.styled("   " + self.preview.of(self.lang), "$text-muted")
        past = self.past[line.index]
        chosen = listed(parts.title(part) for part in past.setup.parts).of(self.lang)
        return Content(words.finished(past).of(self.lang)) + Content.styled(f"   {chosen}", "dim")

    def _minutes(self) -> Content:
        shown = [self._option(str(n), n == self.minutes and not self.typed) for n in CHOICES]
        own = self.typed or (str(self.minutes) if self.minutes not in CHOICES else "")
        last = (
            self._option(own, True) if own else Content.styled(message("interview.other_minutes").of(self.lang), "dim")
        )
        return Content("  ").join([*shown, last])

    @staticmethod
    def _option(name: str, on: bool) -> Content:
        return Content.styled(f"[{name}]", "bold $text-accent") if on else Content.styled(f" {name} ", "$text-muted")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows())

    def render(self) -> Content:
        width, drawn = self.content_size.width, []
        for k, content in self._rows():
            here = k == self.cursor
            row = (Content.styled("▸ ", "bold $text-accent") if here else Content("  ")) + content
            row = row.truncate(width, ellipsis=True)
            if here and self.has_focus:
                row = row.pad_right(max(width - row.cell_length, 0)).stylize(self.chosen_style)
            drawn.append(row)
        return Content("\n").join(drawn)

    # ------------------------------------------------------------ what keys do

    def action_move(self, by: int) -> None:
        self._take_typed()
        self._stand_on(min(max(self.cursor + by, 0), len(self.lines) - 1))

    def _stand_on(self, cursor: int) -> None:
        self.cursor = cursor
        row = next(y for y, (k, _) in enumerate(self._rows()) if k == cursor)
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, row, self.size.width, 1), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def action_change(self, by: int) -> None:
        match self.line.kind:
            case "minutes":
                self.typed = ""
                later = [n for n in CHOICES if (n - self.minutes) * by > 0]
                if later:
                    self.minutes = min(later, key=lambda n: abs(n - self.minutes))
            case "language":
                self.language = LANGUAGES[(LANGUAGES.index(self.language) + by) % len(LANGUAGES)]
            case "part":
                self.action_tick()
                return
            case _:
                return
        self._changed()

    def action_tick(self) -> None:
        if self.line.kind == "part":
            self.ticked ^= {self.every[self.line.index].id}
            self._changed()

    def action_choose(self) -> None:
        self._take_typed()
        match self.line.kind:
            case "resume":
                self.post_message(self.Chosen(self.unfinished[self.line.index]))
            case "past":
                self.post_message(self.Chosen(self.past[self.line.index]))
            case _:
                self.post_message(self.Chosen(None))

    def on_key(self, event: events.Key) -> None:
        """Digits on the line of minutes."""
        if self.line.kind != "minutes":
            return
        if event.character and event.character in "0123456789" and len(self.typed) < 3:
            self.typed += event.character
        elif event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        else:
            return
        event.stop()
        if self.typed and FEWEST_MINUTES <= int(self.typed) <= MOST_MINUTES:
            self.minutes = int(self.typed)
            self._changed()
        self.refresh()

    def _take_typed(self) -> None:
        """What was typed becomes the minutes, at least the fewest and at most the most."""
        if self.typed:
            self.minutes = min(max(int(self.typed), FEWEST_MINUTES), MOST_MINUTES)
            self.typed = ""
            self._changed()

    def _changed(self) -> None:
        self.refresh()
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        rows = self._rows()
        if 0 <= event.y < len(rows) and (k := rows[event.y][0]) is not None:
            again = k == self.cursor
            self._take_typed()
            self._stand_on(k)
            if self.line.kind == "part":
                self.action_tick()
            elif self.line.kind in ("minutes", "language"):
                self.action_change(1)
            elif again:
                self.action_choose()
