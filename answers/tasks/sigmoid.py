"""sigmoid: 1 / (1 + exp(-x)) without overflow on either side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

import rnnref
from answers.inputs import AnyArray, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import strided
from answers.tasks._laws import close, is_single

FORMULAS: dict[str, Callable[..., Any]] = {
    "overflows-below": lambda x: 1 / (1 + np.exp(-x)),
    "overflows-above": lambda x: np.exp(x) / (1 + np.exp(x)),
    "positive-branch-only": lambda x: 1 / (1 + np.exp(-np.abs(x))),
    "negative-branch-only": lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))),
    "forgets-reciprocal": lambda x: 1 + np.exp(-x),
    "forgets-one": lambda x: 1 / np.exp(-x),
    "tanh-for-sigmoid": np.tanh,
    "forgets-to-halve": lambda x: 1 + np.tanh(x / 2),
    "steeper-tanh": lambda x: (1 + np.tanh(x)) / 2,
    "softmax-for-sigmoid": rnnref.softmax,
    "hard-sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
}


def with_mistakes(wrong: frozenset[str]):
    formulas = [f for name, f in FORMULAS.items() if name in wrong] or [rnnref.sigmoid]

    def sigmoid(x):
        if "flips-sign" in wrong:
            x = -x
        y = reduce(lambda y, formula: formula(y), formulas, x)
        return y * (1 - y) if "returns-derivative" in wrong else y

    return sigmoid


MISCONCEPTIONS = (
    Misconception(
        "overflows-below",
        Text(
            zh="大负数时溢出：`1 / (1 + np.exp(-x))` 在 x = -1000 处要算 exp(1000)，会告警；x < 0 时改用 `e / (1 + e)`，其中 e = exp(x)。",
            en="You overflow for large negative x: `1 / (1 + np.exp(-x))` takes exp(1000) at x = -1000 and warns; below 0 use `e / (1 + e)` with e = exp(x).",
        ),
    ),
    Misconception(
        "overflows-above",
        Text(
            zh="大正数时得到 NaN：`np.exp(x) / (1 + np.exp(x))` 在 x = 1000 处是 inf / inf；x >= 0 时改用 `1 / (1 + np.exp(-x))`。",
            en="You get NaN for large positive x: `np.exp(x) / (1 + np.exp(x))` is inf / inf at x = 1000; from 0 up use `1 / (1 + np.exp(-x))`.",
        ),
    ),
    Misconception(
        "positive-branch-only",
        Text(
            zh="取了 |x| 却没有分支：`1 / (1 + np.exp(-np.abs(x)))` 只对 x >= 0 成立，负半轴应为 `e / (1 + e)`。",
            en="You take |x| and never branch: `1 / (1 + np.exp(-np.abs(x)))` is right for x >= 0 only; below 0 it is `e / (1 + e)`.",
        ),
    ),
    Misconception(
        "negative-branch-only",
        Text(
            zh="两侧都用了负半轴的式子：`e / (1 + e)`（e = exp(-|x|)）只对 x < 0 成立，x >= 0 时应为 `1 / (1 + e)`。",
            en="You use the formula for negative x on both sides: `e / (1 + e)` with e = exp(-|x|) holds below 0; from 0 up it is `1 / (1 + e)`.",
        ),
    ),
    Misconception(
        "forgets-reciprocal",
        Text(
            zh="漏了取倒数：`1 + np.exp(-x)` 是分母，结果应为 `1 / (1 + np.exp(-x))`。",
            en="You forget the reciprocal: `1 + np.exp(-x)` is the denominator, the result is `1 / (1 + np.exp(-x))`.",
        ),
    ),
    Misconception(
        "forgets-one",
        Text(
            zh="分母里少了 1：`1 / np.exp(-x)` 就是 exp(x)，应为 `1 / (1 + np.exp(-x))`。",
            en="You leave the 1 out of the denominator: `1 / np.exp(-x)` is just exp(x); write `1 / (1 + np.exp(-x))`.",
        ),
    ),
    Misconception(
        "flips-sign",
        Text(
            zh="指数的符号反了：是 `np.exp(-x)` 而不是 `np.exp(x)`，sigmoid 应随 x 增大。",
            en="You flip the sign in the exponent: it is `np.exp(-x)`, not `np.exp(x)`; the sigmoid grows with x.",
        ),
    ),
    Misconception(
        "tanh-for-sigmoid",
        Text(
            zh="返回的是 tanh：它的值域是 (-1, 1)；sigmoid 是 `(1 + np.tanh(x / 2)) / 2`，值域 (0, 1)。",
            en="You return tanh: its range is (-1, 1); the sigmoid is `(1 + np.tanh(x / 2)) / 2` and stays in (0, 1).",
        ),
    ),
    Misconception(
        "steeper-tanh",
        Text(
            zh="得到的是 σ(2x)：用 tanh 表示时自变量要减半，`(1 + np.tanh(x / 2)) / 2`。",
            en="You compute σ(2x): written with tanh the argument is halved, `(1 + np.tanh(x / 2)) / 2`.",
        ),
    ),
    Misconception(
        "forgets-to-halve",
        Text(
            zh="结果大了一倍：`1 + np.tanh(x / 2)` 的值域是 (0, 2)，还要除以 2。",
            en="Your result is twice too large: `1 + np.tanh(x / 2)` ranges over (0, 2); divide by 2.",
        ),
    ),
    Misconception(
        "softmax-for-sigmoid",
        Text(
            zh="返回的是 softmax：它让一行加起来等于 1；sigmoid 对每个元素单独计算，元素之间互不影响。",
            en="You return softmax: that makes a row sum to 1; the sigmoid treats each element on its own.",
        ),
    ),
    Misconception(
        "hard-sigmoid",
        Text(
            zh="用了分段线性的 hard sigmoid `clip(0.2 * x + 0.5, 0, 1)`：这里要的是 `1 / (1 + np.exp(-x))` 本身。",
            en="You use the piecewise linear hard sigmoid `clip(0.2 * x + 0.5, 0, 1)`: asked for is `1 / (1 + np.exp(-x))` itself.",
        ),
    ),
    Misconception(
        "returns-derivative",
        Text(
            zh="返回的是导数 `s * (1 - s)`：应返回 s 本身。",
            en="You return the derivative `s * (1 - s)`: return s itself.",
        ),
    ),
)


def _monotone(args, result):
    order = np.argsort(np.ravel(args[0]), kind="stable")
    return bool((np.diff(np.ravel(result)[order]) >= -1e-6).all())


LAWS = (
    Law(
        "unit-range",
        Text(zh="每个值都在 [0, 1] 内", en="every value lies in [0, 1]"),
        lambda args, result: bool(((np.asarray(result) >= 0) & (np.asarray(result) <= 1 + 1e-6)).all()),
    ),
    Law(
        "symmetric",
        Text(zh="关于 0 对称：σ(-x) = 1 - σ(x)", en="symmetric about 0: σ(-x) = 1 - σ(x)"),
        lambda args, result, mirrored: close(mirrored, 1 - np.asarray(result), is_single(*args)),
        derive=lambda args: ((-args[0],),),
    ),
    Law("monotone", Text(zh="x 越大，值不减", en="a larger x never gives a smaller value"), _monotone),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case((np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]),), note="far from 0 on both sides")
    yield Case((np.array([-1000.0]),), note="far below 0")
    yield Case((np.array([[1000.0], [750.0]]),), note="far above 0")
    yield Case((np.array([-1.7e308, 1.7e308]),), note="the largest finite numbers")
    yield Case((np.array([-3e38, -200.0, -90.0, 90.0, 200.0, 3e38], np.float32),), note="float32, far from 0")
    yield Case((np.zeros((2, 2)),), note="zeros")
    yield Case((np.array([-0.0, 1e-300, -1e-300]),), note="next to 0")
    yield Case((-np.abs(rng.normal(size=(2, 3))),), note="negative only")
    yield Case((np.abs(rng.normal(size=(2, 3))),), note="positive only")
    yield Case((strided(3 * rng.normal(size=(2, 3, 2))),), note="view with strides")


TASK = Task(
    id="sigmoid",
    function="sigmoid",
    ask=Text(
        zh="""\
写出 sigmoid：`sigmoid(x)` 返回 1 / (1 + exp(-x))。

- `x`：任意形状的浮点数组，元素都是有限数；返回同形状、同 dtype 的数组
- 对任何有限的 x（如 ±1000）都不能溢出，也不能产生 NumPy 警告
""",
        en="""\
Write the sigmoid: `sigmoid(x)` returns 1 / (1 + exp(-x)).

- `x`: a float array of any shape, all entries finite; the result has the same shape and dtype
- for no finite x (±1000, say) may it overflow or make NumPy warn
""",
    ),
    inputs=(AnyArray("x"),),
    reference=rnnref.sigmoid,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="x = -1000 时，exp(-x) 是多少？怎样让 exp 永远看不到正数？",
            en="What is exp(-x) at x = -1000? How can exp be kept from ever seeing a positive number?",
        ),
        Text(
            zh="用 e = exp(-|x|)，它不超过 1；x >= 0 与 x < 0 各用一个等价的式子。",
            en="Use e = exp(-|x|), which is at most 1, and two equivalent formulas, one for x >= 0 and one for x < 0.",
        ),
        Text(
            zh="`e = np.exp(-np.abs(x))`，然后 `return np.where(x >= 0, 1 / (1 + e), e / (1 + e))`",
            en="`e = np.exp(-np.abs(x))`, then `return np.where(x >= 0, 1 / (1 + e), e / (1 + e))`",
        ),
    ),
    interviewers_look_for=Text(
        zh="一开口就说出朴素写法在哪一侧溢出；知道 `np.where` 两个分支都会求值，所以要让两个分支都安全。",
        en="You say at once on which side the plain formula overflows, and know that `np.where` evaluates both branches, so both must be safe.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
    silent=True,
)
