"""Which activation goes where: what a softmax as hidden activation costs, and why tanh is no output for classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref.typing import Array

H, D, K, STEPS = 6, 3, 4, 20


def parameters(rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """W (D, H), an orthogonal U (H, H), and b (H,): the same for both activations."""
    return 0.3 * rng.normal(size=(D, H)), rnnref.orthogonal_init((H, H), 1.0, rng), np.zeros(H)


def softmax_states(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """The states of an RNN whose hidden activation is softmax: x (T, N, D), h0 (N, H) -> (T, N, H)."""
    states = []
    h = h0
    for x_t in x:
        h = rnnref.softmax(x_t @ W + h @ U + b)
        states.append(h)
    return np.stack(states)


def softmax_jacobian(s: Array, U: Array) -> Array:
    """J[i, j] = d s[i] / d h[j] = ((diag(s) - s sᵀ) Uᵀ)[i, j] of one state s (H,)."""
    J: Array = (np.diag(s) - np.outer(s, s)) @ U.T
    return J


def softmax_flow(states: Array, U: Array) -> Array:
    """Norm of the gradient from the last state back to each one, for states (T, H) that softmax made."""
    norms, product = [1.0], np.eye(H)
    for s in states[:0:-1]:
        product = product @ softmax_jacobian(s, U)
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms[::-1])


def softmax_as_hidden() -> Iterator[Event]:
    """What the notes' choice of hidden activation does to a memory."""
    rng = np.random.default_rng(13)
    W, U, b = parameters(rng)
    x, h0 = rng.normal(size=(STEPS + 1, 1, D)), np.full((1, H), 1 / H)
    states = softmax_states(x, h0, W, U, b)[:, 0]
    yield Claim(
        "softmax-state-sums-to-one",
        Text(
            zh="softmax 作隐藏激活：每个状态各分量之和与 1 的最大差",
            en="Softmax as hidden activation: largest difference of a state's sum from 1",
        ),
        float(np.abs(states.sum(axis=1) - 1).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "softmax-jacobian-singular",
        Text(
            zh="它的雅可比奇异：每一步都有一个方向的记忆被抹掉（最小奇异值的最大值）",
            en="Its Jacobian is singular: one direction of memory is wiped out at every step (largest of the smallest singular values)",
        ),
        max(float(np.linalg.svd(softmax_jacobian(s, U), compute_uv=False)[-1]) for s in states),
        "<=",
        1e-12,
    )
    yield jacobian_by_difference(W, U, b, rng)
    tanh_states = rnnref.rnn_forward(x, np.zeros((1, H)), W, U, b)
    smallest = min(float(np.linalg.svd(J, compute_uv=False)[-1]) for J in rnnref.rnn_jacobian(tanh_states[:, 0], U))
    yield Claim(
        "tanh-jacobian-regular",
        Text(
            zh="tanh 的雅可比满秩：最小奇异值",
            en="With tanh the Jacobian has full rank: smallest singular value",
        ),
        smallest,
        ">=",
        0.01,
    )
    by_tanh, by_softmax = rnnref.gradient_flow(tanh_states[:, 0], U), softmax_flow(states, U)
    yield Line(
        Text(
            zh=f"隔 {STEPS} 步的梯度范数：tanh {by_tanh[0]:.3g}，softmax {by_softmax[0]:.3g}",
            en=f"gradient norm over {STEPS} steps: tanh {by_tanh[0]:.3g}, softmax {by_softmax[0]:.3g}",
        )
    )
    yield Claim(
        "softmax-fades-faster",
        Text(
            zh=f"同样的权重与输入，隔 {STEPS} 步：softmax 的梯度范数与 tanh 的之比",
            en=f"Same weights, same inputs, over {STEPS} steps: gradient norm with softmax over that with tanh",
        ),
        float(by_softmax[0] / by_tanh[0]),
        "<=",
        1e-3,
        Text(
            zh="种子 13；另外 20 个种子都低于 1e-12。",
            en="Seed 13; below 1e-12 for 20 other seeds.",
        ),
    )
    lags = list(range(STEPS + 1))
    yield Plot(
        Text(
            zh="隐藏激活不同，梯度随间隔怎样消失",
            en="How the gradient fades over the lag with either hidden activation",
        ),
        Text(zh="间隔（步）", en="lag (steps)"),
        Text(zh="梯度的谱范数", en="spectral norm of the gradient"),
        (
            Series(formula_label("tanh"), lags, by_tanh[::-1].tolist()),
            Series(formula_label("softmax"), lags, by_softmax[::-1].tolist()),
        ),
        y_log=True,
    )


def formula_label(name: str) -> Text:
    """A curve's label."""
    return Text(zh=f"{name} 作隐藏激活", en=f"{name} as hidden activation")


def jacobian_by_difference(W: Array, U: Array, b: Array, rng: np.random.Generator) -> Claim:
    """The Jacobian's formula against central differences."""
    x, h, step = rng.normal(size=(1, D)), rng.normal(size=(1, H)), 1e-6
    s = rnnref.softmax(x @ W + h @ U + b)[0]
    columns = [
        (rnnref.softmax(x @ W + (h + e) @ U + b) - rnnref.softmax(x @ W + (h - e) @ U + b))[0] / (2 * step)
        for e in step * np.eye(H)
    ]
    return Claim(
        "softmax-jacobian-by-difference",
        Text(
            zh="softmax 雅可比的公式与差商一致（最大差）",
            en="The formula of softmax's Jacobian agrees with difference quotients (largest difference)",
        ),
        float(np.abs(np.stack(columns, axis=1) - softmax_jacobian(s, U)).max()),
        "<=",
        1e-8,
    )


def outputs() -> Iterator[Claim]:
    """What the output layer has to give, and what tanh and relu give instead."""
    rng = np.random.default_rng(14)
    h, V, c = rng.uniform(-1, 1, (200, H)), rng.normal(size=(H, K)), rng.normal(size=K)
    probabilities = rnnref.rnn_output(h, V, c)
    yield Claim(
        "softmax-output-is-distribution",
        Text(
            zh="softmax 输出：非负，且每行和为 1（最大偏差）",
            en="Softmax output: non-negative and each row sums to 1 (largest deviation)",
        ),
        max(float(np.abs(probabilities.sum(axis=1) - 1).max()), float(-probabilities.min())),
        "<=",
        1e-12,
    )
    scores = h @ V + c
    yield Claim(
        "tanh-output-negative",
        Text(
            zh="tanh 输出当概率用：负的“概率”所占的份额",
            en="Tanh output taken for probabilities: share of negative “probabilities”",
        ),
        float((np.tanh(scores) < 0).mean()),
        ">=",
        0.1,
    )
    yield Claim(
        "tanh-output-sum",
        Text(
            zh="tanh 输出每行之和与 1 的平均差距",
            en="Tanh output: mean distance of a row's sum from 1",
        ),
        float(np.abs(np.tanh(scores).sum(axis=1) - 1).mean()),
        ">=",
        0.3,
    )
    yield Claim(
        "relu-output-zero",
        Text(
            zh="ReLU 输出恰为 0 的份额：目标类若得 0，交叉熵就是无穷",
            en="ReLU output: share of exact zeros; a target class at 0 makes the cross-entropy infinite",
        ),
        float((np.maximum(scores, 0) == 0).mean()),
        ">=",
        0.1,
    )
    targets = np.array([-4.0, 0.5, 3.0])
    yield Claim(
        "tanh-output-misses-targets",
        Text(
            zh="回归目标 -4、0.5、3，输出层用 tanh：能达到的最小误差（最大偏差）",
            en="Regression targets -4, 0.5, 3 with tanh as output: the smallest error it can reach (largest deviation)",
        ),
        float(np.abs(np.clip(targets, -1, 1) - targets).max()),
        ">=",
        3.0,
    )


def loop_is_steps() -> Claim:
    """The two lines, repeated."""
    rng = np.random.default_rng(15)
    W, U, b = parameters(rng)
    x, h = rng.normal(size=(8, 2, D)), rng.normal(size=(2, H))
    hs = rnnref.rnn_forward(x, h, W, U, b)
    off = 0.0
    for x_t, expected in zip(x, hs, strict=True):
        h = np.tanh(x_t @ W + h @ U + b)
        off = max(off, float(np.abs(h - expected).max()))
    return Claim(
        "two-lines-repeated",
        Text(
            zh="逐步套用公式与 rnnref 的整段前向相同（最大差）",
            en="The formula applied step by step is rnnref's forward pass (largest difference)",
        ),
        off,
        "<=",
        1e-12,
    )


def quick() -> Iterator[Event]:
    yield loop_is_steps()
    yield from softmax_as_hidden()
    yield from outputs()


EXPERIMENT = Experiment(quick)
