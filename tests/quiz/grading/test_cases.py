"""The sweep is drawn afresh, covers what hides mistakes, and stays within the contract."""

import itertools
import re
import subprocess
import sys
from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import corners

from answers import deck
from answers.inputs import AnyArray, Array, Axis, Flag, Integer
from answers.record import replace
from answers.tasks._notes import note
from quiz.grading import cases, design, examine
from quiz.grading.arguments import sizes_of
from quiz.grading.drawing import Style, note_of
from quiz.grading.generator import LightGenerator

TASKS = [t for t in deck.BUILT_IN.task_ids() if deck.BUILT_IN.path_of(f"tasks.{t.replace('-', '_')}").exists()]
LIMITS = {"T": 50, "N": 5, "D": 8, "H": 8, "K": 8}


load = cache(deck.load_task)


def arrays(value):
    if isinstance(value, list | tuple):
        return [a for v in value for a in arrays(v)]
    return [value] if isinstance(value, np.ndarray) else []


@pytest.mark.parametrize("task_id", TASKS)
def test_cases_stay_within_the_contracts_sizes_and_the_reference_answers_each(task_id):
    task = deck.load_task(task_id)
    for case in cases.sweep(task, 5):
        assert all(n <= LIMITS.get(x, 50) for x, n in sizes_of(task.inputs, case).items())
        cases.call_quietly(task.reference, case)


@pytest.mark.parametrize("task_id", TASKS)
def test_what_a_case_is_for_is_said_in_both_languages(task_id):
    task = deck.load_task(task_id)
    notes = {case.note for case in cases.sweep(task, 5) if case.note}
    english = {word for n in notes for word in re.split(r"[^a-z]+", n) if len(word) > 3}
    kept = {word for n in notes for word in re.split(r"[^A-Za-z0-9_]+", note(n).zh)}
    assert kept & english <= {"axis", "gain", "limit", "logits", "lengths", "float", *(i.name for i in task.inputs)}


def test_a_seed_repeats_a_sweep_and_another_changes_it():
    task = deck.load_task("lstm-step")
    same = [cases.sweep(task, 3), cases.sweep(task, 3)]
    assert all(np.array_equal(a, b) for x, y in zip(*same, strict=True) for a, b in zip(x.args, y.args, strict=True))
    other = cases.sweep(task, 4)
    assert not all(np.array_equal(x.args[0], y.args[0]) for x, y in zip(same[0], other, strict=False))


@pytest.mark.parametrize("task_id", TASKS)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_every_corner_where_mistakes_hide_occurs_whatever_the_seed(task_id, seed):
    task = load(task_id)
    found = set().union(*(corners.reached(task, case) for part in cases.parts(task, seed) for case in part))
    assert corners.corners(task) - found == set()


@given(st.integers(0, 2**32 - 1), st.sampled_from(["NDH", "TNDH", "TNK", "H", ""]))
def test_every_two_levels_of_the_design_meet_whatever_the_seed(seed, letters):
    met = Counter()
    rows = len(design.ROWS) + 3  # float32 has a case of its own beside those of three large magnitudes
    for sizes, style in list(design.plan(letters, 6, LightGenerator(seed)))[6 : 6 + rows]:
        assert all(n <= LIMITS[x] for x, n in sizes.items())
        assert not (style.float32 and style.scale > 1)
        factors = {x: min(n, 4) for x, n in sizes.items() if x != "D"}
        factors |= {
            "magnitude": (style.integers, style.scale, style.only is None),
            "layout": (style.strided, style.column_major),
            "float32": style.float32,
            "symmetric": style.symmetric,
            "NumPy integers": style.numpy_ints,
        }
        met.update(itertools.combinations(factors.items(), 2))
    names = [x for x in letters if x != "D"]
    levels = {**dict.fromkeys(names, 4), "magnitude": 7, "layout": 3, "float32": 2, "symmetric": 2, "NumPy integers": 2}
    for (one, n), (other, m) in itertools.combinations(levels.items(), 2):
        apart = 3 if {one, other} == {"magnitude", "float32"} else 0
        assert sum({a[0], b[0]} == {one, other} for a, b in met) == n * m - apart, (one, other)


def test_the_array_is_orthogonal():
    rows = [(p, *q) for p, q in design.ROWS]
    for i, j in itertools.combinations(range(1 + design.FOURS), 2):
        assert Counter(Counter((row[i], row[j]) for row in rows).values()) == ({1: 32} if i == 0 else {2: 16})


def test_a_sweep_begins_with_what_a_reader_can_follow_and_is_sorted_by_size():
    task = load("lstm-step")
    drawn = [case for part in cases.parts(task, 8) for case in part]
    assert [sizes_of(task.inputs, c) for c in drawn[:3]] == [{"N": 1, "D": 1, "H": 1}] * 3
    assert all((a == np.round(2 * a) / 2).all() for c in drawn[:3] for a in arrays(c.args))
    sweep = cases.sweep(task, 8)
    assert [cases.size_of(c) for c in sweep] == sorted(cases.size_of(c) for c in sweep)
    assert {"D": 8, "N": 5, "H": 8} in [sizes_of(task.inputs, c) for c in sweep]


@pytest.mark.parametrize("task_id", ["lstm-step", "orthogonal-init", "clip-by-global-norm", "lstm-param-count"])
def test_enough_calls_are_made_for_state_that_builds_up_and_some_of_every_size_come_last(task_id):
    prepared = examine.Prepared(load(task_id), 3)
    assert len(prepared.calls) >= examine.FEWEST_CALLS
    last = [prepared.sizes[k] for k in prepared.repeats[-examine.REPEATS :]]
    assert last == sorted(last)
    assert len(prepared.repeats) >= examine.REPEATS
    calls = len(prepared.cases) + len(prepared.plan.calls) + len(prepared.repeats)
    assert calls == len(prepared.calls)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((Integer("n", 1, 9), Flag("bias", True)), ""),
        ((AnyArray("x"), Axis("axis", "x")), "x tiny, float32"),
        ((Array("x", ("N", "D")), Array("h", ("N", "H"))), "x tiny, symmetric matrices, float32"),
        ((Array("i", ("N", "H"), "unit"), Array("x", ("N",))), "float32"),
    ],
)
def test_a_note_says_only_what_touches_the_arguments(inputs, said):
    style = Style(scale=1e-3, only=0, symmetric=True, float32=True)
    assert note_of(style, inputs) == said


def test_a_note_names_the_argument_in_both_languages():
    inputs = (Array("x", ("T", "N", "D")), Array("W", ("D", "H")))
    assert note(note_of(Style(zero=0), inputs)).zh == "x 全为零"
    assert note(note_of(Style(scale=1000.0, only=1), inputs)).zh == "W 特别大"
    assert note_of(Style(zero=3, scale=1000.0), inputs) == "W all zero, large numbers"


def test_a_case_that_rounding_would_decide_is_drawn_anew_and_in_the_end_with_plain_numbers():
    def delicate(x, *_):
        return np.sin(1e12 * x) if np.abs(x).max() > 20 else x

    task, sizes = load("rnn-forward"), {"T": 3, "N": 2, "D": 2, "H": 2}
    style = Style(scale=30.0, strided=True)
    (case,) = cases.drawn(replace(task, reference=delicate), sizes, style, LightGenerator(4))
    assert case.note == "non-contiguous arrays"
    assert case.args[0].shape == (3, 2, 2)
    chaotic = replace(task, reference=lambda x, *_: np.sin(1e16 * x))
    assert cases.drawn(chaotic, sizes, Style(float32=True), LightGenerator(4)) == []


def test_options_are_passed_by_position_by_keyword_and_left_out():
    task = deck.load_task("lstm-param-count")
    sweep = cases.sweep(task, 2)
    assert {len(c.args) for c in sweep} >= {2, 3, 5}
    assert any(c.kwargs for c in sweep)
    assert any(len(c.args) == 2 and not c.kwargs for c in sweep)
    assert any(isinstance(c.args[0], np.integer) for c in sweep)


def test_drawing_loads_neither_numpy_random_nor_hypothesis():
    program = (
        "import sys\nfrom answers import deck\nfrom quiz.grading import cases\n"
        "cases.sweep(deck.load_task('lstm-step'), 1)\n"
        "print([m for m in ('numpy.random', 'hypothesis') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_chaos_is_no_case():
    task = deck.load_task("lstm-step")
    rng = np.random.default_rng(0)

    def chaotic(x):
        for _ in range(200):
            x = 3.99 * x * (1 - x)
        return x

    case = cases.Case((rng.random((3, 4)),))
    assert not cases.is_well_conditioned(chaotic, case)
    assert cases.is_well_conditioned(task.reference, cases.sweep(task, 1)[40])


class TestLightGenerator:
    def test_normals_and_uniforms_have_the_right_moments(self):
        rng = LightGenerator(1)
        normals, uniforms = rng.normal(size=200_000), rng.random(200_000)
        assert abs(normals.mean()) < 0.01
        assert abs(normals.std() - 1) < 0.01
        assert abs((normals**4).mean() - 3) < 0.1
        assert abs(uniforms.mean() - 0.5) < 0.005
        assert uniforms.min() >= 0
        assert uniforms.max() < 1

    def test_every_integer_of_a_range_comes(self):
        rng = LightGenerator(2)
        assert set(rng.integers(-2, 3, size=1000)) == {-2, -1, 0, 1, 2}
        assert {rng.integers(3) for _ in range(100)} == {0, 1, 2}

    def test_what_it_does_not_know_comes_from_numpys_generator(self):
        assert LightGenerator(3).exponential() == np.random.default_rng(3).exponential()
