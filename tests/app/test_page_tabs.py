"""The titles of pages, and the picture below them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text as RichText
from support.piloting import words_on
from textual.content import Content

from quiz.app.reading import TITLES
from quiz.app.screens.question import QuestionScreen
from quiz.app.widgets.page_tabs import PageTabs
from quiz.app.widgets.picture import painted
from quiz.session import Card


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 80])
async def test_the_open_page_is_seen_and_underlined_however_narrow(make_app, language, width):
    app = make_app(language)
    async with app.run_test(size=(width, 24)) as pilot:
        app.open_card(Card("recall", "lstm-flow"))
        await pilot.pause()
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        tabs = app.screen.query_one(PageTabs)
        for page in (*TITLES, next(iter(TITLES))):
            assert tabs.active == page
            titles, under = tabs.render().split("\n")
            at = Content(titles.plain[: titles.plain.index(TITLES[page].of(language))]).cell_length
            size = Content(TITLES[page].of(language)).cell_length
            assert under.plain[at : at + size] == "━" * size
            assert under.plain.count("━") == size + 2
            await pilot.press("right")
            await pilot.pause()


async def test_a_click_on_a_title_opens_its_page(make_app):
    app = make_app("en")
    async with app.run_test(size=(100, 30)) as pilot:
        app.open_card(Card("recall", "lstm-flow"))
        await pilot.pause()
        await pilot.press("ctrl+r")
        await pilot.pause()
        tabs = app.screen.query_one(PageTabs)
        await pilot.click(PageTabs, offset=(tabs.render().split("\n")[0].plain.index("Whiteboard") + 2, 0))
        await pilot.pause()
        assert tabs.active == "whiteboard"
        assert app.screen.query_one("#page").text == app.screen.pages["whiteboard"]
        assert "Whiteboard" in words_on(app.screen)


PIECES = st.lists(
    st.tuples(st.sampled_from(["", "31", "36", "1", "38;5;12"]), st.text("ab ●\n", max_size=4)), max_size=12
)


@settings(max_examples=100)
@given(PIECES)
def test_a_picture_in_few_pieces_shows_what_it_shows_in_many(pieces):
    drawn = "".join(f"\x1b[{code}m{text}\x1b[0m" if code else text for code, text in pieces)
    many, few = Content.from_rich_text(RichText.from_ansi(drawn)), painted(drawn)
    assert few.plain.rstrip("\n") == many.plain.rstrip("\n")
    assert looks(few) == looks(many)
    assert len(few.spans) <= len(pieces)


def looks(content):
    """The style of each character that is seen."""
    styles = {k: span.style for span in content.spans for k in range(span.start, span.end)}
    return [(k, str(styles.get(k, ""))) for k, character in enumerate(content.plain) if not character.isspace()]
