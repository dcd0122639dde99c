"""rnn-backward: back-propagation through time, one shared gradient per parameter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import SIZES, cell_corners, draw
from answers.tasks._laws import close, is_single, slope_agrees

INPUTS = (
    Array("dhs", ("T", "N", "H")),
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("W", ("D", "H")),
    Array("U", ("H", "H")),
    Array("b", ("H",)),
)


def _slope(wrong, h, before):
    """The derivative of tanh at the step from `before` to `h`."""
    if "slope-at-old-state" in wrong:
        h = before
    if "forgets-slope" in wrong:
        return np.ones_like(h)
    if "sigmoid-slope" in wrong:
        return h * (1 - h)
    return 1 - h if "forgets-square" in wrong else 1 - h**2


def with_mistakes(wrong: frozenset[str]):
    def rnn_backward(dhs, x, h0, W, U, b):
        T, N = dhs.shape[:2]
        hs = rnnref.rnn_forward(x, h0, W, U, b)
        if "last-output-only" in wrong:
            dhs = np.concatenate([np.zeros_like(dhs[:-1]), dhs[-1:]])
        dx, dW, dU, db = np.empty_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
        dh = np.zeros_like(h0)
        for t in reversed(range(T)):
            before = hs[t - 1] if t else np.zeros_like(h0) if "forgets-h0" in wrong else h0
            slope = _slope(wrong, hs[t], before)
            da = dhs[t] * slope + dh if "future-skips-tanh" in wrong else (dhs[t] + dh) * slope
            back = da @ (U if "forgets-transpose" in wrong else U.T)
            dh = np.zeros_like(dh) if "stops-at-each-step" in wrong else back
            dx[t] = da @ W.T
            if "overwrites-gradients" in wrong:
                dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
            dW += x[t].T @ da
            dU += (hs[t] if "new-state-in-dU" in wrong else before).T @ da
            db += da.sum(axis=0)
        dh0 = da if "dh0-before-U" in wrong else back
        many = (N if "averages-batch" in wrong else 1) * (T if "averages-time" in wrong else 1)
        return dx, dh0, dW / many, dU / many, db / many

    return rnn_backward


MISCONCEPTIONS = (
    Misconception(
        "stops-at-each-step",
        Text(
            zh="梯度没有沿时间往回传：每一步要用 `dhs[t] + dh`，其中 `dh = da @ U.T` 来自后一步。",
            en="You don't carry the gradient back through time: each step takes `dhs[t] + dh`, with `dh = da @ U.T` from the step after.",
        ),
    ),
    Misconception(
        "last-output-only",
        Text(
            zh="只用了最后一步的损失梯度：每个输出状态都有自己的 `dhs[t]`，循环里都要加上。",
            en="You use the loss gradient of the last step alone: every output state has its own `dhs[t]`, to be added in the loop.",
        ),
    ),
    Misconception(
        "overwrites-gradients",
        Text(
            zh="参数梯度被覆盖了：同一组参数用了 T 次，梯度要累加，`dW += x[t].T @ da`，而不是 `=`。",
            en="You overwrite the parameters' gradients: shared parameters are used T times, so they add up, `dW += x[t].T @ da`, not `=`.",
        ),
    ),
    Misconception(
        "averages-batch",
        Text(
            zh="参数梯度对批取了平均：约定是求和；要平均，应由损失（dhs）来除。",
            en="You average the parameters' gradients over the batch: they are sums; an average belongs to the loss, and so to dhs.",
        ),
    ),
    Misconception(
        "averages-time",
        Text(
            zh="参数梯度除以了 T：各时刻的贡献应相加，不取平均。",
            en="You divide the parameters' gradients by T: the steps' shares add up and are not averaged.",
        ),
    ),
    Misconception(
        "forgets-slope",
        Text(
            zh="漏掉了 tanh 的导数：`da = (dhs[t] + dh) * (1 - hs[t]**2)`。",
            en="You leave out the slope of tanh: `da = (dhs[t] + dh) * (1 - hs[t]**2)`.",
        ),
    ),
    Misconception(
        "forgets-square",
        Text(
            zh="tanh 的导数写成了 `1 - h`：应为 `1 - hs[t]**2`。",
            en="You write the slope of tanh as `1 - h`: it is `1 - hs[t]**2`.",
        ),
    ),
    Misconception(
        "sigmoid-slope",
        Text(
            zh="用了 sigmoid 的导数 `h * (1 - h)`：激活是 tanh，导数为 `1 - hs[t]**2`。",
            en="You use the sigmoid's slope `h * (1 - h)`: the activation is tanh, with `1 - hs[t]**2`.",
        ),
    ),
    Misconception(
        "slope-at-old-state",
        Text(
            zh="导数取在了旧状态上：应用这一步的输出 `hs[t]`，而不是 `hs[t-1]`。",
            en="You take the slope at the old state: it belongs to this step's output `hs[t]`, not to `hs[t-1]`.",
        ),
    ),
    Misconception(
        "future-skips-tanh",
        Text(
            zh="后一步传来的梯度没有过 tanh：先把 `dhs[t] + dh` 加起来，再一起乘 `1 - hs[t]**2`。",
            en="The gradient from the step after bypasses tanh: add `dhs[t] + dh` first, then multiply both by `1 - hs[t]**2`.",
        ),
    ),
    Misconception(
        "forgets-transpose",
        Text(
            zh="往回传时 U 没有转置：前向是 `h @ U`，反向是 `da @ U.T`。",
            en="You don't transpose U on the way back: forward is `h @ U`, backward `da @ U.T`.",
        ),
    ),
    Misconception(
        "new-state-in-dU",
        Text(
            zh="dU 用了新状态：乘 U 的是上一步的状态，`dU += hs[t-1].T @ da`（t = 0 时用 h0）。",
            en="Your dU uses the new state: what met U is the state before, `dU += hs[t-1].T @ da` (h0 at t = 0).",
        ),
    ),
    Misconception(
        "forgets-h0",
        Text(
            zh="dU 漏掉了第 0 步：t = 0 时的旧状态是 h0 而不是 0，`dU += h0.T @ da`。",
            en="Your dU misses step 0: the state before it is h0, not 0, `dU += h0.T @ da`.",
        ),
    ),
    Misconception(
        "dh0-before-U",
        Text(
            zh="dh0 少乘了 U 的转置：它是第 0 步的 `da @ U.T`，而不是 `da`。",
            en="Your dh0 lacks U transposed: it is `da @ U.T` of step 0, not `da`.",
        ),
    ),
)


def _meets_finite_differences(args, result):
    dhs = np.asarray(args[0], np.float64)
    if len(dhs) > 4:  # the slope over many steps says more about rounding than about the gradient
        return True
    return slope_agrees(
        lambda *point: float((dhs * rnnref.rnn_forward(*point)).sum()), args[1:], result, is_single(*args)
    )


def _without_last(args):
    dhs, x, h0, *parameters = args
    if len(h0) == 1:
        return ()
    return (
        (dhs[:, :-1], x[:, :-1], h0[:-1], *parameters),
        (dhs[:, -1:], x[:, -1:], h0[-1:], *parameters),
    )


def _adds_over_batch(args, result, *parts):
    if not parts:
        return True
    single = is_single(*args)
    return all(close(result[k], np.add(parts[0][k], parts[1][k]), single) for k in (2, 3, 4))


LAWS = (
    Law(
        "meets-finite-differences",
        Text(
            zh="梯度与 Σ dhs · hs 的有限差分一致",
            en="the gradients agree with a difference quotient of Σ dhs · hs",
        ),
        _meets_finite_differences,
    ),
    Law(
        "adds-over-batch",
        Text(
            zh="批的参数梯度等于各部分的参数梯度之和",
            en="a batch's parameter gradients are the sum of its parts'",
        ),
        _adds_over_batch,
        derive=_without_last,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from cell_corners(INPUTS, rng)
    dhs, x, h0, W, U, b = draw(INPUTS, SIZES, rng)
    only_last = np.zeros_like(dhs)
    only_last[-1] = dhs[-1]
    yield Case((only_last, x, h0, W, U, b), note="loss at the last step only")
    yield Case((np.zeros_like(dhs), x, h0, W, U, b), note="no loss: every gradient is 0")
    yield Case((dhs, x, h0, W, np.zeros_like(U), b), note="U = 0: no way back through time")


TASK = Task(
    id="rnn-backward",
    function="rnn_backward",
    ask=Text(
        zh="""\
写出普通 RNN 的沿时间反向传播（BPTT）：`rnn_backward(dhs, x, h0, W, U, b)`。

- 前向：h[t] = tanh(x[t] W + h[t-1] U + b)，h[-1] 即 `h0`；需要的状态自己重算
- `dhs`：(T, N, H)，损失对每个输出状态的梯度（不含经由后面时刻的部分）
- `x`：(T, N, D)，`h0`：(N, H)，`W`：(D, H)，`U`：(H, H)，`b`：(H,)
- 返回 `(dx, dh0, dW, dU, db)`，形状与 x、h0、W、U、b 相同；参数梯度对时间和批求和
""",
        en="""\
Write back-propagation through time for a plain RNN: `rnn_backward(dhs, x, h0, W, U, b)`.

- forward: h[t] = tanh(x[t] W + h[t-1] U + b) with `h0` before the first; compute the states you need again
- `dhs`: (T, N, H), the loss gradient at each output state (without what comes back from later steps)
- `x`: (T, N, D), `h0`: (N, H), `W`: (D, H), `U`: (H, H), `b`: (H,)
- returns `(dx, dh0, dW, dU, db)`, shaped like x, h0, W, U, b; parameters' gradients are summed over time and batch
""",
    ),
    inputs=INPUTS,
    reference=rnnref.rnn_backward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="把网络按时间展开：每个状态的梯度来自两处，当前的损失和后一个时刻。",
            en="Unroll the net: a state's gradient comes from two places, the loss at its step and the step after it.",
        ),
        Text(
            zh="从 T-1 往回走：加上后一步传来的 dh，过 tanh 的导数得 da，由 da 得到各参数的贡献并累加，再传 da U 的转置。",
            en="Go back from T-1: add the dh of the step after, pass tanh's slope to get da, add da's share to each parameter, hand on da times U transposed.",
        ),
        Text(
            zh="`da = (dhs[t] + dh) * (1 - hs[t]**2)`；`dW += x[t].T @ da`；`dU += h_prev.T @ da`；`db += da.sum(axis=0)`；`dh = da @ U.T`",
            en="`da = (dhs[t] + dh) * (1 - hs[t]**2)`; `dW += x[t].T @ da`; `dU += h_prev.T @ da`; `db += da.sum(axis=0)`; `dh = da @ U.T`",
        ),
    ),
    interviewers_look_for=Text(
        zh="知道共享参数的梯度是各时刻之和；会用有限差分检查；能指出连乘的 U 的转置就是梯度消失与爆炸的来源。",
        en="Shared parameters' gradients are sums over time; a difference quotient as a check; and the repeated product with U transposed named as the source of vanishing and exploding.",
    ),
    laws=LAWS,
    outputs=("dx", "dh0", "dW", "dU", "db"),
    corner_cases=corner_cases,
)
