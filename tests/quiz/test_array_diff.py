"""Two values side by side: what is marked wrong is wrong, what is shown is where it goes wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quiz import array_diff
from quiz.array_diff import parts, table, window

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, max_side=12)
NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-3, 1e300, float("nan"), float("inf")])


@st.composite
def pairs(draw):
    """An array and another of its shape that differs in some entries."""
    expected = draw(hnp.arrays(np.float64, draw(SHAPES), elements=NUMBERS))
    changed = draw(hnp.arrays(np.bool_, expected.shape))
    return expected, np.where(changed, draw(NUMBERS), expected)


@given(pairs())
def test_what_is_marked_is_what_differs(pair):
    expected, got = pair
    (part,) = parts(expected, got)
    with np.errstate(all="ignore"):
        same = np.isclose(got, expected, rtol=1e-7, atol=1e-9, equal_nan=True)
    # 1e300 beside 1 widens the absolute tolerance of the whole array; there the two may disagree.
    if np.nanmax(np.abs(expected[np.isfinite(expected)]), initial=0) <= 1:
        assert np.array_equal(part.wrong, ~same)
    assert part.is_same == (not part.wrong.any())


@given(pairs(), st.integers(1, 9), st.integers(1, 9))
def test_the_first_wrong_entry_is_shown_and_every_cell_is_an_entry(pair, most_rows, most_columns):
    (part,) = parts(*pair)
    found = table(part, most_rows, most_columns)
    assert len(found.rows) <= most_rows
    assert len(found.columns) <= most_columns
    shown_wrong = set()
    for row in found.rows:
        assert len(row.cells) == len(found.columns)
        for column, cell in zip(found.columns, row.cells, strict=True):
            leading = found.leading or (0,) * (part.wrong.ndim - 2)
            at = (*leading, row.index, column)[-part.wrong.ndim :] if part.wrong.ndim else ()
            assert cell.wrong == part.wrong[at]
            assert float(cell.expected) == pytest.approx(float(part.expected[at]), rel=1e-5, nan_ok=True)
            assert float(cell.got) == pytest.approx(float(part.got[at]), rel=1e-5, nan_ok=True)
            if cell.wrong:
                shown_wrong.add(at)
                assert cell.expected != cell.got
            else:
                assert cell.difference == "·"
    if part.wrong.any():
        assert part.first in shown_wrong


@given(st.integers(1, 100), st.integers(1, 20), st.data())
def test_a_window_lies_within_and_holds_its_place(length, most, data):
    at = data.draw(st.integers(0, length - 1))
    found = window(length, at, most)
    assert at in found
    assert 0 <= found.start < found.stop <= length
    assert len(found) == min(length, most)


def test_what_differs_beyond_the_sixth_digit_is_shown_to_differ():
    (part,) = parts(np.array([0.123456781]), np.array([0.123456789]))
    part = array_diff.Part(part.name, part.expected, part.got, False, np.array([True]))
    (row,) = table(part).rows
    assert row.cells[0].expected != row.cells[0].got
    assert row.cells[0].difference == "+8e-09"


def test_parts_carry_the_names_of_the_results():
    found = parts((np.zeros(2), np.ones(2)), [np.zeros(2), np.zeros(2)], ("h_new", "c_new"))
    assert [(p.name, p.is_same) for p in found] == [("h_new", True), ("c_new", False)]
    nested = parts(([np.zeros(1)], 1.0), ([np.ones(1)], 1.0), ("grads", "norm"))
    assert [(p.name, p.is_same) for p in nested] == [("grads[0]", False), ("norm", True)]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.zeros(2), "line 3: ValueError"),
        ((np.zeros(2), np.zeros(2)), np.zeros(2)),
        (np.zeros(2), None),
        (3, "3"),
        (10**30, 10**31),
    ],
)
def test_what_cannot_be_compared_entry_by_entry_is_no_grid(expected, got):
    (part,) = parts(expected, got)
    assert not part.is_grid
    assert not part.is_same


def test_a_dtype_is_wrong_though_the_numbers_are_right():
    (part,) = parts(np.zeros(2), np.zeros(2, np.float32))
    assert part.is_grid
    assert not part.is_same
    assert part.wrong_count == 0
    assert array_diff.dtype_differs(part.expected, part.got)


def test_float32_inputs_have_the_wider_tolerance():
    expected, got = np.ones(2), np.ones(2) + 1e-5
    assert not parts(expected, got)[0].is_same
    assert parts(expected, got, single=True)[0].is_same
