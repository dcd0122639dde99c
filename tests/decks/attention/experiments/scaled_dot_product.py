"""Attention is a lookup whose sharpness can be turned up, and its output never leaves the values' range."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text
from rnnref import softmax

from ..attending import attend, scores

T, N, D, E = 7, 9, 16, 5


def by_hand(q, k, v):
    """The same, one query and one key at a time."""
    rows = []
    for query in q:
        weight = np.array([np.exp(sum(a * b for a, b in zip(query, key, strict=True)) / D**0.5) for key in k])
        rows.append(sum(w * value for w, value in zip(weight / weight.sum(), v, strict=True)))
    return np.stack(rows)


def quick():
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(T, D)), rng.normal(size=(N, D)), rng.normal(size=(N, E))
    y = attend(q, k, v)
    yield Claim(
        "matrix-form-is-the-loop",
        Text(
            zh="矩阵写法与逐个查询的循环结果相同（最大差）",
            en="The matrix form equals a loop over queries (largest difference)",
        ),
        float(np.abs(y - by_hand(q, k, v)).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "weights-sum-to-one",
        Text(zh="每个查询的权重之和与 1 的差", en="How far each query's weights are from summing to 1"),
        float(np.abs(softmax(scores(q, k)).sum(axis=-1) - 1).max()),
        "<=",
        1e-12,
    )
    outside = np.maximum(y - v.max(axis=0), v.min(axis=0) - y).max()
    yield Claim(
        "inside-the-values",
        Text(
            zh="输出超出值的范围多少（负数表示在里面）",
            en="How far the output leaves the values' range (negative: inside)",
        ),
        float(outside),
        "<=",
        0.0,
    )
    order = rng.permutation(N)
    yield Claim(
        "a-set-of-entries",
        Text(zh="键和值一起打乱，输出的变化", en="Change of the output when keys and values are shuffled together"),
        float(np.abs(attend(q, k[order], v[order]) - y).max()),
        "<=",
        1e-12,
    )
    sharpness = np.geomspace(0.1, 100, 25)
    found = [float(softmax(b * scores(k, k))[0, 0]) for b in sharpness]
    yield Claim(
        "sharp-scores-look-up",
        Text(
            zh="分数放大 100 倍后，落在匹配的键上的权重",
            en="Weight on the matching key when the scores are 100 times larger",
        ),
        found[-1],
        ">=",
        0.999999,
    )
    yield Plot(
        Text(zh="分数越大，注意力越像精确查表", en="The larger the scores, the more exact the lookup"),
        Text(zh="分数的倍数", en="scores multiplied by"),
        Text(zh="匹配的键的权重", en="weight on the matching key"),
        (Series(Text(zh="第一个键", en="first key"), list(sharpness), found),),
        x_log=True,
    )


EXPERIMENT = Experiment(quick)
