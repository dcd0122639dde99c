"""The settings, by keyboard: in effect at once, kept, and what cannot be is said in one line."""

import pytest
from app.test_journeys import until, words_on
from textual.widgets import Input

from quiz import settings
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.settings import SettingsScreen
from quiz.app.widgets.editor import CodeArea
from quiz.session import Card


async def open_settings(pilot, name):
    pilot.app.action_settings(name)
    await pilot.pause()
    assert isinstance(pilot.app.screen, SettingsScreen)


async def test_from_the_contents_and_back(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("s")
        assert "Desired retention" in words_on(app.screen)
        assert str(store.folder)[:20] in words_on(app.screen)
        await pilot.press(*["down"] * 3, "right", "right", "left")
        assert store.get("new_per_day") == 9
        assert "9 cards" in words_on(app.screen)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)
        assert len(app.screen.plan.new) == 9


async def test_the_language_changes_under_the_learners_eyes(make_app, store):
    app = make_app("en")
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "language")
        await pilot.press("right")
        await pilot.pause()
        assert "希望记住的比例" in words_on(app.screen)
        assert "Desired retention" not in words_on(app.screen)
        assert store.get("language") == "zh"


async def test_every_theme_is_worn_at_once(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "theme")
        worn = []
        for _ in settings.THEME.options:
            await pilot.press("right")
            await pilot.pause()
            worn.append((store.get("theme"), app.theme))
        assert worn == [
            ("ink", "ink"),
            ("paper", "paper"),
            ("ansi-dark", "ansi-dark"),
            ("ansi-light", "ansi-light"),
            ("auto", "ink"),
        ]
        assert "Theme" in words_on(app.screen)


@pytest.mark.parametrize(
    ("colours", "environment", "theme"),
    [
        (1 << 24, {}, "ink"),
        (256, {"COLORFGBG": "0;15"}, "paper"),
        (16, {}, "ansi-dark"),
        (16, {"COLORFGBG": "0;default;15"}, "ansi-light"),
        (8, {"COLORFGBG": "nonsense"}, "ansi-dark"),
    ],
)
def test_the_theme_that_suits_a_terminal(colours, environment, theme):
    from quiz.app import themes

    assert themes.fitting(colours, environment) == theme


@pytest.mark.parametrize("kept", ["textual-dark", "nonsense", 3, None])
async def test_a_theme_or_language_that_is_none_is_no_harm(make_app, store, kept):
    store.set("theme", kept)
    store.set("language", kept)
    app = make_app(None)
    async with app.run_test(size=(80, 24)):
        assert app.theme == "ink"
        assert app.language == "en"


async def test_a_number_is_typed_and_a_wrong_one_is_said(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "retention")
        await pilot.press("enter")
        line = app.screen.query_one(Input)
        assert line.has_focus
        assert line.value == "90"
        await pilot.press("9", "9", "enter")  # what was there is selected, and typed over
        await pilot.pause()
        assert "from 70 to 97" in words_on(app.screen)
        assert store.get("retention") is None
        await pilot.press("backspace", "backspace", "9", "5", "enter")
        await pilot.pause()
        assert store.get("retention") == 0.95
        assert not line.display
        assert "95 %" in words_on(app.screen)
        await pilot.press("enter", "1", "escape")
        assert store.get("retention") == 0.95
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_retention_is_what_the_next_answer_is_scheduled_by(make_app, store):
    store.set("retention", 0.8)
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("recall", "why-rnn"))
        await pilot.pause()
        await pilot.press("ctrl+r", "3")
        assert [review.retention for review in store.reviews()] == [0.8]


async def test_a_faulty_retention_from_elsewhere_stops_nothing(make_app, store):
    store.set("retention", "a lot")
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("recall", "why-rnn"))
        await pilot.pause()
        await pilot.press("ctrl+r", "3")
        assert [review.retention for review in store.reviews()] == [0.9]


async def test_the_editor_is_the_one_that_is_set(make_app, store, tmp_path, monkeypatch):
    from contextlib import nullcontext

    script = tmp_path / "edit.sh"
    script.write_text('#!/bin/sh\nprintf "x = 3\\n" > "$2"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", "false")
    app = make_app()
    monkeypatch.setattr(type(app), "suspend", lambda self: nullcontext())
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "editor")
        assert "(environment: false)" in words_on(app.screen)
        await pilot.press("enter")
        app.screen.query_one(Input).value = "nosuchprogram"
        await pilot.press("enter")
        await pilot.pause()
        assert "There is no program nosuchprogram" in words_on(app.screen)
        app.screen.query_one(Input).value = f"{script} --wait"
        await pilot.press("enter", "escape")
        app.open_card(Card("code", "lstm-flow", "lstm-step"))
        await pilot.pause()
        await pilot.press("f4")
        assert app.screen.query_one(CodeArea).text == "x = 3\n"


async def test_the_graders_limits_hold_from_the_next_grading(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert (app.grading_limits().seconds, app.grading_limits().memory) == (10, 1 << 30)
        await open_settings(pilot, "time_limit")
        await pilot.press("enter", "1", "enter", "down", "left")
        assert (app.grading_limits().seconds, app.grading_limits().memory) == (1, 896 << 20)
        await pilot.press("escape")
        app.open_card(Card("code", "lstm-activations", "sigmoid"))
        await pilot.pause()
        assert isinstance(app.screen, CodeScreen)
        app.screen.query_one(CodeArea).text = "def sigmoid(x):\n    while True: pass\n"
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.verdict == "timeout"
        assert app.screen.report.seconds < 5


async def test_a_store_in_memory_is_said(make_app, store):
    store.path = None
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await open_settings(pilot, "")
        assert "kept in memory for now" in " ".join(
            words_on(app.screen).split()
        )  # a long path breaks the line anywhere


async def test_a_click_chooses(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "")
        await pilot.click("#list", offset=(5, 8))
        assert app.screen.query_one("#list").current is settings.RETENTION
