"""gru-forward: the cell over a sequence, its one state carried along."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import _sequences, gru_step
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

IN_THE_CELL = {
    "z-lets-the-new-in",
    "returns-the-candidate",
    "adds-all-of-h",
    "adds-all-of-n",
    "mixes-with-r",
    "resets-with-z",
    "keeps-the-reset-state",
    "resets-after-the-product",
    "resets-product-and-bias",
    "no-reset",
    "sigmoid-for-the-candidate",
    "order-z-r-n",
    "no-bias",
    "adds-the-bias-twice",
    "no-recurrent-term",
    "transposes-U",
    "interleaves-the-gates",
    "concatenates-h-before-x",
    "tanh-for-the-gates",
    "sigmoid-with-the-wrong-sign",
}


def with_mistakes(wrong: frozenset[str]):
    step = gru_step.with_mistakes(wrong & IN_THE_CELL)

    def gru_forward(x, h0, W, U, b):
        if "starts-from-zeros" in wrong:
            h0 = np.zeros_like(h0)
        hs = [h0]
        for x_t in x[::-1] if "reads-backwards" in wrong else x:
            hs.append(step(x_t, h0 if "never-passes-h-on" in wrong else hs[-1], W, U, b))
        if "returns-the-last-state" in wrong:
            return hs[-1]
        collected = _sequences.rows(wrong, hs[1:], h0)
        return (collected, hs[-1]) if "returns-the-last-too" in wrong else collected

    return gru_forward


SEQUENCE_MISTAKES = (
    Misconception(
        "never-passes-h-on",
        Text(
            zh="每一步都从 h0 开始：状态没有往下传，应为 `h = gru_step(x[t], h, W, U, b)`。",
            en="Every step starts from h0: the state is not passed on; `h = gru_step(x[t], h, W, U, b)`.",
        ),
    ),
    Misconception(
        "starts-from-zeros",
        Text(
            zh="没有用传入的初始状态：循环之前应为 `h = h0`，不是全零。",
            en="You start from zeros: before the loop it is `h = h0`.",
        ),
    ),
    Misconception(
        "returns-the-last-state",
        Text(
            zh="只返回了最后的状态：要的是每一步的，`return hs`，形状 `(T, N, H)`。",
            en="You return the last state: that of every step is wanted, `return hs`, `(T, N, H)`.",
        ),
    ),
    Misconception(
        "returns-the-last-too",
        Text(
            zh="多返回了最后的状态（PyTorch 的层会返回两个）：这里只 `return hs`。",
            en="You return the last state as well, as PyTorch's layer does: here it is `return hs` alone.",
        ),
    ),
)

MISCONCEPTIONS = (
    *SEQUENCE_MISTAKES,
    *_sequences.misconceptions("h = gru_step(x[t], h, W, U, b)"),
    *(m for m in gru_step.MISCONCEPTIONS if m.id in IN_THE_CELL),
)


def _last_input_changed(args):
    x = np.array(args[0])
    x[-1] += 1
    return ((x, *args[1:]),)


def _last_step_alone(args):
    x, h0, W, U, b = args
    if len(x) < 2:
        return ()
    return ((x[-1:], rnnref.gru_forward(x[:-1], h0, W, U, b)[-1], W, U, b),)


LAWS = (
    Law(
        "no-look-ahead",
        Text(zh="改动最后一个输入，之前各步不变", en="a change of the last input leaves all earlier steps alone"),
        holds=lambda args, result, other: close(np.asarray(other)[:-1], np.asarray(result)[:-1], is_single(*args)),
        derive=_last_input_changed,
    ),
    Law(
        "resumes",
        Text(
            zh="从倒数第二步的状态接着算一步，等于整段一次算完",
            en="one step from the last state but one gives what the whole run gives",
        ),
        holds=lambda args, result, last: close(np.asarray(last)[-1], np.asarray(result)[-1], is_single(*args)),
        derive=_last_step_alone,
    ),
    Law(
        "bounded",
        Text(zh="|hs| 不超过 max(|h0|, 1)", en="|hs| is at most max(|h0|, 1)"),
        holds=lambda args, result: bool(
            (np.abs(np.asarray(result)) <= np.maximum(np.abs(args[1]), 1) * (1 + 1e-5)).all()
        ),
    ),
)

INPUTS = (
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("W", ("D", (3, "H"))),
    Array("U", ("H", (3, "H"))),
    Array("b", ((3, "H"),)),
)

TASK = Task(
    id="gru-forward",
    function="gru_forward",
    ask=Text(
        zh="""写出 `gru_forward(x, h0, W, U, b)`：GRU 走完一段序列。

- `x (T, N, D)`：时间在前；`h0 (N, H)`：初始状态
- `W (D, 3H)`、`U (H, 3H)`、`b (3H,)`：三块的次序为 `r, z, n`

约定同 `gru-step`：`z` 保留旧状态，重置门在矩阵乘法之前作用于 h。返回 `hs (T, N, H)`：第 t 行是读完 `x[t]` 之后的状态，不含初始状态。""",
        en="""Write `gru_forward(x, h0, W, U, b)`: a GRU over a sequence.

- `x (T, N, D)`: time leads; `h0 (N, H)`: the initial state
- `W (D, 3H)`, `U (H, 3H)`, `b (3H,)`: three blocks in the order `r, z, n`

Conventions as in `gru-step`: `z` keeps the old state, the reset gate acts on h before the matrix product. Returns `hs (T, N, H)`: row t is the state after `x[t]`; the initial state is left out.""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_forward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="先写好一步，再放进循环；要传下去的状态只有一个。",
            en="Write one step first, then put it into a loop; one state is carried along.",
        ),
        Text(
            zh="循环前 `h = h0`；每一步先更新，再存。",
            en="Before the loop `h = h0`; each step first updates, then stores.",
        ),
        Text(
            zh="`h = gru_step(x[t], h, W, U, b)`，`hs[t] = h`",
            en="`h = gru_step(x[t], h, W, U, b)`, `hs[t] = h`",
        ),
    ),
    interviewers_look_for=Text(
        zh="循环不变的 `x @ W` 提到循环外一次算完；候选要等 r，所以“先重置”的形式每步要两次小乘法，"
        "而“先乘再重置”只要一次，这正是 cuDNN 选后者的原因。",
        en="`x @ W` taken out of the loop; seeing that the candidate waits for r, so that resetting before the product costs two small products "
        "a step and resetting after it only one, which is why cuDNN chose the latter.",
    ),
    laws=LAWS,
    corner_cases=partial(cell_corners, INPUTS),
)
