"""How gradients travel through an LSTM: whole or fading along c, and still able to explode through h."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory

import numpy as np

from answers.model import Claim, Event, Experiment, Line, Plot, Progress, Series, Text
from rnnref import (
    clip_by_global_norm,
    lstm_backward,
    lstm_bias_init,
    lstm_forward,
    lstm_gates,
    lstm_step_backward,
    sigmoid,
)

T = 50
BIASES = (-5.0, 0.0, 1.0, 5.0)
GAIN = 3.0
"""Recurrent weight of the cell whose gradient explodes: each step back through h multiplies by about this much."""


def gradient_at_c0(x, h0, c0, W, U, b):
    """Gradient of the sum of c_T at c_0 (N, H), back through every step with `rnnref`'s own backward."""
    hs, cs = lstm_forward(x, h0, c0, W, U, b)
    dh, dc = np.zeros_like(h0), np.ones_like(c0)
    for t in reversed(range(len(x))):
        h, c = (hs[t - 1], cs[t - 1]) if t else (h0, c0)
        _, dh, dc, *_ = lstm_step_backward(dh, dc, x[t], h, c, W, U, b)
    return dc


def forget_product(x, h0, c0, W, U, b):
    """The product over time of the forget gates (N, H)."""
    hs, _ = lstm_forward(x, h0, c0, W, U, b)
    before = np.concatenate([h0[None], hs[:-1]])
    return np.prod([lstm_gates(x[t], before[t], W, U, b)[1] for t in range(len(x))], axis=0)


def drawn_cell(recurrent: float):
    """A random cell of 6 units over T steps; `recurrent` scales U."""
    rng = np.random.default_rng(7)
    D, H = 3, 6
    x = rng.normal(size=(T, 2, D))
    h0, c0 = rng.normal(size=(2, 2, H))
    W, U = rng.normal(size=(D, 4 * H)), recurrent * rng.normal(size=(H, 4 * H))
    return x, h0, c0, W, U, lstm_bias_init(H, 3.0)


def remaining(forget_bias: float, steps: int):
    """What is left of c_0 = 1 after each step when nothing is written and the forget gate rests on its bias."""
    zero = np.zeros((1, 1))
    _, cs = lstm_forward(
        np.zeros((steps, 1, 1)),
        zero,
        np.ones((1, 1)),
        np.zeros((1, 4)),
        np.zeros((1, 4)),
        lstm_bias_init(1, forget_bias),
    )
    return cs[:, 0, 0]


def half_life(forget_bias: float) -> float:
    """Steps until half of the memory is gone, from the run of `remaining`."""
    kept = remaining(forget_bias, 20)
    return float(len(kept) * np.log(0.5) / np.log(kept[-1]))


def exploding(steps: int):
    """Gradients (dh0, db) of h_T for a cell of one unit that writes and shows freely and feeds h back with weight GAIN."""
    zero = np.zeros((1, 1))
    U = np.array([[0.0, 0.0, GAIN, 0.0]])
    b = np.array([10.0, -10.0, 0.0, 10.0])  # i and o open, f shut: nothing but the road through h is left
    dhs = np.zeros((steps, 1, 1))
    dhs[-1] = 1.0
    _, dh0, _, _, _, db = lstm_backward(dhs, np.zeros((steps, 1, 1)), zero, zero, np.zeros((1, 4)), U, b)
    return float(abs(dh0[0, 0])), db


def search_gates(bound: float | None) -> tuple[int, float, float]:
    """Lets Hypothesis look for pre-activations within `bound` (any finite float where None) that push a gate furthest.

    Returns how many were tried, the smallest gate and the largest.
    """
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
    from hypothesis.configuration import set_hypothesis_home_dir

    tried: list[float] = []
    lo, hi = (None, None) if bound is None else (-bound, bound)
    some = st.lists(st.floats(lo, hi, allow_nan=False, allow_infinity=False), min_size=4, max_size=4)

    @settings(max_examples=200, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(some)
    def gates_of(a: list[float]) -> None:
        zero = np.zeros((1, 1))
        i, f, _, o = lstm_gates(zero, zero, np.zeros((1, 4)), np.zeros((1, 4)), np.array(a))
        tried.extend(float(gate[0, 0]) for gate in (i, f, o))

    with TemporaryDirectory() as scratch:  # Hypothesis keeps notes in the current folder unless told where
        set_hypothesis_home_dir(scratch)
        try:
            gates_of()
        finally:
            set_hypothesis_home_dir(None)
    return len(tried), min(tried), max(tried)


def product_claims() -> Iterator[Event]:
    cell = drawn_cell(recurrent=0.0)
    product, gradient = forget_product(*cell), gradient_at_c0(*cell)
    yield Claim(
        "product-of-forget-gates",
        Text(
            zh=f"沿 c 走 {T} 步的梯度等于各步遗忘门之积（U = 0，只剩 c 这条路；最大相对差）",
            en=f"The gradient along c over {T} steps is the product of the forget gates (U = 0 leaves that path alone; largest relative difference)",
        ),
        float(np.abs(gradient / product - 1).max()),
        "<=",
        1e-12,
    )
    x, h0, c0, W, U, b = cell
    moved = lstm_forward(x, h0, c0 + 1, W, U, b)[1][-1] - lstm_forward(x, h0, c0, W, U, b)[1][-1]
    yield Claim(
        "product-without-calculus",
        Text(
            zh="不求导也一样：c_0 加 1，c_T 恰好增加这个乘积（最大差）",
            en="The same without calculus: adding 1 to c_0 adds just that product to c_T (largest difference)",
        ),
        float(np.abs(moved - product).max()),
        "<=",
        1e-12,
    )
    cell = drawn_cell(recurrent=1.0)
    yield Claim(
        "h-adds-paths",
        Text(
            zh="U ≠ 0 时总导数不再等于这个乘积：还有经过 h 的路（最大相对差）",
            en="With U ≠ 0 the whole derivative is no longer that product: there are paths through h (largest relative difference)",
        ),
        float(np.abs(gradient_at_c0(*cell) / forget_product(*cell) - 1).max()),
        ">",
        0.01,
    )


def memory_claims() -> Iterator[Event]:
    yield Claim(
        "half-gate-vanishes",
        Text(zh=f"遗忘门停在 0.5，{T} 步之后还剩多少", en=f"What is left after {T} steps with the forget gate at 0.5"),
        float(remaining(0.0, T)[-1]),
        "in",
        (8.8e-16, 8.9e-16),
    )
    for slug, bias, bound in (
        ("half-life-shut", -5.0, (0.13, 0.15)),
        ("half-life-zero", 0.0, (0.999, 1.001)),
        ("half-life-one", 1.0, (2.2, 2.23)),
        ("half-life-five", 5.0, (103.0, 103.5)),
    ):
        yield Claim(
            slug,
            Text(
                zh=f"遗忘门偏置 {bias:g}：记忆的半衰期（步）",
                en=f"Forget bias {bias:g}: half-life of the memory, in steps",
            ),
            half_life(bias),
            "in",
            bound,
        )


def searched() -> Iterator[Event]:
    """The ranges of the gates, with Hypothesis looking for an exception."""
    yield Progress(0.0, Text(zh="Hypothesis 在找出界的门", en="Hypothesis is looking for a gate out of range"))
    count, low, high = search_gates(30.0)
    yield Claim(
        "gates-inside-low",
        Text(
            zh=f"预激活在 ±30 以内时门大于 0（Hypothesis 试了 {count} 个，最小者）",
            en=f"Pre-activations within ±30: gates stay above 0 (least of {count} that Hypothesis tried)",
        ),
        low,
        ">",
        0.0,
    )
    yield Claim(
        "gates-inside-high",
        Text(zh="同上，门小于 1（最大者离 1 的距离）", en="And below 1 (distance of the largest from 1)"),
        1.0 - high,
        ">",
        0.0,
    )
    yield Progress(0.5, Text(zh="再试任意大的预激活", en="now with pre-activations of any size"))
    count, low, high = search_gates(None)
    yield Claim(
        "gates-closed-interval",
        Text(
            zh=f"任意有限的预激活，门都不出 [0, 1]（{count} 个中越界最多者）",
            en=f"Whatever the finite pre-activation, gates never leave [0, 1] (worst excess of {count})",
        ),
        max(-low, high - 1.0),
        "<=",
        0.0,
    )


def saturation_claims() -> Iterator[Event]:
    yield Claim(
        "saturates-to-one",
        Text(zh="float64 里 σ(40) 与 1 的差", en="1 minus σ(40) in float64"),
        float(1.0 - sigmoid(np.array(40.0))),
        "==",
        0.0,
    )
    yield Claim(
        "saturates-to-zero",
        Text(zh="float64 里的 σ(-800)", en="σ(-800) in float64"),
        float(sigmoid(np.array(-800.0))),
        "==",
        0.0,
    )


def explosion_claims() -> Iterator[Event]:
    dh0, db = exploding(T)
    yield Claim(
        "explodes-through-h",
        Text(
            zh=f"i、o 打开，h 以权重 {GAIN:g} 反馈：{T} 步后 |d h_T / d h_0|",
            en=f"i and o open, h fed back with weight {GAIN:g}: |d h_T / d h_0| after {T} steps",
        ),
        dh0,
        ">",
        1e20,
    )
    clipped, before = clip_by_global_norm([db], 1.0)
    yield Line(
        Text(
            zh=f"偏置的梯度范数：裁剪前 {before:.1e}，裁剪后 {np.linalg.norm(clipped[0]):.3g}",
            en=f"norm of the bias gradient: {before:.1e} before clipping, {np.linalg.norm(clipped[0]):.3g} after",
        )
    )
    yield Claim(
        "clipping-still-needed",
        Text(zh="按范数裁剪到 1 之后的梯度范数与 1 的差", en="Gradient norm after clipping to 1, distance from 1"),
        float(abs(np.linalg.norm(clipped[0]) - 1)),
        "<=",
        1e-12,
    )


def quick() -> Iterator[Event]:
    yield from product_claims()
    yield from memory_claims()
    yield from saturation_claims()
    yield from explosion_claims()
    lags = list(range(1, T + 1))
    yield Plot(
        title=Text(zh="梯度随时间跨度的变化", en="Gradient over lag"),
        x_label=Text(zh="跨度（步）", en="lag (steps)"),
        y_label=Text(zh="梯度大小", en="size of the gradient"),
        series=(
            *(
                seen(Text(zh=f"沿 c，偏置 {b:g}", en=f"along c, bias {b:g}"), lags, remaining(b, T).tolist())
                for b in BIASES
            ),
            seen(
                Text(zh=f"经 h，权重 {GAIN:g}", en=f"through h, weight {GAIN:g}"),
                lags[::7],
                [exploding(k)[0] for k in lags[::7]],
            ),
        ),
        y_log=True,
    )


def seen(label: Text, lags: list[int], sizes: list[float]) -> Series:
    """A curve down to 1e-20: what falls further would squeeze the others flat."""
    shown = [(k, size) for k, size in zip(lags, sizes, strict=True) if size > 1e-20]
    return Series(label, [k for k, _ in shown], [size for _, size in shown])


EXPERIMENT = Experiment(quick=quick, trained=searched)
