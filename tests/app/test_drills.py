"""Drills by keyboard, where keys come fast or make no sense."""

import pytest
from support.piloting import words_on
from textual.widgets import Input

from answers import deck
from answers.model import ChoiceDrill, FormulaDrill, NumberDrill, OrderDrill, TrueFalseDrill
from quiz.app.screens.drill import DrillScreen
from quiz.app.widgets.answers import AnswerBox
from quiz.catalogue import message
from quiz.session import Card

FLOW = "lstm-flow"
KINDS = (ChoiceDrill, TrueFalseDrill, OrderDrill, NumberDrill, FormulaDrill)


def first(kind):
    return next(drill.id for drill in deck.load_question(FLOW).drills if type(drill) is kind)


async def opened(app, pilot, kind):
    app.open_card(Card("drill", FLOW, first(kind)))
    await pilot.pause()
    assert isinstance(app.screen, DrillScreen)


async def test_an_answer_that_is_given_twice_counts_once(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot, OrderDrill)
        box = app.screen.box
        box.action_give()
        box.action_give()
        await pilot.pause()
        assert len(store.reviews()) == 1
        assert app.screen.done == 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_keys_that_mean_nothing_here_answer_nothing(make_app, store, kind, language):
    app = make_app(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, kind)
        await pilot.press("tab", "shift+tab", "9", "z", "ctrl+k", "f7", "pageup", "home", "#")
        await pilot.pause()
        assert isinstance(app.screen, DrillScreen)
        assert app.screen.checked is None
        assert store.reviews() == []
        if kind in (NumberDrill, FormulaDrill):
            assert isinstance(app.focused, Input)
            await pilot.press("enter")  # nothing that can be read
            await pilot.pause()
            assert app.screen.checked is None
            assert store.reviews() == []
        else:
            assert isinstance(app.focused, AnswerBox)
        assert {"en": "enter check", "zh": "enter 提交"}[language] in words_on(app.screen)
        # Who presses Enter after a letter would be past the explanation.
        at_once = {"en": "answer at once", "zh": "直接作答"}[language]
        assert (at_once in words_on(app.screen)) == (kind in (ChoiceDrill, TrueFalseDrill))
        by_matrix = {"en": "@ (matrix product)", "zh": "@（矩阵乘）"}[language]
        assert (by_matrix in words_on(app.screen)) == (kind is FormulaDrill)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, DrillScreen)


def test_the_hint_of_a_formula_gives_no_answer_away():

    answers = [
        drill.answer
        for question in map(deck.load_question, deck.question_ids())
        for drill in question.drills
        if isinstance(drill, FormulaDrill)
    ]
    assert answers
    for answer in answers:
        assert answer not in message("drill.formula_here").en
        assert answer not in message("drill.formula_here").zh


async def test_on_a_narrow_screen_the_score_is_there_though_the_title_is_long(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, OrderDrill)
        assert "1 to go" in words_on(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert "/1 right · 0 to go" in words_on(app.screen)


async def test_the_score_is_said_once_there_is_one(make_app):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot, TrueFalseDrill)
        first_line = words_on(app.screen).splitlines()[0]
        assert "1 to go" in first_line
        assert "right" not in first_line
        await pilot.press("t")
        await pilot.pause()
        assert "/1 right" in words_on(app.screen).splitlines()[0]


async def test_what_is_typed_is_seen_in_a_window_that_became_small(make_app):
    app = make_app()
    async with app.run_test(size=(60, 24)) as pilot:
        await opened(app, pilot, FormulaDrill)
        await pilot.resize_terminal(60, 11)
        await pilot.pause()
        assert "c (N, H)" in words_on(app.screen)  # what is asked stays in view until there is something typed
        await pilot.press("q", "7", "q")
        await pilot.pause()
        assert app.focused.value == "q7q"
        assert "q7q" in words_on(app.screen)
