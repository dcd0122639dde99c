"""Search, by keyboard: everything there is, in both languages."""

import time

import pytest
from app.test_journeys import until, words_on
from textual.widgets import Input

from quiz.app.screens.code import CodeScreen
from quiz.app.screens.drill import DrillScreen
from quiz.app.screens.evidence import EvidenceScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.screens.search import Results, SearchScreen
from quiz.app.screens.settings import SettingsScreen
from quiz.app.screens.statistics import StatisticsScreen
from quiz.schedule import Grade


async def search(pilot, query):
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen) and not pilot.app.screen.reading)
    pilot.app.screen.query_one(Input).value = query
    await pilot.pause()
    return pilot.app.screen.query_one(Results)


async def go(pilot, query, kind):
    results = await search(pilot, query)
    while results.found[results.cursor].entry.kind != kind:
        before = results.cursor
        await pilot.press("down")
        assert results.cursor > before, [f.entry for f in results.found]
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, SearchScreen))
    await pilot.pause()
    return pilot.app.screen


@pytest.mark.parametrize(
    ("language", "query", "kind", "screen"),
    [
        ("zh", "梯度消失", "question", QuestionScreen),
        ("en", "clipping", "drill", DrillScreen),
        ("zh", "lstm-step", "task", CodeScreen),
        ("en", "You swap i and f", "misconception", CodeScreen),
        ("zh", "参数共享", "point", QuestionScreen),
        ("en", "GRU", "evidence", EvidenceScreen),
        ("zh", "编辑器", "setting", SettingsScreen),
        ("en", "统计", "command", StatisticsScreen),
    ],
)
async def test_every_kind_is_found_and_gone_to(make_app, language, query, kind, screen):
    app = make_app(language)
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(await go(pilot, query, kind), screen)


async def test_the_slash_opens_it_and_escape_closes_it(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash")
        assert isinstance(app.screen, SearchScreen)
        await pilot.press("x", "ctrl+p")
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("slash", "escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_setting_opens_with_the_cursor_on_it(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await go(pilot, "memory limit", "setting")
        assert screen.query_one("#list").current.name == "memory_limit"


async def test_a_command_is_done_and_the_language_is_that_of_the_app(make_app, store):
    store.add_review("recall:why-rnn", Grade.GOOD)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "undo", "command")
        assert store.reviews() == []
        await go(pilot, "switch the language", "command")
        assert app.language == "zh"
        await search(pilot, "")
        assert "开始今天的练习" in words_on(app.screen)
        await pilot.press("f2")
        await pilot.pause()
        assert "Practise today's cards" in words_on(app.screen)


async def test_what_is_not_there_is_said(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await search(pilot, "zzzzqqq")
        assert "没有找到" in words_on(app.screen)
        await pilot.press("enter")
        assert isinstance(app.screen, SearchScreen)


async def test_a_long_list_is_walked_to_its_end(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        results = await search(pilot, "lstm")
        await pilot.press(*["pagedown"] * 8)
        assert results.cursor == len(results.found) - 1
        assert "▸" in words_on(app.screen)
        assert results.found[-1].entry.title.en[:12] in words_on(app.screen).replace("\n", " ")


async def test_a_key_is_answered_well_within_the_eye_blink(make_app):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = (await search(pilot, "g")).screen
        taken = []
        for query in ("ga", "gat", "gate", "门", "门控", "no such thing at all"):
            start = time.perf_counter()
            screen.index.find(query, "en", 50)
            taken.append(time.perf_counter() - start)
        assert sorted(taken)[3] < 0.05
