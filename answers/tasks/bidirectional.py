"""bidirectional: one RNN from each end, joined at every input."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case, Group
from answers.model import Law, Misconception, Task, Text
from answers.tasks import rnn_forward
from answers.tasks._corners import SIZES, draw, strided
from answers.tasks._laws import close, is_single

PARAMETERS = (Array("W", ("D", "H")), Array("U", ("H", "H")), Array("b", ("H",)))
INPUTS = (
    Array("x", ("T", "N", "D")),
    Array("h0", (2, "N", "H"), "state"),
    Group("params", (Group("ahead", PARAMETERS), Group("back", PARAMETERS))),
)

OF_THE_STEP = ("forgets-bias", "transposes-u")


def with_mistakes(wrong: frozenset[str]):
    run = rnn_forward.with_mistakes(wrong & {*OF_THE_STEP, "starts-from-zero"})

    def bidirectional_forward(x, h0, params):
        first, second = params[::-1] if "parameters-swapped" in wrong else params
        start, start_back = h0[::-1] if "initial-states-swapped" in wrong else h0
        if "shares-parameters" in wrong:
            second = first
        if "shares-initial-state" in wrong:
            start_back = start
        turned = x[..., ::-1] if "reverses-features" in wrong else x[:, ::-1] if "reverses-batch" in wrong else x[::-1]
        back = run(x if "both-ahead" in wrong else turned, start_back, *second)
        if "not-turned-back" not in wrong and not wrong & {"both-ahead", "reverses-features", "reverses-batch"}:
            back = back[::-1]
        halves = [run(x, start, *first), back]
        if "back-first" in wrong:
            halves.reverse()
        if "adds-halves" in wrong:
            return halves[0] + halves[1]
        return np.concatenate(halves, axis=1 if "joins-along-batch" in wrong else -1)

    return bidirectional_forward


MISCONCEPTIONS = (
    Misconception(
        "not-turned-back",
        Text(
            zh="反向的结果没有翻转回来：第 t 行要放读到输入 t 时的状态，`back = rnn_forward(x[::-1], ...)[::-1]`。",
            en="You don't turn the backward states round again: row t belongs to input t, `back = rnn_forward(x[::-1], ...)[::-1]`.",
        ),
    ),
    Misconception(
        "both-ahead",
        Text(
            zh="两个方向都是从前往后读的：第二个网络要读翻转的输入 `x[::-1]`。",
            en="Both networks read from the start: the second one reads `x[::-1]`.",
        ),
    ),
    Misconception(
        "reverses-features",
        Text(
            zh="翻转的是特征轴：时间是第 0 轴，应写 `x[::-1]`，而不是 `x[..., ::-1]`。",
            en="You reverse the features: time is axis 0, `x[::-1]`, not `x[..., ::-1]`.",
        ),
    ),
    Misconception(
        "reverses-batch",
        Text(
            zh="翻转的是批的轴：时间在前，应写 `x[::-1]`，而不是 `x[:, ::-1]`。",
            en="You reverse the batch: time comes first, `x[::-1]`, not `x[:, ::-1]`.",
        ),
    ),
    Misconception(
        "back-first",
        Text(
            zh="拼接顺序反了：正向在前、反向在后，`np.concatenate([ahead, back], axis=-1)`。",
            en="You join the halves in the wrong order: forward first, `np.concatenate([ahead, back], axis=-1)`.",
        ),
    ),
    Misconception(
        "parameters-swapped",
        Text(
            zh="两组参数用反了：`params[0]` 是正向的，`params[1]` 是反向的。",
            en="You swap the parameters: `params[0]` is for the forward direction, `params[1]` for the backward one.",
        ),
    ),
    Misconception(
        "initial-states-swapped",
        Text(
            zh="两个初始状态用反了：`h0[0]` 给正向，`h0[1]` 给反向。",
            en="You swap the initial states: `h0[0]` starts the forward direction, `h0[1]` the backward one.",
        ),
    ),
    Misconception(
        "shares-parameters",
        Text(
            zh="两个方向用了同一组参数：反向应用 `params[1]`。",
            en="Both directions use the same parameters: the backward one takes `params[1]`.",
        ),
    ),
    Misconception(
        "shares-initial-state",
        Text(
            zh="两个方向用了同一个初始状态：反向应从 `h0[1]` 出发。",
            en="Both directions start from the same state: the backward one starts from `h0[1]`.",
        ),
    ),
    Misconception(
        "starts-from-zero",
        Text(
            zh="没有用上 h0：两个方向都从零状态出发了，应从 `h0[0]` 与 `h0[1]` 出发。",
            en="You ignore h0: both directions start at zero where they should start from `h0[0]` and `h0[1]`.",
        ),
    ),
    Misconception(
        "adds-halves",
        Text(
            zh="把两个方向的状态相加了：应沿最后一轴拼接，宽度为 2H。",
            en="You add the two directions: they are joined along the last axis, 2H wide.",
        ),
    ),
    Misconception(
        "joins-along-batch",
        Text(
            zh="拼接错了轴：应为 `axis=-1`，得到 (T, N, 2H)，而不是 (T, 2N, H)。",
            en="You join along the wrong axis: `axis=-1` gives (T, N, 2H), not (T, 2N, H).",
        ),
    ),
    *(m for m in rnn_forward.TASK.misconceptions if m.id in OF_THE_STEP),
)


def _turned(args):
    x, h0, params = args
    return ((x[::-1], h0[::-1], tuple(params)[::-1]),)


def _meets_turned(args, result, turned):
    H = args[1].shape[-1]
    turned = np.asarray(turned)[::-1]
    return close(result, np.concatenate([turned[..., H:], turned[..., :H]], axis=-1), is_single(*args))


def _halves(args, result):
    H = args[1].shape[-1]
    return np.asarray(result)[..., :H], np.asarray(result)[..., H:]


def _without_last(args):
    return ((args[0][:-1], *args[1:]),) if len(args[0]) > 1 else ()


def _without_first(args):
    return ((args[0][1:], *args[1:]),) if len(args[0]) > 1 else ()


LAWS = (
    Law(
        "mirrors",
        Text(
            zh="把输入、h0 和 params 都翻转，得到翻转并左右互换的结果",
            en="turning input, h0 and params round turns the result round and swaps its halves",
        ),
        _meets_turned,
        derive=_turned,
    ),
    Law(
        "first-half-looks-back",
        Text(zh="前一半与后面的输入无关", en="the first half doesn't depend on later inputs"),
        lambda args, result, *shorter: all(
            close(_halves(args, result)[0][:-1], _halves(args, s)[0], is_single(*args)) for s in shorter
        ),
        derive=_without_last,
    ),
    Law(
        "second-half-looks-ahead",
        Text(zh="后一半与前面的输入无关", en="the second half doesn't depend on earlier inputs"),
        lambda args, result, *shorter: all(
            close(_halves(args, result)[1][1:], _halves(args, s)[1], is_single(*args)) for s in shorter
        ),
        derive=_without_first,
    ),
)


def _case(rng, note, sizes=SIZES, view=lambda a: a):
    x, h0 = (view(a) for a in draw(INPUTS[:2], sizes, rng))
    both = tuple(tuple(view(a) for a in draw(PARAMETERS, sizes, rng)) for _ in range(2))
    return Case((x, h0, both), note=note)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    for sizes, note in (
        ({"T": 1, "N": 1, "D": 1, "H": 2}, "one sequence, one step"),
        ({"T": 3, "N": 1, "D": 2, "H": 2}, "one sequence"),
        ({"T": 3, "N": 3, "D": 3, "H": 3}, "T = N = D = H"),
    ):
        yield _case(rng, note, sizes)
    yield _case(rng, "strided views", view=strided)
    x, h0, (ahead, back) = _case(rng, "").args
    yield Case((x, h0, (ahead, ahead)), note="the same parameters in both directions")
    yield Case((x, np.zeros_like(h0), (ahead, back)), note="h0 = 0")
    yield Case((np.concatenate([x, x[::-1]]), h0, (ahead, back)), note="an input that reads the same from both ends")
    yield Case((x, h0, [list(ahead), list(back)]), note="parameters in lists")


TASK = Task(
    id="bidirectional",
    function="bidirectional_forward",
    ask=Text(
        zh="""\
写出双向普通 RNN 的前向：`bidirectional_forward(x, h0, params)`。

- `x`：(T, N, D)，时间在前；`h0`：(2, N, H)，两个方向的初始状态
- `params`：`((W, U, b), (W, U, b))`，正向在前；`W`：(D, H)，`U`：(H, H)，`b`：(H,)
- 每个方向各是一个普通 RNN，h = tanh(x[t] W + h U + b)；反向从 t = T-1 读到 0
- 返回 (T, N, 2H)：第 t 行是读到输入 t 时两个方向的状态，正向在前
""",
        en="""\
Write the forward pass of a bidirectional plain RNN: `bidirectional_forward(x, h0, params)`.

- `x`: (T, N, D), time first; `h0`: (2, N, H), the initial states of both directions
- `params`: `((W, U, b), (W, U, b))`, forward direction first; `W`: (D, H), `U`: (H, H), `b`: (H,)
- each direction is a plain RNN, h = tanh(x[t] W + h U + b); the backward one reads from t = T-1 to 0
- returns (T, N, 2H): row t holds both states at input t, the forward one first
""",
    ),
    inputs=INPUTS,
    reference=rnnref.bidirectional_forward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="两个互不相干的 RNN，只是第二个从另一头读起。",
            en="Two RNNs that know nothing of each other; the second just starts at the other end.",
        ),
        Text(
            zh="第二个网络读翻转的输入，输出再翻转一次，这样第 t 行才对应输入 t；最后沿特征轴拼接。",
            en="The second reads the input turned round, and its states are turned round again, so that row t belongs to input t; then join along the features.",
        ),
        Text(
            zh="`back = run(x[::-1], h0[1], *params[1])[::-1]`，`return np.concatenate([ahead, back], axis=-1)`",
            en="`back = run(x[::-1], h0[1], *params[1])[::-1]`, `return np.concatenate([ahead, back], axis=-1)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="记得翻转两次；说得出双向网络要看到整段输入，不能用于流式或自回归解码。",
        en="The second flip, and the remark that both directions need the whole input, so that streaming and autoregressive decoding are out.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
