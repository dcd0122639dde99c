"""softmax: exponentials normalised along one axis, with the maximum taken out first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import AnyArray, Axis, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import strided
from answers.tasks._laws import close, is_single


def with_mistakes(wrong: frozenset[str]):
    def shifted(x, axis):
        if "keeps-maximum" in wrong:
            return x
        if "one-maximum-for-all" in wrong:
            return x - x.max()
        return x - x.max(axis=axis, keepdims=True)

    def softmax(x, axis=-1):
        if "ignores-axis" in wrong:
            axis = -1
        if "first-axis" in wrong:
            axis = 0
        if "normalises-all" in wrong:
            axis = None
        if "softmin" in wrong:
            x = -x
        if "returns-log-sum" in wrong:
            z = shifted(x, axis)
            return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
        e = x if "forgets-exponential" in wrong else np.exp(shifted(x, axis))
        y = e if "forgets-to-normalise" in wrong else e / e.sum(axis=axis, keepdims="forgets-keepdims" not in wrong)
        return np.log(y) if "returns-log" in wrong else y

    return softmax


MISCONCEPTIONS = (
    Misconception(
        "keeps-maximum",
        Text(
            zh="没有先减最大值：x = 1000 时 exp 溢出成 inf，inf / inf 得 NaN；先写 `x = x - x.max(axis=axis, keepdims=True)`。",
            en="You don't subtract the maximum: at x = 1000 exp overflows and inf / inf is NaN; start with `x = x - x.max(axis=axis, keepdims=True)`.",
        ),
    ),
    Misconception(
        "one-maximum-for-all",
        Text(
            zh="减的是整个数组的最大值：离它很远的行会全部下溢成 0，0 / 0 得 NaN；应沿 `axis` 各取各的最大值。",
            en="You subtract the maximum of the whole array: a row far below it underflows to 0 / 0 = NaN; take the maximum along `axis`.",
        ),
    ),
    Misconception(
        "ignores-axis",
        Text(
            zh="没有用上 `axis`：总是沿最后一轴归一化；`max` 和 `sum` 都要传 `axis=axis`。",
            en="You ignore `axis`: the last one is always normalised; pass `axis=axis` to both `max` and `sum`.",
        ),
    ),
    Misconception(
        "first-axis",
        Text(
            zh="总是沿第 0 轴归一化：那通常是批的轴；默认是 `axis=-1`，并应以参数为准。",
            en="You always normalise along axis 0, usually the batch: the default is `axis=-1`, and the argument decides.",
        ),
    ),
    Misconception(
        "normalises-all",
        Text(
            zh="对整个数组归一化了：`e.sum()` 少了 `axis`，应为 `e.sum(axis=axis, keepdims=True)`。",
            en="You normalise over the whole array: `e.sum()` lacks its axis, `e.sum(axis=axis, keepdims=True)`.",
        ),
    ),
    Misconception(
        "softmin",
        Text(
            zh="指数的符号反了：最大的 x 应得到最大的概率，用 `np.exp(x)` 而不是 `np.exp(-x)`。",
            en="You flip the sign: the largest x gets the largest probability, so `np.exp(x)`, not `np.exp(-x)`.",
        ),
    ),
    Misconception(
        "forgets-keepdims",
        Text(
            zh="求和少了 `keepdims=True`：和的形状少一轴，相除时报错或按错误的轴广播；应为 `e.sum(axis=axis, keepdims=True)`。",
            en="Your sum lacks `keepdims=True`: it loses an axis, and the division fails or broadcasts along the wrong one; write `e.sum(axis=axis, keepdims=True)`.",
        ),
    ),
    Misconception(
        "forgets-exponential",
        Text(
            zh="没有取指数：`x / x.sum()` 可能为负甚至除以 0，应先 `e = np.exp(x - 最大值)`。",
            en="You take no exponential: `x / x.sum()` can be negative or divide by 0; start with `e = np.exp(x - maximum)`.",
        ),
    ),
    Misconception(
        "forgets-to-normalise",
        Text(
            zh="没有归一化：返回的是 `np.exp(x - 最大值)`，还要除以 `e.sum(axis=axis, keepdims=True)`。",
            en="You don't normalise: you return `np.exp(x - maximum)`, which is still to be divided by `e.sum(axis=axis, keepdims=True)`.",
        ),
    ),
    Misconception(
        "returns-log",
        Text(
            zh="返回的是 log-softmax：这里要概率本身，去掉 `np.log`。",
            en="You return the log-softmax: the probabilities themselves are asked for, without `np.log`.",
        ),
    ),
    Misconception(
        "returns-log-sum",
        Text(
            zh="返回的是 log-softmax（x 减去 log-sum-exp）：这里要概率本身，再取一次 `np.exp`。",
            en="You return the log-softmax, x minus the log-sum-exp: the probabilities themselves are asked for, one `np.exp` more.",
        ),
    ),
)


def _sums_to_one(args, result):
    result = np.asarray(result)
    axes = (args[1],) if len(args) > 1 else range(result.ndim)
    return any(close(result.sum(axis=axis), np.ones(np.delete(result.shape, axis)), is_single(*args)) for axis in axes)


def _moved(args):
    x = args[0]
    return ((x + 2, *args[1:]),) if np.abs(x).max() <= 100 else ()


LAWS = (
    Law("sums-to-one", Text(zh="沿 axis 的和为 1", en="the entries sum to 1 along the axis"), _sums_to_one),
    Law(
        "unit-range",
        Text(zh="每个值都在 [0, 1] 内", en="every value lies in [0, 1]"),
        lambda args, result: bool(((np.asarray(result) >= 0) & (np.asarray(result) <= 1 + 1e-6)).all()),
    ),
    Law(
        "shift-free",
        Text(zh="所有元素加上同一个数，结果不变", en="adding one number to all entries changes nothing"),
        lambda args, result, *moved: all(close(m, result, is_single(*args)) for m in moved),
        derive=_moved,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    x = rng.normal(size=(2, 3))
    yield Case((np.array([1000.0, 1000.0]),), note="large and equal")
    yield Case((np.array([[1000.0, 999.0, -1000.0], [0.0, 1.0, 2.0]]),), note="one row large")
    yield Case((np.array([-1000.0, -1001.0]),), note="far below 0")
    yield Case((np.array([[1e300, 0.0], [-1e300, -1e300]]),), note="huge")
    yield Case((np.array([[200.0, 100.0], [-200.0, -200.0]], np.float32), 1), note="float32, large")
    yield Case((np.zeros((3, 3)),), note="ties")
    yield Case((x, 0), note="axis by position")
    yield Case((x,), {"axis": 0}, note="axis by keyword")
    yield Case((rng.normal(size=(3, 3)), 0), note="square, axis 0")
    yield Case((rng.normal(size=(2, 3, 4)), 1), note="axis in the middle")
    yield Case((rng.normal(size=(2, 3, 4)), -3), note="negative axis")
    yield Case((rng.normal(size=(3, 1)),), note="a single class")
    yield Case((strided(x),), note="view with strides")


TASK = Task(
    id="softmax",
    function="softmax",
    ask=Text(
        zh="""\
写出 softmax：`softmax(x, axis=-1)`。

- `x`：任意形状（至少一轴）的浮点数组，元素都是有限数；`axis`：沿哪一轴归一化，可为负
- 返回 exp(x) / Σ exp(x)，形状和 dtype 与 x 相同，沿 `axis` 的和为 1
- x 很大（如 1000）时不能溢出，也不能产生 NumPy 警告
""",
        en="""\
Write softmax: `softmax(x, axis=-1)`.

- `x`: a float array with at least one axis, all entries finite; `axis`: the one to normalise along, may be negative
- returns exp(x) / Σ exp(x), of the shape and dtype of x, summing to 1 along `axis`
- large x (1000, say) must neither overflow nor make NumPy warn
""",
    ),
    inputs=(AnyArray("x"), Axis("axis", "x")),
    reference=rnnref.softmax,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="给每个元素加同一个数，结果变不变？",
            en="Does the result change when the same number is added to every entry?",
        ),
        Text(
            zh="先减去沿 axis 的最大值，再取指数、求和、相除；`keepdims=True` 让形状能广播回去。",
            en="Subtract the maximum along the axis, then exponentiate, sum and divide; `keepdims=True` lets the shapes broadcast back.",
        ),
        Text(
            zh="`e = np.exp(x - x.max(axis=axis, keepdims=True))`，然后 `return e / e.sum(axis=axis, keepdims=True)`",
            en="`e = np.exp(x - x.max(axis=axis, keepdims=True))`, then `return e / e.sum(axis=axis, keepdims=True)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="不用提醒就减最大值，并说明结果不变的理由；`axis` 与 `keepdims` 用得对。",
        en="The maximum is subtracted unprompted, with the reason why nothing changes; `axis` and `keepdims` are right.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
    silent=True,
)
