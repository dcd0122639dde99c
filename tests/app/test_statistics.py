"""The statistics, by keyboard."""

from app.test_journeys import until, words_on

from quiz.app.screens.question import QuestionScreen
from quiz.app.screens.statistics import StatisticsScreen
from quiz.app.widgets.page_tabs import PageTabs
from quiz.schedule import DAY, Grade


async def test_from_the_contents_through_every_page(make_app, store, clock):
    for k in range(12):
        clock.now += 2 * DAY
        store.add_review("recall:why-rnn", Grade.AGAIN if k == 7 else Grade.GOOD, seconds=60)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        assert isinstance(app.screen, StatisticsScreen)
        await until(pilot, lambda: app.screen.found is not None)
        assert "Recalled, 30 days" in words_on(app.screen)
        for page in ("longest", "mean of 7 days", "Cards due in the next 30 days", "Time a day"):
            await pilot.press("right")
            await until(pilot, lambda page=page: page in words_on(app.screen))
        await pilot.press("right")
        await until(pilot, lambda: "forgot 1 of 12" in words_on(app.screen))
        assert app.screen.query_one(PageTabs).active == "weakest"
        await pilot.press("f2")
        await until(pilot, lambda: "忘 1/12 次" in words_on(app.screen))
        await pilot.press("enter")
        assert isinstance(app.screen, QuestionScreen)
        assert app.screen.question.id == "why-rnn"


async def test_an_empty_log_says_what_to_do(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: "还没有复习记录" in words_on(app.screen))
        await pilot.press("right", "right", "escape")
        assert not isinstance(app.screen, StatisticsScreen)


async def test_a_store_in_memory_is_counted_too(make_app, store):
    from quiz import database

    store.add_review("recall:why-rnn", Grade.GOOD)
    store._connection, store.path, _ = database.in_memory(store.path, store._connection, OSError("full"), store.notices)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: app.screen.found is not None)
        assert app.screen.found.reviews == 1
