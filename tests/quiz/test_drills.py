import dataclasses
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.model import ChoiceDrill, FormulaDrill, NumberDrill, OrderDrill, Text, TrueFalseDrill
from quiz import drills
from quiz.drills import AnswerError, check, deal, read_number
from quiz.formulas import FormulaError, evaluate


def both(text):
    return Text(zh=text, en=text)


CHOICE = ChoiceDrill("c", both("?"), tuple(map(both, "wxyz")), 2, both("because"))
ORDER = OrderDrill("o", both("?"), tuple(map(both, "abcde")), both("because"))
NUMBER = NumberDrill(
    "n",
    both("D = {D}, H = {H}?"),
    lambda random: {"D": random.randint(2, 99), "H": random.randint(2, 99)},
    lambda D, H: 4 * H * (D + H + 1),
    both("4 * {H} * ({D} + {H} + 1) = {answer}"),
)
RATIO = NumberDrill("r", both("{a}?"), lambda random: {"a": 3}, lambda a: a / 4, both("{answer:.2f}"), tolerance=0.02)
GATE = FormulaDrill(
    "f",
    both("?"),
    {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
    "sigmoid(x @ W + h @ U + b)",
    both("because"),
    wrong=(("tanh(x @ W + h @ U + b)", both("a gate is a sigmoid")),),
)


@given(st.integers(0, 2**32))
def test_every_option_is_shown_once_and_only_the_right_one_is_right(seed):
    hand = deal(CHOICE, Random(seed))
    assert sorted(hand.order) == [0, 1, 2, 3]
    right = [k for k in range(4) if check(hand, k).right]
    assert [hand.shown[k].en for k in right] == ["y"]


@given(st.integers(0, 2**32))
def test_steps_are_never_shown_in_order_and_only_their_order_is_right(seed):
    hand = deal(ORDER, Random(seed))
    assert list(hand.order) != sorted(hand.order)
    solution = [hand.order.index(k) for k in range(5)]
    assert check(hand, solution).right
    swapped = [solution[1], solution[0], *solution[2:]]
    found = check(hand, swapped)
    assert not found.right
    assert "step 1" in found.remark.en


def test_true_or_false():
    hand = deal(TrueFalseDrill("t", both("δ is σ"), False, both("because")), Random(0))
    assert check(hand, False).right
    assert not check(hand, True).right


@given(st.integers(0, 2**32))
def test_numbers_are_drawn_afresh_and_only_the_exact_integer_counts(seed):
    hand = deal(NUMBER, Random(seed))
    D, H = hand.sizes["D"], hand.sizes["H"]
    assert hand.ask.en == f"D = {D}, H = {H}?"
    assert check(hand, str(4 * H * (D + H + 1))).right
    assert check(hand, f"4*{H}*({D}+{H}+1)").right
    assert not check(hand, str(4 * H * (D + H))).right


def test_a_tolerance_is_relative():
    hand = deal(RATIO, Random(0))
    assert [check(hand, typed).right for typed in ("0.75", "3/4", "75%", "0.76", "0.70", "-0.75")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,024", 1024),
        ("1 024", 1024),
        ("１０２４", 1024),
        ("1_024", 1024),
        ("3/4", 0.75),
        ("2e3", 2000),
        ("−5", -5),
        ("50％", 0.5),
        ("０．７５", 0.75),
        ("1，024", 1024),
        ("12,345,678", 12_345_678),
        ("0.5^3", 0.125),
        ("2**10", 1024),
        ("1.5×10^-3", 0.0015),
        ("1.5×10⁻³", 0.0015),
        ("2¹⁰", 1024),
        ("ln(1)", 0),
        ("≈ 3.5", 3.5),
        ("= 12", 12),
        ("12 个", 12),
        ("3 倍", 3),
        ("20 steps", 20),
        ("5。", 5),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1e999", "9**9**9**9", "1/0", "import os", "[1]", "12 头", "个", "1,5", "0,75", "1.234,5", "1,0000"],
)
def test_what_is_no_number_is_said_and_not_counted(typed):
    with pytest.raises(AnswerError, match="number"):
        check(deal(NUMBER, Random(0)), typed)


@pytest.mark.parametrize(
    "typed",
    [
        "sigmoid(x @ W + h @ U + b)",
        "f = np.sigmoid(b + h@U + x@W)",
        "1 / (1 + exp(-(x @ W + h @ U + b)))",
        "σ（x@W＋h@U＋b）",
        "0.5 + 0.5 * tanh((x @ W + h @ U + b) / 2)",
        "sigmoid((W.T @ x.T + U.T @ h.T).T + b)",
        "sigmoid(x @ W + h @ U + b)² ÷ sigmoid(x @ W + h @ U + b)",
    ],
)
def test_a_formula_is_graded_by_running_it(typed):
    assert check(deal(GATE, Random(3)), typed).right


@pytest.mark.parametrize("typed", ["tanh(x)", "np.tanh(x)", "2 * sigmoid(2 * x) - 1 + 0 * tanh(x)"])
def test_what_a_drill_does_without_is_said_and_not_counted(typed):
    drill = FormulaDrill(
        "f", both("tanh by sigmoid?"), {"x": ("N",)}, "2 * σ(2 * x) - 1", both("because"), without=("tanh",)
    )
    with pytest.raises(AnswerError, match="without tanh"):
        check(deal(drill, Random(0)), typed)
    assert check(deal(drill, Random(0)), drill.answer).right


def test_values_are_drawn_as_the_question_supposes_them():
    """Where it says that g is longer than m, what is right there alone is right."""
    drill = FormulaDrill(
        "f", both("clipped, where g is longer than m?"), {"g": ("N", "D"), "m": ()}, "g * m / norm(g)", both("because"),
        positive=("m",), where="norm(g) - m",
    )  # fmt: skip
    for seed in range(30):
        assert check(deal(drill, Random(seed)), "g * minimum(1, m / norm(g))").right
        assert not check(deal(drill, Random(seed)), "g").right
    never = dataclasses.replace(drill, where="m - m")
    with pytest.raises(AnswerError, match="m - m > 0"):
        check(deal(never, Random(0)), "g")


def test_a_known_mistake_gets_its_own_words():
    found = check(deal(GATE, Random(0)), "tanh(b + x @ W + h @ U)")
    assert not found.right
    assert found.remark.en == "a gate is a sigmoid"


def test_a_wrong_shape_and_a_wrong_value_are_told_apart():
    hand = deal(GATE, Random(0))
    assert "shape" in check(hand, "sum(x)").remark.en
    assert "differ" in check(hand, "sigmoid(x @ W + h @ U)").remark.en


def test_sizes_of_different_letters_differ_so_that_no_mistake_hides_in_a_square():
    for seed in range(50):
        values = drills._draw_values(GATE, Random(seed))
        assert len({values[letter] for letter in "TNDHK"}) == 5


@pytest.mark.parametrize(
    "typed",
    [
        "__import__('os').system('true')", "x.__class__", "(lambda: 1)()", "[v for v in x]", "x if x else h", "x[0]", "x and h",
        "open", "exec", "x.base", "'a' * 9", "True", "None", "1j", "x < h", "~x", "x // 2", "x % 2", "tanh(*x)", "sum(x, axis=b, out=x)",  # noqa: E501
        "tanh", "tanh()", "eye(100000)", "eye(-1)", "x @ U", "(" * 90 + "x" + ")" * 90 + "+", "x" + "+x" * 300, "-" * 180 + "x", "",
    ],
)  # fmt: skip
def test_what_is_not_in_the_language_is_refused_in_one_sentence(typed):
    with pytest.raises(AnswerError) as refused:
        check(deal(GATE, Random(0)), typed)
    assert refused.value.text.zh
    assert "\n" not in refused.value.text.en


def test_powers_stay_small():
    assert evaluate("9 ** 9 ** 9", {}) == np.inf
    assert evaluate("2 ** 3 - x.T", {"x": np.ones((2, 3))}).shape == (3, 2)


_LEAVES = st.sampled_from(["x", "h", "b", "2", "0.5", "x.T"])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+ - * / @ **".split()), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["tanh", "sum", "-", "norm", "relu", "softmax", "diag"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
    ),
    max_leaves=8,
)


@given(_TREES)
@settings(max_examples=150, deadline=None)
def test_any_expression_of_the_language_gives_an_array_or_one_sentence(expression):
    values = {"x": np.ones((3, 4)), "h": np.full((3, 5), 0.5), "b": np.arange(5.0)}
    try:
        result = evaluate(expression, values)
    except FormulaError as error:
        result = error.text.zh and error.text.en
    assert isinstance(result, np.ndarray) or result
    np.testing.assert_array_equal(values["b"], np.arange(5.0))


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_evaluator(text):
    try:
        found = evaluate(text, {"x": np.ones(3)})
    except FormulaError as error:
        found = error.text.en
    assert isinstance(found, np.ndarray) or found
