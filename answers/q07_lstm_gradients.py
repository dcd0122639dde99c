"""Why gradients last longer in an LSTM, and where that ends."""

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


def _gate_and_steps(random: Random) -> dict[str, float]:
    return {"f": random.choice((0.8, 0.85, 0.9, 0.95, 0.98, 0.99)), "T": random.choice((10, 20, 30, 50))}


def _left_after(f: float, T: int) -> float:
    import numpy as np

    from rnnref import lstm_cell_state

    nothing, gate = np.zeros((1, 1)), np.full((1, 1), f)
    left = 1.0
    for _ in range(T):
        left = float(lstm_cell_state(np.full((1, 1), left), nothing, gate, nothing)[0, 0])
    return left


def _bias(random: Random) -> dict[str, float]:
    return {"b": random.choice((0.5, 1, 1.5, 2, 2.5, 3, 4, 5))}


def _half_life(b: float) -> float:
    import numpy as np

    from rnnref import sigmoid

    return float(np.log(0.5) / np.log(sigmoid(np.array(float(b)))))


def _wanted(random: Random) -> dict[str, int]:
    return {"T": random.choice((5, 10, 20, 50, 100, 200, 500))}


def _bias_for(T: int) -> float:
    import numpy as np

    f = 0.5 ** (1 / T)
    return float(np.log(f / (1 - f)))


QUESTION = Question(
    id="lstm-gradients",
    section="2.3",
    title=Text(zh="LSTM 为什么能缓解梯度消失", en="Why an LSTM's gradients last"),
    ask=Text(
        zh="LSTM 凭什么缓解梯度消失？梯度爆炸它也解决了吗？",
        en="What in an LSTM keeps gradients from vanishing? And does it deal with explosion too?",
    ),
    notes=(
        NotesClaim(
            id="gates-are-the-reason",
            claim=Text(
                zh="功劳归于“门控”：遗忘门、输入门、输出门各管长期状态的保留、写入和输出。",
                en="It is the gating: forget, input and output gate control what the long-term state keeps, takes in and gives out.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="三个门的分工说得对，但真正的原因是 c 的加法更新：沿 c 走，d c_T / d c_0 就是遗忘门逐步相乘，路上没有矩阵、没有 tanh 的导数。门接近 1 时乘积才不衰减；门停在 0.5，50 步后只剩 9e-16。",
                en="The gates' jobs are right, but the reason is the additive update of c: along c, d c_T / d c_0 is the product of forget gates, with no matrix and no derivative of tanh on the way. Only gates near 1 keep that product up; at 0.5, 50 steps leave 9e-16.",
            ),
            matters=Text(
                zh="“因为有门”是最常见的半截答案，面试官等的是“加法通路”和“遗忘门之积”这两个词。",
                en="“Because it has gates” is the usual half answer; what interviewers listen for is the additive path and the product of forget gates.",
            ),
            evidence=("product-of-forget-gates", "product-without-calculus", "half-gate-vanishes"),
        ),
        NotesClaim(
            id="gate-is-dense-layer",
            claim=Text(
                zh="一个门就是一个全连接层，输出每个元素都在 0 和 1 之间。",
                en="A gate is a dense layer whose outputs lie between 0 and 1.",
            ),
            verdict=NotesVerdict.HOLDS,
            truth=Text(
                zh="成立，准确说是“全连接加 sigmoid，输入是 x 和 h”。数学上取不到端点；浮点数里会饱和：float64 的 σ(40) 恰好是 1，σ(-800) 恰好是 0，此时该门的导数 f(1 - f) 为 0，学不动了。",
                en="It holds; precisely, a dense layer over x and h with a sigmoid. In exact arithmetic the ends are never reached; in floating point they are: σ(40) is exactly 1 in float64 and σ(-800) exactly 0, and there the gate's derivative f(1 - f) is 0, so it stops learning.",
            ),
            matters=Text(
                zh="会追问：“门能精确等于 1 吗？等于 1 之后还能学回来吗？”",
                en="The follow-up is “can a gate be exactly 1, and can it learn its way back from there?”",
            ),
            evidence=(
                "gates-inside-low",
                "gates-inside-high",
                "gates-closed-interval",
                "saturates-to-one",
                "saturates-to-zero",
            ),
        ),
        NotesClaim(
            id="cures-explosion-too",
            claim=Text(
                zh="标题把消失和爆炸并列，好像 LSTM 两样都治。",
                en="In the heading vanishing and explosion stand side by side, as if the LSTM cured both.",
            ),
            verdict=NotesVerdict.WRONG,
            truth=Text(
                zh="只缓解消失。沿 c 的乘积不超过 1，但经过 h 的路仍要反复乘 U：U 大、i 与 o 打开时照样指数增长，所以训练 LSTM 仍要裁剪梯度。",
                en="It eases vanishing only. The product along c is at most 1, yet the paths through h multiply by U again and again: with a large U and open i and o they grow exponentially, which is why LSTMs are trained with gradient clipping.",
            ),
            matters=Text(
                zh="答“LSTM 解决了梯度爆炸”会被直接判错。",
                en="“The LSTM solved exploding gradients” is marked wrong on the spot.",
            ),
            evidence=("explodes-through-h", "clipping-still-needed", "h-adds-paths"),
        ),
    ),
    spoken=Text(
        zh="关键在细胞状态的加法更新：c 等于 f 乘旧 c 加 i 乘 g。沿 c 这条路求导，每一步只乘一个遗忘门，没有权重矩阵，也没有 tanh 的导数，所以从 c_0 到 c_T 的梯度就是遗忘门的连乘。门接近 1，梯度就能传很远，因此实践中把遗忘门偏置初始化为 1。但它只是缓解：门小于 1，乘积照样会消失；梯度还能从 h 那条路爆炸，所以仍然要裁剪。",
        en="The key is the additive update of the cell state: c is f times the old c plus i times g. Along c, each step back multiplies by one forget gate only, with no weight matrix and no derivative of tanh, so the gradient from c_T to c_0 is the product of the forget gates. With gates near one it travels far, which is why the forget bias starts at one. It is relief, not a cure: gates below one still let the product vanish, and the paths through h can still explode, so we clip gradients anyway.",
    ),
    whiteboard=Text(
        zh="""\
先看普通 RNN，h_t = tanh(x_t W + h_(t-1) U + b)，往回走 T 步：

    d h_T / d h_0 = Π_t  diag(1 - h_t²) Uᵀ

同一个矩阵乘 T 次，还带着不大于 1 的 tanh 导数：要么消失，要么爆炸。

LSTM 的细胞状态是加法更新：

    c_t = f_t * c_(t-1) + i_t * g_t

只沿 c 走（把各个门看作常数），一步的导数是对角的：

    d c_t / d c_(t-1) = diag(f_t)
    d c_T / d c_0     = diag(Π_t f_t)

路上没有矩阵，也没有 tanh 的导数。f ≈ 1 时梯度原样传回，这就是 1997 年论文所说的“常数误差流”。

反向传播的一步，dc 汇总了两路：

    dc  = dc_in + dh * o * (1 - tanh(c_t)²)
    df  = dc * c_(t-1)       da_f = df * f * (1 - f)
    dc_(t-1) = dc * f

它的限度：

- 仍会消失：f = 0.5 走 50 步剩 0.5^50 ≈ 9e-16。半衰期是 ln 0.5 / ln f 步。
- 所以遗忘门偏置从 1 起步：f = σ(1) ≈ 0.73，半衰期 2.2 步；偏置 5 时 f ≈ 0.993，半衰期 103 步。
- 仍会爆炸：门也依赖 h，总导数里还有反复经过 U 的路。要靠按范数裁剪。
- 会饱和：预激活很大时，浮点数里的门恰好是 0 或 1，门的导数 f(1 - f) = 0，它自己不再学习。
""",
        en="""\
A plain RNN first, h_t = tanh(x_t W + h_(t-1) U + b), back over T steps:

    d h_T / d h_0 = Π_t  diag(1 - h_t²) Uᵀ

One matrix T times over, with derivatives of tanh that are at most 1: it vanishes or it explodes.

The LSTM's cell state is updated additively:

    c_t = f_t * c_(t-1) + i_t * g_t

Along c alone (gates taken as constants) the derivative of a step is diagonal:

    d c_t / d c_(t-1) = diag(f_t)
    d c_T / d c_0     = diag(Π_t f_t)

No matrix on the way and no derivative of tanh. With f ≈ 1 the gradient comes back whole: the constant error flow of the 1997 paper.

One step of back-propagation, where dc gathers what comes along two paths:

    dc  = dc_in + dh * o * (1 - tanh(c_t)²)
    df  = dc * c_(t-1)       da_f = df * f * (1 - f)
    dc_(t-1) = dc * f

Where it ends:

- It can still vanish: f = 0.5 over 50 steps leaves 0.5^50 ≈ 9e-16. The half-life is ln 0.5 / ln f steps.
- So the forget bias starts at 1: f = σ(1) ≈ 0.73, half-life 2.2 steps; at bias 5, f ≈ 0.993 and 103 steps.
- It can still explode: gates depend on h, and the whole derivative has paths that pass through U again and again. Clip by norm.
- It saturates: at large pre-activations a gate is exactly 0 or 1 in floating point, its derivative f(1 - f) is 0, and it stops learning.
""",
    ),
    key_points=(
        KeyPoint(
            "additive-path",
            Text(zh="c 是加法更新，路上没有矩阵乘", en="c is updated additively, with no matrix on the way"),
            (
                r"加法|相加|累加",
                r"没有(权重)?矩阵",
                r"additive",
                r"no (weight )?matri",
                r"f\w*\s*[*⊙·×]\s*c\S*\s*\+\s*i\w*\s*[*⊙·×]\s*g",
            ),
        ),
        KeyPoint(
            "product-of-gates",
            Text(zh="沿 c 的梯度是遗忘门的连乘", en="Along c the gradient is the product of the forget gates"),
            (
                r"遗忘门(之积|的?(连乘|乘积|累乘))",
                r"[乘×].{0,6}遗忘门",
                r"Π.{0,4}f",
                r"product of (the |all )?forget gates",
                r"multipl\w+ by (one|the|a) forget gate",
            ),
        ),
        KeyPoint(
            "gates-near-one",
            Text(
                zh="遗忘门接近 1 时梯度传得远，小于 1 仍会消失",
                en="Gates near 1 carry it far; below 1 it still vanishes",
            ),
            (
                r"(仍|还|照样|依然)\S{0,4}消失",
                r"门?接近\s*1",
                r"f\s*≈\s*1",
                r"still (let\w* the product )?vanish",
                r"(near|close to) (1|one)",
            ),
        ),
        KeyPoint(
            "forget-bias",
            Text(zh="遗忘门偏置初始化为 1", en="Start the forget bias at 1"),
            (r"偏置.{0,10}1", r"forget[- ](gate )?bias", r"bias\w* (of|for) the forget gate"),
        ),
        KeyPoint(
            "still-explodes",
            Text(
                zh="经过 h 的路仍可能爆炸，仍要裁剪梯度",
                en="Paths through h can still explode, so gradients are still clipped",
            ),
            (
                r"(?<!不用)(?<!不需要)(?<!无需)(?<!不必)(?<!不再)裁剪",
                r"(仍|还|照样|依然|也)\S{0,6}爆炸",
                r"(?<!no )(?<!without )(?<!no need to )(?<!not need to )(?<!n't need to )\bclip",
                r"still explode",
            ),
        ),
        KeyPoint(
            "saturation",
            Text(
                zh="门是 sigmoid，在 (0, 1) 内；浮点里会饱和到 0 或 1，导数变 0",
                en="Gates are sigmoids inside (0, 1); in floating point they saturate to 0 or 1 and their derivative is 0",
            ),
            (r"饱和", r"saturat", r"f\s*\(\s*1\s*-\s*f\s*\)", r"恰好是\s*[01]"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="如果遗忘门恒等于 1 呢？岂不是最好？", en="And if the forget gate is 1, always? Is that not best?"),
            Text(
                zh="沿 c 的梯度确实一点不丢，1997 年的原始设计就是这样。但记忆永远清不掉：连续的输入流里 c 越积越大，tanh(c) 饱和，h 失去区分力。Gers 等人 2000 年加入遗忘门正是为此。好的遗忘门是该记时接近 1、该忘时接近 0。",
                en="The gradient along c then loses nothing; the design of 1997 was just that. But nothing can be cleared: on a continual stream c piles up, tanh(c) saturates and h tells nothing apart. That is why Gers et al. added the forget gate in 2000. A good one is near 1 while something must be kept and near 0 when it is done with.",
            ),
        ),
        FollowUp(
            Text(
                zh="遗忘门偏置除了 1 还有别的设法吗？",
                en="Is there a better start for the forget bias than 1?",
            ),
            Text(
                zh="如果知道要跨多远，就按半衰期反推：要记 T 步，f ≈ 1 - 1/T，也就是偏置约为 ln T。Tallec 与 Ollivier（2018）的 chrono 初始化让 b_f = ln(u)，u 在 1 到 T_max - 1 间均匀取，b_i = -b_f，使各单元的记忆时长铺满这个范围。",
                en="If the span is known, work back from it: to remember T steps f should be about 1 - 1/T, which is a bias near ln T. The chrono initialisation of Tallec and Ollivier (2018) draws b_f = ln(u) with u uniform between 1 and T_max - 1 and sets b_i = -b_f, so that the units' memories cover that range.",
            ),
        ),
        FollowUp(
            Text(
                zh="残差网络和它有什么关系？后来取代它的东西又继承了什么？",
                en="How is this related to residual networks, and what did its successors inherit?",
            ),
            Text(
                zh="同一个想法：让导数里带一个接近恒等的加项。Highway 网络（Srivastava 等，2015）把门控搬到深度方向，残差网络相当于门恒开。Transformer（2017）靠残差加注意力，时间上两点只隔一跳，没有连乘；状态空间模型（S4、Mamba）和极简门控单元又回到“衰减系数的连乘”，只是系数不再依赖上一步的状态，因而能并行。",
                en="It is one idea: keep a nearly identical summand in the derivative. Highway networks (Srivastava et al., 2015) turned the gating towards depth; a residual network is the same with the gate held open. The Transformer (2017) relies on residuals and attention, where two positions are one hop apart and nothing is multiplied along time. State-space models (S4, Mamba) and minimal gated cells are back at a product of decay factors, which no longer depend on the previous state and can so be computed in parallel.",
            ),
        ),
        FollowUp(
            Text(
                zh="你说沿 c 的导数是遗忘门之积，可门本身不也依赖 c 吗？",
                en="You call it the product of forget gates, but do the gates not depend on c themselves?",
            ),
            Text(
                zh="依赖：c 影响 h，h 经 U 影响下一步的门。所以“遗忘门之积”是直接通路那一项，总导数还有经 h 的若干项。U = 0 时两者严格相等；U ≠ 0 时可以差得很远，爆炸就来自那些项。1997 年的原始算法干脆截断了这些项。",
                en="They do: c moves h, and h moves the next gates through U. The product is the term of the direct path; the whole derivative has further terms through h. With U = 0 the two agree exactly; with U ≠ 0 they can be far apart, and explosion comes from those terms. The original algorithm of 1997 simply cut them off.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="写出 c_new 对旧 c 的导数，数一数里面有几个矩阵。",
            en="Write the derivative of c_new with respect to the old c and count the matrices in it.",
        ),
        Text(
            zh="加法更新使一步的导数是对角的；T 步相乘会得到什么？什么时候它不变小？",
            en="The additive update makes one step's derivative diagonal. What do T of them multiply to, and when does that not shrink?",
        ),
        Text(
            zh="d c_T / d c_0 = Π f_t；f 由偏置决定起点，所以偏置从 1 开始；经 h 的路另算，仍要裁剪。",
            en="d c_T / d c_0 = Π f_t; the bias decides where f starts, hence 1; paths through h come on top, so clip.",
        ),
    ),
    drills=(
        NumberDrill(
            id="lstm-gradients-product",
            ask=Text(
                zh="遗忘门一直是 {f}，走 {T} 步，沿 c 的梯度还剩多少？（误差 2% 以内，可写 1e-3 这样的数）",
                en="The forget gate stays at {f} for {T} steps. How much of the gradient along c is left? (within 2%; 1e-3 is fine)",
            ),
            draw=_gate_and_steps,
            answer=_left_after,
            why=Text(zh="{f}^{T} = {answer:.3g}。", en="{f}^{T} = {answer:.3g}."),
            tolerance=0.02,
        ),
        NumberDrill(
            id="lstm-gradients-half-life",
            ask=Text(
                zh="遗忘门只由偏置决定，偏置是 {b}。记忆的半衰期是多少步？（误差 2% 以内）",
                en="The forget gate depends on its bias alone, which is {b}. What is the half-life of the memory in steps? (within 2%)",
            ),
            draw=_bias,
            answer=_half_life,
            why=Text(
                zh="f = σ({b})，半衰期 ln 0.5 / ln f = {answer:.4g} 步。",
                en="f = σ({b}), and ln 0.5 / ln f = {answer:.4g} steps.",
            ),
            tolerance=0.02,
        ),
        NumberDrill(
            id="lstm-gradients-bias-for",
            ask=Text(
                zh="想让记忆的半衰期是 {T} 步，遗忘门的偏置该设为多少？（误差 2% 以内）",
                en="The memory is to have a half-life of {T} steps. What should the forget bias be? (within 2%)",
            ),
            draw=_wanted,
            answer=_bias_for,
            why=Text(
                zh="f = 0.5^(1/{T})，偏置 = ln(f / (1 - f)) = {answer:.4g}。",
                en="f = 0.5^(1/{T}), and the bias is ln(f / (1 - f)) = {answer:.4g}.",
            ),
            tolerance=0.02,
        ),
        FormulaDrill(
            id="lstm-gradients-dc",
            ask=Text(
                zh="dh、dc_in 是损失对 h_new、c_new 的梯度（dc_in 来自下一步），c_new 已知。写出 c_new 处的总梯度。",
                en="dh and dc_in are the gradients that arrive at h_new and c_new (dc_in from the next step); c_new is known. Write the whole gradient at c_new.",
            ),
            variables={"dh": ("N", "H"), "dc_in": ("N", "H"), "o": ("N", "H"), "c_new": ("N", "H")},
            unit=("o",),
            answer="dc_in + dh * o * (1 - tanh(c_new) ** 2)",
            why=Text(
                zh="h_new = o * tanh(c_new)，tanh 的导数是 1 - tanh²；再加上从下一步传回的 dc_in。",
                en="h_new = o * tanh(c_new), whose derivative brings 1 - tanh²; what comes from the next step is added.",
            ),
            wrong=(
                (
                    "dh * o * (1 - tanh(c_new) ** 2)",
                    Text(
                        zh="丢了 dc_in：正是这一路让梯度传得远。",
                        en="dc_in is missing: the very path that carries gradients far.",
                    ),
                ),
                (
                    "dc_in + dh * o * (1 - c_new ** 2)",
                    Text(
                        zh="1 - y² 里的 y 应是 tanh(c_new)，不是 c_new。",
                        en="The y of 1 - y² is tanh(c_new), not c_new.",
                    ),
                ),
                (
                    "dc_in + dh * (1 - tanh(c_new) ** 2)",
                    Text(zh="漏了输出门 o。", en="The output gate o is missing."),
                ),
            ),
        ),
        FormulaDrill(
            id="lstm-gradients-forget",
            ask=Text(
                zh="dc 是 c_new 处的总梯度，c 是旧的细胞状态，f 是遗忘门的值。写出遗忘门预激活处的梯度。",
                en="dc is the whole gradient at c_new, c the old cell state, f the forget gate's value. Write the gradient at the forget gate's pre-activation.",
            ),
            variables={"dc": ("N", "H"), "c": ("N", "H"), "f": ("N", "H")},
            unit=("f",),
            answer="dc * c * f * (1 - f)",
            why=Text(
                zh="c_new 对 f 的导数是旧的 c，sigmoid 的导数是 f(1 - f)。",
                en="The derivative of c_new with respect to f is the old c, and that of the sigmoid is f(1 - f).",
            ),
            wrong=(
                ("dc * f", Text(zh="那是传给旧 c 的梯度。", en="That is the gradient handed to the old c.")),
                (
                    "dc * c * (1 - f ** 2)",
                    Text(
                        zh="那是 tanh 的导数；门用的是 sigmoid。",
                        en="That is the derivative of tanh; the gate is a sigmoid.",
                    ),
                ),
                ("dc * c", Text(zh="还差 sigmoid 的导数。", en="The derivative of the sigmoid is still missing.")),
            ),
        ),
        TrueFalseDrill(
            id="lstm-gradients-no-clipping",
            claim=Text(
                zh="遗忘门不超过 1，所以 LSTM 的梯度不会爆炸，不需要裁剪。",
                en="Forget gates never exceed 1, so an LSTM's gradients cannot explode and need no clipping.",
            ),
            holds=False,
            why=Text(
                zh="那只说明沿 c 的直接通路不爆炸。经 h 的路反复乘 U，照样可以指数增长：一个权重为 3 的标量单元 50 步后超过 1e23。",
                en="That settles the direct path along c only. The paths through h multiply by U again and again and can grow exponentially: one unit with weight 3 passes 1e23 after 50 steps.",
            ),
        ),
        TrueFalseDrill(
            id="lstm-gradients-gate-open-interval",
            claim=Text(
                zh="在 float64 里，sigmoid 的输出可以恰好等于 1。",
                en="In float64 the output of a sigmoid can be exactly 1.",
            ),
            holds=True,
            why=Text(
                zh="exp(-40) ≈ 4e-18 小于 float64 在 1 附近的半个间隔，1 / (1 + exp(-40)) 舍入后就是 1。",
                en="exp(-40) ≈ 4e-18 is less than half the spacing of float64 next to 1, so 1 / (1 + exp(-40)) rounds to 1.",
            ),
        ),
        ChoiceDrill(
            id="lstm-gradients-reason",
            ask=Text(
                zh="哪一条最准确地说明了 LSTM 为何缓解梯度消失？",
                en="Which states best why an LSTM eases vanishing gradients?",
            ),
            options=(
                Text(
                    zh="沿 c 每步只乘一个可学习、可接近 1 的遗忘门",
                    en="Along c each step multiplies by one learned gate that can be near 1",
                ),
                Text(
                    zh="sigmoid 的导数比 tanh 大，连乘时衰减得慢",
                    en="The sigmoid's derivative exceeds that of tanh, so products decay slowly",
                ),
                Text(
                    zh="门把梯度限制在 0 到 1，既不消失也不爆炸",
                    en="Gates confine gradients to 0 .. 1, so they neither vanish nor explode",
                ),
                Text(
                    zh="四组权重分担梯度，每组矩阵的范数更小",
                    en="Four sets of weights share the gradient, so each matrix has a smaller norm",
                ),
            ),
            right=0,
            why=Text(
                zh="sigmoid 的导数最大只有 0.25，比 tanh 的 1 小；门限制的是状态的比例而不是梯度；权重分组与消失无关。",
                en="The sigmoid's derivative is at most 0.25 against 1 for tanh; gates scale the state, not the gradient; and sets of weights have nothing to do with vanishing.",
            ),
        ),
        ChoiceDrill(
            id="lstm-gradients-bias-start",
            ask=Text(
                zh="为什么常把遗忘门的偏置初始化为 1 而不是 0？",
                en="Why does the forget bias commonly start at 1 rather than 0?",
            ),
            options=(
                Text(
                    zh="起步时 f 约 0.73 而非 0.5，梯度传得远",
                    en="f starts at about 0.73, not 0.5, so early gradients reach further",
                ),
                Text(
                    zh="使遗忘门恰好等于 1，起步时完全不忘",
                    en="It makes the forget gate exactly 1, so nothing is forgotten at first",
                ),
                Text(
                    zh="抵消输入门的偏置，使 i + f 起步时等于 1",
                    en="It offsets the input gate's bias, so that i + f starts at 1",
                ),
                Text(
                    zh="避免 sigmoid 落在导数最大的区间，训练更稳",
                    en="It keeps the sigmoid off its steepest part, which steadies training",
                ),
            ),
            right=0,
            why=Text(
                zh="σ(1) ≈ 0.73，σ(0) = 0.5：半衰期从 1 步变成 2.2 步。离“完全不忘”还远，要跨更长就再加大。",
                en="σ(1) ≈ 0.73 and σ(0) = 0.5: the half-life goes from 1 step to 2.2. Far from forgetting nothing; longer spans want a larger bias.",
            ),
        ),
    ),
    tasks=("lstm-step-backward", "lstm-backward", "lstm-bias-init"),
    experiment="lstm_gradients",
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
            "R. Pascanu, T. Mikolov, Y. Bengio",
            2013,
            "On the difficulty of training recurrent neural networks",
            "ICML, arXiv:1211.5063",
            "section 2",
        ),
        Source(
            "R. Jozefowicz, W. Zaremba, I. Sutskever",
            2015,
            "An Empirical Exploration of Recurrent Network Architectures",
            "ICML, PMLR 37",
        ),
        Source("R. K. Srivastava, K. Greff, J. Schmidhuber", 2015, "Highway Networks", "arXiv:1505.00387"),
        Source("C. Tallec, Y. Ollivier", 2018, "Can recurrent neural networks warp time?", "ICLR, arXiv:1804.11188"),
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
    ),
    tags=("lstm", "gradients"),
)
