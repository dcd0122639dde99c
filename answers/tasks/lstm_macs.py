"""lstm-macs: T N 4 H (D + H) multiply-adds."""

from __future__ import annotations

from collections.abc import Iterator

import rnnref
from answers.inputs import Case, Integer
from answers.model import Law, Misconception, Task, Text


def with_mistakes(wrong: frozenset[str]):
    def lstm_macs(seq_len, batch_size, input_size, hidden_size):
        T, N, D, H = seq_len, batch_size, input_size, hidden_size
        if "forgets-time" in wrong:
            T = 1
        if "forgets-the-batch" in wrong:
            N = 1
        gates = 1 if "counts-one-gate" in wrong else 3 if "counts-three-gates" in wrong else 4
        recurrent = 0 if "forgets-the-recurrent-product" in wrong else T * H * H
        if "recurrent-from-the-second-step" in wrong:
            recurrent -= H * H
        inputs = 0 if "forgets-the-input-product" in wrong else T * D * H
        if "input-product-once" in wrong:
            inputs = D * H
        total = N * gates * (inputs + recurrent)
        if "multiplies-D-and-H" in wrong:
            total = T * N * gates * H * D * H
        if "counts-the-bias" in wrong:
            total += T * N * gates * H
        if "counts-elementwise-products" in wrong:
            total += T * N * 3 * H
        return 2 * total if "counts-flops" in wrong else total

    return lstm_macs


MISCONCEPTIONS = (
    Misconception(
        "forgets-the-input-product",
        Text(
            zh="只算了 `h @ U`：输入的乘法 `x @ W` 每步还有 `N * 4 * H * D` 次；“O(T·H²)”漏的正是它，D 远大于 H 时它才是主项。",
            en="You count `h @ U` alone: `x @ W` adds `N * 4 * H * D` a step. O(T·H²) leaves out just that, and with D far above H it dominates.",
        ),
    ),
    Misconception(
        "forgets-the-recurrent-product",
        Text(
            zh="只算了 `x @ W`：循环的乘法 `h @ U` 每步还有 `N * 4 * H * H` 次。",
            en="You count `x @ W` alone: `h @ U` adds `N * 4 * H * H` a step.",
        ),
    ),
    Misconception(
        "forgets-the-batch",
        Text(
            zh="没有乘批大小：N 条序列各算一遍，`T * N * 4 * H * (D + H)`。",
            en="You leave the batch out: each of N sequences is worked through, `T * N * 4 * H * (D + H)`.",
        ),
    ),
    Misconception(
        "forgets-time",
        Text(
            zh="只算了一步：整段序列有 T 步，`T * N * 4 * H * (D + H)`。",
            en="You count a single step: the sequence has T, `T * N * 4 * H * (D + H)`.",
        ),
    ),
    Misconception(
        "counts-one-gate",
        Text(
            zh="只算了一块：三个门加候选共四块，`T * N * 4 * H * (D + H)`。",
            en="You count one block: three gates and the candidate are four, `T * N * 4 * H * (D + H)`.",
        ),
    ),
    Misconception(
        "counts-three-gates",
        Text(
            zh="漏算了候选：三个门之外还有 g，系数是 4，不是 3。",
            en="You leave the candidate out: besides three gates there is g, so the factor is 4, not 3.",
        ),
    ),
    Misconception(
        "counts-flops",
        Text(
            zh="乘了 2：那是浮点运算数（一乘一加算两次）；这里一次乘加算一次，去掉系数 2。",
            en="You count floating-point operations, two for each multiply-add; here a multiply-add counts once: drop the factor 2.",
        ),
    ),
    Misconception(
        "counts-the-bias",
        Text(
            zh="把加偏置也算进去了：这里只数矩阵乘法，应为 `D + H`，不是 `D + H + 1`。",
            en="You count adding the bias: only the matrix products count, `D + H`, not `D + H + 1`.",
        ),
    ),
    Misconception(
        "counts-elementwise-products",
        Text(
            zh="把 `f * c`、`i * g`、`o * tanh(c)` 也算进去了：这里只数矩阵乘法，去掉 `3 * H` 那一项。",
            en="You count `f * c`, `i * g` and `o * tanh(c)` too: only the matrix products count; drop the `3 * H`.",
        ),
    ),
    Misconception(
        "multiplies-D-and-H",
        Text(
            zh="D 和 H 乘在了一起：两个乘法是相加的关系，应为 `H * (D + H)`，不是 `H * D * H`。",
            en="You multiply D by H: the two products add up, `H * (D + H)`, not `H * D * H`.",
        ),
    ),
    Misconception(
        "input-product-once",
        Text(
            zh="输入的乘法只算了一步：提到循环外一次算完并不减少乘加次数，仍是 `T * N * 4 * H * D`。",
            en="You count the input product for a single step: taking it out of the loop saves no multiply-adds, it is still "
            "`T * N * 4 * H * D`.",
        ),
    ),
    Misconception(
        "recurrent-from-the-second-step",
        Text(
            zh="第一步没算 `h @ U`：初始状态不一定为零，乘法照做，一共 T 次。",
            en="You leave `h @ U` out of the first step: the initial state need not be zero, and the product is done T times.",
        ),
    ),
)


def _split(args):
    T, N, D, H = args
    return ((2 * T, N, D, H), (T, 2 * N, D, H), (T, N, D + 1, H))


LAWS = (
    Law(
        "linear-in-time-and-batch",
        Text(zh="T 或 N 加倍，次数加倍", en="twice the steps, or twice the batch, takes twice as many"),
        holds=lambda args, result, longer, wider, one_more: longer == 2 * result == wider,
        derive=_split,
    ),
    Law(
        "one-more-input",
        Text(zh="D 加 1，次数增加 4·T·N·H", en="one further input adds 4 T N H"),
        holds=lambda args, result, longer, wider, one_more: one_more - result == 4 * args[0] * args[1] * args[3],
        derive=_split,
    ),
)


def corner_cases(rng) -> Iterator[Case]:
    yield Case((1, 1, 1, 1), note="a single unit")
    yield Case((1, 3, 4, 5), note="one step")
    yield Case((6, 1, 4, 5), note="one sequence")
    yield Case((6, 3, 5, 5), note="D = H")
    yield Case((10, 2, 64, 8), note="D far above H")
    yield Case((1000, 64, 512, 1024), note="large")


TASK = Task(
    id="lstm-macs",
    function="lstm_macs",
    ask=Text(
        zh="""写出 `lstm_macs(seq_len, batch_size, input_size, hidden_size)`：单层单向 LSTM 前向走完一批序列，要多少次乘加？

只数矩阵乘法 `x @ W` 和 `h @ U`，一次乘加算一次；偏置、激活函数和逐元素运算都不算。返回 `int`。""",
        en="""Write `lstm_macs(seq_len, batch_size, input_size, hidden_size)`: how many multiply-adds does the forward pass of one LSTM layer take, in one direction, over a batch of sequences?

Only the matrix products `x @ W` and `h @ U` count, a multiply-add once; not biases, nonlinearities or elementwise work. Returns an `int`.""",
    ),
    inputs=(
        Integer("seq_len", 1, 60),
        Integer("batch_size", 1, 20),
        Integer("input_size", 1, 100),
        Integer("hidden_size", 1, 100),
    ),
    reference=rnnref.lstm_macs,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="`(N, D) @ (D, K)` 要 `N * D * K` 次乘加。",
            en="`(N, D) @ (D, K)` takes `N * D * K` multiply-adds.",
        ),
        Text(
            zh="每一步有两个乘法，输出都是 `4 * H` 列；一共 T 步。",
            en="Each step has two products, both with `4 * H` columns out; there are T steps.",
        ),
        Text(zh="`return T * N * 4 * H * (D + H)`", en="`return T * N * 4 * H * (D + H)`"),
    ),
    interviewers_look_for=Text(
        zh="不只背“O(T·H²)”：完整的是 `T * N * 4 * H * (D + H)`，D 远大于 H 时输入项为主；系数 4 使它是同尺寸普通 RNN 的 4 倍、GRU 的 4/3 倍；"
        "输入项可以一次并行算完，循环项只能一步步来。",
        en="More than O(T·H²): it is `T * N * 4 * H * (D + H)`, and with D far above H the input term dominates; the 4 makes it four times a plain RNN "
        "and 4/3 of a GRU of the same size; the input term can run in parallel over time, the recurrent one cannot.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
