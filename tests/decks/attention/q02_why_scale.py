"""Why the scores are divided by √d."""

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
    return {"d": random.choice((16, 36, 49, 64, 81, 100, 144, 256)), "s": random.choice((1, 2, 3))}


QUESTION = Question(
    id="why-scale",
    section="A.2",
    title=Text(zh="为什么除以 √d", en="Why divide by √d"),
    ask=Text(
        zh="点积注意力为什么要除以 √d？不除会怎样？",
        en="Why is dot-product attention divided by √d? What happens without?",
    ),
    notes=(
        NotesClaim(
            "scaling-is-for-overflow",
            Text(zh="除以 √d 是为了防止 exp 溢出。", en="The division by √d keeps exp from overflowing."),
            NotesVerdict.WRONG,
            Text(
                zh="溢出由减去最大值解决。√d 管的是方差：不除，分数的标准差是 √d，softmax 饱和，梯度消失。",
                en="Subtracting the maximum deals with overflow. √d is about variance: without it the scores' standard deviation is √d, the softmax saturates and its gradient vanishes.",
            ),
            Text(
                zh="面试官想听方差的推导，和它对梯度的后果。",
                en="The interviewer waits for the variance argument and what follows for the gradient.",
            ),
            ("unscaled-saturates", "unscaled-gradient-vanishes", "shift-cures-overflow"),
        ),
    ),
    spoken=Text(
        zh="设查询和键的每个分量独立、均值零、方差一，那么点积是 d 个方差为一的项之和，方差是 d，标准差是根号 d。d 等于 512 时分数动辄二十多，softmax 几乎是独热的，它的雅可比接近零，梯度传不回去，训练一开始就卡住。除以根号 d，分数的方差回到一，和维度无关，softmax 有区分又不饱和。除以 d 则矫枉过正，权重接近均匀。它和防溢出是两回事，防溢出靠减最大值。",
        en="Let the components of query and key be independent with mean zero and variance one. The inner product is then a sum of d terms of variance one: its variance is d, its standard deviation root d. At d of 512 scores of twenty are common, the softmax is nearly one-hot, its Jacobian is nearly zero, and no gradient comes back, so training is stuck from the start. Divided by root d the scores have variance one whatever the dimension. Divided by d they would be almost equal and the weights almost uniform. Overflow is another matter: for that one subtracts the maximum.",
    ),
    whiteboard=Text(
        zh="""\
设 q_i、k_i 独立，均值 0，方差 1：

    q · k = Σ_i q_i k_i
    Var(q_i k_i) = E[q_i²] E[k_i²] = 1
    Var(q · k) = d           标准差 √d

softmax 的雅可比：

    ∂a/∂s = diag(a) - a aᵀ   a 接近独热时趋于 0

- 不除：d 大则 softmax 饱和，梯度消失。
- 除以 √d：方差为 1，与 d 无关。
- 除以 d：方差 1/d，权重趋于均匀。
- 溢出是另一个问题：减去每行最大值，结果不变。""",
        en="""\
Let q_i and k_i be independent, mean 0, variance 1:

    q · k = Σ_i q_i k_i
    Var(q_i k_i) = E[q_i²] E[k_i²] = 1
    Var(q · k) = d           standard deviation √d

The softmax's Jacobian:

    ∂a/∂s = diag(a) - a aᵀ   goes to 0 as a becomes one-hot

- Undivided: for large d the softmax saturates, the gradient vanishes.
- Over √d: variance 1, whatever d is.
- Over d: variance 1/d, the weights become uniform.
- Overflow is another matter: subtract each row's maximum, nothing changes.""",
    ),
    key_points=(
        KeyPoint(
            "variance",
            Text(zh="点积的方差是 d", en="The product's variance is d"),
            (r"方差.{0,6}(是|为|=) ?d", r"variance.{0,4}(is|of|=) d", r"Var\(q"),
        ),
        KeyPoint(
            "saturates",
            Text(zh="分数大时 softmax 饱和，接近独热", en="Large scores saturate the softmax"),
            (r"饱和|独热", r"saturat|one-hot"),
        ),
        KeyPoint(
            "gradient",
            Text(zh="饱和处梯度接近 0", en="There its gradient is near 0"),
            (r"梯度(消失|传不回|接近)", r"gradient (vanish|is near)|no gradient"),
        ),
        KeyPoint(
            "unit",
            Text(zh="除以 √d 后方差为 1，与 d 无关", en="Over √d the variance is 1, whatever d is"),
            (r"方差.{0,4}(回到一|为 ?1)|与(维度|d) ?无关", r"variance (one|1),? whatever"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="如果用层归一化把 q、k 归一，还要除吗？", en="If q and k are normalised, is it still needed?"),
            Text(
                zh="QK 归一化后点积是余弦，在 [-1, 1] 内，太小而不是太大，要乘一个可学的温度；这时它代替了 √d。",
                en="Normalised, the product is a cosine in [-1, 1]: too small rather than too large, so a learned temperature multiplies it and takes the place of √d.",
            ),
        ),
    ),
    hints=(
        Text(zh="随机向量的点积有多大？", en="How large is the product of two random vectors?"),
        Text(zh="d 个独立项之和的方差。", en="The variance of a sum of d independent terms."),
        Text(zh="Var(q · k) = d，所以除以 √d。", en="Var(q · k) = d, hence √d."),
    ),
    drills=(
        NumberDrill(
            "why-scale-deviation",
            Text(
                zh="q、k 各 {d} 维，分量独立，均值 0，方差 1。q · k 的标准差是多少？（误差 1% 以内）",
                en="q and k have {d} independent components of mean 0 and variance 1. What is the standard deviation of q · k? (within 1%)",
            ),
            _draw,
            lambda d, s: d**0.5,
            Text(zh="√{d} = {answer:.4g}。", en="√{d} = {answer:.4g}."),
            tolerance=0.01,
        ),
        NumberDrill(
            "why-scale-larger",
            Text(
                zh="q、k 各 {d} 维，分量独立，均值 0，标准差都是 {s}。q · k 的方差是多少？",
                en="q and k have {d} independent components of mean 0 and standard deviation {s}. What is the variance of q · k?",
            ),
            _draw,
            lambda d, s: d * s**4,
            Text(
                zh="每项方差 {s}² × {s}²，共 {d} 项：{answer:.0f}。",
                en="Each of {d} terms has variance {s}² × {s}²: {answer:.0f}.",
            ),
        ),
        TrueFalseDrill(
            "why-scale-overflow",
            Text(
                zh="除以 √d 主要是为了防止 exp 溢出。",
                en="Dividing by √d is mainly there to keep exp from overflowing.",
            ),
            False,
            Text(
                zh="防溢出靠减最大值；√d 防的是饱和。", en="The subtracted maximum does that; √d is against saturation."
            ),
        ),
        ChoiceDrill(
            "why-scale-by-d",
            Text(
                zh="若改为除以 d，训练开始时注意力权重会怎样？",
                en="Divided by d instead, what are the weights like at the start?",
            ),
            (
                Text(zh="接近均匀", en="nearly uniform"),
                Text(zh="接近独热", en="nearly one-hot"),
                Text(zh="可能为负", en="possibly negative"),
            ),
            0,
            Text(zh="方差是 1/d，分数几乎相等。", en="With a variance of 1/d all scores are almost equal."),
        ),
    ),
    tasks=(),
    experiment="why_scale",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "section 3.2.1, footnote 4"),
    ),
    tags=("attention", "numerics"),
)
