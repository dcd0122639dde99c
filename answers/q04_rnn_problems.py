"""What goes wrong when a plain RNN is trained over long sequences."""

from __future__ import annotations

import math
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
    zh="误差要沿时间往回传 k 步，就要连乘 k 个雅可比矩阵，每个都含同一个循环矩阵。范数都小于 1，乘积按指数缩小，这是梯度消失；要爆炸，范数必须大于 1，但大于 1 不一定爆炸，tanh 饱和时照样消失。决定因素是时间间隔，不是网络层数。爆炸用按范数裁剪来治，方向不变；消失靠正交或单位阵初始化只能缓解，真正管用的是带加法通路的 LSTM 和 GRU。后果是普通 RNN 学不到长距离依赖。",
    en="Sending the error back k steps in time multiplies k Jacobians, each with the same recurrent matrix in it. If their norms stay below 1 the product shrinks exponentially: vanishing. To explode, the norm has to be above 1, but that alone is not enough, because a saturated tanh makes it vanish anyway. What counts is distance in time, not the number of layers. Explosion is cured by clipping the gradient by its norm, which keeps the direction. Vanishing is only eased by orthogonal or identity starts; what really helps is an additive path, as in LSTM and GRU. The consequence: a plain RNN does not learn long-range dependence.",
)

WHITEBOARD = Text(
    zh="""\
前向：h_t = tanh(x_t W + h_(t-1) U + b)。从 T 回到 T - k 的梯度是一串雅可比的乘积：

    d h_T / d h_(T-k) = J_T J_(T-1) ... J_(T-k+1)
    J_t = diag(1 - h_t²) Uᵀ
    ‖d h_T / d h_(T-k)‖ ≤ (γ ‖U‖)^k   γ = max |f'|，tanh 1，sigmoid 1/4

由此（Pascanu 等 2013）：

- γ‖U‖ < 1 是消失的充分条件。
- γ‖U‖ > 1 只是爆炸的必要条件。反例：U = [[0, 10], [0, 0]]，范数 10，平方却是 0；或者 tanh 饱和，1 - h² 接近 0。
- 线性时看谱半径 ρ：梯度大致按 ρ^k 变化，对数对间隔是一条直线。
- k 是时间间隔。层数再少，序列长了一样消失。

治法各管一边：

- 爆炸：按全局范数裁剪，方向不变；按值裁剪会改变方向。它不会放大小梯度，治不了消失。

    norm = √(Σ ‖g‖²)
    g ← g · min(1, max_norm / norm)

- 消失：正交初始化让起点 ‖J‖ 接近 1；ReLU 的斜率是 1，但 U 仍在连乘，要配单位阵初始化（Le 等 2015）；根本办法是加法通路：LSTM、GRU。

后果：远处的输入对参数几乎没有梯度，所以学不到长距离依赖。这是学不到，不是表示不了。""",
    en="""\
Forward: h_t = tanh(x_t W + h_(t-1) U + b). The gradient from T back to T - k is a product of Jacobians:

    d h_T / d h_(T-k) = J_T J_(T-1) ... J_(T-k+1)
    J_t = diag(1 - h_t²) Uᵀ
    ‖d h_T / d h_(T-k)‖ ≤ (γ ‖U‖)^k   γ = max |f'|: tanh 1, sigmoid 1/4

From this (Pascanu et al. 2013):

- γ‖U‖ < 1 is sufficient to vanish.
- γ‖U‖ > 1 is only necessary to explode. Counterexamples: U = [[0, 10], [0, 0]] has norm 10 and its square is 0; or tanh saturates and 1 - h² is near 0.
- In the linear case the spectral radius ρ decides: the gradient goes like ρ^k, a line in the log over the lag.
- k is distance in time. One layer is enough to vanish over a long sequence.

Each cure helps on one side only:

- Explosion: clip by the global norm, the direction stays; clipping by value turns it. Small gradients are not enlarged, so it does not cure vanishing.

    norm = √(Σ ‖g‖²)
    g ← g · min(1, max_norm / norm)

- Vanishing: an orthogonal start puts ‖J‖ near 1; ReLU has slope 1 but U still multiplies, so it needs an identity start (Le et al. 2015); the real remedy is an additive path: LSTM, GRU.

Consequence: inputs far back get next to no gradient, so long-range dependence is not learned. It could be represented; it is not learned.""",
)

KEY_POINTS = (
    KeyPoint(
        "product-of-jacobians",
        Text(
            zh="沿时间反传是一串雅可比矩阵的连乘，里面是同一个循环矩阵",
            en="Going back in time multiplies Jacobians that all contain the same recurrent matrix",
        ),
        (
            r"雅可比",
            r"(连乘|累乘|乘积).{0,20}(矩阵|导数|梯度)",
            r"jacobian",
            r"product of (many )?(matrices|derivatives)",
        ),
    ),
    KeyPoint(
        "below-one-vanishes",
        Text(zh="范数小于 1：按指数消失（充分条件）", en="Norm below 1: vanishes exponentially (sufficient)"),
        (
            r"小于 ?1.{0,30}(消失|缩小|衰减)",
            r"< ?1.{0,20}消失",
            r"below (1|one).{0,60}(vanish|shrink)",
            r"(less|smaller) than (1|one).{0,60}(vanish|shrink)",
            r"< ?1 is sufficient",
        ),
    ),
    KeyPoint(
        "above-one-not-sufficient",
        Text(
            zh="范数大于 1 只是爆炸的必要条件，不充分（饱和时仍会消失）",
            en="Norm above 1 is necessary to explode but not sufficient (saturation still makes it vanish)",
        ),
        (
            r"必要(条件|而不充分|不充分)",
            r"不一定(会)?爆炸",
            r"饱和.{0,20}消失",
            r"not (enough|sufficient)",
            r"only necessary",
            r"saturat\w+.{0,40}vanish",
        ),
    ),
    KeyPoint(
        "distance-in-time",
        Text(zh="决定因素是时间间隔，不是层数", en="Distance in time decides, not the number of layers"),
        (
            r"时间(间隔|距离|步数)",
            r"不是.{0,6}层数",
            r"distance in time",
            r"not the (number of layers|depth)",
            r"time steps?, (and )?not",
            r"not (about )?(the )?(number of )?layers",
        ),
    ),
    KeyPoint(
        "clipping",
        Text(
            zh="裁剪治爆炸、不治消失；按范数保方向，按值不保",
            en="Clipping cures explosion, not vanishing; by norm it keeps the direction, by value it does not",
        ),
        (
            r"裁剪(?!(可以|能|能够)?(解决|治|缓解)(了)?(梯度)?消失)",
            r"梯度截断",
            r"\bclip(ping)?\b(?! (the gradient )?(cures|solves|fixes|prevents) vanishing)",
        ),
    ),
    KeyPoint(
        "eases-vanishing",
        Text(
            zh="消失：正交或单位阵初始化缓解，加法通路（LSTM、GRU）才是根本",
            en="Vanishing: orthogonal or identity starts ease it, an additive path (LSTM, GRU) is the remedy",
        ),
        (
            r"(正交|单位阵|单位矩阵)",
            r"加法(通路|路径|更新)",
            r"(换成|改用|使用|用) ?(LSTM|GRU|门控)",
            r"(LSTM|GRU).{0,8}(解决|缓解)",
            r"orthogonal|identity (start|init)",
            r"additive",
            r"use (an? )?(LSTM|GRU|gated)",
        ),
    ),
    KeyPoint(
        "long-range",
        Text(zh="后果：学不到长距离依赖", en="Consequence: long-range dependence is not learned"),
        (r"(长|远)(距离|程|期).{0,6}依赖", r"long[- ](range|term|distance) dependenc"),
    ),
)

NOTES = (
    NotesClaim(
        "norm-decides",
        Text(
            zh="连乘项的模大于 1 就指数爆炸，小于 1 就指数消失。",
            en="Where the factor's norm is above 1 the gradient explodes exponentially, below 1 it vanishes.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="勘误：后半句成立，前半句不成立。小于 1 足以消失；大于 1 只是爆炸的必要条件（Pascanu 等 2013）。范数 10 的矩阵，平方可以是 0；范数 1.5 的循环矩阵，tanh 一饱和，梯度照样消失。",
            en="Erratum: the second half holds, the first does not. Below 1 suffices to vanish; above 1 is only necessary to explode (Pascanu et al. 2013). A matrix of norm 10 can have the square 0; with a recurrent norm of 1.5 the gradient vanishes all the same once tanh saturates.",
        ),
        Text(
            zh="“范数大于 1 一定爆炸吗？”是这道题最常见的追问，答“是”的人分不清充分与必要。",
            en="“Does it always explode above 1?” is the commonest follow-up here, and a plain yes confuses necessary with sufficient.",
        ),
        ("below-one-suffices", "norm-ten", "norm-ten-gradient-zero", "saturated-tanh-vanishes"),
    ),
    NotesClaim(
        "depth",
        Text(
            zh="问题随着网络加深而加重。",
            en="The trouble grows with the depth of the network.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="说的应是时间：一层的 RNN，序列一长就出问题。把它沿时间展开，“深度”就是间隔的步数；与堆叠多少层无关。",
            en="What grows is distance in time: a single layer has the trouble as soon as the sequence is long. Unrolled over time its “depth” is the number of steps between; how many layers are stacked is another matter.",
        ),
        Text(
            zh="前馈深网的消失和 RNN 的消失常被混为一谈；RNN 里每一步乘的是同一个矩阵，所以尤其规律、尤其严重。",
            en="Deep feed-forward nets and RNNs are easily mixed up here; an RNN multiplies by the same matrix at every step, which makes it so regular and so severe.",
        ),
        ("slope-is-log-radius",),
    ),
    NotesClaim(
        "initialisation",
        Text(zh="合适的初始权重可以解决消失。", en="Good initial weights solve vanishing."),
        NotesVerdict.LIMITED,
        Text(
            zh="正交初始化在线性区内让梯度一步不损；但 tanh 一离开零点，斜率就小于 1，隔 100 步仍旧消失。它给的是好起点，不是保证。",
            en="An orthogonal start loses nothing in the linear regime; but away from zero tanh has a slope below 1, and over 100 steps the gradient vanishes all the same. It is a good start and no guarantee.",
        ),
        Text(
            zh="能说出“正交、单位阵”以及它们何时失效，比笼统一句“好好初始化”有分量得多。",
            en="Naming orthogonal and identity starts, and when they fail, says far more than “initialise well”.",
        ),
        ("orthogonal-stays-flat", "tanh-fades-all-the-same"),
    ),
    NotesClaim(
        "relu",
        Text(
            zh="把 sigmoid、tanh 换成 ReLU 就能治消失。",
            en="Putting ReLU in place of sigmoid or tanh cures vanishing.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="勘误：只换激活函数不够。ReLU 的斜率是 1，循环权重却还在连乘：0.5 照样消失，1.5 爆炸得更彻底，因为 ReLU 没有上界。配单位阵初始化才管用（Le 等 2015）。",
            en="Erratum: the activation alone does nothing. ReLU has slope 1, but the recurrent weight still multiplies: 0.5 vanishes, and 1.5 explodes all the more because ReLU has no ceiling. It works with an identity start (Le et al. 2015).",
        ),
        Text(
            zh="在前馈网络里这句话大体对，搬到 RNN 里就错了；面试官想听的正是这个区别。",
            en="For feed-forward nets the sentence is about right; carried over to RNNs it is wrong, and that difference is what is being asked.",
        ),
        ("relu-vanishes", "relu-explodes", "relu-identity-keeps"),
    ),
    NotesClaim(
        "threshold",
        Text(
            zh="梯度超过某个阈值就截掉，爆炸便解决了。",
            en="Cutting gradients at a threshold solves explosion.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="成立，但要说清怎么截：按全局范数缩放，方向不变；逐元素截断会转向。两者都不放大小梯度，所以不治消失。",
            en="True, but say how: scaled by the global norm the direction stays; cut element by element it turns. Neither enlarges small gradients, so vanishing is not cured.",
        ),
        Text(
            zh="接下来的问题就是“按范数还是按值，为什么”。",
            en="The next question is “by norm or by value, and why?”",
        ),
        (
            "by-norm-keeps-direction",
            "by-value-turns",
            "clipping-leaves-small-ones",
            "valley-without-clipping",
            "valley-with-clipping",
        ),
    ),
    NotesClaim(
        "long-range",
        Text(
            zh="梯度传不远，普通 RNN 因此抓不住相隔很远的关系。",
            en="Gradients do not reach far, so a plain RNN misses relations over long distances.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立，实验可见：间隔 5 步全对，间隔 100 步只剩碰运气，同预算的 LSTM 仍然全对。补一句：这是学习的困难，不是表示能力的限制（Bengio 等 1994）。",
            en="It holds, and the experiment shows it: perfect over 5 steps, down to chance over 100, where an LSTM with the same budget is still right. Add that it is a difficulty of learning, not of representation (Bengio et al. 1994).",
        ),
        Text(
            zh="把“学不到”说成“表示不了”，会被追问到底。",
            en="Say “cannot represent” instead of “does not learn” and you will be pressed on it.",
        ),
        ("near-recall-rnn", "far-recall-rnn", "far-recall-lstm"),
    ),
)


def _draw_power(random: Random) -> dict[str, float]:
    return {"rho": random.choice((0.5, 0.7, 0.8, 0.9, 1.1, 1.2, 1.5)), "k": random.randint(5, 15)}


def _power(rho: float, k: int) -> float:
    import numpy as np

    import rnnref

    return float(rnnref.gradient_flow(np.zeros((k + 1, 1)), np.array([[rho]]))[0])


def _draw_reach(random: Random) -> dict[str, float]:
    return {"rho": random.choice((0.5, 0.6, 0.7, 0.8, 0.85, 0.95)), "floor": random.choice((0.1, 0.01, 0.001))}


def _reach(rho: float, floor: float) -> float:
    return math.ceil(math.log(floor) / math.log(rho))


def _draw_clip(random: Random) -> dict[str, float]:
    a, b = random.choice(((3, 4), (6, 8), (5, 12), (8, 15), (9, 12), (12, 16), (7, 24), (20, 21)))
    return {"a": a, "b": b, "limit": random.choice((1, 2, 4, 5))}


def _clip(a: int, b: int, limit: int) -> float:
    import numpy as np

    import rnnref

    (clipped, _), _ = rnnref.clip_by_global_norm([np.array([float(a)]), np.array([float(b)])], float(limit))
    return float(clipped[0])


def _draw_sigmoid(random: Random) -> dict[str, float]:
    return {"norm": random.choice((1, 1.6, 2, 2.4, 3, 3.2, 3.6)), "k": random.randint(3, 8)}


def _sigmoid_bound(norm: float, k: int) -> float:
    return (norm / 4) ** k


DRILLS = (
    TrueFalseDrill(
        "problems-above-one",
        Text(
            zh="循环矩阵的范数大于 1，梯度就一定爆炸。",
            en="If the recurrent matrix has a norm above 1, the gradient explodes.",
        ),
        False,
        Text(
            zh="只是必要条件。[[0, 10], [0, 0]] 的平方是 0；tanh 饱和时 1 - h² 接近 0，梯度反而消失。",
            en="It is only necessary. The square of [[0, 10], [0, 0]] is 0; and where tanh saturates, 1 - h² is near 0 and the gradient vanishes instead.",
        ),
    ),
    TrueFalseDrill(
        "problems-below-one",
        Text(
            zh="tanh 网络的循环矩阵谱范数小于 1，梯度必然随间隔指数缩小，无论输入如何。",
            en="In a tanh network whose recurrent matrix has a spectral norm below 1, the gradient shrinks exponentially with the lag whatever the inputs.",
        ),
        True,
        Text(
            zh="每个雅可比的范数不超过 ‖U‖ < 1，乘积不超过它的 k 次方。",
            en="Each Jacobian's norm is at most ‖U‖ < 1, the product's at most its k-th power.",
        ),
    ),
    TrueFalseDrill(
        "problems-relu-alone",
        Text(
            zh="把 RNN 的 tanh 换成 ReLU，其他不变，就不会再有梯度消失。",
            en="Replacing an RNN's tanh by ReLU and nothing else rules out vanishing gradients.",
        ),
        False,
        Text(
            zh="循环权重仍在连乘：权重 0.5 隔 50 步只剩 9e-16。",
            en="The recurrent weight still multiplies: with a weight of 0.5, 9e-16 is left after 50 steps.",
        ),
    ),
    TrueFalseDrill(
        "problems-clipping-vanishing",
        Text(
            zh="梯度裁剪对梯度消失不起作用。",
            en="Gradient clipping does nothing against vanishing gradients.",
        ),
        True,
        Text(
            zh="它只缩小过大的梯度，范数在阈值以内的原样放过。",
            en="It only shortens gradients that are too long; those within the threshold pass unchanged.",
        ),
    ),
    ChoiceDrill(
        "problems-sigmoid-worse",
        Text(
            zh="为什么用 sigmoid 作隐藏激活的 RNN 比用 tanh 的更容易消失？",
            en="Why does an RNN with sigmoid as hidden activation vanish more easily than one with tanh?",
        ),
        (
            Text(
                zh="sigmoid 的导数至多 1/4，tanh 的至多 1", en="sigmoid's slope is at most 1/4, that of tanh at most 1"
            ),
            Text(
                zh="sigmoid 的输出恒正，误差无法变号", en="sigmoid's output is positive, so errors cannot change sign"
            ),
            Text(zh="sigmoid 的指数运算会带来数值下溢", en="sigmoid's exponential makes the numbers underflow"),
            Text(
                zh="sigmoid 使循环矩阵的谱半径变小", en="sigmoid makes the recurrent matrix's spectral radius smaller"
            ),
        ),
        0,
        Text(
            zh="界是 (γ‖U‖)^k：tanh 的 γ 是 1，sigmoid 的 γ 是 1/4，所以 ‖U‖ 小于 4 就足以消失。",
            en="The bound is (γ‖U‖)^k: γ is 1 for tanh and 1/4 for sigmoid, so any ‖U‖ below 4 suffices to vanish.",
        ),
    ),
    ChoiceDrill(
        "problems-by-norm",
        Text(
            zh="梯度裁剪时按全局范数缩放，相对逐元素截断，主要好处是什么？",
            en="What does scaling by the global norm have over cutting each element?",
        ),
        (
            Text(zh="更新方向不变，只缩短步长", en="the direction stays, only the step gets shorter"),
            Text(zh="计算更便宜，不用遍历参数", en="it is cheaper, no pass over the parameters"),
            Text(zh="小梯度也会被放大到阈值", en="small gradients are enlarged to the threshold"),
            Text(zh="每个参数的步长变得一样", en="every parameter moves by the same amount"),
        ),
        0,
        Text(
            zh="所有元素乘同一个系数 max_norm / norm。逐元素截断只削大的，方向就转了。",
            en="All elements are multiplied by the same max_norm / norm. Cutting elements shortens only the large ones, which turns the direction.",
        ),
    ),
    OrderDrill(
        "problems-training-step",
        Text(
            zh="带裁剪的一次训练更新，按执行先后排好。",
            en="One training update with clipping: put it in order.",
        ),
        (
            Text(zh="前向算完整段序列并求损失", en="run the sequence forward and take the loss"),
            Text(zh="沿时间反传，得到各参数的梯度", en="go back through time for every parameter's gradient"),
            Text(zh="求所有梯度合在一起的范数", en="take the norm of all gradients together"),
            Text(
                zh="超过阈值就整体乘上 max_norm / norm",
                en="where it exceeds the threshold, scale all by max_norm / norm",
            ),
            Text(zh="优化器用缩放后的梯度更新参数", en="let the optimiser update with the scaled gradients"),
        ),
        Text(
            zh="裁剪夹在反传与更新之间；先更新再裁剪没有意义，各参数分别裁剪则会改变方向。",
            en="Clipping stands between backward and update; after the update it is pointless, and clipping each parameter alone turns the direction.",
        ),
    ),
    FormulaDrill(
        "problems-one-step-back",
        Text(
            zh="h_new = tanh(x W + h U + b)。已知损失对 h_new 的梯度 dh (N, H)，写出对上一步 h 的梯度。",
            en="h_new = tanh(x W + h U + b). Given the loss gradient dh (N, H) at h_new, write the gradient at the previous h.",
        ),
        {"dh": ("N", "H"), "h_new": ("N", "H"), "U": ("H", "H")},
        "(dh * (1 - h_new ** 2)) @ U.T",
        Text(
            zh="先过 tanh 的导数 1 - h_new²，再乘 U 的转置。每往回一步就乘一次，这就是连乘的来历。",
            en="First through tanh's slope 1 - h_new², then through the transpose of U. Each step back does it once more: that is the product.",
        ),
        (
            ("(dh * (1 - h_new ** 2)) @ U", Text(zh="U 没有转置。", en="U is not transposed.")),
            (
                "dh @ U.T",
                Text(zh="漏了 tanh 的导数 1 - h_new²。", en="tanh's slope 1 - h_new² is missing."),
            ),
            (
                "(dh @ U.T) * (1 - h_new ** 2)",
                Text(
                    zh="次序反了：tanh 在 h U 的外面，反传要先过 tanh 的导数。",
                    en="The wrong order: tanh stands outside h U, so its slope comes first on the way back.",
                ),
            ),
            (
                "(dh * h_new * (1 - h_new)) @ U.T",
                Text(
                    zh="那是 sigmoid 的导数；tanh 的是 1 - h_new²。",
                    en="That is sigmoid's slope; that of tanh is 1 - h_new².",
                ),
            ),
        ),
    ),
    FormulaDrill(
        "problems-clip",
        Text(
            zh="梯度 g (D, H) 的范数大于阈值 m。写出按范数裁剪后的梯度。",
            en="The norm of the gradient g (D, H) is above the threshold m. Write the gradient clipped by norm.",
        ),
        {"g": ("D", "H"), "m": ()},
        "g * m / norm(g)",
        Text(
            zh="乘同一个系数 m / norm(g)，裁剪后的范数恰为 m，方向不变。",
            en="One factor m / norm(g) for all; the norm becomes m and the direction stays.",
        ),
        (
            ("g / norm(g)", Text(zh="范数变成了 1，不是 m。", en="That gives norm 1, not m.")),
            (
                "minimum(maximum(g, -m), m)",
                Text(zh="这是按值裁剪，方向会变。", en="That is clipping by value, which turns the direction."),
            ),
            (
                "g * m / norm(g) ** 2",
                Text(zh="除以了范数的平方：是不是漏了开方？", en="Divided by the squared norm: a missing square root?"),
            ),
            (
                "g * m / sum(abs(g))",
                Text(zh="用的是 1-范数；裁剪用 2-范数。", en="That is the 1-norm; clipping uses the 2-norm."),
            ),
        ),
        positive=("m",),
        where="norm(g) - m",
    ),
    NumberDrill(
        "problems-power",
        Text(
            zh="线性一维 RNN，循环权重 {rho}。隔 {k} 步的梯度是多少？（误差 5% 以内，两位有效数字就够）",
            en="A linear RNN of one unit with recurrent weight {rho}. What is the gradient over {k} steps? (within 5%; two significant digits will do)",
        ),
        _draw_power,
        _power,
        Text(zh="{rho} 的 {k} 次方 = {answer:.3g}。", en="{rho} to the power {k} = {answer:.3g}."),
        tolerance=0.05,
    ),
    NumberDrill(
        "problems-reach",
        Text(
            zh="每往回一步梯度乘 {rho}。最少隔多少步，它才不超过 {floor}？",
            en="Each step back multiplies the gradient by {rho}. After how many steps, at least, is it no more than {floor}?",
        ),
        _draw_reach,
        _reach,
        Text(
            zh="log {floor} / log {rho}，向上取整 = {answer:.0f}。",
            en="log {floor} / log {rho}, rounded up = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "problems-clip-number",
        Text(
            zh="两个参数的梯度分别是 {a} 和 {b}，按全局范数裁剪到 {limit}。第一个变成多少？（误差 2% 以内）",
            en="Two parameters have the gradients {a} and {b}; they are clipped to a global norm of {limit}. What becomes of the first? (within 2%)",
        ),
        _draw_clip,
        _clip,
        Text(
            zh="范数是 √({a}² + {b}²)，{a} 乘 {limit} 再除以它，得 {answer:.4g}。",
            en="The norm is √({a}² + {b}²); {a} times {limit} over it gives {answer:.4g}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "problems-sigmoid-bound",
        Text(
            zh="隐藏激活是 sigmoid，循环矩阵谱范数 {norm}。隔 {k} 步，梯度范数的上界是多少？（误差 3% 以内）",
            en="The hidden activation is sigmoid, the recurrent matrix has spectral norm {norm}. What bounds the gradient norm over {k} steps? (within 3%)",
        ),
        _draw_sigmoid,
        _sigmoid_bound,
        Text(
            zh="sigmoid 的导数至多 1/4，所以是 ({norm} / 4) 的 {k} 次方 = {answer:.3g}。",
            en="sigmoid's slope is at most 1/4, so ({norm} / 4) to the power {k} = {answer:.3g}.",
        ),
        tolerance=0.03,
    ),
)

QUESTION = Question(
    id="rnn-problems",
    section="1.4",
    title=Text(zh="普通 RNN 难在哪里", en="What is hard about a plain RNN"),
    ask=Text(
        zh="普通 RNN 训练时有什么问题？原因是什么，怎么解决？",
        en="What goes wrong when you train a plain RNN, why, and what do you do about it?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="为什么不直接换成 ReLU？", en="Why not just use ReLU?"),
            Text(
                zh="ReLU 在正半轴斜率为 1，确实不再有饱和，但循环矩阵 U 还在连乘：谱半径小于 1 消失，大于 1 爆炸，而且 ReLU 没有上界，前向的状态也会跟着爆。Le 等（2015）的 IRNN 用单位阵初始化 U、零偏置，起点处梯度恰好是 1，才训得动；配合裁剪和较小的学习率。",
                en="On its positive side ReLU has slope 1, so nothing saturates, but the recurrent matrix U still multiplies: with a spectral radius below 1 it vanishes, above 1 it explodes, and since ReLU has no ceiling the states explode on the way forward too. The IRNN of Le et al. (2015) starts U at the identity and the bias at zero, so that the gradient is exactly 1 at the start; that trains, with clipping and a small learning rate.",
            ),
        ),
        FollowUp(
            Text(
                zh="裁剪阈值怎么定？裁剪会改变什么？",
                en="How do you choose the clipping threshold, and what does clipping change?",
            ),
            Text(
                zh="先记录一段训练的梯度范数，取它们的均值或稍高一些；Pascanu 等（2013）说均值的 0.5 到 10 倍都能用，结果不敏感。按全局范数裁剪时，被裁的那一步等于临时调小学习率，方向不变；要对所有参数一起算一个范数，分别裁剪就会转向。",
                en="Log the gradient norm for a while and take its mean or somewhat more; Pascanu et al. (2013) report that half to ten times the mean works, so it is not delicate. Clipping by global norm amounts to a smaller learning rate for that step, in the same direction; take one norm over all parameters, because clipping them one by one turns the direction.",
            ),
        ),
        FollowUp(
            Text(
                zh="后来是什么取代了它？又有什么回来了？",
                en="What replaced it, and what came back?",
            ),
            Text(
                zh="先是 LSTM、GRU 用加法通路缓解消失；再是注意力（Vaswani 等 2017），任意两步之间的路径长度是 1，训练可以并行，代价是计算随长度平方增长。近年循环又回来了：状态空间模型 S4（Gu 等 2022）和 Mamba（Gu 与 Dao 2023）用线性循环，训练时可以沿时间并行（卷积或扫描）；Feng 等（2024）把 LSTM、GRU 精简成门不看 h 的最小单元，也能并行训练。",
                en="First LSTM and GRU, whose additive path eases vanishing; then attention (Vaswani et al. 2017), where any two steps are one hop apart and training is parallel, at a cost that grows with the square of the length. Recurrence has come back since: the state-space models S4 (Gu et al. 2022) and Mamba (Gu & Dao 2023) use linear recurrences that train in parallel over time, by convolution or scan; Feng et al. (2024) cut LSTM and GRU down to minimal cells whose gates do not read h, which train in parallel too.",
            ),
        ),
        FollowUp(
            Text(
                zh="截断的沿时间反传（truncated BPTT）能解决吗？",
                en="Does truncated back-propagation through time solve it?",
            ),
            Text(
                zh="不能。它每隔若干步切断反传，省内存、省时间，也间接避免了特别长的连乘；但切断处以外的依赖梯度直接为 0，等于主动放弃长距离。状态仍会往前传，所以推理时能带上更早的信息，只是没有梯度去学它。",
                en="No. It cuts the backward pass every so many steps, which saves memory and time and avoids very long products; but beyond the cut the gradient is simply 0, so it gives up long range on purpose. The state is still carried forward, so earlier information can reach the output, but no gradient teaches the network to use it.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="写出 h_T 对 h_(T-k) 的导数，看它由什么相乘而成。",
            en="Write the derivative of h_T with respect to h_(T-k): what is it a product of?",
        ),
        Text(
            zh="每一步乘一个雅可比，里面都有同一个 U；范数小于 1 和大于 1 两种情形并不对称。",
            en="Each step multiplies by a Jacobian with the same U in it; the cases below 1 and above 1 are not symmetric.",
        ),
        Text(
            zh="J_t = diag(1 - h_t²) Uᵀ；范数 < 1 足以消失，> 1 只是爆炸的必要条件；裁剪只治爆炸。",
            en="J_t = diag(1 - h_t²) Uᵀ; norm < 1 suffices to vanish, > 1 is only necessary to explode; clipping cures explosion only.",
        ),
    ),
    drills=DRILLS,
    tasks=("rnn-step", "clip-by-value", "clip-by-global-norm"),
    experiment="rnn_problems",
    sources=(
        Source(
            "R. Pascanu, T. Mikolov, Y. Bengio",
            2013,
            "On the Difficulty of Training Recurrent Neural Networks",
            "arXiv:1211.5063",
            "section 2.1, algorithm 1",
        ),
        Source(
            "Y. Bengio, P. Simard, P. Frasconi",
            1994,
            "Learning Long-Term Dependencies with Gradient Descent Is Difficult",
            "doi:10.1109/72.279181",
        ),
        Source(
            "Q. V. Le, N. Jaitly, G. E. Hinton",
            2015,
            "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
            "arXiv:1504.00941",
        ),
        Source(
            "A. M. Saxe, J. L. McClelland, S. Ganguli",
            2014,
            "Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks",
            "arXiv:1312.6120",
        ),
        Source("C. Tallec, Y. Ollivier", 2018, "Can Recurrent Neural Networks Warp Time?", "arXiv:1804.11188"),
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
        Source(
            "L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi",
            2024,
            "Were RNNs All We Needed?",
            "arXiv:2410.01201",
            "section 3",
        ),
    ),
    tags=("rnn", "gradients"),
)
