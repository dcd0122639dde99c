"""Where exponentials overflow, what the shift saves, and a softmax in one pass."""

from __future__ import annotations

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text
from rnnref import softmax

from ..attending import attend


def last_finite(kind):
    """The largest x, to 0.01, whose exponential is finite."""
    x = np.arange(0, 800, 0.01)
    return float(x[np.isfinite(np.exp(x.astype(kind)))].max())


def in_blocks(q, k, v, size):
    """Attention of one query (d,) over keys and values block by block, keeping maximum, denominator and sum."""
    top, below, total = -np.inf, 0.0, np.zeros(v.shape[1])
    for start in range(0, len(k), size):
        s = k[start : start + size] @ q / np.sqrt(len(q))
        new = max(top, s.max())
        e = np.exp(s - new)
        below = below * np.exp(top - new) + e.sum()
        total = total * np.exp(top - new) + e @ v[start : start + size]
        top = new
    return total / below


def quick():
    rng = np.random.default_rng(9)
    with np.errstate(over="ignore"):
        limits = {kind: last_finite(kind) for kind in (np.float16, np.float32, np.float64)}
    for kind, bound in ((np.float16, (11.0, 11.1)), (np.float32, (88.6, 88.8)), (np.float64, (709.7, 709.8))):
        name = np.dtype(kind).name
        yield Claim(
            f"overflow-{name}",
            Text(zh=f"{name} 里指数仍有限的最大 x", en=f"Largest x whose exponential is finite in {name}"),
            limits[kind],
            "in",
            bound,
        )
    s = rng.normal(size=50)
    yield Claim(
        "shift-changes-nothing",
        Text(
            zh="所有分数加 700，softmax 的最大变化", en="Largest change of the softmax when 700 is added to all scores"
        ),
        float(np.abs(softmax(s + 700) - softmax(s)).max()),
        "<=",
        1e-12,
    )
    q, k, v = 5 * rng.normal(size=16), 5 * rng.normal(size=(100, 16)), rng.normal(size=(100, 4))
    whole = attend(q[None], k, v)[0]
    yield Claim(
        "online-is-exact",
        Text(
            zh="分块（7 个键一块）的在线 softmax 与整体结果的最大差",
            en="Online softmax in blocks of 7 keys against the whole (largest difference)",
        ),
        float(np.abs(in_blocks(q, k, v, 7) - whole).max()),
        "<=",
        1e-12,
    )
    far = np.array([0.0, -800.0])
    with np.errstate(divide="ignore"):
        lost = np.log(softmax(far))[1]
    kept = far[1] - np.log(np.exp(far).sum())
    yield Claim(
        "log-softmax-keeps-it",
        Text(
            zh="先概率后对数得 -inf 时，log-softmax 给出的值",
            en="What log-softmax gives where the log of the probability is -inf",
        ),
        float(kept) if np.isneginf(lost) else float("nan"),
        "==",
        -800.0,
    )
    offsets = np.linspace(0, 120, 61)
    small = np.array([0.0, -1.0, -2.0], np.float32)
    with np.errstate(over="ignore"):
        naive = [float(np.log(np.exp(small + np.float32(o)).sum())) for o in offsets]
    shifted = [float(o + np.log(np.exp(small).sum())) for o in offsets]
    yield Plot(
        Text(
            zh="float32 的 log Σ exp：不平移的曲线在 88 处断掉",
            en="log Σ exp in float32: unshifted, the curve ends near 88",
        ),
        Text(zh="加在分数上的数", en="added to the scores"),
        Text(zh="log Σ exp", en="log Σ exp"),
        (
            Series(Text(zh="先减最大值", en="maximum subtracted"), list(offsets), shifted),
            Series(Text(zh="直接算", en="as it is"), list(offsets), naive, points=True),
        ),
    )


EXPERIMENT = Experiment(quick)
