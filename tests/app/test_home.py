"""The first screen: what today holds, the days practised, and taking a grade back while practising."""

import re

import pytest
from app.test_journeys import until, words_on

from quiz.app.screens.code import CodeScreen
from quiz.app.screens.drill import DrillScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.widgets import heatmap
from quiz.app.widgets.heatmap import Calendar
from quiz.schedule import DAY, Grade, local_day
from quiz.session import Card

FLOW = "lstm-flow"


@pytest.fixture
def practised(store, clock):
    """Three days in a row up to yesterday, and a single one two weeks before."""
    noon = clock.now
    for back, reviews in ((14, 1), (3, 2), (2, 12), (1, 4)):
        clock.now = noon - back * DAY
        for k in range(reviews):
            store.add_review(f"recall:why-{('rnn', 'lstm', 'gru')[k % 3]}", Grade.GOOD)
    clock.now = noon
    return store


async def counted(pilot):
    await until(pilot, lambda: pilot.app.screen.days)
    return words_on(pilot.app.screen)


async def test_the_streak_and_the_last_weeks_in_a_small_terminal(make_app, practised):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await counted(pilot)
        assert "3-day streak, not yet today" in shown
        assert "·" * 13 + "░" + "·" * 10 + "░█▒· last 4 weeks" in shown
        assert not app.screen.query_one(Calendar).display
        assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_is_said_of_today_takes_two_lines(make_app, store, clock, language):
    noon, clock.now = clock.now, clock.now - 14 * DAY
    store.add_review("recall:why-rnn", Grade.EASY)
    clock.now = noon
    app = make_app(language)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await counted(pilot)
        assert {"zh": "近四周", "en": "last 4 weeks"}[language] in shown
        assert app.screen.query_one("#today").size.height == 2
        await pilot.resize_terminal(62, 24)
        await pilot.pause()
        assert app.screen.query_one("#today").size.height == 2
        assert {"zh": "开始连续记录", "en": "starts a streak"}[language] in words_on(app.screen)


@pytest.mark.parametrize(("size", "weeks"), [((80, 40), 23), ((120, 40), 19), ((200, 60), 53)])
async def test_the_calendar_takes_the_room_there_is(make_app, practised, size, weeks):
    app = make_app("zh")
    async with app.run_test(size=size) as pilot:
        shown = await counted(pilot)
        assert re.findall(r"近 (\d+) 周", shown) == [str(weeks)]
        assert "4 天练习，" in shown
        calendar = app.screen.query_one(Calendar)
        assert calendar.display
        assert heatmap.columns(calendar.content_size.width)[0] == weeks
        assert "6月" in shown
        assert calendar.region.bottom <= size[1] - 1


async def test_a_review_shows_in_the_calendar_on_coming_back(make_app, practised, clock):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        app.open_card(Card("recall", FLOW))
        await pilot.pause()
        await pilot.press("ctrl+r", "3")
        await until(pilot, lambda: app.screen.days.get(local_day(clock.now)) == 1)
        assert "4-day streak" in words_on(app.screen)
        assert "not yet today" not in words_on(app.screen)


async def test_a_log_in_memory_is_counted_too(make_app, practised):
    from quiz import database

    practised._connection, practised.path, _ = database.in_memory(
        practised.path, practised._connection, OSError("full"), practised.notices
    )
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "3-day streak" in await counted(pilot)


async def test_cards_come_due_and_days_end_while_it_stands(make_app, store, clock):
    store.add_review("recall:why-rnn", Grade.GOOD)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "0 due" in words_on(app.screen)
        clock.now += 30 * DAY
        app.screen._look_again()
        await pilot.pause()
        assert "1 due" in words_on(app.screen)


async def test_new_cards_taken_up_today_count_against_the_limit(make_app, store):
    store.set("new_per_day", 2)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "2 new" in words_on(app.screen)
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("ctrl+r", "4", "escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "1 new" in words_on(app.screen)


async def test_reviews_beyond_the_limit_are_put_off_and_said(make_app, store, clock):
    for name in ("rnn", "lstm", "gru"):
        store.add_review(f"recall:why-{name}", Grade.GOOD)
    clock.now += 30 * DAY
    store.set("new_per_day", 0)
    store.set("reviews_per_day", 1)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "1 due (2 put off)" in words_on(app.screen)
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("ctrl+r", "4")
        await pilot.pause()
        assert "Today's limit is reached; 2 more are due" in words_on(app.screen)


async def test_undo_while_practising_asks_the_last_card_again(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        first, second, third = Card("recall", "why-rnn"), Card("recall", FLOW), Card("code", FLOW, "lstm-step")
        app.open_card(first, (second, third))
        await pilot.pause()
        await pilot.press("ctrl+r", "1")
        await pilot.pause()
        assert app.screen.card == second
        await pilot.press("f9")
        await pilot.pause()
        assert app.screen.card == first
        assert app.screen.queue == (second, third)
        assert store.reviews() == []
        assert "Taken back: 1.2 What recurrence is for (Again)" in words_on(app.screen)
        await pilot.press("ctrl+r", "3")
        await pilot.pause()
        assert app.screen.card == second
        assert [(r.card, r.grade) for r in store.reviews()] == [(first.key, Grade.GOOD)]


async def test_undo_of_a_drill_deals_it_again(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("drill", "why-rnn"))
        await pilot.pause()
        assert isinstance(app.screen, DrillScreen)
        drill, waiting = app.screen.hand.drill, list(app.screen.waiting)
        await pilot.press("t")
        await until(pilot, lambda: app.screen.checked is not None)
        await pilot.press("f9")
        await until(pilot, lambda: app.screen.checked is None)
        assert (app.screen.hand.drill, app.screen.waiting, app.screen.done) == (drill, waiting, 0)
        assert store.reviews() == []
        await pilot.press("t")
        await until(pilot, lambda: app.screen.checked is not None)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.checked is None)
        following = app.screen.hand.drill
        await pilot.press("f9")  # the drill before this one
        await until(pilot, lambda: app.screen.hand.drill is drill)
        assert app.screen.waiting[0] is following
        assert store.reviews() == []


async def test_undo_of_code_lets_it_be_graded_anew(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("code", FLOW, "lstm-step"))
        await pilot.pause()
        assert isinstance(app.screen, CodeScreen)
        app.screen._add_review(passed=False)
        await pilot.press("f9")
        await pilot.pause()
        assert store.reviews() == []
        app.screen._add_review(passed=True)
        assert [r.grade for r in store.reviews()] == [Grade.EASY]


async def test_nothing_to_undo_is_said_on_any_screen(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("f9")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert "没有可以撤销的评分" in words_on(app.screen)


async def test_keys_that_do_not_fit_are_left_out_whole_and_the_way_out_stays(make_app):
    app = make_app()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        line = words_on(app.screen).splitlines()[-1]
        assert line.rstrip().endswith("q quit")
        assert "…" not in line
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert "s settings" in words_on(app.screen).splitlines()[-1]


async def test_standings_that_are_lost_while_the_app_is_open_are_made_again_in_a_thread(make_app, store, monkeypatch):
    """As after damage that was met in the middle: the cache is empty, the log is not."""
    import threading

    from quiz.store import Store

    store.add_review("recall:lstm-flow", Grade.GOOD)
    whole, threads, rebuild = store.standings(), [], Store.rebuild
    monkeypatch.setattr(Store, "rebuild", lambda self: (threads.append(threading.current_thread()), rebuild(self)))
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        store._connection.execute("DELETE FROM cards")
        app.screen.read_progress()
        assert app.screen.standings == {}
        await until(pilot, lambda: app.screen.standings == whole)
        assert "Working your progress out again" in words_on(app.screen)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_where_all_was_taken_back_nothing_is_made_again(make_app, store):
    store.add_review("recall:lstm-flow", Grade.GOOD)
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert "Taken back" in words_on(app.screen)
        assert "again from the log" not in words_on(app.screen)
        assert not store.lacks_standings()
        store.add_review("recall:why-gru", Grade.GOOD)
        assert not store.lacks_standings()
        assert list(store.standings()) == ["recall:why-gru"]
