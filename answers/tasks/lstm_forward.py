"""lstm-forward: the cell over a sequence, both states carried along."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import _sequences, lstm_step
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

IN_THE_CELL = {
    "swaps-i-and-f",
    "no-tanh-on-c",
    "shows-the-old-c",
    "no-output-gate",
    "reads-c-for-h",
    "never-forgets",
    "no-input-gate",
    "couples-i-to-f",
    "squashes-c",
    "order-i-f-o-g",
    "order-f-i-o-g",
    "sigmoid-for-the-candidate",
    "tanh-for-the-gates",
    "sigmoid-with-the-wrong-sign",
    "no-bias",
    "adds-the-bias-twice",
    "no-recurrent-term",
    "transposes-U",
    "interleaves-the-gates",
    "concatenates-h-before-x",
}


def with_mistakes(wrong: frozenset[str]):
    step = lstm_step.with_mistakes(wrong & IN_THE_CELL)

    def lstm_forward(x, h0, c0, W, U, b):
        if "swaps-h0-and-c0" in wrong:
            h0, c0 = c0, h0
        if "starts-from-zeros" in wrong:
            h0, c0 = np.zeros_like(h0), np.zeros_like(c0)
        hs, cs = [h0], [c0]
        for x_t in x[::-1] if "reads-backwards" in wrong else x:
            h = h0 if "never-passes-h-on" in wrong else hs[-1]
            c = c0 if "never-passes-c-on" in wrong else cs[-1]
            h, c = step(x_t, h, c, W, U, b)
            hs.append(h)
            cs.append(c)
        return returned(wrong, _sequences.rows(wrong, hs[1:], h0), _sequences.rows(wrong, cs[1:], c0), hs[-1], cs[-1])

    return lstm_forward


def returned(wrong, hs, cs, h, c):
    """What somebody with these mistakes returns of all states and the last ones."""
    if "returns-hs-alone" in wrong:
        return hs
    if "returns-the-last-states" in wrong:
        return h, c
    if "returns-the-last-c" in wrong:
        return hs, c
    return (cs, hs) if "returns-cs-first" in wrong else (hs, cs)


CARRYING_MISTAKES = (
    Misconception(
        "never-passes-c-on",
        Text(
            zh="每一步都从 c0 开始：细胞状态没有往下传，应为 `h, c = lstm_step(x[t], h, c, W, U, b)`。",
            en="Every step starts from c0: the cell state is not passed on; `h, c = lstm_step(x[t], h, c, W, U, b)`.",
        ),
    ),
    Misconception(
        "never-passes-h-on",
        Text(
            zh="每一步都从 h0 开始：隐藏状态没有往下传，应为 `h, c = lstm_step(x[t], h, c, W, U, b)`。",
            en="Every step starts from h0: the hidden state is not passed on; `h, c = lstm_step(x[t], h, c, W, U, b)`.",
        ),
    ),
    Misconception(
        "starts-from-zeros",
        Text(
            zh="没有用传入的初始状态：循环之前应为 `h, c = h0, c0`，不是全零。",
            en="You start from zeros: before the loop it is `h, c = h0, c0`.",
        ),
    ),
    Misconception(
        "swaps-h0-and-c0",
        Text(
            zh="初始状态用反了：应为 `h, c = h0, c0`。",
            en="You swap the initial states: `h, c = h0, c0`.",
        ),
    ),
)

RETURN_MISTAKES = (
    Misconception(
        "returns-hs-alone",
        Text(
            zh="只返回了 hs：还要返回每一步的 c，`return hs, cs`。",
            en="You return hs alone: every step's c is wanted too, `return hs, cs`.",
        ),
    ),
    Misconception(
        "returns-the-last-states",
        Text(
            zh="只返回了最后一步的 h 和 c：要的是每一步的，`return hs, cs`，各为 `(T, N, H)`。",
            en="You return the last h and c: those of every step are wanted, `return hs, cs`, each `(T, N, H)`.",
        ),
    ),
    Misconception(
        "returns-the-last-c",
        Text(
            zh="hs 是每一步的，c 却只有最后一步：`return hs, cs`，cs 也是 `(T, N, H)`。",
            en="You return every h but only the last c: `return hs, cs`, where cs too is `(T, N, H)`.",
        ),
    ),
    Misconception(
        "returns-cs-first",
        Text(
            zh="返回值的次序反了：应为 `return hs, cs`，hs 在前。",
            en="You return the two the other way round: `return hs, cs`.",
        ),
    ),
)

MISCONCEPTIONS = (
    *CARRYING_MISTAKES,
    *_sequences.misconceptions("h, c = lstm_step(x[t], h, c, W, U, b)"),
    *RETURN_MISTAKES,
    *(m for m in lstm_step.MISCONCEPTIONS if m.id in IN_THE_CELL),
)


def _last_input_changed(args):
    x = np.array(args[0])
    x[-1] += 1
    return ((x, *args[1:]),)


def _last_step_alone(args):
    x, h0, c0, W, U, b = args
    if len(x) < 2:
        return ()
    hs, cs = rnnref.lstm_forward(x[:-1], h0, c0, W, U, b)
    return ((x[-1:], hs[-1], cs[-1], W, U, b),)


LAWS = (
    Law(
        "no-look-ahead",
        Text(zh="改动最后一个输入，之前各步不变", en="a change of the last input leaves all earlier steps alone"),
        holds=lambda args, result, other: all(
            close(np.asarray(b)[:-1], np.asarray(a)[:-1], is_single(*args)) for a, b in zip(result, other, strict=True)
        ),
        derive=_last_input_changed,
    ),
    Law(
        "resumes",
        Text(
            zh="从倒数第二步的状态接着算一步，等于整段一次算完",
            en="one step from the last state but one gives what the whole run gives",
        ),
        holds=lambda args, result, last: all(
            close(np.asarray(b)[-1], np.asarray(a)[-1], is_single(*args)) for a, b in zip(result, last, strict=True)
        ),
        derive=_last_step_alone,
    ),
    Law(
        "h-bounded",
        Text(zh="hs 的每个元素都在 [-1, 1] 内", en="every entry of hs lies in [-1, 1]"),
        holds=lambda args, result: bool((np.abs(np.asarray(result[0])) <= 1).all()),
    ),
)

INPUTS = (
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("c0", ("N", "H")),
    Array("W", ("D", (4, "H"))),
    Array("U", ("H", (4, "H"))),
    Array("b", ((4, "H"),)),
)

TASK = Task(
    id="lstm-forward",
    function="lstm_forward",
    ask=Text(
        zh="""写出 `lstm_forward(x, h0, c0, W, U, b)`：LSTM 走完一段序列。

- `x (T, N, D)`：时间在前；`h0, c0 (N, H)`：初始状态
- `W (D, 4H)`、`U (H, 4H)`、`b (4H,)`：四块的次序为 `i, f, g, o`

返回 `(hs, cs)`，各为 `(T, N, H)`：第 t 行是读完 `x[t]` 之后的状态，不含初始状态。""",
        en="""Write `lstm_forward(x, h0, c0, W, U, b)`: an LSTM over a sequence.

- `x (T, N, D)`: time leads; `h0, c0 (N, H)`: the initial states
- `W (D, 4H)`, `U (H, 4H)`, `b (4H,)`: four blocks in the order `i, f, g, o`

Returns `(hs, cs)`, each `(T, N, H)`: row t is the state after `x[t]`; the initial states are left out.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_forward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="先写好一步，再放进循环；要传下去的状态有两个。",
            en="Write one step first, then put it into a loop; two states are carried along.",
        ),
        Text(
            zh="循环前 `h, c = h0, c0`；每一步先更新，再把 h 和 c 各存一份。",
            en="Before the loop `h, c = h0, c0`; each step first updates, then stores h and c.",
        ),
        Text(
            zh="`h, c = lstm_step(x[t], h, c, W, U, b)`，`hs[t], cs[t] = h, c`",
            en="`h, c = lstm_step(x[t], h, c, W, U, b)`, `hs[t], cs[t] = h, c`",
        ),
    ),
    interviewers_look_for=Text(
        zh="`x @ W` 与时间无关，可以在循环外对整段一次算完，循环里只剩 `h @ U`；说得出为什么循环本身不能并行：第 t 步要等第 t-1 步的 h。"
        "训练时要保留哪些中间量？各步的门值和 c。",
        en="`x @ W` does not depend on time: one product before the loop serves all steps, and only `h @ U` stays inside. Saying why the loop "
        "itself cannot run in parallel: step t waits for the h of step t-1. What has to be kept for training? The gates and c of each step.",
    ),
    laws=LAWS,
    outputs=("hs", "cs"),
    corner_cases=partial(cell_corners, INPUTS, memory="c0"),
)
