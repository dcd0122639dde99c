"""Draws a drill and checks an answer to it; nothing here knows a screen.

`deal` turns a drill into a `Hand`: options shuffled, sizes drawn. `check` says whether an answer is right, what would
have been, and why. The same `random.Random` state deals the same hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from answers.model import ChoiceDrill, Drill, FormulaDrill, NumberDrill, OrderDrill, Text, TrueFalseDrill
from quiz.catalogue import message
from quiz.formulas import FormulaError, evaluate, functions_of

if TYPE_CHECKING:
    import numpy as np

TRIALS = 4
"""On how many draws of shapes and values a formula is run."""
MOST_DRAWS = 200
"""How often a draw is repeated until it is as the question supposes."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A drill as it is shown. Place `k` holds the option or step with index `order[k]`; `sizes`: what was drawn."""

    drill: Drill
    ask: Text
    order: tuple[int, ...] = ()
    sizes: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    @property
    def shown(self) -> tuple[Text, ...]:
        """The options or steps in the order in which they are shown; empty for the other kinds."""
        match self.drill:
            case ChoiceDrill(options=texts) | OrderDrill(steps=texts):
                return tuple(texts[k] for k in self.order)
        return ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What an answer comes to. `solution`: what was right; `remark`: what is to be said about this very answer."""

    right: bool
    solution: Text
    why: Text
    remark: Text | None = None


class AnswerError(Exception):
    """The answer cannot be read (it is no number, no expression): nothing is counted, and `text` says what to do."""

    def __init__(self, text: Text, column: int | None = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.column = column


# ---------------------------------------------------------------- dealing


def deal(drill: Drill, random: Random) -> Hand:
    """The drill as it is to be shown this time."""
    seed = random.getrandbits(32)
    match drill:
        case ChoiceDrill():
            order = random.sample(range(len(drill.options)), len(drill.options))
            return Hand(drill, drill.ask, tuple(order), seed=seed)
        case OrderDrill():
            return Hand(drill, drill.ask, _disorder(len(drill.steps), random), seed=seed)
        case NumberDrill():
            sizes = dict(drill.draw(random))
            return Hand(drill, _filled(drill.ask, sizes), sizes=sizes, seed=seed)
        case TrueFalseDrill():
            return Hand(drill, drill.claim, seed=seed)
        case FormulaDrill():
            return Hand(drill, drill.ask, seed=seed)


def _disorder(count: int, random: Random) -> tuple[int, ...]:
    """A permutation that is not already in order (where there is another)."""
    order = list(range(count))
    while count > 1 and order == sorted(order):
        random.shuffle(order)
    return tuple(order)


def _filled(text: Text, values: Mapping[str, Any]) -> Text:
    return Text(zh=text.zh.format(**values), en=text.en.format(**values))


# ---------------------------------------------------------------- checking


def check(hand: Hand, answer: int | bool | str | Sequence[int]) -> Checked:
    """Whether `answer` is right.

    Choice: the place of the chosen option as shown. True-false: a bool. Order: the places as shown, in the order the
    learner puts them. Number and formula: what was typed. AnswerError where that cannot be read.
    """
    match hand.drill:
        case ChoiceDrill() as drill:
            right = isinstance(answer, int) and hand.order[answer] == drill.right
            return Checked(right, solution(hand), drill.why)
        case TrueFalseDrill() as drill:
            return Checked(answer is drill.holds, solution(hand), drill.why)
        case OrderDrill() as drill:
            assert isinstance(answer, Sequence)
            return _check_order(hand, drill, [int(k) for k in answer])
        case NumberDrill() as drill:
            return _check_number(hand, drill, str(answer))
        case FormulaDrill() as drill:
            return _check_formula(hand, drill, str(answer))


def solution(hand: Hand) -> Text:
    """What is right, without an answer."""
    match hand.drill:
        case ChoiceDrill() as drill:
            return drill.options[drill.right]
        case TrueFalseDrill() as drill:
            return message("common.true") if drill.holds else message("common.false")
        case OrderDrill() as drill:
            return _listed(drill.steps)
        case NumberDrill() as drill:
            shown = _plain_number(drill.answer(**hand.sizes))
            return Text(zh=shown, en=shown)
        case FormulaDrill() as drill:
            return Text(zh=drill.answer, en=drill.answer)


def why(hand: Hand) -> Text:
    """Why that is right."""
    drill = hand.drill
    if isinstance(drill, NumberDrill):
        return _filled(drill.why, {**hand.sizes, "answer": drill.answer(**hand.sizes)})
    return drill.why


def _plain_number(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) and value % 1 else f"{int(value)}"


def _check_order(hand: Hand, drill: OrderDrill, answer: Sequence[int]) -> Checked:
    placed = [hand.order[k] for k in answer]
    right = placed == list(range(len(drill.steps)))
    remark = None
    if not right:
        first = next(k for k, step in enumerate(placed) if step != k)
        remark = message("drill.wrong_order", place=first + 1, step=drill.steps[first])
    return Checked(right, solution(hand), drill.why, remark)


def _listed(steps: Sequence[Text]) -> Text:
    return Text(
        zh="\n".join(f"{k}. {s.zh}" for k, s in enumerate(steps, 1)),
        en="\n".join(f"{k}. {s.en}" for k, s in enumerate(steps, 1)),
    )


_UNIT = re.compile(r"(个|倍|步|轮|次|字节|times|steps?|rounds?|bytes?|units?)\Z")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def read_number(typed: str) -> float:
    """A number as people type it: `1,024`, `1 024`, `3/4`, `4*(3+5)*5`, `1.5e-3`, `0.9^20`, `10⁻³`, `50%`, `3 倍`.

    AnswerError for all else, a decimal comma (`1,5`) included: taken for a separator it would count as another number.
    """
    text = typed.strip().lstrip("≈=＝约").rstrip("。，,;；").strip().replace("，", ",").replace("％", "%")
    text = _UNIT.sub("", text).rstrip()
    percent = text.endswith("%")
    text = _THOUSANDS.sub("", text.removesuffix("%")).replace("_", "").replace("^", "**").replace("＾", "**")
    digits = text.replace(" ", "")
    try:
        value = float(evaluate(digits if digits.isdigit() else text, {}))
    except (FormulaError, TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise AnswerError(message("drill.no_number"))
    return value / 100 if percent else value


def _check_number(hand: Hand, drill: NumberDrill, typed: str) -> Checked:
    value, right_value = read_number(typed), drill.answer(**hand.sizes)
    right = abs(value - right_value) <= drill.tolerance * abs(right_value)
    return Checked(right, solution(hand), why(hand))


# ---------------------------------------------------------------- formulas


def _check_formula(hand: Hand, drill: FormulaDrill, typed: str) -> Checked:
    try:
        trials = [_draw_values(drill, Random(hand.seed + k)) for k in range(TRIALS)]
        _refuse_barred(drill, typed)
        results = [evaluate(typed, values) for values in trials]
    except FormulaError as error:
        raise AnswerError(error.text, error.column) from None
    expected = [evaluate(drill.answer, values) for values in trials]
    if all(map(_same, results, expected)):
        return Checked(True, solution(hand), drill.why)
    return Checked(False, solution(hand), drill.why, _remark(drill, trials, results, expected))


def _refuse_barred(drill: FormulaDrill, typed: str) -> None:
    """FormulaError where the answer calls what the drill is to do without: `tanh(x)` is no way to write tanh."""
    for name in drill.without:
        if name in functions_of(typed):
            raise FormulaError(message("drill.barred", name=name))


def _draw_values(drill: FormulaDrill, random: Random) -> dict[str, Any]:
    """Values of every variable, as the question supposes them. FormulaError where no draw is like that."""
    for _ in range(MOST_DRAWS):
        values = _draw_freely(drill, random)
        if not drill.where or evaluate(drill.where, values) > 0:
            return values
    raise FormulaError(message("drill.no_draw", where=drill.where))


def _draw_freely(drill: FormulaDrill, random: Random) -> dict[str, Any]:
    """Every variable as an array, with sizes that differ from one another, so that no mistake hides in a square."""
    import numpy as np

    letters = "TNDHK"
    sizes = dict(zip(letters, random.sample(range(2, 8), len(letters)), strict=True))
    generator = np.random.default_rng(random.getrandbits(64))
    values: dict[str, Any] = {letter: np.float64(size) for letter, size in sizes.items()}
    for name, shape in drill.variables.items():
        extents = tuple(_extent(dimension, sizes) for dimension in shape)
        if name in drill.unit:
            values[name] = generator.uniform(0.05, 0.95, extents)
        elif name in drill.positive:
            values[name] = np.exp(generator.normal(size=extents)) + 0.1
        else:
            values[name] = generator.normal(size=extents)
    return values


def _extent(dimension: Any, sizes: Mapping[str, int]) -> int:
    if isinstance(dimension, tuple):
        return int(dimension[0]) * sizes[dimension[1]]
    return sizes[dimension] if isinstance(dimension, str) else int(dimension)


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    import numpy as np

    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9, equal_nan=True))


def _remark(
    drill: FormulaDrill, trials: list[dict[str, Any]], results: list[np.ndarray], expected: list[np.ndarray]
) -> Text:
    """A known mistake's own words where the answer equals it on every draw, else what is plain to see."""
    for wrong, said in drill.wrong:
        try:
            if all(map(_same, results, (evaluate(wrong, values) for values in trials))):
                return said
        except FormulaError:
            continue
    got, want = results[0], expected[0]
    if got.shape != want.shape:
        return message("drill.shape_differs", mine=got.shape, right=want.shape)
    k = int(abs(got - want).argmax())
    mine, right = got.ravel()[k], want.ravel()[k]
    return message("drill.values_differ", mine=mine, right=right)
