"""How a GRU differs from a plain RNN and from an LSTM."""

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
    zh="从外面看，GRU 和普通 RNN 一样，只有一个状态 h；从里面看，它像 LSTM，靠门和加法更新来缓解梯度消失。LSTM 有三个门、两个状态，GRU 只有重置门和更新门；更新门身兼遗忘门和输入门两职：旧的留 z，新的写 1 减 z；没有输出门。于是参数和乘法都是 LSTM 的四分之三。效果上，实验里互有胜负，没有定论；但 GRU 的状态是加权平均，出不了正负一，所以不能像 LSTM 那样无限计数。",
    en="From outside a GRU looks like a plain RNN: one state, h. Inside it works like an LSTM, with gates and an additive update that ease vanishing gradients. An LSTM has three gates and two states; a GRU has a reset gate and an update gate, and the update gate does the work of both forget and input gate: it keeps z and writes one minus z. There is no output gate. So it has three quarters of the parameters and products. In experiments neither wins in general. But its state is a weighted mean that never leaves plus or minus one, so it cannot count without bound as an LSTM can.",
)

WHITEBOARD = Text(
    zh="""\
GRU 一步（z 保留旧状态，与 PyTorch、Keras 相同；r 在乘积之前起作用，与 Cho 等 2014 相同）：

    r, z  = σ(x W + h U + b)                   重置门、更新门
    n     = tanh(x W_n + (r * h) U_n + b_n)    候选值
    h_new = (1 - z) * n + z * h                加权平均

与 LSTM 逐项对照：

- 状态：LSTM 两个（c、h），GRU 一个（h），对外接口与普通 RNN 相同。
- 门：LSTM 三个（i、f、o），GRU 两个（r、z）。z 与 1 - z 相当于把 f 与 i 绑在一起；没有输出门，状态全部露出。
- 有界：h_new 是 n 与 h 的加权平均，|n| < 1，所以 |h| ≤ 1。LSTM 的 c 每步可以加 1，没有上界。

参数（D 输入，H 单元）：

    LSTM = 4 H (D + H + 1)        每个门一个偏置
    GRU  = 3 H (D + H + 1)        正好 3/4
    PyTorch：两个偏置，括号里是 D + H + 2，仍是 3/4
    Keras：GRU 默认 reset_after=True，有两个偏置，LSTM 只有一个
           3 (D + H + 2) : 4 (D + H + 1)，不是 3/4

能力：

- 多数任务上不相上下，是经验结论（Chung 等 2014；Greff 等 2017 对绑定两门的 LSTM 也得到相近的结果），不是定理。
- 计数：LSTM 可以手工设权识别 aⁿbⁿ，GRU 在有限精度下不能（Weiss 等 2018）。""",
    en="""\
One GRU step (z keeps the old state, as in PyTorch and Keras; r acts before the product, as in Cho et al. 2014):

    r, z  = σ(x W + h U + b)                   reset and update gate
    n     = tanh(x W_n + (r * h) U_n + b_n)    candidate
    h_new = (1 - z) * n + z * h                a weighted mean

Against the LSTM, point by point:

- State: two in an LSTM (c, h), one in a GRU (h), so outside it looks like a plain RNN.
- Gates: three (i, f, o) against two (r, z). z and 1 - z amount to f and i tied together; there is no output gate, all of the state is shown.
- Bounds: h_new is a weighted mean of n and h, and |n| < 1, so |h| ≤ 1. The LSTM's c can grow by 1 each step, without bound.

Parameters (D inputs, H units):

    LSTM = 4 H (D + H + 1)        one bias per gate
    GRU  = 3 H (D + H + 1)        exactly 3/4
    PyTorch: two biases, D + H + 2 in the parentheses, still 3/4
    Keras: the GRU's default reset_after=True has two biases, the LSTM one
           3 (D + H + 2) : 4 (D + H + 1), not 3/4

Abilities:

- On most tasks they are level: an empirical finding (Chung et al. 2014; Greff et al. 2017 found much the same for an LSTM with the two gates tied), not a theorem.
- Counting: an LSTM can be set by hand to recognise aⁿbⁿ; a GRU in finite precision cannot (Weiss et al. 2018).""",
)

KEY_POINTS = (
    KeyPoint(
        "one-state",
        Text(
            zh="只有一个状态 h，接口与普通 RNN 相同；LSTM 有 c、h 两个",
            en="One state, h, as a plain RNN has; an LSTM has two, c and h",
        ),
        (
            r"(只有)?一个状态",
            r"(没有|无)(单独的)?(细胞|单元)状态",
            r"one state",
            r"single (hidden )?state",
            r"no (separate )?cell state",
            r"一个隐藏状态",
        ),
    ),
    KeyPoint(
        "two-gates",
        Text(zh="两个门（重置、更新），没有输出门", en="Two gates, reset and update, and no output gate"),
        (
            r"重置门.{0,8}更新门",
            r"更新门.{0,8}重置门",
            r"两个门",
            r"reset (gate )?and (an? )?update",
            r"two gates",
            r"reset gate and",
        ),
    ),
    KeyPoint(
        "tied-gates",
        Text(
            zh="更新门兼任遗忘门与输入门：留 z，写 1 - z",
            en="The update gate does both forgetting and writing: keeps z, writes 1 - z",
        ),
        (
            r"1 ?(-|−|减) ?z",
            r"更新门.{0,20}(遗忘门|输入门)",
            r"one minus z",
            r"update gate.{0,40}(forget|input)",
            r"tied|coupled",
        ),
    ),
    KeyPoint(
        "three-quarters",
        Text(zh="参数与乘法是 LSTM 的 3/4", en="3/4 of the LSTM's parameters and products"),
        (r"四分之三", r"3 ?/ ?4", r"75 ?%", r"three quarters", r"3 ?[:：] ?4"),
    ),
    KeyPoint(
        "bias-conventions",
        Text(
            zh="PyTorch 两个偏置仍是 3/4；Keras 的 reset_after 不是",
            en="Still 3/4 with PyTorch's two biases; not with Keras' reset_after",
        ),
        (r"两个偏置", r"reset_after", r"two bias(es)?", r"double bias", r"两(份|组)偏置"),
    ),
    KeyPoint(
        "empirical",
        Text(
            zh="效果相当是经验结论，因任务而异",
            en="That they do equally well is empirical and depends on the task",
        ),
        (
            r"经验(结论|结果|上)",
            r"(没有|无)定论",
            r"互有胜负",
            r"(看|因)任务",
            r"empirical",
            r"neither wins",
            r"depends on the task",
            r"取决于(具体)?任务",
        ),
    ),
    KeyPoint(
        "counting",
        Text(
            zh="LSTM 能无界计数，GRU 的状态出不了 [-1, 1]，不能",
            en="An LSTM can count without bound; a GRU's state stays in [-1, 1] and cannot",
        ),
        (
            r"LSTM.{0,20}计数|(不能|无法).{0,14}计数",
            r"(状态)?有界",
            r"LSTM.{0,40}\bcount",
            r"(cannot|can't|not) .{0,12}\bcount",
            r"a\^?n ?b\^?n|aⁿbⁿ",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "outside-inside",
        Text(
            zh="GRU 的接口像普通 RNN，内部思路像 LSTM。",
            en="A GRU looks like a plain RNN from outside and thinks like an LSTM inside.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立。传给下一步的只有 h；内部用门控的加权平均代替 tanh 的整体覆盖，这条加法通路是从 LSTM 学来的。",
            en="It holds. Only h goes on to the next step; inside, a gated mean replaces the wholesale overwriting of a plain RNN, and that additive path is the LSTM's idea.",
        ),
        Text(
            zh="换模型时接口决定代码改多少：GRU 的 state 是一个数组，LSTM 的是一对。",
            en="When you swap models the interface decides how much code changes: a GRU's state is an array, an LSTM's is a pair.",
        ),
        ("rnn-states", "gru-states", "lstm-states"),
    ),
    NotesClaim(
        "fewer-parameters",
        Text(
            zh="GRU 比 LSTM 少一个门，参数也更少。",
            en="A GRU has one gate fewer than an LSTM, and fewer parameters.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="成立，还可以说得更准：四块变三块，每个门一个偏置或 PyTorch 的两个偏置时，比值恰为 3/4；Keras 默认的 GRU 多一组偏置，比值是 3(D+H+2) : 4(D+H+1)，D = H = 1 时两者一样多。",
            en="True, and it can be said exactly: four blocks become three, so the ratio is 3/4 with one bias per gate or with PyTorch's two; Keras' default GRU has an extra set of biases, which makes it 3(D+H+2) : 4(D+H+1), and at D = H = 1 both have as many.",
        ),
        Text(
            zh="“PyTorch 报多少参数，为什么比你算的多”是常见追问；答得出两个偏置，才算真数过。",
            en="“How many parameters does PyTorch report, and why more?” is a usual follow-up; naming the two biases shows that you have counted.",
        ),
        ("three-quarters-one-bias", "three-quarters-two-biases", "keras-ratio", "keras-ratio-at-one"),
    ),
    NotesClaim(
        "as-good",
        Text(
            zh="功能与 LSTM 相当。",
            en="It does as well as an LSTM.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="经验上多半如此，延迟回忆的实验里两者都学会了；但不是处处如此：LSTM 可以无界计数，GRU 的 h 是加权平均，出不了 [-1, 1]（Weiss 等 2018）。",
            en="Mostly so by experience, and both learn the delayed recall here; but not everywhere: an LSTM can count without bound, while a GRU's h is a weighted mean that never leaves [-1, 1] (Weiss et al. 2018).",
        ),
        Text(
            zh="一句“效果差不多”没有信息量；说出在哪一类任务上不一样，才显出理解。",
            en="“About the same” says nothing; naming the kind of task where they part shows understanding.",
        ),
        ("recall-lstm", "recall-gru", "lstm-counts", "lstm-rejects", "gru-stays-bounded", "gru-leaks"),
    ),
)


def _draw_sizes(random: Random) -> dict[str, int]:
    return {"D": random.choice((3, 8, 10, 16, 32, 50, 64, 100)), "H": random.choice((4, 8, 10, 16, 20, 32, 64, 100))}


def _gru_parameters(D: int, H: int) -> float:
    import rnnref

    return rnnref.gru_param_count(D, H)


def _lstm_parameters(D: int, H: int) -> float:
    import rnnref

    return rnnref.lstm_param_count(D, H)


def _pytorch_gru(D: int, H: int) -> float:
    return _gru_parameters(D, H) + 3 * H


def _saved(D: int, H: int) -> float:
    return _lstm_parameters(D, H) - _gru_parameters(D, H)


def _draw_step(random: Random) -> dict[str, float]:
    return {
        "z": random.randint(1, 9) / 10,
        "h": random.choice((-0.8, -0.5, -0.2, 0.2, 0.4, 0.6, 0.9)),
        "n": random.choice((-0.9, -0.6, -0.3, 0.1, 0.3, 0.5, 0.7)),
    }


def _step(z: float, h: float, n: float) -> float:
    return round((1 - z) * n + z * h, 10)


def _draw_positive_step(random: Random) -> dict[str, float]:
    sizes = _draw_step(random)
    return {**sizes, "h": abs(sizes["h"]), "n": abs(sizes["n"])}


def _draw_layers(random: Random) -> dict[str, int]:
    return {
        "D": random.choice((8, 10, 20, 32)),
        "H": random.choice((4, 8, 16, 20)),
        "L": random.choice((2, 3)),
    }


def _stacked_bidirectional(D: int, H: int, L: int) -> float:
    import rnnref

    return rnnref.gru_param_count(D, H, num_layers=L, bidirectional=True)


DRILLS = (
    NumberDrill(
        "differences-gru-parameters",
        Text(
            zh="单层 GRU，输入 D = {D}，单元 H = {H}，每个门一个偏置。共有多少个参数？",
            en="A GRU layer with D = {D} inputs and H = {H} units, one bias per gate. How many parameters?",
        ),
        _draw_sizes,
        _gru_parameters,
        Text(
            zh="3 × {H} × ({D} + {H} + 1) = {answer:.0f}。",
            en="3 × {H} × ({D} + {H} + 1) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "differences-lstm-parameters",
        Text(
            zh="单层 LSTM，输入 D = {D}，单元 H = {H}，每个门一个偏置。共有多少个参数？",
            en="An LSTM layer with D = {D} inputs and H = {H} units, one bias per gate. How many parameters?",
        ),
        _draw_sizes,
        _lstm_parameters,
        Text(
            zh="4 × {H} × ({D} + {H} + 1) = {answer:.0f}：三个门加一个候选值，四块。",
            en="4 × {H} × ({D} + {H} + 1) = {answer:.0f}: three gates and a candidate make four blocks.",
        ),
    ),
    NumberDrill(
        "differences-pytorch-gru",
        Text(
            zh="torch.nn.GRU({D}, {H}) 报告的参数总数是多少？",
            en="How many parameters does torch.nn.GRU({D}, {H}) report?",
        ),
        _draw_sizes,
        _pytorch_gru,
        Text(
            zh="PyTorch 有 bias_ih 与 bias_hh 两个偏置：3 × {H} × ({D} + {H} + 2) = {answer:.0f}。",
            en="PyTorch has two biases, bias_ih and bias_hh: 3 × {H} × ({D} + {H} + 2) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "differences-saved",
        Text(
            zh="D = {D}，H = {H}，每个门一个偏置：把一层 LSTM 换成 GRU，省下多少个参数？",
            en="D = {D}, H = {H}, one bias per gate: how many parameters does a GRU layer save against an LSTM?",
        ),
        _draw_sizes,
        _saved,
        Text(
            zh="少一块：{H} × ({D} + {H} + 1) = {answer:.0f}，正好四分之一。",
            en="One block: {H} × ({D} + {H} + 1) = {answer:.0f}, exactly a quarter.",
        ),
    ),
    NumberDrill(
        "differences-stacked",
        Text(
            zh="{L} 层双向 GRU，D = {D}，H = {H}，每个门一个偏置。共有多少个参数？",
            en="A bidirectional GRU of {L} layers, D = {D}, H = {H}, one bias per gate. How many parameters?",
        ),
        _draw_layers,
        _stacked_bidirectional,
        Text(
            zh="第一层读 {D} 维，其上各层读两个方向拼成的 2 × {H} 维，每层两个方向：共 {answer:.0f}。",
            en="The first layer reads {D} inputs, those above read the 2 × {H} of both directions, and each has two directions: {answer:.0f} in all.",
        ),
    ),
    NumberDrill(
        "differences-one-step",
        Text(
            zh="更新门 z = {z}（保留旧状态的约定），旧的 h = {h}，候选值 n = {n}。新的 h 是多少？（误差 1% 以内）",
            en="Update gate z = {z} (keeping the old state), old h = {h}, candidate n = {n}. What is the new h? (within 1%)",
        ),
        _draw_positive_step,
        _step,
        Text(
            zh="(1 - {z}) × {n} + {z} × {h} = {answer:.4g}。",
            en="(1 - {z}) × {n} + {z} × {h} = {answer:.4g}.",
        ),
        tolerance=0.01,
    ),
    FormulaDrill(
        "differences-update",
        Text(
            zh="写出 GRU 的新状态：旧状态 h、候选值 n、更新门 z（z = 1 时完全保留旧状态）。",
            en="Write a GRU's new state from the old state h, the candidate n and the update gate z (z = 1 keeps the old state).",
        ),
        {"h": ("N", "H"), "n": ("N", "H"), "z": ("N", "H")},
        "(1 - z) * n + z * h",
        Text(
            zh="两个系数之和为 1，所以是加权平均，状态有界。",
            en="The two weights add up to 1, so it is a weighted mean and the state stays bounded.",
        ),
        (
            (
                "z * n + (1 - z) * h",
                Text(
                    zh="z 的约定反了：这是 Chung 等（2014）的写法，这里 z 保留旧状态。",
                    en="z the other way round: that is how Chung et al. (2014) write it; here z keeps the old state.",
                ),
            ),
            (
                "z * h + n",
                Text(
                    zh="候选值没有乘 1 - z，状态就不再有界了。",
                    en="The candidate lacks its 1 - z, and the state is no longer bounded.",
                ),
            ),
            (
                "z * h + z * n",
                Text(zh="写入的份额应当是 1 - z。", en="The share that is written is 1 - z."),
            ),
        ),
        unit=("z",),
    ),
    FormulaDrill(
        "differences-candidate",
        Text(
            zh="写出候选值 n，重置门 r 在乘积之前起作用；x (N, D)，h (N, H)，W (D, H)，U (H, H)，b (H,)。",
            en="Write the candidate n with the reset gate r acting before the product; x (N, D), h (N, H), W (D, H), U (H, H), b (H,).",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "r": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "tanh(x @ W + (r * h) @ U + b)",
        Text(
            zh="先用 r 遮住旧状态，再乘 U。PyTorch 与 Keras 默认是先乘再遮。",
            en="Mask the old state with r first, then multiply by U. PyTorch and Keras' default multiply first.",
        ),
        (
            (
                "tanh(x @ W + r * (h @ U) + b)",
                Text(
                    zh="这是 r 在乘积之后的形式（PyTorch、Keras 默认）。",
                    en="That is the form with r after the product (PyTorch, Keras' default).",
                ),
            ),
            ("tanh(x @ W + h @ U + b)", Text(zh="没有用重置门 r。", en="The reset gate r is not used.")),
            (
                "sigmoid(x @ W + (r * h) @ U + b)",
                Text(zh="候选值过 tanh；σ 是给门用的。", en="The candidate goes through tanh; σ is for gates."),
            ),
            (
                "tanh(r * (x @ W + h @ U + b))",
                Text(zh="r 只作用于旧状态，不作用于输入。", en="r acts on the old state only, not on the input."),
            ),
        ),
        unit=("r",),
    ),
    OrderDrill(
        "differences-gru-step",
        Text(zh="把 GRU 一步的计算按依赖关系排好。", en="Order the computation of a GRU step by what needs what."),
        (
            Text(zh="由 x 与旧的 h 算出重置门 r", en="reset gate r from x and the old h"),
            Text(zh="用 r 遮住旧的 h，得 r * h", en="mask the old h with r, giving r * h"),
            Text(zh="由 x 与 r * h 算出候选值 n", en="candidate n from x and r * h"),
            Text(
                zh="以 z 为权，把 n 与旧的 h 平均成新的 h", en="average n and the old h, weighted by z, into the new h"
            ),
        ),
        Text(
            zh="候选值要等重置门，所以 GRU 一步里有先后两次矩阵乘法；LSTM 的四块可以一次算完。更新门 z 只要在最后一行之前算好即可。",
            en="The candidate waits for the reset gate, so a GRU step has two products one after the other, where an LSTM's four blocks take one. The update gate z only has to be there before the last line.",
        ),
    ),
    TrueFalseDrill(
        "differences-keras-ratio",
        Text(
            zh="在 Keras 默认设置下，同尺寸的 GRU 参数恰好是 LSTM 的 3/4。",
            en="With Keras' defaults a GRU has exactly 3/4 of the parameters of an LSTM of the same size.",
        ),
        False,
        Text(
            zh="reset_after=True 的 GRU 有两组偏置，LSTM 只有一组：3(D+H+2) : 4(D+H+1)，略高于 3/4。",
            en="A reset_after=True GRU has two sets of biases, the LSTM one: 3(D+H+2) : 4(D+H+1), a little above 3/4.",
        ),
    ),
    TrueFalseDrill(
        "differences-bounded",
        Text(
            zh="初始状态在 [-1, 1] 内的 GRU，无论权重多大，状态都不会离开 [-1, 1]。",
            en="Started inside [-1, 1], a GRU's state never leaves it, however large the weights.",
        ),
        True,
        Text(
            zh="每一步都是 tanh 的值与旧状态的加权平均。",
            en="Each step is a weighted mean of a tanh and the old state.",
        ),
    ),
    ChoiceDrill(
        "differences-which-counts",
        Text(
            zh="有限精度下，哪一种单元可以靠一个单元的状态无界地计数（aⁿbⁿ）？",
            en="In finite precision, which cell can count without bound in the state of one unit (aⁿbⁿ)?",
        ),
        (
            Text(zh="LSTM：c 每步可以加减 1", en="LSTM: c can move by 1 each step"),
            Text(zh="GRU：更新门可以取到 1", en="GRU: the update gate can be 1"),
            Text(zh="tanh RNN：状态没有门", en="tanh RNN: there is no gate on the state"),
            Text(zh="三种都可以，只看训练", en="all three, given the training"),
        ),
        0,
        Text(
            zh="LSTM 令 f = i = 1、g = ±1，c 就是计数器。GRU 与 tanh RNN 的状态都困在 [-1, 1]，计数越大，相邻两数越分不开。",
            en="With f = i = 1 and g = ±1 an LSTM's c is a counter. The states of a GRU and a tanh RNN are confined to [-1, 1], so neighbouring counts become ever harder to tell apart.",
        ),
    ),
    ChoiceDrill(
        "differences-merged-gates",
        Text(
            zh="GRU 的更新门 z 相当于把 LSTM 的哪两个门绑在了一起？",
            en="Which two gates of an LSTM does a GRU's update gate z tie together?",
        ),
        (
            Text(zh="遗忘门与输入门", en="forget gate and input gate"),
            Text(zh="遗忘门与输出门", en="forget gate and output gate"),
            Text(zh="输入门与输出门", en="input gate and output gate"),
            Text(zh="输出门与重置门", en="output gate and reset gate"),
        ),
        0,
        Text(
            zh="旧的留 z（遗忘门），新的写 1 - z（输入门），二者之和恒为 1。LSTM 里 f 与 i 独立，可以同时为 1。",
            en="The old keeps z (forget gate), the new gets 1 - z (input gate), and they add up to 1. In an LSTM f and i are free and can both be 1.",
        ),
    ),
)

QUESTION = Question(
    id="gru-differences",
    section="3.4",
    title=Text(zh="GRU 与 RNN、LSTM 的异同", en="GRU beside RNN and LSTM"),
    ask=Text(
        zh="GRU 和普通 RNN、LSTM 有什么区别？什么时候选它？",
        en="How does a GRU differ from a plain RNN and from an LSTM, and when would you choose it?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(
                zh="PyTorch 报告多少参数，为什么比公式多？",
                en="How many parameters does PyTorch report, and why more?",
            ),
            Text(
                zh="torch.nn.GRU(D, H) 有 3H(D + H + 2) 个，比每门一个偏置多 3H：它有 bias_ih 和 bias_hh 两个偏置，是照 cuDNN 的接口来的。对 LSTM，两者只是相加，多出来的一个没有用；对 PyTorch 的 GRU，候选值那一段的 bias_hh 在重置门里面（r 乘的是 h U + b_hn），与输入一侧的 b_in 不能合并，确有作用。",
                en="torch.nn.GRU(D, H) has 3H(D + H + 2), which is 3H more than one bias per gate: there are two, bias_ih and bias_hh, after cuDNN's interface. In an LSTM they are only added, so one is redundant; in PyTorch's GRU the candidate's part of bias_hh stands inside the reset gate (r multiplies h U + b_hn), so it cannot be merged with b_in, the input's, and does something of its own.",
            ),
        ),
        FollowUp(
            Text(zh="实际项目里怎么选？", en="Which would you choose in practice?"),
            Text(
                zh="数据少、要省内存和时间时先试 GRU；需要精确计数或很长的累加时用 LSTM。比较要公平：同样的参数量或同样的计算预算，而不是同样的 H。Greff 等（2017）比较了八种 LSTM 变体，没有哪种明显胜出；把输入门与遗忘门绑定（GRU 的做法之一）也没有显著变差。",
                en="With little data, memory or time, try a GRU first; for exact counting or long accumulation, an LSTM. Compare fairly: at equal parameters or equal computation, not equal H. Greff et al. (2017) compared eight LSTM variants and found none clearly better; tying input and forget gate, which is part of what a GRU does, did not hurt significantly.",
            ),
        ),
        FollowUp(
            Text(zh="还能再简化吗？", en="Can it be simplified further?"),
            Text(
                zh="可以。最小门控单元（Zhou 等 2016）把重置门和更新门合成一个；Feng 等（2024）的 minGRU 让 z 和候选值都不看旧的 h，也不用 tanh，循环变成线性的，整段序列可以用并行扫描训练；这与状态空间模型是同一条路。",
                en="Yes. The minimal gated unit (Zhou et al. 2016) merges reset and update gate into one; the minGRU of Feng et al. (2024) lets neither z nor the candidate read the old h and drops tanh, so the recurrence is linear and a parallel scan trains a whole sequence at once, the same direction that state-space models take.",
            ),
        ),
        FollowUp(
            Text(
                zh="为什么 LSTM 能计数，GRU 不能？",
                en="Why can an LSTM count and a GRU not?",
            ),
            Text(
                zh="LSTM 的 f 与 i 独立，可以同时为 1，于是 c_new = c ± 1 恰好是加减一，c 没有上界。GRU 的两个系数之和是 1，要写入就必须让旧的打折，状态始终在 [-1, 1]；有限精度下，这个区间里只能分清有限个计数。",
                en="An LSTM's f and i are independent and can both be 1, so c_new = c ± 1 is exact and c has no bound. A GRU's two weights add up to 1: whatever is written discounts the old, and the state stays in [-1, 1], where finite precision can tell only so many counts apart.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="数一数：各有几个状态、几个门、几块参数？",
            en="Count: how many states, gates and blocks of parameters does each have?",
        ),
        Text(
            zh="更新门同时决定留多少、写多少；所以状态是加权平均。由此推出参数比，也推出它做不到的事。",
            en="The update gate decides both what stays and what is written, so the state is a weighted mean. The ratio of parameters follows, and so does what it cannot do.",
        ),
        Text(
            zh="h_new = (1 - z) * n + z * h；3H(D + H + 1) 比 4H(D + H + 1)；|h| ≤ 1，不能无界计数。",
            en="h_new = (1 - z) * n + z * h; 3H(D + H + 1) against 4H(D + H + 1); |h| ≤ 1, so no unbounded counting.",
        ),
    ),
    drills=DRILLS,
    tasks=("lstm-param-count", "gru-step", "gru-param-count"),
    experiment="gru_differences",
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
            "K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink, J. Schmidhuber",
            2017,
            "LSTM: A Search Space Odyssey",
            "arXiv:1503.04069",
            "sections II and V",
        ),
        Source(
            "G. Weiss, Y. Goldberg, E. Yahav",
            2018,
            "On the Practical Computational Power of Finite Precision RNNs for Language Recognition",
            "arXiv:1805.04908",
        ),
        Source(
            "G.-B. Zhou, J. Wu, C.-L. Zhang, Z.-H. Zhou",
            2016,
            "Minimal Gated Unit for Recurrent Neural Networks",
            "arXiv:1603.09420",
        ),
        Source(
            "L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi",
            2024,
            "Were RNNs All We Needed?",
            "arXiv:2410.01201",
            "section 3",
        ),
    ),
    tags=("gru", "lstm", "comparison"),
)
