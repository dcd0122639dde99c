"""Where a drill is answered: a list to choose from, a list to put in order, a line to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input

from answers.model import ChoiceDrill, FormulaDrill, Language, NumberDrill, OrderDrill, Text, TrueFalseDrill
from quiz.app.base import Bilingual, Key, Phrase
from quiz.app.widgets.keys_in_order import Line
from quiz.app.widgets.prose import inline
from quiz.app.wrapping import wrap
from quiz.catalogue import message
from quiz.drills import Checked, Hand
from quiz.formulas import FUNCTIONS

Answer = int | bool | str | Sequence[int]


class AnswerBox(Bilingual, Widget):
    """What all have in common."""

    shows_solution = False
    """Whether the box itself shows what was right."""

    class Given(Message):
        """The learner has answered."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    hand: Hand

    def __init__(self, hand: Hand | None = None) -> None:
        super().__init__()
        self.checked: Checked | None = None
        if hand is not None:
            self.deal(hand)

    def deal(self, hand: Hand) -> None:
        """Take the answer to this drill, in place of the one before. Not to be shown before the first."""
        self.hand = hand
        self.checked = None
        self.refresh(layout=True)

    def take_focus(self) -> None:
        """Be where the keys go."""
        self.focus()

    def show_solution(self, checked: Checked) -> None:
        """The answer was checked; no further one is taken."""
        self.checked = checked
        self.refresh(layout=True)

    def submit(self) -> None:
        """Answer with what is there."""

    def keys(self) -> tuple[Key, ...]:
        """The keys that matter in this box."""
        return ()


def box_for(hand: Hand) -> type[AnswerBox]:
    """The kind of box that fits the drill."""
    match hand.drill:
        case ChoiceDrill() | TrueFalseDrill():
            return ChoiceBox
        case OrderDrill():
            return OrderBox
        case NumberDrill() | FormulaDrill():
            return LineBox


def answer_box(hand: Hand) -> AnswerBox:
    """A box that fits the drill."""
    return box_for(hand)(hand)


class ListBox(AnswerBox, can_focus=True):
    """Lines with a cursor."""

    DEFAULT_CSS = "ListBox { height: auto; width: 1fr; text-wrap: nowrap; }"
    shows_solution = True
    cursor: var[int] = var(0)

    def deal(self, hand: Hand) -> None:
        super().deal(hand)
        self.cursor = 0

    def rows(self) -> list[tuple[str, str, str]]:
        """Mark, text and style of each line."""
        return []

    def _lines(self, width: int) -> list[list[Content]]:
        laid = []
        for k, (mark, text, style) in enumerate(self.rows()):
            here = k == self.cursor and self.checked is None
            head = Content.assemble(("▸ " if here else "  ", "bold $text-accent"), (mark, "bold $text-accent"))
            body = inline(text)
            if here:
                body = body.stylize("bold")
            if style:
                body = body.stylize(style)
            laid.append(wrap(head + body, max(width, 12), head.cell_length))
        return laid

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(map(len, self._lines(width))) + max(len(self.rows()) - 1, 0) * self._gap

    @property
    def _gap(self) -> int:
        """A blank line between the lines where there is room."""
        return 1 if self.screen.size.height >= 34 else 0

    def render(self) -> Content:
        lines: list[Content] = []
        for k, row in enumerate(self._lines(self.content_size.width)):
            lines += [Content("")] * (self._gap if k else 0) + row
        return Content("\n").join(lines)

    def row_at(self, y: int) -> int | None:
        """The line that a click at `y` meets."""
        top = 0
        for k, row in enumerate(self._lines(self.content_size.width)):
            if top <= y < top + len(row):
                return k
            top += len(row) + self._gap
        return None

    def action_move(self, by: int) -> None:
        self.cursor = min(max(self.cursor + by, 0), len(self.rows()) - 1)
        self.refresh()


class ChoiceBox(ListBox):
    """One of several: a letter, a digit, or arrows and Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("enter,space", "give", show=False),
    ]
    chosen: int | None = None

    def deal(self, hand: Hand) -> None:
        super().deal(hand)
        self.chosen = None

    @property
    def options(self) -> tuple[Text, ...]:
        """What there is to choose from."""
        return (
            (message("common.true"), message("common.false"))
            if isinstance(self.hand.drill, TrueFalseDrill)
            else self.hand.shown
        )

    @property
    def letters(self) -> str:
        """The key of each option."""
        return "tf" if isinstance(self.hand.drill, TrueFalseDrill) else "abcdefgh"[: len(self.options)]

    def rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for k, option in enumerate(self.options):
            mark, style = f"{self.letters[k].upper()}  ", ""
            if self.checked is not None:
                right, chosen = self._is_right(k), k == self.chosen
                mark = ("✓ " if right else "✗ " if chosen else "  ") + mark
                style = "bold $text-success" if right else "$text-error" if chosen else "dim"
            rows.append((mark, option.of(self.lang), style))
        return rows

    def _is_right(self, place: int) -> bool:
        drill = self.hand.drill
        if isinstance(drill, TrueFalseDrill):
            return drill.holds is (place == 0)
        return isinstance(drill, ChoiceDrill) and self.hand.order[place] == drill.right

    def on_key(self, event: events.Key) -> None:
        if self.checked is not None or event.character is None:
            return
        character = event.character.lower()
        place = self.letters.find(character)
        if place < 0 and character.isdigit():
            place = int(character) - 1
        if 0 <= place < len(self.options):
            event.stop()
            self._choose(place)

    def action_give(self) -> None:
        self._choose(self.cursor)

    def submit(self) -> None:
        self.action_give()

    def _choose(self, place: int) -> None:
        self.cursor = self.chosen = place
        self.post_message(self.Given(place == 0 if isinstance(self.hand.drill, TrueFalseDrill) else place))

    def on_click(self, event: events.Click) -> None:
        if self.checked is None and (place := self.row_at(event.y)) is not None:
            self._choose(place)

    def keys(self) -> tuple[Key, ...]:
        letters = " ".join(self.letters.upper())
        return (Key(letters, message("keys.answer"), ""), Key("enter", message("keys.check"), "screen.check_box"))


class OrderBox(ListBox):
    """Lines to put in order: space picks one up, arrows carry it, space drops it; Enter checks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "carry(-1)", show=False),
        Binding("down,j", "carry(1)", show=False),
        Binding("shift+up,K", "shift(-1)", show=False),
        Binding("shift+down,J", "shift(1)", show=False),
        Binding("space", "pick_up", show=False),
        Binding("enter", "give", show=False),
    ]

    places: list[int]
    held = False

    def deal(self, hand: Hand) -> None:
        super().deal(hand)
        self.places = list(range(len(hand.shown)))
        self.held = self.shows_solution = False

    def rows(self) -> list[tuple[str, str, str]]:
        shown, rows = self.hand.shown, []
        for k, place in enumerate(self.places):
            mark, style = f"{k + 1}. ", ""
            if self.checked is not None:
                right = self.hand.order[place] == k
                mark, style = ("✓ " if right else "✗ ") + mark, "$text-success" if right else "$text-error"
            elif k == self.cursor and self.held:
                mark, style = f"≡ {mark}", "bold $text-accent"
            rows.append((mark, shown[place].of(self.lang), style))
        return rows

    def action_carry(self, by: int) -> None:
        if self.held:
            self.action_shift(by)
        else:
            self.action_move(by)

    def action_shift(self, by: int) -> None:
        target = self.cursor + by
        if self.checked is None and 0 <= target < len(self.places):
            self.places[self.cursor], self.places[target] = self.places[target], self.places[self.cursor]
            self.cursor = target
            self.refresh(layout=True)

    def action_pick_up(self) -> None:
        self.held = not self.held
        self.refresh(layout=True)

    def action_give(self) -> None:
        self.held = False
        self.post_message(self.Given(tuple(self.places)))

    def submit(self) -> None:
        self.action_give()

    @property
    def shows_order(self) -> bool:
        """Whether the right order stands in the box already."""
        return self.checked is not None and self.checked.right

    def show_solution(self, checked: Checked) -> None:
        self.shows_solution = checked.right
        super().show_solution(checked)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("space", message("keys.pick_up"), ""),
            Key("↑ ↓", message("keys.move"), ""),
            Key("enter", message("keys.check"), "screen.check_box"),
        )


class LineBox(AnswerBox):
    """A number or an expression, typed."""

    DEFAULT_CSS = """
    LineBox { height: auto; layout: vertical; }
    LineBox Vertical { height: auto; }
    LineBox Input { width: 1fr; max-width: 76; }
    """

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Phrase(classes="muted")
            yield Line()

    def on_mount(self) -> None:
        if hasattr(self, "hand"):
            self._show()

    def deal(self, hand: Hand) -> None:
        super().deal(hand)
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        names, line = self.query_one(Phrase), self.query_one(Input)
        names.display = isinstance(self.hand.drill, FormulaDrill)
        names.say(self._names if names.display else None)
        line.disabled = False
        line.value = ""
        self.relabel()

    def relabel(self) -> None:
        if hasattr(self, "hand"):
            is_formula = isinstance(self.hand.drill, FormulaDrill)
            hint = message("drill.formula_here") if is_formula else message("drill.number_here")
            self.query_one(Input).placeholder = hint.of(self.lang)

    def _names(self, language: Language) -> Content:
        drill = self.hand.drill
        assert isinstance(drill, FormulaDrill)
        names = "   ".join(f"{name} {_shape(shape)}" for name, shape in drill.variables.items())
        functions = " ".join(name for name in FUNCTIONS if name not in drill.without)
        available = message("drill.available", functions=functions).of(language)
        return Content.assemble((names, "$text-accent"), f"\n{available}\n")

    def take_focus(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def keep_in_view(self, event: Input.Changed) -> None:
        """What is typed is seen, where a long question has pushed the line out of a small window."""
        event.stop()
        if event.value:
            event.input.scroll_visible(animate=False)

    @on(Input.Submitted)
    def give(self, event: Input.Submitted) -> None:
        """Enter in the line."""
        event.stop()
        self.submit()

    def submit(self) -> None:
        if self.checked is None:
            self.post_message(self.Given(self.query_one(Input).value))

    def show_solution(self, checked: Checked) -> None:
        super().show_solution(checked)
        self.query_one(Input).disabled = True

    def keys(self) -> tuple[Key, ...]:
        return (Key("enter", message("keys.check"), "screen.check_box"),)


def _shape(shape: tuple[object, ...]) -> str:
    parts = [f"{d[0]}{d[1]}" if isinstance(d, tuple) else str(d) for d in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})" if parts else "()"
