"""What an LSTM costs: multiply-adds counted one by one, their growth in T, H and D, and the time they take."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from answers.experiments.measuring import macs_of, seconds, slope
from answers.model import Claim, Event, Experiment, Line, Plot, Progress, Series, Text
from rnnref import lstm_forward, lstm_macs, lstm_step, lstm_step_backward

SHAPES = ((1, 1, 1, 1), (7, 2, 3, 5), (20, 4, 16, 8), (5, 3, 64, 8), (10, 1, 2, 33))
"""(T, N, D, H) that are counted."""
LENGTHS = (256, 512, 1024, 2048)
"""The lengths that are timed: long enough that what a call costs once, whatever its length, does not flatten the slope."""

TIMED = (1, 1, 32)
"""N, D, H of what is timed: even at the longest no product is for more than one thread."""
ROUNDS = 30


def drawn(T: int, N: int, D: int, H: int):
    """x, h0, c0, W, U, b for a layer of these sizes."""
    rng = np.random.default_rng(10)
    return (
        rng.normal(size=(T, N, D)),
        np.zeros((N, H)),
        np.zeros((N, H)),
        rng.normal(size=(D, 4 * H)) / np.sqrt(D),
        rng.normal(size=(H, 4 * H)) / np.sqrt(H),
        np.zeros(4 * H),
    )


def step_by_step(x, h, c, W, U, b):
    """The layer as a loop over the one-step cell."""
    for x_t in x:
        h, c = lstm_step(x_t, h, c, W, U, b)


def counted(T: int, N: int, D: int, H: int) -> int:
    """Multiply-adds of a forward pass, counted as they happen."""
    return macs_of(step_by_step, *drawn(T, N, D, H))


def backward_share(T: int, N: int, D: int, H: int) -> float:
    """Multiply-adds of a backward pass over those of its forward pass."""
    x, h, c, W, U, b = drawn(1, N, D, H)
    both = macs_of(lstm_step_backward, h, c, x[0], h, c, W, U, b)  # computes the gates again before going back
    return (both - counted(1, N, D, H)) / counted(1, N, D, H)


def count_claims() -> Iterator[Event]:
    worst = max(abs(counted(*shape) - lstm_macs(*shape)) for shape in SHAPES)
    yield Line(
        Text(
            zh="T, N, D, H → 乘加次数：" + "；".join(f"{s} → {counted(*s):,}" for s in SHAPES),
            en="T, N, D, H -> multiply-adds: " + "; ".join(f"{s} -> {counted(*s):,}" for s in SHAPES),
        )
    )
    yield Claim(
        "count-meets-formula",
        Text(
            zh="逐次数出的乘加次数与 T·N·4H(D + H) 的最大差",
            en="Multiply-adds counted one by one, minus T N 4H (D + H): largest difference",
        ),
        float(worst),
        "==",
        0.0,
    )
    T, N, H = 6, 2, 16
    yield Claim(
        "notes-off-by-nine",
        Text(
            zh="D = 8H 时，实数与只看 H² 的 T·N·4H² 之比",
            en="At D = 8H: the count over T N 4H², which looks at H² alone",
        ),
        counted(T, N, 8 * H, H) / (T * N * 4 * H * H),
        "==",
        9.0,
    )
    yield Claim(
        "work-linear-in-length",
        Text(zh="T 加倍，乘加次数变为几倍", en="Doubling T multiplies the multiply-adds by"),
        counted(12, 2, 5, 7) / counted(6, 2, 5, 7),
        "==",
        2.0,
    )
    yield Claim(
        "backward-costs-twice",
        Text(zh="反向传播的乘加次数是前向的几倍", en="Multiply-adds of the backward pass over the forward pass"),
        backward_share(6, 4, 5, 7),
        "==",
        2.0,
    )


def growth_claims() -> Iterator[Event]:
    D, wide = 16, (512, 1024)
    yield Claim(
        "work-towards-square-in-hidden",
        Text(
            zh=f"D = {D} 固定，H 从 512 到 1024：乘加次数的双对数斜率趋于 2",
            en=f"D = {D} fixed, H from 512 to 1024: log-log slope of the multiply-adds, towards 2",
        ),
        slope(wide, [counted(1, 1, D, H) for H in wide]),
        "in",
        (1.95, 2.0),
    )
    narrow = (8, 16)
    yield Claim(
        "work-linear-in-hidden-when-input-rules",
        Text(
            zh="D = 1024 固定，H 从 8 到 16：斜率接近 1，因为输入项占大头",
            en="D = 1024 fixed, H from 8 to 16: slope near 1, because the input term dominates",
        ),
        slope(narrow, [counted(1, 1, 1024, H) for H in narrow]),
        "in",
        (1.0, 1.05),
    )
    sizes = [2**k for k in range(2, 12)]
    yield Plot(
        title=Text(zh="每步乘加次数随 H 的增长", en="Multiply-adds a step over H"),
        x_label=Text(zh="隐藏维度 H（对数轴）", en="hidden size H (log axis)"),
        y_label=Text(zh="乘加次数（对数轴）", en="multiply-adds (log axis)"),
        series=tuple(
            Series(label, sizes, [lstm_macs(1, 1, D or 8 * H, H) for H in sizes])
            for label, D in (
                (Text(zh="D = 16", en="D = 16"), 16),
                (Text(zh="D = 1024", en="D = 1024"), 1024),
                (Text(zh="D = 8H", en="D = 8H"), 0),
            )
        ),
        x_log=True,
        y_log=True,
    )


def quick() -> Iterator[Event]:
    yield from count_claims()
    yield from growth_claims()


def timed() -> Iterator[Event]:
    works = [partial(lstm_forward, *drawn(T, *TIMED)) for T in LENGTHS]
    best: list[float] = []
    for event in seconds(works, ROUNDS, Text(zh="给不同长度的前向计时", en="timing forward passes of several lengths")):
        if isinstance(event, Progress):
            yield event
        else:
            best = event
    for T, took in zip(LENGTHS, best, strict=True):
        yield Line(Text(zh=f"T = {T}：{1e3 * took:.2f} 毫秒", en=f"T = {T}: {1e3 * took:.2f} ms"))
    yield Claim(
        "time-linear-in-length",
        Text(zh="前向时间对 T 的双对数斜率约为 1", en="Log-log slope of the forward pass's time in T, about 1"),
        slope(LENGTHS, best),
        "in",
        (0.75, 1.25),
        Text(
            zh=f"N = 1、D = 1、H = 32，种子 10；处理器时间，{ROUNDS} 轮里各取最短。每次调用的固定开销会把斜率压低，所以只量长序列；界留了四分之一。",
            en=f"N = 1, D = 1, H = 32, seed 10; processor time, the shortest of {ROUNDS} rounds each. What a call costs once lowers the slope, so only long sequences are timed; the bound leaves a quarter.",
        ),
    )


EXPERIMENT = Experiment(quick=quick, trained=timed)
