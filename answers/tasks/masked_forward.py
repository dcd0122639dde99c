"""masked-forward: padded sequences of different lengths in one batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case, Integers
from answers.model import Law, Misconception, Task, Text
from answers.tasks import rnn_step
from answers.tasks._corners import draw, strided
from answers.tasks._laws import close, is_single

ARRAYS = (
    Array("x", ("T", "N", "D")),
    Array("h0", ("N", "H"), "state"),
    Array("W", ("D", "H")),
    Array("U", ("H", "H")),
    Array("b", ("H",)),
)
INPUTS = (ARRAYS[0], Integers("lengths", ("N",), 0, "T", some=True), *ARRAYS[1:])

OF_THE_STEP = ("forgets-bias", "transposes-u")


def _mask(wrong, T, lengths):
    """Which steps count, (T, N), in the eyes of somebody with these mistakes."""
    t = np.arange(T)[:, None]
    if "shortest-for-all" in wrong:
        lengths = np.full_like(lengths, lengths.min())
    if "one-step-too-many" in wrong:
        lengths = lengths + 1
    elif "one-step-too-few" in wrong:
        lengths = lengths - 1
    return t >= T - lengths if "pads-in-front" in wrong else t < lengths


def with_mistakes(wrong: frozenset[str]):
    step = rnn_step.with_mistakes(wrong)

    def masked_forward(x, lengths, h0, W, U, b):
        T = len(x)
        on = _mask(wrong, T, lengths)[:, :, None]
        h = np.zeros_like(h0) if "starts-from-zero" in wrong else h0
        if "zeroes-inputs" in wrong:
            x = np.where(on, x, x.dtype.type(0))
        moves_on = wrong & {"state-runs-on", "zeroes-inputs"}
        rows = []
        for t in range(T):
            h_new = step(x[t], h, W, U, b)
            h = h_new if moves_on else np.where(on[t], h_new, h)
            rows.append(h if "repeats-last-state" in wrong else np.where(on[t], h, h.dtype.type(0)))
        hs = np.stack(rows)
        if "last-row" in wrong:
            h = hs[-1]
        if "empty-wraps-round" in wrong:
            h = hs[np.asarray(lengths) - 1, np.arange(len(h))]
        if "returns-hs-alone" in wrong:
            return hs
        return (h, hs) if "returns-last-first" in wrong else (hs, h)

    return masked_forward


MISCONCEPTIONS = (
    Misconception(
        "state-runs-on",
        Text(
            zh="状态在序列结束后还在更新：结束后应保持不动，`h = np.where(on, h_new, h)`。",
            en="Your state runs on past the end: it is to stand still there, `h = np.where(on, h_new, h)`.",
        ),
    ),
    Misconception(
        "zeroes-inputs",
        Text(
            zh="只把填充的输入置零了：输入为 0 时状态仍会经 `h @ U + b` 改变，要屏蔽的是状态的更新。",
            en="You only set the padded inputs to 0: the state still changes through `h @ U + b`; what must be masked is its update.",
        ),
    ),
    Misconception(
        "repeats-last-state",
        Text(
            zh="结束之后的 hs 填的是最后的状态：这些行应为 0，只有 h_last 保留状态。",
            en="You fill hs with the last state past the end: those rows are 0, and h_last alone keeps the state.",
        ),
    ),
    Misconception(
        "last-row",
        Text(
            zh="h_last 等于 `hs[-1]`：短序列在那里已经是 0；结束后的状态要停住不动，应返回每个序列结束时的状态。",
            en="Your h_last equals `hs[-1]`: a shorter sequence has zeros there; let its state stand still, and return that at its own end.",
        ),
    ),
    Misconception(
        "empty-wraps-round",
        Text(
            zh="长度为 0 时下标绕回了末尾：`hs[lengths - 1]` 取到了 `hs[-1]`；空序列的 h_last 应为它的 h0。",
            en="A length of 0 wraps round: `hs[lengths - 1]` takes `hs[-1]`; an empty sequence's h_last is its h0.",
        ),
    ),
    Misconception(
        "one-step-too-many",
        Text(
            zh="多走了一步：步 t 有效的条件是 `t < lengths`，不是 `t <= lengths`。",
            en="You take one step too many: step t counts where `t < lengths`, not `t <= lengths`.",
        ),
    ),
    Misconception(
        "one-step-too-few",
        Text(
            zh="少走了一步：步 t 有效的条件是 `t < lengths`，不是 `t < lengths - 1`。",
            en="You take one step too few: step t counts where `t < lengths`, not `t < lengths - 1`.",
        ),
    ),
    Misconception(
        "pads-in-front",
        Text(
            zh="把填充当成在前面了：有效的是开头的 `lengths` 步，`t < lengths`，而不是 `t >= T - lengths`。",
            en="You take the padding to be in front: the first `lengths` steps are real, `t < lengths`, not `t >= T - lengths`.",
        ),
    ),
    Misconception(
        "shortest-for-all",
        Text(
            zh="整批都停在了最短的长度：每个序列按自己的长度走，掩码 `t < lengths` 的形状是 (N,)。",
            en="You stop the whole batch at the shortest length: each sequence has its own, and the mask `t < lengths` is (N,).",
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
        "returns-hs-alone",
        Text(
            zh="只返回了 hs：应返回二元组 `(hs, h_last)`。",
            en="You return hs alone: the result is the pair `(hs, h_last)`.",
        ),
    ),
    Misconception(
        "returns-last-first",
        Text(
            zh="返回值顺序反了：先 hs 后 h_last，`return hs, h`。",
            en="You return the pair the wrong way round: hs first, then h_last, `return hs, h`.",
        ),
    ),
    *(m for m in rnn_step.STEP_MISCONCEPTIONS if m.id in OF_THE_STEP),
)


def _real(args):
    """Which steps count, (T, N, 1)."""
    return (np.arange(len(args[0]))[:, None] < np.asarray(args[1]))[:, :, None]


def _other_padding(args):
    x = args[0]
    return ((np.where(_real(args), x, x.dtype.type(7)), *args[1:]),)


def _stands_still(args, result):
    hs, h_last = map(np.asarray, result)
    lengths, h0 = np.asarray(args[1]), args[2]
    at_end = hs[np.maximum(lengths, 1) - 1, np.arange(len(h0))]
    return close(h_last, np.where(lengths[:, None] > 0, at_end, h0), is_single(*args))


LAWS = (
    Law(
        "padding-unread",
        Text(zh="换掉填充的内容，结果不变", en="other padding, same result"),
        lambda args, result, other: all(close(r, o, is_single(*args)) for r, o in zip(result, other, strict=True)),
        derive=_other_padding,
    ),
    Law(
        "zeros-past-the-end",
        Text(zh="序列结束之后，hs 的行为 0", en="past a sequence's end its rows of hs are 0"),
        lambda args, result: not (np.asarray(result[0]) * ~_real(args)).any(),
    ),
    Law(
        "stands-still",
        Text(
            zh="h_last 是序列结束时的状态；空序列是 h0",
            en="h_last is the state at the sequence's end, h0 for an empty one",
        ),
        _stands_still,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    sizes = {"T": 4, "N": 3, "D": 2, "H": 3}
    x, *rest = draw(ARRAYS, sizes, rng)
    for steps, note in (
        ([4, 4, 4], "no padding"),
        ([4, 0, 2], "lengths 0 and T"),
        ([0, 0, 1], "nearly all padding"),
        ([1, 2, 3], "nothing reaches T"),
    ):
        yield Case((x, np.array(steps), *rest), note=note)
    lengths = np.array([2, 4, 1])
    garbage = np.where(np.arange(4)[:, None, None] < lengths[:, None], x, 1e6)
    yield Case((garbage, lengths, *rest), note="huge padding")
    yield Case((x, lengths.astype(np.int32), *rest), note="32-bit lengths")
    yield Case((strided(x), lengths, *map(strided, rest)), note="strided views")
    x, *rest = draw(ARRAYS, {"T": 3, "N": 3, "D": 3, "H": 3}, rng)
    yield Case((x, np.array([3, 1, 2]), *rest), note="T = N = D = H")
    x, *rest = draw(ARRAYS, {"T": 3, "N": 1, "D": 2, "H": 2}, rng)
    yield Case((x, np.array([2]), *rest), note="one sequence")


TASK = Task(
    id="masked-forward",
    function="masked_forward",
    ask=Text(
        zh="""\
写出带填充的批的普通 RNN 前向：`masked_forward(x, lengths, h0, W, U, b)`。

- `x`：(T, N, D)，时间在前，短序列在末尾填充（内容任意）；`lengths`：(N,) 整数，每个在 0 .. T
- `h0`：(N, H)，`W`：(D, H)，`U`：(H, H)，`b`：(H,)；每一步 h = tanh(x[t] W + h U + b)
- 返回 `(hs, h_last)`：`hs` 为 (T, N, H)，序列结束之后的行是 0；`h_last` 为 (N, H)，每个序列结束时的状态（长度为 0 时是它的 h0）
""",
        en="""\
Write the forward pass of a plain RNN over a padded batch: `masked_forward(x, lengths, h0, W, U, b)`.

- `x`: (T, N, D), time first, shorter sequences padded at the end with anything; `lengths`: (N,) ints, each 0 .. T
- `h0`: (N, H), `W`: (D, H), `U`: (H, H), `b`: (H,); each step is h = tanh(x[t] W + h U + b)
- returns `(hs, h_last)`: `hs` (T, N, H) with rows of 0 past a sequence's end; `h_last` (N, H), the state at each sequence's end (its h0 where the length is 0)
""",
    ),
    inputs=INPUTS,
    reference=rnnref.masked_forward,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="每一步都要问：哪些序列还没有结束？",
            en="At each step ask which sequences are still going.",
        ),
        Text(
            zh="掩码 t < lengths：没结束的取新状态，结束的保留旧状态；写进 hs 时结束的写 0。",
            en="With the mask t < lengths, those still going take the new state and the others keep the old; into hs the others write 0.",
        ),
        Text(
            zh="`on = (t < lengths)[:, None]`，`h = np.where(on, h_new, h)`，`hs[t] = np.where(on, h, 0)`",
            en="`on = (t < lengths)[:, None]`, `h = np.where(on, h_new, h)`, `hs[t] = np.where(on, h, 0)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="知道把填充的输入置零并不够；会考虑长度为 0 的序列；用 `np.where` 而不是乘掩码，填充里的 NaN 才不会漏进来。",
        en="Zeroing padded inputs is seen not to be enough; a length of 0 is thought of; `np.where` is used rather than a product with the mask, so that NaN in the padding stays out.",
    ),
    laws=LAWS,
    outputs=("hs", "h_last"),
    corner_cases=corner_cases,
)
