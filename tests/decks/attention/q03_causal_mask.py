"""The causal mask: where it goes, and what it makes possible."""

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

QUESTION = Question(
    id="causal-mask",
    section="A.3",
    title=Text(zh="因果掩码", en="The causal mask"),
    ask=Text(zh="解码器的掩码加在哪里？为什么是 -inf？", en="Where does the decoder's mask go, and why is it -inf?"),
    notes=(
        NotesClaim(
            "mask-the-weights",
            Text(
                zh="做完 softmax 再把未来的权重清零就行。",
                en="It is enough to zero the future's weights after the softmax.",
            ),
            NotesVerdict.WRONG,
            Text(
                zh="剩下的权重和小于 1，而且分母里已经有未来的分数：改动未来，过去的输出也变了，信息泄漏。",
                en="What is left sums to less than 1, and the denominator holds the future's scores: change the future and past outputs change, so information leaks.",
            ),
            Text(
                zh="这是手写注意力时最常见的错误之一。", en="It is among the commonest bugs in hand-written attention."
            ),
            ("zeroed-rows-fall-short", "zeroing-leaks"),
        ),
    ),
    spoken=Text(
        zh="自回归模型预测下一个词时不能看见未来，所以位置 i 只能关注不超过 i 的位置。做法是在 softmax 之前，把分数矩阵对角线以上的元素加上负无穷，取指数后正好是零，归一化只在看得见的位置上进行。如果在 softmax 之后才清零，每行的和就不是一，分母里还混着未来的分数，会泄漏。有了掩码，一次前向就能得到 T 个位置各自的预测，训练可以并行，等于同时做了 T 个前缀。要小心整行都被遮住，负无穷减负无穷会得到 NaN。",
        en="When it predicts the next token, an autoregressive model must not see the future, so position i may attend only to positions up to i. Before the softmax, minus infinity is added to the scores above the diagonal; its exponential is exactly zero and the normalisation runs over what is visible. Zeroing after the softmax leaves rows that do not sum to one, with the future's scores in the denominator: a leak. With the mask, one forward pass gives the predictions at all T positions, so training is parallel, as if T prefixes were run at once. Beware of rows that are masked entirely: they give NaN.",
    ),
    whiteboard=Text(
        zh="""\
掩码 M (T, T)，下三角（含对角线）为 0，其上为 -inf：

    A = softmax(Q Kᵀ / √d + M)
    exp(-inf) = 0            看不见的位置权重恰好为 0

    T = 4：
    0  -inf -inf -inf
    0   0   -inf -inf
    0   0    0   -inf
    0   0    0    0

- 看得见的位置对共 T(T + 1) / 2 个。
- 一次前向等于 T 个前缀各跑一遍，训练因此并行。
- 必须在 softmax 之前：之后清零，行和小于 1，分母泄漏未来。
- 整行被遮住时是 0 / 0，得 NaN：填充掩码要留意。""",
        en="""\
Mask M (T, T), 0 on and below the diagonal, -inf above:

    A = softmax(Q Kᵀ / √d + M)
    exp(-inf) = 0            what is not seen weighs exactly 0

    T = 4:
    0  -inf -inf -inf
    0   0   -inf -inf
    0   0    0   -inf
    0   0    0    0

- T(T + 1) / 2 pairs of positions are visible.
- One forward pass equals T prefixes run one by one: training is parallel.
- Before the softmax: zeroed after it, rows sum to less than 1 and the denominator leaks the future.
- A row masked entirely is 0 / 0, NaN: mind padding masks.""",
    ),
    key_points=(
        KeyPoint(
            "no-future",
            Text(zh="位置 i 只看不超过 i 的位置", en="Position i sees positions up to i only"),
            (r"看不?见未来|不能看见未来|不超过 ?i|下三角", r"not see the future|positions up to|triang"),
        ),
        KeyPoint(
            "before-softmax",
            Text(zh="在 softmax 之前加 -inf", en="-inf is added before the softmax"),
            (r"softmax ?之前", r"before the softmax"),
        ),
        KeyPoint(
            "exact-zero",
            Text(zh="exp(-inf) 恰好为 0，归一化只在可见处", en="exp(-inf) is exactly 0; what is visible is normalised"),
            (r"(恰好|正好)(是|为)?(零| ?0)|exp\(-inf\)", r"exactly (zero|0)|exp\(-inf\)"),
        ),
        KeyPoint(
            "parallel-training",
            Text(
                zh="一次前向得到全部位置的预测，训练并行",
                en="One pass predicts at every position: training is parallel",
            ),
            (r"并行|一次前向", r"parallel|one forward pass"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="为什么不用 -1e9 代替 -inf？", en="Why not -1e9 in the place of -inf?"),
            Text(
                zh="float32 里可以；float16 最大 65504，-1e9 会变成 -inf 或报错。整行被遮时 -1e9 给出均匀权重而不是 NaN，错误更隐蔽。",
                en="It works in float32; float16 ends at 65 504, so -1e9 becomes -inf or an error. On a fully masked row -1e9 gives uniform weights instead of NaN, which hides the mistake.",
            ),
        ),
        FollowUp(
            Text(zh="RNN 需要因果掩码吗？", en="Does an RNN need a causal mask?"),
            Text(
                zh="不需要，单向递推本来就只看过去；代价是不能并行。",
                en="No: a one-way recurrence sees the past alone anyway, and pays by not being parallel.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="训练时未来就在输入里，怎么不让它看见？",
            en="In training the future stands in the input: how is it hidden?",
        ),
        Text(zh="让它的指数恰好为零。", en="Make its exponential exactly zero."),
        Text(zh="softmax(Q Kᵀ / √d + M)，M 上三角为 -inf。", en="softmax(Q Kᵀ / √d + M) with -inf above M's diagonal."),
    ),
    drills=(
        NumberDrill(
            "causal-mask-pairs",
            Text(
                zh="序列长 {T}，因果掩码下有多少个（查询，键）对可见？",
                en="With a causal mask on length {T}, how many (query, key) pairs are visible?",
            ),
            lambda random: {"T": random.randint(4, 200)},
            lambda T: T * (T + 1) // 2,
            Text(zh="{T} × ({T} + 1) / 2 = {answer:.0f}。", en="{T} × ({T} + 1) / 2 = {answer:.0f}."),
        ),
        NumberDrill(
            "causal-mask-uniform",
            Text(
                zh="所有分数都相等，因果掩码，序列长 {T}。第 {t} 个位置（从 1 数）给第一个位置的权重是多少？（误差 1% 以内）",
                en="All scores are equal, causal mask, length {T}. What weight does position {t} (counted from 1) give to the first? (within 1%)",
            ),
            lambda random: {"T": random.randint(20, 60), "t": random.randint(2, 19)},
            lambda T, t: 1 / t,
            Text(
                zh="只在可见的 {t} 个位置上平分：1/{t} = {answer:.4g}。",
                en="Shared over the {t} visible positions: 1/{t} = {answer:.4g}.",
            ),
            tolerance=0.01,
        ),
        TrueFalseDrill(
            "causal-mask-last",
            Text(
                zh="因果掩码不改变最后一个位置的输出（单层）。",
                en="In one layer, the causal mask does not change the last position's output.",
            ),
            True,
            Text(zh="最后一个位置本来就看得见全部。", en="The last position sees everything anyway."),
        ),
        ChoiceDrill(
            "causal-mask-place",
            Text(zh="掩码应该加在哪里？", en="Where does the mask go?"),
            (
                Text(zh="加在 softmax 之前的分数上", en="onto the scores, before the softmax"),
                Text(zh="乘在 softmax 之后的权重上", en="times the weights, after the softmax"),
                Text(zh="乘在值 V 上", en="times the values V"),
            ),
            0,
            Text(zh="只有这样归一化才不含未来。", en="Only so does the normalisation leave the future out."),
        ),
    ),
    tasks=(),
    experiment="causal_mask",
    sources=(Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "section 3.2.3"),),
    tags=("attention", "decoder"),
)
