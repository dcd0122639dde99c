"""An input method opens its window where the terminal's cursor is: right behind what was typed, in every field."""

import pytest
from rich.cells import cell_len
from textual.widgets import Input, TextArea

from quiz.session import Card

TYPED = "门控gate"


async def answer(pilot):
    pilot.app.open_card(Card("recall", "lstm-flow"))


async def code(pilot):
    pilot.app.open_card(Card("code", "lstm-flow", "lstm-step"))


async def number(pilot):
    pilot.app.open_card(Card("drill", "lstm-flow", "flow-one-gate"))


async def formula(pilot):
    pilot.app.open_card(Card("drill", "lstm-flow", "flow-cell-state"))


async def search(pilot):
    await pilot.press("slash")


async def setting(pilot):
    pilot.app.action_settings("editor")
    await pilot.pause()
    await pilot.press("enter")


def drawn_behind(app, text):
    """The cell behind `text` on the screen."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        before, found, _ = strip.text.partition(text)
        if found:
            return cell_len(before + text), y
    raise AssertionError(f"{text} is not on the screen")


@pytest.mark.parametrize("field", [answer, code, number, formula, search, setting], ids=lambda field: field.__name__)
async def test_the_cursor_is_behind_what_was_typed(make_app, field):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await field(pilot)
        await pilot.pause()
        assert isinstance(app.focused, Input | TextArea)
        await pilot.press(*TYPED)
        await pilot.pause()
        assert tuple(app.cursor_position) == drawn_behind(app, TYPED)
        await pilot.press("left", "left")
        await pilot.pause()
        assert tuple(app.cursor_position) == drawn_behind(app, TYPED[:-2])


async def test_the_cursor_follows_a_field_that_is_moved(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await answer(pilot)
        await pilot.pause()
        await pilot.press(*TYPED)
        before = app.cursor_position
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert tuple(app.cursor_position) == drawn_behind(app, TYPED)
        assert app.cursor_position.y > before.y


async def test_the_cursor_of_a_line_that_is_longer_than_its_field(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await search(pilot)
        await pilot.pause()
        app.focused.value = "门" * 60
        await pilot.press(*"末尾")
        await pilot.pause()
        assert tuple(app.cursor_position) == drawn_behind(app, "末尾")
