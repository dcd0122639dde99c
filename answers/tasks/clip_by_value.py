"""clip-by-value: cut every element to [-limit, limit], each for itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Arrays, Case, Positive
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import strided
from answers.tasks._gradients import all_close, gradient_list, joint_norm


def _scaled(g, norm, limit):
    """`g` shortened so that `norm` becomes `limit`; the factor is a Python float, so that the dtype stays."""
    return g * float(limit / norm) if norm > limit else g


def _cut(wrong, g, limit):
    """One array cut element by element, in the way of somebody with these mistakes."""
    if "drops-sign" in wrong:
        g = np.abs(g)
    low = 0.0 if "negatives-to-zero" in wrong else -np.inf if "upper-side-only" in wrong else -limit
    if "zeroes-outside" in wrong:
        return g * ((g >= low) & (g <= limit))
    if "clipped-to-plus-limit" in wrong:
        return np.where((g < low) | (g > limit), g.dtype.type(limit), g)
    return np.clip(g, low, limit)


CUTS = {"drops-sign", "negatives-to-zero", "upper-side-only", "zeroes-outside", "clipped-to-plus-limit"}
SCALES = {"scales-by-largest", "scales-by-own-norm", "scales-by-global-norm"}


def with_mistakes(wrong: frozenset[str]):
    def clip_by_value(grads, limit):
        if "ignores-limit" in wrong:
            limit = 1.0
        if wrong & CUTS or not wrong & SCALES:
            grads = [_cut(wrong, g, limit) for g in grads]
        if "scales-by-largest" in wrong:
            grads = [_scaled(g, np.abs(g).max(), limit) for g in grads]
        if "scales-by-own-norm" in wrong:
            grads = [_scaled(g, joint_norm([g]), limit) for g in grads]
        if "scales-by-global-norm" in wrong:
            grads = [_scaled(g, joint_norm(grads), limit) for g in grads]
        return grads[:1] if "returns-in-loop" in wrong else grads

    return clip_by_value


MISCONCEPTIONS = (
    Misconception(
        "upper-side-only",
        Text(
            zh="只截了上界：负方向同样会爆炸，应写 `np.clip(g, -limit, limit)`，而不是 `np.minimum(g, limit)`。",
            en="You cut the upper side only: gradients explode downwards too, so `np.clip(g, -limit, limit)`, not `np.minimum(g, limit)`.",
        ),
    ),
    Misconception(
        "negatives-to-zero",
        Text(
            zh="下界写成了 0：`np.clip(g, 0, limit)` 会抹掉所有负梯度，下界应为 `-limit`。",
            en="Your lower bound is 0: `np.clip(g, 0, limit)` wipes out every negative gradient; the lower bound is `-limit`.",
        ),
    ),
    Misconception(
        "drops-sign",
        Text(
            zh="丢了符号：截断的是梯度本身而不是绝对值，`np.abs(g)` 会让一半方向反过来。",
            en="You drop the sign: clip the gradient, not `np.abs(g)`, or every negative entry steps the wrong way.",
        ),
    ),
    Misconception(
        "clipped-to-plus-limit",
        Text(
            zh="越界的元素一律变成了 `+limit`：负的应变成 `-limit`，即 `np.sign(g) * limit`。",
            en="You send every entry outside to `+limit`: a negative one belongs at `-limit`, that is `np.sign(g) * limit`.",
        ),
    ),
    Misconception(
        "zeroes-outside",
        Text(
            zh="把越界的元素置成了 0：截断是拉回到边界 `±limit`，不是丢弃。",
            en="You set the entries outside to 0: clipping moves them to the border `±limit`, it does not discard them.",
        ),
    ),
    Misconception(
        "scales-by-largest",
        Text(
            zh="按最大元素整体缩放了数组：按值截断是逐元素的，未越界的元素应保持不变。",
            en="You scale a whole array by its largest entry: clipping by value acts on each element, and those inside the limit stay as they are.",
        ),
    ),
    Misconception(
        "scales-by-own-norm",
        Text(
            zh="按每个数组自己的范数缩放了：那是按范数裁剪（且只看单个数组）；这里要逐元素 `np.clip(g, -limit, limit)`。",
            en="You scale each array by its own norm: that is clipping by norm, array by array; here it is `np.clip(g, -limit, limit)` element by element.",
        ),
    ),
    Misconception(
        "scales-by-global-norm",
        Text(
            zh="按全局范数缩放了：那是 clip-by-global-norm；按值截断逐元素进行，方向会改变。",
            en="You scale everything by the joint norm: that is clip-by-global-norm; by value each element is cut alone and the direction changes.",
        ),
    ),
    Misconception(
        "ignores-limit",
        Text(
            zh="没有用上 `limit`：边界写死成了 ±1，应为 `±limit`。",
            en="You ignore `limit`: the bounds are fixed at ±1 where they should be `±limit`.",
        ),
    ),
    Misconception(
        "returns-in-loop",
        Text(
            zh="只返回了第一个数组：`return` 写进了循环里，其余梯度丢失了；应返回与 `grads` 等长的列表。",
            en="You return the first array alone: the `return` stands inside the loop; give back a list as long as `grads`.",
        ),
    ),
)


def _signs_kept(args, result):
    return all(bool((np.asarray(r) * g >= 0).all()) for g, r in zip(args[0], result, strict=True))


def _inside_kept(args, result):
    grads, limit = args
    pairs = [(g[np.abs(g) <= limit], np.asarray(r)[np.abs(g) <= limit]) for g, r in zip(grads, result, strict=True)]
    return all_close([r for _, r in pairs], [g for g, _ in pairs], unit=limit)


LAWS = (
    Law(
        "within-limit",
        Text(zh="每个元素都在 [-limit, limit] 内", en="every element lies in [-limit, limit]"),
        lambda args, result: all(bool((np.abs(r) <= args[1] * (1 + 1e-6)).all()) for r in result),
    ),
    Law(
        "inside-unchanged",
        Text(zh="本来就在界内的元素保持不变", en="elements already inside the limit stay as they are"),
        _inside_kept,
    ),
    Law("keeps-signs", Text(zh="没有元素改变符号", en="no element changes its sign"), _signs_kept),
    Law(
        "scales-along",
        Text(zh="梯度和界同乘 4，结果也乘 4", en="gradients and limit times 4 give the result times 4"),
        lambda args, result, larger: all_close([4 * np.asarray(r) for r in result], larger, unit=args[1]),
        derive=lambda args: (([4 * g for g in args[0]], 4.0 * args[1]),),
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    grads = gradient_list(rng, (3, 2), (2, 2), (4,))
    yield Case((grads, 0.5), note="about half of the elements outside")
    yield Case((grads, 100.0), note="nothing to clip")
    yield Case((grads, 1e-3), note="everything clipped")
    yield Case((grads, 2), note="limit is an int")
    yield Case(([np.array([0.5, -0.5, 0.25, 1.0])], 0.5), note="elements at the limit exactly")
    yield Case(([np.zeros((2, 3)), np.zeros(2)], 1.0), note="zero gradients")
    yield Case((gradient_list(rng, (2, 3), (3,), scale=1e6), 5.0), note="exploded")
    yield Case(([strided(g) for g in grads], 0.7), note="views with strides")
    yield Case((gradient_list(rng, (5,), (1, 1)), 0.3), note="one element")


TASK = Task(
    id="clip-by-value",
    function="clip_by_value",
    ask=Text(
        zh="""\
按值裁剪梯度：`clip_by_value(grads, limit)`。

- `grads`：数组的列表，形状各异；`limit`：大于 0 的数
- 返回等长的列表，每个元素截到 [-limit, limit]，形状和 dtype 不变

不得就地修改 `grads` 里的数组。
""",
        en="""\
Clip gradients by value: `clip_by_value(grads, limit)`.

- `grads`: a list of arrays of assorted shapes; `limit`: a number above 0
- returns a list of the same length, each element cut to [-limit, limit], shapes and dtypes kept

Don't change the arrays in `grads` in place.
""",
    ),
    inputs=(Arrays("grads"), Positive("limit")),
    reference=rnnref.clip_by_value,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="每个元素单独处理，与其他元素、其他数组都无关。",
            en="Each element stands alone: no other element and no other array matters.",
        ),
        Text(
            zh="比 -limit 小的变成 -limit，比 limit 大的变成 limit，其余不动；NumPy 有现成的函数。",
            en="Below -limit becomes -limit, above limit becomes limit, the rest stays; NumPy has a function for it.",
        ),
        Text(
            zh="`return [np.clip(g, -limit, limit) for g in grads]`",
            en="`return [np.clip(g, -limit, limit) for g in grads]`",
        ),
    ),
    interviewers_look_for=Text(
        zh="主动说出按值裁剪会改变梯度方向（夹角余弦小于 1），按全局范数裁剪则不会；返回新数组而不是就地修改。",
        en="You say unasked that clipping by value turns the gradient (cosine below 1) while clipping by global norm does not, and you return new arrays instead of writing into the old.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
