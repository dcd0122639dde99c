"""The plan of a sweep: which sizes, magnitudes, dtypes and layouts meet in one case.

Small cases hide mistakes: at H = 1 resetting before and after the product are the same function, at N = 1 a sum over the
batch is missed, with D = H a swapped matrix passes, where U is symmetric a transpose does. And a mistake may show only where
two such things meet. So most cases of a sweep are the rows of an orthogonal array of strength 2 (Hedayat, Sloane & Stufken
1999, chapter 9): eight factors of four levels (each size, and what the arrays are like) and one of eight (magnitude), in 32
rows. Every two levels of different factors meet: those of two four-level factors in two rows, every magnitude meets every level
of every other factor in one. Which column is whose, and which level is which, is drawn afresh each time, as the numbers are.
Only float32 and large numbers are kept apart, in a case each: where they met, rounding could turn a right solution away (of a
gate that is 1e-7, 0.5 (1 + tanh(a / 2)) has no digit left).

Around them stand the cases with which a reader begins (all sizes 1, and telling ones, of small integers), each argument at zero
once, the largest case of the contract and, where there are steps, one more long sequence; a task adds what is special about it.

About fifty cases are stronger than two hundred of random sizes and styles were. A sweep meets 95 in a hundred of the pairs of corners
that any of thirty sweeps meets; those two hundred met 83 of the same. No mutant of a model solution passes with either, and every
misconception is named. `tests/benchmarks/strength.py` measures all that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from answers.record import replace
from quiz.grading.drawing import Style
from quiz.grading.generator import LightGenerator

LARGEST = {"T": 50, "N": 5, "D": 8, "H": 8, "K": 8}
"""The contract's limits; all are at least 5, up to which sizes are drawn."""
TELLING = {"T": 4, "N": 2, "D": 3, "H": 5, "K": 4}
"""No two sizes that could be taken for each other are alike."""
BRIEF = {"T": 2, "N": 2, "D": 3, "H": 2, "K": 3}

SMALL = Style(integers=True)
PLAIN = Style()
MAGNITUDES = (
    PLAIN,
    SMALL,
    Style(scale=3.0),
    PLAIN,
    Style(scale=1e-3),
    Style(scale=30.0),
    Style(scale=1000.0, only=0),
    Style(scale=1e-3, only=0),
)
"""The levels of the factor that has eight. Plain numbers tell most, so they have two."""
FOURS = 8
"""Factors of four levels that there is room for."""


def _product(a: int, b: int) -> int:
    """Of two elements of the field of eight elements, polynomials over {0, 1} modulo x^3 + x + 1."""
    c = a * (b & 1) ^ a * (b & 2) ^ a * (b & 4)
    for bit in (4, 3):
        if c >> bit & 1:
            c ^= 0b1011 << bit - 3
    return c


ROWS = tuple((p, tuple(q ^ _product(column, p) & 3 for column in range(FOURS))) for p in range(8) for q in range(4))
"""The array: the level of the factor of eight, and those of the factors of four.

Of two columns i, j the levels are q ^ L(i p) and q ^ L(j p), where L drops a bit. Their difference L((i - j) p) takes each
value twice, and q is free: so every two levels meet, twice.
"""


def plan(letters: Sequence[str], arguments: int, rng: LightGenerator) -> Iterator[tuple[dict[str, int], Style]]:
    """Sizes and style of each case of a sweep over the sizes `letters`, for a function of so many arguments."""
    ones, twos = dict.fromkeys(letters, 1), dict.fromkeys(letters, 2)
    telling = {x: TELLING.get(x, 3) for x in letters}
    for _ in range(3):
        yield ones, SMALL
    yield twos, SMALL
    yield telling, SMALL
    yield telling, PLAIN
    yield from _rows(letters, rng)
    for k in range(arguments):
        yield {x: BRIEF.get(x, 2) for x in letters}, Style(zero=k, integers=True)
    if letters:
        yield {x: LARGEST.get(x, 5) for x in letters}, PLAIN
    if "T" in letters:
        yield {**telling, "T": 6 + rng.integers(10)}, PLAIN


def _rows(letters: Sequence[str], rng: LightGenerator) -> Iterator[tuple[dict[str, int], Style]]:
    columns = rng.permutation(FOURS).tolist()
    relabelled = [rng.permutation(4).tolist() for _ in range(FOURS)]
    magnitude, turn = rng.permutation(8).tolist(), rng.integers(8)
    *of_sizes, layout, dtype, symmetric, integers = range(FOURS)
    for k, (eighth, fourths) in enumerate(ROWS):
        levels = [relabelled[f][fourths[columns[f]]] for f in range(FOURS)]
        sizes = _sizes({x: levels[f] for x, f in zip(letters, of_sizes, strict=False)}, rng)
        for letter in letters[len(of_sizes) :]:
            sizes[letter] = 1 + rng.integers(5)
        numbers = MAGNITUDES[magnitude[eighth]]
        style = replace(
            numbers,
            only=None if numbers.only is None else k + turn,
            strided=levels[layout] == 1,
            column_major=levels[layout] == 2,
            float32=levels[dtype] == 0,
            symmetric=levels[symmetric] == 0,
            numpy_ints=levels[integers] == 0,
        )
        if style.float32 and style.scale > 1.0:
            yield sizes, replace(style, scale=1.0, only=None)
            style = replace(style, float32=False)
        yield sizes, style


def _sizes(levels: dict[str, int], rng: LightGenerator) -> dict[str, int]:
    """A size for each level: 1, 2, 3, more; D is 1, as large as H, larger, or (where it can be) smaller than H."""
    sizes = {x: 4 + rng.integers(2) if level == 3 else 1 + level for x, level in levels.items()}
    if "D" in sizes and "H" in sizes:
        H, level = sizes["H"], levels["D"]
        below = 1 + rng.integers(H - 1) if H > 1 else 2
        sizes["D"] = (1, H, H + 1 + rng.integers(2), below)[level]
    return sizes
