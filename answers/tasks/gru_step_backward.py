"""gru-step-backward: the chain rule through one cell, whose old state goes four ways."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks import _backward, gru_step
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single, slope_agrees


def with_mistakes(wrong: frozenset[str]):
    def gru_step_backward(dh, x, h, W, U, b):
        H = h.shape[1]
        W_n, U_n, b_n = W[:, 2 * H :], U[:, 2 * H :], b[2 * H :]
        r, z = rnnref.gru_gates(x, h, W, U, b)
        n = rnnref.gru_candidate(x, h, r, W_n, U_n, b_n)
        da_n = at_the_candidate(wrong, dh, z, n)
        drh = _backward.through(da_n, U_n, wrong)
        da_rz = at_the_gates(wrong, dh, drh, h, r, z, n)
        dh_prev = at_the_old_state(wrong, dh, drh, r, z, _backward.through(da_rz, U[:, : 2 * H], wrong))
        da = np.concatenate([da_rz, da_n], axis=-1)
        seen = h if "dU-n-without-r" in wrong else r * h
        dU = np.concatenate([h.T @ da_rz, seen.T @ da_n], axis=-1)
        dW, dU, db = _backward.averaged(wrong, len(x), x.T @ da, dU, _backward.bias_gradient(da, wrong))
        first = (dh_prev, da @ W.T) if "returns-dh-first" in wrong else (da @ W.T, dh_prev)
        return (*first, dW, dU, db)

    return gru_step_backward


def at_the_candidate(wrong, dh, z, n):
    """The gradient at the candidate's pre-activation, as somebody with these mistakes computes it."""
    by_z = {"z-lets-the-new-in", "dn-with-z"} & wrong
    dn = dh if "dn-without-z" in wrong else dh * (z if by_z else 1 - z)
    if "sigmoid-slope-for-n" in wrong:
        return dn * n * (1 - n)
    return dn if "no-slope-for-n" in wrong else dn * (1 - n**2)


def at_the_gates(wrong, dh, drh, h, r, z, n):
    """The gradient at the pre-activations of r and z (N, 2H), as somebody with these mistakes computes it."""
    dr = drh if "dr-without-h" in wrong else drh * h
    dz = dh * (n - h if {"z-lets-the-new-in", "flips-dz"} & wrong else h - n)
    if "dz-from-h-alone" in wrong:
        dz = dh * h
    if "tanh-slope-for-the-gates" in wrong:
        dr, dz = dr * (1 - r**2), dz * (1 - z**2)
    elif "no-slope-for-the-gates" not in wrong:
        dr, dz = dr * r * (1 - r), dz * z * (1 - z)
    if "stops-at-r" in wrong:
        dr = np.zeros_like(dr)
    return np.concatenate([dz, dr] if "stacks-z-r" in wrong else [dr, dz], axis=-1)


def at_the_old_state(wrong, dh, drh, r, z, through_gates):
    """The gradient at h, as somebody with these mistakes gathers it from its ways."""
    kept = dh * (1 - z if "z-lets-the-new-in" in wrong else z)
    if "forgets-the-straight-way" in wrong:
        kept = np.zeros_like(dh)
    elif "straight-way-without-z" in wrong:
        kept = dh
    seen = drh if "candidate-way-without-r" in wrong else drh * r
    if "forgets-the-candidate-way" in wrong:
        seen = np.zeros_like(dh)
    if "forgets-the-gates-way" in wrong:
        through_gates = np.zeros_like(dh)
    return kept + seen + through_gates


WAY_MISTAKES = (
    Misconception(
        "forgets-the-straight-way",
        Text(
            zh="dh_prev 漏了直通的一路：`z * h` 带来 `dh * z`，这条加法路径正是 GRU 的关键。",
            en="dh_prev lacks the direct path: `z * h` gives `dh * z`, the additive path that a GRU is for.",
        ),
    ),
    Misconception(
        "straight-way-without-z",
        Text(
            zh="直通的一路漏乘了 z：前向是 `z * h`，所以是 `dh * z`，不是 `dh`。",
            en="You leave z out of the direct path: forward is `z * h`, so `dh * z`, not `dh`.",
        ),
    ),
    Misconception(
        "forgets-the-candidate-way",
        Text(
            zh="dh_prev 漏了经候选的一路：还要加上 `(da_n @ U_n.T) * r`。",
            en="dh_prev lacks the path through the candidate: add `(da_n @ U_n.T) * r`.",
        ),
    ),
    Misconception(
        "candidate-way-without-r",
        Text(
            zh="经候选传回 h 时漏乘了 r：前向是 `(r * h) @ U_n`，所以是 `(da_n @ U_n.T) * r`。",
            en="You leave r out on the path through the candidate: forward is `(r * h) @ U_n`, so `(da_n @ U_n.T) * r`.",
        ),
    ),
    Misconception(
        "forgets-the-gates-way",
        Text(
            zh="dh_prev 漏了经两个门的一路：r 和 z 也由 h 算出，还要加上 `da_r @ U_r.T + da_z @ U_z.T`。",
            en="dh_prev lacks the path through the gates, which read h too: add `da_r @ U_r.T + da_z @ U_z.T`.",
        ),
    ),
    Misconception(
        "stops-at-r",
        Text(
            zh="重置门没有分到梯度：前向是 `(r * h) @ U_n`，所以 `dr = (da_n @ U_n.T) * h`。",
            en="No gradient reaches the reset gate: forward is `(r * h) @ U_n`, so `dr = (da_n @ U_n.T) * h`.",
        ),
    ),
)

SLOPE_MISTAKES = (
    Misconception(
        "z-lets-the-new-in",
        Text(
            zh="z 的约定反了：这里 z 保留旧状态，`dn = dh * (1 - z)`，`dz = dh * (h - n)`，`dh * z` 传回 h。",
            en="You use the other convention for z: here it keeps the old state, `dn = dh * (1 - z)`, `dz = dh * (h - n)`, and `dh * z` "
            "goes back to h.",
        ),
    ),
    Misconception(
        "dn-without-z",
        Text(
            zh="候选的梯度漏乘了 `1 - z`：`da_n = dh * (1 - z) * (1 - n**2)`。",
            en="You leave `1 - z` out of the candidate's gradient: `da_n = dh * (1 - z) * (1 - n**2)`.",
        ),
    ),
    Misconception(
        "dn-with-z",
        Text(
            zh="候选的梯度乘了 z：前向是 `(1 - z) * n`，所以 `da_n = dh * (1 - z) * (1 - n**2)`。",
            en="You scale the candidate's gradient by z: forward is `(1 - z) * n`, so `da_n = dh * (1 - z) * (1 - n**2)`.",
        ),
    ),
    Misconception(
        "no-slope-for-n",
        Text(
            zh="候选的梯度漏了 tanh 的导数：`da_n = dh * (1 - z) * (1 - n**2)`。",
            en="You leave out the slope of the candidate's tanh: `da_n = dh * (1 - z) * (1 - n**2)`.",
        ),
    ),
    Misconception(
        "sigmoid-slope-for-n",
        Text(
            zh="候选用了 sigmoid 的导数：n 是 tanh，应乘 `1 - n**2`，不是 `n * (1 - n)`。",
            en="You use the sigmoid's slope for the candidate: n is a tanh, `1 - n**2`, not `n * (1 - n)`.",
        ),
    ),
    Misconception(
        "flips-dz",
        Text(
            zh="更新门的梯度符号反了：`(1 - z) * n + z * h` 对 z 的导数是 `h - n`，`dz = dh * (h - n)`。",
            en="You flip the sign at the update gate: `(1 - z) * n + z * h` has the derivative `h - n` in z, so `dz = dh * (h - n)`.",
        ),
    ),
    Misconception(
        "dz-from-h-alone",
        Text(
            zh="更新门的梯度只算了一半：z 同时出现在 `(1 - z) * n` 里，`dz = dh * (h - n)`，不是 `dh * h`。",
            en="You have half of the update gate's gradient: z stands in `(1 - z) * n` too: `dz = dh * (h - n)`, not `dh * h`.",
        ),
    ),
    Misconception(
        "dr-without-h",
        Text(
            zh="重置门的梯度漏乘了 h：前向是 `r * h`，所以 `dr = (da_n @ U_n.T) * h`。",
            en="You leave h out of the reset gate's gradient: forward is `r * h`, so `dr = (da_n @ U_n.T) * h`.",
        ),
    ),
    Misconception(
        "no-slope-for-the-gates",
        Text(
            zh="门的梯度漏了 sigmoid 的导数：`dr * r * (1 - r)`，`dz * z * (1 - z)`。",
            en="You leave out the slope of the sigmoid: `dr * r * (1 - r)` and `dz * z * (1 - z)`.",
        ),
    ),
    Misconception(
        "tanh-slope-for-the-gates",
        Text(
            zh="门用了 tanh 的导数：r 和 z 是 sigmoid，应乘 `s * (1 - s)`，不是 `1 - s**2`。",
            en="You use the slope of tanh for the gates: r and z are sigmoids, `s * (1 - s)`, not `1 - s**2`.",
        ),
    ),
    Misconception(
        "dU-n-without-r",
        Text(
            zh="U_n 的梯度漏乘了 r：前向与 U_n 相乘的是 `r * h`，所以 `dU_n = (r * h).T @ da_n`。",
            en="You leave r out of U_n's gradient: U_n multiplied `r * h`, so `dU_n = (r * h).T @ da_n`.",
        ),
    ),
    Misconception(
        "stacks-z-r",
        Text(
            zh="拼接梯度时 r 与 z 的块放反了：次序是 `np.concatenate([da_r, da_z, da_n], axis=-1)`。",
            en="You stack the blocks as z, r, n: the order is `np.concatenate([da_r, da_z, da_n], axis=-1)`.",
        ),
    ),
    Misconception(
        "returns-dh-first",
        Text(
            zh="返回值的次序不对：应为 `return dx, dh_prev, dW, dU, db`，dx 在前。",
            en="You return dh_prev before dx: `return dx, dh_prev, dW, dU, db`.",
        ),
    ),
)

MISCONCEPTIONS = (*WAY_MISTAKES, *SLOPE_MISTAKES, *_backward.MISCONCEPTIONS)


def _meets_the_slope(args, result):
    dh, *point = (np.asarray(a, np.float64) for a in args)
    if np.abs(dh).max() > 5:
        return True
    return slope_agrees(lambda *at: float((dh * rnnref.gru_step(*at)).sum()), point, result, is_single(*args))


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

INPUTS = (Array("dh", ("N", "H")), *gru_step.INPUTS)

TASK = Task(
    id="gru-step-backward",
    function="gru_step_backward",
    ask=Text(
        zh="""写出 `gru_step_backward(dh, x, h, W, U, b)`：GRU 一步的反向传播。

- `dh (N, H)`：损失对这一步输出 `h_new` 的梯度
- 其余是前向的参数：`x (N, D)`，`h (N, H)`，`W (D, 3H)`、`U (H, 3H)`、`b (3H,)`，次序 `r, z, n`；中间量请自己重算

约定同 `gru-step`：`z` 保留旧状态，重置门在矩阵乘法之前作用于 h。返回 `(dx, dh_prev, dW, dU, db)`，形状与对应的量相同；参数的梯度对批求和。""",
        en="""Write `gru_step_backward(dh, x, h, W, U, b)`: back-propagation through one GRU step.

- `dh (N, H)`: the loss gradient at this step's `h_new`
- the rest are the forward arguments: `x (N, D)`, `h (N, H)`, `W (D, 3H)`, `U (H, 3H)`, `b (3H,)` in the order `r, z, n`; compute what lies between afresh

Conventions as in `gru-step`: `z` keeps the old state, the reset gate acts on h before the matrix product. Returns `(dx, dh_prev, dW, dU, db)`, each shaped like its quantity; parameter gradients are summed over the batch.""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_step_backward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="数一数 h 在前向里出现了几次：每一次都给 dh_prev 一份梯度。",
            en="Count where h stands in the forward step: each place gives dh_prev a share.",
        ),
        Text(
            zh="四路：`z * h` 直通，经候选里的 `r * h`，经 r，经 z。先算 da_n，再由 `da_n @ U_n.T` 得到 r 和 h 的份额。",
            en="Four ways: straight through `z * h`, through `r * h` in the candidate, through r, through z. First da_n; `da_n @ U_n.T` then "
            "splits between r and h.",
        ),
        Text(
            zh="`da_n = dh * (1 - z) * (1 - n**2)`，`drh = da_n @ U_n.T`，`da_r = drh * h * r * (1 - r)`，`da_z = dh * (h - n) * z * (1 - z)`，"
            "`dh_prev = dh * z + drh * r + da_r @ U_r.T + da_z @ U_z.T`",
            en="`da_n = dh * (1 - z) * (1 - n**2)`, `drh = da_n @ U_n.T`, `da_r = drh * h * r * (1 - r)`, `da_z = dh * (h - n) * z * (1 - z)`, "
            "`dh_prev = dh * z + drh * r + da_r @ U_r.T + da_z @ U_z.T`",
        ),
    ),
    interviewers_look_for=Text(
        zh="dh_prev 的四路一路不漏，其中 `dh * z` 不经过矩阵，是梯度能传得远的原因；U_n 的梯度用 `r * h` 而不是 h；会用差商检验。",
        en="All four ways of dh_prev; `dh * z` meets no matrix, which is why gradients travel far; U_n's gradient from `r * h`, not h; "
        "checking by differences.",
    ),
    laws=LAWS,
    outputs=("dx", "dh_prev", "dW", "dU", "db"),
    corner_cases=partial(cell_corners, INPUTS),
)
