from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import heatmap
from quiz.app.heatmap_words import practised, streaks
from quiz.heatmap import heat_map, streak

TODAY = date(2026, 11, 25).toordinal()  # a Wednesday
DAYS = st.sets(st.integers(TODAY - 40, TODAY + 2))
COUNTS = st.dictionaries(st.integers(TODAY - 500, TODAY + 3), st.integers(0, 300), max_size=60)


def test_a_column_is_a_week_from_monday_and_the_last_one_ends_with_today():
    found = heat_map({TODAY: 10, TODAY - 2: 10, TODAY - 3: 10}, TODAY, 2)
    assert found.weeks == ((0, 0, 0, 0, 0, 0, 4), (4, 0, 4, None, None, None, None))
    assert (found.days, found.reviews) == (3, 30)


def test_months_stand_over_the_week_in_which_they_begin():
    found = heat_map({}, TODAY, 10)
    assert found.months == ((1, 10), (5, 11))  # 1 October 2026 is a Thursday, 1 November a Sunday
    for column, month in found.months:
        monday = TODAY - 2 - 7 * (9 - column)
        assert any(
            date.fromordinal(day).month == month and date.fromordinal(day).day == 1 for day in range(monday, monday + 7)
        )


def test_a_month_that_begins_this_week_but_not_yet_is_not_named():
    monday = date(2026, 11, 30).toordinal()
    assert heat_map({}, monday, 1).months == ()
    assert heat_map({}, monday + 1, 1).months == ((0, 12),)


def test_one_wild_day_does_not_pale_the_others():
    counts = {TODAY - k: 10 for k in range(1, 30)} | {TODAY: 500}
    assert {level for week in heat_map(counts, TODAY, 3).weeks for level in week} == {4, None}


def test_a_quiet_day_is_faint_even_when_all_are_quiet():
    assert heat_map({TODAY: 1}, TODAY, 1).weeks[0][2] == 1


@given(COUNTS, st.integers(1, 60))
def test_the_grid_shows_each_day_once_and_more_is_never_fainter(counts, weeks):
    found = heat_map(counts, TODAY, weeks)
    assert len(found.weeks) == weeks
    first = TODAY - date.fromordinal(TODAY).weekday() - 7 * (weeks - 1)
    flat = [level for week in found.weeks for level in week]
    assert flat[TODAY - first + 1 :] == [None] * (len(flat) - (TODAY - first) - 1)
    shown = {first + k: level for k, level in enumerate(flat) if level is not None}
    assert set(shown) == set(range(first, TODAY + 1))
    for day, level in shown.items():
        assert (level > 0) == (counts.get(day, 0) > 0)
        assert 0 <= level <= heatmap.LEVELS
    ordered = sorted((counts.get(day, 0), level) for day, level in shown.items())
    assert [level for _, level in ordered] == sorted(level for _, level in ordered)
    assert found.reviews == sum(counts.get(day, 0) for day in shown)


@pytest.mark.parametrize(
    ("days", "current", "longest", "today"),
    [
        ([0, -1, -2, -4], 3, 3, True),
        ([-1, -2], 2, 2, False),
        ([-2], 0, 1, False),
        ([], 0, 0, False),
        ([1, 0], 1, 1, True),
        ([0, -5, -6, -7], 1, 3, True),
    ],
)
def test_a_streak_goes_on_until_the_day_is_over(days, current, longest, today):
    found = streak([TODAY + day for day in days], TODAY)
    assert (found.current, found.longest, found.today) == (current, longest, today)


@given(DAYS)
def test_a_streak_by_its_definition(days):
    found = streak(days, TODAY)
    past = {day for day in days if day <= TODAY}
    runs = [n for n in range(1, 44) for day in past if all(day - k in past for k in range(n))]
    assert found.longest == max(runs, default=0)
    assert found.today == (TODAY in past)
    end = TODAY if found.today else TODAY - 1
    assert all(end - k in past for k in range(found.current))
    assert end - found.current not in past


def test_one_of_a_thing_is_said_in_the_singular():
    first = practised(heat_map({TODAY: 1}, TODAY, 4), 4)
    assert first.en == "Last 4 weeks: 1 day practised, 1 review"
    assert practised(heat_map({TODAY: 1200, TODAY - 1: 1}, TODAY, 4), 4).en == (
        "Last 4 weeks: 2 days practised, 1,201 reviews"
    )
    assert streaks(streak({TODAY}, TODAY)).en == "**1-day** streak · longest **1** day"
    assert streaks(streak({TODAY, TODAY - 1}, TODAY)).en.endswith("longest **2** days")
