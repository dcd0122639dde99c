"""Variance of scores, saturation of the softmax and what is left of its gradient, with and without √d."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text
from rnnref import softmax

KEYS, ROWS = 64, 150


def raw_scores(d, rng):
    """ROWS queries against KEYS keys of their own, all components of variance 1."""
    return np.einsum("rd,rkd->rk", rng.normal(size=(ROWS, d)), rng.normal(size=(ROWS, KEYS, d)))


def quick():
    rng = np.random.default_rng(2)
    sizes = [4, 16, 64, 256]
    scores = {d: raw_scores(d, rng) for d in sizes}
    seeded = Text(
        zh="种子 2；每个 d 9600 个分数，标准误约 1.5%",
        en="seed 2; 9 600 scores for each d, a standard error of about 1.5 %",
    )
    yield Claim(
        "variance-is-d",
        Text(zh="d = 256 时点积的方差除以 d", en="Variance of the products over d, at d = 256"),
        float(scores[256].var() / 256),
        "in",
        (0.9, 1.1),
        seeded,
    )
    yield Claim(
        "scaled-variance-is-one",
        Text(
            zh="除以 √d 后，各 d 的方差与 1 的最大差", en="Over √d, largest distance of the variance from 1 over all d"
        ),
        max(abs(float((s / d**0.5).var()) - 1) for d, s in scores.items()),
        "<=",
        0.1,
        seeded,
    )
    peaks = {d: (softmax(s).max(axis=1).mean(), softmax(s / d**0.5).max(axis=1).mean()) for d, s in scores.items()}
    yield Claim(
        "unscaled-saturates",
        Text(
            zh="d = 256 不缩放时，64 个键中最大的权重（平均）",
            en="Largest of 64 weights at d = 256 without scaling (mean)",
        ),
        float(peaks[256][0]),
        ">=",
        0.8,
        seeded,
    )
    yield Claim(
        "scaled-stays-soft",
        Text(zh="d = 256 缩放后，最大的权重（平均）", en="The same with scaling"),
        float(peaks[256][1]),
        "<=",
        0.25,
        seeded,
    )
    yield Claim(
        "unscaled-gradient-vanishes",
        Text(
            zh="d = 1024 不缩放时，softmax 雅可比最大元素的中位数（上限是 1/4）",
            en="Median largest entry of the softmax's Jacobian at d = 1024 without scaling (1/4 is the most it can be)",
        ),
        float(np.median([(a * (1 - a)).max() for a in softmax(raw_scores(1024, rng))])),
        "<=",
        0.05,
        seeded,
    )
    with np.errstate(over="ignore", invalid="ignore"):
        big = np.array([1000.0, 999.0])
        naive = np.exp(big / 8) / np.exp(big / 8).sum()
        huge = np.exp(10 * big / 8)
    shifted = softmax(10 * big / 8)
    yield Claim(
        "shift-cures-overflow",
        Text(
            zh="除以 √64 之后指数仍然溢出，减最大值后每个概率都有限（有限的个数）",
            en="Over √64 the exponentials still overflow; with the maximum subtracted all are finite (how many)",
        ),
        float(np.isfinite(shifted).sum() if np.isinf(huge).all() and np.isfinite(naive).all() else -1),
        "==",
        2.0,
    )
    yield Plot(
        Text(zh="64 个键中最大的权重", en="Largest of 64 weights"),
        Text(zh="维度 d", en="dimension d"),
        Text(zh="最大权重（平均）", en="largest weight (mean)"),
        (
            Series(Text(zh="不缩放", en="unscaled"), sizes, [float(peaks[d][0]) for d in sizes]),
            Series(Text(zh="除以 √d", en="over √d"), sizes, [float(peaks[d][1]) for d in sizes]),
        ),
        x_log=True,
    )


EXPERIMENT = Experiment(quick)
