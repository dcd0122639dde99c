"""The comparison as it is laid out: columns stand under one another, it fits its width, brackets mark what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quiz.app.widgets.comparison import comparison

SMALL = np.array([[0.25, 0.5, -1.0], [1.0, 0.0, 2.0]])
WRONG = np.array([[0.25, 0.75, -1.0], [1.0, 0.0, 1e-7]])


@pytest.mark.parametrize(("language", "words"), [("en", "expected got difference"), ("zh", "应为 得到 差")])
def test_side_by_side_where_there_is_room(language, words):
    lines = comparison(SMALL, WRONG, language, width=100).plain.splitlines()
    assert lines[0].startswith("✗")
    for word in words.split():
        assert word in lines[1]
    assert "[ 0.75]" in "".join(lines)
    assert "[+0.25]" in "".join(lines)
    assert lines[3].count("│") == 2
    assert len({line.index("│") for line in lines[3:]}) == 1


def test_one_below_the_other_where_there_is_none():
    found = comparison(SMALL, WRONG, "en", width=42)
    assert "│" not in found.plain
    assert max(map(len, found.plain.splitlines()[1:])) <= 42
    assert found.plain.index("expected\n" if "expected\n" in found.plain else "expected ") < found.plain.index("got")


@settings(max_examples=60)
@given(
    hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=30), elements=st.floats(-1e6, 1e6)),
    st.integers(50, 160),
    st.data(),
)
def test_whatever_its_size_it_fits(expected, width, data):
    got = expected.copy()
    at = tuple(data.draw(st.integers(0, n - 1)) for n in expected.shape)
    got[at] += 1.0
    found = comparison(expected, got, "en", width=width)
    head, *lines = found.split("\n", allow_blank=True)
    assert f"[{', '.join(map(str, at))}]" in head.plain
    assert max(line.cell_length for line in lines) <= width
    assert "[" in found.plain[len(head.plain) :]


def test_what_is_right_is_said_in_a_word():
    found = comparison((SMALL, SMALL), (SMALL, WRONG), "en", ("h_new", "c_new"), 100)
    assert found.plain.startswith("✓ h_new\n✗ c_new  2 of 6 numbers are wrong, the first at [0, 1]\n")


def test_shapes_and_dtypes_are_said():
    assert "shape: expected (2, 3), got (3, 2)" in comparison(SMALL, SMALL.T, "en", width=80).plain
    assert "类型应为 float64，得到 float32" in comparison(SMALL, SMALL.astype(np.float32), "zh", width=80).plain


def test_of_a_large_array_the_part_around_the_first_wrong_entry_is_shown():
    large = np.zeros((40, 40))
    wrong = large.copy()
    wrong[20, 30] = 1.0
    found = comparison(large, wrong, "en", width=120).plain
    assert "⋮" in found
    assert "…" in found
    assert "40 × 40 in all" in found
    assert " 20" in found
    assert "30 " in found


def test_exceptions_are_text():
    found = comparison(SMALL, "line 3: ValueError: x", "en", width=60).plain
    assert "line 3: ValueError: x" in found
    assert "expected (2, 3) float64" in found
