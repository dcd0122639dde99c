"""Attention without positions sees a set; sinusoids shift by a rotation; RoPE leaves the distance alone."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text

from ..attending import attend

T, D = 9, 16
FREQUENCIES = 10_000.0 ** (-np.arange(0, D, 2) / D)


def sinusoids(steps):
    """(steps,) -> (steps, D): sine and cosine of each frequency in turn."""
    angle = np.asarray(steps, float)[:, None] * FREQUENCIES
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(len(angle), D)


def turn(x, steps):
    """RoPE: each pair of components of x (T, D) turned by its frequency times its step."""
    angle = np.asarray(steps, float)[:, None] * FREQUENCIES
    a, b = x[:, ::2], x[:, 1::2]
    return np.stack([a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)], axis=-1).reshape(
        x.shape
    )


def quick():
    rng = np.random.default_rng(6)
    x, order = rng.normal(size=(T, D)), rng.permutation(T)
    plain, shuffled = attend(x, x, x), attend(x[order], x[order], x[order])
    yield Claim(
        "blind-to-order",
        Text(
            zh="无位置：打乱输入，对齐后输出的差",
            en="Without positions: difference of the outputs of a shuffled input, realigned",
        ),
        float(np.abs(shuffled - plain[order]).max()),
        "<=",
        1e-12,
    )
    p = sinusoids(range(T))
    known, moved = x + p, x[order] + p
    yield Claim(
        "positions-tell",
        Text(zh="加上正弦编码：同样的差", en="With sinusoids added: the same difference"),
        float(np.abs(attend(moved, moved, moved) - attend(known, known, known)[order]).max()),
        ">",
        0.01,
    )
    far, near = sinusoids(range(40, 60)), sinusoids(range(20))
    shift = np.linalg.lstsq(sinusoids(range(200)), sinusoids(range(40, 240)), rcond=None)[0]
    yield Claim(
        "shift-is-linear",
        Text(
            zh="同一个矩阵把所有位置平移 40 步的最大误差",
            en="One matrix moves every position by 40 steps: largest error",
        ),
        float(np.abs(near @ shift - far).max()),
        "<=",
        1e-9,
    )
    q, k = rng.normal(size=(1, D)), rng.normal(size=(1, D))
    products = [float((turn(q, [s]) @ turn(k, [s + 5]).T)[0, 0]) for s in range(50)]
    yield Claim(
        "rope-sees-the-distance",
        Text(
            zh="距离同为 5，起点从 0 到 49，点积的最大变化",
            en="At a distance of 5 from any start 0 .. 49: largest change of the product",
        ),
        float(np.ptp(products)),
        "<=",
        1e-12,
    )
    steps = np.arange(T)
    yield Claim(
        "rope-keeps-lengths",
        Text(zh="RoPE 前后长度的最大差", en="Largest change of length by RoPE"),
        float(np.abs(np.linalg.norm(turn(x, steps), axis=1) - np.linalg.norm(x, axis=1)).max()),
        "<=",
        1e-12,
    )
    distances = np.arange(60)
    yield Plot(
        Text(zh="正弦编码的内积随距离变化", en="Inner product of sinusoids over the distance"),
        Text(zh="距离", en="distance"),
        Text(zh="p_0 · p_k / (d/2)", en="p_0 · p_k / (d/2)"),
        (
            Series(
                Text(zh="d = 16", en="d = 16"),
                list(distances),
                list(sinusoids(distances) @ sinusoids([0])[0] / (D / 2)),
            ),
        ),
    )


EXPERIMENT = Experiment(quick)
