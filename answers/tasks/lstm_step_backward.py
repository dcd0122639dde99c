"""lstm-step-backward: the chain rule through one cell, two gradients coming in."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import _backward
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single, slope_agrees


def with_mistakes(wrong: frozenset[str]):
    def lstm_step_backward(dh, dc, x, h, c, W, U, b):
        i, f, g, o = rnnref.lstm_gates(x, h, W, U, b)
        c_new = rnnref.lstm_cell_state(c, i, f, g)
        dc_new = at_the_cell(wrong, dh, dc, o, c_new)
        da = at_the_gates(wrong, dh, dc_new, c, c_new, (i, f, g, o))
        dh_prev = _backward.through(da, U, wrong)
        if "adds-dh-to-dh-prev" in wrong:
            dh_prev = dh_prev + dh
        dc_prev = dc * f if "dc-prev-without-h" in wrong else dc_new * f
        if "dc-prev-without-f" in wrong:
            dc_prev = dc_new
        if "dc-prev-by-i" in wrong:
            dc_prev = dc_new * i
        dU = (o * np.tanh(c_new) if "dU-from-h-new" in wrong else h).T @ da
        dW, dU, db = _backward.averaged(wrong, len(x), x.T @ da, dU, _backward.bias_gradient(da, wrong))
        first = (dh_prev, da @ W.T) if "returns-dh-first" in wrong else (da @ W.T, dh_prev)
        if "returns-dc-first" in wrong:
            first, dc_prev = (da @ W.T, dc_prev), dh_prev
        return (*first, dc_prev, dW, dU, db)

    return lstm_step_backward


def at_the_cell(wrong, dh, dc, o, c_new):
    """The gradient at c_new, as somebody with these mistakes gathers it from both sides."""
    slope = 1 - np.tanh(c_new) ** 2
    if "no-tanh-slope" in wrong:
        slope = np.ones_like(c_new)
    if "tanh-slope-unsquared" in wrong:
        slope = 1 - np.tanh(c_new)
    if "tanh-slope-of-h" in wrong:
        slope = 1 - (o * np.tanh(c_new)) ** 2
    if "tanh-slope-of-c" in wrong:
        slope = 1 - c_new**2
    through_h = dh * slope if "no-output-gate" in wrong else dh * o * slope
    if "ignores-dc" in wrong:
        return through_h
    return dc if "ignores-dh-at-c" in wrong else dc + through_h


def at_the_gates(wrong, dh, dc_new, c, c_new, gates):
    """The gradient at the four pre-activations (N, 4H), as somebody with these mistakes computes it."""
    i, f, g, o = gates
    di, df = dc_new * g, dc_new * (c_new if "df-from-the-new-c" in wrong else c)
    do = dh * (c_new if "do-without-tanh" in wrong else np.tanh(c_new))
    dg = dc_new if "dg-without-i" in wrong else dc_new * i
    dg = dg * (g * (1 - g) if "sigmoid-slope-for-g" in wrong else 1 - g**2 if "no-slope-for-g" not in wrong else 1)
    if "tanh-slope-for-the-gates" in wrong:
        di, df, do = di * (1 - i**2), df * (1 - f**2), do * (1 - o**2)
    elif "no-slope-for-the-gates" not in wrong:
        di, df, do = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o)
    if "stacks-i-f-o-g" in wrong:
        dg, do = do, dg
    if "stacks-f-i" in wrong:
        di, df = df, di
    return np.concatenate([di, df, dg, do], axis=-1)


CELL_MISTAKES = (
    Misconception(
        "ignores-dc",
        Text(
            zh="漏了从后一步直接传回 c 的梯度：`dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`，这条加法路径正是 LSTM 的关键。",
            en="You leave out the gradient that reaches c directly: `dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`; that additive path is "
            "what an LSTM is for.",
        ),
    ),
    Misconception(
        "ignores-dh-at-c",
        Text(
            zh="漏了经 h 传到 c 的梯度：h 由 c_new 算出，`dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`。",
            en="You leave out the gradient that reaches c through h: `dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`.",
        ),
    ),
    Misconception(
        "no-tanh-slope",
        Text(
            zh="经过 `tanh(c_new)` 时漏了导数：要乘 `1 - np.tanh(c_new)**2`。",
            en="You leave out the slope of `tanh(c_new)`: multiply by `1 - np.tanh(c_new)**2`.",
        ),
    ),
    Misconception(
        "tanh-slope-unsquared",
        Text(
            zh="tanh 的导数少了平方：是 `1 - np.tanh(c_new)**2`，不是 `1 - np.tanh(c_new)`。",
            en="The slope of tanh lacks its square: `1 - np.tanh(c_new)**2`, not `1 - np.tanh(c_new)`.",
        ),
    ),
    Misconception(
        "tanh-slope-of-h",
        Text(
            zh="tanh 的导数用了 h_new：h_new 还乘了 o，应为 `1 - np.tanh(c_new)**2`，不是 `1 - h_new**2`。",
            en="You take the slope of tanh at h_new, which has o in it: `1 - np.tanh(c_new)**2`, not `1 - h_new**2`.",
        ),
    ),
    Misconception(
        "tanh-slope-of-c",
        Text(
            zh="tanh 的导数要用 tanh 的输出来算：应为 `1 - np.tanh(c_new)**2`，不是 `1 - c_new**2`。",
            en="The slope of tanh is written with its output: `1 - np.tanh(c_new)**2`, not `1 - c_new**2`.",
        ),
    ),
    Misconception(
        "no-output-gate",
        Text(
            zh="经 h 传到 c 的梯度漏乘了输出门：`dh * o * (1 - np.tanh(c_new)**2)`。",
            en="You leave the output gate out on the way from h to c: `dh * o * (1 - np.tanh(c_new)**2)`.",
        ),
    ),
    Misconception(
        "dc-prev-without-f",
        Text(
            zh="传回上一步的 dc 漏乘了遗忘门：`dc_prev = dc_new * f`。",
            en="You leave the forget gate out of what goes back to c: `dc_prev = dc_new * f`.",
        ),
    ),
    Misconception(
        "dc-prev-without-h",
        Text(
            zh="传回上一步的 dc 只算了传进来的那份：要用合并后的梯度，`dc_prev = dc_new * f`，不是 `dc * f`。",
            en="You pass on only the dc that came in: take the gathered gradient, `dc_prev = dc_new * f`, not `dc * f`.",
        ),
    ),
    Misconception(
        "dc-prev-by-i",
        Text(
            zh="传回上一步的 dc 乘成了输入门：旧状态乘的是 f，`dc_prev = dc_new * f`。",
            en="You multiply what goes back to c by the input gate: the old state was multiplied by f, `dc_prev = dc_new * f`.",
        ),
    ),
)

GATE_MISTAKES = (
    Misconception(
        "no-slope-for-the-gates",
        Text(
            zh="门的梯度漏了 sigmoid 的导数：i、f、o 各要乘 `s * (1 - s)`，如 `dc_new * g * i * (1 - i)`。",
            en="You leave out the slope of the sigmoid: i, f and o each take `s * (1 - s)`, as in `dc_new * g * i * (1 - i)`.",
        ),
    ),
    Misconception(
        "tanh-slope-for-the-gates",
        Text(
            zh="门用了 tanh 的导数：i、f、o 是 sigmoid，应乘 `s * (1 - s)`，不是 `1 - s**2`。",
            en="You use the slope of tanh for the gates: i, f and o are sigmoids, `s * (1 - s)`, not `1 - s**2`.",
        ),
    ),
    Misconception(
        "no-slope-for-g",
        Text(
            zh="候选的梯度漏了 tanh 的导数：`dc_new * i * (1 - g**2)`。",
            en="You leave out the slope of the candidate's tanh: `dc_new * i * (1 - g**2)`.",
        ),
    ),
    Misconception(
        "sigmoid-slope-for-g",
        Text(
            zh="候选用了 sigmoid 的导数：g 是 tanh，应为 `dc_new * i * (1 - g**2)`，不是 `g * (1 - g)`。",
            en="You use the sigmoid's slope for the candidate: g is a tanh, `dc_new * i * (1 - g**2)`, not `g * (1 - g)`.",
        ),
    ),
    Misconception(
        "dg-without-i",
        Text(
            zh="候选的梯度漏乘了输入门：前向是 `i * g`，所以是 `dc_new * i * (1 - g**2)`。",
            en="You leave the input gate out of the candidate's gradient: forward is `i * g`, so `dc_new * i * (1 - g**2)`.",
        ),
    ),
    Misconception(
        "df-from-the-new-c",
        Text(
            zh="遗忘门的梯度用了新的 c：前向是 `f * c`，应为 `dc_new * c * f * (1 - f)`，c 是旧的。",
            en="You compute the forget gate's gradient from the new cell state: forward is `f * c` with the old one: "
            "`dc_new * c * f * (1 - f)`.",
        ),
    ),
    Misconception(
        "do-without-tanh",
        Text(
            zh="输出门的梯度漏了 tanh：前向是 `o * np.tanh(c_new)`，应为 `dh * np.tanh(c_new) * o * (1 - o)`。",
            en="You leave the tanh out of the output gate's gradient: `dh * np.tanh(c_new) * o * (1 - o)`.",
        ),
    ),
    Misconception(
        "stacks-i-f-o-g",
        Text(
            zh="拼接梯度时 g 与 o 的块放反了：次序是 `np.concatenate([da_i, da_f, da_g, da_o], axis=-1)`。",
            en="You stack the blocks as i, f, o, g: the order is `np.concatenate([da_i, da_f, da_g, da_o], axis=-1)`.",
        ),
    ),
    Misconception(
        "stacks-f-i",
        Text(
            zh="拼接梯度时 i 与 f 的块放反了：次序是 `np.concatenate([da_i, da_f, da_g, da_o], axis=-1)`。",
            en="You stack the blocks as f, i, g, o: the order is `np.concatenate([da_i, da_f, da_g, da_o], axis=-1)`.",
        ),
    ),
)

REST = (
    Misconception(
        "adds-dh-to-dh-prev",
        Text(
            zh="把传进来的 dh 又加到了 dh_prev 上：h 到 h_new 没有直通的加法路径，`dh_prev = da @ U.T`。",
            en="You add the incoming dh to dh_prev: no additive path leads from h to h_new, `dh_prev = da @ U.T`.",
        ),
    ),
    Misconception(
        "dU-from-h-new",
        Text(
            zh="dU 用了新的 h：前向乘 U 的是旧的 h，`dU = h.T @ da`。",
            en="You compute dU from h_new: it was the old h that met U, `dU = h.T @ da`.",
        ),
    ),
    Misconception(
        "returns-dc-first",
        Text(
            zh="dh_prev 与 dc_prev 的次序反了：应为 `return dx, dh_prev, dc_prev, dW, dU, db`。",
            en="You return dc_prev before dh_prev: `return dx, dh_prev, dc_prev, dW, dU, db`.",
        ),
    ),
    Misconception(
        "returns-dh-first",
        Text(
            zh="返回值的次序不对：应为 `return dx, dh_prev, dc_prev, dW, dU, db`，dx 在前。",
            en="You return dh_prev before dx: `return dx, dh_prev, dc_prev, dW, dU, db`.",
        ),
    ),
)

MISCONCEPTIONS = (*CELL_MISTAKES, *GATE_MISTAKES, *REST, *_backward.MISCONCEPTIONS)


def _meets_the_slope(args, result):
    dh, dc, *point = (np.asarray(a, np.float64) for a in args)

    def loss(*at):
        h_new, c_new = rnnref.lstm_step(*at)
        return float((dh * h_new).sum() + (dc * c_new).sum())

    return np.abs(dh).max() > 8 or np.abs(dc).max() > 8 or slope_agrees(loss, point, result, is_single(*args))


def _first_row_and_others(args):
    *rows, W, U, b = args
    if len(rows[0]) < 2:
        return ()
    return ((*(a[:1] for a in rows), W, U, b), (*(a[1:] for a in rows), W, U, b))


def _parameters_add_up(args, result, first, others):
    single = is_single(*args)
    return all(
        close(np.asarray(a) + np.asarray(b), whole, single)
        for whole, a, b in zip(result[-3:], first[-3:], others[-3:], strict=True)
    )


LAWS = (
    Law(
        "meets-the-difference-quotient",
        Text(zh="与前向的差商一致", en="agrees with the difference quotient of the forward step"),
        holds=_meets_the_slope,
    ),
    Law(
        "parameters-sum-over-the-batch",
        Text(
            zh="dW、dU、db 是各条序列的梯度之和",
            en="dW, dU and db are the sums of what the sequences of the batch give alone",
        ),
        holds=_parameters_add_up,
        derive=_first_row_and_others,
    ),
)

INPUTS = (
    Array("dh", ("N", "H")),
    Array("dc", ("N", "H")),
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("c", ("N", "H")),
    Array("W", ("D", (4, "H"))),
    Array("U", ("H", (4, "H"))),
    Array("b", ((4, "H"),)),
)

TASK = Task(
    id="lstm-step-backward",
    function="lstm_step_backward",
    ask=Text(
        zh="""写出 `lstm_step_backward(dh, dc, x, h, c, W, U, b)`：LSTM 一步的反向传播。

- `dh, dc (N, H)`：损失对这一步输出 `h_new`、`c_new` 的梯度（`dc` 是从后一步沿 c 直接传回的那份）
- 其余是前向的参数：`x (N, D)`，`h, c (N, H)`，`W (D, 4H)`、`U (H, 4H)`、`b (4H,)`，次序 `i, f, g, o`；中间量请自己重算

返回 `(dx, dh_prev, dc_prev, dW, dU, db)`，形状与对应的量相同；参数的梯度对批求和。""",
        en="""Write `lstm_step_backward(dh, dc, x, h, c, W, U, b)`: back-propagation through one LSTM step.

- `dh, dc (N, H)`: the loss gradients at this step's `h_new` and `c_new` (`dc` is the part that came back along c)
- the rest are the forward arguments: `x (N, D)`, `h, c (N, H)`, `W (D, 4H)`, `U (H, 4H)`, `b (4H,)` in the order `i, f, g, o`; compute what lies between afresh

Returns `(dx, dh_prev, dc_prev, dW, dU, db)`, each shaped like its quantity; parameter gradients are summed over the batch.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_step_backward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="先重算前向，再从最后一行往回走：`h_new = o * tanh(c_new)`，`c_new = f * c + i * g`，四块。",
            en="Run the step forward, then go back line by line: `h_new = o * tanh(c_new)`, `c_new = f * c + i * g`, the four blocks.",
        ),
        Text(
            zh="c_new 的梯度有两个来源：dc 和经 h 来的那份，先加起来。sigmoid 的导数是 `s * (1 - s)`，tanh 的是 `1 - t**2`。",
            en="The gradient at c_new comes from two sides, dc and through h: add them first. The slopes: `s * (1 - s)` for the sigmoid, "
            "`1 - t**2` for tanh.",
        ),
        Text(
            zh="`dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`，`dc_prev = dc_new * f`；四块拼成 da 后 `da @ W.T`、`da @ U.T`、"
            "`x.T @ da`、`h.T @ da`、`da.sum(axis=0)`",
            en="`dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`, `dc_prev = dc_new * f`; with the four blocks stacked as da: `da @ W.T`, "
            "`da @ U.T`, `x.T @ da`, `h.T @ da`, `da.sum(axis=0)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="`dc_prev = dc_new * f` 这一行：沿 c 传回去只乘 f，没有矩阵、没有 tanh 的导数，这就是 LSTM 缓解梯度消失的全部理由；"
        "同时说得出经 h 的那条路仍要过 U，仍可能爆炸。会用差商检验自己的梯度。",
        en="The line `dc_prev = dc_new * f`: back along c there is only f, no matrix and no slope of a tanh, which is the whole reason why "
        "an LSTM eases vanishing; and that the path through h still meets U and may still explode. Checking one's gradient by differences.",
    ),
    laws=LAWS,
    outputs=("dx", "dh_prev", "dc_prev", "dW", "dU", "db"),
    corner_cases=partial(cell_corners, INPUTS, memory="c"),
)
