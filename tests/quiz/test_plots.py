import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from answers.model import Plot, Series, Text
from quiz import bars
from quiz.plots import MARKERS, round_numbers, save_plot, terminal_plot


def text(word):
    return Text(zh=f"{word}名", en=word)


def plot(*ys, bars=True, start=0):
    series = (Series(text(f"s{k}"), range(start, start + len(y)), y, bars=bars) for k, y in enumerate(ys))
    return Plot(text("title"), text("x"), text("y"), tuple(series))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 10))
def test_marks_are_round_and_within_the_range(low, span, count):
    high = low + span
    assume(low < high)
    marks = round_numbers(low, high, count)
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert len(marks) <= 2 * count + 2
    if len(marks) > 2:
        step = marks[1] - marks[0]
        digits = float(f"{step:.3e}".split("e")[0])
        assert any(digits == pytest.approx(d, rel=1e-2) for d in (1, 2, 5, 10))


def test_marks_of_percentages_and_days():
    assert round_numbers(0, 100, 4) == [0, 50, 100]
    assert round_numbers(0, 100, 5) == [0, 20, 40, 60, 80, 100]
    assert round_numbers(-89, 0, 6) == [-80, -60, -40, -20, 0]


def columns(drawn, count):
    """What each bar shows, from above."""
    rows = [re.split("[│┤]", line)[1] for line in drawn.splitlines() if re.search("[│┤]", line)]
    cell = max(map(len, rows)) // count + 1
    return ["".join(row.ljust(count * cell)[k * cell] for row in rows) for k in range(count)]


def test_bars_are_as_high_as_what_they_show():
    first, second, nothing, little = columns(terminal_plot(plot([4, 2, 0, 0.1]), 20, 13, "en", colour=False), 4)
    assert first.count("█") == 2 * second.count("█") > 0
    assert nothing.strip() == ""
    assert little.strip()  # a little is not nothing


def test_parts_of_a_bar_are_told_by_shading_alone():
    drawn = terminal_plot(plot([5], [5], [5]), 12, 20, "zh", colour=False)
    assert "█ s0名   ▒ s1名   ░ s2名" in drawn
    (column,) = columns(drawn, 1)
    assert re.fullmatch(" *░+▒+█+", column)


def test_the_latest_bars_stay_where_not_all_fit():
    drawn = terminal_plot(plot([0] * 50 + [9] * 50, start=-99), 60, 12, "en", colour=False)
    assert "-99" not in drawn
    assert drawn.splitlines()[-2].rstrip().endswith("0")


@given(
    st.lists(st.lists(st.floats(0, 1e4), min_size=12, max_size=12), min_size=1, max_size=3),
    st.integers(20, 120),
    st.integers(6, 40),
)
def test_any_bars_fit_their_place(ys, width, height):
    drawn = terminal_plot(plot(*ys), width, height, "zh")
    lines = re.sub(r"\x1b\[\d+m", "", drawn).splitlines()
    assert all(cell_len(line) <= width for line in lines[3:-1])
    assert len(lines) <= max(height, 4 + 6)


def test_too_many_kinds_of_bars_are_refused():
    with pytest.raises(ValueError, match="4 series"):
        bars.stacked(plot([1], [1], [1], [1]), 40, 12, "en")


def test_curves_of_many_points_carry_their_marks_too():
    drawn = terminal_plot(
        plot([k / 50 for k in range(200)], [4 - k / 50 for k in range(200)], bars=False), 60, 20, "en", colour=False
    )
    body = drawn.splitlines()[2:-3]
    for mark in MARKERS[:2]:
        assert sum(line.count(mark) for line in body) >= 4


def test_bars_are_saved_stacked(tmp_path):
    assert save_plot(plot([1, 2], [3, 4]), tmp_path / "bars.svg", "en") == "en"
    assert (tmp_path / "bars.svg").read_text(encoding="utf-8").count("<path") > 4


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_same_picture_is_the_same_file(tmp_path, ending):
    for name in ("one", "two"):
        save_plot(plot([1, 2], [3, 4]), tmp_path / f"{name}.{ending}", "en")
    assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()
