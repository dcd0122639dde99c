"""What scaled dot-product attention computes."""

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
    formula,
)


def _draw(random):
    return {"T": random.randint(2, 60), "N": random.randint(2, 80), "D": random.choice((16, 32, 64))}


QUESTION = Question(
    id="scaled-dot-product",
    section="A.1",
    title=Text(zh="缩放点积注意力", en="Scaled dot-product attention"),
    ask=Text(
        zh="写出缩放点积注意力的公式，并解释 Q、K、V 各是什么。",
        en="Write down scaled dot-product attention, and tell me what Q, K and V are.",
    ),
    notes=(),
    spoken=Text(
        zh="注意力是一次可微的查表。每个查询和所有的键做点积，得到相似度分数，除以根号 d，沿键的方向做 softmax，得到和为一的权重，再用它对值加权求和。所以输出总是值的凸组合。查询、键、值都是输入乘各自矩阵的线性投影：键决定怎样被找到，值决定找到之后给出什么，两者分开，检索和内容才互不牵制。整个计算只有两次矩阵乘法和一次 softmax，没有循环，所有位置可以同时算。",
        en="Attention is a differentiable lookup. Each query takes inner products with all keys, which gives similarity scores; they are divided by root d and go through a softmax over the keys, which gives weights that sum to one; the output is the weighted sum of the values, hence always a convex combination of them. Queries, keys and values are linear projections of the input: a key says how an entry is found, a value says what it gives when found. It is two matrix products and a softmax, without a loop, so all positions are computed at once.",
    ),
    whiteboard=Text(
        zh="""\
查询 Q (T, d)，键 K (N, d)，值 V (N, e)：

    S = Q Kᵀ / √d            (T, N)   分数
    A = softmax(S)           (T, N)   每一行沿键归一化，和为 1
    Y = A V                  (T, e)   值的加权和

- Q = X W_Q，K = M W_K，V = M W_V：自注意力时 M = X。
- 每一行输出都在值的凸包里，不会超出值的范围。
- 键和值一起换顺序，结果不变：注意力看到的是集合，不是序列。
- 分数很大时 softmax 接近 argmax，注意力就成了精确查表。""",
        en="""\
Queries Q (T, d), keys K (N, d), values V (N, e):

    S = Q Kᵀ / √d            (T, N)   scores
    A = softmax(S)           (T, N)   each row normalised over the keys
    Y = A V                  (T, e)   weighted sum of the values

- Q = X W_Q, K = M W_K, V = M W_V; in self-attention M = X.
- Each row of the output lies in the convex hull of the values.
- Keys and values reordered together give the same: attention sees a set, not a sequence.
- For large scores the softmax nears an argmax, and attention becomes an exact lookup.""",
    ),
    key_points=(
        KeyPoint(
            "scores",
            Text(zh="查询与键做点积得分数", en="Scores are inner products of queries and keys"),
            (r"点积|内积|Q ?K", r"(inner|dot)[- ]product"),
        ),
        KeyPoint(
            "softmax",
            Text(zh="沿键做 softmax，权重和为 1", en="A softmax over the keys gives weights that sum to 1"),
            (r"softmax",),
        ),
        KeyPoint(
            "convex",
            Text(
                zh="输出是值的加权和（凸组合）", en="The output is a weighted sum of the values, a convex combination"
            ),
            (r"加权(求)?和|加权求和|凸组合", r"weighted (sum|average)|convex"),
        ),
        KeyPoint(
            "projections",
            Text(zh="Q、K、V 是输入的线性投影", en="Q, K and V are linear projections of the input"),
            (r"投影|W_?[QKV]", r"projection"),
        ),
        KeyPoint(
            "parallel",
            Text(zh="没有循环，所有位置同时算", en="No loop: all positions at once"),
            (r"没有循环|并行|同时算", r"(no|without a) loop|parallel|at once"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="为什么键和值要分开？", en="Why are keys and values separate?"),
            Text(
                zh="找得到和给什么是两回事。例如要找“上一个动词”，键里要有词性，值里要有词义；绑在一起就得用同一个向量兼顾两者。",
                en="How an entry is found and what it gives are two things. To look up the last verb, the key must hold the part of speech and the value the meaning; tied together, one vector would have to do both.",
            ),
        ),
        FollowUp(
            Text(zh="它和加性注意力有什么不同？", en="How does it differ from additive attention?"),
            Text(
                zh="Bahdanau 的分数是 vᵀ tanh(W q + U k)，多一层非线性和参数；点积只是一次矩阵乘法，快得多。d 大时点积不除以 √d 才会差。",
                en="Bahdanau's score is vᵀ tanh(W q + U k), a non-linear layer with parameters; the product is one matrix multiplication and much faster. It was worse only for large d without the √d.",
            ),
        ),
    ),
    hints=(
        Text(zh="想成一次模糊的字典查询。", en="Think of a fuzzy dictionary lookup."),
        Text(zh="相似度变成权重，权重再去混合内容。", en="Similarities become weights, and weights mix the contents."),
        Text(zh="softmax(Q Kᵀ / √d) V。", en="softmax(Q Kᵀ / √d) V."),
    ),
    drills=(
        FormulaDrill(
            "scaled-dot-product-formula",
            Text(
                zh="查询 q (T, D)，键 k (N, D)，值 v (N, H)，softmax 沿最后一轴。写出注意力的输出。（可用 D）",
                en="Queries q (T, D), keys k (N, D), values v (N, H); softmax acts on the last axis. Write attention's output. (D may be used)",
            ),
            {"q": ("T", "D"), "k": ("N", "D"), "v": ("N", "H")},
            "softmax(q @ k.T / sqrt(D)) @ v",
            Text(zh="分数除以 √D 再做 softmax，最后乘值。", en="Scores over √D, softmax, times the values."),
            (
                ("softmax(q @ k.T) @ v", Text(zh="漏了除以 √D。", en="The division by √D is missing.")),
                ("softmax(q @ k.T / D) @ v", Text(zh="应除以 √D，不是 D。", en="It is √D, not D.")),
                ("q @ k.T / sqrt(D) @ v", Text(zh="漏了 softmax。", en="The softmax is missing.")),
            ),
        ),
        NumberDrill(
            "scaled-dot-product-scores",
            Text(
                zh="{T} 个查询、{N} 个键，特征维 {D}。分数矩阵有多少个元素？",
                en="{T} queries, {N} keys, {D} features. How many entries does the matrix of scores have?",
            ),
            _draw,
            lambda T, N, D: T * N,
            Text(zh="{T} × {N} = {answer:.0f}，与 {D} 无关。", en="{T} × {N} = {answer:.0f}, whatever {D} is."),
        ),
        OrderDrill(
            "scaled-dot-product-order",
            Text(zh="按计算顺序排好。", en="Put the computation in order."),
            (formula("S = Q @ K.T"), formula("S = S / sqrt(d)"), formula("A = softmax(S)"), formula("Y = A @ V")),
            Text(zh="先缩放再归一化；值最后才出现。", en="Scaled before it is normalised; the values come last."),
        ),
        TrueFalseDrill(
            "scaled-dot-product-range",
            Text(
                zh="注意力的输出可以比所有的值都大。",
                en="Attention's output can be larger than every value.",
            ),
            False,
            Text(
                zh="权重非负且和为 1，输出是凸组合，落在值的范围内。",
                en="The weights are not negative and sum to 1: a convex combination stays within the values' range.",
            ),
        ),
        ChoiceDrill(
            "scaled-dot-product-axis",
            Text(
                zh="分数 S (T, N)，T 个查询、N 个键。softmax 沿哪一轴？",
                en="Scores S (T, N), T queries, N keys. Along which axis is the softmax?",
            ),
            (
                Text(zh="键的轴 N", en="the keys' axis N"),
                Text(zh="查询的轴 T", en="the queries' axis T"),
                Text(zh="整个矩阵", en="the whole matrix"),
            ),
            0,
            Text(zh="每个查询各自在所有键上分配权重。", en="Each query shares out its own weight over all keys."),
        ),
    ),
    tasks=("scaled-dot-product",),
    experiment="scaled_dot_product",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "equation 1"),
        Source(
            "D. Bahdanau, K. Cho, Y. Bengio",
            2015,
            "Neural Machine Translation by Jointly Learning to Align and Translate",
            "arXiv:1409.0473",
        ),
    ),
    tags=("attention", "formula"),
)
