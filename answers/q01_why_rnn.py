"""Why sequences want a recurrent net."""

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
    zh="序列数据里，次序和上文都有意义，长度也不固定。全连接网络要固定长度的窗口，参数随窗口变长，同一规律在不同位置要重学；卷积在时间上共享权重，也看得见局部次序，但只看得到卷积核那么宽的过去。RNN 每一步用同一组权重，把到目前为止读到的内容压进一个状态带着走，所以能处理任意长度，原则上能用到任意远的上文。代价是只能一步一步算，普通 RNN 只看过去不看未来，远处的信息也难学到。",
    en="In a sequence the order and the context matter, and the length varies. A dense net needs a window of fixed length: its parameters grow with it, and a pattern has to be learned again at each position. A convolution shares weights over time and sees local order, but no further back than its kernel. An RNN uses one set of weights at every step and carries what it has read in a state, so it takes any length and can, in principle, use a past of any distance. The price: it runs one step after another, a plain RNN sees the past only, and what lies far back is hard to learn.",
)

WHITEBOARD = Text(
    zh="""\
三种做法读同一段输入 x (T, N, D)；RNN 的参数与 T 无关：

    全连接  y = f(concat(x_1 ... x_T) W)       W (T·D, H)，随 T 增长
    卷积    y_t = f(Σ_k x_(t-k) K_k)           K (w, D, H)，只看 w 步
    RNN     h_t = tanh(x_t W + h_(t-1) U + b)  W (D, H)，U (H, H)

逐项比较：

- 次序：窗口全连接和卷积都看得到次序。看不到的是“逐元素处理再平均（词袋）”：输入怎么打乱，输出都一样。
- 共享：卷积和 RNN 在时间上共享权重；全连接不共享，位置换了要重学。
- 长度：卷积和 RNN 可变，全连接固定。
- 过去：卷积的视野是核宽（加深、膨胀可以扩大，但总有限）；RNN 的状态原则上带着全部过去。

RNN 的“记忆”就是状态 h_t：大小固定，装的是到第 t 步为止的摘要。

因果性：改动 x_t，只有 t 及以后的输出会变。要看未来，用双向 RNN：从两头各走一遍，把两个状态拼起来。

代价：时间上不能并行；状态大小固定；普通 RNN 的梯度传不远。

所以“全连接和卷积假定元素相互独立”只说对一半：它们缺的是跨时间共享并带着无界的过去，不是次序。""",
    en="""\
Three ways to read the same input x (T, N, D); an RNN's parameters are free of T:

    dense   y = f(concat(x_1 ... x_T) W)       W (T·D, H), grows with T
    conv.   y_t = f(Σ_k x_(t-k) K_k)           K (w, D, H), sees w steps
    RNN     h_t = tanh(x_t W + h_(t-1) U + b)  W (D, H), U (H, H)

Point by point:

- Order: a dense net over a window and a convolution both see it. What does not is one that treats each element alone and averages (a bag of words): shuffle the input and its output stays.
- Sharing: convolution and RNN share weights over time; a dense net does not and learns each position anew.
- Length: free for convolution and RNN, fixed for the dense net.
- Past: a convolution sees its kernel's width (more with depth or dilation, but always bounded); an RNN's state can, in principle, carry all of it.

The “memory” of an RNN is its state h_t: of fixed size, a summary of what came up to step t.

Causality: changing x_t changes outputs from t on and none before. To see the future take a bidirectional RNN: one pass from each end, the two states side by side.

The price: no parallelism over time; a state of fixed size; a plain RNN's gradient does not reach far.

So “dense nets and CNNs take elements as independent” is half true: what they lack is sharing over time with an unbounded past, not order.""",
)

KEY_POINTS = (
    KeyPoint(
        "order-matters",
        Text(zh="序列里次序和上下文有意义", en="In sequences order and context matter"),
        (
            r"次序|顺序",
            r"上下文|上文",
            r"\border\b.{0,30}matter|order (and|or) (the )?context",
            r"sees? (local )?order|see it",
        ),
    ),
    KeyPoint(
        "any-length",
        Text(zh="长度可变，参数与长度无关", en="Any length, with parameters that do not depend on it"),
        (
            r"任意长度|可变长|变长|长度(也)?不固定|与 ?T ?无关",
            r"any length|variable[- ]length|length varies|free of T",
        ),
    ),
    KeyPoint(
        "sharing",
        Text(zh="每一步共享同一组权重", en="The same weights at every step"),
        (
            r"同一(组|套|份)(权重|参数)",
            r"共享(权重|参数)|(权重|参数)共享",
            r"one set of weights|same weights",
            r"shar(e|es|ed|ing) (the )?(weights|parameters)|weight sharing",
            r"(reuses?|same) (the )?(same )?(weights|parameters)",
        ),
    ),
    KeyPoint(
        "state",
        Text(
            zh="状态带着到目前为止的信息（记忆）",
            en="A state carries what has been read so far (memory)",
        ),
        (
            r"状态.{0,20}(带着|记忆|摘要|过去)",
            r"(压|存|记)(进|入|在).{0,8}状态",
            r"(state|memory).{0,40}(carr|read|past|summary)",
            r"carries what it has read",
            r"状态.{0,6}(记住|记录|保存|保留|包含)",
            r"(state|memory).{0,20}remembers?",
        ),
    ),
    KeyPoint(
        "cnn-window",
        Text(
            zh="全连接与卷积看得到次序，但视野有限或长度固定",
            en="Dense nets and CNNs see order, but over a fixed length or a bounded field",
        ),
        (
            r"(卷积|CNN).{0,40}(局部|核|宽|视野)",
            r"(convolution|CNN).{0,80}(local|kernel|width|bounded|field)",
            r"固定.{0,6}窗口|窗口.{0,12}固定",
        ),
    ),
    KeyPoint(
        "price",
        Text(
            zh="代价：不能并行、只看过去、远处难学",
            en="Price: no parallelism, past only, far context hard to learn",
        ),
        (
            r"不能并行|无法并行|一步一步|逐步计算",
            r"只看(得到)?过去",
            r"no parallelism|not parallel|one step after another|sequential",
            r"sees? (only )?the past( only)?",
            r"(没法|难以)并行",
            r"(cannot|can't|not) (be )?paralleli[sz]ed",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "independence",
        Text(
            zh="全连接网络和卷积网络都以元素互不相干为前提，一个输入对应一个输出。",
            en="Dense nets and convolutional nets presume that elements have nothing to do with each other: one input, one output.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="勘误：只有逐元素处理再合并的模型才是这样。窗口上的全连接网络看得到次序，卷积看得到局部次序。它们缺的是：在时间上共享权重，同时带着无界的过去。",
            en="Erratum: that is true only of models that treat each element alone. A dense net over a window sees order, a convolution sees local order. What they lack is sharing over time together with an unbounded past.",
        ),
        Text(
            zh="面试官会拿 TextCNN、TCN、WaveNet 反问：它们不是也能处理序列吗？",
            en="They will counter with TextCNN, temporal convolutions or WaveNet: do those not read sequences too?",
        ),
        (
            "pooled-blind-to-order",
            "dense-window-sees-order",
            "cnn-sees-local-order",
            "cnn-blind-beyond-its-width",
            "pooled-at-chance",
        ),
    ),
    NotesClaim(
        "same-task-each-step",
        Text(
            zh="RNN 对序列里每个元素做同样的事，结果取决于先前的计算。",
            en="An RNN does the same at each element, with results that depend on earlier ones.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立：同一组权重跑任意长度，改动一个元素，它及以后的状态都变。",
            en="It holds: one set of weights reads any length, and changing an element changes every state from there on.",
        ),
        Text(
            zh="“同样的事”指共享权重；说成“每步一层”就漏掉了要点。",
            en="“The same” means shared weights; “one layer per step” misses the point.",
        ),
        (
            "rnn-sees-order",
            "one-set-any-length",
            "window-grows-with-length",
            "everything-from-there-on",
            "rnn-learns-order",
        ),
    ),
    NotesClaim(
        "memory-of-the-past",
        Text(
            zh="RNN 有记忆，能记住到目前为止算过的信息。",
            en="An RNN has a memory that captures what has been computed so far.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="成立，有三条限制：只有过去，看不到后面的词（要双向）；状态大小固定；远处的内容会淡去。",
            en="True within three limits: the past only, not the words to come (that takes two directions); a state of fixed size; and what is far back fades.",
        ),
        Text(
            zh="“那翻译、标注要看后文怎么办”是自然的追问。",
            en="“And if tagging needs the words that follow?” is the natural next question.",
        ),
        ("rnn-reached-by-first", "nothing-before", "two-directions-see-the-future"),
    ),
)


def _draw_window(random: Random) -> dict[str, int]:
    return {
        "T": random.choice((5, 10, 20, 50, 100)),
        "D": random.choice((4, 8, 10, 16, 50)),
        "H": random.choice((8, 10, 16, 32, 64)),
    }


def _window_weights(T: int, D: int, H: int) -> float:
    return T * D * H


def _times_an_rnn(T: int, D: int, H: int) -> float:
    return T * D / (D + H)


def _draw_field(random: Random) -> dict[str, int]:
    return {"L": random.randint(2, 8), "w": random.choice((2, 3, 5))}


def _field(L: int, w: int) -> float:
    return 1 + L * (w - 1)


def _dilated_field(L: int) -> float:
    return float(2**L)


def _draw_changed(random: Random) -> dict[str, int]:
    T = random.randint(8, 30)
    return {"T": T, "t": random.randint(2, T - 1)}


def _changed(T: int, t: int) -> float:
    import numpy as np

    import rnnref

    x, h0 = np.zeros((T, 1, 1)), np.zeros((1, 1))
    W, U, b = np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)
    other = x.copy()
    other[t - 1] = 1
    return int((rnnref.rnn_forward(other, h0, W, U, b) != rnnref.rnn_forward(x, h0, W, U, b)).sum())


DRILLS = (
    TrueFalseDrill(
        "why-rnn-independent",
        Text(
            zh="卷积网络把序列元素当作相互独立的，看不到任何次序。",
            en="A convolutional net treats the elements of a sequence as independent and sees no order at all.",
        ),
        False,
        Text(
            zh="核内的次序它看得到：交换相邻两个元素，输出就变。它看不到的是核以外的过去。",
            en="Within its kernel it does see order: swap two neighbours and the output changes. What it does not see is the past beyond the kernel.",
        ),
    ),
    TrueFalseDrill(
        "why-rnn-bag",
        Text(
            zh="先逐词编码再取平均的模型，分不出“狗咬人”和“人咬狗”。",
            en="A model that encodes each word alone and averages cannot tell “dog bites man” from “man bites dog”.",
        ),
        True,
        Text(
            zh="平均与次序无关，两句的词又相同，输出必然一样。",
            en="The mean does not depend on order and the words are the same, so the outputs are equal.",
        ),
    ),
    TrueFalseDrill(
        "why-rnn-future",
        Text(
            zh="单向 RNN 在第 t 步的输出会受 x_(t+1) 影响。",
            en="The output of a unidirectional RNN at step t is affected by x_(t+1).",
        ),
        False,
        Text(
            zh="它只读到 x_t 为止。要用后文，得用双向 RNN 或推迟输出。",
            en="It has read up to x_t only. To use what follows, take a bidirectional RNN or delay the output.",
        ),
    ),
    ChoiceDrill(
        "why-rnn-lack",
        Text(
            zh="与窗口上的全连接网络相比，RNN 真正多出来的是什么？",
            en="What does an RNN really add to a dense net over a window?",
        ),
        (
            Text(zh="时间上共享权重，过去不设上界", en="weights shared over time, no bound on the past"),
            Text(zh="能感知元素在窗口里的次序", en="sensitivity to the order within the window"),
            Text(zh="每一步的输出都是概率分布", en="an output at each step that is a distribution"),
            Text(zh="所有时间步可以同时算完", en="all steps of time computed at once"),
        ),
        0,
        Text(
            zh="次序全连接也看得到；并行恰恰是 RNN 的短处；概率来自 softmax，与循环无关。",
            en="A dense net sees order too; parallelism is what an RNN lacks; distributions come from softmax, not from recurrence.",
        ),
    ),
    ChoiceDrill(
        "why-rnn-which-model",
        Text(
            zh="逐帧语音流要实时输出，不能等后文。下面哪一种不合适？",
            en="A speech stream needs an output at each frame, without waiting. Which of these does not fit?",
        ),
        (
            Text(zh="双向 LSTM", en="a bidirectional LSTM"),
            Text(zh="单向 LSTM", en="a unidirectional LSTM"),
            Text(zh="因果卷积", en="a causal convolution"),
            Text(zh="单向 GRU", en="a unidirectional GRU"),
        ),
        0,
        Text(
            zh="双向模型的后向部分要从序列末尾读起，实时流没有末尾。",
            en="The backward half starts at the sequence's end, and a live stream has none.",
        ),
    ),
    NumberDrill(
        "why-rnn-window-weights",
        Text(
            zh="全连接层读长度 T = {T} 的窗口，每步 D = {D} 维，输出 H = {H} 维。权重有多少个（不含偏置）？",
            en="A dense layer reads a window of T = {T} steps with D = {D} numbers each, into H = {H} outputs. How many weights (no bias)?",
        ),
        _draw_window,
        _window_weights,
        Text(
            zh="{T} × {D} × {H} = {answer:.0f}；RNN 是 ({D} + {H}) × {H}，与 T 无关。",
            en="{T} × {D} × {H} = {answer:.0f}; an RNN has ({D} + {H}) × {H}, whatever T is.",
        ),
    ),
    NumberDrill(
        "why-rnn-against-rnn",
        Text(
            zh="同样读 T = {T} 步、每步 D = {D} 维、H = {H} 个单元：窗口全连接层的权重是 RNN 的几倍（都不计偏置，误差 2% 以内）？",
            en="T = {T} steps of D = {D} numbers, H = {H} units: how many times the weights of an RNN does a dense layer over the window have (no biases, within 2%)?",
        ),
        _draw_window,
        _times_an_rnn,
        Text(
            zh="{T} × {D} × {H} 比 ({D} + {H}) × {H}，得 {answer:.4g} 倍；窗口越长差得越多。",
            en="{T} × {D} × {H} over ({D} + {H}) × {H}, which is {answer:.4g}; the longer the window, the more.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "why-rnn-receptive-field",
        Text(
            zh="{L} 层因果卷积，每层核宽 {w}，无膨胀。最后一层的一个输出能看到多少个输入？",
            en="{L} causal convolutions of width {w} are stacked, without dilation. How many inputs does one output of the last see?",
        ),
        _draw_field,
        _field,
        Text(
            zh="每层多看 {w} - 1 个：1 + {L} × ({w} - 1) = {answer:.0f}。",
            en="Each layer adds {w} - 1: 1 + {L} × ({w} - 1) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "why-rnn-dilated-field",
        Text(
            zh="{L} 层因果卷积，核宽 2，膨胀依次为 1、2、4……逐层翻倍。最后一层的一个输出能看到多少个输入？",
            en="{L} causal convolutions of width 2 with dilations 1, 2, 4 and so on, doubling. How many inputs does one output of the last see?",
        ),
        lambda random: {"L": random.randint(3, 12)},
        _dilated_field,
        Text(
            zh="1 + (1 + 2 + 4 + …) = 2 的 {L} 次方 = {answer:.0f}。WaveNet 就靠它看得远，但仍有上界。",
            en="1 + (1 + 2 + 4 + …) = 2 to the power {L} = {answer:.0f}. That is how WaveNet sees far, though still not without bound.",
        ),
    ),
    NumberDrill(
        "why-rnn-changed-states",
        Text(
            zh="单向 RNN 读长度 {T} 的序列，只改动第 {t} 个输入（从 1 数起）。最多有多少个状态会变？",
            en="A unidirectional RNN reads {T} inputs and only input {t} (counted from 1) is changed. How many states can change?",
        ),
        _draw_changed,
        _changed,
        Text(
            zh="第 {t} 个到第 {T} 个：{T} - {t} + 1 = {answer:.0f}。",
            en="From {t} to {T}: {T} - {t} + 1 = {answer:.0f}.",
        ),
    ),
    FormulaDrill(
        "why-rnn-carry",
        Text(
            zh="给“只看当前输入”的一层 tanh(x W + b) 加上记忆：再用上旧状态 h (N, H) 和矩阵 U (H, H)。",
            en="Give a layer that sees only the current input, tanh(x W + b), a memory: use the old state h (N, H) and a matrix U (H, H).",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "tanh(x @ W + b + h @ U)",
        Text(
            zh="多了 h @ U 一项，就从逐元素模型变成了 RNN。",
            en="The one term h @ U turns the element-wise model into an RNN.",
        ),
        (
            (
                "tanh(x @ W + b + h)",
                Text(
                    zh="旧状态要经过 U，单元之间才能交流。", en="The old state goes through U, so that units can talk."
                ),
            ),
            (
                "tanh(x @ W + b) + h",
                Text(
                    zh="这是累加，状态会无界增长，U 也没用上。",
                    en="That accumulates, without bound, and U is not used.",
                ),
            ),
            (
                "tanh((x @ W + b) * (h @ U))",
                Text(
                    zh="是相加，不是相乘：h = 0 时输入就被抹掉了。",
                    en="Added, not multiplied: at h = 0 the input would be wiped out.",
                ),
            ),
        ),
    ),
    OrderDrill(
        "why-rnn-by-reach",
        Text(
            zh="按“第 100 步的输出能用到多远的过去”，从近到远排列。",
            en="Order by how far back the output at step 100 can reach, nearest first.",
        ),
        (
            Text(zh="逐元素的全连接层", en="a dense layer on each element"),
            Text(zh="一层核宽 3 的因果卷积", en="one causal convolution of width 3"),
            Text(zh="四层核宽 3 的因果卷积", en="four causal convolutions of width 3"),
            Text(zh="单向 RNN（原则上）", en="a unidirectional RNN (in principle)"),
        ),
        Text(
            zh="依次是 1、3、9 和全部 100 个输入。",
            en="They see 1, 3, 9 and all 100 inputs.",
        ),
    ),
    OrderDrill(
        "why-rnn-reading",
        Text(
            zh="RNN 读三个输入后做分类，按计算先后排好。",
            en="An RNN reads three inputs and then classifies: put the computation in order.",
        ),
        (
            formula("h = zeros(N, H)"),
            formula("h = tanh(x[0] @ W + h @ U + b)"),
            formula("h = tanh(x[1] @ W + h @ U + b)"),
            formula("h = tanh(x[2] @ W + h @ U + b)"),
            formula("y = softmax(h @ V + c)"),
        ),
        Text(
            zh="三步用的是同一组 W、U、b；输出只读最后的状态。",
            en="All three use the same W, U and b; the output reads the last state only.",
        ),
    ),
)

QUESTION = Question(
    id="why-rnn",
    section="1.2",
    title=Text(zh="处理序列为何用 RNN", en="What recurrence is for"),
    ask=Text(
        zh="已经有全连接网络和 CNN 了，为什么还需要 RNN？",
        en="We have dense nets and CNNs. Why would we need RNNs?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(
                zh="CNN 也能处理序列，什么时候比 RNN 好？",
                en="CNNs read sequences too. When are they better than RNNs?",
            ),
            Text(
                zh="规律是局部的、要快的时候：卷积在时间上可以并行，梯度路径短。膨胀卷积（WaveNet，TCN）把视野按指数扩大；Bai 等（2018）在一批任务上比较，TCN 常胜过普通的 LSTM。不足是推理时要缓存整个视野，超出视野的内容完全看不见。",
                en="When patterns are local and speed counts: a convolution runs in parallel over time and its gradient paths are short. Dilation (WaveNet, TCN) widens the field exponentially; Bai et al. (2018) compared them on a range of tasks and found TCNs often ahead of plain LSTMs. On the other hand inference has to keep the whole field in a buffer, and what lies beyond it is invisible.",
            ),
        ),
        FollowUp(
            Text(zh="变长的一批序列怎么一起算？", en="How do you run a batch of sequences of different lengths?"),
            Text(
                zh="补齐到同一长度，再用掩码：过了序列末尾，状态保持不动，输出置 0，损失只对真实的步求平均。PyTorch 用 pack_padded_sequence，免去对填充的计算。忘了掩码，最后的状态就成了读完填充之后的状态。",
                en="Pad to one length and mask: past its end a sequence's state stands still, its output is 0, and the loss averages over real steps only. PyTorch's pack_padded_sequence avoids computing on padding at all. Forget the mask and the last state is the one after reading padding.",
            ),
        ),
        FollowUp(
            Text(
                zh="后来 Transformer 为什么取代了它？又有什么回来了？",
                en="Why did the Transformer replace it, and what came back?",
            ),
            Text(
                zh="注意力让任意两步直接相连，训练可以在时间上并行（Vaswani 等 2017）；代价是计算随长度平方增长，推理时要缓存全部过去。长序列和流式推理又让循环回来了：状态空间模型（S4，Gu 等 2022；Mamba，Gu 与 Dao 2023）状态大小固定，每步代价不变，训练时又能沿时间并行：S4 化成一个长卷积，Mamba 用并行扫描。",
                en="Attention connects any two steps directly and trains in parallel over time (Vaswani et al. 2017), at a cost that grows with the square of the length and a cache of the whole past at inference. Long sequences and streaming have brought recurrence back: state-space models (S4, Gu et al. 2022; Mamba, Gu & Dao 2023) have a state of fixed size and a constant cost per step, and still train in parallel over time: S4 as one long convolution, Mamba by a parallel scan.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="把一句话的词打乱，哪些模型会发现？把句子加长十倍，哪些模型还能用？",
            en="Shuffle a sentence: which models notice? Make it ten times as long: which still work?",
        ),
        Text(
            zh="三件事：次序、共享、多远的过去。全连接和卷积各有其中几件？",
            en="Three things: order, sharing, how far back. Which of them do dense nets and convolutions have?",
        ),
        Text(
            zh="RNN 在每一步用同一组权重，把过去带在大小固定的状态里：任意长度，原则上无界的过去。",
            en="An RNN uses one set of weights at every step and carries the past in a state of fixed size: any length, and in principle an unbounded past.",
        ),
    ),
    drills=DRILLS,
    tasks=("masked-forward", "bidirectional"),
    experiment="why_rnn",
    sources=(
        Source("J. L. Elman", 1990, "Finding Structure in Time", "doi:10.1207/s15516709cog1402_1"),
        Source("M. Schuster, K. K. Paliwal", 1997, "Bidirectional Recurrent Neural Networks", "doi:10.1109/78.650093"),
        Source("A. van den Oord et al.", 2016, "WaveNet: A Generative Model for Raw Audio", "arXiv:1609.03499"),
        Source(
            "S. Bai, J. Z. Kolter, V. Koltun",
            2018,
            "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling",
            "arXiv:1803.01271",
        ),
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "Table 1"),
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
    ),
    tags=("rnn", "motivation"),
)
