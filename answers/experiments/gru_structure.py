"""Takes the GRU step apart: each block alone, and what is left of it when its gates are fully open or shut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref import gru_candidate, gru_forward, gru_gates, gru_step, rnn_step, sigmoid

N, D, H = 4, 3, 5
FULL = 800.0
"""A pre-activation at which the sigmoid is exactly 1 in float64, and exactly 0 with the sign turned."""


def drawn_step():
    """x, h, W, U, b with every size different and no parameter zero."""
    rng = np.random.default_rng(13)
    h = rng.uniform(-1, 1, (N, H))
    x, W, U, b = (rng.normal(size=s) for s in ((N, D), (D, 3 * H), (H, 3 * H), (3 * H,)))
    return x, h, W, U, b


def with_gates(b, r: float, z: float):
    """The bias that sets the gates to exactly 0 or 1, whatever moderate x and h come."""
    H = len(b) // 3
    fixed = b.copy()
    fixed[:H], fixed[H : 2 * H] = (FULL if r else -FULL), (FULL if z else -FULL)
    return fixed


def step_by_blocks(x, h, W, U, b):
    """The step from three small dense layers and the wiring between them."""
    at = {name: slice(k * H, (k + 1) * H) for k, name in enumerate("rzn")}
    r, z = (sigmoid(x @ W[:, at[k]] + h @ U[:, at[k]] + b[at[k]]) for k in "rz")
    n = np.tanh(x @ W[:, at["n"]] + (r * h) @ U[:, at["n"]] + b[at["n"]])
    return (1 - z) * n + z * h


def distance(a, b) -> float:
    """Largest difference of two arrays."""
    return float(np.abs(a - b).max())


def wiring() -> Iterator[Claim]:
    x, h, W, U, b = drawn_step()
    h_new = gru_step(x, h, W, U, b)
    yield Claim(
        "blocks-equal-step",
        Text(
            zh="两个门、候选值、加权平均逐块单算，与单步相同（最大差）",
            en="Two gates, candidate and weighted mean, block by block, equal the step (largest difference)",
        ),
        distance(step_by_blocks(x, h, W, U, b), h_new),
        "<=",
        1e-12,
    )
    r, _ = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :])
    outside = np.maximum(h_new - np.maximum(n, h), np.minimum(n, h) - h_new)
    yield Claim(
        "between-old-and-candidate",
        Text(
            zh="新状态超出“旧状态与候选值之间”的最大距离",
            en="Largest distance by which the new state leaves the span between old state and candidate",
        ),
        max(0.0, float(outside.max())),
        "<=",
        1e-12,
    )
    layer = rnnref.GRU(D, H, rng=np.random.default_rng(13))
    y, last = layer(np.stack([x, x]))
    yield Claim(
        "output-is-the-state",
        Text(
            zh="没有输出门：最后一步的输出与状态的最大差",
            en="No output gate: the last output and the state, largest difference",
        ),
        distance(y[-1], last[0]),
        "==",
        0.0,
    )
    yield Claim(
        "three-blocks-of-parameters",
        Text(zh="W、U、b 的元素个数减去 3H(D + H + 1)", en="Numbers in W, U and b, minus 3H(D + H + 1)"),
        float(W.size + U.size + b.size - rnnref.gru_param_count(D, H)),
        "==",
        0.0,
    )


def corners() -> Iterator[Claim]:
    """The step with its gates at exactly 0 and 1."""
    x, h, W, U, b = drawn_step()
    W_n, U_n, b_n = W[:, 2 * H :], U[:, 2 * H :], b[2 * H :]
    yield Claim(
        "z-one-copies",
        Text(zh="z = 1：新状态与旧状态的最大差", en="z = 1: new state and old, largest difference"),
        distance(gru_step(x, h, W, U, with_gates(b, 1, 1)), h),
        "==",
        0.0,
    )
    far = h
    for x_t in np.random.default_rng(0).normal(size=(1000, N, D)):
        far = gru_step(x_t, far, W, U, with_gates(b, 0, 1))
    yield Claim(
        "z-one-copies-a-thousand-times",
        Text(
            zh="z = 1 连走 1000 步：与初始状态的最大差",
            en="z = 1 for 1000 steps: largest difference from the first state",
        ),
        distance(far, h),
        "==",
        0.0,
    )
    yield Claim(
        "plain-rnn-inside",
        Text(
            zh="z = 0、r = 1：与普通 RNN 单步（同样的 W_n、U_n、b_n）的最大差",
            en="z = 0, r = 1: largest difference from a plain RNN step with the same W_n, U_n, b_n",
        ),
        distance(gru_step(x, h, W, U, with_gates(b, 1, 0)), rnn_step(x, h, W_n, U_n, b_n)),
        "<=",
        1e-12,
    )
    forgetful = with_gates(b, 0, 0)
    yield Claim(
        "all-shut-forgets",
        Text(
            zh="r = 0、z = 0：旧状态换成别的，新状态的最大变化",
            en="r = 0, z = 0: another old state, largest change of the new one",
        ),
        distance(gru_step(x, h, W, U, forgetful), gru_step(x, -h, W, U, forgetful)),
        "==",
        0.0,
    )
    yield Claim(
        "all-shut-reads-input",
        Text(
            zh="r = 0、z = 0：新状态与 tanh(x W_n + b_n) 的最大差",
            en="r = 0, z = 0: new state and tanh(x W_n + b_n), largest difference",
        ),
        distance(gru_step(x, h, W, U, forgetful), np.tanh(x @ W_n + b_n)),
        "<=",
        1e-12,
    )
    yield Claim(
        "r-is-idle-when-z-is-one",
        Text(
            zh="z = 1 时把 r 从 0 换到 1，新状态的最大变化",
            en="With z = 1, r moved from 0 to 1: largest change of the new state",
        ),
        distance(gru_step(x, h, W, U, with_gates(b, 0, 1)), gru_step(x, h, W, U, with_gates(b, 1, 1))),
        "==",
        0.0,
    )


SETTINGS = (
    (1, 1, Text(zh="z = 1：照抄", en="z = 1: copies")),
    (1, 0, Text(zh="z = 0，r = 1：普通 RNN", en="z = 0, r = 1: a plain RNN")),
    (0, 0, Text(zh="z = 0，r = 0：只看输入", en="z = 0, r = 0: input alone")),
)


def picture() -> Plot:
    """One unit that starts at 0.9, sees an input at step 10 and nothing else, under the three settings."""
    x = np.zeros((40, 1, 1))
    x[9] = -1.0
    W, U, b = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 0.95]]), np.zeros(3)
    steps = list(range(len(x) + 1))
    return Plot(
        Text(
            zh="门全开或全关时的状态（第 10 步有输入）",
            en="The state with gates fully open or shut (an input at step 10)",
        ),
        Text(zh="步", en="step"),
        Text(zh="h", en="h"),
        tuple(
            Series(
                label,
                steps,
                [0.9, *gru_forward(x, np.full((1, 1), 0.9), W, U, with_gates(b, r, z))[:, 0, 0].tolist()],
            )
            for r, z, label in SETTINGS
        ),
    )


def quick() -> Iterator[Event]:
    yield from wiring()
    yield from corners()
    for r, z, label in SETTINGS:
        x, h, W, U, b = drawn_step()
        new = gru_step(x, h, W, U, with_gates(b, r, z))[0, 0]
        yield Line(
            Text(zh=f"{label.zh}；h = {h[0, 0]:.4f} → {new:.4f}", en=f"{label.en}; h = {h[0, 0]:.4f} -> {new:.4f}")
        )
    yield picture()


EXPERIMENT = Experiment(quick)
