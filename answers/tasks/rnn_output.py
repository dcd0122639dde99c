"""rnn-output: class probabilities from a state, softmax(h V + c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, reduce
from typing import Any

import numpy as np

import rnnref
from answers.inputs import Array, Case
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import SIZES, cell_corners, draw
from answers.tasks._laws import close, is_single

INPUTS = (Array("h", ("N", "H"), "state"), Array("V", ("H", "K")), Array("c", ("K",)))

OUTPUTS: dict[str, Callable[..., Any]] = {
    "returns-logits": lambda a: a,
    "tanh-for-softmax": np.tanh,
    "relu-for-softmax": lambda a: np.maximum(a, 0),
    "sigmoid-for-softmax": rnnref.sigmoid,
}


def _softmax(wrong: frozenset[str], a):
    axis: int | None = None if "softmax-over-all" in wrong else 0 if "softmax-over-batch" in wrong else -1
    e = np.exp(a if "keeps-maximum" in wrong else a - a.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def with_mistakes(wrong: frozenset[str]):
    chosen = [f for name, f in OUTPUTS.items() if name in wrong]
    if not chosen or wrong & {"softmax-over-all", "softmax-over-batch", "keeps-maximum"}:
        chosen.append(partial(_softmax, wrong))

    def output(a):
        return reduce(lambda y, f: f(y), chosen, a)

    def rnn_output(h, V, c):
        if "squashes-state-again" in wrong:
            h = np.tanh(h)
        bias = 0 * c if "forgets-bias" in wrong else c
        y = output(h @ V) + bias if "bias-after-softmax" in wrong else output(h @ V + bias)
        if "softmax-twice" in wrong:
            y = output(y)
        return np.log(y) if "returns-log" in wrong else y

    return rnn_output


MISCONCEPTIONS = (
    Misconception(
        "returns-logits",
        Text(
            zh="返回的是 logits：`h @ V + c` 还要过 softmax 才是概率。",
            en="You return the logits: `h @ V + c` still has to pass softmax to become probabilities.",
        ),
    ),
    Misconception(
        "tanh-for-softmax",
        Text(
            zh="输出层用了 tanh：笔记 1.3 把两者写反了，tanh 用在隐藏层，输出概率要用 softmax。",
            en="You use tanh on the output: the notes' 1.3 has them swapped; tanh is for the state, probabilities take softmax.",
        ),
    ),
    Misconception(
        "relu-for-softmax",
        Text(
            zh="输出层用了 ReLU：它的和不为 1，不是概率分布；应为 `softmax(h @ V + c)`。",
            en="You use ReLU on the output: it does not sum to 1 and is no distribution; write `softmax(h @ V + c)`.",
        ),
    ),
    Misconception(
        "sigmoid-for-softmax",
        Text(
            zh="输出层用了 sigmoid：那是多标签（各类独立）的做法；互斥的类别用 softmax。",
            en="You use the sigmoid on the output: that is for independent labels; classes that exclude each other take softmax.",
        ),
    ),
    Misconception(
        "softmax-over-batch",
        Text(
            zh="softmax 沿批的轴做了：归一化应沿类别轴，即 `axis=-1`。",
            en="You normalise over the batch: softmax runs along the classes, `axis=-1`.",
        ),
    ),
    Misconception(
        "softmax-over-all",
        Text(
            zh="softmax 对整个数组做了：求和少了 `axis=-1, keepdims=True`，应使每一行的和为 1。",
            en="You normalise over the whole array: the sum lacks `axis=-1, keepdims=True`; every row is to sum to 1.",
        ),
    ),
    Misconception(
        "forgets-bias",
        Text(
            zh="漏掉了偏置 c：softmax 的自变量是 `h @ V + c`。",
            en="You leave out the bias c: the argument of softmax is `h @ V + c`.",
        ),
    ),
    Misconception(
        "bias-after-softmax",
        Text(
            zh="偏置加在了 softmax 之后：和就不再是 1；应为 `softmax(h @ V + c)`。",
            en="You add the bias after softmax, so the sum is no longer 1: it belongs inside, `softmax(h @ V + c)`.",
        ),
    ),
    Misconception(
        "squashes-state-again",
        Text(
            zh="对 h 又做了一次 tanh：h 已经是激活后的状态，直接写 `h @ V`。",
            en="You apply tanh to h once more: h is a state already, so `h @ V` takes it as it is.",
        ),
    ),
    Misconception(
        "softmax-twice",
        Text(
            zh="做了两次 softmax：概率被再次压平；只做一次。",
            en="You apply softmax twice, which flattens the probabilities: once is enough.",
        ),
    ),
    Misconception(
        "returns-log",
        Text(
            zh="返回的是对数概率：这里要概率本身，去掉 `np.log`。",
            en="You return log probabilities: the probabilities themselves are asked for, without `np.log`.",
        ),
    ),
    Misconception(
        "keeps-maximum",
        Text(
            zh="softmax 没有先减最大值：logits 到 1000 时溢出成 NaN；先减 `a.max(axis=-1, keepdims=True)`。",
            en="Your softmax keeps the maximum: logits of 1000 overflow to NaN; subtract `a.max(axis=-1, keepdims=True)` first.",
        ),
    ),
)

LAWS = (
    Law(
        "sums-to-one",
        Text(zh="每一行的和为 1", en="every row sums to 1"),
        lambda args, result: close(np.sum(result, axis=-1), np.ones(len(args[0])), is_single(*args)),
    ),
    Law(
        "unit-range",
        Text(zh="每个概率都在 [0, 1] 内", en="every probability lies in [0, 1]"),
        lambda args, result: bool(((np.asarray(result) >= 0) & (np.asarray(result) <= 1 + 1e-6)).all()),
    ),
    Law(
        "rows-apart",
        Text(zh="批内各行互不影响", en="the rows of a batch do not touch each other"),
        lambda args, result, last: close(np.asarray(result)[-1:], last, is_single(*args)),
        derive=lambda args: ((args[0][-1:], *args[1:]),),
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from cell_corners(INPUTS, rng)
    h, V, c = draw(INPUTS, SIZES, rng)
    yield Case((h, V, c + 1000), note="logits near 1000")
    yield Case((h, 3000 * V, c), note="logits far apart")
    far_above = np.abs(h) + 0.5
    far_above[0] *= 1e-4
    yield Case((far_above, 2000 * np.abs(V) + 1000, c), note="one row's logits far below the others'")


TASK = Task(
    id="rnn-output",
    function="rnn_output",
    ask=Text(
        zh="""\
写出 RNN 的输出层：`rnn_output(h, V, c)`。

- `h`：(N, H)，状态；`V`：(H, K)；`c`：(K,)
- 返回 (N, K)，每一行是 K 个类别的概率，即 softmax(h V + c)

logits 可能到 ±1000，不能得到 NaN。
""",
        en="""\
Write the output layer of an RNN: `rnn_output(h, V, c)`.

- `h`: (N, H), the state; `V`: (H, K); `c`: (K,)
- returns (N, K), each row the probabilities of K classes: softmax(h V + c)

Logits may be as large as ±1000 and must not give NaN.
""",
    ),
    inputs=INPUTS,
    reference=rnnref.rnn_output,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="每一行要成为一个分布：非负，和为 1。",
            en="Each row is to be a distribution: nothing negative, and a sum of 1.",
        ),
        Text(
            zh="先做一次线性映射加偏置，再沿类别轴做数值稳定的 softmax。",
            en="A linear map and a bias first, then a stable softmax along the classes.",
        ),
        Text(
            zh="`a = h @ V + c`，`e = np.exp(a - a.max(axis=-1, keepdims=True))`，`return e / e.sum(axis=-1, keepdims=True)`",
            en="`a = h @ V + c`, `e = np.exp(a - a.max(axis=-1, keepdims=True))`, `return e / e.sum(axis=-1, keepdims=True)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="能说清隐藏层用 tanh、输出层用 softmax（笔记写反了），回归任务的输出层则不加激活。",
        en="Tanh for the state and softmax for the output (the notes swap them), and the remark that regression leaves the output linear.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
