"""The quick comparison says yes only where the slow one finds nothing, and does so for every model solution."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.grading import codec
from quiz.grading.compare import Expected
from quiz.grading.quick import Quick
from quiz.grading.replies import Reply

VALUES: list[Any] = [
    (np.arange(6.0).reshape(2, 3), np.ones(1)),
    (np.arange(3, dtype=np.float32), np.float32(2) * np.ones((3, 1), np.float32)),
    ([np.zeros((1, 3))], 2.5),
    7,
    np.full((2, 2), 1e3),
]
SINGLE = [False, True, False, False, False]
REPEATS = (4, 1)


def sent(values: list[Any]) -> tuple[bytes, bytes]:
    meta, data = bytearray(), bytearray()
    for value in values:
        meta += b"v"
        codec.encode(value, meta, data)
    return bytes(meta), bytes(data)


def answers(values: list[Any], further: Sequence[Any] = ()) -> list[Any]:
    return [*values, *further, *(values[k] for k in REPEATS)]


FURTHER = [np.ones(2), (np.zeros((1, 2), np.float32), 3)]
QUICK = Quick(Expected(VALUES, SINGLE), REPEATS)
WITH_MORE = Quick(Expected(VALUES, SINGLE), REPEATS, Expected(FURTHER, [False, True]))


def test_the_right_results_hold_with_those_of_the_further_calls() -> None:
    assert QUICK.holds(*sent(answers(VALUES)))
    assert WITH_MORE.holds(*sent(answers(VALUES, FURTHER)))
    assert WITH_MORE.holds(*sent(answers(VALUES, [FURTHER[0] + 1e-12, FURTHER[1]])))
    assert Quick(Expected(VALUES, SINGLE), REPEATS, Expected([], [])).holds(*sent(answers(VALUES)))


@pytest.mark.parametrize(
    "values",
    [
        answers(VALUES),
        answers(VALUES, FURTHER[:1]),
        answers(VALUES, [*FURTHER, 1.0]),
        answers(VALUES, [FURTHER[0] + 1e-6, FURTHER[1]]),
        answers(VALUES, [FURTHER[0], (np.zeros((1, 2), np.float32), 4)]),
        answers(VALUES, FURTHER)[:-1],
        [*answers(VALUES, FURTHER), 1.0],
    ],
)
def test_it_does_not_hold_where_further_results_differ_or_are_missing(values: list[Any]) -> None:
    assert not WITH_MORE.holds(*sent(values))


def shifted(value: Any, by: float) -> Any:
    if isinstance(value, tuple | list):
        return type(value)([shifted(value[0], by), *value[1:]])
    if isinstance(value, np.ndarray):
        moved = value.copy()
        moved.flat[0] += by
        return moved
    return value + (by if isinstance(value, float) else 0)


@given(st.integers(0, len(VALUES) - 1), st.floats(-1e-3, 1e-3) | st.sampled_from([np.nan, np.inf, 1.0]))
def test_it_says_yes_only_where_the_slow_comparison_does(k: int, by: float) -> None:
    values = [shifted(v, by) if i == k else v for i, v in enumerate(VALUES)]
    slow = not any(Expected(VALUES, SINGLE).mismatches(values))
    assert QUICK.holds(*sent(answers(values))) == slow


@given(st.sets(st.integers(0, len(VALUES) - 1)), st.floats(-1e-3, 1e-3) | st.sampled_from([np.nan, np.inf, 1.0]))
def test_of_the_right_structure_the_vector_tells_what_differs_as_the_slow_comparison_does(
    chosen: set[int], by: float
) -> None:
    values = [shifted(v, by) if i in chosen else v for i, v in enumerate(VALUES)]
    expected = Expected(VALUES, SINGLE)
    slow = [m and (m.kind, m.where, m.text) for m in expected.mismatches(values)]
    numbers = QUICK.numbers(*sent(answers(values)))
    assert [m and (m.kind, m.where, m.text) for m in expected.differing(numbers)] == slow


def test_results_of_another_structure_are_no_vector() -> None:
    values = [VALUES[0][::-1], *VALUES[1:]]
    assert QUICK.numbers(*sent(answers(values))) is None
    floats = Expected([VALUES[0]], [False])
    assert floats.has_structure_of(Expected([list(VALUES[0])], [False]))
    for other in (VALUES[0][::-1], (*VALUES[0], None), (*VALUES[0], ()), (*VALUES[0], 3), VALUES[0][:1], [VALUES[0]]):
        assert not Expected([other], [False]).has_structure_of(floats)


def replied(values: list[Any], count: int) -> Reply:
    meta, data = sent(values)
    made = Reply(count, lambda: pytest.fail("these bytes are answers"))
    made.take_results(memoryview(len(meta).to_bytes(4, "little") + meta + data))
    made.take_end(codec.Reader(codec.encoded(((), (), ((("W: w",), (0, 8)),), ""))))
    return made


def test_outcomes_that_are_made_one_at_a_time_are_those_that_are_made_at_once() -> None:
    values = [*answers([shifted(v, 1.0) for v in VALUES]), "further", np.ones((2, 2))]
    at_once, one_by_one = replied(values, 9), replied(values, 9)
    assert one_by_one.lay_out(QUICK.places)
    assert list(map(repr, one_by_one)) == list(map(repr, at_once))
    for part in (slice(0, 5), slice(5, None), slice(7, None), slice(1, 8, 3), slice(-2, None)):
        assert list(map(repr, one_by_one[part])) == list(map(repr, at_once[part]))
        assert len(one_by_one[part]) == len(at_once[part])
    assert repr(one_by_one[-1]) == repr(at_once[-1])
    assert repr(one_by_one[2:9][3:5][1]) == repr(at_once[6])
    with pytest.raises(IndexError):
        one_by_one[9]


def test_replies_with_too_few_or_too_many_results_are_not_laid_out() -> None:
    assert not replied([*answers(VALUES), 1.0], 7).lay_out(QUICK.places)
    assert not replied([*answers(VALUES), 1.0], 9).lay_out(QUICK.places)
    assert replied([*answers(VALUES), 1.0], 8).lay_out(QUICK.places)


@pytest.mark.parametrize(
    ("k", "other"),
    [
        (0, [np.arange(6.0).reshape(2, 3), np.ones(1)]),
        (0, (np.arange(6.0).reshape(3, 2), np.ones(1))),
        (0, (np.arange(6.0).reshape(2, 3), np.ones((1, 1)))),
        (0, (np.arange(6.0).reshape(2, 3),)),
        (1, (np.arange(3.0), np.full((3, 1), 2.0))),
        (3, 8),
        (3, 7.0),
        (4, 1e3),
    ],
)
def test_another_structure_or_integer_is_left_to_the_slow_comparison(k: int, other: Any) -> None:
    assert not QUICK.holds(*sent(answers([other if i == k else v for i, v in enumerate(VALUES)])))


@pytest.mark.parametrize("again", [[VALUES[4] + 1e-9, VALUES[1]], [VALUES[4]], [VALUES[4], VALUES[1][:1]]])
def test_a_second_call_that_differs_is_seen(again: list[Any]) -> None:
    assert not QUICK.holds(*sent([*VALUES, *again]))


def test_a_nan_that_signals_in_single_precision_warns_nobody() -> None:
    signalling = np.array([0x7FA00001] * 3, np.uint32).view(np.float32)
    values = [VALUES[0], (signalling, VALUES[1][1]), *VALUES[2:]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not QUICK.holds(*sent(answers(values)))
