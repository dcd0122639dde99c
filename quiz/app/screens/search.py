"""Search over everything, over the screen below: type, choose, go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, cast

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from answers.model import Language
from quiz import search
from quiz.app import search as reach
from quiz.app import search_words as words
from quiz.app.base import Bilingual, PaintedOnce, Phrase
from quiz.app.widgets.keys_in_order import Line
from quiz.app.widgets.prose import inline
from quiz.catalogue import message
from quiz.search import Entry, Found, Index

LIMIT = 50


class DeckRead(Message):
    """Everything on the shelf was read."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index


class Results(Bilingual, Widget):
    """What was found, a line each; as many as there is room for, around the chosen one."""

    DEFAULT_CSS = "Results { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self) -> None:
        super().__init__(id="results")
        self.found: list[Found] = []
        self.cursor = 0
        self._top = 0

    def show(self, found: list[Found]) -> None:
        """Show these; the first is chosen."""
        self.found, self.cursor, self._top = found, 0, 0
        self.refresh(layout=True)

    def move(self, by: int) -> None:
        """Choose another one."""
        self.cursor = min(max(self.cursor + by, 0), max(len(self.found) - 1, 0))
        room = max(self.size.height, 1)
        self._top = min(max(self._top, self.cursor - room + 1), self.cursor)
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(len(self.found), 1)

    def render(self) -> Content:
        if not self.found:
            return Content.styled(f"  {message('search.nothing').of(self.lang)}", "$text-muted")
        last = self._top + max(self.size.height, 1)
        return Content("\n").join(self._line(k) for k in range(self._top, min(last, len(self.found))))

    def _line(self, place: int) -> Content:
        hit, width, here = self.found[place], self.content_size.width, place == self.cursor
        kind = words.KINDS[hit.entry.kind].of(self.lang)
        room = max(cell_len(k.of(self.lang)) for k in words.KINDS.values()) + 2
        head = Content.assemble("▸ " if here else "  ", (kind + " " * (room - cell_len(kind)), "$text-muted"))
        line = (head + _said(hit, self.lang)).truncate(width, ellipsis=True)
        if here:
            line = line.pad_right(max(width - line.cell_length, 0)).stylize(self.chosen_style)
        return line

    def on_click(self, event: events.Click) -> None:
        if self._top + event.y < len(self.found):
            self.cursor = self._top + event.y
            cast(SearchScreen, self.screen).action_go()


def _said(hit: Found, language: Language) -> Content:
    """The title on one line, and what the query met where it is not in the title."""
    title = hit.entry.title.of(language).replace("\n", " ")
    said = _marked(inline(title, code=""), hit.words)
    if hit.words and not any(word in search.normalised(title) for word in hit.words):
        met = _met(hit.entry, hit.words, language)
        if met:
            said += Content.styled("  ", "") + _marked(Content.styled(met, "$text-muted"), hit.words)
    return said


def _marked(content: Content, found: Iterable[str]) -> Content:
    low = content.plain.casefold()
    if len(low) == len(content.plain):
        for word in found:
            at = low.find(word)
            while at >= 0:
                content = content.stylize("underline", at, at + len(word))
                at = low.find(word, at + len(word))
    return content


def _met(entry: Entry, found: tuple[str, ...], language: Language) -> str:
    """The line of the body in which a word stands, from a little before it."""
    other: Language = "en" if language == "zh" else "zh"
    for own in (language, other):
        text = f"{entry.body.of(own)}\n{entry.title.of(own)}"
        for line in text.splitlines():
            low = line.casefold()
            for word in found:
                if (at := low.find(word)) >= 0:
                    start = max(at - 12, 0)
                    return ("…" if start else "") + line[start : at + 60].replace("`", "").strip()
    return ""


class SearchScreen(PaintedOnce[None], ModalScreen[None]):
    """The keys go to the line; arrows choose among what was found."""

    CSS_PATH = "../styles/search.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
    ]

    _deck: Index | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="search"):
            yield Line(id="query")
            yield Results()
            yield Phrase(self._foot, id="foot", classes="muted")

    def on_mount(self) -> None:
        from quiz.app.app import QuizApp

        assert isinstance(self.app, QuizApp)
        self.quiz = self.app
        self.commands = list(reach.commands(self.quiz))
        self.index = Index(reach.own_entries(self.commands))
        self.reading = True
        self.query_one(Input).focus()
        self.relabel()
        self._read_deck()

    def begin(self) -> None:
        """Said before the screen is shown; one that was built ahead looks whether another deck was opened since."""
        if self.is_mounted:
            self._is_spare = True
            self._read_deck()

    def _read_deck(self) -> None:
        def read() -> None:
            self.post_message(DeckRead(search.deck_index(search.deck_entries())))

        self.run_worker(read, thread=True)

    @on(DeckRead)
    def search_all(self, message: DeckRead) -> None:
        """From now on what is on the shelf is found too."""
        if message.index is not self._deck and self.query(Input):  # not if it was closed meanwhile
            self._deck = message.index
            self.index = Index(reach.own_entries(self.commands), message.index)
            self.reading = False
            self._search()

    def relabel(self) -> None:
        """Say it in the language that was chosen."""
        self.query_one("#search").border_title = message("search.title").of(self.quiz.language)
        self.query_one(Input).placeholder = message("search.here").of(self.quiz.language)
        self._search()

    @on(Input.Changed)
    def _search(self) -> None:
        query = self.query_one(Input).value
        self.query_one(Results).show(self.index.find(query, self.quiz.language, LIMIT))
        self.query_one("#foot", Phrase).relabel()

    def _foot(self, language: Language) -> Content:
        found = message("search.loading") if self.reading else words.count(len(self.query_one(Results).found), LIMIT)
        return Content(f"{found.of(language)}   {message('search.keys').of(language)}")

    def action_move(self, by: int) -> None:
        self.query_one(Results).move(by)

    @on(Input.Submitted)
    def action_go(self) -> None:
        """Go to what is chosen."""
        results = self.query_one(Results)
        if results.found:
            hit = results.found[results.cursor]
            self.dismiss()
            self.quiz.call_later(reach.go, self.quiz, self.commands, hit)
