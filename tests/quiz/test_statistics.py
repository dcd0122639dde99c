"""The log, counted in SQL and made sense of; checked against a count by hand in Python."""

import random
import time
from datetime import date

import pytest

from quiz import schedule, statistics, tallies
from quiz.schedule import DAY, Grade
from quiz.store import Store
from quiz.tallies import CardTally, DayTally, Tallies

NOON = 1_750_000_000_000
CARDS = ("recall:why-rnn", "drill:lstm-flow/a", "code:lstm-step")


@pytest.fixture
def store(tmp_path):
    clock = [NOON]
    opened = Store(tmp_path, clock=lambda: clock[0])
    opened.at = lambda moment: clock.__setitem__(0, moment)
    yield opened
    opened.close()


def fill(store, days, seed=0):
    draw = random.Random(seed)
    for day in range(days):
        for card in draw.sample(CARDS, 2):
            store.at(NOON + day * DAY + draw.randrange(3_600_000))
            store.add_review(card, draw.choice(list(Grade)), seconds=draw.choice([None, 30.0, 90.0]))
            if draw.random() < 0.2:
                store.undo_last()


def by_hand(reviews):
    """The same counts, one review after another."""
    days, cards, before = {}, {}, {}
    for r in reviews:
        rest = r.at - before[r.card] if r.card in before else None
        state = "new" if rest is None else "learning" if rest < DAY else "young" if rest < 21 * DAY else "mature"
        before[r.card] = r.at
        key = (date.fromtimestamp(r.at / 1000).isoformat(), state, r.card.partition(":")[0])
        n, recalled, seconds = days.get(key, (0, 0, 0.0))
        days[key] = (n + 1, recalled + (r.grade > 1), seconds + (r.seconds or 0))
        n, lapses = cards.get(r.card, (0, 0))
        cards[r.card] = (n + 1, lapses + (r.grade == 1))
    return {DayTally(*key, *v) for key, v in days.items()}, {CardTally(c, *v) for c, v in cards.items()}


@pytest.mark.parametrize("seed", range(3))
def test_sql_counts_what_a_loop_counts(store, seed):
    fill(store, 60, seed)
    counted = store.tallies()
    days, cards = by_hand(store.reviews())
    assert set(counted.days) == days
    assert set(counted.cards) == cards
    assert tallies.count_file(store.path) == counted


def test_an_empty_log(store):
    found = statistics.summarise(store.tallies(), store.standings(), NOON)
    assert (found.reviews, found.streak.current, found.retention, found.weakest) == (0, 0, None, ())
    assert found.forecast == (0,) * 30
    for plot in (statistics.retention_plot, statistics.forecast_plot, statistics.time_plot):
        plot(found)


def test_retention_counts_only_cards_that_had_rested(store):
    for k, grade in enumerate((Grade.AGAIN, Grade.GOOD, Grade.AGAIN, Grade.GOOD)):
        store.at(NOON + (0, 60_000, 3 * DAY, 30 * DAY)[k])
        store.add_review("recall:why-rnn", grade, seconds=60)
    found = statistics.summarise(store.tallies(), store.standings(), NOON + 30 * DAY)
    assert found.retention_by_state == {"new": (0, 1), "learning": (1, 1), "young": (0, 1), "mature": (1, 1)}
    assert found.retention == 0.5
    assert (found.minutes, found.minutes_week, found.reviews_today, found.streak.current) == (4, 1, 1, 1)
    (weak,) = found.weakest
    assert (weak.card, weak.reviews, weak.lapses) == ("recall:why-rnn", 4, 2)


def test_forecast_puts_the_overdue_on_today():
    def standing(card, due):
        return schedule.Standing(card, 1, Grade.GOOD, NOON, due, 3.0, False)

    standings = {c: standing(c, NOON + d * DAY) for c, d in zip("abcde", (-9, 0, 1, 29, 30), strict=True)}
    counts = statistics.forecast(standings, statistics.local_day(NOON))
    assert (counts[0], counts[1], counts[29], sum(counts)) == (2, 1, 1, 4)


def test_a_card_the_deck_no_longer_has_is_not_named_weakest():
    standings = {"recall:gone": schedule.Standing("recall:gone", 1, Grade.AGAIN, NOON, NOON, 1.0, True)}
    assert statistics.weakest([CardTally("recall:gone", 3, 3)], standings) == ()


def test_a_hundred_thousand_reviews_are_counted_by_the_database(store):
    draw = random.Random(1)
    cards = [f"recall:q{k}" for k in range(200)]
    rows = [
        (f"u{k}", draw.choice(cards), NOON - draw.randrange(700 * DAY), draw.randint(1, 4), 0.9, 20.0)
        for k in range(100_000)
    ]
    store._connection.executemany(
        "INSERT INTO reviews (uid, card, at, grade, retention, seconds) VALUES (?, ?, ?, ?, ?, ?)", rows
    )
    counted = store.tallies()
    assert sum(t.reviews for t in counted.days) == 100_000
    # What is done beside the screen's own thread is the database's; what is left for that thread is small.
    begin = time.perf_counter()
    statistics.summarise(counted, {}, NOON)
    assert time.perf_counter() - begin < 0.5


def test_tallies_alone_are_enough():
    found = statistics.summarise(Tallies((DayTally("2025-06-15", "young", "recall", 4, 3, 120.0),)), {}, NOON)
    assert found.retention == 0.75
    assert found.minutes == 2
