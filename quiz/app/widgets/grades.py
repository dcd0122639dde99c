"""The four self-grades, each with the interval after which the card would come back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content

from answers.model import Language, Text
from quiz.app import words
from quiz.app.base import FittedPhrase
from quiz.app.messages import GradeChosen
from quiz.schedule import Grade


class GradeBar(Horizontal):
    """Keys 1 to 4, a click, or Enter on the one that is focused."""

    DEFAULT_CSS = """
    GradeBar { height: 1; padding: 0 1; }
    GradeBar GradeCell { width: 1fr; text-align: center; margin: 0 1 0 0; background: $panel; }
    GradeBar GradeCell:focus, GradeBar GradeCell:hover { background: $choice; color: $choice-text; text-style: bold; }
    GradeBar GradeCell.-suggested { background: $choice-blurred; text-style: bold; }
    """

    def compose(self) -> ComposeResult:
        for grade in Grade:
            yield GradeCell(grade)

    def show(self, intervals: dict[Grade, int], suggested: Grade) -> None:
        """Show these intervals and mark one grade as the one that fits."""
        for cell in self.query(GradeCell):
            cell.show(words.interval(intervals[cell.grade]), cell.grade is suggested)


class GradeCell(FittedPhrase, can_focus=True):
    """One grade."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    NARROWEST = 8

    def __init__(self, grade: Grade) -> None:
        super().__init__()
        self.grade = grade

    def show(self, interval: Text, suggested: bool) -> None:
        """Show when the card would come back; `suggested` is marked by a triangle as well as by colour."""

        def build(language: Language, width: int) -> Content:
            name = words.GRADES[self.grade - 1].of(language)
            mark = "▸" if suggested else " "
            said = Content.assemble(mark, (f"{int(self.grade)} ", "bold $text-accent"), name)
            after = interval.of(language)
            for more in (f" · {after}", f" {after}", f" {after.replace(' ', '')}"):
                if said.cell_length + Content(more).cell_length <= width:
                    return said + Content.styled(more, "dim")
            return said

        self.set_class(suggested, "-suggested")
        self.fit(build)

    def action_choose(self) -> None:
        self.post_message(GradeChosen(self.grade))

    def on_click(self) -> None:
        self.action_choose()
