"""rnn-jacobian: how one state depends on the one before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import SIZES, cell_corners, draw

INPUTS = (Array("h_new", ("N", "H"), "state"), Array("U", ("H", "H")))


def with_mistakes(wrong: frozenset[str]):
    def slope(h):
        if "squashes-again" in wrong:
            h = np.tanh(h)
        if "sigmoid-slope" in wrong:
            return h * (1 - h)
        if "forgets-square" in wrong:
            return 1 - h
        return h**2 if "forgets-one-minus" in wrong else 1 - h**2

    def rnn_jacobian(h_new, U):
        d = np.ones_like(h_new) if "forgets-slope" in wrong else slope(h_new)
        d = d[:, None, :] if "scales-columns" in wrong else d[:, :, None]
        J = d * (U if "forgets-transpose" in wrong else U.T)
        if "indexes-swapped" in wrong:
            J = J.swapaxes(1, 2)
        if "diagonal-only" in wrong:
            J = J * np.eye(len(U), dtype=U.dtype)
        if "adds-identity" in wrong:
            J = J + np.eye(len(U), dtype=U.dtype)
        return J.mean(axis=0) if "averages-batch" in wrong else J

    return rnn_jacobian


MISCONCEPTIONS = (
    Misconception(
        "forgets-slope",
        Text(
            zh="漏掉了 tanh 的导数：只返回了 U 的转置，第 i 行还要乘 `1 - h_new[n, i]**2`。",
            en="You leave out the slope of tanh: row i of U transposed is still to be multiplied by `1 - h_new[n, i]**2`.",
        ),
    ),
    Misconception(
        "forgets-square",
        Text(
            zh="tanh 的导数写成了 `1 - h`：应为 `1 - h_new**2`。",
            en="You write the slope of tanh as `1 - h`: it is `1 - h_new**2`.",
        ),
    ),
    Misconception(
        "forgets-one-minus",
        Text(
            zh="tanh 的导数写成了 `h**2`：应为 `1 - h_new**2`，饱和时才趋于 0。",
            en="You write the slope of tanh as `h**2`: it is `1 - h_new**2`, which goes to 0 where tanh saturates.",
        ),
    ),
    Misconception(
        "sigmoid-slope",
        Text(
            zh="用了 sigmoid 的导数 `h * (1 - h)`：这里的激活是 tanh，导数为 `1 - h_new**2`。",
            en="You use the sigmoid's slope `h * (1 - h)`: the activation is tanh, whose slope is `1 - h_new**2`.",
        ),
    ),
    Misconception(
        "squashes-again",
        Text(
            zh="对 h_new 又取了一次 tanh：h_new 已是 tanh 的输出，导数直接是 `1 - h_new**2`。",
            en="You take tanh of h_new once more: it is tanh's output already, so the slope is `1 - h_new**2` as it stands.",
        ),
    ),
    Misconception(
        "forgets-transpose",
        Text(
            zh="U 没有转置：h 右乘 U，所以 d a[i] / d h[j] = `U[j, i]`，应写 `U.T`。",
            en="You don't transpose U: h multiplies from the left, so d a[i] / d h[j] is `U[j, i]`; write `U.T`.",
        ),
    ),
    Misconception(
        "scales-columns",
        Text(
            zh="导数乘到了列上：`1 - h_new**2` 属于输出的下标 i，应写 `(1 - h_new**2)[:, :, None] * U.T`。",
            en="You scale columns by the slope: `1 - h_new**2` belongs to the output index i, `(1 - h_new**2)[:, :, None] * U.T`.",
        ),
    ),
    Misconception(
        "indexes-swapped",
        Text(
            zh="雅可比转置了：约定 `J[n, i, j]` 是 d h_new[n, i] / d h[n, j]，输出在前、输入在后。",
            en="Your Jacobian is transposed: `J[n, i, j]` is d h_new[n, i] / d h[n, j], the output's index first.",
        ),
    ),
    Misconception(
        "diagonal-only",
        Text(
            zh="只留下了对角线：U 让每个单元影响所有单元，非对角元素是 `(1 - h_new[n, i]**2) * U[j, i]`。",
            en="You keep the diagonal alone: through U every unit acts on every other; off it stands `(1 - h_new[n, i]**2) * U[j, i]`.",
        ),
    ),
    Misconception(
        "adds-identity",
        Text(
            zh="多加了单位阵：普通 RNN 没有直通的旧状态，`J = (1 - h_new**2)[:, :, None] * U.T`。",
            en="You add the identity: a plain RNN carries no copy of the old state, `J = (1 - h_new**2)[:, :, None] * U.T`.",
        ),
    ),
    Misconception(
        "averages-batch",
        Text(
            zh="对批取了平均：每个序列有自己的雅可比，形状应为 (N, H, H)。",
            en="You average over the batch: each sequence has its own Jacobian, (N, H, H).",
        ),
    ),
)


def _meets_the_slope(args, result):
    """J times a direction against the derivative of tanh(a + step (direction U)), where tanh(a) = h_new."""
    h, U = (np.asarray(a, np.float64) for a in args)
    h = h.clip(-1 + 1e-12, 1 - 1e-12)
    direction = np.cos(1.0 + np.arange(len(U)))
    moved = direction @ U
    step = 1e-6 / max(1.0, float(np.abs(moved).max()))
    a = np.arctanh(h)
    slope = (np.tanh(a + step * moved) - np.tanh(a - step * moved)) / (2 * step)
    size = float(np.abs(U).sum(axis=0).max()) + 1
    return bool(np.abs(np.asarray(result, np.float64) @ direction - slope).max() <= 1e-3 * size)


LAWS = (
    Law("meets-the-slope", Text(zh="与有限差分一致", en="it agrees with a difference quotient"), _meets_the_slope),
    Law(
        "no-larger-than-U",
        Text(
            zh="tanh 只会缩小：每个元素的绝对值不超过 U 中对应的元素",
            en="tanh only shrinks: no entry exceeds its entry of U in magnitude",
        ),
        lambda args, result: bool((np.abs(result) <= np.abs(args[1].T) * (1 + 1e-5)).all()),
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from cell_corners(INPUTS, rng)
    h, U = draw(INPUTS, SIZES, rng)
    yield Case((np.zeros_like(h), U), note="h = 0: the slope is 1")
    yield Case((np.sign(h), U), note="saturated: the slope is 0")
    yield Case((np.full_like(h, 0.5), U), note="equal entries of h")
    yield Case((h, np.eye(len(U))), note="U = identity")
    yield Case((h, np.triu(U)), note="U upper triangular")


TASK = Task(
    id="rnn-jacobian",
    function="rnn_jacobian",
    ask=Text(
        zh="""\
写出普通 RNN 一步的雅可比矩阵：`rnn_jacobian(h_new, U)`。

- 这一步是 h_new = tanh(x W + h U + b)；`h_new`：(N, H)，`U`：(H, H)
- 返回 `J`：(N, H, H)，J[n, i, j] = ∂h_new[n, i] / ∂h[n, j]
""",
        en="""\
Write the Jacobian of one step of a plain RNN: `rnn_jacobian(h_new, U)`.

- the step is h_new = tanh(x W + h U + b); `h_new`: (N, H), `U`: (H, H)
- returns `J`: (N, H, H), J[n, i, j] = ∂h_new[n, i] / ∂h[n, j]
""",
    ),
    inputs=INPUTS,
    reference=rnnref.rnn_jacobian,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="链式法则有两段：先是线性映射 h U，再是 tanh。",
            en="The chain rule has two links: the linear map h U, then tanh.",
        ),
        Text(
            zh="tanh 的导数用它的输出表示是 1 - h_new²；h 右乘 U，所以下标要反过来。",
            en="In terms of its output the slope of tanh is 1 - h_new²; h stands left of U, so the indices turn round.",
        ),
        Text(
            zh="`return (1 - h_new**2)[:, :, None] * U.T`",
            en="`return (1 - h_new**2)[:, :, None] * U.T`",
        ),
    ),
    interviewers_look_for=Text(
        zh="从这个式子推出梯度消失与爆炸：T 步的梯度是 T 个这样的矩阵相乘，每个都是 U 的转置乘以不超过 1 的对角阵。",
        en="The way from this formula to vanishing and exploding gradients: over T steps T such matrices are multiplied, each U transposed times a diagonal of at most 1.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
