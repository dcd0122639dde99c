"""What a GRU saves against an LSTM: parameters and multiply-adds exactly, time as measured."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

import numpy as np

import rnnref
from answers.experiments.measuring import macs_of, seconds
from answers.model import Claim, Event, Experiment, Line, Plot, Progress, Series, Text

SIZES = (1, 2, 8, 33, 128, 650)
SHAPES = ((1, 1, 1), (2, 3, 5), (4, 16, 8), (1, 33, 33))
"""(N, D, H) whose products are counted."""


def drawn(gates: int, N: int, D: int, H: int):
    """x, h, W, U, b for one step of a cell with so many blocks."""
    rng = np.random.default_rng(12)
    return tuple(rng.normal(size=s) for s in ((N, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,)))


def lstm_step(x, h, W, U, b):
    """The LSTM's step with c starting as h does."""
    return rnnref.lstm_step(x, h, h, W, U, b)


CELLS = {"RNN": (rnnref.rnn_step, 1), "GRU": (rnnref.gru_step, 3), "LSTM": (lstm_step, 4)}


def counted(kind: str, N: int, D: int, H: int) -> int:
    """Multiply-adds of one step, counted as they happen."""
    step, gates = CELLS[kind]
    return macs_of(step, *drawn(gates, N, D, H))


def exact_claims() -> Iterator[Claim]:
    grid = list(product(SIZES, SIZES))
    yield Claim(
        "parameters-three-quarters",
        Text(
            zh=f"GRU 与 LSTM 参数之比减 3/4（{len(grid)} 种尺寸的最大差）",
            en=f"GRU over LSTM parameters, minus 3/4 (largest difference over {len(grid)} sizes)",
        ),
        max(abs(rnnref.gru_param_count(D, H) / rnnref.lstm_param_count(D, H) - 0.75) for D, H in grid),
        "==",
        0.0,
    )
    yield Claim(
        "products-three-quarters",
        Text(
            zh="逐次数出的乘加次数之比减 3/4（最大差）",
            en="Ratio of multiply-adds counted one by one, minus 3/4 (largest difference)",
        ),
        max(abs(counted("GRU", *s) / counted("LSTM", *s) - 0.75) for s in SHAPES),
        "==",
        0.0,
    )
    yield Claim(
        "products-meet-formula",
        Text(
            zh="GRU 一步的乘加次数与 N·3H(D + H) 的最大差",
            en="Multiply-adds of a GRU step, minus N 3H (D + H): largest difference",
        ),
        float(max(abs(counted("GRU", N, D, H) - N * 3 * H * (D + H)) for N, D, H in SHAPES)),
        "==",
        0.0,
    )
    yield Claim(
        "three-times-a-plain-rnn",
        Text(zh="GRU 与普通 RNN 的乘加次数之比", en="Multiply-adds of a GRU over those of a plain RNN"),
        counted("GRU", 2, 16, 16) / counted("RNN", 2, 16, 16),
        "==",
        3.0,
    )


def larger_state_for_the_same_budget() -> Iterator[Claim]:
    D = 128
    budget = rnnref.lstm_param_count(D, D)
    H = max(H for H in range(1, 4 * D) if rnnref.gru_param_count(D, H) <= budget)
    yield Claim(
        "more-units-for-the-same-budget",
        Text(
            zh=f"LSTM 用 D = H = {D} 的参数预算，GRU 可以有几倍的单元（H = {H}）",
            en=f"For the parameters of an LSTM with D = H = {D}, a GRU can have so many times the units (H = {H})",
        ),
        H / D,
        "in",
        (1.15, 1.25),
    )
    yield Claim(
        "state-halved",
        Text(
            zh="同样的 H，GRU 与 LSTM 传给下一步的数的个数之比",
            en="At the same H, numbers handed to the next step: GRU over LSTM",
        ),
        carried("GRU", 64) / carried("LSTM", 64),
        "==",
        0.5,
    )


def carried(kind: str, H: int) -> int:
    """How many numbers a layer hands to the next step."""
    _, state = getattr(rnnref, kind)(1, H)(np.zeros((1, 1, 1)))
    return sum(a.size for a in state) if isinstance(state, tuple) else state.size


def quick() -> Iterator[Event]:
    yield from exact_claims()
    yield from larger_state_for_the_same_budget()
    sizes = [2**k for k in range(3, 10)]
    yield Plot(
        Text(zh="每步乘加次数，D = H", en="Multiply-adds a step, D = H"),
        Text(zh="隐藏维度 H（对数轴）", en="hidden size H (log axis)"),
        Text(zh="乘加次数（对数轴）", en="multiply-adds (log axis)"),
        tuple(Series(Text(zh=kind, en=kind), sizes, [counted(kind, 1, H, H) for H in sizes]) for kind in CELLS),
        x_log=True,
        y_log=True,
    )


T, N, D, H = 40, 16, 1, 64
"""Every product, x W of all steps included, is small enough for one thread."""


def timed() -> Iterator[Event]:
    x = np.random.default_rng(12).normal(size=(T, N, D))
    layers = [getattr(rnnref, kind)(D, H, rng=np.random.default_rng(12)) for kind in CELLS]
    works = [partial(layer, x) for layer in layers]
    best: list[float] = []
    for event in seconds(works, 80, Text(zh="给三种单元的前向计时", en="timing forward passes of the three cells")):
        if isinstance(event, Progress):
            yield event
        else:
            best = event
    rnn, gru, lstm = best
    yield Line(
        Text(
            zh=f"T = {T}、N = {N}、D = {D}、H = {H}：RNN {1e3 * rnn:.2f}，GRU {1e3 * gru:.2f}，LSTM {1e3 * lstm:.2f} 毫秒",
            en=f"T = {T}, N = {N}, D = {D}, H = {H}: RNN {1e3 * rnn:.2f}, GRU {1e3 * gru:.2f}, LSTM {1e3 * lstm:.2f} ms",
        )
    )
    yield Claim(
        "time-ratio",
        Text(zh="前向时间之比，GRU 比 LSTM", en="Time of a forward pass, GRU over LSTM"),
        gru / lstm,
        "in",
        (0.5, 1.1),
        Text(
            zh="处理器时间，80 轮交替，各取最短；逐元素运算和每步的固定开销不按 3/4 缩小，所以界比 3/4 宽。",
            en="Processor time, 80 alternating rounds, the shortest each; elementwise work and a step's fixed cost do not shrink by 3/4, so the bound is wider than that.",
        ),
    )


EXPERIMENT = Experiment(quick=quick, trained=timed)
