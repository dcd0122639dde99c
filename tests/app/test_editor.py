import pytest

from quiz.app.screens.code import CodeScreen
from quiz.app.widgets.editor import SAVE_AFTER, CodeArea
from quiz.session import Card


@pytest.fixture
def code(make_app):
    app = make_app()
    app.card = Card("code", "lstm-flow", "lstm-step")
    return app


async def typed(app, pilot, *keys, start=""):
    app.open_card(app.card)
    await pilot.pause()
    assert isinstance(app.screen, CodeScreen)
    area = app.screen.query_one(CodeArea)
    area.load_text(start)
    area.move_cursor(area.document.end)
    await pilot.press(*keys)
    return area.text


async def test_brackets_come_in_pairs_and_are_stepped_over(code):
    async with code.run_test() as pilot:
        assert await typed(code, pilot, *"np.tanh(a[i])") == "np.tanh(a[i])"


async def test_quotes_inside_a_word_stay_single(code):
    async with code.run_test() as pilot:
        assert await typed(code, pilot, *"don't") == "don't"


async def test_an_empty_pair_is_deleted_at_once(code):
    async with code.run_test() as pilot:
        assert await typed(code, pilot, "(", "backspace") == ""


async def test_return_after_a_colon_indents_and_backspace_takes_a_level_back(code):
    async with code.run_test() as pilot:
        text = await typed(code, pilot, *"def f():", "enter", *"if x:", "enter", "y", "enter", "backspace", "z")
        assert text == "def f():\n    if x:\n        y\n    z"


async def test_undo_brings_back_what_was_there(code):
    async with code.run_test() as pilot:
        text = await typed(code, pilot, "(", "ctrl+z", start="x")
        assert text == "x"


async def test_what_is_typed_is_on_disk_a_moment_later_and_at_once_when_the_screen_is_left(code, store):
    async with code.run_test() as pilot:
        await typed(code, pilot, *"abc")
        await pilot.pause(SAVE_AFTER + 0.2)
        assert store.draft("code:lstm-step") == "abc"
        await pilot.press("d", "escape")
        await pilot.pause()
        assert store.draft("code:lstm-step") == "abcd"


async def test_an_editor_outside_takes_the_code_and_gives_it_back(code, store, tmp_path, monkeypatch):
    from contextlib import nullcontext

    script = tmp_path / "edit.sh"
    script.write_text('#!/bin/sh\nprintf "x = 2\\n" > "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    monkeypatch.setattr(type(code), "suspend", lambda self: nullcontext())
    async with code.run_test() as pilot:
        await typed(code, pilot, start="x = 1\n")
        await pilot.press("f4")
        area = code.screen.query_one(CodeArea)
        assert area.text == "x = 2\n"
        assert store.draft("code:lstm-step") == "x = 2\n"
        await pilot.press("ctrl+z")
        assert area.text == "x = 1\n"


async def test_undo_back_to_where_the_text_fits_without_a_scroll_bar(code):
    lines = "\n".join(f"x{k} = {k}" for k in range(9))
    async with code.run_test(size=(80, 24)) as pilot:
        await typed(code, pilot, *["enter"] * 12, start=lines)
        area = code.screen.query_one(CodeArea)
        for _ in range(12):
            await pilot.press("ctrl+z")
        assert area.text == lines
        assert area.cursor_location == area.document.end
