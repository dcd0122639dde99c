"""The forward pass of a plain RNN, and which activation belongs where."""

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
    formula,
)

SPOKEN = Text(
    zh="每一步两行公式。第一行算隐藏状态：当前输入乘 W，上一步状态乘 U，加偏置，过 tanh，也有用 ReLU 的。第二行算输出：状态乘 V 加偏置，再过输出激活，分类用 softmax，多标签用 sigmoid，回归就不加激活。两者不能颠倒：softmax 会让状态各分量之和恒为 1，雅可比奇异，每步都丢掉一个方向，梯度消失得更快；而 tanh 的输出有负数，和也不是 1，不能当概率。",
    en="Two lines a step. The first gives the hidden state: the input times W, plus the previous state times U, plus a bias, through tanh, or sometimes ReLU. The second gives the output: the state times V plus a bias, through the output activation, which is softmax for classes, sigmoid for several labels, and nothing for regression. They must not be swapped. Softmax would force the state's entries to sum to 1 and make its Jacobian singular, so a direction is lost at every step and gradients vanish faster. And tanh gives negative numbers that do not sum to 1, so they are no probabilities.",
)

WHITEBOARD = Text(
    zh="""\
一步，x_t (N, D)，h (N, H)，K 个类：

    h_t = f(x_t W + h_(t-1) U + b)      f = tanh（或 ReLU）
    y_t = g(h_t V + c)                  g = softmax（分类）、恒等（回归）

形状：W (D, H)，U (H, H)，b (H,)，V (H, K)，c (K,)；整段输入 (T, N, D)，状态 (T, N, H)。h_0 常取 0。

为什么隐藏层用 tanh：

- 有界，反复相乘也不会把状态推到无穷；
- 以 0 为中心，状态可正可负；
- 在 0 处斜率为 1，sigmoid 只有 1/4，梯度走得更远。

为什么隐藏层不用 softmax：

    s = softmax(a)，Σ s = 1
    ds/da = diag(s) - s sᵀ，各列之和为 0

雅可比奇异：每一步至少丢掉一个方向；各单元还要互相争份额，梯度消失比 tanh 快得多。

为什么分类输出不用 tanh 或 ReLU：要的是非负、和为 1。softmax 与交叉熵合起来，梯度恰好是 y - 目标的 one-hot。回归输出也不用 tanh：够不到 ±1 以外的目标。

笔记把 f 与 g 说反了。""",
    en="""\
One step, x_t (N, D), h (N, H), K classes:

    h_t = f(x_t W + h_(t-1) U + b)  f = tanh (or ReLU)
    y_t = g(h_t V + c)              g = softmax (classes) or identity

Shapes: W (D, H), U (H, H), b (H,), V (H, K), c (K,); a whole input is (T, N, D), its states (T, N, H). h_0 is usually 0.

Why tanh in the hidden layer:

- bounded: multiplied again and again, the state is not driven to infinity;
- centred at 0: a state can have either sign;
- slope 1 at 0, against sigmoid's 1/4: the gradient reaches further.

Why no softmax in the hidden layer:

    s = softmax(a), Σ s = 1
    ds/da = diag(s) - s sᵀ, whose columns sum to 0

The Jacobian is singular: each step loses at least one direction; and units compete for shares, so the gradient vanishes much faster than with tanh.

Why neither tanh nor ReLU as output for classes: it has to be non-negative and sum to 1. With softmax and cross-entropy together the gradient is simply y - one-hot(target). For regression tanh is no output either: it cannot reach targets beyond ±1.

The notes have f and g the wrong way round.""",
)

KEY_POINTS = (
    KeyPoint(
        "hidden-line",
        Text(zh="h_t = f(x_t W + h_(t-1) U + b)", en="h_t = f(x_t W + h_(t-1) U + b)"),
        (
            r"x\w*\s*@?\s*W\w*\s*\+\s*h\S*\s*@?\s*U",
            r"输入乘 ?W.{0,20}状态乘 ?U",
            r"input times W.{0,40}state times U",
            r"W ?x.{0,10}\+ ?U ?h",
        ),
    ),
    KeyPoint(
        "hidden-activation",
        Text(zh="隐藏激活用 tanh（或 ReLU）", en="Hidden activation: tanh (or ReLU)"),
        (
            r"(隐藏|状态|第一行)((?!输出|softmax).){0,60}(tanh|ReLU)",
            r"f ?= ?(tanh|relu)",
            r"(hidden|state)((?!output|softmax).){0,120}\btanh",
        ),
    ),
    KeyPoint(
        "output-activation",
        Text(
            zh="输出激活：分类用 softmax，回归用恒等",
            en="Output activation: softmax for classes, identity for regression",
        ),
        (
            r"分类.{0,8}softmax",
            r"softmax.{0,6}(（|\()?分类",
            r"softmax.{0,12}class",
            r"class\w*.{0,12}softmax",
            r"output((?!tanh|relu|\bnot?\b|never).){0,80}softmax",
        ),
    ),
    KeyPoint(
        "softmax-loses",
        Text(
            zh="softmax 作隐藏激活：和恒为 1，雅可比奇异，丢方向",
            en="Softmax as hidden activation: sums to 1, singular Jacobian, loses a direction",
        ),
        (
            r"雅可比.{0,4}奇异|奇异",
            r"丢.{0,8}方向",
            r"singular",
            r"(lose|loses|lost).{0,12}direction|direction is lost",
        ),
    ),
    KeyPoint(
        "tanh-no-distribution",
        Text(
            zh="tanh 的输出可为负、和不为 1，不是概率",
            en="tanh outputs can be negative and do not sum to 1: no probabilities",
        ),
        (
            r"(不能当|不是)概率",
            r"tanh.{0,16}(负|和不)",
            r"no probabilit|not (a )?(probabilit|distribution)",
            r"tanh.{0,30}negative",
        ),
    ),
    KeyPoint(
        "why-tanh",
        Text(
            zh="tanh 有界、以 0 为中心、0 处斜率 1",
            en="tanh is bounded, centred at 0, and has slope 1 there",
        ),
        (r"有界", r"(以 ?0 为|零)中心", r"\bbounded", r"cent(er|re)d", r"斜率(为|是)? ?1", r"slope 1"),
    ),
)

NOTES = (
    NotesClaim(
        "hidden-softmax",
        Text(
            zh="隐藏层的激活 f 一般选 softmax。",
            en="The hidden layer's activation f is usually softmax.",
        ),
        NotesVerdict.WRONG,
        Text(
            zh="勘误：隐藏层一般用 tanh，也有用 ReLU 的。softmax 让状态各分量之和恒为 1，雅可比奇异，每步丢一个方向；同样的权重和输入，隔 20 步的梯度比 tanh 小十几个数量级。",
            en="Erratum: the hidden layer usually has tanh, sometimes ReLU. Softmax makes a state's entries sum to 1 and its Jacobian singular, so each step loses a direction; with the same weights and inputs the gradient over 20 steps is more than ten orders of magnitude below that with tanh.",
        ),
        Text(
            zh="这是第一道公式题，写反了，后面的梯度问题就没有人再听了。",
            en="This is the first formula they ask for; swapped, nobody listens to what follows about gradients.",
        ),
        (
            "softmax-state-sums-to-one",
            "softmax-jacobian-singular",
            "softmax-jacobian-by-difference",
            "tanh-jacobian-regular",
            "softmax-fades-faster",
        ),
    ),
    NotesClaim(
        "output-tanh",
        Text(
            zh="输出层的激活 g 一般选 tanh 或 ReLU。",
            en="The output layer's activation g is usually tanh or ReLU.",
        ),
        NotesVerdict.WRONG,
        Text(
            zh="勘误：分类用 softmax，多标签用 sigmoid，回归用恒等。tanh 的输出近一半是负数，和也不是 1；ReLU 会给出恰为 0 的“概率”，交叉熵是无穷；回归时 tanh 够不到 ±1 以外的目标。",
            en="Erratum: softmax for classes, sigmoid for several labels, identity for regression. Nearly half of tanh's outputs are negative and they do not sum to 1; ReLU gives “probabilities” of exactly 0 and an infinite cross-entropy; for regression tanh cannot reach targets beyond ±1.",
        ),
        Text(
            zh="输出激活要与损失配对，这是面试官接着会问的：softmax 配交叉熵，恒等配平方误差。",
            en="The output activation goes with the loss, and that is the next question: softmax with cross-entropy, identity with squared error.",
        ),
        (
            "softmax-output-is-distribution",
            "tanh-output-negative",
            "tanh-output-sum",
            "relu-output-zero",
            "tanh-output-misses-targets",
        ),
    ),
    NotesClaim(
        "two-steps",
        Text(
            zh="先算隐藏层，再由它算输出层。",
            en="First the hidden layer, then the output layer from it.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="成立：输出只读新的状态，不直接读输入；下一步接着用的是状态，不是输出。",
            en="It holds: the output reads the new state only, not the input itself; and what goes on to the next step is the state, not the output.",
        ),
        Text(
            zh="把输出接回去是 Jordan 网络，把状态接回去才是这里的 Elman 网络。",
            en="Feeding back the output is a Jordan network; feeding back the state, as here, is Elman's.",
        ),
        ("two-lines-repeated",),
    ),
)


def _draw_scalar(random: Random) -> dict[str, float]:
    sizes = {
        "x": random.choice((-2, -1, 0.5, 1, 1.5, 2)),
        "w": random.choice((-0.8, -0.4, 0.3, 0.5, 0.9)),
        "h": random.choice((-0.6, -0.3, 0.2, 0.5, 0.7)),
        "u": random.choice((-0.5, 0.4, 0.6, 1.1)),
        "b": random.choice((0.1, 0.25, 0.35)),
    }
    # where the terms cancel, no answer on paper is within a few per cent
    return sizes if abs(_scalar_step(**sizes)) > 0.05 else _draw_scalar(random)


def _scalar_step(x: float, w: float, h: float, u: float, b: float) -> float:
    import numpy as np

    import rnnref

    at, before, W, U = (np.array([[float(value)]]) for value in (x, h, w, u))
    return float(rnnref.rnn_step(at, before, W, U, np.array([float(b)]))[0, 0])


def _draw_two_classes(random: Random) -> dict[str, float]:
    return {"a": random.randint(-3, 3), "b": random.choice((-2.5, -1.5, -0.5, 0.5, 1.5, 2.5))}


def _first_probability(a: float, b: float) -> float:
    import numpy as np

    import rnnref

    return float(rnnref.softmax(np.array([a, b], float))[0])


def _draw_net(random: Random) -> dict[str, int]:
    return {
        "D": random.choice((4, 5, 10, 16, 20, 50)),
        "H": random.choice((3, 6, 8, 12, 20, 32)),
        "K": random.choice((2, 3, 5, 10)),
    }


def _net_parameters(D: int, H: int, K: int) -> float:
    return D * H + H * H + H + H * K + K


def _draw_loss(random: Random) -> dict[str, float]:
    return {"p": random.choice((0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.25, 0.2, 0.1, 0.05, 0.01))}


def _cross_entropy(p: float) -> float:
    return -math.log(p)


DRILLS = (
    TrueFalseDrill(
        "forward-hidden-softmax",
        Text(
            zh="普通 RNN 的隐藏层激活一般用 softmax。",
            en="A plain RNN's hidden layer usually has softmax as its activation.",
        ),
        False,
        Text(
            zh="一般用 tanh。softmax 属于分类的输出层；放进隐藏层，雅可比奇异，记忆逐步被抹掉。",
            en="It usually has tanh. Softmax belongs to the output for classes; in the hidden layer its singular Jacobian wipes memory out step by step.",
        ),
    ),
    TrueFalseDrill(
        "forward-output-tanh",
        Text(
            zh="分类任务里，RNN 的输出层用 tanh 或 ReLU 来给出各类概率。",
            en="For classification an RNN's output layer uses tanh or ReLU to give the classes' probabilities.",
        ),
        False,
        Text(
            zh="概率要非负且和为 1，这正是 softmax 做的事。",
            en="Probabilities are non-negative and sum to 1, which is what softmax provides.",
        ),
    ),
    TrueFalseDrill(
        "forward-shift",
        Text(
            zh="给 softmax 的所有输入加上同一个常数，输出不变。",
            en="Adding one constant to all inputs of softmax leaves its output unchanged.",
        ),
        True,
        Text(
            zh="分子分母同乘 exp(常数)。所以实现时先减去最大值，避免溢出；这也说明它的雅可比有一个零方向。",
            en="Numerator and denominator gain the same factor. That is why code subtracts the maximum first, against overflow; and it shows that the Jacobian has a null direction.",
        ),
    ),
    ChoiceDrill(
        "forward-pairing",
        Text(
            zh="用 RNN 预测明天的气温（一个实数），输出激活和损失该怎么配？",
            en="An RNN predicts tomorrow's temperature, a real number. Which output activation and loss?",
        ),
        (
            Text(zh="恒等，平方误差", en="identity, squared error"),
            Text(zh="tanh，平方误差", en="tanh, squared error"),
            Text(zh="softmax，交叉熵", en="softmax, cross-entropy"),
            Text(zh="ReLU，交叉熵", en="ReLU, cross-entropy"),
        ),
        0,
        Text(
            zh="实数目标没有上下界，输出不该有；tanh 只到 ±1，ReLU 给不出零下。",
            en="A real target has no bounds, so the output should have none; tanh stops at ±1 and ReLU never goes below zero.",
        ),
    ),
    ChoiceDrill(
        "forward-why-tanh",
        Text(
            zh="同样有界，隐藏层为什么更常用 tanh 而不是 sigmoid？",
            en="Both are bounded: why does the hidden layer more often have tanh than sigmoid?",
        ),
        (
            Text(zh="以 0 为中心，且在 0 处斜率为 1", en="it is centred at 0 and has slope 1 there"),
            Text(zh="不会饱和，输入再大也有足够的梯度", en="it does not saturate, even for large inputs"),
            Text(zh="输出可以直接当作概率来用", en="its output can serve directly as a probability"),
            Text(zh="值域更窄，所以数值上更加稳定", en="its range is narrower and so more stable"),
        ),
        0,
        Text(
            zh="sigmoid 最大斜率 1/4，输出恒正；tanh 同样会饱和，值域反而更宽。",
            en="Sigmoid's steepest slope is 1/4 and its output is positive; tanh saturates too, and its range is the wider one.",
        ),
    ),
    OrderDrill(
        "forward-whole-pass",
        Text(
            zh="一段序列做逐步分类，把前向过程排好。",
            en="A sequence is to be classified step by step: order the forward pass.",
        ),
        (
            Text(zh="令 h = h_0（常取 0）", en="set h = h_0, usually 0"),
            formula("a = x[t] @ W + h @ U + b"),
            formula("h = tanh(a)"),
            formula("s = h @ V + c"),
            formula("y[t] = softmax(s)"),
            Text(
                zh="t 加 1，回到第二行，直到 T 步走完",
                en="add 1 to t and return to the second line until all T steps are done",
            ),
        ),
        Text(
            zh="状态先更新，输出读新状态；带到下一步的是 h，不是 y。",
            en="The state is updated before the output reads it; h goes on to the next step, not y.",
        ),
    ),
    FormulaDrill(
        "forward-hidden",
        Text(
            zh="写出隐藏状态：x (N, D)，旧的 h (N, H)，W (D, H)，U (H, H)，b (H,)，用最常见的激活。",
            en="Write the hidden state: x (N, D), old h (N, H), W (D, H), U (H, H), b (H,), with the usual activation.",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "tanh(x @ W + h @ U + b)",
        Text(
            zh="最常见的是 tanh：有界、以 0 为中心。",
            en="The usual one is tanh: bounded and centred at 0.",
        ),
        (
            (
                "softmax(x @ W + h @ U + b)",
                Text(
                    zh="softmax 是分类输出用的，隐藏层用 tanh；笔记这里写反了。",
                    en="Softmax is for outputs over classes, the hidden layer has tanh; the notes swap them.",
                ),
            ),
            (
                "sigmoid(x @ W + h @ U + b)",
                Text(
                    zh="σ 是门用的；普通 RNN 的隐藏层用 tanh。",
                    en="σ is for gates; a plain RNN's hidden layer has tanh.",
                ),
            ),
            ("tanh(x @ W + h @ U)", Text(zh="少了偏置 b。", en="The bias b is missing.")),
            (
                "tanh(x @ W) + tanh(h @ U + b)",
                Text(zh="两项要先相加，再一起过 tanh。", en="The two are added first and go through one tanh."),
            ),
        ),
    ),
    FormulaDrill(
        "forward-output",
        Text(
            zh="写出分类输出的概率：h (N, H)，V (H, K)，c (K,)。",
            en="Write the class probabilities: h (N, H), V (H, K), c (K,).",
        ),
        {"h": ("N", "H"), "V": ("H", "K"), "c": ("K",)},
        "softmax(h @ V + c)",
        Text(
            zh="先仿射到 K 个分数，再 softmax 成概率。",
            en="An affine map to K scores, then softmax to probabilities.",
        ),
        (
            (
                "tanh(h @ V + c)",
                Text(zh="tanh 会给负数，和也不是 1。", en="tanh gives negative numbers that do not sum to 1."),
            ),
            (
                "sigmoid(h @ V + c)",
                Text(
                    zh="各类独立的概率，和不是 1：那是多标签的输出。",
                    en="Independent probabilities that do not sum to 1: that is for several labels.",
                ),
            ),
            (
                "softmax(h) @ V + c",
                Text(zh="softmax 要放在最外层，作用于分数。", en="Softmax goes outermost, on the scores."),
            ),
            (
                "h @ V + c",
                Text(zh="这是分数（logits），还不是概率。", en="Those are scores (logits), not yet probabilities."),
            ),
        ),
    ),
    FormulaDrill(
        "forward-softmax",
        Text(
            zh="用 exp 和 sum 写出向量 a (K,) 的 softmax。",
            en="Write the softmax of a vector a (K,) with exp and sum.",
        ),
        {"a": ("K",)},
        "exp(a) / sum(exp(a))",
        Text(
            zh="指数保证为正，除以总和保证和为 1。程序里先减去最大值，商不变。",
            en="exp makes it positive, the division makes it sum to 1. Code subtracts the maximum first; the quotient stays.",
        ),
        (
            (
                "a / sum(a)",
                Text(zh="没有取指数：可能为负，分母可能为 0。", en="No exp: it can be negative, and the sum can be 0."),
            ),
            ("exp(a) / exp(sum(a))", Text(zh="先取指数再求和，不是反过来。", en="exp first, then the sum.")),
            ("exp(a / sum(a))", Text(zh="除法在指数外面。", en="The division stands outside exp.")),
            ("exp(a) / norm(exp(a))", Text(zh="除以的是和，不是 2-范数。", en="Divide by the sum, not by the 2-norm.")),
        ),
        without=("softmax",),
    ),
    NumberDrill(
        "forward-one-step",
        Text(
            zh="D = H = 1：x = {x}，h = {h}，w = {w}，u = {u}，b = {b}。tanh(x w + h u + b) 等于多少？（误差 3% 以内）",
            en="D = H = 1: x = {x}, h = {h}, w = {w}, u = {u}, b = {b}. What is tanh(x w + h u + b)? (within 3%)",
        ),
        _draw_scalar,
        _scalar_step,
        Text(
            zh="先求和再取 tanh，得 {answer:.4f}。心算参照：tanh(0.5) ≈ 0.46，tanh(1) ≈ 0.76，a 很小时 tanh(a) ≈ a。",
            en="Sum, then tanh: {answer:.4f}. Worth knowing by heart: tanh(0.5) ≈ 0.46, tanh(1) ≈ 0.76, and tanh(a) ≈ a for small a.",
        ),
        tolerance=0.03,
    ),
    NumberDrill(
        "forward-two-classes",
        Text(
            zh="两个类的分数是 {a} 和 {b}。softmax 给第一类的概率是多少？（误差 2% 以内）",
            en="Two classes have the scores {a} and {b}. What probability does softmax give the first? (within 2%)",
        ),
        _draw_two_classes,
        _first_probability,
        Text(
            zh="只看分数之差：1 / (1 + exp({b} - ({a}))) = {answer:.4f}。两类的 softmax 就是 sigmoid。",
            en="Only the difference counts: 1 / (1 + exp({b} - ({a}))) = {answer:.4f}. With two classes softmax is the sigmoid.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "forward-parameters",
        Text(
            zh="带输出层的 RNN：D = {D}，H = {H}，K = {K} 类，隐藏层一个偏置。共有多少个参数？",
            en="An RNN with its output layer: D = {D}, H = {H}, K = {K} classes, one hidden bias. How many parameters?",
        ),
        _draw_net,
        _net_parameters,
        Text(
            zh="{D}×{H} + {H}×{H} + {H} + {H}×{K} + {K} = {answer:.0f}。",
            en="{D}×{H} + {H}×{H} + {H} + {H}×{K} + {K} = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "forward-loss",
        Text(
            zh="正确类的概率是 {p}。这一步的交叉熵（自然对数）是多少？（误差 2% 以内）",
            en="The right class got probability {p}. What is this step's cross-entropy (natural logarithm)? (within 2%)",
        ),
        _draw_loss,
        _cross_entropy,
        Text(zh="-ln {p} = {answer:.4f}。", en="-ln {p} = {answer:.4f}."),
        tolerance=0.02,
    ),
)

QUESTION = Question(
    id="rnn-forward",
    section="1.3",
    title=Text(zh="RNN 怎样从输入走到输出", en="From input to output in an RNN"),
    ask=Text(
        zh="写出 RNN 的前向公式，并说明两处激活函数各用什么、为什么。",
        en="Write the forward equations of an RNN. Which activation stands in each of the two places, and why?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="隐藏层为什么不用 ReLU？", en="Why not ReLU in the hidden layer?"),
            Text(
                zh='可以用，但要小心：它无界，循环矩阵的谱半径略大于 1，状态就可能逐步爆炸；tanh 至少把状态压在 (-1, 1)。Le 等（2015）用单位阵初始化 U 才把 ReLU 的 RNN 训好。PyTorch 里是 nonlinearity="relu"，cuDNN 也有对应的模式。',
                en='It can be used, with care: it has no bound, so once the recurrent matrix has a spectral radius slightly above 1 the states can grow step by step, where tanh at least keeps them inside (-1, 1). Le et al. (2015) made ReLU RNNs train by starting U at the identity. In PyTorch it is nonlinearity="relu", and cuDNN has a mode for it.',
            ),
        ),
        FollowUp(
            Text(
                zh="softmax 与交叉熵合在一起，梯度是什么？",
                en="What is the gradient of softmax and cross-entropy together?",
            ),
            Text(
                zh="对分数 s 的梯度是 y 减目标的 one-hot：dL/ds = softmax(s) - e_target。softmax 的雅可比与 -1/y 相消，既简单又稳定，所以框架里把两者合成一个函数，直接收分数。",
                en="At the scores s it is y minus the target's one-hot: dL/ds = softmax(s) - e_target. Softmax's Jacobian cancels against -1/y, which is simple and stable; that is why frameworks take both as one function of the scores.",
            ),
        ),
        FollowUp(
            Text(
                zh="softmax 怎样避免溢出？",
                en="How do you keep softmax from overflowing?",
            ),
            Text(
                zh="先减去最大值：分子分母同除以 exp(max)，商不变，而指数的自变量都不大于 0。要对数概率时直接算 s - max - log Σ exp(s - max)，不要先 softmax 再取对数。",
                en="Subtract the maximum first: numerator and denominator are divided by exp(max), the quotient stays, and exp sees nothing above 0. For log-probabilities compute s - max - log Σ exp(s - max) directly rather than the log of a softmax.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="两行：一行更新状态，一行读出结果。", en="Two lines: one updates the state, one reads a result from it."
        ),
        Text(
            zh="状态要有界、可正可负、梯度走得远；概率要非负、和为 1。各是哪个函数？",
            en="A state should be bounded, of either sign, and let gradients pass; probabilities are non-negative and sum to 1. Which function is which?",
        ),
        Text(
            zh="h = tanh(x W + h U + b)；y = softmax(h V + c)。",
            en="h = tanh(x W + h U + b); y = softmax(h V + c).",
        ),
    ),
    drills=DRILLS,
    tasks=("softmax", "rnn-forward", "rnn-output"),
    experiment="rnn_forward",
    sources=(
        Source("J. L. Elman", 1990, "Finding Structure in Time", "doi:10.1207/s15516709cog1402_1"),
        Source(
            "I. Goodfellow, Y. Bengio, A. Courville",
            2016,
            "Deep Learning",
            "https://www.deeplearningbook.org/",
            "chapter 10.2",
        ),
        Source(
            "Q. V. Le, N. Jaitly, G. E. Hinton",
            2015,
            "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
            "arXiv:1504.00941",
        ),
    ),
    tags=("rnn", "forward"),
)
