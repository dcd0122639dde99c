"""rnn-forward: one cell, the same parameters at every step, every state kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks import rnn_step
from answers.tasks._corners import cell_corners, draw
from answers.tasks._laws import close, is_single

INPUTS = (
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("W", ("D", "H")),
    Array("U", ("H", "H")),
    Array("b", ("H",)),
)

OF_THE_STEP = ("forgets-bias", "transposes-u", "forgets-state", "no-activation", "sigmoid-for-tanh", "softmax-for-tanh")


def with_mistakes(wrong: frozenset[str]):
    step = rnn_step.with_mistakes(wrong)

    def rnn_forward(x, h0, W, U, b):
        if "reads-backwards" in wrong:
            x = x[::-1]
        start = np.zeros_like(h0) if "starts-from-zero" in wrong else h0
        h, states = start, []
        for x_t in x:
            h = step(x_t, start if "never-moves-on" in wrong else h, W, U, b)
            states.append(h)
        if "one-array-for-all" in wrong:
            states = [h] * len(x)
        if "one-step-late" in wrong:
            states = [start, *states[:-1]]
        if "keeps-h0" in wrong:
            states = [start, *states]
        hs = np.stack(states)
        if "batch-first" in wrong:
            hs = hs.swapaxes(0, 1)
        return hs[-1] if "last-state-only" in wrong else hs

    return rnn_forward


SEQUENCE_MISCONCEPTIONS = (
    Misconception(
        "never-moves-on",
        Text(
            zh="每一步都从 h0 出发：循环里要更新状态，`h = np.tanh(x[t] @ W + h @ U + b)`，下一步用新的 h。",
            en="Every step starts from h0 again: update the state inside the loop, `h = np.tanh(x[t] @ W + h @ U + b)`, and use it next.",
        ),
    ),
    Misconception(
        "starts-from-zero",
        Text(
            zh="没有用上 h0：初始状态写成了全零，应为 `h = h0`。",
            en="You ignore h0: the state starts at zero where it should be `h = h0`.",
        ),
    ),
    Misconception(
        "one-array-for-all",
        Text(
            zh="每一行都是最后的状态：反复写同一个数组（如 `h[:] = ...; hs.append(h)`）只留下引用，应每步存新数组。",
            en="Every row is the last state: you write into one array and store it again and again (`h[:] = ...; hs.append(h)`); store a new one at each step.",
        ),
    ),
    Misconception(
        "one-step-late",
        Text(
            zh="晚了一步：第 t 行存的是读入 x[t] 之前的状态；先更新 h，再存 `hs[t] = h`。",
            en="You are one step late: row t holds the state before x[t] is read; update h first, then store `hs[t] = h`.",
        ),
    ),
    Misconception(
        "keeps-h0",
        Text(
            zh="把 h0 也放进了结果：hs 有 T+1 行；应只含 h0 之后的 T 个状态。",
            en="You keep h0 in the result, so hs has T+1 rows: it holds the T states after h0.",
        ),
    ),
    Misconception(
        "last-state-only",
        Text(
            zh="只返回了最后的状态：应返回全部 T 个，形状 (T, N, H)。",
            en="You return the last state alone: all T of them are asked for, (T, N, H).",
        ),
    ),
    Misconception(
        "batch-first",
        Text(
            zh="结果成了批在前的 (N, T, H)：约定是时间在前，(T, N, H)，用 `np.stack(states)` 即可。",
            en="Your result is batch-first, (N, T, H): time comes first here, (T, N, H), as `np.stack(states)` gives it.",
        ),
    ),
    Misconception(
        "reads-backwards",
        Text(
            zh="从末尾向前读了序列：应从 t = 0 读到 T-1。",
            en="You read the sequence from its end: go from t = 0 to T-1.",
        ),
    ),
)


def _first_half(args):
    x = args[0]
    return ((x[: (len(x) + 1) // 2], *args[1:]),) if len(x) > 1 else ()


def _last_step(args):
    x, h0, W, U, b = args
    return ((x[-1:], rnnref.rnn_forward(x[:-1], h0, W, U, b)[-1], W, U, b),) if len(x) > 1 else ()


LAWS = (
    Law(
        "bounded",
        Text(zh="每个状态的元素都在 [-1, 1] 内", en="every entry of every state lies in [-1, 1]"),
        lambda args, result: bool((np.abs(result) <= 1 + 1e-6).all()),
    ),
    Law(
        "looks-back-only",
        Text(
            zh="前半段的状态与后半段的输入无关",
            en="the states of the first half don't depend on the inputs of the second",
        ),
        lambda args, result, *half: all(close(np.asarray(result)[: len(h)], h, is_single(*args)) for h in half),
        derive=_first_half,
    ),
    Law(
        "goes-on",
        Text(zh="从倒数第二个状态再走一步，得到最后一个", en="one step on from the last state but one gives the last"),
        lambda args, result, *last: all(close(np.asarray(result)[-1:], h, is_single(*args)) for h in last),
        derive=_last_step,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from cell_corners(INPUTS, rng)
    x, h0, W, U, b = draw(INPUTS, {"T": 3, "N": 3, "D": 2, "H": 3}, rng)
    yield Case((x, h0, W, U, b), note="T = N")
    yield Case((np.repeat(x[:1], 3, axis=0), h0, W, U, b), note="the same input at every step")


TASK = Task(
    id="rnn-forward",
    function="rnn_forward",
    ask=Text(
        zh="""\
写出普通 RNN 的整段前向：`rnn_forward(x, h0, W, U, b)`。

- `x`：(T, N, D)，时间在前；`h0`：(N, H)，初始状态
- `W`：(D, H)，`U`：(H, H)，`b`：(H,)；每一步用同一组参数
- 返回 `hs`：(T, N, H)，h0 之后的每个状态；每一步 h = tanh(x[t] W + h U + b)

float32 输入要返回 float32，不得修改参数。
""",
        en="""\
Write the forward pass of a plain RNN over a sequence: `rnn_forward(x, h0, W, U, b)`.

- `x`: (T, N, D), time first; `h0`: (N, H), the initial state
- `W`: (D, H), `U`: (H, H), `b`: (H,); the same parameters at every step
- returns `hs`: (T, N, H), every state after h0; each step is h = tanh(x[t] W + h U + b)

float32 in gives float32 out, and no argument is changed.
""",
    ),
    inputs=INPUTS,
    reference=rnnref.rnn_forward,
    with_mistakes=with_mistakes,
    misconceptions=(
        *SEQUENCE_MISCONCEPTIONS,
        *(m for m in rnn_step.STEP_MISCONCEPTIONS if m.id in OF_THE_STEP),
    ),
    hints=(
        Text(
            zh="每一步的输出状态就是下一步的输入状态。",
            en="The state that leaves one step enters the next.",
        ),
        Text(
            zh="从 h = h0 开始，对 t = 0 .. T-1 用同一组参数更新 h，并把每个 h 存下来。",
            en="Start from h = h0; for t = 0 .. T-1 update h with the same parameters and keep each h.",
        ),
        Text(
            zh="循环体：`h = np.tanh(x[t] @ W + h @ U + b)`，`hs[t] = h`",
            en="The loop's body: `h = np.tanh(x[t] @ W + h @ U + b)`, `hs[t] = h`",
        ),
    ),
    interviewers_look_for=Text(
        zh="参数在时间上共享；知道 `x @ W + b` 可以对所有时刻一次算完，只有 `h @ U` 必须逐步来。",
        en="Parameters shared over time, and the remark that `x @ W + b` can be one product for all steps while `h @ U` has to wait its turn.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
