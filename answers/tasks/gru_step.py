"""gru-step: the whole cell; z says how much of the old state stays."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.model import Law, Misconception, Task, Text
from answers.tasks import gru_candidate, gru_gates
from answers.tasks._cells import MISREADINGS, WRONG_GATES, misread
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

READING = {m.id for m in MISREADINGS} | gru_gates.ORDERS.keys()


def with_mistakes(wrong: frozenset[str]):
    gates = gru_gates.with_mistakes(wrong - READING)  # the parameters are misread once, below
    candidate = gru_candidate.with_mistakes(wrong - READING)

    def gru_step(x, h, W, U, b):
        W, U, b = misread(wrong, W, U, b, gru_gates.ORDERS)
        H = h.shape[1]
        r, z = gates(x, h, W, U, b)
        reset = z if "resets-with-z" in wrong else r
        n = candidate(x, h, reset, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :])
        if "mixes-with-r" in wrong:
            z = r
        h_new = mixed(wrong, z, n, r * h if "keeps-the-reset-state" in wrong else h)
        if "tanh-on-the-result" in wrong:
            h_new = np.tanh(h_new)
        return (h_new, h_new) if "returns-a-pair" in wrong else h_new

    return gru_step


def mixed(wrong, z, n, h):
    """The last line of the cell, as somebody with these mistakes writes it."""
    if "z-lets-the-new-in" in wrong:
        z = 1 - z
    old = h if "adds-all-of-h" in wrong else z * h
    new = n if "adds-all-of-n" in wrong else (1 - z) * n
    if "returns-the-candidate" in wrong:
        return n
    return new if "drops-the-old-state" in wrong else new + old


MIXING_MISTAKES = (
    Misconception(
        "z-lets-the-new-in",
        Text(
            zh="z 的约定反了：`z * n + (1 - z) * h` 是 Chung 等 2014 的写法；这里同 PyTorch、Keras，z 保留旧状态："
            "`(1 - z) * n + z * h`。",
            en="You use the other convention for z: `z * n + (1 - z) * h` is how Chung et al. (2014) write it; here, as in PyTorch and "
            "Keras, z keeps the old state: `(1 - z) * n + z * h`.",
        ),
    ),
    Misconception(
        "returns-the-candidate",
        Text(
            zh="直接返回了候选 n：还要与旧状态插值，`h_new = (1 - z) * n + z * h`。",
            en="You return the candidate: it still has to be mixed with the old state, `h_new = (1 - z) * n + z * h`.",
        ),
    ),
    Misconception(
        "drops-the-old-state",
        Text(
            zh="漏了旧状态：`(1 - z) * n` 之外还要加上 `z * h`。",
            en="You leave the old state out: add `z * h` to `(1 - z) * n`.",
        ),
    ),
    Misconception(
        "adds-all-of-h",
        Text(
            zh="旧状态没有乘 z：应为 `(1 - z) * n + z * h`，而不是 `+ h`，否则状态会不断累加。",
            en="You add all of the old state: `(1 - z) * n + z * h`, not `+ h`, or the state piles up.",
        ),
    ),
    Misconception(
        "adds-all-of-n",
        Text(
            zh="候选没有乘 `1 - z`：应为 `(1 - z) * n + z * h`，两个系数之和为 1。",
            en="You add all of the candidate: `(1 - z) * n + z * h`; the two weights sum to 1.",
        ),
    ),
    Misconception(
        "mixes-with-r",
        Text(
            zh="插值用成了重置门：r 只用在候选里，这一行用 z：`h_new = (1 - z) * n + z * h`。",
            en="You mix with the reset gate: r belongs in the candidate, this line takes z: `h_new = (1 - z) * n + z * h`.",
        ),
    ),
    Misconception(
        "resets-with-z",
        Text(
            zh="候选里用成了更新门：那里用的是重置门，应为 `(r * h) @ U_n`，不是 `z * h`。",
            en="You reset with the update gate: the candidate takes r: `(r * h) @ U_n`, not `z * h`.",
        ),
    ),
    Misconception(
        "keeps-the-reset-state",
        Text(
            zh="保留的是重置过的状态：多半写了 `h = r * h` 之后又用 h；最后一行要用原来的 h：`(1 - z) * n + z * h`。",
            en="You keep the state after its reset, as when `h = r * h` overwrites h: the last line takes h as it came: "
            "`(1 - z) * n + z * h`.",
        ),
    ),
    Misconception(
        "tanh-on-the-result",
        Text(
            zh="对结果多取了一次 tanh：插值就是最后一步，`return (1 - z) * n + z * h`。",
            en="You squash the result once more: the mixing is the last step, `return (1 - z) * n + z * h`.",
        ),
    ),
    Misconception(
        "returns-a-pair",
        Text(
            zh="返回了一对状态：GRU 只有一个状态，`return h_new`。",
            en="You return a pair: a GRU has one state, `return h_new`.",
        ),
    ),
    Misconception(
        "order-z-r-n",
        Text(
            zh="r 和 z 的块取反了（Keras 与 ONNX 的次序是 z, r, n）：这里应为 `r, z, n = np.split(a, 3, axis=-1)`。",
            en="You take the blocks in the order of Keras and ONNX, z, r, n; here it is r, z, n: `r, z, n = np.split(a, 3, axis=-1)`.",
        ),
    ),
)

MISCONCEPTIONS = (
    *MIXING_MISTAKES,
    *gru_candidate.RESET_MISTAKES,
    *gru_gates.ORDER_MISTAKES,
    *MISREADINGS,
    *WRONG_GATES,
)


def _held(args):
    """Weights of zero and the update gate fully open by the bias alone: everything stays."""
    x, h, W, U, b = args
    b = np.zeros_like(b)
    z = np.split(b, 3)[1]  # a view: written through
    z[:] = 100
    return ((x, h, np.zeros_like(W), np.zeros_like(U), b),)


def _forgotten(args):
    """Both gates shut by the bias alone, for two different old states."""
    x, h, W, U, b = (np.array(a) for a in args)
    H = h.shape[1]
    W[:, : 2 * H], U[:, : 2 * H], b[: 2 * H] = 0, 0, -100
    return ((x, h, W, U, b), (x, -h, W, U, b))


LAWS = (
    Law(
        "z-open-copies",
        Text(zh="z = 1 时状态原样保留", en="with z = 1 the state stays as it is"),
        holds=lambda args, result, held: close(held, args[1], is_single(*args)),
        derive=_held,
    ),
    Law(
        "shut-gates-forget",
        Text(
            zh="r = 0、z = 0 时结果与旧状态无关", en="with r = 0 and z = 0 the result does not depend on the old state"
        ),
        holds=lambda args, result, one, other: close(one, other, is_single(*args)),
        derive=_forgotten,
    ),
    Law(
        "bounded",
        Text(zh="|h_new| 不超过 max(|h|, 1)", en="|h_new| is at most max(|h|, 1)"),
        holds=lambda args, result: bool(
            (np.abs(np.asarray(result)) <= np.maximum(np.abs(args[1]), 1) * (1 + 1e-6)).all()
        ),
    ),
)

INPUTS = gru_gates.INPUTS

TASK = Task(
    id="gru-step",
    function="gru_step",
    ask=Text(
        zh="""写出 `gru_step(x, h, W, U, b)`：GRU 走一步。

- `x (N, D)`：这一步的输入；`h (N, H)`：上一步的状态
- `W (D, 3H)`、`U (H, 3H)`、`b (3H,)`：三块并排，次序为 `r, z, n`（重置门、更新门、候选），每块 H 列

两个约定：`z` 保留**旧**状态（同 PyTorch、Keras）；重置门在矩阵乘法**之前**作用于 h。返回 `h_new (N, H)`。""",
        en="""Write `gru_step(x, h, W, U, b)`: one step of a GRU.

- `x (N, D)`: the input of this step; `h (N, H)`: the state of the previous one
- `W (D, 3H)`, `U (H, 3H)`, `b (3H,)`: three blocks side by side in the order `r, z, n` (reset gate, update gate, candidate), H columns each

Two conventions: `z` keeps the **old** state (as in PyTorch and Keras); the reset gate acts on h **before** the matrix product. Returns `h_new (N, H)`.""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_step,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="分三段写：两个门，候选，新旧之间的插值。",
            en="Write it in three parts: the two gates, the candidate, the mix of old and new.",
        ),
        Text(
            zh="r、z 由前 `2 * H` 列算出；候选用后 H 列，其中旧状态先乘 r；z 越大，旧状态留得越多。",
            en="r and z come from the first `2 * H` columns, the candidate from the last H, where r multiplies the old state first; "
            "the larger z, the more of the old state stays.",
        ),
        Text(
            zh="`n = np.tanh(x @ W[:, 2*H:] + (r * h) @ U[:, 2*H:] + b[2*H:])`，`h_new = (1 - z) * n + z * h`",
            en="`n = np.tanh(x @ W[:, 2*H:] + (r * h) @ U[:, 2*H:] + b[2*H:])`, `h_new = (1 - z) * n + z * h`",
        ),
    ),
    interviewers_look_for=Text(
        zh="动笔前先问清两个约定：z 保留旧的还是放进新的，重置在乘法之前还是之后。说得出 z 一个门同时担任了 LSTM 的遗忘门和输入门，"
        "h 是新旧的加权平均，所以始终有界。",
        en="Asking about the two conventions first: does z keep the old or let in the new, does the reset come before or after the product. "
        "Seeing that one gate, z, plays both forget and input gate, and that h, an average of old and new, stays bounded.",
    ),
    laws=LAWS,
    corner_cases=partial(cell_corners, INPUTS),
)
