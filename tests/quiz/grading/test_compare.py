"""Structure, then shapes and dtypes, then values; the contract's tolerances to the letter."""

import numpy as np
import pytest

from quiz.grading.codec import Foreign
from quiz.grading.compare import Expected, describe, differ_plainly, same_again, widened

A = np.array([[1.0, -2.0], [3.0, 0.5]])
S = A.astype(np.float32)
NAN = np.array([np.nan, 1.0, np.inf])

TABLE = [
    # expected, got, float32 among the inputs, what differs
    (A, A.copy(), False, None),
    (A, A * (1 + 0.9e-7), False, None),
    (A, A * (1 + 2e-7), False, "values"),
    (A, A + 2.9e-9, False, None),
    (np.zeros(2), np.full(2, 0.9e-9), False, None),
    (np.zeros(2), np.full(2, 1.1e-9), False, "values"),
    (np.array([0.0, 1000.0]), np.array([0.9e-6, 1000.0]), False, None),
    (A, A.astype(np.float32), False, "dtype"),
    (A, A.astype(np.int64), False, "dtype"),
    (S, A, True, None),
    (S, S * np.float32(1 + 0.9e-4), True, None),
    (S, S * np.float32(1 + 5e-4), True, "values"),
    (S, S.astype(np.float16), True, "dtype"),
    (A, A[None], False, "shape"),
    (A, A[:1], False, "shape"),
    (A, np.empty((0, 2)), False, "shape"),
    (A, A.T.copy(), False, "values"),
    (A, 1.0, False, "structure"),
    (A, None, False, "structure"),
    (A, Foreign("generator"), False, "structure"),
    (A, [list(r) for r in A], False, "structure"),
    ((A, A), [A, A], False, None),
    ([A, A], (A, A), False, None),
    ((A, A), (A,), False, "structure"),
    ((A, A), np.stack([A, A]), False, "structure"),
    ((A, A), Foreign("zip"), False, "structure"),
    (2.5, np.float64(2.5), False, None),
    (2.5, np.array(2.5), False, None),
    (2.5, np.array([2.5]), False, "structure"),
    (2.0, 2, False, None),
    (2.5, "2.5", False, "structure"),
    (2.5, 2.5 + 0j, False, "structure"),
    (2480, 2480, False, None),
    (2480, np.int64(2480), False, None),
    (2480, np.array(2480, np.int32), False, None),
    (2480, 2481, False, "values"),
    (2480, 2480.0, False, "dtype"),
    (2480, 2480.5, False, "dtype"),
    (2**80, 2**80, False, None),
    (2**80, 2**80 + 1, False, "values"),
    (NAN, NAN.copy(), False, None),
    (NAN, np.array([1.0, np.nan, np.inf]), False, "values"),
    (NAN, np.array([np.nan, 1.0, -np.inf]), False, "values"),
    (np.array([np.inf]), np.array([1.0]), False, "values"),
    (np.array([np.inf]), np.array([np.inf]), False, None),
    (float("inf"), 1.0, False, "values"),
    (float("-inf"), float("-inf"), False, None),
    (A, np.where(A == 3, np.nan, A), False, "values"),
    (A, np.where(A == 3, np.inf, A), False, "values"),
]


@pytest.mark.parametrize(("expected", "got", "single", "differs"), TABLE)
def test_what_differs(expected, got, single, differs):
    (mismatch,) = Expected([expected], [single]).mismatches([got])
    assert (mismatch and mismatch.kind) == differs
    if mismatch:
        assert mismatch.text.zh
        assert mismatch.text.en


@pytest.mark.parametrize(("expected", "got", "single", "differs"), TABLE)
def test_the_quick_look_sees_no_difference_where_there_is_none(expected, got, single, differs):
    if differ_plainly(expected, got, single):
        assert differs in ("structure", "shape", "values")


@pytest.mark.parametrize("got", [A + 1, A[:1], (A,), 1.0, None])
def test_the_quick_look_sees_what_differs_plainly(got):
    assert differ_plainly(A, got, False)
    assert differ_plainly((A, A), (A, got), False)


def test_all_cases_together_are_compared_as_each_alone():
    """Where the structure is right throughout there is a quicker way; it must find the same."""
    rows = [row[:3] for row in TABLE if row[3] in (None, "values")]
    alone = [Expected([e], [s]).mismatches([g], dtypes=False)[0] for e, g, s in rows]
    expected = Expected([e for e, _, _ in rows], [s for _, _, s in rows])
    together = expected.mismatches([g for _, g, _ in rows], dtypes=False)
    assert [m and (m.kind, m.where, m.text) for m in together] == [m and (m.kind, m.where, m.text) for m in alone]


def test_one_wrong_case_among_right_ones_is_found_alone():
    expected = Expected([A, (A, 3), S], [False, False, True])
    found = expected.mismatches([A, (A + np.eye(2), 3), S])
    assert [bool(m) for m in found] == [False, True, False]
    assert found[1].where == (0,)
    assert "2" in found[1].text.en


def test_the_text_shows_where_it_differs_most():
    (mismatch,) = Expected([A], [False]).mismatches([A + np.array([[0, 0], [0, 1.0]])])
    assert mismatch.text.en == "1 of 4 numbers differ; most at [1, 1]: expected 0.5, got 1.5"


def test_float64_for_float32_is_noticed():
    assert widened((S, S), (S, A))
    assert not widened((A, S), (A, S))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (A, A, True),
        (A, A + 1e-15, True),
        (A, A + 1e-9, False),
        (A, S, False),
        ((A, 1), [A, 1], True),
        (NAN, NAN, True),
        (1, 2, False),
    ],
)
def test_a_second_call_must_give_the_same(first, second, same):
    assert same_again(first, second) is same


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Foreign("generator"), "write `return` for `yield`"),
        (Foreign("coroutine"), "write `def` for `async def`"),
        (Foreign("map"), "make a list of it"),
        (Foreign("function"), "brackets of a call"),
        (Foreign("ndarray of object, shape (2, 3)"), "an object array of shape (2, 3)"),
        (np.zeros(2, np.int64), "an int64 array of shape (2,)"),
        (np.zeros(2, np.uint8), "a uint8 array of shape (2,)"),
        (Foreign("Pair"), "an object of type Pair"),
    ],
)
def test_what_came_is_said_with_what_was_probably_meant(value, said):
    assert said in describe(value).en
    assert describe(value).zh
