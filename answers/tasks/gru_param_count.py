"""gru-param-count: 3 H (D + H + 1) for one layer, and what stacking and two directions make of it."""

from __future__ import annotations

from functools import partial

import rnnref
from answers.model import Task, Text
from answers.tasks._counting import INPUTS, LAWS, corner_cases, count_with_mistakes, misconceptions

TASK = Task(
    id="gru-param-count",
    function="gru_param_count",
    ask=Text(
        zh="""写出 `gru_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False)`：GRU 有多少个参数？

- 每层每个方向有 3 块（`r, z, n`，两个门加候选），每块各有权重 W、U，以及**一个**偏置向量（`bias=False` 时没有）
- 第二层起读前一层的输出；双向时前一层两个方向的输出拼在一起
- 双向时每层有两套参数

返回 `int`。""",
        en="""Write `gru_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False)`: how many parameters does this GRU have?

- Each layer has, in each direction, 3 blocks (`r, z, n`: two gates and a candidate), each with weights W and U and **one** bias vector (none with `bias=False`)
- From the second on, a layer reads the output of the one below; in a bidirectional net the two directions' outputs concatenated
- In a bidirectional net each layer has two sets of parameters

Returns an `int`.""",
    ),
    inputs=INPUTS,
    reference=rnnref.gru_param_count,
    with_mistakes=partial(count_with_mistakes, 3),
    misconceptions=misconceptions(3, "r, z, n"),
    hints=(
        Text(
            zh="先数一层一个方向的一块：W 是 `(D, H)`，U 是 `(H, H)`，b 是 `(H,)`。",
            en="First count one block of one layer in one direction: W is `(D, H)`, U is `(H, H)`, b is `(H,)`.",
        ),
        Text(
            zh="乘块数，乘方向数，再对各层求和；从第二层起 D 换成“方向数 × H”。",
            en="Times the blocks, times the directions, summed over the layers; from the second on D becomes directions times H.",
        ),
        Text(
            zh="每层加上 `directions * 3 * H * (width + H + bias)`，第一层 `width = D`，其余 `width = directions * H`",
            en="Each layer adds `directions * 3 * H * (width + H + bias)`, with `width = D` in the first and `directions * H` above",
        ),
    ),
    interviewers_look_for=Text(
        zh="一层 `3 * H * (D + H + 1)` 脱口而出；是 LSTM 的 3/4；知道 PyTorch 每个门存两个偏置，所以 `nn.GRU(10, 20)` 报 1920 而不是 1860；双向多层时第二层起的输入宽度是 2H。",
        en="`3 * H * (D + H + 1)` for one layer without hesitation; three quarters of the LSTM; knowing that PyTorch stores two biases a gate, so that "
        "`nn.GRU(10, 20)` reports 1920, not 1860; the width 2H of the upper layers in both directions.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
