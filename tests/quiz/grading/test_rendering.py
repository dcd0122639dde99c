"""Values as they are shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quiz.grading import compare, rendering, tally
from quiz.grading.report import Counterexample, Report

NUMBERS = (
    st.floats(-1e3, 1e3)
    | st.integers(-1000, 1000).map(float)
    | st.integers(-1000, 1000).map(lambda k: k / 8)
    | st.sampled_from([0.0, -0.0, 0.1817, 1e-4, 9.9e-5, 1e8, np.nan, np.inf, -np.inf, 0.1234565, 2.0**-7])
)


def as_numpy_prints(array):
    with np.printoptions(precision=6, threshold=60, linewidth=100, floatmode="maxprec"):
        return str(array)


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=8), elements=NUMBERS))
def test_small_arrays_are_shown_as_numpy_prints_them(array):
    assert rendering.show(array) == as_numpy_prints(array)


@pytest.mark.parametrize("array", [np.zeros((1, 4)), np.array([[0.1817], [-12.5]]), np.array([0.38079707797788])])
def test_what_counterexamples_hold_needs_no_printing_of_numpys(array, monkeypatch):
    due = as_numpy_prints(array)
    monkeypatch.setattr(np, "printoptions", None)
    assert rendering.show(array) == due


@pytest.mark.parametrize("array", [np.ones((2, 3), np.float32), np.arange(3), np.zeros((0, 2)), np.array([True])])
def test_other_arrays_are_left_to_numpy(array):
    assert rendering.show(array).removesuffix("  (float32)") == as_numpy_prints(array)


@pytest.mark.parametrize(("value", "shown"), [(9.0, "9.0"), (9, "9"), (-2.0, "-2.0"), (0.5, "0.5"), (1e300, "1e+300")])
def test_a_float_does_not_look_like_an_integer(value, shown):
    assert rendering.show(value) == shown


def test_of_a_value_without_end_the_first_lines_are_shown():
    many = Counterexample({"x": np.zeros((1, 1))}, np.zeros((1, 1)), [np.zeros((1, 20, 3))] * 300)
    text = rendering.render(Report("a.py", "rnn-step", "fail", counterexample=many), "en")
    assert len(text.splitlines()) < 60
    assert text.splitlines()[-1].split()[-2:] == ["more", "lines"]


def test_verdicts_are_listed_as_each_language_lists():
    reports = [Report("a.py", "sigmoid", verdict, score, ()) for verdict, score in (("pass", 1.0), ("fail", 0.5))]
    counted = tally.Tally()
    for report in reports:
        counted.add(report)
    for said in (rendering.summary(reports, "zh"), tally.summary(counted, "zh").splitlines()[0]):
        assert said == "共 2 份：通过 1、不通过 1"
    assert rendering.summary(reports, "en") == "2 graded: PASS 1, FAIL 1"


@pytest.mark.parametrize(
    ("due", "got", "said"),
    [
        (np.zeros((1, 2)), None, "应返回形状 (1, 2) 的 float64 数组，得到 None（是否忘了 return？）"),
        ((1.0, 2.0), [1.0], "应返回 2 个元素的元组，得到 1 个元素的列表"),
        (3, 1.5, "应返回整数，得到浮点数"),
    ],
)
def test_chinese_has_a_blank_before_other_letters_alone(due, got, said):
    (mismatch,) = compare.Expected([due], [False]).mismatches([got])
    assert mismatch.text.zh == said
