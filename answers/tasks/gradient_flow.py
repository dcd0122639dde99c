"""gradient-flow: how much of the gradient at the last state reaches each earlier one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import rnnref
from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks import rnn_jacobian
from answers.tasks._corners import SIZES, cell_corners, draw
from answers.tasks._laws import close, is_single

INPUTS = (Array("hs", ("T", "H"), "state"), Array("U", ("H", "H")))


def _spectral_radius(J):
    return np.abs(np.linalg.eigvals(J)).max()


NORMS: dict[str, Callable[..., Any]] = {
    "frobenius-norm": np.linalg.norm,
    "spectral-radius": _spectral_radius,
    "largest-entry": lambda J: np.abs(J).max(),
}


def with_mistakes(wrong: frozenset[str]):
    jacobian = rnn_jacobian.with_mistakes(wrong)
    norm = next((f for name, f in NORMS.items() if name in wrong), lambda J: np.linalg.norm(J, 2))

    def gradient_flow(hs, U):
        jacobians = jacobian(hs, U)
        if "one-step-early" in wrong:
            jacobians = np.concatenate([jacobians[:1], jacobians[:-1]])
        identity = np.eye(len(U), dtype=hs.dtype)
        products_norm = np.linalg.norm if "frobenius-norm-of-products" in wrong else norm
        product, flow = identity, [norm(identity)]
        for J in jacobians[:0:-1]:
            before = identity if "single-steps" in wrong else product
            product = J @ before if "wrong-order" in wrong else before @ J
            flow.append(flow[-1] * norm(J) if "multiplies-norms" in wrong else products_norm(product))
        if "by-lag" not in wrong:
            flow.reverse()
        return np.array(flow, hs.dtype)

    return gradient_flow


MISCONCEPTIONS = (
    Misconception(
        "frobenius-norm",
        Text(
            zh="用了 Frobenius 范数：`np.linalg.norm(J)` 对矩阵默认就是它；谱范数要写 `np.linalg.norm(J, 2)`。",
            en="You use the Frobenius norm, the default of `np.linalg.norm(J)` for a matrix: the spectral norm is `np.linalg.norm(J, 2)`.",
        ),
    ),
    Misconception(
        "frobenius-norm-of-products",
        Text(
            zh="乘积取的是 Frobenius 范数（只有最后一项的 1 是对的）：`np.linalg.norm(J)` 对矩阵默认就是它；谱范数要写 `np.linalg.norm(J, 2)`。",
            en="You take the Frobenius norm of the products, the default of `np.linalg.norm(J)` for a matrix (the last entry alone is right): "
            "the spectral norm is `np.linalg.norm(J, 2)`.",
        ),
    ),
    Misconception(
        "spectral-radius",
        Text(
            zh="用了谱半径（最大特征值的模）：谱范数是最大奇异值，`np.linalg.norm(J, 2)`；两者对正规矩阵相等，一般不等。",
            en="You use the spectral radius (largest eigenvalue): the spectral norm is the largest singular value, `np.linalg.norm(J, 2)`; they agree for normal matrices and in general not.",
        ),
    ),
    Misconception(
        "largest-entry",
        Text(
            zh="用了绝对值最大的元素：谱范数是最大奇异值，`np.linalg.norm(J, 2)`。",
            en="You take the largest entry: the spectral norm is the largest singular value, `np.linalg.norm(J, 2)`.",
        ),
    ),
    Misconception(
        "multiplies-norms",
        Text(
            zh="把各步的范数相乘了：那只是上界；应先把雅可比矩阵相乘，再取范数。",
            en="You multiply the norms of the steps: that is only an upper bound; multiply the Jacobians first, then take the norm.",
        ),
    ),
    Misconception(
        "single-steps",
        Text(
            zh="只看了单步：第 k 项应是从 k+1 到 T-1 全部雅可比矩阵之积的范数，循环里要累乘。",
            en="You look at single steps: entry k is the norm of the product of all Jacobians from k+1 to T-1, so keep multiplying in the loop.",
        ),
    ),
    Misconception(
        "wrong-order",
        Text(
            zh="矩阵乘的顺序反了：较晚的在左，往回走时应写 `product = product @ J[k + 1]`。",
            en="You multiply in the wrong order: later steps stand on the left, so going back it is `product = product @ J[k + 1]`.",
        ),
    ),
    Misconception(
        "one-step-early",
        Text(
            zh="雅可比错位了一步：从 hs[k] 到 hs[k+1] 的那一步，tanh 的导数取在 `hs[k + 1]`，而不是 `hs[k]`。",
            en="Your Jacobians are off by one: the step from hs[k] to hs[k+1] has tanh's slope at `hs[k + 1]`, not at `hs[k]`.",
        ),
    ),
    Misconception(
        "by-lag",
        Text(
            zh="结果按间隔排列了：第 k 项对应时刻 k，最后一项才是 1，应把列表反过来。",
            en="Your result is ordered by lag: entry k belongs to time k and the last one is 1; reverse the list.",
        ),
    ),
    Misconception(
        "forgets-slope",
        Text(
            zh="漏掉了 tanh 的导数：单步雅可比不只是 `U.T`，第 i 行还要乘 `1 - hs[k + 1, i]**2`。",
            en="You leave out the slope of tanh: a one-step Jacobian is not `U.T` alone, its row i is multiplied by "
            "`1 - hs[k + 1, i]**2`.",
        ),
    ),
    Misconception(
        "forgets-square",
        Text(
            zh="tanh 的导数写成了 `1 - h`：应为 `1 - hs[k + 1]**2`。",
            en="You write the slope of tanh as `1 - h`: it is `1 - hs[k + 1]**2`.",
        ),
    ),
    Misconception(
        "forgets-transpose",
        Text(
            zh="U 没有转置：前向是 `h @ U`，所以单步雅可比是 `(1 - hs[k + 1]**2)[:, None] * U.T`。",
            en="You don't transpose U: the step is `h @ U`, so its Jacobian is `(1 - hs[k + 1]**2)[:, None] * U.T`.",
        ),
    ),
    Misconception(
        "scales-columns",
        Text(
            zh="导数乘到了列上：它属于输出的下标，即行，应写 `(1 - hs[k + 1]**2)[:, None] * U.T`。",
            en="You scale columns by the slope: it belongs to the output index, the row: `(1 - hs[k + 1]**2)[:, None] * U.T`.",
        ),
    ),
)


def _never_outgrows_u(args, result):
    growth = np.linalg.norm(np.asarray(args[1], np.float64), 2)
    flow = np.asarray(result, np.float64)
    return bool((flow[:-1] <= flow[1:] * growth * (1 + 1e-3) + 1e-6 * max(1.0, np.abs(flow).max())).all())


LAWS = (
    Law(
        "last-is-one",
        Text(
            zh="最后一项是 1：hs[-1] 对自己的导数是单位阵",
            en="the last entry is 1: hs[-1] depends on itself by the identity",
        ),
        lambda args, result: close(np.asarray(result)[-1], 1.0, is_single(*args)),
    ),
    Law(
        "never-outgrows-U",
        Text(
            zh="往回一步，梯度至多乘以 U 的谱范数",
            en="one step back multiplies the gradient by the spectral norm of U at most",
        ),
        _never_outgrows_u,
    ),
    Law(
        "forgets-the-start",
        Text(zh="去掉第一个状态，其余各项不变", en="dropping the first state leaves the other entries as they are"),
        lambda args, result, *rest: all(close(np.asarray(result)[1:], r, is_single(*args)) for r in rest),
        derive=lambda args: ((args[0][1:], args[1]),) if len(args[0]) > 1 else (),
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from cell_corners(INPUTS, rng)
    hs, U = draw(INPUTS, SIZES, rng)
    H = len(U)
    yield Case((np.zeros_like(hs), U), note="states at 0: powers of U")
    yield Case((hs, np.eye(H)), note="U = identity")
    yield Case((hs, np.diag(np.ones(H - 1), 1)), note="U nilpotent")
    yield Case((np.ones_like(hs), U), note="saturated: nothing flows back")


TASK = Task(
    id="gradient-flow",
    function="gradient_flow",
    ask=Text(
        zh="""\
量一量梯度能传回多远：`gradient_flow(hs, U)`。

- `hs`：(T, H)，一个序列的普通 RNN 状态，h[t] = tanh(x[t] W + h[t-1] U + b)；`U`：(H, H)
- 返回形状 (T,) 的数组：第 k 项是 ∂hs[-1] / ∂hs[k] 的谱范数（最大奇异值），k = 0 .. T-1；最后一项是 1
""",
        en="""\
Measure how far the gradient reaches: `gradient_flow(hs, U)`.

- `hs`: (T, H), the states of one sequence of a plain RNN, h[t] = tanh(x[t] W + h[t-1] U + b); `U`: (H, H)
- returns an array (T,): entry k is the spectral norm (largest singular value) of ∂hs[-1] / ∂hs[k], k = 0 .. T-1; the last is 1
""",
    ),
    inputs=INPUTS,
    reference=rnnref.gradient_flow,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="hs[-1] 对 hs[k] 的导数是一串单步雅可比矩阵的乘积。",
            en="The derivative of hs[-1] with respect to hs[k] is a product of one-step Jacobians.",
        ),
        Text(
            zh="单步雅可比是 diag(1 - h²) 乘 U 的转置，h 取较晚的状态；从末尾往回，每步右乘一个，取其最大奇异值。",
            en="A one-step Jacobian is diag(1 - h²) times U transposed, with h the later state; going back from the end, multiply one on the right at each step and take the largest singular value.",
        ),
        Text(
            zh="`product = product @ ((1 - hs[k + 1] ** 2)[:, None] * U.T)`，`norms[k] = np.linalg.norm(product, 2)`",
            en="`product = product @ ((1 - hs[k + 1] ** 2)[:, None] * U.T)`, `norms[k] = np.linalg.norm(product, 2)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="先乘矩阵再取范数，而不是把范数相乘；说得清谱范数小于 1 足以消失，大于 1 只是爆炸的必要条件。",
        en="The norm of the product, not the product of norms; and that a norm of U below 1 suffices to vanish while one above 1 is only necessary to explode.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
