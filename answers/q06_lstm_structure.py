"""What is inside an LSTM cell: two states, three gates, one candidate."""

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


def _layer(random: Random) -> dict[str, int]:
    return {"D": random.randint(2, 40), "H": random.randint(2, 40)}


def _params(D: int, H: int) -> int:
    from rnnref import lstm_param_count

    return lstm_param_count(D, H)


def _torch_params(D: int, H: int) -> int:
    from rnnref import lstm_param_count

    return lstm_param_count(D, H) + 4 * H


def _cell(random: Random) -> dict[str, float]:
    sizes = {
        "c": random.randint(-20, 20) / 10,
        "i": random.randint(1, 9) / 10,
        "f": random.randint(1, 9) / 10,
        "g": random.choice((-8, -6, -4, 4, 6, 8)) / 10,
    }
    return sizes if abs(_new_cell(**sizes)) > 0.05 else _cell(random)  # a share of 0 is no tolerance


def _new_cell(c: float, i: float, f: float, g: float) -> float:
    import numpy as np

    from rnnref import lstm_cell_state

    return float(lstm_cell_state(*(np.array([[v]]) for v in (c, i, f, g)))[0, 0])


QUESTION = Question(
    id="lstm-structure",
    section="2.2",
    title=Text(zh="LSTM 单元里有什么", en="What is inside an LSTM cell"),
    ask=Text(
        zh="请在白板上画出一个 LSTM 单元：有哪些状态，有哪些门，各自管什么？",
        en="Draw an LSTM cell for me. Which states does it have, which gates, and what is each of them in charge of?",
    ),
    notes=(
        NotesClaim(
            id="picture-is-enough",
            claim=Text(
                zh="只贴了一张单元结构图，没有文字，也没有公式。",
                en="One picture of the cell, without a word or a formula.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="图没有错，但只有图答不了追问。要说清三件事：c 与 h 两个状态分工不同；四个块（三个门加一个候选值）结构相同、参数不同；输出门在当前步只影响 h，不影响 c。",
                en="The picture is not wrong, but it survives no follow-up. Three things have to be said: c and h do different jobs; the four blocks (three gates and a candidate) are alike in form and differ in parameters; within a step the output gate acts on h and not on c.",
            ),
            matters=Text(
                zh="面试官常会盖住图问：“输出门关上，记忆会丢吗？”背图的人多半答错。",
                en="Interviewers cover the picture and ask: “with the output gate shut, is the memory lost?” Those who learned the picture by heart tend to get it wrong.",
            ),
            evidence=("blocks-equal-step", "output-gate-spares-c", "c-carries-unseen", "h-shows-later"),
        ),
    ),
    spoken=Text(
        zh="LSTM 单元有两个状态：细胞状态 c 负责长期保管，隐藏状态 h 负责对外输出。每一步用当前输入 x 和上一步的 h 算出三个门和一个候选值：遗忘门 f 决定旧的 c 留多少，输入门 i 决定新内容写多少，候选值 g 是要写的内容，输出门 o 决定 h 露出多少。c 的更新是加法：f 乘旧 c 加 i 乘 g；h 等于 o 乘 tanh(c)。四个块形状相同，所以参数正好是普通 RNN 的四倍。",
        en="An LSTM cell has two states: the cell state c carries the memory, the hidden state h is what the outside sees. From the input and the previous h, each step computes three gates and one candidate. The forget gate f says how much of the old c stays, the input gate i how much is written, the candidate g what is written, and the output gate o how much of the memory is shown. The update of c is additive, f times c plus i times g, and h is o times tanh of c. Four blocks of one shape: four times a plain RNN's parameters.",
    ),
    whiteboard=Text(
        zh="""\
四个块，结构相同，参数各自独立；输入都是 x 和上一步的 h：

    i = σ(x W_i + h U_i + b_i)        输入门：写多少
    f = σ(x W_f + h U_f + b_f)        遗忘门：旧记忆留多少
    g = tanh(x W_g + h U_g + b_g)     候选值：写什么
    o = σ(x W_o + h U_o + b_o)        输出门：露多少

两个状态，两行更新：

    c_new = f * c + i * g             细胞状态：逐元素，加法
    h_new = o * tanh(c_new)           隐藏状态：也就是本步输出

实现时四个块并排放，只做一次矩阵乘：

    W (D, 4H)   U (H, 4H)   b (4H,)   依次为 i, f, g, o
    参数个数 = 4H (D + H + 1)

画图时要让人看见的几点：

- 一条“传送带”c 横穿而过，途中只有一次逐元素乘（f）和一次加（i * g），没有矩阵乘。
- o 只出现在最后一行：它改变 h_new，对 c_new 毫无影响；不过 h_new 会经 U 进入下一步的四个块。
- 门的取值在 (0, 1)，是“比例”；g 的取值在 (-1, 1)，是“内容”，有正有负。
- i 与 f 彼此独立，不要求 i + f = 1；把它们绑成 f = 1 - i 就是耦合门变体，GRU 正是这样做的。
- 1997 年的原始 LSTM 没有遗忘门（相当于 f = 1），它是 Gers 等人在 2000 年加上的。
""",
        en="""\
Four blocks of the same form, each with parameters of its own; all read x and the previous h:

    i = σ(x W_i + h U_i + b_i)        input gate: how much to write
    f = σ(x W_f + h U_f + b_f)        forget gate: how much to keep
    g = tanh(x W_g + h U_g + b_g)     candidate: what to write
    o = σ(x W_o + h U_o + b_o)        output gate: how much to show

Two states, two lines:

    c_new = f * c + i * g             cell state: elementwise, additive
    h_new = o * tanh(c_new)           hidden state, and the step's output

In code the four blocks lie side by side and cost one matrix product:

    W (D, 4H)   U (H, 4H)   b (4H,)   in the order i, f, g, o
    parameters = 4H (D + H + 1)

What a drawing should make visible:

- A conveyor belt c runs straight through, with one elementwise product (f) and one addition (i * g) on its way, and no matrix.
- o stands in the last line only: it changes h_new and never c_new; h_new does enter the next step's four blocks through U.
- Gates lie in (0, 1) and are proportions; g lies in (-1, 1) and is content, of either sign.
- i and f are independent, nothing makes i + f = 1; tying them as f = 1 - i is the coupled variant, and the GRU does just that.
- The LSTM of 1997 had no forget gate (as if f = 1); Gers et al. added it in 2000.
""",
    ),
    key_points=(
        KeyPoint(
            "two-states",
            Text(zh="两个状态：c 保管记忆，h 对外输出", en="Two states: c carries the memory, h is what is shown"),
            (
                r"两[个条种]状态",
                r"(细胞|单元|记忆)状态[\s\S]*(隐藏|隐)状态",
                r"two states",
                r"cell state[\s\S]*hidden state",
                r"hidden state[\s\S]*cell state",
            ),
        ),
        KeyPoint(
            "three-gates",
            Text(zh="三个门：输入门、遗忘门、输出门", en="Three gates: input, forget and output"),
            (
                r"三个门",
                r"(?=[\s\S]*输入门)(?=[\s\S]*遗忘门)[\s\S]*输出门",
                r"three gates",
                r"(?=[\s\S]*input gate)(?=[\s\S]*forget gate)[\s\S]*output gate",
                r"input, forget,? and output",
            ),
        ),
        KeyPoint(
            "candidate",
            Text(
                zh="一个候选值 g，用 tanh，是写入的内容而不是门",
                en="One candidate g, through tanh: content, not a gate",
            ),
            (r"候选", r"candidate", r"g\s*=\s*tanh"),
        ),
        KeyPoint(
            "additive",
            Text(zh="c 的更新是加法：f * c + i * g", en="c is updated additively: f * c + i * g"),
            (
                r"f\s*[*⊙·×]\s*c\w*\s*\+\s*i\s*[*⊙·×]\s*g",
                r"加法|相加",
                r"additive|f times (the old )?c plus i times g",
                r"f\w*\s*[*⊙∘·×]\s*c\S*\s*\+\s*i\w*\s*[*⊙∘·×]\s*\w",
            ),
        ),
        KeyPoint(
            "output-shows",
            Text(zh="输出门只管 h 露出多少，不改 c", en="The output gate decides what h shows and leaves c alone"),
            (
                r"o\s*[*⊙·×]\s*tanh\s*\(?\s*c",
                r"o\s*乘\s*tanh",
                r"输出门[^。；]{0,20}(露|h|输出多少)",
                r"o times (the )?tanh",
                r"output gate[^.;]{0,40}(show|reveal|expos)",
            ),
        ),
        KeyPoint(
            "four-blocks",
            Text(zh="四个同形的块，一次矩阵乘，参数 4H(D + H + 1)", en="Four blocks alike, one product, 4H(D + H + 1)"),
            (r"4\s*\*?\s*H", r"四[个份倍块]", r"four (alike|blocks|times|sets|weight)", r"4 (blocks|times|x )"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(
                zh="如果遗忘门恒为 1 会怎样？恒为 0 呢？",
                en="And if the forget gate is always 1? Always 0?",
            ),
            Text(
                zh="恒为 1 就是 1997 年的原始 LSTM：梯度沿 c 原样传回，但 c 只增不清，连续流上会越积越大，所以 2000 年才加了遗忘门。恒为 0 时 c_new = i * g，不再记得任何旧 c，只剩 h 一条路，退化成带两道门的普通 RNN。",
                en="Always 1 is the LSTM of 1997: the gradient along c comes back whole, but nothing ever clears c, which piles up on a continual stream; that is why the forget gate was added in 2000. Always 0 gives c_new = i * g: nothing of the old c is left, only the path through h remains, and the cell is a plain RNN with two gates on it.",
            ),
        ),
        FollowUp(
            Text(
                zh="PyTorch 的 nn.LSTM 报告的参数比 4H(D + H + 1) 多，为什么？",
                en="How many parameters does PyTorch's nn.LSTM report, and why more than 4H(D + H + 1)?",
            ),
            Text(
                zh="PyTorch 照 cuDNN 的布局存两份偏置 bias_ih 和 bias_hh，总数是 4H(D + H + 2)。对 LSTM 来说两份直接相加，表达能力不变，只是多存了 4H 个数。",
                en="PyTorch follows cuDNN's layout and stores two bias vectors, bias_ih and bias_hh: 4H(D + H + 2) in all. In an LSTM they are simply added, so nothing more can be expressed; 4H further numbers are stored.",
            ),
        ),
        FollowUp(
            Text(zh="什么是窥视孔连接？现在还用吗？", en="What are peephole connections, and are they still used?"),
            Text(
                zh="让门也看见 c：在 i、f 的预激活里加上 p * c（对角权重），o 里加上 p * c_new。Gers 与 Schmidhuber 2000 年为学习精确计时而提出。Greff 等人 2017 年的大规模对比发现它对结果影响不大，PyTorch 和 Keras 的标准层都没有，ONNX 的 LSTM 算子保留了可选输入 P。",
                en="They let the gates see c: p * c (diagonal weights) is added inside i and f, and p * c_new inside o. Gers and Schmidhuber proposed them in 2000 for precise timing. The large comparison of Greff et al. (2017) found little effect; the standard layers of PyTorch and Keras lack them, and the ONNX operator keeps an optional input P.",
            ),
        ),
        FollowUp(
            Text(zh="这三个门里最不能少的是哪个？", en="Which of the gates can you least do without?"),
            Text(
                zh="遗忘门。Greff 等人 2017 年逐个去掉部件，去掉遗忘门或输出端的 tanh 损失最大；Jozefowicz 等人 2015 年也得到遗忘门最重要的结论。只留遗忘门的极简单元（MGU，arXiv:1603.09420；JANET，2018）常能接近完整 LSTM。",
                en="The forget gate. Greff et al. (2017) removed one part at a time: losing the forget gate or the tanh at the output hurt most, and Jozefowicz et al. (2015) also ranked the forget gate first. Minimal cells that keep little else (MGU, arXiv:1603.09420; JANET, 2018) often come close to the full LSTM.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="先数一数：每一步往下一步传几个向量？",
            en="Count first: how many vectors does a step hand to the next one?",
        ),
        Text(
            zh="一个向量保管，一个向量示人；中间四个同形的块各管“留、写多少、写什么、露”。",
            en="One vector carries, one shows; four blocks of the same form between them say keep, how much to write, what to write, show.",
        ),
        Text(
            zh="c_new = f * c + i * g；h_new = o * tanh(c_new)。", en="c_new = f * c + i * g; h_new = o * tanh(c_new)."
        ),
    ),
    drills=(
        NumberDrill(
            id="lstm-structure-params",
            ask=Text(
                zh="单层单向 LSTM，D = {D}，H = {H}，每个块一份偏置。共有多少个参数？",
                en="One LSTM layer, one direction, D = {D}, H = {H}, one bias vector for each block. How many parameters?",
            ),
            draw=_layer,
            answer=_params,
            why=Text(
                zh="四个块，每块 H(D + H + 1)：4 × {H} × ({D} + {H} + 1) = {answer}。",
                en="Four blocks of H(D + H + 1): 4 × {H} × ({D} + {H} + 1) = {answer}.",
            ),
        ),
        NumberDrill(
            id="lstm-structure-torch-params",
            ask=Text(
                zh="torch.nn.LSTM({D}, {H}) 的全部参数有多少个元素？",
                en="How many numbers do the parameters of torch.nn.LSTM({D}, {H}) hold in all?",
            ),
            draw=_layer,
            answer=_torch_params,
            why=Text(
                zh="PyTorch 存 bias_ih 与 bias_hh 两份偏置：4 × {H} × ({D} + {H} + 2) = {answer}。",
                en="PyTorch stores two bias vectors, bias_ih and bias_hh: 4 × {H} × ({D} + {H} + 2) = {answer}.",
            ),
        ),
        NumberDrill(
            id="lstm-structure-cell",
            ask=Text(
                zh="一个标量单元：c = {c}，i = {i}，f = {f}，g = {g}。c_new 是多少？（误差 1% 以内）",
                en="A cell of one unit: c = {c}, i = {i}, f = {f}, g = {g}. What is c_new? (within 1%)",
            ),
            draw=_cell,
            answer=_new_cell,
            why=Text(
                zh="f * c + i * g = {f} × {c} + {i} × {g} = {answer:.4g}。",
                en="f * c + i * g = {f} × {c} + {i} × {g} = {answer:.4g}.",
            ),
            tolerance=0.01,
        ),
        FormulaDrill(
            id="lstm-structure-hidden",
            ask=Text(
                zh="用 c、i、f、g、o 写出 h_new（不要用 c_new）。",
                en="Write h_new from c, i, f, g and o (without c_new).",
            ),
            variables=dict.fromkeys("cifgo", ("N", "H")),
            unit=("i", "f", "o"),
            answer="o * tanh(f * c + i * g)",
            why=Text(
                zh="先更新 c，再取 tanh，最后由输出门决定露出多少。",
                en="Update c, squash it with tanh, then let the output gate decide how much is shown.",
            ),
            wrong=(
                (
                    "o * tanh(c)",
                    Text(
                        zh="这里用的是旧的 c；h 看到的是更新后的 c。",
                        en="That reads the old c; h shows the updated one.",
                    ),
                ),
                (
                    "o * (f * c + i * g)",
                    Text(zh="少了 tanh：h 就不再有界。", en="The tanh is missing: h would have no bound."),
                ),
                (
                    "tanh(o * (f * c + i * g))",
                    Text(zh="门要乘在 tanh 之后。", en="The gate multiplies after the tanh."),
                ),
                (
                    "o * tanh(i * c + f * g)",
                    Text(
                        zh="i 和 f 用反了：遗忘门乘旧记忆，输入门乘候选值。",
                        en="i and f are swapped: the forget gate goes with the old memory, the input gate with the candidate.",
                    ),
                ),
            ),
        ),
        ChoiceDrill(
            id="lstm-structure-shut-output",
            ask=Text(
                zh="输出门在第 10 步到第 40 步几乎为 0，遗忘门几乎为 1，输入门几乎为 0。第 41 步输出门打开，会看到什么？",
                en="From step 10 to 40 the output gate is nearly 0, the forget gate nearly 1, the input gate nearly 0. At step 41 the output gate opens. What shows?",
            ),
            options=(
                Text(zh="第 9 步结束时 c 里的内容", en="What the cell state held at the end of step 9"),
                Text(zh="接近 0，关门期间记忆已清空", en="About 0: the memory emptied while it was shut"),
                Text(zh="第 40 步的输入，旧内容已被覆盖", en="The input of step 40, the old content is overwritten"),
                Text(zh="第 9 步的 h 乘以 31 个输出门的积", en="The h of step 9 times the product of 31 output gates"),
            ),
            right=0,
            why=Text(
                zh="输出门不碰 c。f ≈ 1、i ≈ 0 时 c 原样保留，打开后 h = o * tanh(c)。",
                en="The output gate does not touch c. With f ≈ 1 and i ≈ 0 it stays as it was, and once open h = o * tanh(c).",
            ),
        ),
        ChoiceDrill(
            id="lstm-structure-matrices",
            ask=Text(
                zh="从 c 到 c_new 的直接通路上（不经过 h）有几次矩阵乘法？",
                en="How many matrix products lie on the direct way from c to c_new (not through h)?",
            ),
            options=(
                Text(zh="0 次，只有逐元素运算", en="None, all is elementwise"),
                Text(zh="1 次，乘以遗忘门的 U_f", en="One, by the forget gate's U_f"),
                Text(zh="4 次，每个块各一次", en="Four, one for each of the blocks"),
                Text(zh="2 次，W 和 U 各一次", en="Two, one by W and one by U"),
            ),
            right=0,
            why=Text(
                zh="U_f 乘的是 h，不是 c。正因为这条路上没有矩阵，沿 c 的导数才只是遗忘门的乘积。",
                en="U_f multiplies h, not c. Because there is no matrix on this way, the derivative along c is just a product of forget gates.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-structure-sum-to-one",
            claim=Text(
                zh="在标准 LSTM 里，输入门与遗忘门之和恒为 1。",
                en="In a standard LSTM the input gate and the forget gate always sum to 1.",
            ),
            holds=False,
            why=Text(
                zh="两者独立，可以同时接近 1（计数）或同时接近 0（清空）。和为 1 是耦合门变体和 GRU 的做法。",
                en="They are independent: both can be near 1 (counting) or near 0 (clearing). A sum of 1 belongs to the coupled variant and to the GRU.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-structure-output-next-step",
            claim=Text(
                zh="改变第 t 步的输出门，第 t + 1 步的 c 也可能改变。",
                en="Changing the output gate at step t can change c at step t + 1.",
            ),
            holds=True,
            why=Text(
                zh="当前步的 c 不变，但 h 变了；h 经 U 进入下一步的 i、f、g，于是下一步的 c 会变。",
                en="c of the same step does not move, but h does, and h enters the next step's i, f and g through U.",
            ),
        ),
    ),
    tasks=("lstm-forward",),
    experiment="lstm_structure",
    sources=(
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "Neural Computation 9(8), doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "F. A. Gers, J. Schmidhuber, F. Cummins",
            2000,
            "Learning to Forget: Continual Prediction with LSTM",
            "Neural Computation 12(10), doi:10.1162/089976600300015015",
            "section 3",
        ),
        Source(
            "F. A. Gers, J. Schmidhuber",
            2000,
            "Recurrent nets that time and count",
            "IJCNN, doi:10.1109/IJCNN.2000.861302",
        ),
        Source(
            "R. Jozefowicz, W. Zaremba, I. Sutskever",
            2015,
            "An Empirical Exploration of Recurrent Network Architectures",
            "ICML, PMLR 37",
        ),
        Source(
            "K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink, J. Schmidhuber",
            2017,
            "LSTM: A Search Space Odyssey",
            "IEEE TNNLS 28(10), arXiv:1503.04069",
            "sections II and V",
        ),
        Source(
            "J. van der Westhuizen, J. Lasenby",
            2018,
            "The unreasonable effectiveness of the forget gate",
            "arXiv:1804.04849",
        ),
    ),
    tags=("lstm", "structure"),
)
