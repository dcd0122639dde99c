"""lstm-step: the whole cell, from gates to the new hidden state."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import lstm_cell_state, lstm_gates
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

ELSEWHERE = {"swaps-i-and-f", "returns-i-f-o-g", "squashes-g-again", "squashes-the-gates-again"}
"""Mistakes of the parts that the step words afresh, or that mean something only where a part is written alone."""


def with_mistakes(wrong: frozenset[str]):
    gates = lstm_gates.with_mistakes(wrong)  # i and f change places there
    cell_state = lstm_cell_state.with_mistakes(wrong - {"swaps-i-and-f"})

    def lstm_step(x, h, c, W, U, b):
        i, f, g, o = gates(x, c if "reads-c-for-h" in wrong else h, W, U, b)
        c_new = cell_state(h if "reads-h-for-c" in wrong else c, i, f, g)
        h_new = hidden(wrong, o, c, c_new)
        if "returns-squashed-c" in wrong:
            c_new = np.tanh(c_new)
        if "returns-the-old-c" in wrong:
            c_new = c
        if "returns-h-alone" in wrong:
            return h_new
        if "returns-output-and-states" in wrong:
            return h_new, (h_new, c_new)
        return (c_new, h_new) if "returns-c-first" in wrong else (h_new, c_new)

    return lstm_step


def hidden(wrong, o, c, c_new):
    """The hidden state, as somebody with these mistakes reads it off the cell state."""
    shown = c if "shows-the-old-c" in wrong else c_new
    if "no-output-gate" in wrong:
        o = np.ones_like(o)
    if "tanh-around-the-product" in wrong:
        return np.tanh(o * shown)
    if "sigmoid-on-c" in wrong:
        return o * rnnref.sigmoid(shown)
    return o * shown if "no-tanh-on-c" in wrong else o * np.tanh(shown)


STATE_MISTAKES = (
    Misconception(
        "swaps-i-and-f",
        Text(
            zh="i 和 f 互换了：检查切分 `i, f, g, o = np.split(a, 4, axis=-1)` 和更新 `c_new = f * c + i * g` 这两行。",
            en="You swap i and f: look at `i, f, g, o = np.split(a, 4, axis=-1)` and at `c_new = f * c + i * g`.",
        ),
    ),
    Misconception(
        "no-tanh-on-c",
        Text(
            zh="算 h 时漏了 tanh：应为 `h_new = o * np.tanh(c_new)`，而不是 `o * c_new`，否则 h 没有界。",
            en="You leave out the tanh on the way to h: `h_new = o * np.tanh(c_new)`, not `o * c_new`, or h has no bound.",
        ),
    ),
    Misconception(
        "shows-the-old-c",
        Text(
            zh="h 用了旧的细胞状态：先更新 c，再算 `h_new = o * np.tanh(c_new)`，不是 `np.tanh(c)`。",
            en="You compute h from the old cell state: update c first, then `h_new = o * np.tanh(c_new)`, not `np.tanh(c)`.",
        ),
    ),
    Misconception(
        "sigmoid-on-c",
        Text(
            zh="算 h 时对 c 用了 sigmoid：应为 `h_new = o * np.tanh(c_new)`，h 可正可负。",
            en="You pass c through a sigmoid on the way to h: `h_new = o * np.tanh(c_new)`; h takes either sign.",
        ),
    ),
    Misconception(
        "no-output-gate",
        Text(
            zh="算 h 时没有乘输出门：应为 `h_new = o * np.tanh(c_new)`，而不是 `np.tanh(c_new)`。",
            en="You leave the output gate out: `h_new = o * np.tanh(c_new)`, not `np.tanh(c_new)`.",
        ),
    ),
    Misconception(
        "tanh-around-the-product",
        Text(
            zh="tanh 的括号放错了：应为 `o * np.tanh(c_new)`，不是 `np.tanh(o * c_new)`。",
            en="Your tanh closes over too much: `o * np.tanh(c_new)`, not `np.tanh(o * c_new)`.",
        ),
    ),
    Misconception(
        "reads-c-for-h",
        Text(
            zh="门读的是 c 而不是 h：循环项应为 `h @ U`，不是 `c @ U`。",
            en="Your gates read c in the place of h: the recurrent term is `h @ U`, not `c @ U`.",
        ),
    ),
    Misconception(
        "reads-h-for-c",
        Text(
            zh="更新记忆时用了 h：留下的是旧的细胞状态，应为 `f * c + i * g`，不是 `f * h`。",
            en="You keep h in the place of c: it is the old cell state that stays, `f * c + i * g`, not `f * h`.",
        ),
    ),
)

RETURN_MISTAKES = (
    Misconception(
        "returns-output-and-states",
        Text(
            zh="返回成了 `h_new, (h_new, c_new)`：那是整层的写法；一步只 `return h_new, c_new`。",
            en="You return `h_new, (h_new, c_new)`, as whole layers do; a step has `return h_new, c_new`.",
        ),
    ),
    Misconception(
        "returns-c-first",
        Text(
            zh="返回值的次序反了：应为 `return h_new, c_new`，h 在前。",
            en="You return the states the other way round: `return h_new, c_new`, h first.",
        ),
    ),
    Misconception(
        "returns-h-alone",
        Text(
            zh="只返回了 h：下一步还需要 c，应为 `return h_new, c_new`。",
            en="You return h alone: the next step needs c as well; `return h_new, c_new`.",
        ),
    ),
    Misconception(
        "returns-squashed-c",
        Text(
            zh="返回的 c 是取过 tanh 的：多半写成了 `c_new = np.tanh(c_new)`；tanh 只进 h，应返回 `f * c + i * g` 本身。",
            en="You return the squashed cell state, as after `c_new = np.tanh(c_new)`: the tanh goes into h alone; return "
            "`f * c + i * g` itself.",
        ),
    ),
    Misconception(
        "returns-the-old-c",
        Text(
            zh="返回的是旧的 c：h 算对了，但应为 `return h_new, c_new`，不是 `return h_new, c`。",
            en="You return the old cell state: h is right, but it is `return h_new, c_new`, not `return h_new, c`.",
        ),
    ),
)

FROM_THE_PARTS = tuple(
    m for m in (*lstm_cell_state.MISCONCEPTIONS, *lstm_gates.MISCONCEPTIONS) if m.id not in ELSEWHERE
)
MISCONCEPTIONS = (*STATE_MISTAKES, *RETURN_MISTAKES, *FROM_THE_PARTS)


def _memory_held_open(args):
    """Weights of zero, the input gate shut and the forget gate open by the bias alone."""
    x, h, c, W, U, b = args
    held = np.zeros_like(b)
    i, f, _, _ = np.split(held, 4)  # views: written through
    i[:], f[:] = -100, 100
    return ((x, h, c, np.zeros_like(W), np.zeros_like(U), held),)


def _output_gate_moved(args):
    x, h, c, W, U, b = args
    moved = b.copy()
    moved[3 * b.size // 4 :] += 1
    return ((x, h, c, W, U, moved),)


def _hidden_within_tanh_c(args, result):
    h_new, c_new = (np.asarray(r) for r in result)
    return bool((np.abs(h_new) <= np.tanh(np.abs(c_new)) + 1e-6).all() and (h_new * c_new >= 0).all())


def _grows_by_at_most_one(args, result):
    return bool((np.abs(np.asarray(result[1])) <= (np.abs(args[2]) + 1) * (1 + 1e-5)).all())


LAWS = (
    Law(
        "h-within-tanh-c",
        Text(
            zh="|h_new| 不超过 |tanh(c_new)|（因此小于 1），且与 c_new 同号",
            en="|h_new| is at most |tanh(c_new)| (so below 1), and has the sign of c_new",
        ),
        holds=_hidden_within_tanh_c,
    ),
    Law(
        "c-grows-by-at-most-one",
        Text(zh="|c_new| 一步最多增加 1", en="|c_new| grows by at most 1 in a step"),
        holds=_grows_by_at_most_one,
    ),
    Law(
        "memory-held-open",
        Text(
            zh="遗忘门全开、输入门全关时，c 原样保留", en="with the forget gate open and the input gate shut, c stays"
        ),
        holds=lambda args, result, held: close(held[1], args[2], is_single(*args)),
        derive=_memory_held_open,
    ),
    Law(
        "output-gate-moves-h-alone",
        Text(zh="只改输出门的偏置，c_new 不变", en="a change of the output gate's bias leaves c_new alone"),
        holds=lambda args, result, moved: close(moved[1], result[1], is_single(*args)),
        derive=_output_gate_moved,
    ),
)

INPUTS = (
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("c", ("N", "H")),
    Array("W", ("D", (4, "H"))),
    Array("U", ("H", (4, "H"))),
    Array("b", ((4, "H"),)),
)

TASK = Task(
    id="lstm-step",
    function="lstm_step",
    ask=Text(
        zh="""写出 `lstm_step(x, h, c, W, U, b)`：LSTM 走一步。

- `x (N, D)`：这一步的输入；`h, c (N, H)`：上一步的隐藏状态和细胞状态
- `W (D, 4H)`、`U (H, 4H)`、`b (4H,)`：四块并排，次序为 `i, f, g, o`（输入门、遗忘门、候选、输出门）

返回 `(h_new, c_new)`，各为 `(N, H)`，h 在前。没有窥视孔（peephole），偏置只有一个。不要改动传入的数组；float32 进则 float32 出。""",
        en="""Write `lstm_step(x, h, c, W, U, b)`: one step of an LSTM.

- `x (N, D)`: the input of this step; `h, c (N, H)`: hidden state and cell state of the previous one
- `W (D, 4H)`, `U (H, 4H)`, `b (4H,)`: four blocks side by side in the order `i, f, g, o` (input gate, forget gate, candidate, output gate)

Returns `(h_new, c_new)`, each `(N, H)`, h first. No peepholes, one bias. Leave the arguments as they are; float32 in, float32 out.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_step,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="分三段写：门和候选，更新记忆 c，从 c 读出 h。",
            en="Write it in three parts: gates and candidate, the update of the memory c, and h read off c.",
        ),
        Text(
            zh="一次算出 `a = x @ W + h @ U + b` 再切四块；i、f、o 用 sigmoid，g 用 tanh；h 由新的 c 算出。",
            en="Compute `a = x @ W + h @ U + b` once and cut it in four; sigmoid for i, f, o, tanh for g; h comes from the new c.",
        ),
        Text(
            zh="`c_new = f * c + i * g`，`h_new = o * np.tanh(c_new)`，`return h_new, c_new`",
            en="`c_new = f * c + i * g`, `h_new = o * np.tanh(c_new)`, `return h_new, c_new`",
        ),
    ),
    interviewers_look_for=Text(
        zh="六行公式不用想就能写对；一次矩阵乘法算完四块；h 用新的 c；说得出 c 负责记、h 负责给外面看，"
        "以及 c 上没有激活函数和矩阵乘法，梯度才能沿 c 传得远。追问：遗忘门偏置为什么常初始化为 1？",
        en="Six lines that come without hesitation; one matrix product for all four blocks; h from the new c; being able to say that "
        "c remembers and h shows, and that gradients travel far along c because no matrix product and no squashing lies on it. "
        "Then: why does the forget bias often start at 1?",
    ),
    laws=LAWS,
    outputs=("h_new", "c_new"),
    corner_cases=partial(cell_corners, INPUTS, memory="c"),
)
