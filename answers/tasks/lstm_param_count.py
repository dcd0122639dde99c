"""lstm-param-count: 4 H (D + H + 1) for one layer, and what stacking and two directions make of it."""

from __future__ import annotations

from functools import partial

import rnnref
from answers.model import Task, Text
from answers.tasks._counting import INPUTS, LAWS, corner_cases, count_with_mistakes, misconceptions

TASK = Task(
    id="lstm-param-count",
    function="lstm_param_count",
    ask=Text(
        zh="""写出 `lstm_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False)`：LSTM 有多少个参数？

- 每层每个方向有 4 块（`i, f, g, o`，三个门加候选），每块各有权重 W、U，以及**一个**偏置向量（`bias=False` 时没有）
- 第二层起读前一层的输出；双向时前一层两个方向的输出拼在一起
- 双向时每层有两套参数

返回 `int`。""",
        en="""Write `lstm_param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False)`: how many parameters does this LSTM have?

- Each layer has, in each direction, 4 blocks (`i, f, g, o`: three gates and a candidate), each with weights W and U and **one** bias vector (none with `bias=False`)
- From the second on, a layer reads the output of the one below; in a bidirectional net the two directions' outputs concatenated
- In a bidirectional net each layer has two sets of parameters

Returns an `int`.""",
    ),
    inputs=INPUTS,
    reference=rnnref.lstm_param_count,
    with_mistakes=partial(count_with_mistakes, 4),
    misconceptions=misconceptions(4, "i, f, g, o"),
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
            zh="每层加上 `directions * 4 * H * (width + H + bias)`，第一层 `width = D`，其余 `width = directions * H`",
            en="Each layer adds `directions * 4 * H * (width + H + bias)`, with `width = D` in the first and `directions * H` above",
        ),
    ),
    interviewers_look_for=Text(
        zh="一层 `4 * H * (D + H + 1)` 脱口而出；与 GRU 的参数比是 4 : 3；知道 PyTorch 每个门存两个偏置，所以 `nn.LSTM(10, 20)` 报 2560 而不是 2480；双向多层时第二层起的输入宽度是 2H。",
        en="`4 * H * (D + H + 1)` for one layer without hesitation; four to three against the GRU; knowing that PyTorch stores two biases a gate, so that "
        "`nn.LSTM(10, 20)` reports 2560, not 2480; the width 2H of the upper layers in both directions.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
