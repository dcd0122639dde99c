"""Heads cost nothing in parameters, add up, and fetch what one average cannot."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text

from ..attending import attend, join, split

T, D = 10, 24


def multi_head(x, W_q, W_k, W_v, W_o, heads):
    """x (T, d) -> (T, d)."""
    return join(attend(split(x @ W_q, heads), split(x @ W_k, heads), split(x @ W_v, heads))) @ W_o


def quick():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(T, D))
    weights = [rng.normal(size=(D, D)) / D**0.5 for _ in range(4)]
    W_q, W_k, W_v, W_o = weights
    y = multi_head(x, *weights, 4)
    width = D // 4
    blocks = [slice(k * width, (k + 1) * width) for k in range(4)]
    summed = sum(attend(x @ W_q[:, b], x @ W_k[:, b], x @ W_v[:, b]) @ W_o[b] for b in blocks)
    yield Claim(
        "heads-add-up",
        Text(
            zh="拼接再乘 W_O，与各头乘自己那块再相加的最大差",
            en="Concatenated times W_O against the sum of heads times their blocks (largest difference)",
        ),
        float(np.abs(y - summed).max()),
        "<=",
        1e-12,
    )
    sizes = {h: sum(w.size for w in weights) for h in (1, 2, 4, 8) if multi_head(x, *weights, h).shape == (T, D)}
    yield Claim(
        "parameters-free-of-heads",
        Text(
            zh="1、2、4、8 个头都用得上的同一组参数，除以 d²",
            en="Parameters that serve 1, 2, 4 and 8 heads alike, over d²",
        ),
        max(sizes.values()) / D**2 if len(sizes) == 4 else float("nan"),
        "==",
        4.0,
    )
    ranks = [np.linalg.matrix_rank((x @ W_q[:, b]) @ (x @ W_k[:, b]).T) for b in blocks]
    yield Claim(
        "rank-of-a-head",
        Text(zh="每个头分数矩阵的秩（d = 24，4 个头）", en="Rank of each head's scores (d = 24, 4 heads)"),
        float(max(ranks)),
        "==",
        float(width),
    )
    first, second = np.eye(2)
    share = np.linspace(0, 1, 41)
    blended = [
        float(np.hypot(np.linalg.norm(m - first), np.linalg.norm(m - second)))
        for m in (s * first + (1 - s) * second for s in share)
    ]
    yield Claim(
        "one-head-blends",
        Text(
            zh="一个头要同时给出两个位置的内容：所有权重分配里最小的误差",
            en="One head to give two places' contents at once: smallest error over all shares of weight",
        ),
        min(blended),
        ">=",
        0.99,
    )
    sharp = 100 * np.eye(2)
    two = attend(np.stack([sharp[:1], sharp[1:]]), np.stack([sharp, sharp]), np.stack([np.eye(2)] * 2))
    yield Claim(
        "two-heads-fetch-both",
        Text(zh="两个头各取一个位置的误差", en="Error of two heads that fetch one place each"),
        float(np.abs(two[:, 0] - np.eye(2)).max()),
        "<=",
        1e-12,
    )
    yield Plot(
        Text(zh="一个头取两个位置：怎么分都有误差", en="One head for two places: no share of weight will do"),
        Text(zh="给第一个位置的权重", en="weight on the first place"),
        Text(zh="误差", en="error"),
        (
            Series(Text(zh="一个头", en="one head"), list(share), blended),
            Series(Text(zh="两个头", en="two heads"), [0.0, 1.0], [0.0, 0.0]),
        ),
    )


EXPERIMENT = Experiment(quick)
