"""Several heads."""

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
    h = random.choice((2, 4, 8, 12, 16))
    return {"h": h, "d": h * random.choice((16, 32, 64))}


QUESTION = Question(
    id="multi-head",
    section="A.4",
    title=Text(zh="多头注意力", en="Multi-head attention"),
    ask=Text(
        zh="为什么要多个头？头数加倍，参数会加倍吗？",
        en="Why several heads? Does twice the heads mean twice the parameters?",
    ),
    notes=(
        NotesClaim(
            "heads-cost-parameters",
            Text(zh="头越多，参数越多。", en="More heads mean more parameters."),
            NotesVerdict.WRONG,
            Text(
                zh="通常每头维度是 d / h，四个投影仍是 d × d，参数 4d²，与 h 无关；变的是每头能用的维度。",
                en="Each head usually has d / h dimensions, the four projections stay d × d: 4d² parameters whatever h is. What changes is the width of a head.",
            ),
            Text(
                zh="数参数是面试常问，这里最容易想当然。",
                en="Counting parameters is often asked, and this is where intuition slips.",
            ),
            ("parameters-free-of-heads",),
        ),
    ),
    spoken=Text(
        zh="一个头在每个位置只有一组权重，输出是值的一个加权平均，想同时取出两个不同位置的内容，只能把它们混在一起。多个头各有自己的投影，在不同的子空间里各看各的：一个看上一个词，一个看主语。做法是把 d 维切成 h 份，每份单独做注意力，拼起来再乘输出矩阵。因为每头只有 d 除以 h 维，总参数还是 4d 方，计算量也基本不变。拼接再乘 W_O，等于每个头乘自己那块再相加。实践中许多头可以剪掉。",
        en="At each position one head has one set of weights, so its output is a single weighted average: to fetch two different places it can only blend them. Several heads have their own projections and look in different subspaces, one at the previous word, one at the subject. The d dimensions are cut into h parts, each part attends by itself, the results are concatenated and multiplied by an output matrix. As each head has only d over h dimensions, there are 4 d squared parameters in any case, and the work is about the same. Concatenating and multiplying equals summing each head through its own block. Many heads can be pruned in practice.",
    ),
    whiteboard=Text(
        zh="""\
h 个头，每头 d_h = d / h 维：

    Y_i = attend(X W_Q^i, X W_K^i, X W_V^i)      (T, d_h)
    Y = [Y_1 ... Y_h] W_O = Σ_i Y_i W_O^i        (T, d)

- 参数：W_Q、W_K、W_V、W_O 各 d × d，共 4d²，与 h 无关。
- 分数多了一轴：(h, T, T)，h 张注意力图。
- 一个头只能给出一个凸组合；两个头可以原样取出两个位置。
- 每头维度太小则分数的秩不够：Q Kᵀ 的秩不超过 d_h。""",
        en="""\
h heads of d_h = d / h dimensions each:

    Y_i = attend(X W_Q^i, X W_K^i, X W_V^i)      (T, d_h)
    Y = [Y_1 ... Y_h] W_O = Σ_i Y_i W_O^i        (T, d)

- Parameters: W_Q, W_K, W_V, W_O of d × d each, 4d² whatever h is.
- Scores gain an axis: (h, T, T), h maps of attention.
- One head gives one convex combination; two heads fetch two places as they are.
- With too few dimensions a head's scores lack rank: Q Kᵀ has rank d_h at most.""",
    ),
    key_points=(
        KeyPoint(
            "one-average",
            Text(zh="单头只有一个加权平均，会把位置混在一起", en="One head is one average and blends places"),
            (r"一个(加权平均|凸组合)|混在一起", r"single weighted average|one (average|convex)|blend"),
        ),
        KeyPoint(
            "subspaces",
            Text(zh="各头有自己的投影，看不同的子空间", en="Heads have projections of their own: different subspaces"),
            (r"子空间|自己的投影", r"subspace|own projections"),
        ),
        KeyPoint(
            "concatenate",
            Text(zh="拼接后乘 W_O，即各头之和", en="Concatenated and multiplied by W_O: a sum over heads"),
            (r"拼(接|起来)", r"concatenat"),
        ),
        KeyPoint(
            "same-size",
            Text(zh="每头 d / h 维，参数 4d² 与头数无关", en="d / h dimensions a head: 4d² parameters in any case"),
            (r"4 ?d ?(²|方|\^2)|与 ?h ?无关", r"4 ?d ?(²|squared)|whatever h is"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(
                zh="多查询注意力（MQA）和分组查询注意力（GQA）是什么？",
                en="What are multi-query and grouped-query attention?",
            ),
            Text(
                zh="多个查询头共用一组（MQA）或几组（GQA）键和值。参数略少，主要是 KV 缓存按比例缩小，解码更快（Shazeer 2019；Ainslie 等 2023）。",
                en="Several query heads share one set (MQA) or a few sets (GQA) of keys and values: slightly fewer parameters, and above all a smaller KV cache and faster decoding (Shazeer 2019; Ainslie et al. 2023).",
            ),
        ),
    ),
    hints=(
        Text(zh="一个加权平均能不能同时保留两样东西？", en="Can one weighted average keep two things apart?"),
        Text(zh="切成几份各看各的，再拼起来。", en="Cut it up, let each part look for itself, and concatenate."),
        Text(zh="[Y_1 ... Y_h] W_O，d_h = d / h，参数 4d²。", en="[Y_1 ... Y_h] W_O, d_h = d / h, 4d² parameters."),
    ),
    drills=(
        NumberDrill(
            "multi-head-parameters",
            Text(
                zh="d = {d}，{h} 个头，无偏置。W_Q、W_K、W_V、W_O 共多少个参数？",
                en="d = {d}, {h} heads, no biases. How many parameters do W_Q, W_K, W_V and W_O have together?",
            ),
            _draw,
            lambda h, d: 4 * d * d,
            Text(
                zh="4 × {d}² = {answer:.0f}，与 {h} 个头无关。",
                en="4 × {d}² = {answer:.0f}; the {h} heads play no part.",
            ),
        ),
        NumberDrill(
            "multi-head-rank",
            Text(
                zh="d = {d}，{h} 个头，序列很长。一个头的分数矩阵 Q Kᵀ 的秩最多是多少？",
                en="d = {d}, {h} heads, a long sequence. What is the largest possible rank of one head's scores Q Kᵀ?",
            ),
            _draw,
            lambda h, d: d // h,
            Text(
                zh="每头 {d} / {h} = {answer:.0f} 维，秩不超过它。",
                en="A head has {d} / {h} = {answer:.0f} dimensions, and the rank is at most that.",
            ),
        ),
        TrueFalseDrill(
            "multi-head-sum",
            Text(
                zh="把各头拼接后乘 W_O，等于每个头乘 W_O 的一块再相加。",
                en="Concatenating the heads and multiplying by W_O equals summing each head times its block of W_O.",
            ),
            True,
            Text(zh="分块矩阵乘法。", en="It is a block matrix product."),
        ),
        ChoiceDrill(
            "multi-head-more",
            Text(zh="d 不变，头数从 8 改为 16。什么会变？", en="With d fixed, 8 heads become 16. What changes?"),
            (
                Text(zh="每头的维度减半", en="each head has half the dimensions"),
                Text(zh="参数量翻倍", en="twice as many parameters"),
                Text(zh="输出的维度翻倍", en="twice the output's dimension"),
            ),
            0,
            Text(zh="d_h = d / h；参数与输出形状都不变。", en="d_h = d / h; parameters and output shape stay."),
        ),
    ),
    tasks=(),
    experiment="multi_head",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "section 3.2.2"),
        Source("P. Michel, O. Levy, G. Neubig", 2019, "Are Sixteen Heads Really Better than One?", "arXiv:1905.10650"),
    ),
    tags=("attention", "heads"),
)
