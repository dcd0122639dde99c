"""Takes the LSTM step apart: every block alone, two states, and an output gate that shows the memory without touching it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref import lstm_forward, lstm_param_count, lstm_step, sigmoid

N, D, H = 4, 3, 5
HELD = 0.7
"""The number that the memory carries in the picture."""
OPENED = 30
"""The step at which the output gate opens in the picture."""


def drawn_step():
    """Arguments of one step with every size different and no parameter zero."""
    rng = np.random.default_rng(6)
    return (
        rng.normal(size=(N, D)),
        rng.normal(size=(N, H)),
        rng.normal(size=(N, H)),
        rng.normal(size=(D, 4 * H)),
        rng.normal(size=(H, 4 * H)),
        rng.normal(size=4 * H),
    )


def step_by_blocks(x, h, c, W, U, b):
    """The step from four small dense layers, one for each gate and one for the candidate, and the wiring between them."""
    at = {name: slice(k * H, (k + 1) * H) for k, name in enumerate("ifgo")}

    def dense(name):
        return x @ W[:, at[name]] + h @ U[:, at[name]] + b[at[name]]

    i, f, o = sigmoid(dense("i")), sigmoid(dense("f")), sigmoid(dense("o"))
    g = np.tanh(dense("g"))
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new


def hidden_memory():
    """States (h, c) over 60 steps of a cell that keeps `HELD` and opens its output gate where the input turns to 1."""
    x = np.zeros((60, 1, 1))
    x[OPENED:] = 1.0
    W = np.array([[0.0, 0.0, 0.0, 1600.0]])
    b = np.array([-800.0, 800.0, 0.0, -800.0])  # i shut, f open, o shut: at 800 the sigmoid is exactly 0 or 1
    hs, cs = lstm_forward(x, np.zeros((1, 1)), np.full((1, 1), HELD), W, np.zeros((1, 4)), b)
    return hs[:, 0, 0], cs[:, 0, 0]


def quick() -> Iterator[Event]:
    x, h, c, W, U, b = drawn_step()
    h_new, c_new = lstm_step(x, h, c, W, U, b)

    apart = step_by_blocks(x, h, c, W, U, b)
    yield Claim(
        "blocks-equal-step",
        Text(
            zh="三个门、候选值、两个状态逐块单算，与融合成一次矩阵乘的单步相同（最大差）",
            en="Three gates, candidate and both states computed block by block equal the fused step (largest difference)",
        ),
        float(max(np.abs(apart[0] - h_new).max(), np.abs(apart[1] - c_new).max())),
        "<=",
        1e-12,
    )

    nudged = b.copy()
    nudged[3 * H :] += 1.0
    h_moved, c_moved = lstm_step(x, h, c, W, U, nudged)
    yield Claim(
        "output-gate-moves-h",
        Text(
            zh="把输出门的偏置加 1，h 随之改变（最大变化）",
            en="Adding 1 to the output gate's bias moves h (largest change)",
        ),
        float(np.abs(h_moved - h_new).max()),
        ">",
        0.01,
    )
    yield Claim(
        "output-gate-spares-c",
        Text(
            zh="同一步里 c 一位也不变（最大变化）",
            en="In the same step c does not change by a single bit (largest change)",
        ),
        float(np.abs(c_moved - c_new).max()),
        "==",
        0.0,
    )

    later = [lstm_step(x, h_now, c_new, W, U, b)[1] for h_now in (h_new, h_moved)]
    yield Claim(
        "output-gate-reaches-next-c",
        Text(
            zh="下一步的 c 会变：h 经 U 回到四个块里（最大变化）",
            en="The next step's c does move, because h returns to all four blocks through U (largest change)",
        ),
        float(np.abs(later[1] - later[0]).max()),
        ">",
        0.01,
    )

    hs, cs = hidden_memory()
    yield Line(
        Text(
            zh=f"第 {OPENED} 步：c = {cs[OPENED - 1]:.3f}，h = {hs[OPENED - 1]:.3f}；第 {OPENED + 1} 步打开输出门：c = {cs[OPENED]:.3f}，h = {hs[OPENED]:.3f}",
            en=f"step {OPENED}: c = {cs[OPENED - 1]:.3f}, h = {hs[OPENED - 1]:.3f}; step {OPENED + 1}, output gate open: c = {cs[OPENED]:.3f}, h = {hs[OPENED]:.3f}",
        )
    )
    yield Claim(
        "c-carries-unseen",
        Text(zh="输出门关着时 h 恒为 0（最大值）", en="While the output gate is shut h is 0 (largest value)"),
        float(np.abs(hs[:OPENED]).max()),
        "==",
        0.0,
    )
    yield Claim(
        "h-shows-later",
        Text(
            zh=f"门一打开，h = tanh({HELD})：c 这 {OPENED} 步分毫未损（差）",
            en=f"Once it opens h = tanh({HELD}): c came through {OPENED} steps unharmed (difference)",
        ),
        float(np.abs(hs[OPENED:] - np.tanh(HELD)).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "four-blocks-of-parameters",
        Text(
            zh="W、U、b 的元素个数减去 4H(D + H + 1)",
            en="Numbers in W, U and b, minus 4H(D + H + 1)",
        ),
        float(W.size + U.size + b.size - lstm_param_count(D, H)),
        "==",
        0.0,
    )

    steps = list(range(1, len(cs) + 1))
    yield Plot(
        title=Text(zh="c 负责保管，h 负责示人", en="c carries, h shows"),
        x_label=Text(zh="时间步", en="step"),
        y_label=Text(zh="值", en="value"),
        series=(
            Series(Text(zh="细胞状态 c", en="cell state c"), steps, cs.tolist()),
            Series(
                Text(zh="隐藏状态 h（第 31 步开门）", en="hidden state h (gate opens at step 31)"), steps, hs.tolist()
            ),
        ),
    )


EXPERIMENT = Experiment(quick=quick)
