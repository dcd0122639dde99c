"""The coach: follows the learner from screen to screen and says what comes next, in a line below the top one."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content
from textual.screen import Screen

from quiz import tour
from quiz.app import tour_words as words
from quiz.app.base import Bilingual, Page
from quiz.app.lined import Lined
from quiz.app.widgets.prose import inline
from quiz.app.wrapping import wrap
from quiz.catalogue import message
from quiz.tour import Place, Step


class CoachLine(Bilingual, Lined):
    """What to do now."""

    DEFAULT_CSS = """
    CoachLine { dock: top; height: auto; margin: 1 0 0 0; padding: 0 2; background: $panel;
                border-left: outer $accent; text-wrap: nowrap; }
    """

    def __init__(self, step: Step, place: Place) -> None:
        super().__init__()
        self.step = step
        self.place = place

    def show(self, step: Step, place: Place) -> None:
        """Say what comes next."""
        if (step, place) != (self.step, self.place):
            self.step, self.place = step, place
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        failed = self.step is Step.CODE and self.place.answered
        said = (message("tour.retry") if failed else words.LINES[self.step]).of(self.lang)
        count = Content.styled(f"{int(self.step)}/{len(Step)}  ", "bold $text-accent")
        text = count + inline(said, code="bold $text-accent")
        if self.step is not Step.FINISH:
            text += Content.styled(f"  {message('tour.skip').of(self.lang)}", "$text-muted")
        return wrap(text, max(width, 8), count.cell_length)


class Coach:
    """Follows one tour from its start to its end."""

    def __init__(self) -> None:
        self.begun = False
        self.last: Step | None = None
        self._ticked = False

    def tick(self) -> None:
        """A key point was ticked."""
        self._ticked = True

    def follow(self, page: Page) -> bool:
        """Say what comes next on `page`; False where the tour is over."""
        place = page.place()
        if place is None:
            return True  # help, settings and the like: the tour waits
        place = replace(place, ticked=self._ticked)
        step = tour.step(place, self.begun)
        if step is None:
            return False
        self.begun = self.begun or place.card is not None
        self.last = step
        lines = page.query(CoachLine)
        if lines:
            lines.first().show(step, place)
        else:
            page.mount(CoachLine(step, place), before=0)
        return True

    @staticmethod
    def leave(screen: Screen[object]) -> None:
        """Take the line away."""
        for line in screen.query(CoachLine):
            line.remove()
