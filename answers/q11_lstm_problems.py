"""Where an LSTM falls short: work, waiting, and a memory of fixed size."""

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


def _layer(random: Random) -> dict[str, int]:
    return {"D": random.choice((8, 16, 20, 50, 64, 100)), "H": random.choice((8, 16, 20, 50, 64, 100))}


def _more_than_rnn(D: int, H: int) -> int:
    from rnnref import lstm_param_count

    lstm = lstm_param_count(D, H)
    return lstm - lstm // 4


def _stream(random: Random) -> dict[str, int]:
    return {
        "T": random.choice((100, 500, 1000, 2000, 4000)),
        "H": random.choice((64, 128, 256, 512)),
    }


def _state_numbers(T: int, H: int) -> int:
    import numpy as np

    from rnnref import LSTM

    _, (h, c) = LSTM(1, H, rng=0)(np.zeros((1, 1, 1)))
    return int(h.size + c.size)


def _scan(random: Random) -> dict[str, int]:
    return {"T": random.choice((64, 100, 128, 500, 512, 1000, 1024, 4000, 4096))}


def _rounds(T: int) -> int:
    rounds, reach = 0, 1
    while reach < T:
        rounds, reach = rounds + 1, 2 * reach
    return rounds


QUESTION = Question(
    id="lstm-problems",
    section="2.6",
    title=Text(zh="LSTM 有哪些短板", en="Where an LSTM falls short"),
    ask=Text(
        zh="LSTM 有什么缺点？为什么后来的大模型不用它？又有什么东西回来了？",
        en="What is wrong with LSTMs? Why did large models leave them, and what has come back since?",
    ),
    notes=(
        NotesClaim(
            id="only-heavy",
            claim=Text(
                zh="只有一条：运算开销高。",
                en="One line: it is computationally heavy.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="对，但只是三条里最轻的一条。同样大小下参数和乘加次数恰好是普通 RNN 的 4 倍，这是常数倍；真正限制它的是时间上必须串行，以及不论序列多长，记忆都只有 2H 个数。",
                en="True, and the lightest of three. At equal size, parameters and multiply-adds are exactly 4 times a plain RNN's, which is a constant factor. What holds it back is that it runs in sequence over time, and that its memory is 2H numbers however long the sequence.",
            ),
            matters=Text(
                zh="问“Transformer 为什么取代了它”，答“计算量大”是错的：注意力的总计算量往往更大，赢在能并行、能直接看到每个位置。",
                en="Asked why the Transformer replaced it, heavy computation is the wrong answer: attention often computes more in total; it won by running in parallel and by seeing every position directly.",
            ),
            evidence=(
                "four-times-parameters",
                "four-times-work",
                "measured-ratio-to-rnn",
                "gates-wait-for-the-past",
                "long-thin-over-short-wide",
                "twins-end-in-one-state",
                "memory-same-at-any-length",
            ),
        ),
    ),
    spoken=Text(
        zh="三个短板。第一，计算量：四个块，参数和乘加次数正好是同样大小的普通 RNN 的四倍。第二，时间上不能并行：第 t 步的门要等上一步的 h，所以训练延迟随长度线性增长，GPU 吃不饱，这比第一条更要命。第三，记忆大小固定：不管读了多长，只剩 c 和 h 共 2H 个数，久远的细节必然被挤掉。注意力解决了后两条，代价是平方的总量；状态空间模型和去掉 h 依赖的极简门控单元又把线性递归带了回来。",
        en="Three things. First, work: four blocks, so exactly four times the parameters and multiply-adds of a plain RNN of the same size. Second, and worse, it cannot run in parallel over time: the gates at step t wait for the previous h, so latency grows with length and a GPU starves. Third, its memory has a fixed size: whatever it has read, only the 2H numbers of c and h remain. Attention removed the last two, at quadratic cost. State-space models and minimal gated cells, whose gates do not wait for h, have brought linear recurrence back.",
    ),
    whiteboard=Text(
        zh="""\
1. 计算量：常数 4 倍

    参数       4H (D + H + 1)      对 H (D + H + 1)
    每步乘加   4H (D + H)          对 H (D + H)

2. 时间上串行：依赖链长 T

    a_t = x_t W + h_(t-1) U + b       门要等 h_(t-1)
    c_t = f_t * c_(t-1) + i_t * g_t   这一行本身其实是线性的

- x W 可以对所有时间步一次算完，h U 不行。
- 同样多的元素，T = 512、N = 1 比 T = 8、N = 64 慢好几倍：算的一样多，等的次数是 64 倍。
- 若门不依赖 h（去掉 U），c 的递推满足结合律，可以并行扫描，log2(T) 轮就够：

    (f1, u1) ∘ (f2, u2) = (f1 f2, f2 u1 + u2)

3. 记忆大小固定：2H 个数

- T 个输入有 T · D 个数，压进 2H 个数，必有不同的序列落到同一个状态。
- 编码器-解码器翻译长句时变差，Bahdanau 等人由此引入注意力。

还有几条：仍可能梯度爆炸；超参数与初始化敏感；反向要存 T 步激活。

谁取代了它，又是什么回来了：

    注意力          每层总量 T² d   串行深度 O(1)   记忆随 T 增长
    LSTM            每层总量 T d²   串行深度 T      记忆 2H
    线性递归/SSM    每层总量 T d·s  深度 log T      记忆固定，大小 d·s
""",
        en="""\
1. Work: a constant factor of 4

    parameters        4H (D + H + 1)      against H (D + H + 1)
    MACs a step       4H (D + H)          against H (D + H)

2. In sequence over time: a chain of length T

    a_t = x_t W + h_(t-1) U + b       gates wait for h_(t-1)
    c_t = f_t * c_(t-1) + i_t * g_t   this line by itself is linear

- x W can be done for all steps at once, h U cannot.
- The same number of elements takes several times longer as T = 512, N = 1 than as T = 8, N = 64: equal work, 64 times the waiting.
- If gates did not depend on h (no U), c would obey an associative rule and a parallel scan would need log2(T) rounds:

    (f1, u1) ∘ (f2, u2) = (f1 f2, f2 u1 + u2)

3. A memory of fixed size: 2H numbers

- T inputs are T · D numbers; in 2H numbers, different sequences must end in the same state.
- Encoder-decoder translation got worse on long sentences, which is where Bahdanau et al. brought in attention.

Further: gradients can still explode; it is sensitive to settings and initialisation; going back needs T steps of activations.

What replaced it, and what came back:

    attention          work T² d a layer   depth O(1)   memory grows with T
    LSTM               work T d² a layer   depth T      memory 2H
    linear recurrence  work T d·s a layer  depth log T  memory fixed, d·s
""",
    ),
    key_points=(
        KeyPoint(
            "four-times",
            Text(
                zh="参数与计算量是同样大小普通 RNN 的 4 倍",
                en="Four times the parameters and work of a plain RNN of the same size",
            ),
            (r"(四|4)\s*倍", r"(four|4) times", r"factor of (4|four)", r"\b4 ?[x×]"),
        ),
        KeyPoint(
            "sequential",
            Text(zh="时间上不能并行，依赖链长 T", en="No parallelism over time: a chain of length T"),
            (
                r"(不能|无法|难以)并行",
                r"串行",
                r"(cannot|can't|not) (\w+ )?(be )?(run in )?parallel",
                r"in sequence over time",
                r"sequential",
                r"没法并行",
                r"(cannot|can't|not) (be )?paralleli[sz]ed",
            ),
        ),
        KeyPoint(
            "why-sequential",
            Text(zh="原因是门依赖上一步的 h", en="Because the gates read the previous h"),
            (r"(等|依赖)[^。；\n]{0,8}(h|隐藏状态)", r"gates?[^.;\n]{0,30}(wait|depend|read)"),
        ),
        KeyPoint(
            "fixed-memory",
            Text(zh="记忆大小固定：2H 个数，与长度无关", en="Memory of fixed size: 2H numbers at any length"),
            (
                r"(记忆|状态)[^。；\n]{0,6}固定",
                r"2\s*H\s*个数",
                r"固定大小",
                r"fixed[- ]size",
                r"memory (has|of) a? ?fixed",
                r"two H numbers|2\s*H numbers",
            ),
        ),
        KeyPoint(
            "attention-replaced",
            Text(
                zh="注意力取代了它：并行、直接访问，代价是 T²",
                en="Attention replaced it: parallel, direct access, at T² cost",
            ),
            (r"注意力|transformer", r"attention|transformer"),
        ),
        KeyPoint(
            "recurrence-back",
            Text(
                zh="线性递归回来了：状态空间模型、极简门控单元，可并行扫描",
                en="Linear recurrence is back: state-space models, minimal gated cells, parallel scans",
            ),
            (r"状态空间|mamba|线性递归|并行扫描|\bSSM", r"state[- ]space|mamba|linear recurrence|parallel scan"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="那什么取代了它，又有什么回来了？", en="So what replaced it, and what came back?"),
            Text(
                zh="取代它的是 Transformer（Vaswani 等，2017）：没有递归，所有位置一起算，记忆是整段上下文。回来的是线性递归：S4（2022）与 Mamba（2023）这类状态空间模型，以及 minLSTM、minGRU（Feng 等，2024）：门只看输入不看 h，于是训练用并行扫描，推理每步只花常数。xLSTM（2024）则给 LSTM 加上指数门和矩阵记忆。",
                en="The Transformer replaced it (Vaswani et al., 2017): no recurrence, all positions at once, the whole context as memory. Linear recurrence came back: state-space models such as S4 (2022) and Mamba (2023), and minLSTM and minGRU (Feng et al., 2024), whose gates look at the input and not at h, so that training is a parallel scan and inference takes constant work a step. xLSTM (2024) gives the LSTM exponential gates and a matrix memory.",
            ),
        ),
        FollowUp(
            Text(
                zh="那今天还有什么场合该用 LSTM？",
                en="Where would you still use an LSTM today?",
            ),
            Text(
                zh="流式、低延迟、内存很小的场合：每来一个样本只做常数计算，状态大小不变，不需要缓存。语音唤醒、传感器、强化学习里的小策略网络都常见；数据少时它的归纳偏置也占便宜。",
                en="Streaming with low latency and little memory: constant work for each sample, a state that never grows, no cache. Keyword spotting, sensors and small policies in reinforcement learning are typical, and with little data its inductive bias helps.",
            ),
        ),
        FollowUp(
            Text(
                zh="去掉门里的 U 就能并行，代价是什么？",
                en="Dropping U from the gates makes it parallel. What does that cost?",
            ),
            Text(
                zh="门不再能看状态，单层就做不了依赖自身历史的判断，例如奇偶校验这类状态跟踪。实践中靠堆叠多层补回一部分：上一层的输出带着历史。Merrill 等人（2024）证明对角线性的状态空间模型与 Transformer 同属很弱的电路类，而带非线性递归的 RNN 没有这个限制。",
                en="Gates can no longer see the state, so one layer cannot decide by its own history, as tracking a state such as parity demands. In practice stacking makes up for part of it, since the layer below carries history. Merrill et al. (2024) show that such linear state-space models share the Transformer's weak circuit class, a limit that a nonlinear recurrence does not have.",
            ),
        ),
        FollowUp(
            Text(
                zh="GPU 上 LSTM 利用率低，怎么补救？",
                en="An LSTM leaves a GPU half idle. What can be done?",
            ),
            Text(
                zh="加大批大小；把 x W 合成一个大乘积；多层时让第 l 层第 t 步与第 l+1 层第 t-1 步同时算；用融合核把逐元素部分并成一次；长序列截断成段训练（截断 BPTT），段间只传状态不传梯度。",
                en="Larger batches; x W as one large product; in a stack, layer l at step t together with layer l+1 at step t-1; a fused kernel for the elementwise part; long sequences cut into segments (truncated back-propagation), which hand on the state but no gradient.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="除了“算得多”，想想“等得久”和“记得少”。",
            en="Besides computing a lot, think of waiting long and remembering little.",
        ),
        Text(
            zh="第 t 步的门需要什么才能开始算？读完一万步之后还剩几个数？",
            en="What do the gates of step t need before they can start? How many numbers are left after ten thousand steps?",
        ),
        Text(
            zh="4 倍计算；h_(t-1) 造成串行；记忆固定为 2H 个数。",
            en="4 times the work; h_(t-1) forces the sequence; memory is fixed at 2H numbers.",
        ),
    ),
    drills=(
        NumberDrill(
            id="lstm-problems-extra-params",
            ask=Text(
                zh="D = {D}，H = {H}，每块一份偏置。把普通 RNN 换成同样大小的 LSTM，多出多少个参数？",
                en="D = {D}, H = {H}, one bias vector for each block. A plain RNN becomes an LSTM of the same size: how many parameters more?",
            ),
            draw=_layer,
            answer=_more_than_rnn,
            why=Text(
                zh="从 H(D + H + 1) 变成 4 倍，多出 3 × {H} × ({D} + {H} + 1) = {answer}。",
                en="H(D + H + 1) becomes four times that: 3 × {H} × ({D} + {H} + 1) = {answer} more.",
            ),
        ),
        NumberDrill(
            id="lstm-problems-state-size",
            ask=Text(
                zh="单层 LSTM，H = {H}，读完 {T} 步的一个序列，传给下一步的状态一共有多少个数？",
                en="One LSTM layer with H = {H} has read {T} steps of one sequence. How many numbers does it hand on as its state?",
            ),
            draw=_stream,
            answer=_state_numbers,
            why=Text(
                zh="h 与 c 各 {H} 个，共 {answer} 个，与 {T} 无关。",
                en="{H} each in h and c, {answer} in all, however many steps it has read.",
            ),
        ),
        NumberDrill(
            id="lstm-problems-scan-rounds",
            ask=Text(
                zh="门不依赖 h 时，用两两合并的并行扫描求 {T} 步的全部 c，最少几轮？",
                en="With gates that do not depend on h, a scan that merges pairs finds all {T} values of c. In how many rounds, at least?",
            ),
            draw=_scan,
            answer=_rounds,
            why=Text(
                zh="每轮覆盖的步数加倍：⌈log2 {T}⌉ = {answer}。逐步计算要 {T} 轮。",
                en="Every round doubles the reach: ⌈log2 {T}⌉ = {answer}. Step by step it would be {T}.",
            ),
        ),
        FormulaDrill(
            id="lstm-problems-merge",
            ask=Text(
                zh="两步线性递推 c1 = f1 * c0 + u1、c2 = f2 * c1 + u2 合成一步 c2 = F * c0 + V。写出 V。",
                en="Two linear steps c1 = f1 * c0 + u1 and c2 = f2 * c1 + u2 merge into c2 = F * c0 + V. Write V.",
            ),
            variables={"f1": ("N", "H"), "f2": ("N", "H"), "u1": ("N", "H"), "u2": ("N", "H")},
            unit=("f1", "f2"),
            answer="f2 * u1 + u2",
            why=Text(
                zh="把 c1 代入第二步即可；F = f1 * f2。这个合并满足结合律，所以能并行扫描。",
                en="Put c1 into the second step; F = f1 * f2. The merging is associative, which is what a parallel scan needs.",
            ),
            wrong=(
                ("u1 + u2", Text(zh="u1 还要经过第二步的遗忘门。", en="u1 still passes the second forget gate.")),
                (
                    "f1 * u1 + u2",
                    Text(
                        zh="u1 写入时已在第一步之后，乘的是 f2。",
                        en="u1 is written in the first step, so f2 multiplies it.",
                    ),
                ),
                (
                    "f1 * f2 * u1 + u2",
                    Text(zh="f1 只作用于 c0，不作用于 u1。", en="f1 acts on c0, not on u1."),
                ),
            ),
        ),
        ChoiceDrill(
            id="lstm-problems-main",
            ask=Text(
                zh="在 GPU 上训练长序列时，LSTM 比 Transformer 慢的首要原因是什么？",
                en="On a GPU with long sequences, what is the main reason that LSTMs train more slowly than Transformers?",
            ),
            options=(
                Text(zh="时间步之间串行，硬件大量空等", en="Steps run in sequence and the hardware waits"),
                Text(zh="每层的总乘加次数比注意力更多", en="A layer needs more multiply-adds than attention"),
                Text(zh="sigmoid 与 tanh 在 GPU 上太慢", en="Sigmoid and tanh are too slow on a GPU"),
                Text(zh="参数太多，显存装不下整个模型", en="It has too many parameters for the memory"),
            ),
            right=0,
            why=Text(
                zh="T 很大时注意力的总量反而更多；激活函数占比小；同宽度的 Transformer 层参数也不少。差别在依赖链：T 对 O(1)。",
                en="For long T attention computes more in total, activations are a small share, and a Transformer layer of that width has no fewer parameters. The difference is the chain: T against O(1).",
            ),
        ),
        ChoiceDrill(
            id="lstm-problems-hoist",
            ask=Text(
                zh="下面哪一项必须等前一个时间步算完才能开始？",
                en="Which of these has to wait for the previous time step?",
            ),
            options=(
                Text(zh="h_(t-1) U", en="h_(t-1) U"),
                Text(zh="x_t W", en="x_t W"),
                Text(zh="b 的广播相加到 x_t W", en="adding b to x_t W"),
                Text(
                    zh="W 的梯度 Σ x_tᵀ da_t 的求和（已有全部 da）",
                    en="the sum Σ x_tᵀ da_t for W's gradient, all da known",
                ),
            ),
            right=0,
            why=Text(
                zh="只有循环项依赖上一步；其余都能对全部时间步一次做完。",
                en="Only the recurrent term needs the step before; everything else can be done for all steps at once.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-problems-same-elements",
            claim=Text(
                zh="T·N 相同的两个批次乘加次数相同，但长而窄的那个前向要慢得多。",
                en="Two batches with the same T N need the same multiply-adds, yet the long thin one takes far longer.",
            ),
            holds=True,
            why=Text(
                zh="算的一样多，等的次数不同：实测 512 步要比 8 步慢好几倍，硬件越能并行，差得越多。",
                en="The work is the same, the waiting is not: measured, 512 steps take several times longer than 8, and the more parallel the hardware the larger the gap.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-problems-infinite-memory",
            claim=Text(
                zh="只要遗忘门学到 1，LSTM 就能一字不差地记住任意长的输入。",
                en="Once its forget gates have learned 1, an LSTM can remember inputs of any length word for word.",
            ),
            holds=False,
            why=Text(
                zh="状态只有 2H 个数。输入一长，必有不同的序列落到同一个状态，实验里就构造出了这样一对。",
                en="The state is 2H numbers. With enough input, different sequences end in one state; the experiment constructs such a pair.",
            ),
        ),
        OrderDrill(
            id="lstm-problems-history",
            ask=Text(zh="按出现的先后排列。", en="Put these in order of appearance."),
            steps=(
                Text(zh="LSTM（不带遗忘门）", en="LSTM without a forget gate"),
                Text(zh="给 LSTM 加上遗忘门", en="the forget gate for the LSTM"),
                Text(zh="GRU", en="GRU"),
                Text(zh="Transformer", en="Transformer"),
                Text(zh="选择性状态空间模型 Mamba", en="Mamba, a selective state-space model"),
            ),
            why=Text(
                zh="1997、2000、2014、2017、2023。",
                en="1997, 2000, 2014, 2017, 2023.",
            ),
        ),
    ),
    tasks=(),
    experiment="lstm_problems",
    sources=(
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "Neural Computation 9(8), doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "D. Bahdanau, K. Cho, Y. Bengio",
            2015,
            "Neural Machine Translation by Jointly Learning to Align and Translate",
            "ICLR, arXiv:1409.0473",
            "section 3.1",
        ),
        Source(
            "G. E. Blelloch", 1990, "Prefix Sums and Their Applications", "Carnegie Mellon University, CMU-CS-90-190"
        ),
        Source(
            "E. Martin, C. Cundy",
            2018,
            "Parallelizing linear recurrent neural nets over sequence length",
            "ICLR, arXiv:1709.04057",
        ),
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "Table 1"),
        Source(
            "A. Gu, K. Goel, C. Ré",
            2022,
            "Efficiently Modeling Long Sequences with Structured State Spaces",
            "ICLR, arXiv:2111.00396",
        ),
        Source(
            "A. Gu, T. Dao",
            2023,
            "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
            "arXiv:2312.00752",
            "Theorem 1",
        ),
        Source("L. Feng et al.", 2024, "Were RNNs All We Needed?", "arXiv:2410.01201", "section 3"),
        Source(
            "W. Merrill, J. Petty, A. Sabharwal",
            2024,
            "The Illusion of State in State-Space Models",
            "ICML, arXiv:2404.08819",
        ),
        Source("M. Beck et al.", 2024, "xLSTM: Extended Long Short-Term Memory", "NeurIPS, arXiv:2405.04517"),
    ),
    tags=("lstm", "cost", "memory"),
)
