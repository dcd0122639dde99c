"""Mistakes that LSTM and GRU share: how the stacked parameters are read, and which nonlinearity a gate gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

import rnnref
from answers.model import Misconception, Text


def reordered(a: np.ndarray, order: Sequence[int]) -> np.ndarray:
    """`a` (..., G*H) with its G blocks in another order: block k of the result is block `order[k]` of `a`."""
    blocks = a.reshape(*a.shape[:-1], len(order), -1)
    return blocks[..., list(order), :].reshape(a.shape)


def misread(
    wrong: frozenset[str], W: np.ndarray, U: np.ndarray, b: np.ndarray, orders: Mapping[str, Sequence[int]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W (D, G*H), U (H, G*H), b (G*H,) as somebody reads them who makes these mistakes; `orders` by misconception."""
    D, H = len(W), len(U)
    if "concatenates-h-before-x" in wrong:
        stacked = np.concatenate([W, U])
        U, W = stacked[:H], stacked[H:]
    if "transposes-U" in wrong:
        U = U.reshape(H, -1, H).transpose(2, 1, 0).reshape(H, -1)
    if "interleaves-the-gates" in wrong:
        W = W.reshape(D, H, -1).transpose(0, 2, 1).reshape(D, -1)
        U = U.reshape(H, H, -1).transpose(0, 2, 1).reshape(H, -1)
        b = b.reshape(H, -1).T.ravel()
    for mistake, order in orders.items():
        if mistake in wrong:
            W, U, b = reordered(W, order), reordered(U, order), reordered(b, order)
    if "no-input-term" in wrong:
        W = np.zeros_like(W)
    if "no-recurrent-term" in wrong:
        U = np.zeros_like(U)
    if "adds-the-bias-twice" in wrong:
        b = 2 * b
    if "no-bias" in wrong:
        b = np.zeros_like(b)
    return W, U, b


def hard_sigmoid(x: np.ndarray) -> np.ndarray:
    """Piecewise linear: 0 below -2.5, 1 above 2.5, as Keras once had by default."""
    line: np.ndarray = 0.2 * x + 0.5
    return line.clip(0, 1)


def gate_nonlinearity(wrong: frozenset[str]) -> Callable[[np.ndarray], np.ndarray]:
    """What somebody with these mistakes applies to a gate in the place of the sigmoid."""
    if "tanh-for-the-gates" in wrong:
        return np.tanh
    if "softmax-for-the-gates" in wrong:
        return rnnref.softmax
    if "hard-sigmoid" in wrong:
        return hard_sigmoid
    if "sigmoid-with-the-wrong-sign" in wrong:
        return lambda x: rnnref.sigmoid(-x)
    return rnnref.sigmoid


MISREADINGS = (
    Misconception(
        "no-bias",
        Text(
            zh="漏了偏置：每一块都应是 `x @ W + h @ U + b`。",
            en="You leave the bias out: each block is `x @ W + h @ U + b`.",
        ),
    ),
    Misconception(
        "adds-the-bias-twice",
        Text(
            zh="偏置加了两次：PyTorch 有 `b_ih` 和 `b_hh` 两个偏置，这里只有一个 `b`，应为 `x @ W + h @ U + b`。",
            en="You add the bias twice: PyTorch has `b_ih` and `b_hh`, here there is one `b`: `x @ W + h @ U + b`.",
        ),
    ),
    Misconception(
        "no-recurrent-term",
        Text(
            zh="漏了循环项：没有 `h @ U`，门就看不到上一步的状态，应为 `x @ W + h @ U + b`。",
            en="You leave the recurrent term out: without `h @ U` no gate sees the previous state: `x @ W + h @ U + b`.",
        ),
    ),
    Misconception(
        "no-input-term",
        Text(
            zh="漏了输入项：没有 `x @ W`，这一步就看不到输入，应为 `x @ W + h @ U + b`。",
            en="You leave the input term out: without `x @ W` the step never sees its input: `x @ W + h @ U + b`.",
        ),
    ),
    Misconception(
        "transposes-U",
        Text(
            zh="U 的每一块都被转置了：那是 PyTorch 的 `W_hh` 的存法；这里参数从右边乘，应为 `h @ U`。",
            en="You transpose each block of U, as PyTorch stores `W_hh`; here parameters multiply from the right: `h @ U`.",
        ),
    ),
    Misconception(
        "interleaves-the-gates",
        Text(
            zh="你隔列取门（如 `reshape(N, H, -1)` 或带步长的切片）：各门是相邻的整块，每块 H 列，应沿最后一维用 `np.split` 切开。",
            en="You take the gates from alternating columns (`reshape(N, H, -1)` or a strided slice): each gate is one block of H "
            "neighbouring columns; use `np.split` along the last axis.",
        ),
    ),
    Misconception(
        "concatenates-h-before-x",
        Text(
            zh="拼接的顺序不一致：`[h, x]` 对上了 `[W; U]`。x 配 W、h 配 U：`np.concatenate([x, h], axis=1) @ np.concatenate([W, U])`。",
            en="You concatenate `[h, x]` but stack W above U: x belongs to W and h to U: "
            "`np.concatenate([x, h], axis=1) @ np.concatenate([W, U])`.",
        ),
    ),
)
"""Told by `misread`."""

WRONG_GATES = (
    Misconception(
        "tanh-for-the-gates",
        Text(
            zh="门用了 tanh：门要在 0 到 1 之间，tanh 会给出负值、把记忆反号，每个门都应为 `sigmoid(...)`。",
            en="You use tanh for the gates: a gate lies between 0 and 1, tanh gives negative ones and flips the memory's sign; "
            "each gate is `sigmoid(...)`.",
        ),
    ),
    Misconception(
        "softmax-for-the-gates",
        Text(
            zh="门用了 softmax：它让 H 个单元互相竞争、和为 1；门逐元素独立，应为 `sigmoid(...)`。",
            en="You use softmax for the gates: it makes the H units compete for a sum of 1; gates are independent, elementwise: `sigmoid(...)`.",
        ),
    ),
    Misconception(
        "hard-sigmoid",
        Text(
            zh="门用了 hard sigmoid（`clip(0.2 * a + 0.5, 0, 1)`，旧版 Keras 的默认值）：应为 `1 / (1 + exp(-a))`。",
            en="You use the hard sigmoid, `clip(0.2 * a + 0.5, 0, 1)`, once the default of Keras: a gate is `1 / (1 + exp(-a))`.",
        ),
    ),
    Misconception(
        "sigmoid-with-the-wrong-sign",
        Text(
            zh="sigmoid 的指数少了负号：`1 / (1 + exp(a))` 算的是 1 减去门值，应为 `1 / (1 + exp(-a))`。",
            en="Your sigmoid lacks a minus sign: `1 / (1 + exp(a))` is one minus the gate; it is `1 / (1 + exp(-a))`.",
        ),
    ),
)
"""Told by `gate_nonlinearity`."""
