from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import schedule
from quiz.schedule import DAY, Grade, Review
from quiz.store import Store

START = 1_750_000_000_000
GAPS = st.integers(0, 90 * DAY)
HISTORIES = st.lists(
    st.tuples(GAPS, st.sampled_from(Grade), st.sampled_from([0.8, 0.9, 0.95])), min_size=1, max_size=12
)


def history(steps, card="recall:why-rnn"):
    reviews, at = [], START
    for k, (gap, grade, retention) in enumerate(steps):
        at += gap
        reviews.append(Review(f"{k:04}", card, at, grade, retention))
    return reviews


@given(HISTORIES)
@settings(max_examples=60, deadline=None)
def test_standing_does_not_depend_on_the_order_in_which_reviews_are_read(steps):
    reviews = history(steps)
    assert schedule.standing(reviews) == schedule.standing(reviews[::-1])


@given(st.lists(st.tuples(st.sampled_from("abc"), GAPS, st.sampled_from(Grade)), min_size=1, max_size=15))
@settings(max_examples=25, deadline=None)
def test_rebuilding_from_the_log_gives_what_was_kept_review_by_review(tmp_path_factory, steps):
    now = [START]
    with Store(tmp_path_factory.mktemp("data"), clock=lambda: now[0]) as store:
        for card, gap, grade in steps:
            now[0] += gap
            store.add_review(f"recall:{card}", grade)
        incremental = store.standings()
        store.rebuild()
        assert store.standings() == incremental == schedule.standings(store.reviews())


@given(HISTORIES)
@settings(max_examples=40, deadline=None)
def test_a_better_grade_never_comes_back_sooner(steps):
    reviews = history(steps)
    found = schedule.intervals(reviews, reviews[-1].at + DAY)
    assert found[Grade.AGAIN] <= found[Grade.HARD] <= found[Grade.GOOD] <= found[Grade.EASY]


def test_the_interval_on_a_button_is_the_one_that_comes_true(tmp_path):
    now = [START]
    with Store(tmp_path, clock=lambda: now[0]) as store:
        for grade in (Grade.GOOD, Grade.EASY, Grade.AGAIN, Grade.HARD):
            shown = schedule.intervals(store.history("code:lstm-step"), now[0])[grade]
            assert store.add_review("code:lstm-step", grade).due == now[0] + shown
            now[0] += 3 * DAY


def test_a_higher_retention_comes_back_sooner():
    reviews = history([(0, Grade.EASY, 0.9)])
    later = reviews[-1].at + 8 * DAY
    strict, lax = (schedule.intervals(reviews, later, r)[Grade.GOOD] for r in (0.95, 0.8))
    assert strict < lax


def test_a_clock_that_was_set_back_does_no_harm():
    reviews = [Review("a", "recall:why-rnn", START, Grade.GOOD), Review("b", "recall:why-rnn", START - DAY, Grade.GOOD)]
    assert schedule.standing(reviews).reviews == 2
    assert schedule.intervals(reviews, START - 2 * DAY)[Grade.AGAIN] >= 0


def test_what_is_longest_overdue_for_its_stability_comes_first():
    early = schedule.standing(history([(0, Grade.EASY, 0.9)], "recall:a"))
    fresh = schedule.standing(history([(0, Grade.AGAIN, 0.9)], "recall:b"))
    waiting = schedule.due({"recall:a": early, "recall:b": fresh}, early.due + DAY)
    assert [s.card for s in waiting] == ["recall:b", "recall:a"]
    assert schedule.due({"recall:a": early}, START) == []


def test_recall_fades_with_time():
    reviews = history([(0, Grade.EASY, 0.9)])
    soon, late = (schedule.recall(reviews, START + days * DAY) for days in (1, 60))
    assert 0 < late < soon <= 1
    assert schedule.recall([], START) == 0


@given(HISTORIES, st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_what_was_replayed_before_changes_no_result(steps, known, taken_back):
    """Of the card replayed last the beginning is remembered: a longer log goes on from it, another one starts afresh."""
    reviews = history(steps)
    alone = schedule.standing(history(steps, "recall:another"))
    schedule.standing(reviews[:known])
    assert schedule.standing(reviews) == (alone and replace(alone, card="recall:why-rnn"))
    for n in reversed(range(1, len(reviews))):  # taken back one after the other
        alone = schedule.standing(history(steps[:n], f"recall:alone-{n}"))
        assert schedule.standing(reviews[:n]) == (alone and replace(alone, card="recall:why-rnn"))
    schedule.standing(reviews)
    fewer = [review for k, review in enumerate(reviews) if k != taken_back]
    mine, other = (
        schedule.standing([replace(r, card=card) for r in fewer]) for card in ("recall:why-rnn", "recall:new")
    )
    assert (mine and replace(mine, card="")) == (other and replace(other, card=""))


def test_as_many_cards_are_remembered_as_are_open_at_once():
    for k in range(100):
        schedule.standing(history([(DAY, Grade.GOOD, 0.9)], f"recall:{k}"))
    assert len(schedule._replayed) <= 16
