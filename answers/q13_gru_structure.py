"""How a GRU is built: two gates, one candidate, one state."""

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
    zh="GRU 只有一个状态 h，里面有两个门和一个候选值。重置门 r 决定算候选值时看多少旧状态；更新门 z 决定新状态里旧的占多少、候选值占多少，两份加起来是一。没有单独的细胞状态，也没有输出门，状态全部露出来。记住三个极端就记住了结构：z 等于一，原样照抄；z 等于零、r 等于一，就是普通 RNN；两个都是零，忘掉过去，只看当前输入。参数是三块，每块一个输入矩阵、一个循环矩阵、一个偏置。",
    en="A GRU has one state, h, and inside it two gates and a candidate. The reset gate r decides how much of the old state the candidate sees. The update gate z decides how much of the new state is old and how much is candidate; the two shares add up to one. There is no separate cell state and no output gate: all of the state is shown. Three extremes fix the structure in memory. z equal to one copies the state; z zero and r one is a plain RNN; both zero forgets the past and reads the input alone.",
)

WHITEBOARD = Text(
    zh="""\
数据流：x 与旧的 h 进来，新的 h 出去，既是输出也是下一步的状态。

    x, h ──► r ──► r * h ──┐
    x ─────────────────────┴► n ──┐
    x, h ──► z ───────────────────┴► h_new = (1 - z) * n + z * h

    r, z = σ(x W + h U + b)                  两个门，各 H 个数，0 到 1
    n    = tanh(x W_n + (r * h) U_n + b_n)   候选值，-1 到 1

各部分管什么：

- 重置门 r：算候选值时看多少旧状态，逐个单元。
- 更新门 z：新状态里旧的留多少；写入的份额是 1 - z，不是独立的门。
- 没有细胞状态，也没有输出门：h 全部露出。

三个极端：

    z = 1            h_new = h                          照抄；r 不起作用
    z = 0, r = 1     h_new = tanh(x W_n + h U_n + b_n)  普通 RNN
    z = 0, r = 0     h_new = tanh(x W_n + b_n)          忘掉一切，只看输入

h_new 在 n 与 h 之间，所以 |h| 不会超过 1（初始在其内时）。
参数三块：3H(D + H + 1)，每块一个偏置。""",
    en="""\
Flow of data: x and the old h come in, the new h goes out, as output and as the next step's state.

    x, h ──► r ──► r * h ──┐
    x ─────────────────────┴► n ──┐
    x, h ──► z ───────────────────┴► h_new = (1 - z) * n + z * h

    r, z = σ(x W + h U + b)                two gates, H numbers in (0, 1)
    n    = tanh(x W_n + (r * h) U_n + b_n) candidate, in (-1, 1)

Who does what:

- Reset gate r: how much of the old state the candidate sees, unit by unit.
- Update gate z: how much of the old stays; the share written is 1 - z, not a gate of its own.
- No cell state and no output gate: all of h is shown.

Three extremes:

    z = 1         h_new = h                          copies; r is idle
    z = 0, r = 1  h_new = tanh(x W_n + h U_n + b_n)  a plain RNN
    z = 0, r = 0  h_new = tanh(x W_n + b_n)          the input alone

h_new lies between n and h, so |h| never exceeds 1 (if it starts inside).
Three blocks of parameters: 3H(D + H + 1) with one bias each.""",
)

KEY_POINTS = (
    KeyPoint(
        "two-gates",
        Text(zh="两个门：重置门 r 与更新门 z", en="Two gates: reset r and update z"),
        (
            r"两个门",
            r"重置门.{0,40}更新门",
            r"更新门.{0,40}重置门",
            r"two gates",
            r"reset gate.{0,80}update gate",
            r"update gate.{0,80}reset gate",
        ),
    ),
    KeyPoint(
        "one-state",
        Text(
            zh="只有一个状态 h，没有细胞状态，没有输出门",
            en="One state h; no cell state, no output gate",
        ),
        (
            r"一个状态",
            r"没有(单独的)?(细胞|单元)状态",
            r"没有输出门",
            r"one state",
            r"single state",
            r"no (separate )?(cell state|output gate)",
            r"一个隐藏状态",
            r"one hidden state",
        ),
    ),
    KeyPoint(
        "reset-role",
        Text(zh="重置门管候选值看多少旧状态", en="The reset gate decides how much of the old state the candidate sees"),
        (
            r"重置门.{0,24}(候选|旧状态)",
            r"reset gate.{0,60}candidate",
            r"r ?\* ?h",
        ),
    ),
    KeyPoint(
        "update-role",
        Text(
            zh="更新门一分为二：旧的留 z，候选值占 1 - z",
            en="The update gate splits one whole: z stays, 1 - z is written",
        ),
        (
            r"加起来(是|等于)(一|1)",
            r"1 ?[-−] ?z",
            r"add up to (one|1)",
            r"one minus z",
        ),
    ),
    KeyPoint(
        "copy",
        Text(zh="z = 1 时原样照抄旧状态", en="z = 1 copies the old state"),
        (
            r"z ?(=|等于|为|是) ?(1|一).{0,16}(照抄|复制|不变|保留|h_new = h)",
            r"z (=|equal to|is) ?(1|one).{0,14}cop",
            r"z ?= ?1.{0,20}h_new ?= ?h",
            r"z ?= ?1.{0,14}(old state is )?(copies|copied)",
        ),
    ),
    KeyPoint(
        "plain-rnn",
        Text(zh="z = 0、r = 1 时就是普通 RNN", en="z = 0 and r = 1 is a plain RNN"),
        (
            r"r ?(=|等于|为|是) ?(1|一).{0,60}(普通|简单|朴素|vanilla) ?RNN",
            r"r ?(=|is|equal to)? ?(1|one).{0,60}(plain|simple|vanilla) RNN",
        ),
    ),
    KeyPoint(
        "three-blocks",
        Text(zh="三块参数：3H(D + H + 1)", en="Three blocks of parameters: 3H(D + H + 1)"),
        (
            r"三块",
            r"3 ?H ?\(",
            r"three blocks",
            r"3 ?[*×] ?H",
            r"三组(参数|权重)",
            r"three sets of (parameters|weights)",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "a-picture-only",
        Text(
            zh="结构只用一张图回答，没有文字（图也已丢失）。",
            en="The structure is answered by a picture alone (and the picture is lost).",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="图要配上话才算回答：两个门、一个候选值、一个状态，以及门取 0 和 1 时各退化成什么。三个极端都能验证：z = 1 照抄到最后一位，z = 0、r = 1 等于普通 RNN，两个都为 0 时与旧状态无关。",
            en="A picture is an answer only with words to it: two gates, a candidate, a state, and what is left when the gates are 0 or 1. All three extremes can be checked: z = 1 copies to the last bit, z = 0 with r = 1 equals a plain RNN, and with both 0 the old state does not matter.",
        ),
        Text(
            zh="常要求在白板上画出来再讲。画得出箭头却说不清 r 和 z 各管什么，接下来的“r 全为 0 会怎样”就答不了。",
            en="You are asked to draw it and talk. If you can draw the arrows but cannot say what r and z each do, you will fail the next question: “and if r is 0 throughout?”",
        ),
        ("blocks-equal-step", "z-one-copies", "plain-rnn-inside", "all-shut-forgets"),
    ),
    NotesClaim(
        "two-gates-one-state",
        Text(
            zh="GRU 由重置门和更新门组成，对外只有一个状态。",
            en="A GRU consists of a reset and an update gate, with a single state outside.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立，还差一样：候选值。三块参数是 r、z、n，输出就是状态本身。",
            en="It holds, with one part missing: the candidate. The three blocks of parameters are r, z and n, and the output is the state itself.",
        ),
        Text(
            zh="漏掉候选值的人会把参数数成两块；少说输出门的人分不清它与 LSTM。",
            en="Forget the candidate and you count two blocks of parameters; leave out the missing output gate and you have not told it from an LSTM.",
        ),
        ("three-blocks-of-parameters", "output-is-the-state"),
    ),
)


def _draw_corner(random: Random) -> dict[str, float]:
    return {
        "a": random.choice((-1.5, -0.8, 0.4, 0.9, 1.3)),
        "u": random.choice((-1.0, 0.5, 1.5, 2.0)),
        "h": random.choice((-0.6, 0.3, 0.5, 0.7)),
    }


def _candidate(r: float, a: float, u: float, h: float) -> float:
    import numpy as np

    import rnnref

    one = np.ones((1, 1))
    return float(rnnref.gru_candidate(one, h * one, r * one, a * one, u * one, np.zeros(1))[0, 0])


def _forgets(a: float, u: float, h: float) -> float:
    return _candidate(0.0, a, u, h)


def _draw_plain(random: Random) -> dict[str, float]:
    sizes = _draw_corner(random)
    return {**sizes, "a": abs(sizes["a"]), "u": abs(sizes["u"]), "h": abs(sizes["h"])}


def _plain(a: float, u: float, h: float) -> float:
    return _candidate(1.0, a, u, h)


def _draw_half_life(random: Random) -> dict[str, float]:
    return {"z": random.choice((0.5, 0.6, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99))}


def _half_life(z: float) -> float:
    import math

    return math.log(0.5) / math.log(z)


def _draw_sizes(random: Random) -> dict[str, int]:
    return {"N": random.choice((1, 2, 8, 32)), "D": random.choice((3, 8, 10, 64)), "H": random.choice((4, 5, 16, 50))}


def _recurrent(N: int, D: int, H: int) -> float:
    return 3.0 * H * H


DRILLS = (
    NumberDrill(
        "grus-all-shut",
        Text(
            zh="一个单元，r = 0、z = 0，x W_n + b_n = {a}，U_n = {u}，旧的 h = {h}。新的 h 是多少？（误差 2% 以内）",
            en="One unit, r = 0 and z = 0, x W_n + b_n = {a}, U_n = {u}, old h = {h}. What is the new h? (within 2%)",
        ),
        _draw_corner,
        _forgets,
        Text(
            zh="旧状态的两条路都关了：tanh({a}) = {answer:.4g}，与 h = {h} 无关。",
            en="Both paths of the old state are shut: tanh({a}) = {answer:.4g}, whatever h = {h} is.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "grus-plain-rnn",
        Text(
            zh="一个单元，r = 1、z = 0，x W_n + b_n = {a}，U_n = {u}，旧的 h = {h}。新的 h 是多少？（误差 2% 以内）",
            en="One unit, r = 1 and z = 0, x W_n + b_n = {a}, U_n = {u}, old h = {h}. What is the new h? (within 2%)",
        ),
        _draw_plain,
        _plain,
        Text(
            zh="就是普通 RNN：tanh({a} + {h} × {u}) = {answer:.4g}。",
            en="A plain RNN: tanh({a} + {h} × {u}) = {answer:.4g}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "grus-half-life",
        Text(
            zh="更新门恒为 z = {z}，候选值恒为 0。旧状态减到一半要多少步？（可以是小数，误差 2% 以内）",
            en="The update gate stays at z = {z} and the candidate at 0. After how many steps has the state halved? (not rounded to a whole step; within 2%)",
        ),
        _draw_half_life,
        _half_life,
        Text(
            zh="{z} 的 k 次方等于 1/2：k = ln 0.5 / ln {z} = {answer:.4g}。",
            en="{z} to the power k is 1/2: k = ln 0.5 / ln {z} = {answer:.4g}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "grus-recurrent-numbers",
        Text(
            zh="N = {N}，D = {D}，H = {H}：三块循环矩阵 U 一共有多少个数？",
            en="N = {N}, D = {D}, H = {H}: how many numbers do the three recurrent matrices U hold together?",
        ),
        _draw_sizes,
        _recurrent,
        Text(
            zh="U 是 (H, 3H)：3 × {H} × {H} = {answer:.0f}，与 N、D 无关。",
            en="U is (H, 3H): 3 × {H} × {H} = {answer:.0f}, whatever N and D are.",
        ),
    ),
    FormulaDrill(
        "grus-reset-gate",
        Text(
            zh="写出重置门：x (N, D)，h (N, H)，W (D, H)，U (H, H)，b (H,)。",
            en="Write the reset gate: x (N, D), h (N, H), W (D, H), U (H, H), b (H,).",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "sigmoid(x @ W + h @ U + b)",
        Text(zh="门是一层带 σ 的全连接层，看 x 与旧的 h。", en="A gate is a dense layer with σ over x and the old h."),
        (
            (
                "tanh(x @ W + h @ U + b)",
                Text(zh="门过 σ；tanh 是候选值用的。", en="Gates use σ; tanh is for the candidate."),
            ),
            ("sigmoid(x @ W + b)", Text(zh="漏了旧状态 h @ U。", en="The old state, h @ U, is missing.")),
            ("sigmoid(x @ W + h @ U)", Text(zh="漏了偏置 b。", en="The bias b is missing.")),
        ),
    ),
    FormulaDrill(
        "grus-shut-reset",
        Text(
            zh="重置门 r 全为 0，更新门是 z（保留旧状态）。写出新状态；x (N, D)，h (N, H)，W (D, H)，U (H, H)，b (H,) 是候选值的参数，不必都用到。",
            en="The reset gate r is 0 throughout, the update gate is z (keeps the old state). Write the new state; x (N, D), h (N, H), and the candidate's W (D, H), U (H, H), b (H,), not all of which are needed.",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "z": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "(1 - z) * tanh(x @ W + b) + z * h",
        Text(
            zh="r = 0 只切断候选值那条路；z * h 这条直通的路还在，所以不等于忘掉一切。",
            en="r = 0 cuts the path through the candidate alone; the direct path z * h remains, so not all is forgotten.",
        ),
        (
            (
                "tanh(x @ W + b)",
                Text(
                    zh="那还要 z = 0；z 的直通路没有断。",
                    en="That needs z = 0 too; the direct path through z is still open.",
                ),
            ),
            (
                "(1 - z) * tanh(x @ W + h @ U + b) + z * h",
                Text(zh="r = 0 时候选值看不到 h。", en="With r = 0 the candidate does not see h."),
            ),
            (
                "z * tanh(x @ W + b) + (1 - z) * h",
                Text(zh="z 的约定反了：这里 z 保留旧状态。", en="z the other way round: here it keeps the old state."),
            ),
        ),
        unit=("z",),
    ),
    OrderDrill(
        "grus-way-of-the-old-state",
        Text(
            zh="旧状态 h 经候选值到新状态的路上，依次遇到什么？",
            en="What happens to the old state, in order, on its path through the candidate into the new state?",
        ),
        (
            Text(zh="逐元素乘 r", en="elementwise product with r"),
            Text(zh="乘矩阵 U_n", en="matrix product with U_n"),
            Text(zh="加上 x W_n + b_n", en="sum with x W_n + b_n"),
            formula("tanh"),
            Text(zh="逐元素乘 1 - z", en="elementwise product with 1 - z"),
        ),
        Text(
            zh="这是弯路；直路只有一步：逐元素乘 z。",
            en="That is the long way round; the direct path has one step, the product with z.",
        ),
    ),
    TrueFalseDrill(
        "grus-r-idle",
        Text(
            zh="z = 1 时，改动重置门 r 不影响新状态。",
            en="With z = 1, changing the reset gate r does not affect the new state.",
        ),
        True,
        Text(
            zh="候选值的系数 1 - z 是 0，r 只通过候选值起作用。",
            en="The candidate's weight 1 - z is 0, and r acts through the candidate alone.",
        ),
    ),
    TrueFalseDrill(
        "grus-reset-forgets",
        Text(
            zh="重置门 r = 0 就足以让新状态与旧状态无关。",
            en="A reset gate r = 0 is enough to make the new state independent of the old one.",
        ),
        False,
        Text(
            zh="还有 z * h 这条路，两个门的预激活也看旧状态。要完全忘掉，z 也得是 0。",
            en="There is still z * h, and the gates themselves read the old state. To forget all, z has to be 0 as well.",
        ),
    ),
    ChoiceDrill(
        "grus-missing-part",
        Text(zh="与 LSTM 相比，GRU 没有哪一样？", en="Which part of an LSTM does a GRU do without?"),
        (
            Text(zh="输出门", en="the output gate"),
            Text(zh="候选值", en="the candidate"),
            Text(zh="加法更新", en="the additive update"),
            Text(zh="循环矩阵", en="the recurrent matrices"),
        ),
        0,
        Text(
            zh="状态全部露出，没有输出门；遗忘门与输入门合成了更新门。",
            en="All of the state is shown, so there is no output gate; forget and input gate are merged into the update gate.",
        ),
    ),
)

QUESTION = Question(
    id="gru-structure",
    section="3.2",
    title=Text(zh="GRU 由哪几部分组成", en="The parts of a GRU"),
    ask=Text(
        zh="画出 GRU 的结构，说说两个门各管什么。",
        en="Draw a GRU and say what each of its two gates does.",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="如果 z 恒等于 1 会怎样？恒等于 0 呢？", en="And if z is 1 throughout? If it is 0?"),
            Text(
                zh="恒为 1：状态永远不变，输入写不进去，梯度原样回传，但什么也学不到新的。恒为 0：没有直通路，就是一个带重置门的普通 RNN，梯度消失的问题回来了。有用的是介于两者之间、随输入变的 z。",
                en="At 1 the state never changes: no input gets in, and the gradient goes back untouched but there is nothing new to learn from. At 0 there is no direct path: a plain RNN with a reset gate, vanishing gradients included. What is useful is a z in between that changes with the input.",
            ),
        ),
        FollowUp(
            Text(zh="重置门可以去掉吗？", en="Could you drop the reset gate?"),
            Text(
                zh="可以，效果往往只差一点。最小门控单元（Zhou 等 2016）让一个门兼任两职；Ravanelli 等（2018）的 Li-GRU 去掉 r 并用 ReLU 加批归一化，用于语音识别。去掉 r 之后候选值总看得到全部旧状态，要“重新开始”只能靠 z。",
                en="Yes, often at little cost. The minimal gated unit (Zhou et al. 2016) lets one gate do both jobs; the Li-GRU of Ravanelli et al. (2018) drops r and uses ReLU with batch normalisation for speech recognition. Without r the candidate always sees all of the old state, and a fresh start is left to z.",
            ),
        ),
        FollowUp(
            Text(
                zh="门为什么是每个单元一个数，而不是整层一个数？",
                en="Why does a gate have one number per unit and not one for the layer?",
            ),
            Text(
                zh="这样各单元可以有各自的时间尺度：有的 z 接近 1，记得久；有的接近 0，跟着输入走。Cho 等（2014）就指出，常重置的单元学短程依赖，更新门常开的单元学长程依赖。",
                en="So that each unit can have its own time scale: a z near 1 remembers for long, one near 0 follows the input. Cho et al. (2014) point this out: units that reset often learn short dependencies, those whose update gate keeps the state learn long ones.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="有几个状态传给下一步？有几样东西由 x 和 h 算出？",
            en="How many states go on? How many things are computed from x and h?",
        ),
        Text(
            zh="r 管候选值看多少旧的，z 管新旧各占多少。令它们为 0 或 1，看剩下什么。",
            en="r decides what the candidate sees of the old, z the shares of old and new. Set them to 0 or 1 and see what is left.",
        ),
        Text(
            zh="r、z、n 三块，h_new = (1 - z) * n + z * h；z = 1 照抄，z = 0、r = 1 是普通 RNN，都为 0 只看输入。",
            en="Three blocks r, z, n and h_new = (1 - z) * n + z * h; z = 1 copies, z = 0 with r = 1 is a plain RNN, both 0 reads the input alone.",
        ),
    ),
    drills=DRILLS,
    tasks=("gru-gates", "gru-candidate"),
    experiment="gru_structure",
    sources=(
        Source(
            "K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk, Y. Bengio",
            2014,
            "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
            "arXiv:1406.1078",
            "section 2.3, equations 5 to 8",
        ),
        Source(
            "G.-B. Zhou, J. Wu, C.-L. Zhang, Z.-H. Zhou",
            2016,
            "Minimal Gated Unit for Recurrent Neural Networks",
            "arXiv:1603.09420",
        ),
        Source(
            "M. Ravanelli, P. Brakel, M. Omologo, Y. Bengio",
            2018,
            "Light Gated Recurrent Units for Speech Recognition",
            "arXiv:1803.10225",
        ),
    ),
    tags=("gru", "structure", "gates"),
)
