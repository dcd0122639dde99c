"""What attention costs against recurrence."""

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


def _draw(random):
    return {"T": random.choice((64, 128, 256, 512, 1024)), "d": random.choice((64, 128, 256, 512))}


QUESTION = Question(
    id="attention-cost",
    section="A.7",
    title=Text(zh="复杂度：T²d 对 T d²", en="Complexity: T²d against T d²"),
    ask=Text(
        zh="自注意力和 RNN 的计算量各是多少？什么时候注意力更省？",
        en="What do self-attention and an RNN cost? When is attention cheaper?",
    ),
    notes=(
        NotesClaim(
            "always-dearer",
            Text(zh="注意力是平方复杂度，总比 RNN 贵。", en="Attention is quadratic, hence always dearer than an RNN."),
            NotesVerdict.LIMITED,
            Text(
                zh="平方的是 T，而 RNN 平方的是 d。只看分数与加权和，T < d 时注意力的乘加更少；算上投影，要 T 足够长才由 T² 主导。而且它没有 T 步的串行链。",
                en="It is quadratic in T, an RNN in d. Scores and weighted sum alone are fewer multiply-adds while T < d; with the projections, T² rules only for long sequences. And there is no chain of T steps.",
            ),
            Text(
                zh="答“平方所以慢”会被追问：慢在哪，和谁比？",
                en="“Quadratic, so slow” is followed up by: slow where, against what?",
            ),
            ("short-sequences-are-cheap", "crossover-at-d", "chain-of-steps"),
        ),
    ),
    spoken=Text(
        zh="自注意力的分数是 T 乘 T，每个要 d 次乘加，加权和再来一遍，共二 T 方 d；四个投影另加四 T d 方。普通 RNN 每步输入和状态各一次 d 乘 d，共二 T d 方。所以单看注意力本身，T 小于 d 时反而更省，T 远大于 d 时平方项主导。更重要的是串行步数：RNN 必须走 T 步，注意力是常数步，能吃满并行硬件；任意两个位置的路径长度也从 T 变成一。代价还有内存：分数矩阵 T 方，FlashAttention 分块算，不存整个矩阵，但计算量不变。",
        en="Self-attention has T by T scores of d multiply-adds each, and the weighted sum costs as much again: two T squared d, plus four T d squared for the projections. A plain RNN multiplies input and state by d by d at each step: two T d squared. So attention proper is cheaper while T is below d, and its square rules when T is far above. What matters more is the chain: an RNN must take T steps one by one, attention a constant number, which fills parallel hardware; and the path between any two positions shrinks from T to one. Memory is T squared too; FlashAttention works in blocks and never stores it, at the same work.",
    ),
    whiteboard=Text(
        zh="""\
乘加数（N = 1，D = H = d）：

    分数 Q Kᵀ        T · T · d
    加权和 A V       T · T · d
    四个投影         4 · T · d²
    普通 RNN         2 · T · d²        x W 与 h U
    LSTM             8 · T · d²

- 2T²d = 2T d² 当且仅当 T = d。
- 2T²d + 4T d² = 8T d²（与 LSTM 相等）当且仅当 T = 2d。
- 串行步数：注意力 O(1)，RNN O(T)。
- 任意两位置的路径：注意力 1，RNN 最多 T。
- 内存：分数 T²；分块计算（FlashAttention）只存 O(T)。""",
        en="""\
Multiply-adds (N = 1, D = H = d):

    scores Q Kᵀ         T · T · d
    weighted sum A V    T · T · d
    four projections    4 · T · d²
    plain RNN           2 · T · d²        x W and h U
    LSTM                8 · T · d²

- 2T²d = 2T d² exactly at T = d.
- 2T²d + 4T d² = 8T d² (the LSTM's) exactly at T = 2d.
- Steps in sequence: attention O(1), RNN O(T).
- Path between two positions: attention 1, RNN up to T.
- Memory: T² scores; in blocks (FlashAttention) O(T) is stored.""",
    ),
    key_points=(
        KeyPoint(
            "quadratic",
            Text(zh="注意力 O(T²d)", en="Attention is O(T²d)"),
            (r"T ?(²|方|\^2) ?·? ?d", r"T (²|squared) d|T²d"),
        ),
        KeyPoint(
            "recurrent", Text(zh="RNN O(T d²)", en="An RNN is O(T d²)"), (r"T ?·? ?d ?(²|方|\^2)", r"T ?d ?(²|squared)")
        ),
        KeyPoint(
            "crossover",
            Text(zh="T 小于 d 时注意力更省", en="Below T = d attention is cheaper"),
            (r"T ?(小于|<|远大于|=) ?d", r"T (is )?(below|<|=|far above) d|while T is below"),
        ),
        KeyPoint(
            "sequential",
            Text(zh="RNN 串行 T 步，注意力可并行", en="An RNN takes T steps in a row, attention is parallel"),
            (r"串行|并行", r"one by one|parallel|in sequence"),
        ),
        KeyPoint(
            "memory",
            Text(zh="分数矩阵占 T² 内存，可分块", en="Scores take T² memory, unless in blocks"),
            (r"内存|FlashAttention", r"memory|FlashAttention"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="线性注意力省在哪里，丢了什么？", en="What does linear attention save, and what does it lose?"),
            Text(
                zh="去掉 softmax 后先算 Kᵀ V，是 d × d 的状态，计算 O(T d²)，可以写成 RNN。丢的是精确检索：状态大小固定，存多了就混（Katharopoulos 等 2020）。",
                en="Without the softmax, Kᵀ V is computed first: a d × d state, O(T d²), an RNN in fact. What is lost is exact retrieval: a state of fixed size blurs when it holds too much (Katharopoulos et al. 2020).",
            ),
        ),
    ),
    hints=(
        Text(
            zh="分数矩阵多大？RNN 每步的矩阵多大？",
            en="How large is the matrix of scores, and an RNN's matrix at each step?",
        ),
        Text(zh="一个对 T 平方，一个对 d 平方。", en="One is quadratic in T, the other in d."),
        Text(zh="2T²d + 4T d² 对 2T d²。", en="2T²d + 4T d² against 2T d²."),
    ),
    drills=(
        NumberDrill(
            "attention-cost-macs",
            Text(
                zh="T = {T}，d = {d}。一个头，分数与加权和（不含投影）共多少次乘加？",
                en="T = {T}, d = {d}, one head. How many multiply-adds are scores and weighted sum (no projections)?",
            ),
            _draw,
            lambda T, d: 2 * T * T * d,
            Text(zh="2 × {T}² × {d} = {answer:.0f}。", en="2 × {T}² × {d} = {answer:.0f}."),
        ),
        NumberDrill(
            "attention-cost-ratio",
            Text(
                zh="T = {T}，d = {d}。分数与加权和的乘加是普通 RNN（D = H = d）的几倍？（误差 1% 以内）",
                en="T = {T}, d = {d}. How many times a plain RNN's multiply-adds (D = H = d) are those of scores and weighted sum? (within 1%)",
            ),
            _draw,
            lambda T, d: T / d,
            Text(zh="2T²d / 2T d² = {T} / {d} = {answer:.4g}。", en="2T²d / 2T d² = {T} / {d} = {answer:.4g}."),
            tolerance=0.01,
        ),
        TrueFalseDrill(
            "attention-cost-flash",
            Text(
                zh="FlashAttention 把乘加数从 T² 降到 T。",
                en="FlashAttention brings the multiply-adds down from T² to T.",
            ),
            False,
            Text(
                zh="它省的是内存读写，乘加仍是 T²d，结果也是精确的。",
                en="It saves memory traffic; the work stays T²d and the result is exact.",
            ),
        ),
        ChoiceDrill(
            "attention-cost-path",
            Text(
                zh="第 1 个词到第 T 个词，信息要经过几步？",
                en="From the first word to the last, how many steps does information take?",
            ),
            (
                Text(zh="注意力 1，RNN 约 T", en="attention 1, RNN about T"),
                Text(zh="注意力 T，RNN 1", en="attention T, RNN 1"),
                Text(zh="都是 log T", en="log T in both"),
            ),
            0,
            Text(zh="路径短，梯度也就不必经过 T 个雅可比。", en="On a short path gradients need not pass T Jacobians."),
        ),
    ),
    tasks=(),
    experiment="attention_cost",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "table 1"),
        Source(
            "T. Dao et al.",
            2022,
            "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
            "arXiv:2205.14135",
        ),
        Source(
            "A. Katharopoulos et al.",
            2020,
            "Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention",
            "arXiv:2006.16236",
        ),
    ),
    tags=("attention", "cost"),
)
