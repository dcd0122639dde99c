"""gru-gates: reset and update gate from the first two of three stacked blocks."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks._cells import MISREADINGS, WRONG_GATES, gate_nonlinearity, misread
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

ORDERS = {"order-z-r-n": (1, 0, 2), "order-n-r-z": (1, 2, 0), "order-r-n-z": (0, 2, 1)}
"""Where somebody who believes in the named order looks for r, z, n."""


def with_mistakes(wrong: frozenset[str]):
    gate = gate_nonlinearity(wrong)

    def gru_gates(x, h, W, U, b):
        W, U, b = misread(wrong, W, U, b, ORDERS)
        r, z, n = np.split(x @ W + h @ U + b, 3, axis=-1)
        if "raw-gates" not in wrong:
            r = np.tanh(r) if "tanh-for-the-reset-gate" in wrong else gate(r)
            z = gate(z)
        if "returns-one-minus-z" in wrong:
            z = 1 - z
        return (r, z, np.tanh(n)) if "returns-n-too" in wrong else (r, z)

    return gru_gates


ORDER_MISTAKES = (
    Misconception(
        "order-n-r-z",
        Text(
            zh="你按 n, r, z 切分：候选的块在最后，前两块才是门，应为 `r, z, n = np.split(a, 3, axis=-1)`。",
            en="You take the blocks for n, r, z: the candidate's comes last, the gates' first; `r, z, n = np.split(a, 3, axis=-1)`.",
        ),
    ),
    Misconception(
        "order-r-n-z",
        Text(
            zh="你按 r, n, z 切分，更新门与候选的块取反了：应为 `r, z, n = np.split(a, 3, axis=-1)`。",
            en="You take the blocks for r, n, z, so update gate and candidate change places: `r, z, n = np.split(a, 3, axis=-1)`.",
        ),
    ),
)

MISCONCEPTIONS = (
    Misconception(
        "order-z-r-n",
        Text(
            zh="r 和 z 互换了（Keras 与 ONNX 的次序是 z, r, n）：这里按 r, z, n 存放，应 `return r, z`。",
            en="You swap r and z (Keras and ONNX store z, r, n): here the order is r, z, n; `return r, z`.",
        ),
    ),
    *ORDER_MISTAKES,
    Misconception(
        "returns-one-minus-z",
        Text(
            zh="你返回的是 `1 - z`：两种约定只在插值那一行不同，门本身就是 `z = sigmoid(...)`。",
            en="You return `1 - z`: the two conventions differ in the line that mixes n and h; the gate itself is `z = sigmoid(...)`.",
        ),
    ),
    Misconception(
        "tanh-for-the-reset-gate",
        Text(
            zh="重置门用了 tanh：它决定旧状态看到多少，要在 0 到 1 之间，应为 `r = sigmoid(...)`。",
            en="You use tanh for the reset gate: it says how much of the old state is seen, from 0 to 1: `r = sigmoid(...)`.",
        ),
    ),
    Misconception(
        "raw-gates",
        Text(
            zh="r、z 没有经过 sigmoid：不在 0 到 1 之间就起不到门的作用，应为 `sigmoid(...)`。",
            en="You leave r and z without their sigmoid: outside 0 .. 1 nothing is a gate; apply `sigmoid(...)`.",
        ),
    ),
    Misconception(
        "returns-n-too",
        Text(
            zh="多返回了候选 n：它要等 r 算出来才能算，这里只 `return r, z`。",
            en="You return a candidate as well: n has to wait for r; here it is `return r, z`.",
        ),
    ),
    *MISREADINGS,
    *WRONG_GATES,
)


def _negated(args):
    x, h, W, U, b = args
    return ((x, h, -W, -U, -b),)


def _mirror(args, result, mirrored):
    single = is_single(*args)
    return all(
        close(np.asarray(a) + np.asarray(m), np.ones_like(a), single) for a, m in zip(result, mirrored, strict=True)
    )


LAWS = (
    Law(
        "range",
        Text(zh="r、z 在 [0, 1] 内", en="r and z lie in [0, 1]"),
        holds=lambda args, result: all(bool(((np.asarray(a) >= 0) & (np.asarray(a) <= 1)).all()) for a in result),
    ),
    Law(
        "mirror",
        Text(zh="所有参数取负时，门变成 1 减原值", en="with all parameters negated each gate becomes one minus itself"),
        holds=_mirror,
        derive=_negated,
    ),
)

INPUTS = (
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("W", ("D", (3, "H"))),
    Array("U", ("H", (3, "H"))),
    Array("b", ((3, "H"),)),
)

TASK = Task(
    id="gru-gates",
    function="gru_gates",
    ask=Text(
        zh="""写出 `gru_gates(x, h, W, U, b)`：算出 GRU 的重置门和更新门。

- `x (N, D)`：这一步的输入；`h (N, H)`：上一步的状态
- `W (D, 3H)`、`U (H, 3H)`、`b (3H,)`：三块并排，次序为 `r, z, n`（重置门、更新门、候选），每块 H 列；这里只用前两块

返回 `(r, z)`，各为 `(N, H)`。""",
        en="""Write `gru_gates(x, h, W, U, b)`: reset and update gate of a GRU.

- `x (N, D)`: the input of this step; `h (N, H)`: the state of the previous one
- `W (D, 3H)`, `U (H, 3H)`, `b (3H,)`: three blocks side by side in the order `r, z, n` (reset gate, update gate, candidate), H columns each; only the first two are used here

Returns `(r, z)`, each `(N, H)`.""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_gates,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(zh="参数里有三块，这里只要两块。", en="The parameters hold three blocks; two are wanted."),
        Text(
            zh="取前 `2 * H` 列，算 `x @ W + h @ U + b`，切成两半，再过 sigmoid。",
            en="Take the first `2 * H` columns, compute `x @ W + h @ U + b`, halve it, apply the sigmoid.",
        ),
        Text(
            zh="`r, z = np.split(x @ W[:, :2*H] + h @ U[:, :2*H] + b[:2*H], 2, axis=-1)`，然后 `return sigmoid(r), sigmoid(z)`",
            en="`r, z = np.split(x @ W[:, :2*H] + h @ U[:, :2*H] + b[:2*H], 2, axis=-1)`, then `return sigmoid(r), sigmoid(z)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="两个门只读 x 和 h，可以合成一次矩阵乘法；候选不行，因为它要先有 r。知道块的次序各家不同：PyTorch 是 r, z, n，Keras 和 ONNX 是 z, r, n。",
        en="Both gates read x and h alone, so one product serves both; the candidate must wait for r. Knowing that the order of the blocks "
        "differs: r, z, n in PyTorch, z, r, n in Keras and ONNX.",
    ),
    laws=LAWS,
    outputs=("r", "z"),
    corner_cases=partial(cell_corners, INPUTS),
)
