"""lstm-bias-init: memory starts open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Case, Integer, Real
from answers.model import Law, Misconception, Task, Text
from answers.tasks._laws import close

BLOCKS = {"fills-the-input-block": [0], "fills-the-candidate-block": [2], "fills-the-output-block": [3]}


def with_mistakes(wrong: frozenset[str]):
    def lstm_bias_init(hidden_size, forget_bias=1.0):
        H = hidden_size
        value = 1.0 if "ignores-forget-bias" in wrong else forget_bias
        if "negates-it" in wrong:
            value = -value
        if "halves-it" in wrong:
            value = value / 2
        if "through-the-sigmoid" in wrong:
            value = rnnref.sigmoid(np.asarray(float(value)))
        b = np.ones((4, H)) if "ones-elsewhere" in wrong else np.zeros((4, H))
        b[filled_blocks(wrong)] = value
        if "fills-one-entry" in wrong:
            b[1, 1:] = b[0, 0]
        if "interleaves-the-gates" in wrong:
            b = b.T
        if "returns-the-forget-block" in wrong:
            return b.reshape(4, H)[1].copy()
        return b if "returns-four-rows" in wrong else b.ravel()

    return lstm_bias_init


def filled_blocks(wrong):
    """Which of the blocks i, f, g, o somebody with these mistakes fills."""
    if "fills-every-block" in wrong:
        return [0, 1, 2, 3]
    if "fills-every-gate" in wrong:
        return [0, 1, 3]
    return next((blocks for mistake, blocks in BLOCKS.items() if mistake in wrong), [1])


MISCONCEPTIONS = (
    Misconception(
        "fills-the-input-block",
        Text(
            zh="填到了输入门那块：次序是 i, f, g, o，遗忘门是第二块，`b[H:2*H] = forget_bias`。",
            en="You fill the input gate's block: in the order i, f, g, o the forget gate is second, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "fills-the-candidate-block",
        Text(
            zh="填到了候选那块：次序是 i, f, g, o，遗忘门是第二块，`b[H:2*H] = forget_bias`。",
            en="You fill the candidate's block: in the order i, f, g, o the forget gate is second, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "fills-the-output-block",
        Text(
            zh="填到了输出门那块：次序是 i, f, g, o，遗忘门是第二块，`b[H:2*H] = forget_bias`。",
            en="You fill the output gate's block: in the order i, f, g, o the forget gate is second, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "fills-every-block",
        Text(
            zh="整个向量都填了：只有遗忘门那一块填，其余为 0，`b[H:2*H] = forget_bias`。",
            en="You fill the whole vector: only the forget gate's block is filled, the rest stays 0: `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "fills-every-gate",
        Text(
            zh="三个门都填了：要一开始就打开的只有遗忘门，`b[H:2*H] = forget_bias`。",
            en="You fill all three gates: the forget gate alone starts open, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "fills-one-entry",
        Text(
            zh="遗忘门那块只填了一个数：整块 H 个都要填，`b[H:2*H] = forget_bias`。",
            en="You fill a single entry of the forget block: all H of them, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "interleaves-the-gates",
        Text(
            zh="你隔四个填一个（如 `b[1::4]`）：每个门是相邻的 H 个数，应为 `b[H:2*H] = forget_bias`。",
            en="You fill every fourth entry (`b[1::4]`): each gate is a block of H neighbours, `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "ones-elsewhere",
        Text(
            zh="其余各块是 1 而不是 0：先 `b = np.zeros(4 * H)`，再填遗忘门那块。",
            en="The other blocks hold 1, not 0: start from `b = np.zeros(4 * H)`, then fill the forget block.",
        ),
    ),
    Misconception(
        "ignores-forget-bias",
        Text(
            zh="没有理会参数 `forget_bias`，总是填 1：应为 `b[H:2*H] = forget_bias`。",
            en="You always fill in 1 and ignore the argument: `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "negates-it",
        Text(
            zh="符号反了：正的偏置才让遗忘门打开（保留记忆），应为 `b[H:2*H] = forget_bias`。",
            en="You negate it: a positive bias opens the forget gate, and open means keep: `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "halves-it",
        Text(
            zh="只填了一半：那是 PyTorch 两个偏置相加时的做法；这里只有一个，应为 `b[H:2*H] = forget_bias`。",
            en="You fill in half of it, as one does for PyTorch's two biases, which add up; here there is one: `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "through-the-sigmoid",
        Text(
            zh="填的是 `sigmoid(forget_bias)`：偏置加在 sigmoid 之前，原样填入，`b[H:2*H] = forget_bias`。",
            en="You fill in `sigmoid(forget_bias)`: a bias is added before the sigmoid, so it goes in as it is: `b[H:2*H] = forget_bias`.",
        ),
    ),
    Misconception(
        "returns-four-rows",
        Text(
            zh="返回的是 `(4, H)`：要一维的 `(4 * H,)`，用 `b.ravel()` 或直接 `np.zeros(4 * H)`。",
            en="You return `(4, H)`: one axis is wanted, `(4 * H,)`; `b.ravel()`, or `np.zeros(4 * H)` at the start.",
        ),
    ),
    Misconception(
        "returns-the-forget-block",
        Text(
            zh="只返回了遗忘门那块：四块都要，`b = np.zeros(4 * H)`。",
            en="You return the forget gate's block alone: all four are wanted, `b = np.zeros(4 * H)`.",
        ),
    ),
)


def _of_one(args):
    return ((args[0], 0.0), (args[0], 1.0), (args[0], 2.0))


LAWS = (
    Law(
        "zero-is-zero-and-double-is-double",
        Text(
            zh="forget_bias = 0 时全为 0；加倍则结果加倍",
            en="with forget_bias = 0 all is 0, and twice the bias gives twice the vector",
        ),
        holds=lambda args, result, none, one, two: close(none, np.zeros_like(none)) and close(two, 2 * np.asarray(one)),
        derive=_of_one,
    ),
    Law(
        "one-quarter-is-filled",
        Text(
            zh="forget_bias = 1 时恰有 H 个 1，其余为 0", en="with forget_bias = 1 exactly H entries are 1, the rest 0"
        ),
        holds=lambda args, result, none, one, two: bool(
            np.sum(np.asarray(one) == 1) == args[0] and np.sum(np.asarray(one) == 0) == 3 * args[0]
        ),
        derive=_of_one,
    ),
)


def corner_cases(rng) -> Iterator[Case]:
    yield Case((1,), note="a single unit")
    yield Case((3,), note="forget_bias left out")
    yield Case((3, 0.0), note="no forget bias")
    yield Case((3, -2.5), note="starts shut")
    yield Case((2,), {"forget_bias": 5.0}, note="by keyword")
    yield Case((64, 1.5), note="wide")


TASK = Task(
    id="lstm-bias-init",
    function="lstm_bias_init",
    ask=Text(
        zh="""写出 `lstm_bias_init(hidden_size, forget_bias=1.0)`：LSTM 偏置的初始值。

返回一维的 `b (4H,)`，float64，四块的次序为 `i, f, g, o`：遗忘门那块填 `forget_bias`，其余为 0。""",
        en="""Write `lstm_bias_init(hidden_size, forget_bias=1.0)`: how an LSTM's bias starts.

Returns `b (4H,)`, one axis, float64, in the order `i, f, g, o`: `forget_bias` in the forget gate's block, 0 elsewhere.""",
    ),
    inputs=(Integer("hidden_size", 1, 16), Real("forget_bias", default=1.0)),
    reference=rnnref.lstm_bias_init,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(zh="先想清楚遗忘门是第几块。", en="First settle which block is the forget gate's."),
        Text(zh="从全零开始，再给一个切片赋值。", en="Start from zeros, then assign to one slice."),
        Text(
            zh="`b = np.zeros(4 * H)`，`b[H:2*H] = forget_bias`",
            en="`b = np.zeros(4 * H)`, `b[H:2*H] = forget_bias`",
        ),
    ),
    interviewers_look_for=Text(
        zh="为什么：偏置为 0 时遗忘门约为 0.5，50 步后只剩 0.5 的 50 次方；偏置为 1 时约 0.73，为 5 时约 0.993，梯度一开始就能传得远"
        "（Gers 等 2000，Jozefowicz 等 2015）。PyTorch 有两个偏置相加，只改一个，别改成 2。",
        en="Why: with a bias of 0 the forget gate starts near 0.5, and 50 steps leave 0.5 to the 50th; with 1 it is about 0.73, with 5 about 0.993, "
        "so gradients reach far from the start (Gers et al. 2000, Jozefowicz et al. 2015). PyTorch adds two biases: set one of them, or get twice as much.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
