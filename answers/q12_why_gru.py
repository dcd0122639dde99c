"""Why there is a GRU beside the LSTM: what it saves, exactly, and what that costs."""

from __future__ import annotations

from random import Random

from answers.model import (
    ChoiceDrill,
    FollowUp,
    FormulaDrill,
    KeyPoint,
    NotesClaim,
    NotesVerdict,
    NumberDrill,
    OrderDrill,
    Question,
    Source,
    Text,
    TrueFalseDrill,
)

SPOKEN = Text(
    zh="GRU 想用更少的部件得到 LSTM 的好处。LSTM 有四块参数，GRU 只有三块，所以同样的 H 下，参数和矩阵乘法恰好是四分之三；传给下一步的状态也从 h、c 两个减为 h 一个。保留下来的是关键：加法更新，梯度有一条只乘门的通路。但要说准：四分之三不是数量级的差别，实测时间也未必正好是四分之三，因为逐元素运算和每步的开销不按比例缩小；而且它仍然要一步一步地算，不能沿时间并行。",
    en="The GRU was designed to get the LSTM's benefit from fewer parts. An LSTM has four blocks of parameters, a GRU three, so at the same H it has exactly three quarters of the parameters and of the products, and it carries one state, h, instead of two. What it keeps is what matters: the additive update, a path on which the gradient is multiplied by a gate alone. But three quarters is no order of magnitude, measured time need not be exactly that, and it is still sequential over time.",
)

WHITEBOARD = Text(
    zh="""\
同样的 D、H，每块一个偏置：

    RNN     H (D + H + 1)        1 块        状态 h
    GRU    3H (D + H + 1)        r, z, n     状态 h
    LSTM   4H (D + H + 1)        i, f, g, o  状态 h, c

    GRU : LSTM = 3 : 4，对任何 D、H 都精确

整段序列的乘加次数（T 步，N 条序列）：

    GRU    T N 3H (D + H)
    LSTM   T N 4H (D + H)        比值同样是 3 : 4

省在哪里：

- 遗忘门与输入门合成一个更新门，输出门去掉，多了一个重置门：三个门变两个。
- 传给下一步的数减半：只有 h，没有 c。

没有省的：

- 复杂度的阶不变，仍是每步 O(H (D + H))，而且要一步一步算，不能沿时间并行。
- 时间不按 3/4 缩：逐元素运算与每步开销还在；r 在乘积之前时，还多一次先后。
- 用同样多的参数，GRU 可以有约 1.2 倍的单元（D = H 时）；比较两者要先定好比什么。

动机不止是快：Cho 等（2014）要的是一个容易计算、容易实现、又能自适应地记与忘的单元。""",
    en="""\
At the same D and H, one bias per block:

    RNN     H (D + H + 1)        one block   state h
    GRU    3H (D + H + 1)        r, z, n     state h
    LSTM   4H (D + H + 1)        i, f, g, o  states h, c

    GRU : LSTM = 3 : 4, exactly, for every D and H

Multiply-adds over a sequence (T steps, N sequences):

    GRU    T N 3H (D + H)
    LSTM   T N 4H (D + H)        3 : 4 again

Where it saves:

- Forget and input gate become one update gate, the output gate goes, a reset gate comes: three gates become two.
- Half the numbers go on to the next step: h alone, no c.

Where it does not:

- The order is the same, O(H (D + H)) a step, one step after another: no parallelism over time.
- Time does not shrink to 3/4: elementwise work and a step's overhead stay; with r before the product one product waits for another.
- For as many parameters a GRU can have about 1.2 times the units (at D = H); settle what you compare before comparing.

Speed was not all: Cho et al. (2014) wanted a unit that is simple to compute and implement and still learns what to keep and forget.""",
)

KEY_POINTS = (
    KeyPoint(
        "three-quarters",
        Text(
            zh="参数与矩阵乘法恰好是 LSTM 的 3/4",
            en="Exactly 3/4 of the LSTM's parameters and products",
        ),
        (r"四分之三", r"3 ?/ ?4", r"75 ?%", r"three quarters", r"3 ?[:：] ?4"),
    ),
    KeyPoint(
        "blocks",
        Text(zh="四块（i, f, g, o）变三块（r, z, n）", en="Four blocks (i, f, g, o) become three (r, z, n)"),
        (
            r"四块.{0,20}三块",
            r"三个门.{0,8}两个",
            r"four blocks.{0,40}three",
            r"three gates become two",
            r"3 ?H ?\(",
            r"three gates (to|into) two",
        ),
    ),
    KeyPoint(
        "one-state",
        Text(zh="传给下一步的状态由两个减为一个", en="One state goes on instead of two"),
        (
            r"状态.{0,20}(两个).{0,8}一个",
            r"只有 ?h",
            r"(没有|无)(单独的)?(细胞状态|c\b)",
            r"one state",
            r"instead of two",
            r"no (separate )?(cell state|c\b)",
            r"一个(隐藏)?状态",
            r"single (hidden )?state",
        ),
    ),
    KeyPoint(
        "keeps-additive-path",
        Text(
            zh="保留了加法更新，梯度有一条只乘门的通路",
            en="Keeps the additive update: a path on which the gradient is multiplied by a gate alone",
        ),
        (r"加法(更新|通路|路径)", r"additive (update|path)", r"梯度.{0,12}通路", r"加性更新"),
    ),
    KeyPoint(
        "same-order",
        Text(
            zh="阶没有变：只是常数变小，仍不能沿时间并行",
            en="The order is the same: a smaller constant, and still sequential over time",
        ),
        (
            r"同(一个)?阶|阶(没有|没|不)变|(不是|没有).{0,4}数量级",
            r"(不能|无法|没法).{0,6}并行",
            r"(no|not an|same) order",
            r"order is the same",
            r"\bsequential\b",
            r"no parallelism",
        ),
    ),
    KeyPoint(
        "time-is-not-the-ratio",
        Text(
            zh="实测时间不一定是 3/4：逐元素运算与每步开销还在",
            en="Measured time need not be 3/4: elementwise work and overhead stay",
        ),
        (
            r"实测",
            r"逐元素.{0,20}(开销|还在|不)",
            r"measured time",
            r"time does not shrink",
            r"overhead",
            r"(实际|真实)(耗时|时间|用时)",
            r"(wall[- ]clock|actual) time",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "lstm-is-heavy",
        Text(
            zh="要 GRU 是因为 LSTM 的计算量太大。",
            en="The GRU is there because an LSTM takes too much computation.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="方向对，但要给数：参数与矩阵乘法都恰好是 3/4，状态是一半，阶没有变。时间不按 3/4 缩：矩阵越小，每步的固定开销占得越多，实验里的尺寸就明显高于 3/4。“太大”是相对的：LSTM 也不过是普通 RNN 的四倍，GRU 三倍。",
            en="The direction is right, but give figures: parameters and products are exactly 3/4, the state is half, the order is unchanged. Time does not shrink to 3/4: the smaller the matrices, the more a step's fixed cost counts, and at the size of the experiment the ratio is clearly above it. And “heavy” is relative: an LSTM is four times a plain RNN, a GRU three times.",
        ),
        Text(
            zh="面试官会追问“省多少”。说不出 3/4，或说成“快很多”，都露怯。",
            en="The follow-up is “how much does it save?”. Not knowing the 3/4, or saying “it is much faster”, gives you away.",
        ),
        (
            "parameters-three-quarters",
            "products-three-quarters",
            "three-times-a-plain-rnn",
            "state-halved",
            "time-ratio",
        ),
    ),
)


def _draw_sizes(random: Random) -> dict[str, int]:
    return {"D": random.choice((8, 10, 16, 32, 50, 100)), "H": random.choice((8, 10, 20, 32, 64, 100))}


def _draw_work(random: Random) -> dict[str, int]:
    return {"T": random.choice((5, 10, 20, 50)), "N": random.choice((1, 2, 8)), **_draw_sizes(random)}


def _gru_macs(T: int, N: int, D: int, H: int) -> float:
    import rnnref

    return rnnref.lstm_macs(T, N, D, H) * 3 // 4


def _saved_macs(T: int, N: int, D: int, H: int) -> float:
    import rnnref

    return rnnref.lstm_macs(T, N, D, H) - _gru_macs(T, N, D, H)


def _draw_bytes(random: Random) -> dict[str, int]:
    return {"B": random.choice((4, 8)), **_draw_sizes(random)}


def _saved_bytes(B: int, D: int, H: int) -> float:
    import rnnref

    return B * (rnnref.lstm_param_count(D, H) - rnnref.gru_param_count(D, H))


def _draw_budget(random: Random) -> dict[str, int]:
    return {"H": random.choice((32, 64, 100, 128, 200, 256, 400))}


def _units(H: int) -> float:
    import rnnref

    budget = rnnref.lstm_param_count(H, H)
    return float(max(k for k in range(1, 2 * H) if rnnref.gru_param_count(H, k) <= budget))


DRILLS = (
    NumberDrill(
        "whygru-macs",
        Text(
            zh="单层 GRU，T = {T}，N = {N}，D = {D}，H = {H}：整段前向的矩阵乘法一共多少次乘加？",
            en="A GRU layer with T = {T}, N = {N}, D = {D}, H = {H}: how many multiply-adds do the matrix products of the forward pass take?",
        ),
        _draw_work,
        _gru_macs,
        Text(
            zh="T N 3H (D + H) = {T} × {N} × 3 × {H} × ({D} + {H}) = {answer:.0f}。",
            en="T N 3H (D + H) = {T} × {N} × 3 × {H} × ({D} + {H}) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "whygru-saved-macs",
        Text(
            zh="把 LSTM 换成同尺寸的 GRU（T = {T}，N = {N}，D = {D}，H = {H}），前向省下多少次乘加？",
            en="An LSTM is replaced by a GRU of the same size (T = {T}, N = {N}, D = {D}, H = {H}). How many multiply-adds does a forward pass save?",
        ),
        _draw_work,
        _saved_macs,
        Text(
            zh="少一块：{T} × {N} × {H} × ({D} + {H}) = {answer:.0f}，正好是 LSTM 的四分之一。",
            en="One block: {T} × {N} × {H} × ({D} + {H}) = {answer:.0f}, exactly a quarter of the LSTM's.",
        ),
    ),
    NumberDrill(
        "whygru-bytes",
        Text(
            zh="D = {D}，H = {H}，每块一个偏置，每个数 {B} 字节：GRU 的参数比 LSTM 少占多少字节？",
            en="D = {D}, H = {H}, one bias per block, {B} bytes a number: how many bytes fewer do a GRU's parameters take than an LSTM's?",
        ),
        _draw_bytes,
        _saved_bytes,
        Text(
            zh="{B} × {H} × ({D} + {H} + 1) = {answer:.0f}。",
            en="{B} × {H} × ({D} + {H} + 1) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "whygru-same-budget",
        Text(
            zh="LSTM 有 D = H = {H}。输入维度 D 不变，参数不超过它，GRU 最多可以有多少个单元？（误差 3% 以内）",
            en="An LSTM has D = H = {H}. With the same D and no more parameters, how many units can a GRU have? (within 3%)",
        ),
        _draw_budget,
        _units,
        Text(
            zh="解 3k({H} + k + 1) ≤ 4 × {H} × (2 × {H} + 1)，得 k = {answer:.0f}，约为 1.2 倍。",
            en="Solve 3k({H} + k + 1) ≤ 4 × {H} × (2 × {H} + 1): k = {answer:.0f}, about 1.2 times as many.",
        ),
        tolerance=0.03,
    ),
    FormulaDrill(
        "whygru-gradient-path",
        Text(
            zh="只看直通路（不经过门和候选值）：dh (N, H) 是对新状态的梯度，z 是更新门（保留旧状态）。写出传给旧状态的梯度。",
            en="On the direct path alone (not through gates and candidate): dh (N, H) is the gradient at the new state, z the update gate (keeps the old). Write the gradient that reaches the old state.",
        ),
        {"dh": ("N", "H"), "z": ("N", "H"), "n": ("N", "H")},
        "dh * z",
        Text(
            zh="和 LSTM 沿 c 只乘 f 一样，这里只乘 z；没有权重矩阵，也没有 tanh 的导数。",
            en="As the LSTM's gradient along c is multiplied by f alone, so is this one by z alone: no weight matrix, no slope of a tanh.",
        ),
        (
            (
                "dh * (1 - z)",
                Text(zh="1 - z 是通往候选值的那一份。", en="1 - z is the share that goes to the candidate."),
            ),
            (
                "dh * z * (1 - n ** 2)",
                Text(
                    zh="直通路不经过 tanh，没有 1 - n² 这个因子。",
                    en="There is no tanh on the direct path, so no 1 - n².",
                ),
            ),
            (
                "dh",
                Text(zh="少了 z：只有 z = 1 时才原样回传。", en="z is missing: it goes back untouched only at z = 1."),
            ),
        ),
        unit=("z",),
    ),
    FormulaDrill(
        "whygru-coupled-lstm",
        Text(
            zh="把 LSTM 的输入门与遗忘门绑在一起（i = 1 - f），这是通往 GRU 的第一步。已知 c、f、g，写出新的细胞状态。",
            en="Tie an LSTM's input gate to its forget gate (i = 1 - f), the first step towards a GRU. From c, f and g write the new cell state.",
        ),
        {"c": ("N", "H"), "f": ("N", "H"), "g": ("N", "H")},
        "f * c + (1 - f) * g",
        Text(
            zh="与 h_new = (1 - z) * n + z * h 同形：f 就是 z，g 就是 n；再去掉输出门，加上重置门，就是 GRU。",
            en="The same form as h_new = (1 - z) * n + z * h, with f as z and g as n; drop the output gate, add a reset gate, and it is a GRU.",
        ),
        (
            (
                "(1 - f) * c + f * g",
                Text(
                    zh="方向反了：f 是保留旧状态的份额。",
                    en="The wrong way round: f is the share of the old that stays.",
                ),
            ),
            (
                "f * c + f * g",
                Text(zh="写入的份额是 1 - f。", en="The share that is written is 1 - f."),
            ),
            (
                "f * c + g",
                Text(
                    zh="候选值少乘了 1 - f，c 又没有上界了。",
                    en="The candidate lacks its 1 - f, and c is unbounded again.",
                ),
            ),
        ),
        unit=("f",),
    ),
    OrderDrill(
        "whygru-by-parameters",
        Text(
            zh="同样的 D = H，按参数由少到多排列。",
            en="At the same D = H, order by number of parameters, fewest first.",
        ),
        (
            Text(zh="普通 RNN，单向", en="plain RNN, one direction"),
            Text(zh="普通 RNN，双向", en="plain RNN, two directions"),
            Text(zh="GRU，单向", en="GRU, one direction"),
            Text(zh="LSTM，单向", en="LSTM, one direction"),
            Text(zh="GRU，双向", en="GRU, two directions"),
            Text(zh="LSTM，双向", en="LSTM, two directions"),
        ),
        Text(
            zh="以普通 RNN 为 1：1、2、3、4、6、8。",
            en="With the plain RNN as 1 they are 1, 2, 3, 4, 6, 8.",
        ),
    ),
    TrueFalseDrill(
        "whygru-lower-order",
        Text(
            zh="GRU 的计算复杂度比 LSTM 低一个阶。",
            en="A GRU's computation is of a lower order than an LSTM's.",
        ),
        False,
        Text(
            zh="同阶：每步都是 O(H (D + H))，只是常数由 4 变成 3。",
            en="The same order, O(H (D + H)) a step; the constant goes from 4 to 3.",
        ),
    ),
    TrueFalseDrill(
        "whygru-ratio-any-size",
        Text(
            zh="每块一个偏置时，GRU 与 LSTM 的参数之比与 D、H 无关，恒为 3/4。",
            en="With one bias per block, the ratio of a GRU's parameters to an LSTM's is 3/4 whatever D and H are.",
        ),
        True,
        Text(
            zh="每块都是 H(D + H + 1)，三块比四块。",
            en="Each block has H(D + H + 1): three blocks against four.",
        ),
    ),
    ChoiceDrill(
        "whygru-time",
        Text(
            zh="矩阵不大时，同尺寸的 GRU 实测时间明显高于 LSTM 的 0.75 倍，最可能的原因是？",
            en="With matrices of moderate size a GRU measurably takes more than 0.75 of the time of an LSTM as large. What is the likeliest reason?",
        ),
        (
            Text(
                zh="逐元素运算和每步的固定开销不随块数同比缩小",
                en="elementwise work and a step's overhead do not shrink with the blocks",
            ),
            Text(
                zh="GRU 的循环矩阵比 LSTM 的更宽，乘一次更慢",
                en="a GRU's recurrent matrix is wider, so each product takes longer",
            ),
            Text(zh="更新门的 sigmoid 比 tanh 慢得多", en="the update gate's sigmoid is much slower than a tanh"),
            Text(zh="GRU 要把整段序列再读一遍", en="a GRU has to read the whole sequence a second time"),
        ),
        0,
        Text(
            zh="乘法恰好是 3/4，其余部分不是；矩阵越大，比值越接近 3/4。",
            en="The products are exactly 3/4, the rest is not; the larger the matrices, the nearer the ratio comes to 3/4.",
        ),
    ),
    ChoiceDrill(
        "whygru-not-cured",
        Text(zh="换成 GRU 之后，LSTM 的哪个毛病依然存在？", en="Which trouble of an LSTM is still there in a GRU?"),
        (
            Text(zh="训练时沿时间不能并行", en="no parallelism over time in training"),
            Text(zh="要传两个状态", en="two states to carry on"),
            Text(zh="细胞状态没有上界", en="a cell state without bound"),
            Text(zh="输入门和遗忘门要分别学", en="input and forget gate learned apart"),
        ),
        0,
        Text(
            zh="h 的每一步都要等上一步的 h。后三样 GRU 确实没有了。",
            en="Each h waits for the one before. The other three are indeed gone.",
        ),
    ),
)

QUESTION = Question(
    id="why-gru",
    section="3.1",
    title=Text(zh="有了 LSTM，为什么还要 GRU", en="Why a GRU when there is the LSTM"),
    ask=Text(
        zh="已经有了 LSTM，为什么还提出 GRU？到底省了多少？",
        en="We already had the LSTM. Why the GRU, and how much does it really save?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="省下的 1/4 具体省在哪一块？", en="Which block is the quarter that is saved?"),
            Text(
                zh="LSTM 的四块是 i、f、g、o。GRU 把 i 与 f 合成 z（写入的份额就是 1 - z），去掉 o，又加了 r，所以是 r、z、n 三块：少两块，多一块。",
                en="An LSTM's four are i, f, g, o. A GRU merges i and f into z (what is written is 1 - z), drops o and adds r: two blocks fewer, one more, which leaves r, z, n.",
            ),
        ),
        FollowUp(
            Text(zh="既然省，为什么不总用 GRU？", en="If it saves, why not always use a GRU?"),
            Text(
                zh="省的是常数，不是阶；效果因任务而异（Chung 等 2014；Jozefowicz 等 2015 的实验里，GRU 在不少任务上领先，语言建模除外，而 LSTM 把遗忘门偏置设为 1 就基本追平）。需要无界计数的任务，GRU 在有限精度下做不到（Weiss 等 2018）。先按同样的参数或同样的时间比一比。",
                en="It saves a constant, not an order, and results depend on the task (Chung et al. 2014; in Jozefowicz et al. 2015 the GRU was ahead on many tasks, but not on language modelling, and a forget bias of 1 closed most of the gap). Where unbounded counting is needed a GRU of finite precision fails (Weiss et al. 2018). Compare at equal parameters or equal time first.",
            ),
        ),
        FollowUp(
            Text(zh="想再快，还有什么办法？", en="And if it has to be faster still?"),
            Text(
                zh="瓶颈是逐步等待，不是块数。SRU（Lei 等 2018）与 QRNN（Bradbury 等 2017）的矩阵乘法只看输入，可以全部移出循环，循环里只剩逐元素运算；minGRU（Feng 等 2024）干脆用并行扫描。推理端还可以剪枝与量化。",
                en="The bottleneck is the waiting from step to step, not the number of blocks. SRU (Lei et al. 2018) and QRNN (Bradbury et al. 2017) have matrix products of the input alone, so that these move out of the loop and only elementwise work stays in it; minGRU (Feng et al. 2024) uses a parallel scan throughout. For inference there are pruning and quantisation as well.",
            ),
        ),
    ),
    hints=(
        Text(zh="数一数两者各有几块参数、几个状态。", en="Count the blocks of parameters and the states of each."),
        Text(
            zh="每块大小一样，所以比值就是块数之比；再想想哪些时间不在矩阵乘法里。",
            en="The blocks are equally large, so the ratio is that of their number; then think of the time that is not spent in products.",
        ),
        Text(
            zh="3H(D + H + 1) 比 4H(D + H + 1)，恰好 3/4；状态减半；阶不变，仍须逐步计算。",
            en="3H(D + H + 1) against 4H(D + H + 1), exactly 3/4; half the state; the same order, still one step after another.",
        ),
    ),
    drills=DRILLS,
    tasks=(),
    experiment="why_gru",
    sources=(
        Source(
            "K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk, Y. Bengio",
            2014,
            "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
            "arXiv:1406.1078",
            "section 2.3, equations 5 to 8",
        ),
        Source(
            "J. Chung, C. Gulcehre, K. Cho, Y. Bengio",
            2014,
            "Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling",
            "arXiv:1412.3555",
            "section 3.2",
        ),
        Source(
            "R. Jozefowicz, W. Zaremba, I. Sutskever",
            2015,
            "An Empirical Exploration of Recurrent Network Architectures",
            "Proceedings of ICML 2015, PMLR 37",
        ),
        Source(
            "J. Bradbury, S. Merity, C. Xiong, R. Socher", 2017, "Quasi-Recurrent Neural Networks", "arXiv:1611.01576"
        ),
        Source(
            "T. Lei, Y. Zhang, S. I. Wang, H. Dai, Y. Artzi",
            2018,
            "Simple Recurrent Units for Highly Parallelizable Recurrence",
            "arXiv:1709.02755",
        ),
        Source(
            "G. Weiss, Y. Goldberg, E. Yahav",
            2018,
            "On the Practical Computational Power of Finite Precision RNNs for Language Recognition",
            "arXiv:1805.04908",
        ),
        Source(
            "L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi",
            2024,
            "Were RNNs All We Needed?",
            "arXiv:2410.01201",
            "section 3",
        ),
    ),
    tags=("gru", "lstm", "cost"),
)
