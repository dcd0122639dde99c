"""Attention as the answer to a state of fixed size."""

from answers.model import (
    ChoiceDrill,
    FollowUp,
    KeyPoint,
    NotesClaim,
    NotesVerdict,
    NumberDrill,
    Question,
    Source,
    Text,
    TrueFalseDrill,
)

QUESTION = Question(
    id="fixed-state",
    section="A.10",
    title=Text(zh="注意力与固定大小的状态", en="Attention and a state of fixed size"),
    ask=Text(
        zh="注意力解决了 RNN 的什么问题？循环结构为什么又回来了？",
        en="What problem of RNNs does attention solve, and why did recurrence come back?",
    ),
    notes=(
        NotesClaim(
            "attention-has-no-state",
            Text(
                zh="注意力没有记忆，所以不如 RNN 适合序列。",
                en="Attention has no memory, so RNNs suit sequences better.",
            ),
            NotesVerdict.WRONG,
            Text(
                zh="它的记忆就是全部过去的键和值，随长度增长，所以能精确取回；RNN 的状态大小固定，存多了必然相互干扰。",
                en="Its memory is all past keys and values; it grows with the length, so it retrieves exactly. An RNN's state has a fixed size, and what is stored beyond that must interfere.",
            ),
            Text(zh="这是“为什么要注意力”的核心答案。", en="It is the heart of the answer to “why attention?”."),
            ("growing-memory-recalls", "fixed-state-fails"),
        ),
    ),
    spoken=Text(
        zh="RNN 把全部过去压进一个大小固定的状态，编码器解码器里就是把整句话压成一个向量，句子一长就装不下；梯度也要经过每一步的雅可比。注意力不压缩，把每一步都留着，要用时再查，所以能精确取回任意一步，路径长度是一。代价是内存随长度增长，计算是平方。去掉 softmax，注意力就变成状态是 d 乘 d 矩阵的线性 RNN：不再增长，但存的键多于 d 就开始混淆。状态空间模型和线性注意力就在这条线上取舍，所以常见的是两者混用。",
        en="An RNN squeezes the whole past into a state of fixed size; in an encoder-decoder a whole sentence becomes one vector, which is too little for a long one, and gradients pass a Jacobian at every step. Attention squeezes nothing: it keeps every step and looks up what it needs, so any step is retrieved exactly on a path of length one. The price is memory that grows with the length, and quadratic work. Without the softmax, attention is a linear RNN whose state is a d by d matrix: it no longer grows, but beyond d keys it confuses them. State-space models and linear attention trade along this line, and hybrids are common.",
    ),
    whiteboard=Text(
        zh="""\
三种记忆，读到第 t 步：

    RNN              h_t (H,)            大小固定，有损
    线性注意力       S_t = S_(t-1) + k_t v_tᵀ，y_t = q_t S_t      (d, d)，固定
    softmax 注意力   k_1 ... k_t，v_1 ... v_t                      随 t 增长

去掉 softmax：

    Σ_s (q · k_s) v_s = q (Σ_s k_s v_sᵀ) = q S_t

- 正交的键最多 d 个；存得更多，读出的值就混入别的值。
- softmax 让分数指数级拉开，键再多也能取准（只要键分得开）。
- 梯度：RNN 经过 t 个雅可比，注意力一步到位。
- 取舍：固定状态每步常数时间与内存；精确检索要增长的记忆。""",
        en="""\
Three memories, having read t steps:

    RNN                  h_t (H,)            of fixed size, lossy
    linear attention     S_t = S_(t-1) + k_t v_tᵀ, y_t = q_t S_t      (d, d), fixed
    softmax attention    k_1 ... k_t, v_1 ... v_t                      grows with t

Without the softmax:

    Σ_s (q · k_s) v_s = q (Σ_s k_s v_sᵀ) = q S_t

- There are d orthogonal keys at most; beyond that, what is read mixes in other values.
- The softmax spreads scores exponentially: with keys apart, any number can be told apart.
- Gradients: t Jacobians in an RNN, one step in attention.
- The trade: a fixed state has constant time and memory per step; exact retrieval wants a memory that grows.""",
    ),
    key_points=(
        KeyPoint(
            "fixed",
            Text(zh="RNN 的状态大小固定，是瓶颈", en="An RNN's state has a fixed size and is the bottleneck"),
            (r"大小固定|固定大小", r"fixed size"),
        ),
        KeyPoint(
            "grows",
            Text(zh="注意力的记忆随长度增长，可精确取回", en="Attention's memory grows, so it retrieves exactly"),
            (r"随(长度|t) ?增长|精确取回", r"grows with|retriev\w+ exactly"),
        ),
        KeyPoint(
            "path",
            Text(zh="路径长度 1，梯度不必经过每一步", en="Paths of length one: gradients need not pass every step"),
            (r"路径长度|一步到位", r"path of length one|one step"),
        ),
        KeyPoint(
            "linear",
            Text(
                zh="去掉 softmax 就是状态为矩阵的线性 RNN",
                en="Without the softmax it is a linear RNN with a matrix as state",
            ),
            (r"线性 ?RNN|线性注意力", r"linear (RNN|attention)"),
        ),
        KeyPoint(
            "trade",
            Text(
                zh="固定状态便宜，但检索有损：两者取舍或混用",
                en="A fixed state is cheap and lossy: a trade, or a hybrid",
            ),
            (r"取舍|混用", r"trade|hybrid"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="状态空间模型算哪一边？", en="On which side are state-space models?"),
            Text(
                zh="状态大小固定，训练时可并行，解码每步常数；复制和检索长文本弱于注意力（Jelassi 等 2024），所以常与少量注意力层混用。",
                en="A state of fixed size, parallel in training, constant work per decoded token; weaker than attention at copying and retrieving long texts (Jelassi et al. 2024), hence hybrids with a few attention layers.",
            ),
        ),
        FollowUp(
            Text(zh="LSTM 为什么没有解决这个瓶颈？", en="Why did the LSTM not remove this bottleneck?"),
            Text(
                zh="它解决的是梯度能不能传过去，不是状态装不装得下：c 仍是 H 个数。",
                en="It made gradients survive, not the state larger: c is still H numbers.",
            ),
        ),
    ),
    hints=(
        Text(zh="一个向量能装下多长的句子？", en="How long a sentence fits into one vector?"),
        Text(zh="不压缩，留着全部，要用再查。", en="Squeeze nothing: keep all, and look up what is needed."),
        Text(
            zh="去掉 softmax：S_t = S_(t-1) + k_t v_tᵀ，固定的 d × d。",
            en="Without the softmax: S_t = S_(t-1) + k_t v_tᵀ, a fixed d × d.",
        ),
    ),
    drills=(
        NumberDrill(
            "fixed-state-crossing",
            Text(
                zh="一层 LSTM，H = {H}，状态共 2H 个数；一层注意力，d = {d}，每步缓存 2d 个数。从第几步起缓存更大（第一个严格更大的步数）？",
                en="An LSTM layer with H = {H} keeps 2H numbers; an attention layer with d = {d} caches 2d a step. At which step is the cache first strictly larger?",
            ),
            lambda random: {"d": random.choice((32, 64, 128)), "H": random.choice((256, 512, 1024, 2048))},
            lambda d, H: H // d + 1,
            Text(
                zh="2 t {d} > 2 × {H}，即 t > {H} / {d}：{answer:.0f}。",
                en="2 t {d} > 2 × {H}, that is t > {H} / {d}: {answer:.0f}.",
            ),
        ),
        NumberDrill(
            "fixed-state-matrix",
            Text(
                zh="线性注意力，d = {d}（键与值同维），读了 {t} 步。一个头的状态有多少个数？",
                en="Linear attention, d = {d} for keys and values, {t} steps read. How many numbers does one head's state hold?",
            ),
            lambda random: {"d": random.choice((16, 32, 64, 128)), "t": random.randint(100, 5000)},
            lambda d, t: d * d,
            Text(zh="{d} × {d} = {answer:.0f}，与 {t} 无关。", en="{d} × {d} = {answer:.0f}, whatever {t} is."),
        ),
        TrueFalseDrill(
            "fixed-state-linear",
            Text(
                zh="不带 softmax 的因果注意力可以精确地写成一个 RNN。",
                en="Causal attention without the softmax can be written as an RNN exactly.",
            ),
            True,
            Text(
                zh="q (Σ k vᵀ)：状态是累加的外积矩阵。", en="q (Σ k vᵀ): the state is a running sum of outer products."
            ),
        ),
        ChoiceDrill(
            "fixed-state-why",
            Text(
                zh="Bahdanau 等人给翻译模型加注意力，主要是为了解决什么？",
                en="What was attention added to translation models for (Bahdanau et al.)?",
            ),
            (
                Text(zh="整句压成一个固定长度的向量", en="a whole sentence squeezed into one vector of fixed length"),
                Text(zh="RNN 的参数太多", en="too many parameters in the RNN"),
                Text(zh="词表太大", en="too large a vocabulary"),
            ),
            0,
            Text(zh="论文摘要里就把它称为瓶颈。", en="The paper's abstract calls it the bottleneck."),
        ),
    ),
    tasks=(),
    experiment="fixed_state",
    sources=(
        Source(
            "D. Bahdanau, K. Cho, Y. Bengio",
            2015,
            "Neural Machine Translation by Jointly Learning to Align and Translate",
            "arXiv:1409.0473",
        ),
        Source(
            "A. Katharopoulos et al.",
            2020,
            "Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention",
            "arXiv:2006.16236",
        ),
        Source(
            "S. Jelassi et al.",
            2024,
            "Repeat After Me: Transformers are Better than State Space Models at Copying",
            "arXiv:2402.01032",
        ),
    ),
    tags=("attention", "memory", "rnn"),
)
