"""The softmax in floating point."""

from answers.model import (
    ChoiceDrill,
    FollowUp,
    FormulaDrill,
    KeyPoint,
    NumberDrill,
    OrderDrill,
    Question,
    Source,
    Text,
    TrueFalseDrill,
)


def _online(a, b, c, d):
    from math import exp

    top = max(a, b, c, d)
    return sum(exp(x - top) for x in (a, b, c, d))


QUESTION = Question(
    id="softmax-numerics",
    section="A.9",
    title=Text(zh="softmax 的数值问题", en="Softmax in floating point"),
    ask=Text(
        zh="softmax 怎样才不溢出？能不能一遍扫描、分块计算？",
        en="How is a softmax kept from overflowing? Can it be done in one pass, block by block?",
    ),
    notes=(),
    spoken=Text(
        zh="直接取指数，float32 在八十九左右就溢出成无穷，float16 在十一点一左右，无穷除以无穷是 NaN。给所有分数减去同一个数，结果不变，所以先减最大值：最大的指数是一，分母至少是一，小的下溢成零也无妨。要取对数就直接用 log-softmax，不要先算概率再取对数。分块时边扫边记当前最大值和分母：遇到更大的最大值，就把旧的分母乘上 e 的旧最大减新最大次方。这叫在线 softmax，是 FlashAttention 的核心，结果精确而不是近似。",
        en="Exponentials taken as they are overflow to infinity at about 89 in float32 and at about 11.1 in float16, and infinity over infinity is NaN. Subtracting one number from all scores changes nothing, so the maximum is subtracted first: the largest exponential is one, the denominator at least one, and it does no harm if small ones underflow to zero. Where a logarithm is wanted, compute log-softmax directly instead of the log of a probability. In blocks, keep a running maximum and denominator: when a larger maximum comes, the old denominator is multiplied by e to old minus new. That online softmax is the heart of FlashAttention, and it is exact.",
    ),
    whiteboard=Text(
        zh="""\
平移不变：

    softmax(s) = softmax(s - m)，m = max s
    log softmax(s) = (s - m) - log Σ exp(s - m)

上溢的界：float16 约 11.09，float32 约 88.7，float64 约 709.8。

在线更新，新分数 s：

    m' = max(m, s)
    l' = l · exp(m - m') + exp(s - m')
    y' = (y · l · exp(m - m') + exp(s - m') v) / l'

- 减最大值之后分母在 1 与 N 之间，不会上溢，也不会除以 0。
- log(softmax) 在概率下溢时得 -inf；log-softmax 不会。
- 在线更新是精确的，不是近似。""",
        en="""\
A shift changes nothing:

    softmax(s) = softmax(s - m), m = max s
    log softmax(s) = (s - m) - log Σ exp(s - m)

Overflow begins near 11.09 in float16, 88.7 in float32, 709.8 in float64.

Online, for a new score s:

    m' = max(m, s)
    l' = l · exp(m - m') + exp(s - m')
    y' = (y · l · exp(m - m') + exp(s - m') v) / l'

- With the maximum subtracted the denominator is in 1 .. N: no overflow, no division by 0.
- log(softmax) is -inf where the probability underflows; log-softmax is not.
- The online update is exact, no approximation.""",
    ),
    key_points=(
        KeyPoint(
            "overflow",
            Text(zh="指数会溢出，inf / inf 得 NaN", en="Exponentials overflow; inf / inf is NaN"),
            (r"溢出", r"overflow"),
        ),
        KeyPoint(
            "shift",
            Text(zh="减去最大值，结果不变", en="Subtracting the maximum changes nothing"),
            (r"减(去)?最大值", r"maximum (is )?subtracted|subtract(ing)? the maximum"),
        ),
        KeyPoint("log", Text(zh="要对数就用 log-softmax", en="For logarithms use log-softmax"), (r"log[- ]?softmax",)),
        KeyPoint(
            "online",
            Text(
                zh="在线 softmax：记最大值与分母，分块精确计算",
                en="Online softmax: running maximum and denominator, exact in blocks",
            ),
            (r"在线|分块", r"online|running maximum"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(
                zh="交叉熵为什么要接 logits 而不是概率？",
                en="Why does a cross-entropy take logits rather than probabilities?",
            ),
            Text(
                zh="对数与指数合在一起可以精确算：s_y - logsumexp(s)。先算概率，小概率下溢成 0，取对数是 -inf，梯度成 NaN。",
                en="Logarithm and exponential together can be computed exactly: s_y - logsumexp(s). A small probability underflows to 0, its logarithm is -inf and the gradient NaN.",
            ),
        ),
    ),
    hints=(
        Text(zh="exp(1000) 是多少？", en="What is exp(1000)?"),
        Text(zh="分子分母同乘一个数。", en="Multiply numerator and denominator by one number."),
        Text(zh="softmax(s) = exp(s - max) / Σ exp(s - max)。", en="softmax(s) = exp(s - max) / Σ exp(s - max)."),
    ),
    drills=(
        FormulaDrill(
            "softmax-numerics-log",
            Text(
                zh="s (N,) 是分数，m (N,) 每个元素都是最大值。用 s 与 m 写出 log-softmax，使它不会上溢。",
                en="s (N,) are scores, m (N,) holds the maximum in every element. Write log-softmax with s and m so that it cannot overflow.",
            ),
            {"s": ("N",), "m": ("N",)},
            "s - m - log(sum(exp(s - m)))",
            Text(zh="平移之后再取对数和。", en="Shifted first, then the log of the sum."),
            (
                (
                    "exp(s - m) / sum(exp(s - m))",
                    Text(
                        zh="这是概率本身，要的是它的对数。", en="That is the probability; its logarithm is asked for."
                    ),
                ),
                (
                    "s - log(sum(exp(s - m)))",
                    Text(zh="第一项也要减 m。", en="m is subtracted from the first term too."),
                ),
            ),
        ),
        NumberDrill(
            "softmax-numerics-denominator",
            Text(
                zh="分数 {a}、{b}、{c}、{d}。减去最大值之后，softmax 的分母是多少？（误差 1% 以内）",
                en="Scores {a}, {b}, {c}, {d}. With the maximum subtracted, what is the softmax's denominator? (within 1%)",
            ),
            lambda random: dict(zip("abcd", (random.randint(-3, 3) + 100 for _ in range(4)), strict=True)),
            _online,
            Text(
                zh="最大的一项是 1，其余是 e 的零次或负整数次方：{answer:.4g}。",
                en="The largest term is 1, the others e to zero or a negative integer: {answer:.4g}.",
            ),
            tolerance=0.01,
        ),
        OrderDrill(
            "softmax-numerics-online",
            Text(
                zh="在线 softmax 遇到一个新分数，按先后排好。",
                en="Online softmax meets a new score: put the steps in order.",
            ),
            (
                Text(zh="新最大值 = max(旧最大值, 分数)", en="new maximum = max(old maximum, score)"),
                Text(zh="旧分母乘 exp(旧最大值 - 新最大值)", en="old denominator times exp(old maximum - new maximum)"),
                Text(zh="加上 exp(分数 - 新最大值)", en="add exp(score - new maximum)"),
                Text(zh="新最大值成为旧最大值", en="the new maximum becomes the old one"),
            ),
            Text(
                zh="先知道新最大值，才能换算旧分母。",
                en="The old denominator is converted once the new maximum is known.",
            ),
        ),
        TrueFalseDrill(
            "softmax-numerics-exact",
            Text(zh="在线（分块）softmax 是近似算法。", en="The online, blockwise softmax is an approximation."),
            False,
            Text(zh="代数上恒等，只差舍入。", en="It is algebraically the same, up to rounding."),
        ),
        ChoiceDrill(
            "softmax-numerics-limit",
            Text(zh="float16 里，exp 从多大开始上溢？", en="From where on does exp overflow in float16?"),
            (
                Text(zh="约 11.1", en="about 11.1"),
                Text(zh="约 88.7", en="about 88.7"),
                Text(zh="约 709.8", en="about 709.8"),
            ),
            0,
            Text(zh="float16 最大 65504，ln 65504 ≈ 11.09。", en="float16 ends at 65 504, and ln 65 504 ≈ 11.09."),
        ),
    ),
    tasks=(),
    experiment="softmax_numerics",
    sources=(
        Source(
            "P. Blanchard, D. J. Higham, N. J. Higham",
            2021,
            "Accurately Computing the Log-Sum-Exp and Softmax Functions",
            "doi:10.1093/imanum/draa038",
        ),
        Source("M. Milakov, N. Gimelshein", 2018, "Online Normalizer Calculation for Softmax", "arXiv:1805.02867"),
    ),
    tags=("attention", "numerics"),
)
