"""What an RNN looks like, rolled up and unrolled."""

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
    formula,
)

SPOKEN = Text(
    zh="RNN 有输入、隐藏状态和输出三层，隐藏状态带一条指回自己的连接。每一步，新状态由当前输入和上一步的状态一起算出，再由状态算输出。把循环沿时间展开，就是一个和序列一样深的前馈网络，关键在于每一步用的是同一组权重，这叫参数共享。所以参数量与长度无关，任意长的序列都能处理；训练时沿时间反向传播，共享权重的梯度是各步梯度之和。状态是对过去的摘要，大小固定。",
    en="An RNN has an input, a hidden state and an output, and the hidden state has a connection back to itself. At each step the new state is computed from the current input and the previous state, and the output from the state. Unrolled over time, the loop is a feed-forward net as deep as the sequence is long, and the point is that every step uses the same weights. So the number of parameters does not depend on the length and any length can be read. Training goes back through time, and the shared weights' gradient is the sum over the steps. The state is a summary of the past of fixed size.",
)

WHITEBOARD = Text(
    zh="""\
一步，输入 x_t (N, D)，状态 h_t (N, H)，输出 y_t (N, K)：

    h_t = tanh(x_t W + h_(t-1) U + b)      W (D, H)，U (H, H)，b (H,)
    y_t = softmax(h_t V + c)               V (H, K)，c (K,)

展开：

    h_0 → h_1 → h_2 → ... → h_T            每个箭头都是同一组 W、U、b
          ↑     ↑           ↑
          x_1   x_2         x_T

- 参数共享：参数 D·H + H·H + H 个，与 T 无关。T 份独立权重则要 T 倍，而且换个长度就用不了。
- 状态是充分的摘要：给定 h_t，以后的一切只取决于以后的输入，不必再看过去。
- 信息可以从 x_1 一直走到 h_T，路径长度是 T。
- 输入输出形式：多对一（分类）、一对多（生成）、等长多对多（标注）、不等长多对多（编码器-解码器）。

训练：沿时间反向传播（Werbos 1990）。把展开图当普通深网求导，得到每一份的梯度，再相加：

    dU = Σ_t dU_t        因为 U = U_1 = U_2 = ... = U_T

笔记用 s_t 记状态，这里记 h_t，是同一个量。""",
    en="""\
One step, input x_t (N, D), state h_t (N, H), output y_t (N, K):

    h_t = tanh(x_t W + h_(t-1) U + b)      W (D, H), U (H, H), b (H,)
    y_t = softmax(h_t V + c)               V (H, K), c (K,)

Unrolled:

    h_0 → h_1 → h_2 → ... → h_T          every arrow holds the same W, U, b
          ↑     ↑           ↑
          x_1   x_2         x_T

- Weight sharing: D·H + H·H + H parameters, whatever T is. T separate sets would be T times as many, and useless for another length.
- The state is a sufficient summary: given h_t, all that follows depends on later inputs only; the past need not be seen again.
- Information can go from x_1 all the way to h_T, on a path of length T.
- Shapes of use: many to one (classify), one to many (generate), many to many of equal length (tag), of different lengths (encoder-decoder).

Training: back-propagation through time (Werbos 1990). Differentiate the unrolled graph as an ordinary deep net, then add up the copies:

    dU = Σ_t dU_t        because U = U_1 = U_2 = ... = U_T

The notes write s_t for the state, here it is h_t: the same quantity.""",
)

KEY_POINTS = (
    KeyPoint(
        "recurrence",
        Text(
            zh="新状态由当前输入和上一步状态共同决定",
            en="The new state comes from the current input and the previous state",
        ),
        (
            r"(当前|此刻|这一步).{0,10}输入.{0,12}(上一步|上一时刻|前一步).{0,8}状态",
            r"x_?t.{0,20}[hs]_?[({]?t ?[-−] ?1",
            r"current input.{0,20}previous (hidden )?state",
            r"previous (hidden )?state.{0,20}(current )?input",
        ),
    ),
    KeyPoint(
        "sharing",
        Text(zh="每一步用同一组权重（参数共享）", en="Every step uses the same weights (weight sharing)"),
        (
            r"(参数|权重)共享|共享(参数|权重)",
            r"同一(组|套|份)(权重|参数)",
            r"same weights|(weights|parameters) are (shared|tied|the same)",
            r"weight (sharing|tying)|shared? (the )?(weights|parameters)",
        ),
    ),
    KeyPoint(
        "unrolled",
        Text(
            zh="沿时间展开是一个深度等于序列长度的前馈网络",
            en="Unrolled over time it is a feed-forward net as deep as the sequence",
        ),
        (r"展开", r"unroll|unfold"),
    ),
    KeyPoint(
        "any-length",
        Text(zh="参数量与序列长度无关", en="The number of parameters does not depend on the length"),
        (
            r"与(序列)?(长度|T) ?无关",
            r"任意长",
            r"(not|n't) depend on the (sequence )?length",
            r"whatever T is",
            r"any length",
            r"不随(序列)?长度",
            r"independent of (the )?(sequence )?length",
        ),
    ),
    KeyPoint(
        "gradient-sum",
        Text(
            zh="共享权重的梯度是各步梯度之和（沿时间反向传播）",
            en="The shared weights' gradient is the sum over steps (back-propagation through time)",
        ),
        (
            r"梯度.{0,10}(之和|求和|相加|累加)",
            r"沿时间(的)?反向传播|BPTT",
            r"sum over (the |all )?(time )?steps",
            r"back-?propagat\w+ through time",
        ),
    ),
    KeyPoint(
        "fixed-summary",
        Text(zh="状态是过去的摘要，大小固定", en="The state is a summary of the past, of fixed size"),
        (
            r"摘要|概括|记忆过去",
            r"大小固定|固定大小",
            r"summary",
            r"fixed[- ]size|of fixed size",
            r"(历史|过去)(信息)?的(压缩|总结)",
            r"维度固定|固定(的)?维度",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "depends-on-both",
        Text(
            zh="状态由当前输入与前一状态共同决定，这是结构的核心。",
            en="The state is decided by the current input and the previous state, and that is the heart of the structure.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立。还差半句：决定的方式每一步都一样，权重是共享的。没有共享，展开的 T 层只是一个普通深网，换个长度就用不了。",
            en="It holds, and lacks its other half: it is decided in the same way at every step, by shared weights. Without sharing, the T layers are an ordinary deep net that is useless for another length.",
        ),
        Text(
            zh="面试官问结构，想听的是“参数共享”这四个字，以及它对梯度意味着什么：求和。",
            en="Asked about structure, they wait for the words “weight sharing”, and for what it means for the gradient: a sum.",
        ),
        (
            "loop-is-unrolled",
            "state-is-enough",
            "first-input-reaches-last",
            "parameters-free-of-length",
            "tied-gradient-is-sum",
        ),
    ),
)


def _draw_sizes(random: Random) -> dict[str, int]:
    return {"D": random.choice((3, 5, 8, 10, 16, 32, 50)), "H": random.choice((2, 4, 6, 8, 10, 16, 20, 32))}


def _rnn_size(D: int, H: int, **unused: int) -> int:
    import rnnref

    layer = rnnref.RNN(D, H)
    return sum(p.size for name, p in layer.params.items() if name != "bias_hh_l0")


def _draw_unrolled(random: Random) -> dict[str, int]:
    return {**_draw_sizes(random), "T": random.randint(3, 20)}


def _untied(D: int, H: int, T: int) -> float:
    return T * _rnn_size(D, H)


def _draw_torch(random: Random) -> dict[str, int]:
    return {**_draw_sizes(random), "L": random.choice((1, 2, 3))}


def _torch_rnn(D: int, H: int, L: int) -> float:
    import rnnref

    return sum(p.size for p in rnnref.RNN(D, H, num_layers=L).params.values())


def _draw_scalar(random: Random) -> dict[str, float]:
    return {
        "u": random.choice((0.5, 0.6, 0.8, 1.0, 1.2)),
        "T": random.randint(2, 6),
        "h0": random.choice((1, 2, 3, -1, -2)),
    }


def _tied_scalar(u: float, T: int, h0: float) -> float:
    return T * u ** (T - 1) * h0


DRILLS = (
    NumberDrill(
        "rnn-structure-size",
        Text(
            zh="普通 RNN，输入 D = {D}，单元 H = {H}，一个偏置（不含输出层）。处理长度 {T} 的序列，共有多少个参数？",
            en="A plain RNN with D = {D} inputs, H = {H} units and one bias (no output layer) reads sequences of length {T}. How many parameters does it have?",
        ),
        _draw_unrolled,
        _rnn_size,
        Text(
            zh="{H} × ({D} + {H} + 1) = {answer:.0f}；长度 {T} 不起作用。",
            en="{H} × ({D} + {H} + 1) = {answer:.0f}; the length {T} plays no part.",
        ),
    ),
    NumberDrill(
        "rnn-structure-untied",
        Text(
            zh="普通 RNN，D = {D}，H = {H}，一个偏置。假如展开的 {T} 步各用一份权重，共有多少个参数？",
            en="A plain RNN with D = {D}, H = {H} and one bias. If each of its {T} unrolled steps had weights of its own, how many parameters would there be?",
        ),
        _draw_unrolled,
        _untied,
        Text(
            zh="{T} × {H} × ({D} + {H} + 1) = {answer:.0f}。",
            en="{T} × {H} × ({D} + {H} + 1) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "rnn-structure-torch",
        Text(
            zh="torch.nn.RNN({D}, {H}, num_layers={L}) 报告多少个参数？",
            en="How many parameters does torch.nn.RNN({D}, {H}, num_layers={L}) report?",
        ),
        _draw_torch,
        _torch_rnn,
        Text(
            zh="每层两个偏置；第一层 {H} × ({D} + {H} + 2)，其余各层 {H} × (2 × {H} + 2)：共 {answer:.0f}。",
            en="Two biases a layer; {H} × ({D} + {H} + 2) in the first, {H} × (2 × {H} + 2) in each above: {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "rnn-structure-tied-gradient",
        Text(
            zh="线性 RNN h_t = u h_(t-1)，u = {u}，h_0 = {h0}，走 {T} 步。h_{T} 对共享的 u 的导数是多少？（误差 1% 以内）",
            en="A linear RNN h_t = u h_(t-1) with u = {u}, h_0 = {h0} takes {T} steps. What is the derivative of h_{T} with respect to the shared u? (within 1%)",
        ),
        _draw_scalar,
        _tied_scalar,
        Text(
            zh="h_{T} = u^{T} h_0。{T} 份权重各贡献 u^({T} - 1) h_0，相加得 {answer:.4g}。",
            en="h_{T} = u^{T} h_0. Each of the {T} copies gives u^({T} - 1) h_0; the sum is {answer:.4g}.",
        ),
        tolerance=0.01,
    ),
    FormulaDrill(
        "rnn-structure-step",
        Text(
            zh="写出一步：输入 x (N, D)，旧状态 h (N, H)，W (D, H)，U (H, H)，b (H,)，隐藏激活用 tanh。",
            en="Write one step: input x (N, D), old state h (N, H), W (D, H), U (H, H), b (H,), tanh as hidden activation.",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "tanh(x @ W + h @ U + b)",
        Text(
            zh="当前输入与旧状态各乘一个矩阵，相加后过 tanh。",
            en="Input and old state are each multiplied by a matrix, added, and put through tanh.",
        ),
        (
            (
                "tanh(x @ W + b) + h @ U",
                Text(
                    zh="旧状态也在 tanh 里面；放在外面状态就无界了。",
                    en="The old state belongs inside tanh; outside, the state is unbounded.",
                ),
            ),
            ("tanh(x @ W + h @ U)", Text(zh="少了偏置 b。", en="The bias b is missing.")),
            (
                "tanh(x @ W + h @ U.T + b)",
                Text(zh="U 转置了：约定是 h @ U。", en="U is transposed: the convention is h @ U."),
            ),
            ("tanh(x @ W + b)", Text(zh="没有循环：旧状态 h 没用上。", en="There is no recurrence: h is not used.")),
        ),
    ),
    FormulaDrill(
        "rnn-structure-copy-gradient",
        Text(
            zh="h_new = tanh(x W + h U + b)。已知损失对 h_new 的梯度 dh (N, H)，写出这一步那份 U 的梯度 (H, H)。",
            en="h_new = tanh(x W + h U + b). Given the loss gradient dh (N, H) at h_new, write the gradient of this step's copy of U, (H, H).",
        ),
        {"h": ("N", "H"), "h_new": ("N", "H"), "dh": ("N", "H")},
        "h.T @ (dh * (1 - h_new ** 2))",
        Text(
            zh="先过 tanh 的导数，再与旧状态的转置相乘；各步的这一项加起来，就是共享 U 的梯度。",
            en="Through tanh's slope first, then times the old state's transpose; summed over the steps this is the gradient of the shared U.",
        ),
        (
            ("h.T @ dh", Text(zh="漏了 tanh 的导数 1 - h_new²。", en="tanh's slope 1 - h_new² is missing.")),
            (
                "h_new.T @ (dh * (1 - h_new ** 2))",
                Text(
                    zh="左边应是旧状态 h，U 乘的是它。",
                    en="The left factor is the old state h: that is what U multiplies.",
                ),
            ),
            (
                "(dh * (1 - h_new ** 2)).T @ h",
                Text(zh="转置了：结果是 dU 的转置。", en="That is the transpose of dU."),
            ),
        ),
    ),
    OrderDrill(
        "rnn-structure-bptt",
        Text(zh="沿时间反向传播的步骤，按先后排好。", en="Put the steps of back-propagation through time in order."),
        (
            Text(zh="从 h_0 起前向走完整段，存下每个状态", en="run forward from h_0 and keep every state"),
            Text(zh="在最后一步求损失对 h_T 的梯度", en="take the loss gradient at h_T"),
            Text(
                zh="从 T 到 1 逐步往回：过 tanh 导数，乘 U 的转置",
                en="go back from T to 1: tanh's slope, then U's transpose",
            ),
            Text(zh="把各步得到的 dW、dU、db 相加", en="add up the dW, dU and db of all steps"),
            Text(zh="用总梯度更新那一组共享权重", en="update the one shared set with the total"),
        ),
        Text(
            zh="先前向存状态，反向才有 1 - h² 可用；加总之后才更新，中途更新就不是同一组权重了。",
            en="The states kept on the way forward give 1 - h² on the way back; the update waits for the sum, or the weights would no longer be one set.",
        ),
    ),
    OrderDrill(
        "rnn-structure-dataflow",
        Text(
            zh="一步之内，数据从输入到输出依次经过什么？",
            en="Within one step, what does the data pass through from input to output?",
        ),
        (
            formula("a = x @ W + h @ U + b"),
            formula("h_new = tanh(a)"),
            formula("s = h_new @ V + c"),
            formula("y = softmax(s)"),
        ),
        Text(
            zh="先更新状态，输出再从新状态读；状态同时传给下一步。",
            en="The state is updated first and the output reads the new state, which also goes to the next step.",
        ),
    ),
    TrueFalseDrill(
        "rnn-structure-markov",
        Text(
            zh="给定 h_t 和以后的输入，以后的状态就完全确定，与 x_1 到 x_t 具体是什么无关。",
            en="Given h_t and the later inputs, all later states are determined, whatever x_1 to x_t were.",
        ),
        True,
        Text(
            zh="过去只能通过 h_t 起作用：它是瓶颈，也是摘要。",
            en="The past acts only through h_t, which is both bottleneck and summary.",
        ),
    ),
    TrueFalseDrill(
        "rnn-structure-longer",
        Text(
            zh="训练时序列长 50，要处理长 200 的序列就得给 RNN 增加参数。",
            en="Trained on sequences of 50, an RNN needs more parameters to read sequences of 200.",
        ),
        False,
        Text(
            zh="同一组权重反复使用，长度不限；能不能记住那么久是另一回事。",
            en="The same weights are used again and again, for any length; whether it remembers that long is another matter.",
        ),
    ),
    ChoiceDrill(
        "rnn-structure-sum-or-mean",
        Text(
            zh="共享权重 U 的梯度与展开后各份 U_t 的梯度是什么关系？",
            en="How is the shared U's gradient related to those of the unrolled copies U_t?",
        ),
        (
            Text(zh="等于各份之和", en="it is their sum"),
            Text(zh="等于各份平均", en="it is their mean"),
            Text(zh="等于最后一份", en="it is the last one"),
            Text(zh="等于各份之积", en="it is their product"),
        ),
        0,
        Text(
            zh="链式法则：U 同时出现在 T 处，各处的偏导相加。连乘的是沿 h 传回来的雅可比，不是各份梯度。",
            en="The chain rule: U occurs in T places, so the partial derivatives add up. What is multiplied are the Jacobians along h, not the copies' gradients.",
        ),
    ),
)

QUESTION = Question(
    id="rnn-structure",
    section="1.2",
    title=Text(zh="RNN 的循环与展开", en="The loop of an RNN, and the loop unrolled"),
    ask=Text(
        zh="画一下 RNN 的结构，并说明“循环”体现在哪里。",
        en="Draw an RNN, and tell me where the recurrence is.",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(
                zh="共享权重的梯度为什么是求和而不是平均？",
                en="Why is the shared weights' gradient a sum and not a mean?",
            ),
            Text(
                zh="把 U 想成 T 份 U_1 到 U_T，都等于 U。损失是这 T 个变量的函数，再令它们都等于 U，链式法则给出 dU = Σ dU_t，每一项的系数是 1。序列越长，项数越多，所以损失常按步数取平均，否则学习率要随长度调整。",
                en="Think of U as T copies U_1 to U_T that all equal U. The loss is a function of these T variables; setting all equal to U, the chain rule gives dU = Σ dU_t with a factor of 1 each. The longer the sequence the more terms, so the loss is usually averaged over steps, or the learning rate would have to follow the length.",
            ),
        ),
        FollowUp(
            Text(
                zh="PyTorch 的 RNN 为什么有两个偏置？",
                en="Why does PyTorch's RNN have two biases?",
            ),
            Text(
                zh="它沿用 cuDNN 的接口：bias_ih 与 bias_hh。对普通 RNN 两者只是相加，多余一个，参数数成 H(D + H + 2)；梯度完全相同。",
                en="It follows cuDNN's interface: bias_ih and bias_hh. In a plain RNN they are only added, so one is redundant and the count is H(D + H + 2); their gradients are identical.",
            ),
        ),
        FollowUp(
            Text(
                zh="Elman 网络和 Jordan 网络有什么区别？",
                en="How do Elman and Jordan networks differ?",
            ),
            Text(
                zh="Elman（1990）把上一步的隐藏状态接回来，就是今天说的普通 RNN；Jordan（1986）接回来的是上一步的输出。后者的记忆受输出维度限制，但训练时可以用真实输出代替（teacher forcing），各步便能并行。",
                en="Elman (1990) feeds back the previous hidden state, which is today's plain RNN; Jordan (1986) feeds back the previous output. The latter's memory is limited by the output's size, but in training the true output can stand in (teacher forcing), so the steps can run in parallel.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="状态从哪里来？画一个指回自己的箭头，再把它拉直。",
            en="Where does the state come from? Draw the arrow back to itself, then pull it straight.",
        ),
        Text(zh="拉直之后每一层用的是谁的权重？", en="Pulled straight, whose weights does each layer use?"),
        Text(
            zh="h_t = tanh(x_t W + h_(t-1) U + b)，每一步同一组 W、U、b；dU = Σ_t dU_t。",
            en="h_t = tanh(x_t W + h_(t-1) U + b), the same W, U, b at every step; dU = Σ_t dU_t.",
        ),
    ),
    drills=DRILLS,
    tasks=("rnn-backward",),
    experiment="rnn_structure",
    sources=(
        Source("J. L. Elman", 1990, "Finding Structure in Time", "doi:10.1207/s15516709cog1402_1"),
        Source(
            "P. J. Werbos", 1990, "Backpropagation Through Time: What It Does and How to Do It", "doi:10.1109/5.58337"
        ),
        Source(
            "I. Goodfellow, Y. Bengio, A. Courville",
            2016,
            "Deep Learning",
            "https://www.deeplearningbook.org/",
            "chapter 10",
        ),
    ),
    tags=("rnn", "structure"),
)
