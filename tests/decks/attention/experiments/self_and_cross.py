"""Where queries, keys and values come from, and which shuffles the output notices."""

from __future__ import annotations

import numpy as np

from answers.experiments.measuring import macs_of
from answers.model import Claim, Experiment, Plot, Series, Text

from ..attending import attend

T, S, D = 6, 11, 8


def quick():
    rng = np.random.default_rng(5)
    x, memory = rng.normal(size=(T, D)), rng.normal(size=(S, D))
    W_q, W_k, W_v = (rng.normal(size=(D, D)) / D**0.5 for _ in range(3))

    def attention(asking, asked):
        return attend(asking @ W_q, asked @ W_k, asked @ W_v)

    order, shuffle = rng.permutation(T), rng.permutation(S)
    yield Claim(
        "as-long-as-the-queries",
        Text(zh="6 个查询、11 个键时输出的行数", en="Rows of the output for 6 queries and 11 keys"),
        float(len(attention(x, memory))),
        "==",
        float(T),
    )
    yield Claim(
        "self-is-equivariant",
        Text(
            zh="自注意力：打乱输入，输出跟着打乱（最大差）",
            en="Self-attention: a shuffled input shuffles the output (largest difference)",
        ),
        float(np.abs(attention(x[order], x[order]) - attention(x, x)[order]).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "cross-is-invariant",
        Text(
            zh="交叉注意力：打乱记忆，输出不变（最大差）",
            en="Cross-attention: a shuffled memory changes nothing (largest difference)",
        ),
        float(np.abs(attention(x, memory[shuffle]) - attention(x, memory)).max()),
        "<=",
        1e-12,
    )
    k, v = memory @ W_k, memory @ W_v
    rows = np.concatenate([attend(row[None] @ W_q, k, v) for row in x])
    yield Claim(
        "memory-projected-once",
        Text(
            zh="记忆只投影一次、逐个查询来问，与整批结果的最大差",
            en="The memory projected once and asked query by query, against all at once (largest difference)",
        ),
        float(np.abs(rows - attention(x, memory)).max()),
        "<=",
        1e-12,
    )

    def work(steps):
        return macs_of(lambda q, k, v: q @ k.T @ v, np.ones((T, D)), np.ones((steps, D)), np.ones((steps, D)))

    lengths = [8, 16, 32, 64, 128]
    counted = [float(work(s)) for s in lengths]
    yield Claim(
        "work-is-product-of-lengths",
        Text(
            zh="数出来的乘加数与 2 T S d 的最大差", en="Multiply-adds as counted against 2 T S d (largest difference)"
        ),
        max(abs(c - 2 * T * s * D) for c, s in zip(counted, lengths, strict=True)),
        "==",
        0.0,
    )
    yield Plot(
        Text(zh="6 个查询的交叉注意力：乘加数", en="Cross-attention of 6 queries: multiply-adds"),
        Text(zh="记忆长度 S", en="memory length S"),
        Text(zh="乘加数", en="multiply-adds"),
        (Series(Text(zh="分数与加权和", en="scores and weighted sum"), lengths, counted),),
    )


EXPERIMENT = Experiment(quick)
