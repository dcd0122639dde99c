"""lstm-gates: three gates and a candidate from one stacked product."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks._cells import MISREADINGS, WRONG_GATES, blocks, gate_nonlinearity, misread
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

ORDERS = {
    "swaps-i-and-f": (1, 0, 2, 3),
    "order-i-f-o-g": (0, 1, 3, 2),
    "order-f-i-o-g": (1, 0, 3, 2),
    "order-i-o-f-g": (0, 2, 3, 1),
    "order-i-g-f-o": (0, 2, 1, 3),
}
"""Where somebody who believes in the named order looks for i, f, g, o."""


def with_mistakes(wrong: frozenset[str]):
    gate = gate_nonlinearity(wrong)
    order = places(wrong)

    def lstm_gates(x, h, W, U, b):
        W, U, b = misread(wrong, W, U, b, {})
        a = x @ W + h @ U + b
        if "divides-by-root-H" in wrong:
            a = a / a.dtype.type(h.shape[1] ** 0.5)
        apart = blocks(a, 4)[order]
        if "adds-one-to-f" in wrong:
            apart[1] += 1
        i, f, g, o = apart
        if "sigmoid-for-the-candidate" in wrong:
            g = rnnref.sigmoid(g)
        elif "linear-candidate" not in wrong:
            g = np.tanh(g)
        if "raw-gates" not in wrong:
            i, f, _, gated = gate(apart)  # in one call, which on small arrays takes a third of the time of three
            o = np.tanh(o) if "tanh-for-the-output-gate" in wrong else gated
        return (i, f, o, g) if "returns-i-f-o-g" in wrong else (i, f, g, o)

    return lstm_gates


def places(wrong: frozenset[str]) -> list[int]:
    """Which blocks of the pre-activations somebody with these mistakes takes for i, f, g, o."""
    order = [0, 1, 2, 3]
    for mistake, believed in ORDERS.items():
        if mistake in wrong:
            order = [order[k] for k in believed]
    return order


ORDER_MISTAKES = (
    Misconception(
        "order-i-f-o-g",
        Text(
            zh="候选 g 与输出门 o 的块取反了（你按 i, f, o, g 切分）：应为 `i, f, g, o = np.split(a, 4, axis=-1)`。",
            en="You take the blocks for i, f, o, g, so candidate and output gate change places: "
            "`i, f, g, o = np.split(a, 4, axis=-1)`.",
        ),
    ),
    Misconception(
        "order-f-i-o-g",
        Text(
            zh="你按教科书讲解的次序 f, i, o, g 切分：这里的次序是 `i, f, g, o = np.split(a, 4, axis=-1)`。",
            en="You take the blocks for f, i, o, g, the order in which they are often explained; here it is "
            "`i, f, g, o = np.split(a, 4, axis=-1)`.",
        ),
    ),
    Misconception(
        "order-i-o-f-g",
        Text(
            zh="你按 ONNX 的次序 i, o, f, g 切分：这里的次序是 `i, f, g, o = np.split(a, 4, axis=-1)`。",
            en="You take the blocks in ONNX's order i, o, f, g; here it is `i, f, g, o = np.split(a, 4, axis=-1)`.",
        ),
    ),
    Misconception(
        "order-i-g-f-o",
        Text(
            zh="你按 TensorFlow 1 的次序 i, g, f, o 切分：这里的次序是 `i, f, g, o = np.split(a, 4, axis=-1)`。",
            en="You take the blocks in TensorFlow 1's order i, g, f, o; here it is `i, f, g, o = np.split(a, 4, axis=-1)`.",
        ),
    ),
)

CANDIDATE_MISTAKES = (
    Misconception(
        "sigmoid-for-the-candidate",
        Text(
            zh="候选 g 用了 sigmoid：它是要写入的内容，可正可负，应为 `g = np.tanh(...)`，只有 i、f、o 用 sigmoid。",
            en="You use the sigmoid for the candidate: g is content of either sign, `g = np.tanh(...)`; only i, f and o are sigmoids.",
        ),
    ),
    Misconception(
        "linear-candidate",
        Text(
            zh="候选 g 没有经过激活函数：应为 `g = np.tanh(...)`，否则写入的内容没有界。",
            en="You leave the candidate without a nonlinearity: `g = np.tanh(...)`, or what is written has no bound.",
        ),
    ),
    Misconception(
        "tanh-for-the-output-gate",
        Text(
            zh="输出门用了 tanh：“输出用 tanh”说的是 `tanh(c_new)`，输出门本身是门，应为 `o = sigmoid(...)`。",
            en='You use tanh for the output gate: "tanh at the output" means `tanh(c_new)`; the gate itself is `o = sigmoid(...)`.',
        ),
    ),
    Misconception(
        "adds-one-to-f",
        Text(
            zh="遗忘门里多加了 1：TensorFlow 1 的 `forget_bias=1` 是这样做的；这里偏置全在 b 里，应为 `f = sigmoid(...)`，不另加 1。",
            en="You add 1 inside the forget gate, as TensorFlow 1 did with `forget_bias=1`; here b holds all of the bias: no `+ 1` in `f = sigmoid(...)`.",
        ),
    ),
    Misconception(
        "divides-by-root-H",
        Text(
            zh="你除以了 `sqrt(H)`：那是注意力里的缩放；LSTM 的门不缩放，应为 `x @ W + h @ U + b`。",
            en="You divide by `sqrt(H)`: attention scales like that, an LSTM does not: `x @ W + h @ U + b`.",
        ),
    ),
    Misconception(
        "raw-gates",
        Text(
            zh="i、f、o 没有经过 sigmoid：不在 0 到 1 之间就起不到门的作用，应为 `sigmoid(...)`。",
            en="You leave i, f and o without their sigmoid: outside 0 .. 1 nothing is a gate; apply `sigmoid(...)`.",
        ),
    ),
)

MISCONCEPTIONS = (
    Misconception(
        "swaps-i-and-f",
        Text(
            zh="输入门与遗忘门的块取反了（你按 f, i, g, o 切分或返回）：应为 `i, f, g, o = np.split(a, 4, axis=-1)`。",
            en="You swap input and forget gate (blocks taken or returned as f, i, g, o): `i, f, g, o = np.split(a, 4, axis=-1)`.",
        ),
    ),
    *ORDER_MISTAKES,
    Misconception(
        "returns-i-f-o-g",
        Text(
            zh="返回的次序不对：四个量都算对了，但应为 `return i, f, g, o`，而不是 `i, f, o, g`。",
            en="You return the four in another order: they are right, but it is `return i, f, g, o`, not `i, f, o, g`.",
        ),
    ),
    *CANDIDATE_MISTAKES,
    *MISREADINGS,
    *WRONG_GATES,
)


def _in_range(args, result):
    i, f, g, o = (np.asarray(r) for r in result)
    return all(bool(((a >= 0) & (a <= 1)).all()) for a in (i, f, o)) and bool((np.abs(g) <= 1).all())


def _negated(args):
    """Every parameter negated: each pre-activation changes its sign."""
    x, h, W, U, b = args
    return ((x, h, -W, -U, -b),)


def _mirror(args, result, mirrored):
    single = is_single(*args)
    (i, f, g, o), (i_, f_, g_, o_) = ([np.asarray(a) for a in r] for r in (result, mirrored))
    gates = all(close(a + a_, np.ones_like(a), single) for a, a_ in ((i, i_), (f, f_), (o, o_)))
    return gates and close(g_, -g, single)


LAWS = (
    Law(
        "ranges",
        Text(zh="i、f、o 在 [0, 1] 内，g 在 [-1, 1] 内", en="i, f, o lie in [0, 1], g lies in [-1, 1]"),
        holds=_in_range,
    ),
    Law(
        "mirror",
        Text(
            zh="所有参数取负：门变成 1 减原值，候选变号",
            en="with all parameters negated each gate becomes one minus itself, and the candidate changes sign",
        ),
        holds=_mirror,
        derive=_negated,
    ),
)

INPUTS = (
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("W", ("D", (4, "H"))),
    Array("U", ("H", (4, "H"))),
    Array("b", ((4, "H"),)),
)

TASK = Task(
    id="lstm-gates",
    function="lstm_gates",
    ask=Text(
        zh="""写出 `lstm_gates(x, h, W, U, b)`：算出 LSTM 一步的三个门和候选值。

- `x (N, D)`：这一步的输入；`h (N, H)`：上一步的隐藏状态
- `W (D, 4H)`、`U (H, 4H)`、`b (4H,)`：四块并排，次序为 `i, f, g, o`（输入门、遗忘门、候选、输出门），每块 H 列

返回 `(i, f, g, o)`，各为 `(N, H)`。float64 进则 float64 出，float32 进则 float32 出。""",
        en="""Write `lstm_gates(x, h, W, U, b)`: the three gates and the candidate of one LSTM step.

- `x (N, D)`: the input of this step; `h (N, H)`: the hidden state of the previous one
- `W (D, 4H)`, `U (H, 4H)`, `b (4H,)`: four blocks side by side in the order `i, f, g, o` (input gate, forget gate, candidate, output gate), H columns each

Returns `(i, f, g, o)`, each `(N, H)`. float64 in, float64 out; float32 in, float32 out.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_gates,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="四个量的线性部分形式相同，参数也已并排放好：一次算完再切开。",
            en="All four share one linear form, and their parameters stand side by side: compute once, then cut.",
        ),
        Text(
            zh="`a = x @ W + h @ U + b` 是 `(N, 4H)`。三个门要在 0 到 1 之间，候选要可正可负。",
            en="`a = x @ W + h @ U + b` is `(N, 4H)`. Three gates lie between 0 and 1; the candidate takes either sign.",
        ),
        Text(
            zh="`i, f, g, o = np.split(a, 4, axis=-1)`，然后 `return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)`",
            en="`i, f, g, o = np.split(a, 4, axis=-1)`, then `return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="四个门合成一次矩阵乘法（小矩阵乘四次慢得多）；知道各框架的门次序不同：PyTorch 与 Keras 是 i, f, g, o，ONNX 是 i, o, f, g，"
        "搬权重时最容易错在这里；sigmoid 对很大的负数不溢出。",
        en="One matrix product for all four instead of four small ones; knowing that frameworks order the gates differently "
        "(PyTorch and Keras i, f, g, o; ONNX i, o, f, g), where moved weights go wrong most; a sigmoid that does not overflow.",
    ),
    laws=LAWS,
    outputs=("i", "f", "g", "o"),
    corner_cases=partial(cell_corners, INPUTS),
)
