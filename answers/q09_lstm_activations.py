"""Which activation stands where in an LSTM, and why not another."""

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
    Question,
    Source,
    Text,
    TrueFalseDrill,
)


def _preactivation(random: Random) -> dict[str, float]:
    return {"a": random.choice((-10, -9, -8, -7, -6, -4, -2, -1, 1, 2, 3))}


def _gate(a: float) -> float:
    import numpy as np

    from rnnref import sigmoid

    return float(sigmoid(np.array(float(a))))


def _gate_slope(a: float) -> float:
    gate = _gate(a)
    return gate * (1 - gate)


def _slope_at(random: Random) -> dict[str, float]:
    return {"a": random.choice((-4, -3, -2, -1, 0, 1, 2, 3, 4))}


def _steps(random: Random) -> dict[str, float]:
    return {"T": random.randint(10, 500), "f": random.choice((0.5, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99))}


def _largest_c(T: int, f: float) -> float:
    left = 0.0
    for _ in range(T):
        left = f * left + 1
    return left


QUESTION = Question(
    id="lstm-activations",
    section="2.4",
    title=Text(zh="LSTM 里的 sigmoid 与 tanh 各在何处", en="Where sigmoid and tanh stand in an LSTM"),
    ask=Text(
        zh="LSTM 里哪些地方用 sigmoid，哪些地方用 tanh？能互换吗？换成 ReLU 行不行？",
        en="Where does an LSTM use sigmoid and where tanh? Could they trade places? Would ReLU do?",
    ),
    notes=(
        NotesClaim(
            id="two-activations",
            claim=Text(
                zh="只有两条：门用 sigmoid，输出用 tanh。",
                en="Two lines: sigmoid for the gates, tanh for the output.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="不完整。一共五处：i、f、o 三个门用 sigmoid；候选值 g 用 tanh；输出处对 c_new 再取一次 tanh。笔记漏了候选值。",
                en="Incomplete. There are five places: sigmoid for the gates i, f and o, tanh for the candidate g, and tanh once more on c_new at the output. The notes leave out the candidate.",
            ),
            matters=Text(
                zh="照笔记写代码的人会忘掉候选值的 tanh，或拿 sigmoid 当候选值，于是写入只会让记忆增大。",
                en="Code written from the notes forgets the candidate's tanh, or has a sigmoid there, and then no write can lower the memory.",
            ),
            evidence=("candidate-signed", "c-grows-at-most-by-one", "relu-candidate-unbounded"),
        ),
        NotesClaim(
            id="output-is-tanh",
            claim=Text(
                zh="“输出用 tanh”容易被读成“输出门用 tanh”。",
                en="Tanh for the output is easily read as tanh for the output gate.",
            ),
            verdict=NotesVerdict.WRONG,
            truth=Text(
                zh="输出门是门，用 sigmoid；tanh 作用在 c_new 上，两者相乘得到 h = o * tanh(c_new)。门若用 tanh 就可能为负，把内容的符号翻转。",
                en="The output gate is a gate and uses sigmoid; the tanh acts on c_new, and the two multiply to h = o * tanh(c_new). A gate through tanh can turn negative and flip the content's sign.",
            ),
            matters=Text(
                zh="能把“门”和“内容”分开讲，说明理解了两类量：比例与带符号的值。",
                en="Telling gates from content shows that you know the two kinds of quantity: proportions, and signed values.",
            ),
            evidence=("gates-above-zero", "gates-below-one", "tanh-gate-flips-sign", "output-tanh-bounds-h"),
        ),
    ),
    spoken=Text(
        zh="一共五处。三个门用 sigmoid，因为门是比例，要落在 0 到 1 之间。候选值用 tanh，因为它是要写进记忆的内容，应当有正有负，而且有界，每一步最多改变 1。最后对 c 再取一次 tanh，因为 c 是累加出来的，可能超出正负 1，取 tanh 后 h 才有界。门换成 tanh 会变负，把记忆的符号翻过来；候选值换成 ReLU，写入就只增不减、没有上界，c 可能指数增长。",
        en="There are five places. The three gates use sigmoid, because a gate is a proportion and has to lie between zero and one. The candidate uses tanh: it is content written to memory, so it should take both signs and be bounded, changing c by at most one a step. And c goes through tanh once more at the output, because c accumulates and can leave plus or minus one, while h should stay bounded. A gate through tanh could turn negative and flip the memory's sign; a ReLU candidate is never negative and has no bound, so c can grow exponentially.",
    ),
    whiteboard=Text(
        zh="""\
五处非线性，两种角色：

    i = σ(a_i)        (0, 1)      门：写入的比例
    f = σ(a_f)        (0, 1)      门：保留的比例
    o = σ(a_o)        (0, 1)      门：露出的比例
    g = tanh(a_g)     (-1, 1)     内容：有正有负
    c = f * c + i * g             |c_t| ≤ t（从 0 起步），可以超过 1
    h = o * tanh(c)   (-1, 1)     露出前再压一次

为什么门用 sigmoid：

- 门是比例，0 表示全关，1 表示全开，乘上去只缩放、不变号。
- 换成 tanh：预激活为 -1 时 c 变成 -0.76 c，记忆被翻转。
- 换成 ReLU：没有上界，f > 1 时 c 逐步放大，f = 0 又是死门。

为什么候选值用 tanh：

- 零均值、有正有负，记忆既能加也能减；用 sigmoid，写入就只增不减。
- 有界：每步至多改变 1，c 至多线性增长。换成 ReLU 再经反馈，c 可以按 (1 + u)^t 增长。

为什么输出再取一次 tanh：c 没有固定的界，不压一次，h 也就无界，再经 U 反馈回去会放大。

顺带两个常考的式子：

    tanh(x) = 2 σ(2x) - 1
    σ' = σ (1 - σ) ≤ 1/4      tanh' = 1 - tanh² ≤ 1

数值上，σ(x) = 1 / (1 + exp(-x)) 在 x 很负时 exp 会溢出；按符号分两支，只算 exp(-|x|)。
""",
        en="""\
Five nonlinearities in two roles:

    i = σ(a_i)        (0, 1)      gate: share to write
    f = σ(a_f)        (0, 1)      gate: share to keep
    o = σ(a_o)        (0, 1)      gate: share to show
    g = tanh(a_g)     (-1, 1)     content, of either sign
    c = f * c + i * g             |c_t| ≤ t (from 0), may pass 1
    h = o * tanh(c)   (-1, 1)     squashed once more before it shows

Why gates use sigmoid:

- A gate is a proportion: 0 is shut, 1 is open, and multiplying by it scales without changing the sign.
- With tanh: a pre-activation of -1 makes c into -0.76 c; the memory is flipped.
- With ReLU: no upper bound, f > 1 amplifies c step by step, and f = 0 is a dead gate.

Why the candidate uses tanh:

- Centred and signed, so memory can be added to and taken from; with a sigmoid it only goes up.
- Bounded: at most 1 a step, so c grows linearly at most. With ReLU and feedback c can grow as (1 + u)^t.

Why tanh again at the output: c has no fixed bound; unsquashed, h would have none either, and U feeds it back to grow.

Two formulas that are often asked for as well:

    tanh(x) = 2 σ(2x) - 1
    σ' = σ (1 - σ) ≤ 1/4      tanh' = 1 - tanh² ≤ 1

Numerically, exp overflows in σ(x) = 1 / (1 + exp(-x)) where x is very negative; take two branches and only ever exp(-|x|).
""",
    ),
    key_points=(
        KeyPoint(
            "gates-sigmoid",
            Text(
                zh="三个门用 sigmoid，因为门是 0 到 1 的比例", en="The three gates use sigmoid: proportions in 0 .. 1"
            ),
            (
                r"门[^。；\n]{0,10}(sigmoid|σ)",
                r"gates? (\w+ ){0,3}(sigmoid|σ)",
                r"(sigmoid|σ) (for|on|in) (the |all )?(three )?gates",
                r"[ifo] = σ",
            ),
        ),
        KeyPoint(
            "candidate-tanh",
            Text(zh="候选值用 tanh：有正有负且有界", en="The candidate uses tanh: signed and bounded"),
            (
                r"候选[^。；\n]{0,10}tanh",
                r"g\s*=\s*tanh",
                r"candidate (\w+ ){0,3}tanh",
                r"tanh (for|on) the candidate",
            ),
        ),
        KeyPoint(
            "output-tanh",
            Text(
                zh="输出处对 c 再取一次 tanh，使 h 有界",
                en="c goes through tanh once more at the output, which bounds h",
            ),
            (
                r"再取一次\s*tanh",
                r"o\s*[*⊙·×]\s*tanh",
                r"对\s*c[^。；\n]{0,8}tanh",
                r"tanh (once more|again)",
                r"tanh (of|on) (the )?(c\b|cell state)",
                r"\bc\b.{0,4}再.{0,3}一次 ?tanh",
            ),
        ),
        KeyPoint(
            "output-gate-is-sigmoid",
            Text(zh="输出门是门，用 sigmoid，不是 tanh", en="The output gate is a gate: sigmoid, not tanh"),
            (
                r"输出门[^。；\n]{0,12}(sigmoid|σ)",
                r"o\s*=\s*σ",
                r"三个门[^。；\n]{0,8}(sigmoid|σ)",
                r"output gate (\w+ ){0,4}(sigmoid|σ)",
                r"three gates (\w+ ){0,2}(sigmoid|σ)",
            ),
        ),
        KeyPoint(
            "tanh-gate-flips",
            Text(
                zh="门换成 tanh 会变负，翻转记忆的符号",
                en="A gate through tanh turns negative and flips the memory's sign",
            ),
            (r"翻(转|过来)", r"flip", r"(符号|变负)", r"negative"),
        ),
        KeyPoint(
            "relu-unbounded",
            Text(zh="换成 ReLU 没有上界，c 可能指数增长", en="ReLU has no bound, so c can grow exponentially"),
            (
                r"relu[^。；\n]{0,22}(上界|无界|增长|爆)",
                r"relu[^.]{0,60}(bound|grow|explod)",
            ),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="为什么不用 ReLU？", en="Why not ReLU?"),
            Text(
                zh="做门不行：比例需要上界 1，而 ReLU 大于 1 时会放大记忆，等于 0 时梯度也断了。做候选值有风险：只能往上加，又没有界，经 U 反馈会指数增长。ReLU 在循环网络里要配单位阵初始化和梯度裁剪才稳（Le 等，2015），而且换成它之后就用不上 cuDNN 的 LSTM 内核，GPU 上会慢不少。",
                en="Not as a gate: a proportion needs the bound 1, and above it ReLU amplifies memory, while at 0 its gradient is gone too. As the candidate it is risky: it only adds, has no bound, and feedback through U makes it exponential. In a recurrent net ReLU wants an identity start and clipping to be steady (Le et al., 2015), and using it rules out cuDNN's LSTM kernel, which costs a lot of speed on a GPU.",
            ),
        ),
        FollowUp(
            Text(
                zh="输出处的那个 tanh 可以去掉吗？",
                en="Could the tanh at the output be left out?",
            ),
            Text(
                zh="Greff 等人（2017）的消融里，去掉它和去掉遗忘门一样，是损失最大的两项改动：h 失去上界，反馈不稳。GRU 不需要它，因为 h 本身是旧 h 与候选值的加权平均，始终在 [-1, 1] 之内。",
                en="In the ablation of Greff et al. (2017) leaving it out was, with leaving out the forget gate, the change that hurt most: h loses its bound and feedback gets unsteady. A GRU needs none, because h is a weighted mean of the old h and the candidate and stays within [-1, 1].",
            ),
        ),
        FollowUp(
            Text(
                zh="什么是 hard sigmoid？用它有什么得失？",
                en="What is a hard sigmoid, and what is gained and lost with it?",
            ),
            Text(
                zh="用折线代替 sigmoid，例如 clip(0.2 x + 0.5, 0, 1)：不用算 exp，适合定点硬件和量化；代价是 |x| > 2.5 处导数恰好为 0，而且数值与 sigmoid 不同，权重不能直接混用。早期 Keras 的门默认就是它，现在默认是 sigmoid；ONNX 算子里它的默认参数也是 0.2 和 0.5。",
                en="A broken line in place of the sigmoid, such as clip(0.2 x + 0.5, 0, 1): no exp, which suits fixed-point hardware and quantisation. The price is a derivative of exactly 0 beyond |x| = 2.5, and values that differ from a sigmoid's, so weights cannot be mixed. Early Keras had it as the gates' default and now has sigmoid; ONNX gives it the defaults 0.2 and 0.5.",
            ),
        ),
        FollowUp(
            Text(
                zh="门一定要是 sigmoid 吗？有没有更强的门？",
                en="Must a gate be a sigmoid, or are there stronger ones?",
            ),
            Text(
                zh="不一定，只要非负、可控。xLSTM（Beck 等，2024）用指数门：输入门取 exp，没有上界，另用一个归一化状态除回来，好处是后来的重要输入能压过先前写入的内容。",
                en="Not necessarily; it must be non-negative and under control. xLSTM (Beck et al., 2024) has exponential gates: the input gate is an exp without bound, and a normaliser state divides it out again, so that a later, weightier input can override what was stored before.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="先把六个量分成两类：谁是比例，谁是内容？",
            en="Sort the six quantities first: which are proportions, which are content?",
        ),
        Text(
            zh="比例要在 0 到 1 之间；内容要有正有负、有界；累加出来的量露出前还要再压一次。",
            en="A proportion lies in 0 .. 1; content is signed and bounded; what accumulates is squashed again before it shows.",
        ),
        Text(
            zh="i、f、o 用 σ；g 用 tanh；h = o * tanh(c_new)。一共五处。",
            en="σ for i, f, o; tanh for g; h = o * tanh(c_new). Five places in all.",
        ),
    ),
    drills=(
        NumberDrill(
            id="lstm-activations-gate",
            ask=Text(
                zh="一个门的预激活是 {a}。门的值是多少？（误差 1% 以内）",
                en="A gate's pre-activation is {a}. What is the gate's value? (within 1%)",
            ),
            draw=_preactivation,
            answer=_gate,
            why=Text(
                zh="σ({a}) = {answer:.4g}。很负的一端近似为 exp(x)，不会变成 0。",
                en="σ({a}) = {answer:.4g}. Far on the negative side it is about exp(x), not 0.",
            ),
            tolerance=0.01,
        ),
        NumberDrill(
            id="lstm-activations-slope",
            ask=Text(
                zh="预激活是 {a} 时，sigmoid 门的导数是多少？（误差 1% 以内）",
                en="What is the derivative of a sigmoid gate at pre-activation {a}? (within 1%)",
            ),
            draw=_slope_at,
            answer=_gate_slope,
            why=Text(
                zh="σ(1 - σ) = {answer:.4g}；最大值在 0 处，是 1/4。",
                en="σ(1 - σ) = {answer:.4g}; the largest, at 0, is 1/4.",
            ),
            tolerance=0.01,
        ),
        NumberDrill(
            id="lstm-activations-bound",
            ask=Text(
                zh="c 从 0 起步，遗忘门一直是 {f}，输入门不超过 1，候选值用 tanh。{T} 步之后 c 最大能接近多少（最小的上界）？（误差 1% 以内）",
                en="c starts at 0, the forget gate stays at {f}, the input gate is at most 1, the candidate uses tanh. How large can c come to be after {T} steps (its least upper bound)? (within 1%)",
            ),
            draw=_steps,
            answer=_largest_c,
            why=Text(
                zh="每步至多加 1，再按 f 衰减：1 + f + f² + … = (1 - f^{T}) / (1 - f) = {answer:.4g}。",
                en="At most 1 is added a step and decays by f: 1 + f + f² + ... = (1 - f^{T}) / (1 - f) = {answer:.4g}.",
            ),
            tolerance=0.01,
        ),
        FormulaDrill(
            id="lstm-activations-tanh",
            ask=Text(
                zh="用 sigmoid 写出 tanh(x)，不用 tanh 和 exp。", en="Write tanh(x) with sigmoid, without tanh and exp."
            ),
            variables={"x": ("N", "H")},
            without=("tanh", "exp"),
            answer="2 * sigmoid(2 * x) - 1",
            why=Text(
                zh="把 (0, 1) 拉伸平移到 (-1, 1)，自变量也要乘 2。把四个块合成一次 tanh 来算的快速实现就靠这个式子。",
                en="(0, 1) is stretched and shifted to (-1, 1), and the argument doubles. Fast kernels that take all four blocks through one tanh rest on this.",
            ),
            wrong=(
                (
                    "2 * sigmoid(x) - 1",
                    Text(
                        zh="自变量没乘 2：得到的是 tanh(x / 2)。",
                        en="The argument is not doubled: that is tanh(x / 2).",
                    ),
                ),
                ("sigmoid(2 * x)", Text(zh="范围还停在 (0, 1)。", en="The range is still (0, 1).")),
                (
                    "2 * sigmoid(2 * x)",
                    Text(zh="忘了减 1：范围是 (0, 2)。", en="The 1 is not subtracted: the range is (0, 2)."),
                ),
            ),
        ),
        FormulaDrill(
            id="lstm-activations-stable",
            ask=Text(
                zh="x 全为负数，exp(-x) 会溢出；已经算好 e = exp(x)，在 0 与 1 之间。只用 e 写出 σ(x)。",
                en="x is negative, so exp(-x) can overflow; e = exp(x), between 0 and 1, is computed already. Write σ(x) with e alone.",
            ),
            variables={"e": ("N", "H")},
            unit=("e",),
            answer="e / (1 + e)",
            why=Text(
                zh="1 / (1 + exp(-x)) 的分子分母同乘 exp(x)，只剩 exp(x) ≤ 1，不会溢出。",
                en="Multiply 1 / (1 + exp(-x)) above and below by exp(x): only exp(x) ≤ 1 is left, which cannot overflow.",
            ),
            wrong=(
                (
                    "1 / (1 + e)",
                    Text(zh="这是 σ(-x) = 1 - σ(x)。", en="That is σ(-x) = 1 - σ(x)."),
                ),
                (
                    "e",
                    Text(zh="只在 x 很负时近似成立。", en="That is close only where x is very negative."),
                ),
            ),
        ),
        ChoiceDrill(
            id="lstm-activations-count",
            ask=Text(
                zh="一步标准 LSTM 里，sigmoid 与 tanh 各作用于几个 H 维向量？",
                en="In one step of a standard LSTM, how many vectors of size H go through sigmoid, and how many through tanh?",
            ),
            options=(
                Text(zh="sigmoid 3 个，tanh 2 个", en="3 through sigmoid, 2 through tanh"),
                Text(zh="sigmoid 3 个，tanh 1 个", en="3 through sigmoid, 1 through tanh"),
                Text(zh="sigmoid 4 个，tanh 1 个", en="4 through sigmoid, 1 through tanh"),
                Text(zh="sigmoid 2 个，tanh 2 个", en="2 through sigmoid, 2 through tanh"),
            ),
            right=0,
            why=Text(
                zh="sigmoid：i、f、o；tanh：候选值 g 与输出处的 c_new。漏掉候选值就会答成 3 和 1。",
                en="Sigmoid: i, f, o. Tanh: the candidate g, and c_new at the output. Forget the candidate and you answer 3 and 1.",
            ),
        ),
        ChoiceDrill(
            id="lstm-activations-sigmoid-candidate",
            ask=Text(
                zh="有人把候选值 g 的 tanh 误写成 sigmoid。最直接的后果是什么？",
                en="Someone writes sigmoid instead of tanh for the candidate g. What follows most directly?",
            ),
            options=(
                Text(
                    zh="c 从 0 起步后只会是正数，写入不能减小它",
                    en="From c = 0 on c is positive, and no write can lower it",
                ),
                Text(zh="c 的符号每步翻转，记忆来回振荡", en="c changes its sign at every step and oscillates"),
                Text(zh="c 指数增长，几十步内就会溢出", en="c grows exponentially and overflows within tens of steps"),
                Text(zh="h 会超出 (-1, 1)，输出不再有界", en="h leaves (-1, 1) and the output has no bound"),
            ),
            right=0,
            why=Text(
                zh="g > 0、i > 0，于是 i * g 恒为正；只有遗忘门能让 c 变小。仍然每步至多加 1，所以不会指数增长；输出处的 tanh 也还在。",
                en="g > 0 and i > 0, so i * g is always positive and only the forget gate can lower c. It still adds at most 1 a step, so nothing is exponential, and the tanh at the output is still there.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-activations-output-gate",
            claim=Text(zh="LSTM 的输出门用 tanh。", en="The output gate of an LSTM uses tanh."),
            holds=False,
            why=Text(
                zh="输出门是 sigmoid；tanh 作用在 c_new 上，与输出门相乘。",
                en="The output gate is a sigmoid; the tanh acts on c_new, which the gate then multiplies.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-activations-c-bounded",
            claim=Text(
                zh="LSTM 的 h 总在 (-1, 1) 之内，c 却可以超出这个范围。",
                en="An LSTM's h always lies in (-1, 1), while c can leave that range.",
            ),
            holds=True,
            why=Text(
                zh="h = o * tanh(c)，自然有界。c 每步至多增加 1，f 和 i 接近 1 时可以一路累加，这也是 LSTM 能计数的原因。",
                en="h = o * tanh(c) is bounded by itself. c gains at most 1 a step and, with f and i near 1, adds up step after step, which is what lets an LSTM count.",
            ),
        ),
    ),
    tasks=("sigmoid",),
    experiment="lstm_activations",
    sources=(
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "Neural Computation 9(8), doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink, J. Schmidhuber",
            2017,
            "LSTM: A Search Space Odyssey",
            "IEEE TNNLS 28(10), arXiv:1503.04069",
            "sections II and V",
        ),
        Source(
            "Q. V. Le, N. Jaitly, G. E. Hinton",
            2015,
            "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
            "arXiv:1504.00941",
        ),
        Source(
            "M. Beck et al.",
            2024,
            "xLSTM: Extended Long Short-Term Memory",
            "NeurIPS, arXiv:2405.04517",
        ),
        Source("ONNX contributors", 2025, "ONNX operators: LSTM, HardSigmoid", "https://onnx.ai/onnx/operators/"),
    ),
    tags=("lstm", "activations"),
)
