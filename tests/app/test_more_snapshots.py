"""Pictures of the settings, search, calendar, tour and the question of trust, in both languages and two sizes."""

import time
from pathlib import Path

import pytest
from app.test_snapshots import LANGUAGES, SIZES

from quiz import search
from quiz.app.screens.search import SearchScreen
from quiz.app.screens.statistics import StatisticsScreen
from quiz.app.screens.trust import TrustScreen
from quiz.app.widgets.editor import DraftArea
from quiz.decks import Offer
from quiz.schedule import DAY, Grade


@pytest.fixture
def app(make_app, store, clock, monkeypatch, language):
    from quiz.app.screens.settings import SettingsScreen

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(SettingsScreen, "_editor", lambda _: "vim")
    noon = clock.now
    for back in (200, 130, 60, 44, 43, 42, 30, 16, 15, 9, 8, 3, 2, 1, 0):
        clock.now = noon - back * DAY
        for _ in range(1 + back * 7 % 5):
            store.add_review("recall:why-rnn", Grade.GOOD, seconds=40)
    store.folder = Path("/home/me/rnnquiz")
    yield make_app(language)
    monkeypatch.undo()
    time.tzset()


async def _settings(pilot):
    await pilot.pause()
    pilot.app.action_settings("retention")
    await pilot.pause()
    await pilot.press("enter")
    pilot.app.focused.cursor_blink = False
    pilot.app.focused.value = "99"
    await pilot.press("enter")
    await pilot.pause()


async def _search(pilot):
    search.deck_entries()
    await pilot.press("slash")
    while not isinstance(pilot.app.screen, SearchScreen) or pilot.app.screen.reading:
        await pilot.pause(0.05)
    pilot.app.focused.cursor_blink = False
    pilot.app.focused.value = "遗忘" if pilot.app.language == "zh" else "forget"
    await pilot.pause()
    await pilot.press("down")
    await pilot.pause()


async def _calendar(pilot):
    await pilot.press("t")
    while not isinstance(pilot.app.screen, StatisticsScreen) or pilot.app.screen.found is None:
        await pilot.pause(0.05)
    await pilot.press("right")
    await pilot.pause(0.6)


async def _tour(pilot):
    await pilot.pause()
    pilot.app.start_tour()
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()
    area = pilot.app.screen.query_one(DraftArea)
    area.cursor_blink = False
    area.load_text("先遗忘，再相加")
    await pilot.press("ctrl+r")
    await pilot.pause(0.6)


async def _trust(pilot):
    pilot.app.push_screen(TrustScreen(Offer("attention", Path("/home/me/decks/attention"), "folder")))
    await pilot.pause(0.6)


@LANGUAGES
@SIZES
@pytest.mark.parametrize("go", [_settings, _search, _calendar, _tour, _trust], ids=lambda go: go.__name__.strip("_"))
def test_screen(app, go, size, snap_compare):
    assert snap_compare(app, run_before=go, terminal_size=size)
