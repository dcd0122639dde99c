"""The first minute: a real question, by keyboard, skippable at any moment and never shown again."""

import pytest
from app.test_journeys import until, words_on
from textual.widgets import Input

from quiz import tour
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.drill import DrillScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.tour import CoachLine
from quiz.app.widgets.editor import CodeArea
from quiz.schedule import Grade


@pytest.fixture
def fresh(store):
    """As it is before the first start."""
    store._connection.execute("DELETE FROM settings")
    return store


def coached(app):
    """What the coach says, as a step's number."""
    lines = list(app.screen.query(CoachLine))
    return int(lines[0].step) if lines else None


@pytest.mark.parametrize(("language", "size", "ahead"), [("en", (80, 24), True), ("zh", (160, 45), False)])
async def test_the_whole_of_it(make_app, fresh, language, size, ahead):
    app = make_app(language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        while ahead and await app.spares.work():  # its screens are those that were built in spare time
            await pilot.pause()
        assert coached(app) == 1
        assert "1/8" in words_on(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert app.screen.question.id == tour.QUESTION
        assert coached(app) == 2
        await pilot.press(*"forget", "ctrl+r")
        await pilot.pause()
        assert coached(app) == 3
        await pilot.press("down", "space")
        await pilot.pause()
        assert coached(app) == 4
        await pilot.press("3")
        await pilot.pause()
        assert isinstance(app.screen, DrillScreen)
        assert coached(app) == 5
        app.screen.query_one(Input).value = "f * c + i * g"
        await pilot.press("enter")
        await pilot.pause()
        assert coached(app) == 6
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CodeScreen)
        assert coached(app) == 7
        area = app.screen.query_one(CodeArea)
        area.insert("return c", area.document.end)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert coached(app) == 7
        assert {"en": "Not yet", "zh": "还没通过"}[language] in words_on(app.screen)
        first = app.screen.report
        area.text = area.text.replace("return c", "return f * c + i * g")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report not in (None, first))
        assert app.screen.report.passed
        assert coached(app) == 8
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert coached(app) is None
        assert {"en": "That was the tour", "zh": "导览完了"}[language] in words_on(app.screen)
    assert {review.card: review.grade for review in fresh.reviews()} == {
        "recall:lstm-flow": Grade.GOOD,
        "drill:lstm-flow/flow-cell-state": Grade.GOOD,
        "code:lstm-cell-state": Grade.GOOD,  # passed after one failure
    }


async def test_escape_at_once_and_it_never_comes_again(make_app, fresh):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert coached(app) is None
        assert "The tour is over" in words_on(app.screen)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert coached(app) is None


@pytest.mark.parametrize(
    "keys", [["enter"], ["enter", "ctrl+r"], ["enter", "ctrl+r", "3"], ["enter", "ctrl+r", "3", "x", "enter", "enter"]]
)
async def test_escape_on_any_screen_of_it_leads_home(make_app, fresh, keys):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        assert coached(app) is not None
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert coached(app) is None
        assert not app.touring


async def test_help_and_language_do_not_end_it(make_app, fresh):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "f1")
        await pilot.pause()
        await pilot.press("escape", "f2")
        await pilot.pause()
        assert coached(app) == 2
        assert "先凭记忆说" in words_on(app.screen)


async def test_going_elsewhere_ends_it(make_app, fresh):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("home", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert coached(app) is None


async def test_who_has_practised_before_is_not_bothered(make_app, fresh):
    fresh.add_review("recall:why-rnn", Grade.GOOD)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert coached(app) is None


async def test_it_starts_again_from_the_help_of_any_screen(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("f1", "t")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert coached(app) == 1
        assert app.screen._current_id() == tour.QUESTION
