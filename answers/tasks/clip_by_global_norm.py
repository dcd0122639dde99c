"""clip-by-global-norm: one norm over all arrays, one factor for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Arrays, Case, Positive
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import strided
from answers.tasks._gradients import all_close, gradient_list, joined, joint_norm


def _count(arrays):
    return sum(g.size for g in arrays)


def _norm(wrong, grads):
    """The norm that somebody with these mistakes takes of a list of arrays."""
    if "first-array-norm" in wrong:
        grads = grads[:1]
    elif "last-array-norm" in wrong:
        grads = grads[-1:]
    norm = joint_norm
    if "sum-of-magnitudes" in wrong:
        norm = _sum_of_magnitudes
    elif "largest-element" in wrong:
        norm = _largest_element
    if "adds-norms" in wrong:
        total = sum(norm([g]) for g in grads)
    elif "largest-norm" in wrong:
        total = max(norm([g]) for g in grads)
    else:
        total = norm(grads)
    if "mean-square" in wrong:
        total /= float(np.sqrt(sum(g.size for g in grads)))
    return total**2 if "forgets-root" in wrong else total


def _sum_of_magnitudes(grads):
    return float(np.abs(joined(grads)).sum())


def _largest_element(grads):
    return float(np.abs(joined(grads)).max())


def with_mistakes(wrong: frozenset[str]):
    def norm_of(grads):
        return _norm(wrong, grads)

    def factor(norm, max_norm):
        if norm == 0 or (norm <= max_norm and "scales-up-small" not in wrong):
            return 1.0
        if "forgets-max-norm" in wrong:
            max_norm = 1.0
        return float(max_norm / (norm**2 if "divides-by-square" in wrong else norm))

    def clip_by_global_norm(grads, max_norm):
        norm = norm_of(grads)
        if "clips-each-alone" in wrong:
            clipped = [g * factor(norm_of([g]), max_norm) for g in grads]
        elif "clips-by-value" in wrong:
            clipped = [np.clip(g, -max_norm, max_norm) for g in grads]
        else:
            clipped = [g * factor(norm, max_norm) for g in grads]
        if "returns-only-arrays" in wrong:
            return clipped
        if "returns-norm-after" in wrong:
            norm = norm_of(clipped)
        return (norm, clipped) if "returns-norm-first" in wrong else (clipped, norm)

    return clip_by_global_norm


def with_epsilon(grads, max_norm):
    """PyTorch's `clip_grad_norm_`: max_norm / (norm + 1e-6), at most 1."""
    norm = rnnref.clip_by_global_norm(grads, max_norm)[1]
    scale = min(1.0, float(max_norm / (norm + 1e-6)))
    return [g * np.asarray(scale, g.dtype) for g in grads], norm


MISCONCEPTIONS = (
    Misconception(
        "clips-each-alone",
        Text(
            zh="每个数组各按自己的范数裁剪：这会改变总梯度的方向；应先求全部数组的联合范数，再乘同一个系数。",
            en="You clip each array by its own norm: that turns the gradient as a whole; take one norm over all arrays and one factor for all.",
        ),
    ),
    Misconception(
        "forgets-root",
        Text(
            zh="范数忘了开方：你用的是平方和，应为 `np.sqrt(sum((g**2).sum() for g in grads))`。",
            en="You forget the square root: the norm is `np.sqrt(sum((g**2).sum() for g in grads))`, not the sum of squares.",
        ),
    ),
    Misconception(
        "divides-by-square",
        Text(
            zh="系数里除以了范数的平方：应为 `max_norm / norm`，裁剪后的范数才等于 `max_norm`。",
            en="You divide by the norm squared: the factor is `max_norm / norm`, so that the norm becomes `max_norm`.",
        ),
    ),
    Misconception(
        "adds-norms",
        Text(
            zh="把各数组的范数直接相加了：应把平方和相加后再开方。",
            en="You add up the norms of the arrays: add their squares and take the root of the sum.",
        ),
    ),
    Misconception(
        "largest-norm",
        Text(
            zh="取了各数组范数中最大的一个：全局范数要把所有数组的平方和加在一起再开方。",
            en="You take the largest of the arrays' norms: the global norm is the root of the squares summed over all arrays.",
        ),
    ),
    Misconception(
        "first-array-norm",
        Text(
            zh="只用第一个数组算了范数：求和要遍历整个 `grads`。",
            en="You take the norm of the first array alone: the sum runs over all of `grads`.",
        ),
    ),
    Misconception(
        "last-array-norm",
        Text(
            zh="只用最后一个数组算了范数：循环里每次都覆盖了累加值，应写 `total += (g**2).sum()`。",
            en="You keep the last array's norm alone: the loop overwrites its total; write `total += (g**2).sum()`.",
        ),
    ),
    Misconception(
        "sum-of-magnitudes",
        Text(
            zh="用了 1-范数：累加的应是平方 `g**2` 再开方，而不是 `np.abs(g)`。",
            en="You use the 1-norm: sum the squares `g**2` and take the root, instead of summing `np.abs(g)`.",
        ),
    ),
    Misconception(
        "largest-element",
        Text(
            zh="用了最大元素（无穷范数）：全局范数是 2-范数，即所有元素平方和的平方根。",
            en="You use the largest element (the infinity norm): the global norm is the 2-norm, the root of the sum of all squares.",
        ),
    ),
    Misconception(
        "mean-square",
        Text(
            zh="对平方取了平均：范数是平方和的平方根，不除以元素个数。",
            en="You average the squares: the norm is the root of their sum, without dividing by the number of elements.",
        ),
    ),
    Misconception(
        "scales-up-small",
        Text(
            zh="小梯度被放大了：范数不超过 `max_norm` 时应原样返回，系数是 `min(1, max_norm / norm)`。",
            en="You scale small gradients up: within `max_norm` they come back unchanged; the factor is `min(1, max_norm / norm)`.",
        ),
    ),
    Misconception(
        "forgets-max-norm",
        Text(
            zh="裁剪到了长度 1：系数里漏乘了 `max_norm`，应为 `max_norm / norm`。",
            en="You clip to length 1: the factor misses `max_norm`; it is `max_norm / norm`.",
        ),
    ),
    Misconception(
        "clips-by-value",
        Text(
            zh="用的是按值裁剪：`np.clip` 会改变方向；这里要把所有数组乘上同一个系数。",
            en="You clip by value: `np.clip` changes the direction; here all arrays are multiplied by one factor.",
        ),
    ),
    Misconception(
        "returns-norm-after",
        Text(
            zh="返回了裁剪之后的范数：要返回的是裁剪之前的，训练时靠它发现梯度爆炸。",
            en="You return the norm after clipping: the one before is asked for, as it is what tells you that gradients explode.",
        ),
    ),
    Misconception(
        "returns-only-arrays",
        Text(
            zh="只返回了数组：应返回二元组 `(clipped, norm)`。",
            en="You return the arrays alone: the result is the pair `(clipped, norm)`.",
        ),
    ),
    Misconception(
        "returns-norm-first",
        Text(
            zh="返回值顺序反了：先是数组列表，后是范数，即 `return clipped, norm`。",
            en="You return the pair the wrong way round: the list of arrays first, then the norm, `return clipped, norm`.",
        ),
    ),
)


def _never_lengthens(args, result):
    grads, max_norm = args
    before, after = np.linalg.norm(joined(grads)), np.linalg.norm(joined(result[0]))
    return bool(after <= min(before, max_norm) * (1 + 1e-4))


def _keeps_direction(args, result):
    before, after = joined(args[0]), joined(result[0])
    lengths = np.linalg.norm(before) * np.linalg.norm(after)
    if lengths == 0:
        return not before.any() or float(np.abs(before).max()) < 1e-30
    return bool(before @ after >= (1 - 1e-4) * lengths)


def _unchanged_within(args, result):
    grads, max_norm = args
    norm = np.linalg.norm(joined(grads))
    return bool(norm > max_norm * (1 - 1e-4)) or all_close(result[0], grads, unit=1e-6)


LAWS = (
    Law(
        "never-lengthens",
        Text(
            zh="裁剪后的联合范数既不超过 max_norm，也不超过裁剪前",
            en="the joint norm afterwards exceeds neither max_norm nor the norm before",
        ),
        _never_lengthens,
    ),
    Law(
        "keeps-direction",
        Text(zh="方向不变：与原梯度夹角为 0", en="the direction stays: no angle to the gradient before"),
        _keeps_direction,
    ),
    Law(
        "unchanged-within",
        Text(zh="范数在 max_norm 以内时原样返回", en="gradients within max_norm come back unchanged"),
        _unchanged_within,
    ),
    Law(
        "norm-of-all",
        Text(
            zh="返回的是全部元素的 2-范数（裁剪之前）",
            en="the number returned is the 2-norm of all elements before clipping",
        ),
        lambda args, result: all_close([result[1]], [joint_norm(args[0])], unit=1e-12),
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    grads = gradient_list(rng, (3, 2), (2, 2), (4,))
    norm = joint_norm(grads)
    yield Case((grads, norm / 2), note="norm is twice max_norm")
    yield Case((grads, norm * 2), note="norm is half of max_norm")
    yield Case(([np.array([3.0]), np.array([[4.0]])], 5.0), note="norm equals max_norm exactly")
    yield Case(([np.array([3.0]), np.array([[4.0]])], 1), note="max_norm is an int")
    yield Case(([np.zeros((2, 3)), np.zeros(2)], 1.0), note="zero gradients")
    yield Case(([np.zeros((2, 2)), rng.normal(size=3)], 0.5), note="one array is zero")
    yield Case(([0.9 * g / joint_norm([g]) for g in grads], 1.0), note="each array within max_norm, together above it")
    yield Case((gradient_list(rng, (2, 3), (3,), scale=1e6), 5.0), note="exploded")
    yield Case((gradient_list(rng, (2, 3), (3,), scale=1e-6), 1e-7), note="tiny gradients and a tinier limit")
    yield Case(([strided(g) for g in grads], norm / 3), note="views with strides")
    yield Case((gradient_list(rng, (5,)), 0.3), note="a single array")
    yield Case((gradient_list(rng, (2, 3), (3, 3), (3,)), 1.0), note="norm above max_norm, most elements below")


TASK = Task(
    id="clip-by-global-norm",
    function="clip_by_global_norm",
    ask=Text(
        zh="""\
按全局范数裁剪梯度：`clip_by_global_norm(grads, max_norm)`。

- `grads`：数组的列表，形状各异；`max_norm`：大于 0 的数
- 全局范数是所有数组的全部元素放在一起的 2-范数
- 超过 `max_norm` 时，所有数组乘同一个系数 `max_norm / norm`；否则原样返回
- 返回 `(数组列表, 裁剪前的范数)`

不得就地修改 `grads` 里的数组；全零梯度不能变成 NaN。
""",
        en="""\
Clip gradients by their global norm: `clip_by_global_norm(grads, max_norm)`.

- `grads`: a list of arrays of assorted shapes; `max_norm`: a number above 0
- the global norm is the 2-norm of all elements of all arrays taken together
- above `max_norm`, all arrays are multiplied by one factor `max_norm / norm`; otherwise they come back unchanged
- returns `(list of arrays, norm before clipping)`

Don't change the arrays in `grads` in place; zero gradients must not become NaN.
""",
    ),
    inputs=(Arrays("grads"), Positive("max_norm")),
    reference=rnnref.clip_by_global_norm,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="把所有梯度想象成一个长向量：方向不变，只限制长度。",
            en="Think of all gradients as one long vector: keep its direction, limit its length.",
        ),
        Text(
            zh="联合范数是所有数组平方和之和的平方根；只有超过 max_norm 时才乘 max_norm / norm。",
            en="The joint norm is the root of the squares summed over all arrays; multiply by max_norm / norm only where it exceeds max_norm.",
        ),
        Text(
            zh="`scale = max_norm / norm if norm > max_norm else 1.0`，然后 `return [g * scale for g in grads], norm`",
            en="`scale = max_norm / norm if norm > max_norm else 1.0`, then `return [g * scale for g in grads], norm`",
        ),
    ),
    interviewers_look_for=Text(
        zh="先算一个联合范数，再用同一个系数；说得出裁剪只治梯度爆炸、治不了梯度消失，并知道返回裁剪前的范数是为了监控训练。",
        en="One joint norm and one factor; the remark that clipping cures explosion and never vanishing; and why the norm before clipping is worth returning (you log it).",
    ),
    laws=LAWS,
    outputs=("clipped", "norm"),
    corner_cases=corner_cases,
    accepted=(
        (
            with_epsilon,
            Text(
                zh="你用了 PyTorch 的系数 `max_norm / (norm + 1e-6)`：可以通过；不加 1e-6 时裁剪后的范数恰好等于 `max_norm`，而先判断 `norm > max_norm` 就不会除以 0。",
                en="You use PyTorch's factor `max_norm / (norm + 1e-6)`: that passes; without the 1e-6 the norm becomes exactly `max_norm`, and testing `norm > max_norm` first already avoids dividing by 0.",
            ),
        ),
    ),
)
