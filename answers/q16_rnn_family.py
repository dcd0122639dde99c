"""What recurrent networks have in common: a memory that is read on from step to step, and its limits."""

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
    zh="RNN、LSTM、GRU 的共同点是按次序读序列，每步用同一组参数，把读到的东西压进一个固定大小的状态，再传给下一步。好处是能接任意长度的输入，推理时每步的时间和内存都不变。代价有三：状态大小固定，离得越远的内容越读不出来；训练时时间上不能并行；单向的模型只看得见过去。三者的差别在怎么写状态：普通 RNN 每步整个重写，LSTM 和 GRU 靠门决定留什么、写什么，但留什么是训练学来的，不是结构白送的。",
    en="RNN, LSTM and GRU all read a sequence in order, apply the same parameters at every step, and press what they have read into a state of fixed size that goes on to the next step. So they take any length, and at inference each step costs the same time and memory. There are three prices: the state has a fixed size, so older content fades; training cannot run in parallel over time; and one direction sees only the past. They differ in how the state is written: a plain RNN rewrites all of it, gates decide what stays. What stays has to be learned.",
)

WHITEBOARD = Text(
    zh="""\
三种单元是同一个循环，只是 step 不同：

    h = h0
    for t in 0 .. T-1:
        h = step(x[t], h)        W、U、b 每一步都是同一组
        y[t] = readout(h)

    RNN    h_new = tanh(x W + h U + b)          整个重写
    LSTM   c_new = f * c + i * g                留与写由两个门分管
           h_new = o * tanh(c_new)
    GRU    h_new = (1 - z) * n + z * h          留与写此消彼长

共同的好处：

- 长度任意；参数量与 T 无关；逐步推理时每步 O(1) 的时间与内存。
- 次序天然在内：换一个次序，状态就不同。

共同的限制：

- 状态大小固定，是有损压缩。线性探针从 h[t] 读 x[t-k]：k 一大，就与瞎猜无异。
- 只看过去；要看两边得用双向，那就不能边读边答。
- h[t] 要等 h[t-1]，训练时沿时间不能并行。

“保留有用的信息”是学出来的：

- 随机权重下，普通 RNN 反而比带门的读得回更多步：门在 1/2 附近，把前后各步混成一团。
- 训练它们记住词首字母之后，LSTM 与 GRU 隔着四步以上仍大多读得回；更近却没用的第二个字母就丢了。""",
    en="""\
The three cells are one loop with different steps:

    h = h0
    for t in 0 .. T-1:
        h = step(x[t], h)        the same W, U, b at every step
        y[t] = readout(h)

    RNN    h_new = tanh(x W + h U + b)     rewrites all of it
    LSTM   c_new = f * c + i * g           a gate each to keep and to write
           h_new = o * tanh(c_new)
    GRU    h_new = (1 - z) * n + z * h     writing displaces what is kept

What they gain:

- Any length; parameters independent of T; at inference O(1) time and memory a step.
- Order is built in: another order gives another state.

What they pay:

- A state of fixed size is a lossy summary. A linear probe reads x[t-k] from h[t]: once k is large it does no better than guessing.
- They see the past only; both sides need a bidirectional net, which cannot answer while it reads.
- h[t] waits for h[t-1], so training is not parallel over time.

“Keeps what is useful” is learned:

- With random weights the plain RNN recovers more steps than the gated cells, whose gates near 1/2 blur the steps into each other.
- Trained to keep the first letter of a word, LSTM and GRU mostly still know it four or more steps on; the second letter, nearer but useless, is gone.""",
)

KEY_POINTS = (
    KeyPoint(
        "in-order",
        Text(
            zh="按次序逐步读，状态传给下一步，所以有记忆",
            en="Reads step by step in order and hands a state on: that is the memory",
        ),
        (
            r"(按|依).{0,4}(次序|顺序|时间).{0,6}读",
            r"(逐步|一步一步|从头到尾|从前往后).{0,8}(读|处理)",
            r"状态.{0,12}传给下一步",
            r"(reads?|process(es)?)\b.{0,30}\b(in order|step by step|one (token|step|element) at a time|left to right)",
            r"state.{0,40}(goes|passed|handed) on to the next",
        ),
    ),
    KeyPoint(
        "shared-parameters",
        Text(zh="每一步共用同一组参数，长度可以任意", en="The same parameters at every step, hence any length"),
        (
            r"同一组(参数|权重)",
            r"(共享|共用).{0,6}(参数|权重)",
            r"(参数|权重)共享",
            r"same (parameters|weights)",
            r"(shared?|tied) (parameters|weights)",
            r"(parameters|weights) (are )?(shared|tied)",
        ),
    ),
    KeyPoint(
        "fixed-state",
        Text(
            zh="状态大小固定，是有损压缩，越远的越读不出来",
            en="The state has a fixed size, a lossy summary: what lies further back fades",
        ),
        (
            r"固定大小",
            r"(状态|记忆)(的)?(大小|容量)(是)?(固定|有限)",
            r"有损",
            r"fixed[- ]size",
            r"state of fixed size",
            r"fixed (capacity|length|dimension)",
            r"lossy",
        ),
    ),
    KeyPoint(
        "not-parallel",
        Text(zh="训练时沿时间不能并行", en="Training is not parallel over time"),
        (
            r"(不能|无法|难以|没法)并行",
            r"只能串行",
            r"(not|cannot|can't|isn't).{0,30}parallel",
            r"\bsequential(ly)?\b",
            r"(没法|难以)并行",
        ),
    ),
    KeyPoint(
        "past-only",
        Text(zh="单向的只看得见过去，看两边要双向", en="One direction sees only the past; both sides need two"),
        (
            r"只.{0,6}(看|见).{0,4}过去",
            r"看不(见|到)(后面|未来|后文)",
            r"双向",
            r"(only )?the past( only)?\b",
            r"bidirectional",
            r"causal",
        ),
    ),
    KeyPoint(
        "constant-inference",
        Text(
            zh="逐步推理时每步的时间和内存不变",
            en="At inference each step takes constant time and memory",
        ),
        (
            r"每步.{0,14}(不变|恒定|O\(1\)|常数)",
            r"O\(1\)",
            r"(each|per|every) step.{0,20}(same|constant)",
            r"constant (time|memory|cost)",
        ),
    ),
    KeyPoint(
        "learned-memory",
        Text(
            zh="门决定留什么、写什么，而且这是训练学来的",
            en="Gates decide what stays and what is written, and that has to be learned",
        ),
        (
            r"门.{0,6}(决定|控制).{0,4}(留|写|保留|忘)",
            r"学(出来|来|到)的",
            r"gates? (decide|control|choose)",
            r"(has to be|is|must be) learned",
            r"gates? learn",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "has-memory",
        Text(
            zh="这一族模型有记忆：把文本从第一个词读到最后一个，有用的内容存进状态变量，后面的内容因此更好理解。",
            en="The family has a memory: it reads a text from its first word to its last and stores what is useful in its state, which helps with what follows.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="方向对，缺了限度。状态只有固定的 H 个数（LSTM 是 2H），越远的内容越读不回来，探针在 20 步之外与总猜空格无异。存的也不自动是“有用的”：随机权重下记住的只是最近几个；训练之后，带门的单元才留下任务要的、放掉不要的。",
            en="The direction is right, the limits are missing. The state is a fixed H numbers (2H in an LSTM), what lies further back is harder to recover, and 20 steps away a probe does no better than always guessing a space. Nor is what is stored “useful” by itself: with random weights it is just the last few letters; only after training do gated cells keep what the task needs and let the rest go.",
        ),
        Text(
            zh="只说“有记忆”，面试官会追问“能记多久、由什么决定”。答案是状态的大小、单元的动力学和训练目标，这也正是注意力出现的理由。",
            en="Say “it has a memory” and the interviewer asks how long it lasts and what decides that: the size of the state, the dynamics of the cell, and the training objective. That is also the reason why attention came.",
        ),
        (
            "now-rnn",
            "far-rnn",
            "far-lstm",
            "far-gru",
            "state-has-fixed-size",
            "bigger-state-reaches-further",
            "untrained-gates-blur",
            "keeps-useful-lstm",
            "keeps-useful-gru",
            "lets-go-lstm",
            "lets-go-gru",
        ),
    ),
    NotesClaim(
        "reads-start-to-end",
        Text(
            zh="它从头到尾把文章读一遍。",
            en="It goes through the text from start to end.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立，单向模型正是如此：改动中间一个字母，它前面的状态一位都不变。因此读到某处时，后文对它不存在；双向模型要另配一个从尾读到头的。",
            en="It holds, and strictly: change a letter in the middle and no earlier state changes by a bit. So wherever it stands, what follows does not exist for it; a bidirectional model adds a second reader from the other end.",
        ),
        Text(
            zh="流式识别、逐词生成要的就是这种因果性；而命名实体识别等任务要看后文，用单向就是自缚手脚。",
            en="Streaming recognition and word-by-word generation need just this causality; tagging tasks that depend on what follows are handicapped by it.",
        ),
        ("reads-forward-only",),
    ),
)


def _draw_state(random: Random) -> dict[str, int]:
    return {
        "L": random.randint(1, 4),
        "H": random.choice((32, 64, 100, 128, 200, 256)),
        "T": random.choice((50, 100, 500, 1000)),
    }


def _lstm_state(L: int, H: int, T: int) -> float:
    import numpy as np

    import rnnref

    _, state = rnnref.LSTM(1, H, num_layers=L)(np.zeros((1, 1, 1)))
    return float(sum(a.size for a in state))


def _draw_fade(random: Random) -> dict[str, float]:
    return {"z": random.choice((0.5, 0.6, 0.7, 0.8, 0.9, 0.95)), "k": random.randint(2, 9)}


def _left(z: float, k: int) -> float:
    return float(z**k)


def _draw_cache(random: Random) -> dict[str, int]:
    return {
        "L": random.choice((2, 4, 6, 12)),
        "H": random.choice((64, 128, 256, 512)),
        "T": random.choice((100, 256, 500, 1000, 2048)),
    }


def _cache(L: int, H: int, T: int) -> float:
    return float(2 * L * H * T)


def _draw_loss(random: Random) -> dict[str, float]:
    p = [random.randint(1, 9) / 10 for _ in range(2)]
    return {"p1": p[0], "p2": p[1], "pad": random.randint(1, 9) / 10}


def _loss(p1: float, p2: float, pad: float) -> float:
    import numpy as np

    import rnnref

    logits = np.log([[[p, 1 - p]] for p in (p1, p2, pad)])
    return rnnref.sequence_cross_entropy(logits, np.zeros((3, 1), int), np.array([2]))


DRILLS = (
    NumberDrill(
        "family-state-size",
        Text(
            zh="{L} 层单向 LSTM，每层 H = {H}，读完 T = {T} 步。每条序列要带给下一步的状态一共有多少个数？",
            en="A unidirectional LSTM of {L} layers with H = {H} has read T = {T} steps. How many numbers of state does each sequence carry on?",
        ),
        _draw_state,
        _lstm_state,
        Text(
            zh="每层有 h 与 c 各 {H} 个：2 × {L} × {H} = {answer:.0f}，与 T = {T} 无关。",
            en="Each layer has h and c of {H} numbers: 2 × {L} × {H} = {answer:.0f}, whatever T = {T} is.",
        ),
    ),
    NumberDrill(
        "family-attention-cache",
        Text(
            zh="对照：{L} 层自注意力模型，宽 {H}，每层缓存每个位置的键和值。读完 T = {T} 个词元，缓存里一共有多少个数？",
            en="By contrast: a self-attention model of {L} layers, width {H}, caches a key and a value for each position and layer. How many numbers does the cache hold after T = {T} tokens?",
        ),
        _draw_cache,
        _cache,
        Text(
            zh="2 × {L} × {H} × {T} = {answer:.0f}：随 T 线性增长，而循环网络的状态不变。",
            en="2 × {L} × {H} × {T} = {answer:.0f}: it grows linearly with T, where a recurrent state stays the same.",
        ),
    ),
    NumberDrill(
        "family-what-is-left",
        Text(
            zh="更新门恒为 z = {z}（保留旧状态）的 GRU，不计经过门和候选值的间接影响：{k} 步之后，最初的 h 还剩多大比例？（误差 2% 以内）",
            en="A GRU whose update gate stays at z = {z} (keeping the old state): leaving aside paths through gates and candidate, what share of the first h is left after {k} steps? (within 2%)",
        ),
        _draw_fade,
        _left,
        Text(
            zh="每步乘 {z}：{z}^{k} = {answer:.4g}。门要很接近 1，记忆才长。",
            en="Times {z} at each step: {z}^{k} = {answer:.4g}. For a long memory the gate has to be very near 1.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "family-masked-loss",
        Text(
            zh="一条序列有 2 个真实步和 1 步填充，模型给正确类别的概率依次是 {p1}、{p2}，填充处是 {pad}。逐步交叉熵（自然对数，按真实步平均）是多少？（误差 2% 以内）",
            en="A sequence has 2 real steps and 1 of padding. The right class gets probability {p1}, then {p2}, and {pad} in the padding. What is the cross-entropy (natural logarithm, mean over real steps; within 2%)?",
        ),
        _draw_loss,
        _loss,
        Text(
            zh="-(ln {p1} + ln {p2}) / 2 = {answer:.4g}；填充处的 {pad} 不进分子，也不进分母。",
            en="-(ln {p1} + ln {p2}) / 2 = {answer:.4g}; the padding's {pad} enters neither the sum nor the count.",
        ),
        tolerance=0.02,
    ),
    FormulaDrill(
        "family-mingru",
        Text(
            zh="minGRU（Feng 等 2024）去掉了门与候选值对旧状态的依赖：z = σ(x W)，n = x V，z 是写入的份额。写出新状态；x (N, D)，h (N, H)，W、V (D, H)。",
            en="The minGRU (Feng et al. 2024) takes the old state out of gate and candidate: z = σ(x W), n = x V, and z is the share that is written. Write the new state; x (N, D), h (N, H), W and V (D, H).",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "V": ("D", "H")},
        "(1 - sigmoid(x @ W)) * h + sigmoid(x @ W) * (x @ V)",
        Text(
            zh="系数只由输入决定，所以对 h 是线性的，整段序列可以用并行扫描来算。",
            en="The weights depend on the input alone, so it is linear in h and a parallel scan computes a whole sequence.",
        ),
        (
            (
                "sigmoid(x @ W) * h + (1 - sigmoid(x @ W)) * (x @ V)",
                Text(
                    zh="z 的约定反了：这篇论文里 z 是写入的份额（本库的 GRU 里 z 保留旧状态）。",
                    en="z the other way round: in this paper z is the share written (in this library's GRU it keeps the old state).",
                ),
            ),
            (
                "(1 - sigmoid(x @ W)) * h + sigmoid(x @ W) * tanh(x @ V)",
                Text(zh="minGRU 的候选值没有 tanh。", en="The minGRU's candidate has no tanh."),
            ),
            (
                "(1 - sigmoid(x @ W)) * h + x @ V",
                Text(
                    zh="候选值少乘了 z，不再是加权平均。", en="The candidate lacks its z, so this is no weighted mean."
                ),
            ),
        ),
    ),
    FormulaDrill(
        "family-attention",
        Text(
            zh="对照：注意力不压缩，直接回看。查询 q (N, H)，键 K (T, H)，值 V (T, H)，不写缩放因子，写出读到的结果 (N, H)。",
            en="By contrast attention does not compress, it looks back. Queries q (N, H), keys K (T, H), values V (T, H); leave the scaling factor out and write what is read, (N, H).",
        ),
        {"q": ("N", "H"), "K": ("T", "H"), "V": ("T", "H")},
        "softmax(q @ K.T) @ V",
        Text(
            zh="每个查询对 T 个位置打分，softmax 成权重，再对值加权平均；所有位置都在，所以远近一样读得到，代价是每步 O(T)。",
            en="Each query scores T positions, softmax makes weights of them, and the values are averaged. All positions are still there, so near and far read alike, at a cost of O(T) a step.",
        ),
        (
            (
                "q @ K.T @ V",
                Text(
                    zh="分数没有过 softmax，权重之和不是 1。",
                    en="The scores lack their softmax: these weights do not add up to 1.",
                ),
            ),
            (
                "softmax(q @ V.T) @ K",
                Text(
                    zh="键与值用反了：与键比对，读出的是值。",
                    en="Keys and values are swapped: compare with keys, read values.",
                ),
            ),
            (
                "softmax(q @ K.T @ V)",
                Text(
                    zh="softmax 要在乘 V 之前，它作用在 T 个位置的分数上。",
                    en="The softmax comes before V: it acts on the scores of the T positions.",
                ),
            ),
        ),
    ),
    OrderDrill(
        "family-by-age",
        Text(zh="按提出的先后排列。", en="Order by when they were proposed."),
        (
            Text(zh="Elman 的简单循环网络", en="Elman's simple recurrent network"),
            Text(zh="LSTM（Hochreiter 与 Schmidhuber）", en="LSTM (Hochreiter and Schmidhuber)"),
            Text(zh="GRU（Cho 等）", en="GRU (Cho et al.)"),
            Text(zh="Transformer（Vaswani 等）", en="Transformer (Vaswani et al.)"),
            Text(zh="Mamba（Gu 与 Dao）", en="Mamba (Gu and Dao)"),
        ),
        Text(
            zh="1990、1997、2014、2017、2023。最后一个又回到了带门的线性循环。",
            en="1990, 1997, 2014, 2017, 2023. The last one returns to a gated, linear recurrence.",
        ),
    ),
    TrueFalseDrill(
        "family-gates-remember-untrained",
        Text(
            zh="权重刚随机初始化（常用的均匀分布）时，LSTM 和 GRU 的状态已经比同样大小的普通 RNN 读得回更远的字母。",
            en="Fresh from the usual uniform random start, the states of LSTM and GRU already give back letters from further away than a plain RNN of the same size.",
        ),
        False,
        Text(
            zh="实测相反：门都在 1/2 附近，相邻各步被平均在一起，线性探针分不开；普通 RNN 的随机 U 反而把各步搅到不同方向。带门单元的优势来自可训练。",
            en="Measured, it is the other way: with gates near 1/2 neighbouring steps are averaged together and a linear probe cannot part them, while a plain RNN's random U turns them into different directions. The gated cells' advantage is that they can be trained.",
        ),
    ),
    TrueFalseDrill(
        "family-causal",
        Text(
            zh="改动第 t 个词元，单向 RNN 在第 t 步之前的所有状态都不变。",
            en="Change token t, and every state of a unidirectional RNN before step t stays the same.",
        ),
        True,
        Text(
            zh="状态只由已读的部分决定。双向网络里从尾读到头的那一个会变。",
            en="A state depends on what has been read. In a bidirectional net the reader from the end does change.",
        ),
    ),
    ChoiceDrill(
        "family-state-after-training",
        Text(
            zh="训练 LSTM 在每一步说出当前词的首字母。读到第六个字母时，线性探针从状态里最可能读回哪一个？",
            en="An LSTM is trained to name, at every step, the first letter of the current word. At a word's sixth letter, which earlier letter will a linear probe find most reliably?",
        ),
        (
            Text(zh="五步之前的词首字母", en="the first letter, five steps ago"),
            Text(zh="四步之前的第二个字母", en="the second letter, four steps ago"),
            Text(zh="三步之前的第三个字母", en="the third letter, three steps ago"),
            Text(zh="都差不多，只看离多远", en="all alike, distance alone decides"),
        ),
        0,
        Text(
            zh="任务要的东西由门锁在状态里，远也读得回；更近却没用的反而被放掉。记什么由训练目标决定。",
            en="What the task needs is locked in by the gates and survives distance; what is nearer and useless is let go. The objective decides what is remembered.",
        ),
    ),
    ChoiceDrill(
        "family-generation-cost",
        Text(
            zh="逐词元生成到第 T 个时，每一步的时间开销怎样随 T 变化？",
            en="Generating token by token, how does the time of one step grow with the position T?",
        ),
        (
            Text(
                zh="循环网络不变，带缓存的自注意力随 T 线性增长",
                en="a recurrent net: constant; cached self-attention: linear in T",
            ),
            Text(
                zh="循环网络随 T 线性增长，带缓存的自注意力不变",
                en="a recurrent net: linear in T; cached self-attention: constant",
            ),
            Text(zh="两者都随 T 线性增长，只是系数不同", en="both: linear in T, with different constants"),
            Text(zh="两者都不变，差别只在训练时", en="both: constant; they differ in training alone"),
        ),
        0,
        Text(
            zh="状态大小固定，每步就是一次单元计算；注意力每步要回看 T 个键。这正是状态空间模型和线性循环又受重视的原因。",
            en="The state has a fixed size, so a step is one cell; attention looks back at T keys. This is why state-space models and linear recurrences are back.",
        ),
    ),
)

QUESTION = Question(
    id="rnn-family",
    section="4.1",
    title=Text(zh="循环网络家族：能记什么，能记多久", en="The recurrent family: what it remembers, and for how long"),
    ask=Text(
        zh="RNN、LSTM、GRU 这一类模型有什么共同的特点？它们的“记忆”到底能记多少？",
        en="What do RNN, LSTM and GRU have in common, and how much can their “memory” really hold?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="后来被什么取代了？又有什么回来了？", en="What replaced it, and what came back?"),
            Text(
                zh="""取代它的是注意力：Bahdanau 等（2015）先让解码器回看编码器的每个状态，不再指望一个向量；Transformer（Vaswani 等 2017）把循环整个去掉，训练沿时间并行，代价是训练 O(T²)、生成时缓存随 T 增长。

回来的是循环，但改成线性的，好并行训练：

- 状态空间模型：S4（Gu 等 2022），Mamba（Gu 与 Dao 2023）让系数随输入变，等于又有了门。
- 线性注意力可以写成循环（Katharopoulos 等 2020）；RWKV（Peng 等 2023）与 RetNet（Sun 等 2023）走同一条路。
- 最小门控单元：minGRU、minLSTM（Feng 等 2024）让门和候选值不看旧状态，用并行扫描训练；xLSTM（Beck 等 2024）给 LSTM 换上指数门与矩阵记忆。

共同的取舍没变：固定大小的状态便宜，但装不下全部；所以常与少量注意力层混用。""",
                en="""Attention replaced it: Bahdanau et al. (2015) let the decoder look back at every encoder state instead of trusting one vector; the Transformer (Vaswani et al. 2017) dropped recurrence, so training is parallel over time, for O(T²) in training and a cache that grows with T in generation.

Recurrence came back, made linear so that it trains in parallel:

- State-space models: S4 (Gu et al. 2022); Mamba (Gu & Dao 2023) lets the coefficients depend on the input, which is a gate again.
- Linear attention can be written as a recurrence (Katharopoulos et al. 2020); RWKV (Peng et al. 2023) and RetNet (Sun et al. 2023) go the same way.
- Minimal gated cells: minGRU and minLSTM (Feng et al. 2024) keep the old state out of gates and candidate and train by parallel scan; xLSTM (Beck et al. 2024) gives the LSTM exponential gates and a matrix memory.

The trade-off has stayed: a state of fixed size is cheap and cannot hold everything, so such layers are often mixed with a few of attention.""",
            ),
        ),
        FollowUp(
            Text(zh="怎么测一个循环网络记住了多少？", en="How would you measure how much a recurrent net remembers?"),
            Text(
                zh="冻结网络，用线性探针从 h[t] 预测 x[t-k]，画正确率随 k 的曲线，并与总猜最常见的一个比。对线性读出，Jaeger（2001）证明：独立同分布输入下，各个延迟的记忆容量之和不超过单元数 H。探针只说明“线性可读”，读不出不等于完全没有；再配上任务表现（延迟回忆、复制）才完整。",
                en="Freeze the net, predict x[t-k] from h[t] with a linear probe, plot accuracy over k, and compare with always guessing the commonest token. For linear readouts Jaeger (2001) proved that with i.i.d. input the memory capacities over all delays add up to at most H, the number of units. A probe shows what is linearly readable; what it misses need not be gone, so add behaviour (delayed recall, copying).",
            ),
        ),
        FollowUp(
            Text(
                zh="把 H 加大一倍，记忆就长一倍吗？",
                en="Does twice the H give twice the memory?",
            ),
            Text(
                zh="容量上限随 H 增长，但不保证用得上：能记多久还看动力学（谱半径、遗忘门）和训练。随机权重的普通 RNN，H 从 16 加到 64，读得回的步数从 2 增到 5 左右；而 LSTM 只要遗忘门停在 0.5，再大也是几步就衰减掉。",
                en="The ceiling grows with H, but nothing makes the net use it: how long it remembers also depends on its dynamics (spectral radius, forget gate) and on training. A plain RNN with random weights goes from about 2 steps to 5 as H goes from 16 to 64; an LSTM whose forget gate sits at 0.5 fades within a few steps at any size.",
            ),
        ),
        FollowUp(
            Text(
                zh="批里的序列长短不一，损失怎么算？",
                en="Sequences of a batch differ in length; how do you compute the loss?",
            ),
            Text(
                zh="补齐到同长，带上 lengths 做掩码：只在真实步上求 -log softmax，除以真实步的总数 sum(lengths)，而不是 T·N；填充处连读都不要读（可能是 NaN 或 -100）。先按序列平均再平均，会让短序列里的词元权重变大，那是另一种定义，要说清。",
                en="Pad to one length and mask by `lengths`: take -log softmax at real steps only and divide by their number, sum(lengths), not by T N; do not even read the padding (it may hold NaN or -100). Averaging each sequence first and then over sequences gives tokens of short sequences more weight: another definition, so say which.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="三种单元的外层循环一样吗？每一步带走的是什么，有多大？",
            en="Is the loop around the three cells the same? What does each step hand on, and how large is it?",
        ),
        Text(
            zh="共同点来自循环（次序、参数共享、任意长度），共同的限制来自状态（大小固定、只含过去、串行）。",
            en="What they share comes from the loop (order, shared parameters, any length); the limits come from the state (fixed size, past only, one step after another).",
        ),
        Text(
            zh="h = step(x[t], h)，同一组 W、U、b；状态是固定大小的有损压缩，保留什么由训练决定，远处会淡去；训练时不能沿时间并行。",
            en="h = step(x[t], h) with the same W, U, b; the state is a lossy summary of fixed size, training decides what it keeps and the distant fades; no parallelism over time in training.",
        ),
    ),
    drills=DRILLS,
    tasks=("sequence-loss",),
    experiment="rnn_family",
    sources=(
        Source("J. L. Elman", 1990, "Finding Structure in Time", "Cognitive Science 14(2), 179-211"),
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "H. Jaeger",
            2001,
            "Short Term Memory in Echo State Networks",
            "GMD Report 152, German National Research Center for Information Technology",
        ),
        Source(
            "K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk, Y. Bengio",
            2014,
            "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
            "arXiv:1406.1078",
            "section 2.3, equations 5 to 8",
        ),
        Source(
            "D. Bahdanau, K. Cho, Y. Bengio",
            2015,
            "Neural Machine Translation by Jointly Learning to Align and Translate",
            "arXiv:1409.0473",
            "section 3.1",
        ),
        Source(
            "A. Vaswani, N. Shazeer, N. Parmar, J. Uszkoreit, L. Jones, A. N. Gomez, Ł. Kaiser, I. Polosukhin",
            2017,
            "Attention Is All You Need",
            "arXiv:1706.03762",
            "Table 1",
        ),
        Source(
            "A. Katharopoulos, A. Vyas, N. Pappas, F. Fleuret",
            2020,
            "Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention",
            "arXiv:2006.16236",
        ),
        Source(
            "A. Gu, K. Goel, C. Ré",
            2022,
            "Efficiently Modeling Long Sequences with Structured State Spaces",
            "arXiv:2111.00396",
        ),
        Source(
            "A. Gu, T. Dao",
            2023,
            "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
            "arXiv:2312.00752",
            "Theorem 1",
        ),
        Source("B. Peng et al.", 2023, "RWKV: Reinventing RNNs for the Transformer Era", "arXiv:2305.13048"),
        Source(
            "Y. Sun et al.",
            2023,
            "Retentive Network: A Successor to Transformer for Large Language Models",
            "arXiv:2307.08621",
        ),
        Source("M. Beck et al.", 2024, "xLSTM: Extended Long Short-Term Memory", "arXiv:2405.04517"),
        Source(
            "L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi",
            2024,
            "Were RNNs All We Needed?",
            "arXiv:2410.01201",
            "section 3",
        ),
    ),
    tags=("memory", "state", "attention", "state-space"),
)
