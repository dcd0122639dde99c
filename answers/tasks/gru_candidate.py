"""gru-candidate: what the GRU would write, seen through the reset gate."""

from __future__ import annotations

from functools import partial

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks._cells import misread
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single


def with_mistakes(wrong: frozenset[str]):
    def gru_candidate(x, h, r, W_n, U_n, b_n):
        W_n, U_n, b_n = misread(wrong, W_n, U_n, b_n, {})
        if "resets-with-one-minus-r" in wrong:
            r = 1 - r
        if "no-reset" in wrong:
            a = x @ W_n + h @ U_n + b_n
        elif "resets-after-the-product" in wrong:
            a = x @ W_n + r * (h @ U_n) + b_n
        elif "resets-product-and-bias" in wrong:
            a = x @ W_n + r * (h @ U_n + b_n)
        elif "resets-everything" in wrong:
            a = r * (x @ W_n + h @ U_n + b_n)
        else:
            a = x @ W_n + (r * h) @ U_n + b_n
        if "linear-candidate" in wrong:
            return a
        n = rnnref.sigmoid(a) if "sigmoid-for-the-candidate" in wrong else np.tanh(a)
        return r * n if "gates-the-candidate" in wrong else n

    return gru_candidate


RESET_MISTAKES = (
    Misconception(
        "resets-after-the-product",
        Text(
            zh="重置门乘在了矩阵乘法之后：`r * (h @ U_n)` 是 PyTorch、cuDNN 的形式；这里先重置再相乘，应为 `(r * h) @ U_n`。",
            en="You reset after the product: `r * (h @ U_n)` is the form of PyTorch and cuDNN; here r acts before it: `(r * h) @ U_n`.",
        ),
    ),
    Misconception(
        "resets-product-and-bias",
        Text(
            zh="重置门连偏置一起乘了：`r * (h @ U_n + b_n)` 是 PyTorch 里 `b_hn` 的用法；这里应为 `(r * h) @ U_n + b_n`。",
            en="You reset the bias along with the product: `r * (h @ U_n + b_n)` is what PyTorch does with `b_hn`; here it is "
            "`(r * h) @ U_n + b_n`.",
        ),
    ),
    Misconception(
        "resets-everything",
        Text(
            zh="重置门把输入项也乘了：r 只作用于旧状态，应为 `x @ W_n + (r * h) @ U_n + b_n`。",
            en="You reset the input as well: r acts on the old state alone: `x @ W_n + (r * h) @ U_n + b_n`.",
        ),
    ),
    Misconception(
        "no-reset",
        Text(
            zh="候选没有用重置门：应为 `(r * h) @ U_n`，而不是 `h @ U_n`。",
            en="You leave the reset gate out of the candidate: `(r * h) @ U_n`, not `h @ U_n`.",
        ),
    ),
    Misconception(
        "resets-with-one-minus-r",
        Text(
            zh="重置用反了：你乘的是 `1 - r`；r = 1 表示旧状态全部可见，应为 `(r * h) @ U_n`。",
            en="You reset the wrong way round, with `1 - r`: r = 1 lets all of the old state be seen; `(r * h) @ U_n`.",
        ),
    ),
    Misconception(
        "gates-the-candidate",
        Text(
            zh="你把 r 乘到了 tanh 外面：r 作用于旧状态，应为 `np.tanh(x @ W_n + (r * h) @ U_n + b_n)`，外面不再乘。",
            en="You multiply the finished candidate by r: r acts on the old state, inside; nothing multiplies "
            "`np.tanh(x @ W_n + (r * h) @ U_n + b_n)`.",
        ),
    ),
    Misconception(
        "sigmoid-for-the-candidate",
        Text(
            zh="候选 n 用了 sigmoid：它是要写入的内容，可正可负，应为 `n = np.tanh(...)`。",
            en="You use the sigmoid for the candidate: n is content of either sign: `n = np.tanh(...)`.",
        ),
    ),
    Misconception(
        "linear-candidate",
        Text(
            zh="候选 n 没有经过激活函数：应为 `n = np.tanh(...)`，否则状态没有界。",
            en="You leave the candidate without a nonlinearity: `n = np.tanh(...)`, or the state has no bound.",
        ),
    ),
)

MISCONCEPTIONS = (
    *RESET_MISTAKES,
    Misconception(
        "no-bias",
        Text(
            zh="漏了偏置：tanh 的自变量是 `x @ W_n + (r * h) @ U_n + b_n`，最后的 `+ b_n` 不能少。",
            en="You leave the bias out: tanh acts on `x @ W_n + (r * h) @ U_n + b_n`, and the `+ b_n` is missing.",
        ),
    ),
    Misconception(
        "adds-the-bias-twice",
        Text(
            zh="偏置加了两次：PyTorch 有 `b_in` 和 `b_hn` 两个偏置，这里只有一个 `b_n`，只加一次。",
            en="You add the bias twice: PyTorch has `b_in` and `b_hn`, here there is one `b_n`, added once.",
        ),
    ),
    Misconception(
        "no-recurrent-term",
        Text(
            zh="漏了循环项：没有 `(r * h) @ U_n`，候选就看不到上一步的状态。",
            en="You leave the recurrent term out: without `(r * h) @ U_n` the candidate never sees the previous state.",
        ),
    ),
    Misconception(
        "no-input-term",
        Text(
            zh="漏了输入项：没有 `x @ W_n`，候选就看不到输入。",
            en="You leave the input term out: without `x @ W_n` the candidate never sees the input.",
        ),
    ),
    Misconception(
        "transposes-U",
        Text(
            zh="U_n 被转置了：那是 PyTorch 的 `W_hn` 的存法；这里参数从右边乘，应为 `(r * h) @ U_n`。",
            en="You transpose U_n, as PyTorch stores `W_hn`; here parameters multiply from the right: `(r * h) @ U_n`.",
        ),
    ),
    Misconception(
        "concatenates-h-before-x",
        Text(
            zh="拼接的顺序不一致：`[r * h, x]` 对上了 `[W_n; U_n]`。x 配 W_n、h 配 U_n："
            "`np.concatenate([x, r * h], axis=1) @ np.concatenate([W_n, U_n])`。",
            en="You concatenate `[r * h, x]` but stack W_n above U_n: x belongs to W_n and h to U_n: "
            "`np.concatenate([x, r * h], axis=1) @ np.concatenate([W_n, U_n])`.",
        ),
    ),
)


def _reset_shut(args):
    x, h, r, W_n, U_n, b_n = args
    return ((x, h, np.zeros_like(r), W_n, U_n, b_n), (x, -h, np.zeros_like(r), W_n, U_n, b_n))


def _negated(args):
    x, h, r, W_n, U_n, b_n = args
    return ((x, h, r, -W_n, -U_n, -b_n),)


LAWS = (
    Law(
        "range",
        Text(zh="n 在 [-1, 1] 内", en="n lies in [-1, 1]"),
        holds=lambda args, result: bool((np.abs(np.asarray(result)) <= 1).all()),
    ),
    Law(
        "shut-reset-hides-h",
        Text(zh="r = 0 时候选与 h 无关", en="with r = 0 the candidate does not depend on h"),
        holds=lambda args, result, one, other: close(one, other, is_single(*args)),
        derive=_reset_shut,
    ),
    Law(
        "odd",
        Text(zh="参数全部取负时 n 变号", en="with all parameters negated n changes sign"),
        holds=lambda args, result, mirrored: close(mirrored, -np.asarray(result), is_single(*args)),
        derive=_negated,
    ),
)

INPUTS = (
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("r", ("N", "H"), "unit"),
    Array("W_n", ("D", "H")),
    Array("U_n", ("H", "H")),
    Array("b_n", ("H",)),
)

TASK = Task(
    id="gru-candidate",
    function="gru_candidate",
    ask=Text(
        zh="""写出 `gru_candidate(x, h, r, W_n, U_n, b_n)`：GRU 的候选状态。

- `x (N, D)`：这一步的输入；`h (N, H)`：上一步的状态；`r (N, H)`：重置门，已经过 sigmoid
- `W_n (D, H)`、`U_n (H, H)`、`b_n (H,)`：候选自己的参数

返回 `n (N, H)`。重置门在矩阵乘法**之前**作用于 h（Cho 等 2014 的原始形式；PyTorch 与 Keras 默认放在之后）。""",
        en="""Write `gru_candidate(x, h, r, W_n, U_n, b_n)`: the candidate state of a GRU.

- `x (N, D)`: the input of this step; `h (N, H)`: the state of the previous one; `r (N, H)`: the reset gate, already through the sigmoid
- `W_n (D, H)`, `U_n (H, H)`, `b_n (H,)`: the candidate's own parameters

Returns `n (N, H)`. The reset gate acts on h **before** the matrix product (the form of Cho et al. 2014; PyTorch and Keras' default reset after it).""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_candidate,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="它像普通 RNN 的一步，只是旧状态先过一道门。",
            en="It is a plain RNN step, except that the old state passes a gate first.",
        ),
        Text(
            zh="先逐元素算 `r * h`，再做矩阵乘法；x 和偏置不受 r 影响。",
            en="First the elementwise `r * h`, then the matrix product; r touches neither x nor the bias.",
        ),
        Text(zh="`n = np.tanh(x @ W_n + (r * h) @ U_n + b_n)`", en="`n = np.tanh(x @ W_n + (r * h) @ U_n + b_n)`"),
    ),
    interviewers_look_for=Text(
        zh="说得出两种形式：先重置再乘（原论文），或先乘再重置（cuDNN、PyTorch，便于把三个乘法合成一个）。H = 1 时两者相同，H 更大时不同，"
        "所以换框架搬权重时要核对。",
        en="Both forms named: reset before the product (the paper), or after it (cuDNN and PyTorch, so that three products become one). "
        "At H = 1 they agree, beyond that they differ, which matters when weights move between frameworks.",
    ),
    laws=LAWS,
    corner_cases=partial(cell_corners, INPUTS),
)
