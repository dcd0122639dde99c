"""lstm-backward: back-propagation through time, two gradients carried from step to step."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import lstm_step_backward
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single, slope_agrees

IN_THE_CELL = {
    "ignores-dh-at-c",
    "no-tanh-slope",
    "tanh-slope-of-c",
    "no-output-gate",
    "dc-prev-without-f",
    "dc-prev-without-h",
    "no-slope-for-the-gates",
    "tanh-slope-for-the-gates",
    "no-slope-for-g",
    "sigmoid-slope-for-g",
    "df-from-the-new-c",
    "do-without-tanh",
    "stacks-i-f-o-g",
    "stacks-f-i",
    "adds-dh-to-dh-prev",
    "dU-from-h-new",
    "forgets-to-transpose-U",
}


def with_mistakes(wrong: frozenset[str]):
    step_backward = lstm_step_backward.with_mistakes(wrong & IN_THE_CELL)

    def lstm_backward(dhs, x, h0, c0, W, U, b):
        hs, cs = rnnref.lstm_forward(x, h0, c0, W, U, b)
        dx = np.zeros_like(x)
        sums = [np.zeros_like(p) for p in (W, U, b)]
        dh, dc = np.zeros_like(h0), np.zeros_like(c0)
        steps = range(len(x))
        for t in steps if "runs-forwards" in wrong else reversed(steps):
            if "cuts-dh" in wrong:
                dh = np.zeros_like(dh)
            if "cuts-dc" in wrong:
                dc = np.zeros_like(dc)
            h, c = before(wrong, t, hs, cs, h0, c0)
            dx[t], dh, dc, *grads = step_backward(arriving(wrong, dhs, dh, t), dc, x[t], h, c, W, U, b)
            sums = grads if "keeps-one-step" in wrong else [s + g for s, g in zip(sums, grads, strict=True)]
        return returned(wrong, dx, dh, dc, sums, x)

    return lstm_backward


def before(wrong, t, hs, cs, h0, c0):
    """The states that step t started from, as somebody with these mistakes looks them up."""
    if "reads-the-states-after" in wrong:
        return hs[t], cs[t]
    if t == 0:
        return (np.zeros_like(h0), np.zeros_like(c0)) if "starts-from-zeros" in wrong else (h0, c0)
    return hs[t - 1], cs[t] if "reads-the-new-c" in wrong else cs[t - 1]


def arriving(wrong, dhs, dh, t):
    """The gradient at the state after step t: from the output there, and from the later steps."""
    if "last-output-alone" in wrong and t < len(dhs) - 1:
        return dh
    return dhs[t] + dh


def returned(wrong, dx, dh, dc, sums, x):
    """What somebody with these mistakes returns."""
    T, N = x.shape[:2]
    if "averages-over-time" in wrong:
        sums = [s / T for s in sums]
    if "averages-over-the-batch" in wrong:
        sums = [s / N for s in sums]
    dx = dx[::-1] if "reverses-dx" in wrong else dx
    return (dx, dc, dh, *sums) if "swaps-dh0-and-dc0" in wrong else (dx, dh, dc, *sums)


TIME_MISTAKES = (
    Misconception(
        "cuts-dh",
        Text(
            zh="dh 没有传给前一步：每步收到的是 `dhs[t] + dh`，dh 是后一步传回的 dh_prev。",
            en="You do not pass dh on to the step before: each step receives `dhs[t] + dh`, where dh is the dh_prev of the step after.",
        ),
    ),
    Misconception(
        "cuts-dc",
        Text(
            zh="dc 没有传给前一步（或传到了却没加）：每步应为 `dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`，dc 是后一步传回的 dc_prev。",
            en="The dc of the step after is lost (not passed on, or not added): `dc_new = dc + dh * o * (1 - np.tanh(c_new)**2)`, where dc is its dc_prev.",
        ),
    ),
    Misconception(
        "last-output-alone",
        Text(
            zh="只用了最后一步输出的梯度：每一步的 hs 都可能进入损失，应为 `dhs[t] + dh`。",
            en="You use the gradient of the last output alone: every row of hs may enter the loss, `dhs[t] + dh`.",
        ),
    ),
    Misconception(
        "keeps-one-step",
        Text(
            zh="参数梯度只剩最后算的那一步：各步共用同一组参数，要累加，`dW += dW_t`，不是 `dW = dW_t`。",
            en="You keep one step's parameter gradients: all steps share the parameters, so they add up, `dW += dW_t`, not `dW = dW_t`.",
        ),
    ),
    Misconception(
        "averages-over-time",
        Text(
            zh="参数梯度除以了 T：各步共用参数，梯度是各步之和，不取平均。",
            en="You divide the parameter gradients by T: the parameters are shared, so the gradients are sums over the steps, no means.",
        ),
    ),
    Misconception(
        "averages-over-the-batch",
        Text(
            zh="参数梯度对批取了平均：这里是求和，平均属于损失函数，去掉 `/ N`。",
            en="You average the parameter gradients over the batch: they are sums, the mean belongs to the loss; drop the `/ N`.",
        ),
    ),
    Misconception(
        "runs-forwards",
        Text(
            zh="循环方向反了：梯度从最后一步往前传，`for t in reversed(range(T))`。",
            en="Your loop runs forwards: gradients travel from the last step to the first, `for t in reversed(range(T))`.",
        ),
    ),
    Misconception(
        "reads-the-states-after",
        Text(
            zh="反向时用了这一步之后的状态：第 t 步的起点是 `hs[t-1], cs[t-1]`，t = 0 时是 `h0, c0`。",
            en="You take the states after the step: step t started from `hs[t-1], cs[t-1]`, or `h0, c0` where t = 0.",
        ),
    ),
    Misconception(
        "reads-the-new-c",
        Text(
            zh="c 错了一位：第 t 步的起点是 `cs[t-1]`，不是 `cs[t]`（t = 0 时是 c0）。",
            en="You are one off with c: step t started from `cs[t-1]`, not `cs[t]` (from c0 where t = 0).",
        ),
    ),
    Misconception(
        "starts-from-zeros",
        Text(
            zh="第一步没有用传入的初始状态：t = 0 时起点是 `h0, c0`，不是 0。",
            en="You take zeros for the first step: where t = 0 it started from `h0, c0`.",
        ),
    ),
    Misconception(
        "reverses-dx",
        Text(
            zh="dx 的时间次序反了：倒着循环时若用 append，最后要翻转；更简单的是直接写 `dx[t] = ...`。",
            en="Your dx runs backwards in time, as when it is appended in the reversed loop: assign `dx[t] = ...` instead.",
        ),
    ),
    Misconception(
        "swaps-dh0-and-dc0",
        Text(
            zh="返回值的次序不对：应为 `return dx, dh0, dc0, dW, dU, db`，dh0 在 dc0 前。",
            en="You return dc0 before dh0: `return dx, dh0, dc0, dW, dU, db`.",
        ),
    ),
)

MISCONCEPTIONS = (*TIME_MISTAKES, *(m for m in lstm_step_backward.MISCONCEPTIONS if m.id in IN_THE_CELL))


def _meets_the_slope(args, result):
    """Beyond a few steps a difference quotient loses too many digits to decide."""
    dhs, *point = (np.asarray(a, np.float64) for a in args)
    if len(dhs) > 5 or np.abs(dhs).max() > 5:
        return True
    return slope_agrees(
        lambda *at: float((dhs * rnnref.lstm_forward(*at)[0]).sum()), point, result, is_single(*args), limit=3.0
    )


def _first_output_alone(args):
    """Only the first output counts: nothing reaches the inputs after it."""
    dhs = np.zeros_like(args[0])
    dhs[0] = args[0][0]
    return ((dhs, *args[1:]),)


def _rows_alone(args):
    dhs, x, h0, c0, W, U, b = args
    if len(h0) < 2:
        return ()
    first, others = slice(0, 1), slice(1, None)
    return tuple((dhs[:, s], x[:, s], h0[s], c0[s], W, U, b) for s in (first, others))


def _parameters_add_up(args, result, first, others):
    single = is_single(*args)
    return all(
        close(np.asarray(a) + np.asarray(b), whole, single)
        for whole, a, b in zip(result[-3:], first[-3:], others[-3:], strict=True)
    )


LAWS = (
    Law(
        "meets-the-difference-quotient",
        Text(
            zh="与前向的差商一致（短序列）",
            en="agrees with the difference quotient of the forward run (short sequences)",
        ),
        holds=_meets_the_slope,
    ),
    Law(
        "nothing-from-the-future",
        Text(
            zh="损失只看第一步的输出时，之后各步的 dx 为 0",
            en="where the loss sees the first output alone, dx is 0 from the second step on",
        ),
        holds=lambda args, result, early: bool((np.asarray(early[0])[1:] == 0).all()),
        derive=_first_output_alone,
    ),
    Law(
        "parameters-sum-over-the-batch",
        Text(
            zh="dW、dU、db 是各条序列的梯度之和",
            en="dW, dU and db are the sums of what the sequences of the batch give alone",
        ),
        holds=_parameters_add_up,
        derive=_rows_alone,
    ),
)

INPUTS = (
    Array("dhs", ("T", "N", "H")),
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("c0", ("N", "H")),
    Array("W", ("D", (4, "H"))),
    Array("U", ("H", (4, "H"))),
    Array("b", ((4, "H"),)),
)

TASK = Task(
    id="lstm-backward",
    function="lstm_backward",
    ask=Text(
        zh="""写出 `lstm_backward(dhs, x, h0, c0, W, U, b)`：LSTM 沿时间的反向传播（BPTT）。

- `dhs (T, N, H)`：损失对每一步输出 `hs[t]` 的梯度（只含直接进入损失的那份，后面各步传回的由你累加）
- 其余是前向的参数：`x (T, N, D)`，`h0, c0 (N, H)`，`W (D, 4H)`、`U (H, 4H)`、`b (4H,)`，次序 `i, f, g, o`

返回 `(dx, dh0, dc0, dW, dU, db)`，形状与对应的量相同；参数的梯度对时间和批求和。损失不直接用到各步的 c。""",
        en="""Write `lstm_backward(dhs, x, h0, c0, W, U, b)`: back-propagation through time for an LSTM.

- `dhs (T, N, H)`: the loss gradient at each output `hs[t]` (its direct share alone; what later steps send back is yours to add)
- the rest are the forward arguments: `x (T, N, D)`, `h0, c0 (N, H)`, `W (D, 4H)`, `U (H, 4H)`, `b (4H,)` in the order `i, f, g, o`

Returns `(dx, dh0, dc0, dW, dU, db)`, each shaped like its quantity; parameter gradients are summed over time and batch. The loss does not see the cell states directly.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_backward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="先前向算出所有状态，再倒着走；一步的反向见 `lstm-step-backward`。",
            en="Run forward and keep all states, then walk back; for one step back see `lstm-step-backward`.",
        ),
        Text(
            zh="两个梯度 dh 和 dc 从后往前传，起点都是 0；每步到达 h 的是 `dhs[t] + dh`；参数梯度逐步累加。",
            en="Two gradients, dh and dc, travel back, both from 0; what reaches h in a step is `dhs[t] + dh`; parameter gradients add up.",
        ),
        Text(
            zh="`for t in reversed(range(T)): dx[t], dh, dc, dW_t, dU_t, db_t = lstm_step_backward(dhs[t] + dh, dc, x[t], h, c, W, U, b)`，"
            "其中 `h, c` 是第 t 步之前的状态",
            en="`for t in reversed(range(T)): dx[t], dh, dc, dW_t, dU_t, db_t = lstm_step_backward(dhs[t] + dh, dc, x[t], h, c, W, U, b)`, "
            "where `h, c` are the states before step t",
        ),
    ),
    interviewers_look_for=Text(
        zh="梯度有三处要相加：每步的 `dhs[t]` 与传回的 dh、c 的两路、参数在各步的梯度；起点的状态不错位。"
        "进阶：循环里只有 dh、dc 依赖时间，把各步的 da 存成 `(T, N, 4H)`，dx、dW、dU 在循环后各用一次矩阵乘法；显存不够时用重计算（checkpoint）。",
        en="Three places where gradients add: `dhs[t]` with what comes back, the two ways into c, and the parameters over the steps; and no state "
        "one step off. Beyond that: only dh and dc live in time, so keep da as `(T, N, 4H)` and get dx, dW and dU by one product each after "
        "the loop; and recomputation (checkpoints) where memory is short.",
    ),
    laws=LAWS,
    outputs=("dx", "dh0", "dc0", "dW", "dU", "db"),
    corner_cases=partial(cell_corners, INPUTS, memory="c0"),
)
