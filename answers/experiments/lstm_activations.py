"""Which range each quantity of an LSTM keeps to, and what breaks when a gate or the candidate gets another activation."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref import lstm_cell_state, lstm_forward, lstm_gates, lstm_step, sigmoid

T, N, D, H = 60, 4, 3, 5
FEEDBACK = 0.5
"""Recurrent weight of the candidate in the picture."""


def ranges():
    """Smallest and largest of i, f, g, o, h, and the largest |c_t| / t, over random runs from c_0 = 0."""
    rng = np.random.default_rng(9)
    seen: dict[str, list[np.ndarray]] = {name: [] for name in "ifgoh"}
    growth = 0.0
    for scale in (0.3, 0.6):
        x = rng.normal(size=(T, N, D))
        W, U, b = (scale * rng.normal(size=shape) for shape in ((D, 4 * H), (H, 4 * H), (4 * H,)))
        zero = np.zeros((N, H))
        hs, cs = lstm_forward(x, zero, zero, W, U, b)
        before = np.concatenate([zero[None], hs[:-1]])
        for t in range(T):
            for name, values in zip("ifgo", lstm_gates(x[t], before[t], W, U, b), strict=True):
                seen[name].append(values)
            growth = max(growth, float(np.abs(cs[t]).max()) / (t + 1))
        seen["h"].extend(hs)
    return {name: (float(np.min(v)), float(np.max(v))) for name, v in seen.items()}, growth


def fed_back(squash, steps: int) -> list[float]:
    """The c of one unit over time, everything kept, written and shown unsquashed: c_new = c + squash(0.5 c + 0.1)."""
    one, seen = np.ones((1, 1)), [0.0]
    for _ in range(steps):
        c = np.full((1, 1), seen[-1])
        seen.append(float(lstm_cell_state(c, one, one, squash(FEEDBACK * c + 0.1))[0, 0]))
    return seen[1:]


def relu(x):
    return np.maximum(x, 0.0)


def range_claims() -> Iterator[Event]:
    seen, growth = ranges()
    for name in "ifgoh":
        low, high = seen[name]
        yield Line(Text(zh=f"{name}：{low:+.6f} 到 {high:+.6f}", en=f"{name}: {low:+.6f} to {high:+.6f}"))
    gates = [seen[name] for name in "ifo"]
    yield Claim(
        "gates-above-zero",
        Text(zh="i、f、o 的最小值", en="Smallest value of i, f and o"),
        min(low for low, _ in gates),
        ">",
        0.0,
    )
    yield Claim(
        "gates-below-one",
        Text(zh="i、f、o 的最大值离 1 的距离", en="Distance of the largest i, f or o from 1"),
        1.0 - max(high for _, high in gates),
        ">",
        0.0,
    )
    yield Claim(
        "candidate-signed",
        Text(
            zh="候选值 g 有正有负：正负两边较小的幅度（0 以上才算两边都有）",
            en="The candidate g takes both signs: the lesser of its two reaches (above 0 only if both occur)",
        ),
        min(-seen["g"][0], seen["g"][1]),
        "in",
        (0.5, 1.0),
    )
    yield Claim(
        "h-inside-one",
        Text(
            zh="|h| 的最大值离 1 的距离：输出处的 tanh 与输出门都不放大",
            en="Distance of the largest |h| from 1: neither the tanh at the output nor the gate enlarges",
        ),
        1.0 - max(abs(v) for v in seen["h"]),
        ">",
        0.0,
    )
    yield Claim(
        "c-grows-at-most-by-one",
        Text(
            zh="|c_t| / t 的最大值：c 可以超过 1，但每步至多加 1",
            en="Largest |c_t| / t: c may pass 1, by at most 1 a step",
        ),
        growth,
        "<=",
        1.0,
    )


def swapped_claims() -> Iterator[Event]:
    c, zero = np.full((1, 1), 0.8), np.zeros((1, 1))
    tanh_gate = lstm_cell_state(c, zero, np.tanh(np.full((1, 1), -1.0)), zero)
    yield Claim(
        "tanh-gate-flips-sign",
        Text(
            zh="遗忘门改用 tanh，预激活为 -1：一步之后的 c 与原来之比（负号：记忆被翻转）",
            en="A forget gate through tanh at pre-activation -1: c after a step over c before (negative: memory is flipped)",
        ),
        float(tanh_gate[0, 0] / c[0, 0]),
        "<",
        0.0,
    )
    sigmoid_gate = lstm_cell_state(c, zero, sigmoid(np.full((1, 1), -1.0)), zero)
    yield Claim(
        "sigmoid-gate-keeps-sign",
        Text(zh="同样的预激活用 sigmoid：这个比值", en="The same pre-activation through sigmoid: that ratio"),
        float(sigmoid_gate[0, 0] / c[0, 0]),
        "in",
        (0.0, 1.0),
    )
    with_tanh, with_relu = fed_back(np.tanh, T), fed_back(relu, T)
    yield Claim(
        "tanh-candidate-linear",
        Text(
            zh=f"候选值用 tanh，全留全写 {T} 步后的 c（不超过步数）",
            en=f"tanh candidate, everything kept and written for {T} steps: c (at most the steps)",
        ),
        with_tanh[-1],
        "<=",
        float(T),
    )
    yield Claim(
        "relu-candidate-unbounded",
        Text(
            zh=f"候选值用 ReLU，其余相同：{T} 步后的 c",
            en=f"ReLU candidate, all else equal: c after {T} steps",
        ),
        with_relu[-1],
        ">",
        1e9,
    )
    yield Plot(
        title=Text(zh="候选值的激活函数决定 c 长多快", en="The candidate's activation decides how fast c grows"),
        x_label=Text(zh="时间步", en="step"),
        y_label=Text(zh="c（对数轴）", en="c (log axis)"),
        series=(
            Series(Text(zh="tanh 候选值", en="tanh candidate"), list(range(1, T + 1)), with_tanh),
            Series(Text(zh="ReLU 候选值", en="ReLU candidate"), list(range(1, T + 1)), with_relu),
        ),
        y_log=True,
    )


def output_claims() -> Iterator[Event]:
    """The notes' sentence about the output, taken apart: the gate is a sigmoid, tanh acts on c and on the candidate."""
    zero, huge = np.zeros((1, 1)), np.full((1, 1), 30.0)
    b = np.array([0.0, 800.0, 0.0, 800.0])  # f and o exactly open
    h_new, c_new = lstm_step(zero, zero, huge, np.zeros((1, 4)), np.zeros((1, 4)), b)
    yield Claim(
        "output-tanh-bounds-h",
        Text(
            zh=f"c = {c_new[0, 0]:g} 时的 h：没有输出处的 tanh，它就是 {c_new[0, 0]:g}",
            en=f"h where c = {c_new[0, 0]:g}; without the tanh at the output it would be {c_new[0, 0]:g}",
        ),
        float(h_new[0, 0]),
        "<=",
        1.0,
    )
    a = np.linspace(-20, 20, 4001)
    yield Claim(
        "tanh-is-sigmoid-scaled",
        Text(zh="tanh(x) 与 2σ(2x) - 1 的最大差", en="Largest difference of tanh(x) and 2σ(2x) - 1"),
        float(np.abs(np.tanh(a) - (2 * sigmoid(2 * a) - 1)).max()),
        "<=",
        1e-12,
    )
    s = sigmoid(a)
    yield Claim(
        "sigmoid-slope",
        Text(zh="sigmoid 导数的最大值与 1/4 的差", en="Largest derivative of the sigmoid, minus 1/4"),
        float(abs((s * (1 - s)).max() - 0.25)),
        "<=",
        1e-12,
    )


def overflow_claims() -> Iterator[Event]:
    far = np.array([-1000.0, 1000.0])
    with warnings.catch_warnings(record=True) as naive:
        warnings.simplefilter("always")
        _ = 1 / (1 + np.exp(-far))
    with warnings.catch_warnings(record=True) as stable:
        warnings.simplefilter("always")
        sigmoid(far)
    yield Claim(
        "naive-sigmoid-warns",
        Text(zh="1 / (1 + exp(-x)) 在 x = ±1000 处的警告数", en="Warnings from 1 / (1 + exp(-x)) at x = ±1000"),
        float(len(naive)),
        ">",
        0.0,
    )
    yield Claim(
        "stable-sigmoid-silent",
        Text(zh="按符号分两支的 sigmoid 的警告数", en="Warnings from the sigmoid in two branches"),
        float(len(stable)),
        "==",
        0.0,
    )


def quick() -> Iterator[Event]:
    yield from range_claims()
    yield from swapped_claims()
    yield from output_claims()
    yield from overflow_claims()


EXPERIMENT = Experiment(quick=quick)
