"""The shrinker ends at cases that a person can follow: as small as an exhaustive search over 0 and 1 finds."""

import itertools
import pickle
import warnings

import numpy as np
import pytest
from support.fake_session import FakeSession

import rnnref
from answers import deck
from answers.inputs import Case
from quiz.grading import shrink as shrink_module
from quiz.grading.arguments import named, resized, sizes_of
from quiz.grading.cases import call_quietly, size_of, sweep
from quiz.grading.compare import Expected
from quiz.grading.examine import Examiner
from quiz.grading.runner import Outcome
from quiz.grading.shrink import shrink

STEP = deck.load_task("rnn-step")
MISTAKES = ["forgets-bias", "transposes-u", "forgets-state", "forgets-input", "no-activation", "sigmoid-for-tanh"]


def smallest(task, function, start=-1, seed=1):
    """The shrunk case from a large one, and the round trips that it took."""
    session = FakeSession(function)
    examiner = Examiner(session, task, 1000.0, laws=False)
    cases = sweep(task, seed)
    kinds = examiner(cases)
    failing = [k for k, kind in enumerate(kinds) if kind is not None]
    k = failing[start]
    session.trips = 0
    return shrink(task.inputs, cases[k], kinds[k], examiner, seconds=20.0), session.trips


def fails(task, function, case):
    expected = Expected([call_quietly(task.reference, case)], [False], 1000.0)
    return expected.mismatches([call_quietly(function, case)])[0] is not None


def zero_one_minimum(task, function):
    """The least (numbers, non-zero numbers) at which a case of zeros and ones fails, by trying every one."""
    shapes = {"x": "ND", "h": "NH", "W": "DH", "U": "HH", "b": "H"}
    for sizes in sorted(itertools.product((1, 2), repeat=3), key=sum):
        size = dict(zip("NDH", sizes, strict=True))
        dims = [tuple(size[letter] for letter in shapes[item.name]) for item in task.inputs]
        count = sum(map(np.prod, dims))
        if count > 13:
            continue
        for ones in range(count + 1):
            for places in itertools.combinations(range(count), ones):
                flat = np.zeros(count)
                flat[list(places)] = 1
                ends = np.cumsum([np.prod(d) for d in dims])[:-1]
                case = Case(tuple(part.reshape(d) for part, d in zip(np.split(flat, ends), dims, strict=True)))
                if fails(task, function, case):
                    return count, ones
    raise AssertionError("no case of zeros and ones fails")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_from_the_largest_failing_case_to_the_minimum_of_an_exhaustive_search(mistake):
    function = STEP.with_mistakes(frozenset({mistake}))
    case, trips = smallest(STEP, function)
    assert fails(STEP, function, case)
    telling = sum(np.count_nonzero(a) for a in case.args)
    assert (size_of(case), telling) <= zero_one_minimum(STEP, function)
    assert trips <= 40
    assert all(a.dtype == np.float64 and a.flags.c_contiguous for a in case.args)


@pytest.mark.parametrize(
    ("task_id", "mistake"),
    [
        ("gru-step", None),
        ("masked-forward", None),
        ("bidirectional", None),
        ("clip-by-global-norm", None),
        ("softmax", None),
    ],
)
def test_every_kind_of_input_shrinks_to_something_proper(task_id, mistake):
    task = deck.load_task(task_id)
    for misconception in task.misconceptions[:6]:
        function = task.with_mistakes(frozenset({misconception.id}))
        session = FakeSession(function)
        examiner = Examiner(session, task, 1.0, laws=False)
        cases = sweep(task, 3)
        kinds = examiner(cases)
        k = max(k for k, kind in enumerate(kinds) if kind is not None)
        case = shrink(task.inputs, cases[k], kinds[k], examiner, seconds=20.0)
        assert examiner([case]) == [kinds[k]]
        assert size_of(case) <= size_of(cases[k])


def test_the_kind_of_failure_stays_what_it_was():
    def stumbles(x, h, W, U, b):
        if len(x) >= 3:
            raise ValueError("three")
        return rnnref.rnn_step(x, h, W, U, b) + 1

    session = FakeSession(stumbles)
    examiner = Examiner(session, STEP, laws=False)
    case = next(c for c in reversed(sweep(STEP, 1)) if len(c.args[0]) == 5)
    shrunk = shrink(STEP.inputs, case, examiner([case])[0], examiner)
    assert len(shrunk.args[0]) == 3


def test_counts_shrink_to_small_integers_and_lose_their_options():
    task = deck.load_task("lstm-param-count")
    function = task.with_mistakes(frozenset({task.misconceptions[0].id}))
    case, _ = smallest(task, function)
    assert max(v for v in named(task.inputs, case).values()) <= 3


def test_cutting_goes_gate_block_by_gate_block():
    task = deck.load_task("lstm-step")
    H = 3
    b = np.repeat([1.0, 2.0, 3.0, 4.0], H)
    case = Case((np.ones((2, 2)), np.ones((2, H)), np.ones((2, H)), np.ones((2, 12)), np.ones((H, 12)), b))
    cut = resized(task.inputs, case, {"N": 1, "D": 1, "H": 2})
    assert sizes_of(task.inputs, cut) == {"N": 1, "D": 1, "H": 2}
    assert cut.args[5].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


def test_what_lies_in_the_last_unit_is_kept_where_it_alone_fails():
    def overflows(x, h, c, W, U, b):
        h_new, c_new = rnnref.lstm_step(x, h, c, W, U, b)
        return np.where(c_new > 300, np.nan, h_new), c_new

    task = deck.load_task("lstm-step")
    large = np.zeros((3, 4))
    large[-1, -1] = 1e5
    rng = np.random.default_rng(3)
    args = (rng.normal(size=(3, 2)), np.zeros((3, 4)), large, np.zeros((2, 16)), np.zeros((4, 16)), np.zeros(16))
    examiner = Examiner(FakeSession(overflows), task, laws=False)
    smallest = shrink(task.inputs, Case(args), "values", examiner)
    assert sizes_of(task.inputs, smallest) == {"N": 1, "D": 1, "H": 1}


def test_the_largest_numbers_become_simple_ones_without_a_warning():
    case = next(c for c in sweep(STEP, 1) if size_of(c) > 20)
    huge = Case(tuple(np.full_like(a, 1.7e308) for a in case.args))
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        candidates = list(shrink_module._simple(STEP.inputs, huge))
    assert not log
    assert candidates
    assert all(np.isfinite(a).all() for c in candidates for a in c.args)


def test_entries_near_the_largest_number_stay_finite_while_they_get_simpler():
    task = deck.load_task("sigmoid")

    def wrong(x):
        seen.append(x)
        return np.where(np.abs(x) > 1e300, 0.3, rnnref.sigmoid(x))

    seen: list[np.ndarray] = []
    examiner = Examiner(FakeSession(wrong), task, laws=False)
    case = Case((np.array([1.7e308, -1.3e308, 0.5]),))
    shrunk = shrink(task.inputs, case, examiner([case])[0], examiner)
    assert shrunk.args[0].size == 1
    assert all(np.isfinite(x).all() for x in seen)


class Ended(FakeSession):
    """A session whose time is spent: it has nothing called, nor anything done meanwhile."""

    def call(self, function, cases, seconds=None, meanwhile=None):
        return [Outcome("timeout", error="10 s")] * len(cases)


def test_of_a_case_that_is_no_proper_input_nothing_is_said():
    """The submission may have been called on it, as the reference is asked at the same time."""
    proper = next(c for c in sweep(STEP, 1) if size_of(c) > 20)
    x, h, W, U, b = proper.args
    no_input = Case((x, h, W, U, b[:-1]))
    examiner = Examiner(FakeSession(lambda *_: 0.0), STEP, laws=False)
    outcomes, found = examiner.examine([no_input, proper, no_input])
    assert [f and f.check for f in found] == [None, "structure", None]
    assert [o is None for o in outcomes] == [True, False, True]


def test_a_session_whose_time_is_spent_is_no_case_that_holds():
    proper = next(c for c in sweep(STEP, 1) if size_of(c) > 20)
    (found,) = Examiner(Ended(STEP.reference), STEP, laws=False)([proper])
    assert found == ("timeout", "10 s")


def test_the_outcome_of_the_smallest_case_is_remembered():
    examiner = Examiner(FakeSession(lambda x, h, W, U, b: rnnref.rnn_step(x, h, W, U, b) + 1), STEP, laws=False)
    case = next(c for c in reversed(sweep(STEP, 1)))
    assert examiner.outcome(case) is None
    shrunk = shrink(STEP.inputs, case, examiner([case])[0], examiner)
    np.testing.assert_array_equal(examiner.outcome(shrunk).value, call_quietly(STEP.reference, shrunk) + 1)


@pytest.mark.parametrize("task_id", ["lstm-step", "clip-by-value", "lstm-param-count"])
def test_no_case_is_examined_twice(task_id):
    task = deck.load_task(task_id)
    function = task.with_mistakes(frozenset({task.misconceptions[0].id}))
    examiner = Examiner(FakeSession(function), task, laws=False)
    seen = []

    def examine(cases):
        seen.extend(pickle.dumps((c.args, sorted(c.kwargs.items()))) for c in cases)
        return examiner(cases)

    case = next(c for c in reversed(sweep(task, 1)) if examiner([c])[0] is not None)
    shrunk = shrink(task.inputs, case, examiner([case])[0], examine)
    assert len(seen) == len(set(seen)) > 0
    assert examiner.outcome(shrunk) is not None
