"""rnn-step: mix the input and the old state, add the bias, squash with tanh."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np

import rnnref
from answers.inputs import Array
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import cell_corners
from answers.tasks._laws import close, is_single

INPUTS = (
    Array("x", ("N", "D")),
    Array("h", ("N", "H"), "state"),
    Array("W", ("D", "H")),
    Array("U", ("H", "H")),
    Array("b", ("H",)),
)

ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "no-activation": lambda a: a,
    "sigmoid-for-tanh": rnnref.sigmoid,
    "relu-for-tanh": lambda a: np.maximum(a, 0),
    "softmax-for-tanh": rnnref.softmax,
}


def with_mistakes(wrong: frozenset[str]):
    chosen = [f for name, f in ACTIVATIONS.items() if name in wrong] or [np.tanh]

    def activation(a):
        return reduce(lambda y, f: f(y), chosen, a)

    def rnn_step(x, h, W, U, b):
        from_x = np.zeros_like(h) if "forgets-input" in wrong else x @ W
        from_h = np.zeros_like(h) if "forgets-state" in wrong else h @ (U.T if "transposes-u" in wrong else U)
        bias = 0 * b if "forgets-bias" in wrong else 2 * b if "bias-twice" in wrong else b
        inside = [from_x] if "state-outside-tanh" in wrong else [from_x, from_h]
        outside = [from_h] if "state-outside-tanh" in wrong else []
        (outside if "bias-after-tanh" in wrong else inside).append(bias)
        return sum(outside, start=activation(sum(inside[1:], start=inside[0])))

    return rnn_step


STEP_MISCONCEPTIONS = (
    Misconception(
        "forgets-bias",
        Text(
            zh="漏掉了偏置：tanh 的自变量是 `x @ W + h @ U + b`，最后的 `+ b` 不能少。",
            en="You leave out the bias: the argument of tanh is `x @ W + h @ U + b`, and the `+ b` is missing.",
        ),
    ),
    Misconception(
        "bias-twice",
        Text(
            zh="偏置加了两次：PyTorch 有 `b_ih` 和 `b_hh` 两个偏置，这里只有一个 `b`，只加一次。",
            en="You add the bias twice: PyTorch keeps two (`b_ih` and `b_hh`), here there is one `b`, added once.",
        ),
    ),
    Misconception(
        "bias-after-tanh",
        Text(
            zh="偏置加在了 tanh 外面：应在激活之前相加，即 `tanh(x @ W + h @ U + b)`，否则状态会超出 (-1, 1)。",
            en="You add the bias outside tanh: it belongs inside, `tanh(x @ W + h @ U + b)`, or the state leaves (-1, 1).",
        ),
    ),
    Misconception(
        "transposes-u",
        Text(
            zh="把 U 转置了：这里参数右乘，写 `h @ U`；`h @ U.T` 是 PyTorch 权重布局（`weight_hh`）的写法。",
            en="You transpose U: parameters multiply from the right here, `h @ U`; `h @ U.T` belongs to PyTorch's layout (`weight_hh`).",
        ),
    ),
    Misconception(
        "forgets-state",
        Text(
            zh="没有用上旧状态：少了 `h @ U` 这一项，网络就没有记忆，退化成逐元素的全连接层。",
            en="You ignore the old state: without `h @ U` there is no memory, only a dense layer applied to each element.",
        ),
    ),
    Misconception(
        "forgets-input",
        Text(
            zh="没有用上输入：少了 `x @ W` 这一项，状态与序列内容无关。",
            en="You ignore the input: without `x @ W` the state knows nothing of the sequence.",
        ),
    ),
    Misconception(
        "state-outside-tanh",
        Text(
            zh="把 `h @ U` 放到了 tanh 外面：三项要先相加再一起过 tanh，即 `tanh(x @ W + h @ U + b)`。",
            en="You add `h @ U` after tanh: sum the three terms first, then squash them together, `tanh(x @ W + h @ U + b)`.",
        ),
    ),
    Misconception(
        "no-activation",
        Text(
            zh="漏掉了激活函数：返回的是 `x @ W + h @ U + b` 本身，应再取 `np.tanh`。",
            en="You leave out the activation: you return `x @ W + h @ U + b` itself, where `np.tanh` of it is asked for.",
        ),
    ),
    Misconception(
        "sigmoid-for-tanh",
        Text(
            zh="用 sigmoid 代替了 tanh：sigmoid 用于门控；状态应以 0 为中心，取 `np.tanh`。",
            en="You use the sigmoid where tanh belongs: the sigmoid is for gates, a state is centred on 0, `np.tanh`.",
        ),
    ),
    Misconception(
        "relu-for-tanh",
        Text(
            zh="用 ReLU 代替了 tanh：ReLU 的状态没有上界；这里要求的是 `np.tanh`。",
            en="You use ReLU where tanh is asked for: a ReLU state has no upper bound; write `np.tanh`.",
        ),
    ),
    Misconception(
        "softmax-for-tanh",
        Text(
            zh="隐藏层用了 softmax：softmax 属于输出层，隐藏状态用 `np.tanh`（笔记 1.3 把两者写反了）。",
            en="You put softmax on the hidden state: it belongs to the output layer, the state takes `np.tanh` (the notes' 1.3 has them swapped).",
        ),
    ),
)
"""Mistakes within one step; `rnn-forward` and others that take many steps know them too."""

LAWS = (
    Law(
        "bounded",
        Text(zh="新状态的每个元素都在 [-1, 1] 内", en="every entry of the new state lies in [-1, 1]"),
        lambda args, result: bool((np.abs(result) <= 1 + 1e-6).all()),
    ),
    Law(
        "odd",
        Text(zh="x、h、b 同时变号，结果也变号", en="negating x, h and b negates the result"),
        lambda args, result, negated: close(result, -np.asarray(negated), is_single(*args)),
        derive=lambda args: ((-args[0], -args[1], args[2], args[3], -args[4]),),
    ),
    Law(
        "state-through-u",
        Text(
            zh="旧状态只通过 h U 起作用：以 h U 为状态、单位阵为 U，结果不变",
            en="the old state acts through h U alone: taking h U as state and the identity as U changes nothing",
        ),
        lambda args, result, moved: close(result, moved, is_single(*args)),
        derive=lambda args: (
            (args[0], args[1] @ args[3], args[2], np.eye(len(args[3]), dtype=args[3].dtype), args[4]),
        ),
    ),
)


TASK = Task(
    id="rnn-step",
    function="rnn_step",
    ask=Text(
        zh="""\
写出普通 RNN 的一步：`rnn_step(x, h, W, U, b)`。

- `x`：(N, D)，这一步的输入；`h`：(N, H)，上一步的状态
- `W`：(D, H)，`U`：(H, H)，`b`：(H,)；参数一律右乘
- 返回新状态 `h_new`：(N, H)，激活函数用 tanh

float32 输入要返回 float32，不得修改参数。
""",
        en="""\
Write one step of a plain RNN: `rnn_step(x, h, W, U, b)`.

- `x`: (N, D), this step's input; `h`: (N, H), the state before it
- `W`: (D, H), `U`: (H, H), `b`: (H,); parameters multiply from the right
- returns the new state `h_new`: (N, H); the activation is tanh

float32 in gives float32 out, and no argument is changed.
""",
    ),
    inputs=INPUTS,
    reference=rnnref.rnn_step,
    with_mistakes=with_mistakes,
    misconceptions=STEP_MISCONCEPTIONS,
    hints=(
        Text(
            zh="新状态取决于两样东西：当前输入和上一步的状态。",
            en="The new state depends on two things: this input and the state before it.",
        ),
        Text(
            zh="两者各乘一个矩阵，相加后再加偏置，最后整体过一次 tanh。",
            en="Each is multiplied by its matrix; add the two and the bias, then squash the sum once with tanh.",
        ),
        Text(zh="`return np.tanh(x @ W + h @ U + b)`", en="`return np.tanh(x @ W + h @ U + b)`"),
    ),
    interviewers_look_for=Text(
        zh="能脱口说出每个量的形状，知道偏置靠广播加到每一行，并能解释为什么隐藏层用 tanh 而不是 softmax。",
        en="Every shape named without hesitation, the bias added to each row by broadcasting, and a reason why the hidden state takes tanh and not softmax.",
    ),
    laws=LAWS,
    corner_cases=partial(cell_corners, INPUTS),
)
