"""The loop is a deep net whose layers share one set of weights: forward, and in what the shared weights' gradient is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref.typing import Array

T, N, D, H = 12, 3, 4, 5
Copy = tuple[Array, Array, Array]
"""W, U, b of one step."""


def example() -> tuple[Array, Array, Copy]:
    """Inputs x (T, N, D), a start h0 (N, H) and one set of parameters."""
    rng = np.random.default_rng(2)
    W, U, b = rng.normal(size=(D, H)), rnnref.orthogonal_init((H, H), 0.9, rng), rng.normal(size=H)
    return 0.5 * rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), (0.5 * W, U, 0.1 * b)


def unrolled(x: Array, h: Array, copies: Sequence[Copy]) -> list[Array]:
    """The states of a feed-forward net with one layer a step, layer t with parameters of its own: T + 1 of them."""
    states = [h]
    for x_t, (W, U, b) in zip(x, copies, strict=True):
        states.append(np.tanh(x_t @ W + states[-1] @ U + b))
    return states


def untied_gradients(x: Array, h0: Array, copies: Sequence[Copy]) -> list[Copy]:
    """Gradients of sum(last state) at each layer's own parameters, by ordinary back-propagation through the layers."""
    states = unrolled(x, h0, copies)
    gradients: list[Copy] = []
    dh = np.ones_like(h0)
    for t in reversed(range(len(copies))):
        da = dh * (1 - states[t + 1] ** 2)
        gradients.insert(0, (x[t].T @ da, states[t].T @ da, da.sum(axis=0)))
        dh = da @ copies[t][1].T
    return gradients


def nudged(x: Array, h0: Array, copies: Sequence[Copy], t: int, direction: Array, size: float) -> float:
    """Sum of the last state when the recurrent matrix of layer `t` alone is moved."""
    moved = list(copies)
    W, U, b = moved[t]
    moved[t] = (W, U + size * direction, b)
    return float(unrolled(x, h0, moved)[-1].sum())


def forward() -> Iterator[Claim]:
    """Loop and unrolled net, and what a state needs to know."""
    x, h0, shared = example()
    hs = rnnref.rnn_forward(x, h0, *shared)
    yield Claim(
        "loop-is-unrolled",
        Text(
            zh=f"循环 {T} 步与展开成 {T} 层、每层一份相同权重的网络，状态相同（最大差）",
            en=f"A loop of {T} steps and a net of {T} layers with the same weights in each: the states are equal (largest difference)",
        ),
        float(np.abs(np.stack(unrolled(x, h0, [shared] * T)[1:]) - hs).max()),
        "<=",
        1e-12,
    )
    rest = rnnref.rnn_forward(x[T // 2 :], hs[T // 2 - 1], *shared)
    yield Claim(
        "state-is-enough",
        Text(
            zh="只给中途的状态、不给更早的输入，后半段状态不变（最大差）",
            en="Given the state half way and no earlier input, the second half stays the same (largest difference)",
        ),
        float(np.abs(rest - hs[T // 2 :]).max()),
        "<=",
        1e-12,
    )
    other = x.copy()
    other[0] += 1
    yield Claim(
        "first-input-reaches-last",
        Text(
            zh="改动第一个输入，最后一个状态的变化",
            en="Change of the last state when the first input is changed",
        ),
        float(np.abs(rnnref.rnn_forward(other, h0, *shared)[-1] - hs[-1]).max()),
        ">",
        1e-6,
    )
    tied = sum(p.size for p in shared)
    yield Claim(
        "parameters-free-of-length",
        Text(
            zh=f"{T} 步各用一份权重的参数量，是共享时的几倍",
            en=f"Parameters of {T} steps with weights of their own, in multiples of the shared ones",
        ),
        sum(p.size for _ in range(T) for p in shared) / tied,
        "==",
        float(T),
    )


def backward() -> Iterator[Event]:
    """The shared weights' gradient is the sum over the copies."""
    x, h0, shared = example()
    dhs = np.zeros((T, N, H))
    dhs[-1] = 1
    _, _, dW, dU, db = rnnref.rnn_backward(dhs, x, h0, *shared)
    parts = untied_gradients(x, h0, [shared] * T)
    off = max(float(np.abs(sum(p[k] for p in parts) - whole).max()) for k, whole in enumerate((dW, dU, db)))
    yield Claim(
        "tied-gradient-is-sum",
        Text(
            zh=f"共享权重的梯度等于 {T} 份各自梯度之和（dW、dU、db 的最大差）",
            en=f"The shared weights' gradient equals the sum over {T} separate copies (dW, dU, db, largest difference)",
        ),
        off,
        "<=",
        1e-12,
    )
    direction = np.random.default_rng(7).normal(size=(H, H))
    t, step = T - 3, 1e-5
    slope = (nudged(x, h0, [shared] * T, t, direction, step) - nudged(x, h0, [shared] * T, t, direction, -step)) / (
        2 * step
    )
    yield Claim(
        "one-copy-by-difference",
        Text(
            zh="单独挪动其中一份 U，差商与它那一份梯度一致（差）",
            en="Moving one copy of U alone, the difference quotient agrees with that copy's gradient (difference)",
        ),
        abs(slope - float((parts[t][1] * direction).sum())),
        "<=",
        1e-7,
    )
    shares = [float(np.linalg.norm(p[1])) for p in parts]
    yield Claim(
        "last-copy-is-not-all",
        Text(
            zh="只算最后一份的梯度（忘了沿时间求和）与真梯度的相对误差",
            en="Relative error when only the last copy's gradient is taken (no sum over time)",
        ),
        float(np.linalg.norm(parts[-1][1] - dU) / np.linalg.norm(dU)),
        ">=",
        0.1,
    )
    yield Line(
        Text(
            zh=f"各份 dU 的范数，从第 1 步到第 {T} 步：" + "  ".join(f"{s:.2g}" for s in shares),
            en=f"norm of each copy's dU, from step 1 to step {T}: " + "  ".join(f"{s:.2g}" for s in shares),
        )
    )
    yield Plot(
        Text(
            zh="每一步那份权重分到的梯度（损失在最后一步）",
            en="What each step's copy gets of the gradient (loss at the last step)",
        ),
        Text(zh="步", en="step"),
        Text(zh="dU 的范数", en="norm of dU"),
        (Series(Text(zh="该步的一份", en="that step's copy"), list(range(1, T + 1)), shares),),
        y_log=True,
    )


def quick() -> Iterator[Event]:
    yield from forward()
    yield from backward()


EXPERIMENT = Experiment(quick)
