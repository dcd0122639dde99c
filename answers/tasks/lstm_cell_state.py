"""lstm-cell-state: keep what the forget gate leaves, add what the input gate lets in."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single


def with_mistakes(wrong: frozenset[str]):
    def lstm_cell_state(c, i, f, g):
        if "squashes-the-gates-again" in wrong:
            i, f = rnnref.sigmoid(i), rnnref.sigmoid(f)
        if "squashes-g-again" in wrong:
            g = np.tanh(g)
        if "swaps-i-and-f" in wrong:
            i, f = f, i
        let_in = i
        if "couples-i-to-f" in wrong:
            let_in = 1 - f
        if "couples-f-to-i" in wrong:
            f = 1 - i
        if "keeps-one-minus-f" in wrong:
            f = 1 - f
        kept = c if "never-forgets" in wrong else f * c
        if "drops-the-old-state" in wrong:
            kept = np.zeros_like(c)
        added = g if "no-input-gate" in wrong else let_in * g
        if "forgets-the-new-too" in wrong:
            added = f * added
        c_new = kept - added if "subtracts-the-new" in wrong else kept + added
        if "halves-the-sum" in wrong:
            c_new = c_new / 2
        if "adds-c-twice" in wrong:
            c_new = c_new + c
        if "divides-by-i-plus-f" in wrong:
            c_new = c_new / (i + f)
        return np.tanh(c_new) if "squashes-c" in wrong else c_new

    return lstm_cell_state


MISCONCEPTIONS = (
    Misconception(
        "swaps-i-and-f",
        Text(
            zh="i 和 f 用反了：f 决定旧记忆留多少，i 决定新内容写多少，应为 `c_new = f * c + i * g`。",
            en="You swap i and f: f keeps the old memory, i lets the candidate in: `c_new = f * c + i * g`.",
        ),
    ),
    Misconception(
        "never-forgets",
        Text(
            zh="旧状态没有乘遗忘门：你的 c 只会累加、从不衰减（这是 1997 年最初的 LSTM），应为 `f * c`，而不是 `c`。",
            en="You keep all of the old state (the LSTM of 1997, before it had a forget gate): write `f * c`, not `c`.",
        ),
    ),
    Misconception(
        "no-input-gate",
        Text(
            zh="候选值没有乘输入门就直接写进了记忆：应为 `i * g`，而不是 `g`。",
            en="You write the candidate into memory without the input gate: the second term is `i * g`, not `g`.",
        ),
    ),
    Misconception(
        "couples-i-to-f",
        Text(
            zh="你用 `1 - f` 代替了输入门：那是输入门与遗忘门耦合的变体；标准 LSTM 的 i 是独立的，应为 `i * g`。",
            en="You use `1 - f` as the input gate: that is the coupled variant; here i is a gate of its own: `i * g`.",
        ),
    ),
    Misconception(
        "couples-f-to-i",
        Text(
            zh="你用 `1 - i` 代替了遗忘门：那是 GRU 式的插值；标准 LSTM 的 f 是独立的，应为 `f * c`。",
            en="You use `1 - i` as the forget gate, as a GRU interpolates; here f is a gate of its own: `f * c`.",
        ),
    ),
    Misconception(
        "keeps-one-minus-f",
        Text(
            zh="你保留了 `(1 - f) * c`：“遗忘门”其实是保留门，f = 1 表示全部留下，应为 `f * c`。",
            en="You keep `(1 - f) * c`: in spite of its name the forget gate says how much stays; f = 1 keeps all: `f * c`.",
        ),
    ),
    Misconception(
        "drops-the-old-state",
        Text(
            zh="旧状态 c 没有参与计算：只剩 `i * g` 就没有记忆了，应为 `f * c + i * g`。",
            en="You leave the old state out: `i * g` alone has no memory; it is `f * c + i * g`.",
        ),
    ),
    Misconception(
        "adds-c-twice",
        Text(
            zh="旧状态加了两次：写 `c += f * c + i * g` 会得到 `(1 + f) * c`，应为 `c_new = f * c + i * g`。",
            en="You add the old state twice: `c += f * c + i * g` keeps `(1 + f) * c`; assign `c_new = f * c + i * g`.",
        ),
    ),
    Misconception(
        "forgets-the-new-too",
        Text(
            zh="遗忘门也乘到了新内容上：`f * (c + i * g)` 的括号多了，f 只作用于旧状态，应为 `f * c + i * g`。",
            en="You let f act on the new content too: drop the brackets in `f * (c + i * g)`; it is `f * c + i * g`.",
        ),
    ),
    Misconception(
        "squashes-c",
        Text(
            zh="你对新的细胞状态取了 tanh：c 这条路必须是线性的，tanh 只在算 h 时用，应直接返回 `f * c + i * g`。",
            en="You squash the new cell state with tanh: the path along c stays linear; tanh comes in only on the way to h. "
            "Return `f * c + i * g` itself.",
        ),
    ),
    Misconception(
        "divides-by-i-plus-f",
        Text(
            zh="你用 `i + f` 做了归一化：LSTM 的两个门互不牵制，不需要和为 1，去掉除法，应为 `f * c + i * g`。",
            en="You divide by `i + f`: the two gates need not sum to 1; drop the division: `f * c + i * g`.",
        ),
    ),
    Misconception(
        "halves-the-sum",
        Text(
            zh="你取了新旧两项的平均：这里是求和，去掉 `/ 2`，应为 `f * c + i * g`。",
            en="You average the old and the new: it is a sum, drop the `/ 2`: `f * c + i * g`.",
        ),
    ),
    Misconception(
        "subtracts-the-new",
        Text(
            zh="新内容是减去的：正负由 g 自己决定，这里应为加号，`f * c + i * g`。",
            en="You subtract the new content: g has its own sign, the terms add: `f * c + i * g`.",
        ),
    ),
    Misconception(
        "squashes-g-again",
        Text(
            zh="对 g 又取了一次 tanh：传进来的 g 已经过激活函数，直接用 `i * g` 即可。",
            en="You apply tanh to g a second time: g arrives activated; use it as it is in `i * g`.",
        ),
    ),
    Misconception(
        "squashes-the-gates-again",
        Text(
            zh="对 i 和 f 又取了一次 sigmoid：传进来的已经是 0 到 1 之间的门值，直接用 `f * c + i * g` 即可。",
            en="You apply sigmoid to i and f a second time: they arrive as gates between 0 and 1; use them as they are in "
            "`f * c + i * g`.",
        ),
    ),
)


def _open_and_closed(args):
    c, i, f, g = args
    return ((c, np.zeros_like(i), np.ones_like(f), g), (c, np.ones_like(i), np.zeros_like(f), g))


def _doubled(args):
    c, i, f, g = args
    return ((2 * c, i, f, 2 * g),)


LAWS = (
    Law(
        "gates-open-and-shut",
        Text(
            zh="f = 1、i = 0 时 c 原样保留；f = 0、i = 1 时 c 就是候选值 g",
            en="f = 1, i = 0 carries c unchanged; f = 0, i = 1 replaces it by g",
        ),
        holds=lambda args, result, kept, replaced: close(kept, args[0]) and close(replaced, args[3]),
        derive=_open_and_closed,
    ),
    Law(
        "linear-in-c-and-g",
        Text(zh="对 c 和 g 是线性的：两者加倍，结果加倍", en="linear in c and g: doubling both doubles the result"),
        holds=lambda args, result, doubled: close(doubled, 2 * np.asarray(result), is_single(*args)),
        derive=_doubled,
    ),
)

INPUTS = (
    Array("c", ("N", "H")),
    Array("i", ("N", "H"), "unit"),
    Array("f", ("N", "H"), "unit"),
    Array("g", ("N", "H"), "state"),
)

TASK = Task(
    id="lstm-cell-state",
    function="lstm_cell_state",
    ask=Text(
        zh="""写出 `lstm_cell_state(c, i, f, g)`：LSTM 的长期记忆走一步。

- `c (N, H)`：旧的细胞状态
- `i, f (N, H)`：输入门、遗忘门，已经过 sigmoid，取值在 0 到 1 之间
- `g (N, H)`：候选值，已经过 tanh

返回新的细胞状态 `c_new (N, H)`。全是逐元素运算，不要改动传入的数组。""",
        en="""Write `lstm_cell_state(c, i, f, g)`: one step of the LSTM's long-term memory.

- `c (N, H)`: the old cell state
- `i, f (N, H)`: input and forget gate, already through the sigmoid, so between 0 and 1
- `g (N, H)`: the candidate, already through tanh

Returns the new cell state `c_new (N, H)`. Everything is elementwise; leave the arguments as they are.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_cell_state,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="记忆的更新有两件事：旧的留多少，新的写多少。各由一个门负责。",
            en="Two things happen to the memory: some of the old stays, some new comes in. Each has a gate of its own.",
        ),
        Text(
            zh="两个逐元素乘积之和。没有矩阵乘法，也没有激活函数。",
            en="A sum of two elementwise products. No matrix product, no nonlinearity.",
        ),
        Text(zh="`c_new = f * c + i * g`", en="`c_new = f * c + i * g`"),
    ),
    interviewers_look_for=Text(
        zh="能否说出这一行为什么缓解梯度消失：沿 c 的导数就是 f（把门看作给定），是加法路径，不经过矩阵乘法和 tanh。"
        "再追问：f 恒为 1 会怎样？记忆不会衰减，但 c 可能无界增长。",
        en="Whether you can say why this line eases vanishing gradients: along c the derivative is f (the gates taken as given), "
        "an additive path with no matrix product and no tanh on it. Then: what if f is always 1? Nothing fades, and c may grow without bound.",
    ),
    laws=LAWS,
    corner_cases=partial(cell_corners, INPUTS),
)
