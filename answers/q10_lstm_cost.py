"""What an LSTM layer costs, with the term that the usual answer leaves out."""

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


def _sizes(random: Random) -> dict[str, int]:
    return {
        "T": random.choice((10, 20, 50, 100)),
        "N": random.choice((1, 2, 4, 8, 16)),
        "D": random.choice((10, 20, 30, 50, 100)),
        "H": random.choice((10, 20, 50, 100, 200)),
    }


def _macs(T: int, N: int, D: int, H: int) -> int:
    from rnnref import lstm_macs

    return lstm_macs(T, N, D, H)


def _ratio_sizes(random: Random) -> dict[str, int]:
    H = random.choice((16, 32, 64, 100, 128))
    return {"k": (k := random.choice((2, 3, 4, 6, 8, 10, 16))), "D": k * H, "H": H}


def _ratio(k: int, D: int, H: int) -> float:
    from rnnref import lstm_macs

    return lstm_macs(1, 1, D, H) / (4 * H * H)


def _doubled(random: Random) -> dict[str, int]:
    return {"D": random.choice((16, 32, 64, 128, 256, 512)), "H": random.choice((16, 32, 64, 128, 256, 512))}


def _growth(D: int, H: int) -> float:
    from rnnref import lstm_macs

    return lstm_macs(1, 1, D, 2 * H) / lstm_macs(1, 1, D, H)


QUESTION = Question(
    id="lstm-cost",
    section="2.5",
    title=Text(zh="LSTM 的计算量怎么算", en="What an LSTM costs to run"),
    ask=Text(
        zh="一层 LSTM 处理一个批次，时间复杂度是多少？请给出精确的乘加次数，再说说输入维度起什么作用。",
        en="What does one LSTM layer cost on a batch? Give the exact number of multiply-adds, and say what the input size does to it.",
    ),
    notes=(
        NotesClaim(
            id="square-of-hidden",
            claim=Text(
                zh="复杂度只含序列长度与隐藏维度的平方。",
                en="The complexity has only the length and the square of the hidden size in it.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="不完整。精确值是 T·N·4H(H + D) 次乘加：少了批大小 N，更少了输入项 D。D 与 H 同阶时，对 H 的阶才是平方；D 远大于 H 时输入项说了算，D = 8H 时差 9 倍。",
                en="Incomplete. The exact count is T N 4H (H + D) multiply-adds: the batch N is missing, and so is the input term D. The square of H is right when D is of H's order; with D far above H the input term dominates, and at D = 8H the notes are off by a factor of 9.",
            ),
            matters=Text(
                zh="工程上常有 D ≫ H：拼接的特征、独热输入、双向堆叠的上层。照 H² 估算，算力预算会差一个数量级。",
                en="D far above H is common in practice: concatenated features, one-hot inputs, the upper layers of a bidirectional stack. A budget estimated from H² is then off by an order of magnitude.",
            ),
            evidence=("count-meets-formula", "notes-off-by-nine", "work-linear-in-hidden-when-input-rules"),
        ),
        NotesClaim(
            id="linear-in-length",
            claim=Text(zh="计算量随序列长度线性增长。", en="The work grows linearly with the length."),
            verdict=NotesVerdict.HOLDS,
            truth=Text(
                zh="成立，乘加次数与 T 严格成正比，实测时间的斜率也约为 1。但这些步必须一步接一步做，所以延迟也随 T 线性增长，加硬件也缩不短。",
                en="It holds: the count is proportional to T, and measured time has a slope of about 1. But the steps must run one after another, so latency is linear in T too, and more hardware does not shorten it.",
            ),
            matters=Text(
                zh="与注意力相比时要讲全：注意力的总量是 T²，却能并行；LSTM 的总量是 T，却只能串行。",
                en="A comparison with attention needs both halves: attention has T² in total and runs in parallel, an LSTM has T and runs in sequence.",
            ),
            evidence=("work-linear-in-length", "time-linear-in-length"),
        ),
    ),
    spoken=Text(
        zh="每一步有四个块，每块做两次矩阵乘：输入乘 W 是 D 乘 H，状态乘 U 是 H 乘 H。所以一层前向是 T 乘 N 乘 4H 括号 D 加 H 次乘加。只写 T 乘 H 平方不完整：漏了批大小和输入维度，D 是 H 的 8 倍时会差 9 倍。逐元素运算只有 O(H)，可以忽略。反向大约是前向的两倍。对 T 是线性的，但时间步之间串行，延迟省不掉。",
        en="Each step has four blocks, and each block two products: the input by W, which is D times H, and the state by U, H times H. So a forward pass is T times N times 4H times D plus H multiply-adds. T times H squared alone is incomplete: batch and input size are missing, and with D eight times H it is nine times too low. Elementwise work is only of order H. The backward pass costs about twice the forward. It is linear in T, but the steps are sequential, so latency is linear too.",
    ),
    whiteboard=Text(
        zh="""\
一步里的矩阵乘（四个块并排）：

    x W    (N, D) @ (D, 4H)    N · D · 4H 次乘加
    h U    (N, H) @ (H, 4H)    N · H · 4H 次乘加

T 步合计：

    MACs = T · N · 4H · (D + H)
    FLOPs ≈ 2 · MACs

逐元素部分每步约 N · H 的常数倍：3 个 sigmoid、2 个 tanh、3 次乘、1 次加，没有 H²，H 大时可忽略。

怎么读这个式子：

- 对 T：线性。对 N：线性。对 D：线性。
- 对 H：D 固定时，H 远大于 D 趋于平方，H 远小于 D 则是线性。
- 只写 T · H² 等于假定 D 与 H 同阶；D = 8H 时真实值是 T · N · 4H² 的 9 倍。

反向传播：da Wᵀ、da Uᵀ、xᵀ da、hᵀ da，四个同样大小的乘积，是前向两个的 2 倍。训练一步合计约为前向的 3 倍：

    训练 ≈ 3 · T · N · 4H · (D + H)

参数与激活的内存：

    参数 = 4H (D + H + 1)
    反向要存的激活 = O(T · N · H)，随 T 线性增长

工程上：x W 与时间无关，可以把 T 步合成一个大乘积；h U 只能一步一步来，N = 1 时它是矩阵乘向量，受内存带宽限制而不是算力限制。
""",
        en="""\
The products of one step (four blocks side by side):

    x W    (N, D) @ (D, 4H)    N · D · 4H multiply-adds
    h U    (N, H) @ (H, 4H)    N · H · 4H multiply-adds

Over T steps:

    MACs = T · N · 4H · (D + H)
    FLOPs ≈ 2 · MACs

Elementwise work is a small multiple of N · H a step: 3 sigmoids, 2 tanhs, 3 products, 1 sum; no H², so it fades as H grows.

How to read it:

- In T: linear. In N: linear. In D: linear.
- In H, with D fixed: towards quadratic where H is far above D, linear where it is far below.
- Writing T · H² alone assumes D of H's order; at D = 8H the truth is 9 times T · N · 4H².

Back-propagation: da Wᵀ, da Uᵀ, xᵀ da, hᵀ da: four products of the size of the forward pass's two, so twice as much. A training step is about three forward passes:

    training ≈ 3 · T · N · 4H · (D + H)

Memory for parameters and activations:

    parameters = 4H (D + H + 1)
    activations kept for the way back = O(T · N · H), linear in T

In practice: x W does not depend on time and all T steps fit in one large product; h U has to go step by step, and at N = 1 it is a matrix times a vector, bound by memory bandwidth rather than arithmetic.
""",
    ),
    key_points=(
        KeyPoint(
            "exact-formula",
            Text(zh="T·N·4H(D + H) 次乘加", en="T N 4H (D + H) multiply-adds"),
            (
                r"4\s*[·*×]?\s*H\s*[·*×]?\s*\(\s*(D\s*\+\s*H|H\s*\+\s*D)",
                r"4H\s*括号\s*D\s*加\s*H",
                r"4\s*H times D plus H",
            ),
        ),
        KeyPoint(
            "input-term",
            Text(
                zh="只写 H² 漏了输入项：D 远大于 H 时它占大头",
                en="H² alone leaves out the input term, which dominates where D is far above H",
            ),
            (
                r"(?<!与)输入(项|维度)",
                r"9\s*倍",
                r"(?<!independent of the )(?<!whatever the )input (size|term|dimension)",
                r"(nine|9) times",
            ),
        ),
        KeyPoint(
            "four-blocks-two-products",
            Text(zh="四个块，每块两次乘积：x W 与 h U", en="Four blocks, two products each: x W and h U"),
            (
                r"四个块",
                r"x W[\s\S]*h U",
                r"four blocks",
                r"two products",
                r"(四|4) ?个(门|块).{0,30}(两个|两次|W)",
                r"four (gates|blocks).{0,40}two",
            ),
        ),
        KeyPoint(
            "batch-and-length-linear",
            Text(zh="对 T 和 N 线性；时间步之间串行", en="Linear in T and N; steps are sequential"),
            (r"线性", r"串行", r"linear in T", r"sequential"),
        ),
        KeyPoint(
            "elementwise-negligible",
            Text(zh="逐元素运算只有 O(H)，可忽略", en="Elementwise work is O(H) and fades"),
            (r"逐元素", r"element-?wise"),
        ),
        KeyPoint(
            "backward-twice",
            Text(zh="反向约为前向的两倍，训练约三倍", en="Backward is about twice forward, training three times"),
            (
                r"反向[^。；\n]{0,60}(两倍|2\s*倍)",
                r"训练[^。；\n]{0,12}(三倍|3\s*倍)",
                r"(backward|back-prop)[\s\S]{0,120}twice",
                r"three forward passes",
            ),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(
                zh="和自注意力比，谁更省？",
                en="How does it compare with self-attention?",
            ),
            Text(
                zh="设模型宽度都是 d。LSTM 每层 8·T·d² 次乘加；自注意力是 4·T·d² 的投影加 2·T²·d 的打分与加权。T 小于约 2d 时注意力反而更少，T 很大时平方项占上风。更要紧的是串行深度：LSTM 是 T 步，注意力是常数步，所以在并行硬件上注意力训练快得多。",
                en="With model width d for both, an LSTM layer takes 8 T d² multiply-adds; self-attention takes 4 T d² for projections and 2 T² d for scores and mixing. Below about T = 2d attention is the cheaper one, for long T its square wins. What matters more is sequential depth: T for the LSTM, constant for attention, which therefore trains far faster on parallel hardware.",
            ),
        ),
        FollowUp(
            Text(
                zh="怎样在不改模型的情况下跑得更快？",
                en="How do you make it run faster without changing the model?",
            ),
            Text(
                zh="把四个块合成一次乘积；把所有时间步的 x W 提到循环外，合成一个大矩阵乘；逐元素部分融合成一个核；多层时不同层、不同时间步沿对角线并行（Appleyard 等，2016，cuDNN 的做法）；批次里按长度分桶，少算填充。",
                en="One product for the four blocks; x W of all steps as one large product outside the loop; the elementwise part fused into one kernel; in a stack, layers and steps along a diagonal in parallel (Appleyard et al., 2016, as cuDNN does); batches bucketed by length so that less padding is computed.",
            ),
        ),
        FollowUp(
            Text(
                zh="怎样减少计算量本身？",
                en="And how do you cut the work itself?",
            ),
            Text(
                zh="投影 LSTM（Sak 等，2014）让 h 只有 P 维，循环项从 4H·H 降到 4H·P + H·P；GRU 少一个块，是 3/4；再往后是剪枝、低秩分解和 8 位量化。",
                en="A projected LSTM (Sak et al., 2014) gives h only P numbers, and the recurrent term falls from 4H·H to 4H·P + H·P; a GRU drops a block, which leaves 3/4; beyond that, pruning, low rank and 8-bit weights.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="先只看一步：有哪些矩阵乘，各是多大？",
            en="Look at one step: which matrix products are there, and how large?",
        ),
        Text(
            zh="四个块，每块一个 D×H 和一个 H×H 的乘积；再乘上步数和批大小。",
            en="Four blocks, each with a D by H and an H by H product; then times steps and batch.",
        ),
        Text(zh="T · N · 4H · (D + H)。", en="T · N · 4H · (D + H)."),
    ),
    drills=(
        NumberDrill(
            id="lstm-cost-macs",
            ask=Text(
                zh="T = {T}，N = {N}，D = {D}，H = {H}，单层 LSTM 前向的矩阵乘一共多少次乘加？",
                en="T = {T}, N = {N}, D = {D}, H = {H}: how many multiply-adds in the matrix products of one LSTM layer's forward pass?",
            ),
            draw=_sizes,
            answer=_macs,
            why=Text(
                zh="T · N · 4H · (D + H) = {T} × {N} × 4 × {H} × ({D} + {H}) = {answer}。",
                en="T · N · 4H · (D + H) = {T} × {N} × 4 × {H} × ({D} + {H}) = {answer}.",
            ),
        ),
        NumberDrill(
            id="lstm-cost-ratio",
            ask=Text(
                zh="D = {D}，H = {H}。真实乘加次数是 T·N·4H² 的几倍？",
                en="D = {D}, H = {H}. How many times T N 4H² is the true number of multiply-adds?",
            ),
            draw=_ratio_sizes,
            answer=_ratio,
            why=Text(
                zh="(D + H) / H = {k} + 1 = {answer:g}。",
                en="(D + H) / H = {k} + 1 = {answer:g}.",
            ),
        ),
        NumberDrill(
            id="lstm-cost-doubling",
            ask=Text(
                zh="D = {D} 不变，H 从 {H} 加倍。乘加次数变为原来的几倍？（误差 1% 以内）",
                en="D = {D} stays, H doubles from {H}. By what factor do the multiply-adds grow? (within 1%)",
            ),
            draw=_doubled,
            answer=_growth,
            why=Text(
                zh="2 · ({D} + 2 × {H}) / ({D} + {H}) = {answer:.4g}；介于 2（输入占大头）与 4（循环占大头）之间。",
                en="2 · ({D} + 2 × {H}) / ({D} + {H}) = {answer:.4g}; between 2 (the input dominates) and 4 (the recurrence dominates).",
            ),
            tolerance=0.01,
        ),
        ChoiceDrill(
            id="lstm-cost-which-grows",
            ask=Text(
                zh="D = 4096，H = 64。想让前向的乘加次数大致减半，哪一项改动管用？",
                en="D = 4096, H = 64. Which change roughly halves the multiply-adds of the forward pass?",
            ),
            options=(
                Text(zh="把输入降到 2048 维", en="Bring the input down to 2048"),
                Text(zh="步数减半、批大小加倍", en="Halve the length and double the batch"),
                Text(zh="把 U 换成对角矩阵", en="Make U diagonal"),
                Text(zh="把 sigmoid 换成 hard sigmoid", en="Replace sigmoid by hard sigmoid"),
            ),
            right=0,
            why=Text(
                zh="D + H 里 4096 对 64：输入项占 98%。对角化 U 只省 2% 不到；激活函数不含矩阵乘；步数减半、批加倍，T·N 不变。",
                en="In D + H it is 4096 against 64: the input term is 98%. A diagonal U saves under 2%, activations hold no product, and half the length with twice the batch leaves T N as it was.",
            ),
        ),
        ChoiceDrill(
            id="lstm-cost-training",
            ask=Text(
                zh="训练一步（前向加反向，不重算）的乘加次数大约是前向的几倍？",
                en="A training step (forward and backward, nothing recomputed) takes about how many times the forward pass's multiply-adds?",
            ),
            options=(
                Text(zh="3 倍", en="3 times"),
                Text(zh="2 倍", en="2 times"),
                Text(zh="4 倍", en="4 times"),
                Text(zh="T 倍", en="T times"),
            ),
            right=0,
            why=Text(
                zh="前向两个乘积，反向四个同样大小的乘积（对输入、对状态、对 W、对 U），合计 3 倍。",
                en="Two products forward, four of the same size backward (to the input, to the state, to W, to U): 3 times in all.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-cost-notes",
            claim=Text(
                zh="序列长 T、隐藏维 H 时，LSTM 的计算量与 T·H² 成正比，与输入维度无关。",
                en="With length T and hidden size H an LSTM's work is proportional to T H², whatever the input size.",
            ),
            holds=False,
            why=Text(
                zh="还有输入项 T·N·4H·D。D 固定而 H 很大时才由 H² 主导。",
                en="There is the input term T N 4H D. Only with D fixed and H large does H² dominate.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-cost-hoist",
            claim=Text(
                zh="x W 的计算可以不等前一步的状态，对全部时间步一次做完。",
                en="The products x W need not wait for the previous state and can be done for all steps at once.",
            ),
            holds=True,
            why=Text(
                zh="只有 h U 依赖上一步。提出 x W 后循环里只剩一个乘积，快速实现都这样做。",
                en="Only h U depends on the step before. With x W taken out, one product is left in the loop, as every fast implementation has it.",
            ),
        ),
        FormulaDrill(
            id="lstm-cost-fused",
            ask=Text(
                zh="写出四个块合在一起的预激活 a (N, 4H)：x (N, D)，h (N, H)，W (D, 4H)，U (H, 4H)，b (4H,)。",
                en="Write the pre-activations a (N, 4H) of all four blocks at once: x (N, D), h (N, H), W (D, 4H), U (H, 4H), b (4H,).",
            ),
            variables={
                "x": ("N", "D"),
                "h": ("N", "H"),
                "W": ("D", (4, "H")),
                "U": ("H", (4, "H")),
                "b": ((4, "H"),),
            },
            answer="x @ W + h @ U + b",
            why=Text(
                zh="两个矩阵乘就是全部的大头：N·D·4H 加 N·H·4H。",
                en="The two products are nearly all of the work: N D 4H and N H 4H.",
            ),
            wrong=(
                ("x @ W + h @ U", Text(zh="漏了偏置。", en="The bias is missing.")),
                ("x @ W + b", Text(zh="漏了循环项 h U。", en="The recurrent term h U is missing.")),
            ),
        ),
        OrderDrill(
            id="lstm-cost-order",
            ask=Text(
                zh="T = 100，N = 1，D = 512，H = 256。按乘加次数从大到小排列。",
                en="T = 100, N = 1, D = 512, H = 256. Order by multiply-adds, largest first.",
            ),
            steps=(
                Text(zh="反向传播里的全部矩阵乘", en="all products of the backward pass"),
                Text(zh="前向里全部的 x W", en="all products x W of the forward pass"),
                Text(zh="前向里全部的 h U", en="all products h U of the forward pass"),
                Text(zh="前向里全部的逐元素乘法", en="all elementwise products of the forward pass"),
            ),
            why=Text(
                zh="反向是前向合计的 2 倍；x W 与 h U 之比是 D : H = 2 : 1；逐元素乘法每步只有 3H 次。",
                en="Backward is twice the whole forward pass; x W to h U is D : H = 2 : 1; elementwise products are only 3H a step.",
            ),
        ),
    ),
    tasks=("lstm-macs",),
    experiment="lstm_cost",
    sources=(
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "Neural Computation 9(8), doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "H. Sak, A. Senior, F. Beaufays",
            2014,
            "Long short-term memory based recurrent neural network architectures for large vocabulary speech recognition",
            "arXiv:1402.1128",
            "sections 3.2 and 4",
        ),
        Source(
            "J. Appleyard, T. Kočiský, P. Blunsom",
            2016,
            "Optimizing performance of recurrent neural networks on GPUs",
            "arXiv:1604.01946",
        ),
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "Table 1"),
    ),
    tags=("lstm", "cost"),
)
