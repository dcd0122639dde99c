"""scaled_dot_product: softmax(q kᵀ / √d) v for one sequence of queries and one of keys and values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text


def with_mistakes(wrong: frozenset[str]):
    def scale(q, k):
        if "forgets-scale" in wrong:
            return 1.0
        if "divides-by-d" in wrong:
            return q.shape[-1]
        return np.sqrt(len(k) if "counts-keys" in wrong else q.shape[-1])

    def scaled_dot_product(q, k, v):
        scores = q @ k.T / np.asarray(scale(q, k), q.dtype)
        axis = 0 if "normalises-over-queries" in wrong else -1
        top = 0 if "keeps-maximum" in wrong else scores.max(axis=axis, keepdims=True)
        weights = np.exp(scores - top)
        if "forgets-to-normalise" not in wrong:
            weights = weights / weights.sum(axis=axis, keepdims=True)
        if "forgets-softmax" in wrong:
            weights = scores
        return weights if "returns-weights" in wrong else weights @ v

    return scaled_dot_product


MISCONCEPTIONS = (
    Misconception(
        "forgets-scale",
        Text(
            zh="没有除以 √d：点积的方差随 d 增大，应为 `q @ k.T / np.sqrt(q.shape[-1])`。",
            en="You don't divide by √d: the products' variance grows with d; write `q @ k.T / np.sqrt(q.shape[-1])`.",
        ),
    ),
    Misconception(
        "divides-by-d",
        Text(
            zh="除的是 d 而不是 √d：标准差是 √d，应为 `np.sqrt(q.shape[-1])`。",
            en="You divide by d, not by √d: the standard deviation is √d, so `np.sqrt(q.shape[-1])`.",
        ),
    ),
    Misconception(
        "counts-keys",
        Text(
            zh="√ 里用了键的个数 `len(k)`：应为特征维 `q.shape[-1]`。",
            en="Your root holds the number of keys `len(k)`: it takes the feature size `q.shape[-1]`.",
        ),
    ),
    Misconception(
        "normalises-over-queries",
        Text(
            zh="softmax 沿查询的轴归一化了：每个查询对所有键的权重之和为 1，即 `axis=-1`。",
            en="Your softmax runs over the queries: each query's weights sum to 1 over the keys, `axis=-1`.",
        ),
    ),
    Misconception(
        "keeps-maximum",
        Text(
            zh="没有先减去每行的最大值：分数大时 exp 溢出成 inf，inf / inf 得 NaN。",
            en="You don't subtract each row's maximum: for large scores exp overflows and inf / inf is NaN.",
        ),
    ),
    Misconception(
        "forgets-to-normalise",
        Text(
            zh="没有归一化：指数之后还要除以 `weights.sum(axis=-1, keepdims=True)`。",
            en="You don't normalise: divide the exponentials by `weights.sum(axis=-1, keepdims=True)`.",
        ),
    ),
    Misconception(
        "forgets-softmax",
        Text(
            zh="没有取 softmax：分数直接乘了 v，权重会是负的，和也不为 1。",
            en="You take no softmax: the scores multiply v as they are, so weights are negative and sum to anything.",
        ),
    ),
    Misconception(
        "returns-weights",
        Text(
            zh="返回的是权重：还要乘 v，即 `weights @ v`。",
            en="You return the weights: they are still to be multiplied by v, `weights @ v`.",
        ),
    ),
)


def _within_values(args, result):
    v, result = args[2], np.asarray(result, np.float64)
    slack = 1e-4 * (1 + np.abs(v).max())
    return bool((result <= v.max(axis=0) + slack).all() and (result >= v.min(axis=0) - slack).all())


def _reversed_memory(args):
    q, k, v = args
    return ((q, k[::-1], v[::-1]),)


def _same(args, result, other):
    return bool(np.allclose(result, other, rtol=1e-4, atol=1e-4 * (1 + np.abs(args[2]).max())))


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    q, v = rng.normal(size=(2, 3)), rng.normal(size=(4, 5))
    yield Case((1000 * q, 1000 * rng.normal(size=(4, 3)), v), note="huge scores")
    yield Case((q, np.zeros((4, 3)), v), note="all keys equal: the mean of the values")
    yield Case((q, rng.normal(size=(1, 3)), v[:1]), note="a single key")


TASK = Task(
    id="scaled-dot-product",
    function="scaled_dot_product",
    ask=Text(
        zh="""\
写出缩放点积注意力：`scaled_dot_product(q, k, v)`。

- `q (T, D)`：T 个查询；`k (N, D)`、`v (N, H)`：N 个键和对应的值
- 返回 softmax(q kᵀ / √D) v，形状 `(T, H)`，dtype 与输入相同；softmax 沿键的轴
- 分数很大时不能溢出
""",
        en="""\
Write scaled dot-product attention: `scaled_dot_product(q, k, v)`.

- `q (T, D)`: T queries; `k (N, D)`, `v (N, H)`: N keys and their values
- returns softmax(q kᵀ / √D) v, of shape `(T, H)` and the inputs' dtype; the softmax runs over the keys
- large scores must not overflow
""",
    ),
    inputs=(Array("q", ("T", "D")), Array("k", ("N", "D")), Array("v", ("N", "H"))),
    reference=with_mistakes(frozenset()),
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="每个查询与每个键各有一个分数：是什么形状？", en="Each query has a score with each key: of what shape?"
        ),
        Text(
            zh="分数除以 √D，沿键的轴做稳定的 softmax，再对值加权求和。",
            en="Scores over √D, a stable softmax along the keys, then the weighted sum of the values.",
        ),
        Text(
            zh="`s = q @ k.T / np.sqrt(q.shape[-1])`，`w = np.exp(s - s.max(-1, keepdims=True))`，`return w / w.sum(-1, keepdims=True) @ v`",
            en="`s = q @ k.T / np.sqrt(q.shape[-1])`, `w = np.exp(s - s.max(-1, keepdims=True))`, `return w / w.sum(-1, keepdims=True) @ v`",
        ),
    ),
    interviewers_look_for=Text(
        zh="轴不含糊：分数是 (T, N)，softmax 沿 N；说得出为什么除以 √D，并主动减去最大值。",
        en="No doubt about axes: scores are (T, N), the softmax runs over N; the reason for √D; the maximum subtracted unprompted.",
    ),
    laws=(
        Law(
            "within-values",
            Text(zh="输出落在值的范围之内", en="the output lies within the range of the values"),
            _within_values,
        ),
        Law(
            "order-of-keys",
            Text(zh="键和值一起换顺序，结果不变", en="keys and values reordered together give the same result"),
            _same,
            derive=_reversed_memory,
        ),
    ),
    corner_cases=corner_cases,
)
