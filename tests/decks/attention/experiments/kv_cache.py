"""Decoding with a cache gives the same rows, saves the prefix, and still reads all of it at each step."""

from __future__ import annotations

import numpy as np

from answers.experiments.measuring import macs_of, slope
from answers.model import Claim, Experiment, Plot, Series, Text

from ..attending import attend, causal

T, D = 24, 16


def decode(x, W_q, W_k, W_v):
    """x (T, d) one row at a time -> (T, d), and how many numbers are cached after each step."""
    keys, values, rows, kept = np.empty((0, D)), np.empty((0, D)), [], []
    for row in x:
        keys, values = np.vstack([keys, row @ W_k]), np.vstack([values, row @ W_v])
        rows.append(attend((row @ W_q)[None], keys, values)[0])
        kept.append(keys.size + values.size)
    return np.stack(rows), kept


def step_work(t):
    """Multiply-adds of step t with a cache: three projections, one row of scores, one weighted sum."""
    one, square, cache = np.ones((1, D)), np.ones((D, D)), np.ones((t, D))
    return 3 * macs_of(lambda x, W: x @ W, one, square) + macs_of(lambda q, k, v: q @ k.T @ v, one, cache, cache)


def prefix_work(t):
    """The same step without one: the whole prefix once more."""
    x, square = np.ones((t, D)), np.ones((D, D))
    return 3 * macs_of(lambda x, W: x @ W, x, square) + macs_of(lambda q, k, v: q @ k.T @ v, x, x, x)


def quick():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(T, D))
    W_q, W_k, W_v = (rng.normal(size=(D, D)) / D**0.5 for _ in range(3))
    rows, kept = decode(x, W_q, W_k, W_v)
    yield Claim(
        "cache-changes-nothing",
        Text(
            zh="逐词解码与一次带掩码的前向的最大差",
            en="Decoding token by token against one masked pass (largest difference)",
        ),
        float(np.abs(rows - attend(x @ W_q, x @ W_k, x @ W_v, causal(T))).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "cache-grows",
        Text(zh="缓存的数与 2 t d 的最大差", en="Numbers cached against 2 t d (largest difference)"),
        float(max(abs(n - 2 * (t + 1) * D) for t, n in enumerate(kept))),
        "==",
        0.0,
    )
    saved = sum(map(prefix_work, range(1, 257))) / sum(map(step_work, range(1, 257)))
    yield Claim(
        "saves-the-prefix",
        Text(
            zh="生成 256 个词，不缓存的乘加是缓存的几倍",
            en="256 tokens: multiply-adds without a cache, in multiples of those with it",
        ),
        saved,
        ">=",
        50.0,
    )
    long = [2000, 4000, 8000]
    yield Claim(
        "still-linear-per-step",
        Text(
            zh="有缓存时，每步乘加随 t 增长的幂次（t 从 2000 到 8000）",
            en="With a cache: exponent of a step's multiply-adds in t (from 2000 to 8000)",
        ),
        slope(long, [step_work(t) for t in long]),
        "in",
        (0.95, 1.0),
    )
    x[-1] += 1
    yield Claim(
        "past-keys-stand-still",
        Text(zh="改动最后一个词，此前各行的变化", en="Change of all earlier rows when the last token is changed"),
        float(np.abs(decode(x, W_q, W_k, W_v)[0] - rows)[:-1].max()),
        "==",
        0.0,
    )
    steps = list(range(1, T + 1))
    yield Plot(
        Text(
            zh="要留住的数：缓存与 LSTM 的状态（d = H = 16）", en="Numbers to keep: cache and LSTM state (d = H = 16)"
        ),
        Text(zh="步", en="step"),
        Text(zh="个数", en="numbers"),
        (
            Series(Text(zh="KV 缓存，一层", en="KV cache, one layer"), steps, list(map(float, kept))),
            Series(Text(zh="LSTM 的 h 与 c", en="LSTM's h and c"), steps, [2.0 * D] * T),
        ),
    )


EXPERIMENT = Experiment(quick)
