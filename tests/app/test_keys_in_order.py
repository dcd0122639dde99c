"""Keys that arrive together, as over a slow link, take effect in the order they were pressed."""

import pytest
from app.test_interview import TALK, start
from support.terminal import Terminal
from textual.events import Key

from quiz.app.screens.home import HomeScreen
from quiz.app.widgets.editor import DraftArea
from quiz.schedule import Grade
from quiz.store import Store

CODE = "from quiz.app import run; raise SystemExit(run('en'))"


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ab\x7fc", "ac"),
        ("abc\x1b[Dx\x1b[Hy", "yabxc"),
        ("abc\x15d", "d"),
        ("a\rb\x7f\x7fc", "ac"),
    ],
)
def test_in_the_answer(tmp_path, keys, text):
    with Store(tmp_path) as opened:
        opened.set("toured", True)
    terminal = Terminal(CODE, {"RNNQUIZ_DATA": str(tmp_path)})
    terminal.wait_for("Contents")
    terminal.read(0.3)
    terminal.send("\r")
    terminal.wait_for("Your answer")
    terminal.read(0.5)
    terminal.send(keys)
    terminal.read(0.8)
    assert terminal.end(15) == 0
    with Store(tmp_path) as opened:
        assert opened.draft("answer:why-rnn") == text


def together(app, *keys):
    """Keys that arrive in one piece, as a driver hands them over."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


async def test_what_follows_a_key_that_opens_a_screen_goes_to_that_screen(make_app, store):
    """On the screen before, letters are commands: `q` ends the app."""
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        together(app, "enter", *"quite")
        await pilot.pause(0.3)
        assert app.screen.query_one(DraftArea).text == "quite"
        together(app, "ctrl+r", "right", "3")
        await pilot.pause(0.3)
        assert isinstance(app.screen, HomeScreen)
        assert [review.grade for review in store.reviews()] == [Grade.GOOD]
        together(app, "d", "f", "enter", "escape", "f1", "escape", "i", "escape", "t", "right", "escape", "s", "escape")
        await pilot.pause(0.5)
        assert isinstance(app.screen, HomeScreen)
        assert len(store.reviews()) == 2


async def test_an_answer_of_an_interview_is_whole_when_it_is_handed_in(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        going = start(app, TALK)
        await pilot.pause(0.3)
        together(app, *"additive_path", "ctrl+r", *"for_ever", "ctrl+r")
        await pilot.pause(0.5)
        (item,) = going.interview.items
        assert (item.answer, item.exchanges[0].reply) == ("additive_path", "for_ever")


async def test_keys_behind_the_one_that_ends_the_app_are_nobodys(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        together(app, "enter", *"abc", "escape", "q", *"abc", "enter", "ctrl+q")
        await pilot.pause(0.3)
    assert app.return_code == 0
