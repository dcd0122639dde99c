"""What the mask hides, what zeroing afterwards lets through, and that one pass equals all prefixes."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text
from rnnref import softmax

from ..attending import attend, causal, scores

T, D = 12, 8


def quick():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(T, D))
    other = x.copy()
    other[-1] += 1
    mask = causal(T)
    y, moved = attend(x, x, x, mask), attend(other, other, other, mask)
    yield Claim(
        "future-is-unseen",
        Text(
            zh="改动最后一个输入，此前各位置输出的变化",
            en="Change of all earlier outputs when the last input is changed",
        ),
        float(np.abs(moved - y)[:-1].max()),
        "==",
        0.0,
    )
    prefixes = np.stack([attend(x[: t + 1], x[: t + 1], x[: t + 1])[-1] for t in range(T)])
    yield Claim(
        "one-pass-is-all-prefixes",
        Text(
            zh="一次带掩码的前向与 T 个前缀逐个计算的最大差",
            en="One masked pass against T prefixes one by one (largest difference)",
        ),
        float(np.abs(y - prefixes).max()),
        "<=",
        1e-12,
    )
    kept = np.tril(softmax(scores(x, x)))
    yield Claim(
        "zeroed-rows-fall-short",
        Text(zh="softmax 之后才清零：最小的行和", en="Zeroed after the softmax: the smallest row sum"),
        float(kept.sum(axis=1).min()),
        "<",
        0.9,
    )
    yield Claim(
        "zeroing-leaks",
        Text(
            zh="softmax 之后才清零：改动最后一个输入，此前输出的变化",
            en="Zeroed after the softmax: change of earlier outputs when the last input is changed",
        ),
        float(np.abs(np.tril(softmax(scores(other, other))) @ other - kept @ x)[:-1].max()),
        ">",
        1e-3,
    )
    with np.errstate(invalid="ignore"):
        row = np.full(3, -np.inf)
        lost = np.exp(row - row.max())
    yield Claim(
        "full-row-is-nan",
        Text(zh="整行被遮住时得到的 NaN 个数（共 3 个）", en="NaNs in a row of 3 that is masked entirely"),
        float(np.isnan(lost).sum()),
        "==",
        3.0,
    )
    steps = list(range(1, T + 1))
    yield Plot(
        Text(zh="每一行权重之和", en="Sum of each row's weights"),
        Text(zh="位置", en="position"),
        Text(zh="行和", en="row sum"),
        (
            Series(
                Text(zh="softmax 之前加掩码", en="masked before the softmax"),
                steps,
                list(softmax(scores(x, x) + mask).sum(axis=1)),
            ),
            Series(Text(zh="softmax 之后清零", en="zeroed after the softmax"), steps, list(kept.sum(axis=1))),
        ),
    )


EXPERIMENT = Experiment(quick)
