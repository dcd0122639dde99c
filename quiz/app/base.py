"""What every screen and every widget with words share: the language, the top line, the line of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.events import ScreenResume
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from answers.model import Language, Text
from quiz.app.compositor import FrontFirst
from quiz.app.lined import Lined
from quiz.app.wrapping import wrap, wrap_lines
from quiz.catalogue import message

if TYPE_CHECKING:
    from quiz.app.app import QuizApp
    from quiz.session import Card
    from quiz.tour import Place

Result = TypeVar("Result")

Words = Text | Callable[[Language], Content]
"""Words of the interface: a text, or a function that builds them for a language."""


class Bilingual:
    """Mixed into a widget whose words follow the app's language."""

    @property
    def lang(self) -> Language:
        """The app's language at this moment."""
        return cast("QuizApp", cast(Widget, self).app).language

    @property
    def chosen_style(self) -> str:
        """The style of the line that is chosen, where the keys go to it."""
        colourless = cast("QuizApp", cast(Widget, self).app).colourless
        return "bold reverse" if colourless else "bold $choice-text on $choice"

    def relabel(self) -> None:
        """Called when the language has changed."""
        cast(Widget, self).refresh(layout=True)


class Phrase(Bilingual, Lined):
    """A few lines of the interface in the app's language, wrapped as that language is."""

    DEFAULT_CSS = "Phrase { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, words: Words | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._words = words
        self._content: tuple[Language, Content] | None = None
        self._wrapped: tuple[tuple[Language, int], list[Content]] | None = None

    def say(self, words: Words | None) -> None:
        """Say something else."""
        self._words = words
        self.relabel()

    def relabel(self) -> None:
        before, self._content = self._content, (self.lang, self._said())
        if before is None or not self._content[1].is_same(before[1]):
            self._wrapped = None
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if self._wrapped is None or self._wrapped[0] != (self.lang, width):
            if self._content is None or self._content[0] != self.lang:
                self._content = (self.lang, self._said())
            said = self._content[1]
            self._wrapped = ((self.lang, width), wrap_lines(said, max(width, 8)) if said.plain else [])
        return self._wrapped[1]

    def _said(self) -> Content:
        match self._words:
            case None:
                return Content("")
            case Text() as text:
                return Content(text.of(self.lang))
            case words:
                return words(self.lang)


class FittedPhrase(Phrase):
    """A phrase whose words are laid out for the width that they are shown in."""

    DEFAULT_CSS = "FittedPhrase { height: auto; width: 1fr; text-wrap: nowrap; }"

    NARROWEST = 24
    """Cells; where there are fewer the rest is cut off."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._build: Callable[[Language, int], Content] | None = None
        self._laid: tuple[Language, int, list[Content]] | None = None

    def fit(self, build: Callable[[Language, int], Content] | None) -> None:
        """Say what `build` gives for a language and a width."""
        self._build = build
        self.relabel()

    def relabel(self) -> None:
        self._laid = None
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if self._build is None:
            return []
        width = max(width, self.NARROWEST)
        if self._laid is None or self._laid[:2] != (self.lang, width):
            self._laid = self.lang, width, wrap_lines(self._build(self.lang, width), width)
        return self._laid[2]


@dataclass(frozen=True, slots=True)
class Key:
    """A key worth a place in the bottom line: what it is called there, what it does, the screen's action behind it."""

    key: str
    does: Text
    action: str


class KeyLine(Bilingual, Widget):
    """The bottom line: the keys that matter now. Each can be clicked."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; padding: 0 1; background: $panel; color: $text-muted; text-wrap: nowrap;
              text-overflow: ellipsis; }
    """

    def render(self) -> Content:
        keys = cast(Page, self.screen).keys()
        shown = [clickable(key.key, key.does.of(self.lang), key.action) for key in keys]
        # Keys that do not fit are left out whole; the first ones matter most, and the last is the way out.
        while len(shown) > 2 and sum(key.cell_length + 2 for key in shown) - 2 > self.content_size.width:
            del shown[-2]
        return Content("  ").join(shown)

    def relabel(self) -> None:
        self.refresh()


def clickable(key: str, does: str, action: str) -> Content:
    """A key and what it does, as a link to its action where there is one."""
    text = Content.assemble((key, "bold $text-accent"), f" {does}")
    return text.stylize(Style.from_meta({"@click": action})) if action else text


def _everywhere(language: Language) -> Content:
    """The two keys that work on every screen."""
    keys = (
        ("F1", message("keys.help").of(language), "app.help"),
        ("F2", message("keys.language").of(language), "app.switch_language"),
    )
    return Content("").join(Content("  ") + clickable(*key) for key in keys)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said in passing. `until`: by `time.monotonic`."""

    text: Text
    warning: bool
    until: float


class NoticeLines(Bilingual, Lined):
    """Notices above the line of keys. Textual's toasts lie over other widgets and lose half of a wide character there."""

    DEFAULT_CSS = """
    NoticeLines { dock: bottom; height: auto; max-height: 6; margin: 0 0 1 0; padding: 0 2; background: $surface;
                  text-wrap: nowrap; }
    """

    def _lines(self, width: int) -> list[Content]:
        now, lines = monotonic(), list[Content]()
        for notice in cast("QuizApp", self.app).notices:
            if notice.until > now:
                look = "$text-warning" if notice.warning else "$text-success"
                text = Content.assemble(("! " if notice.warning else "· ", f"bold {look}"), notice.text.of(self.lang))
                lines += wrap(text, max(width, 8), 2)
        return lines


class TopLine(Bilingual, Widget):
    """The top line: where we are on the left, how things stand on the right."""

    DEFAULT_CSS = "TopLine { dock: top; height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }"

    def relabel(self) -> None:
        self.refresh()

    def render(self) -> Content:
        page = cast(Page, self.screen)
        left = Content.assemble((" rnnquiz ", "bold $text-accent"), ("› ", "dim"), page.title_words(self.lang))
        status, everywhere = page.status_words(self.lang), _everywhere(self.lang)
        room = self.app.size.width - 2
        # On a narrow screen rather the score than the two keys, and rather those than nothing; the title is cut last.
        for right in (status + everywhere, status or everywhere, everywhere):
            gap = room - left.cell_length - right.cell_length
            if gap >= 2:
                return left + Content(" " * gap) + right
        left = left.truncate(max(room - everywhere.cell_length - 1, 0), ellipsis=True)
        return left + Content(" " * max(room - left.cell_length - everywhere.cell_length, 0)) + everywhere


class PaintedOnce(Screen[Result]):
    """A screen that is painted once when it comes up."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrontFirst()

    _is_spare = False
    """Whether it was built ahead and has not been shown yet."""

    def _on_timer_update(self) -> None:
        if self._layout_required and self._repaint_required:
            # One paint for both: Textual would lay out and paint, and then paint the whole screen again.
            self._repaint_required = False
            self._dirty_widgets.add(self)
        super()._on_timer_update()

    def _on_screen_resume(self, event: ScreenResume) -> None:
        if self._is_spare:
            event.refresh_styles = False  # its widgets were styled when they were built
            self._is_spare = False
        self.refresh(layout=True)  # laid out before its first paint, not after it


class Page(PaintedOnce[None]):
    """A screen with the top line, the bottom line, and words that follow the language.

    It never scrolls itself: in a tiny terminal its top line would go.
    """

    DEFAULT_CSS = "Page { overflow: hidden; }"
    HELP_TEXT: ClassVar[Text]
    """What can be done on this screen, for the help panel."""

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield from self.compose_page()
        notices = NoticeLines()
        notices.display = False
        yield notices
        yield KeyLine()

    def compose_page(self) -> ComposeResult:
        """What is between the two lines."""
        yield from ()

    def keys(self) -> tuple[Key, ...]:
        """The keys that matter now."""
        return ()

    def title_words(self, language: Language) -> Content:
        """Where we are."""
        return Content("")

    def status_words(self, language: Language) -> Content:
        """How things stand; right of the title."""
        return Content("")

    def place(self) -> Place | None:
        """The card on this screen and how far the learner is with it, for the tour; None where it has nothing to say."""
        return None

    queue: tuple[Card, ...] = ()
    """The cards that follow this one."""

    def ask_again(self, card: Card) -> bool:
        """The grade of `card` was taken back: ask it again here, if this screen can."""
        return False

    def show_undone(self) -> None:
        """A grade was taken back while this screen, which asks no card, was shown."""

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    @property
    def lang(self) -> Language:
        """The app's language."""
        return self.quiz.language

    begun = False
    """Whether it is known what the screen is about; one that was built ahead is blank until then."""

    def on_mount(self) -> None:
        self.refresh_keys()
        self.show_notices()
        if self.begun:
            self.fill()

    def now(self) -> None:
        """Said by a screen's `begin`, once it knows what it is about: fill the widgets in, as soon as they are there."""
        self.begun = True
        if self.is_mounted:
            self._is_spare = True
            self.fill()
            self.refresh_keys()

    def fill(self) -> None:
        """Fill the blank screen in. Called once, when the widgets are there and it is known what they are to show."""

    async def build_next(self) -> bool:
        """In spare time: build the screen that Enter, or the end of this one, leads to; whether there was something to build."""
        return False

    def show_notices(self) -> None:
        """Show what was said and is not yet over; look again when the first of it is."""
        now = monotonic()
        ends = [notice.until for notice in self.quiz.notices if notice.until > now]
        lines = self.query_one(NoticeLines)
        if ends or lines.display:
            lines.display = bool(ends)
            lines.refresh(layout=True)
        if ends:
            self.set_timer(min(ends) - now + 0.05, self.show_notices)

    @on(ScreenResume)
    def _follow_app(self) -> None:
        """What was said, and how far the tour is, by now; one that was built ahead was filled in before it came up."""
        if self.is_mounted:
            self.show_notices()
            self.quiz.coach(self)

    def refresh_keys(self) -> None:
        """Show the keys and the top line as they are now."""
        self.query_one(KeyLine).relabel()
        self.query_one(TopLine).relabel()
        self.quiz.coach(self)

    def relabel(self) -> None:
        """Say everything on this screen in the language that was chosen."""
        for widget in self._bilingual():
            widget.relabel()

    def _bilingual(self) -> Iterator[Bilingual]:
        for widget in self.walk_children():
            if isinstance(widget, Bilingual):
                yield widget
