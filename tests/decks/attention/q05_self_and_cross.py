"""Self-attention and cross-attention."""

from answers.model import (
    ChoiceDrill,
    FollowUp,
    FormulaDrill,
    KeyPoint,
    NumberDrill,
    Question,
    Source,
    Text,
    TrueFalseDrill,
)


def _draw(random):
    return {"T": random.randint(3, 80), "S": random.randint(3, 120)}


QUESTION = Question(
    id="self-and-cross",
    section="A.5",
    title=Text(zh="自注意力与交叉注意力", en="Self-attention and cross-attention"),
    ask=Text(
        zh="自注意力和交叉注意力有什么区别？输出的长度由谁决定？",
        en="How do self-attention and cross-attention differ? What decides the output's length?",
    ),
    notes=(),
    spoken=Text(
        zh="公式是同一个，区别在于 Q、K、V 从哪里来。自注意力三者都来自同一个序列，每个位置看同一序列的其他位置；交叉注意力的查询来自解码器，键和值来自编码器的输出，也就是记忆。输出长度等于查询的个数，与键的个数无关。交叉注意力不需要因果掩码，因为源序列整个都已知，只要遮住填充。解码时记忆不变，它的键和值只需算一次。没有位置信息时，自注意力对输入的排列是等变的，交叉注意力对记忆的排列是不变的。",
        en="The formula is the same; the difference is where Q, K and V come from. In self-attention all three come from one sequence, and each position looks at the others. In cross-attention the queries come from the decoder, keys and values from the encoder's output, the memory. The output is as long as there are queries, whatever the number of keys. Cross-attention needs no causal mask, as the whole source is known; only padding is masked. While decoding, the memory stands still, so its keys and values are computed once. Without positions, self-attention is equivariant to a permutation of its input, cross-attention invariant to one of the memory.",
    ),
    whiteboard=Text(
        zh="""\
自注意力，X (T, d)：

    Q = X W_Q，K = X W_K，V = X W_V        分数 (T, T)

交叉注意力，X (T, d) 查询，M (S, d) 记忆：

    Q = X W_Q，K = M W_K，V = M W_V        分数 (T, S)，输出 (T, d)

- 输出长度 = 查询个数。
- 解码器里自注意力要因果掩码，交叉注意力只遮填充。
- M W_K、M W_V 整个解码过程只算一次。
- 打乱 X：自注意力的输出跟着打乱（等变）；打乱 M：交叉注意力的输出不变。""",
        en="""\
Self-attention, X (T, d):

    Q = X W_Q, K = X W_K, V = X W_V        scores (T, T)

Cross-attention, X (T, d) asks, M (S, d) is the memory:

    Q = X W_Q, K = M W_K, V = M W_V        scores (T, S), output (T, d)

- The output is as long as there are queries.
- In a decoder self-attention takes the causal mask, cross-attention masks padding only.
- M W_K and M W_V are computed once for the whole decoding.
- Shuffle X: self-attention's output is shuffled too. Shuffle M: cross-attention's output stays.""",
    ),
    key_points=(
        KeyPoint(
            "sources",
            Text(zh="查询来自一处，键和值来自另一处", en="Queries come from one place, keys and values from another"),
            (r"查询来自|Q.{0,6}来自", r"quer(y|ies) come from"),
        ),
        KeyPoint(
            "length",
            Text(zh="输出长度等于查询个数", en="The output is as long as there are queries"),
            (r"输出长度", r"as long as there are quer|output('s)? length"),
        ),
        KeyPoint(
            "mask",
            Text(zh="交叉注意力不用因果掩码", en="Cross-attention takes no causal mask"),
            (r"不需要因果掩码|只遮填充", r"no causal mask|masks padding"),
        ),
        KeyPoint(
            "once",
            Text(zh="记忆的键和值只算一次", en="The memory's keys and values are computed once"),
            (r"只(需)?算一次", r"computed once"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="Bahdanau 的注意力属于哪一种？", en="Which of the two is Bahdanau's attention?"),
            Text(
                zh="交叉注意力：查询是解码器 RNN 的状态，键和值都是编码器 RNN 各步的状态。自注意力是后来才有的。",
                en="Cross-attention: the query is the decoder RNN's state, keys and values are the encoder RNN's states. Self-attention came later.",
            ),
        ),
    ),
    hints=(
        Text(zh="谁在问，谁被问？", en="Who asks, and who is asked?"),
        Text(zh="看 K、V 乘的是哪个序列。", en="See which sequence K and V are made of."),
        Text(zh="Q = X W_Q，K = M W_K，V = M W_V。", en="Q = X W_Q, K = M W_K, V = M W_V."),
    ),
    drills=(
        NumberDrill(
            "self-and-cross-scores",
            Text(
                zh="译文 {T} 个词，原文 {S} 个词。解码器一层里，自注意力与交叉注意力的分数共多少个（都不减掩码）？",
                en="A target of {T} words, a source of {S}. How many scores do one decoder layer's self- and cross-attention have together (masked ones counted)?",
            ),
            _draw,
            lambda T, S: T * T + T * S,
            Text(zh="{T}² + {T} × {S} = {answer:.0f}。", en="{T}² + {T} × {S} = {answer:.0f}."),
        ),
        NumberDrill(
            "self-and-cross-length",
            Text(
                zh="查询 {T} 个，记忆 {S} 个位置。交叉注意力的输出有多少行？",
                en="{T} queries, a memory of {S} positions. How many rows does cross-attention's output have?",
            ),
            _draw,
            lambda T, S: T,
            Text(zh="一个查询一行：{answer:.0f}，与 {S} 无关。", en="One row a query: {answer:.0f}, whatever {S} is."),
        ),
        FormulaDrill(
            "self-and-cross-formula",
            Text(
                zh="x (T, D) 来自解码器，m (N, D) 是记忆，W、U、V 都是 (D, D)，分别投影查询、键、值。写出交叉注意力。（可用 D，softmax 沿最后一轴）",
                en="x (T, D) comes from the decoder, m (N, D) is the memory; W, U and V, all (D, D), project queries, keys and values. Write cross-attention. (D may be used; softmax acts on the last axis)",
            ),
            {"x": ("T", "D"), "m": ("N", "D"), "W": ("D", "D"), "U": ("D", "D"), "V": ("D", "D")},
            "softmax((x @ W) @ (m @ U).T / sqrt(D)) @ (m @ V)",
            Text(zh="查询来自 x，键和值来自 m。", en="Queries from x, keys and values from m."),
            (
                (
                    "softmax((x @ W) @ (x @ U).T / sqrt(D)) @ (x @ V)",
                    Text(
                        zh="这是自注意力：键和值应来自 m。", en="That is self-attention: keys and values come from m."
                    ),
                ),
                (
                    "softmax((m @ W) @ (x @ U).T / sqrt(D)) @ (x @ V)",
                    Text(zh="x 与 m 换位了：输出应有 T 行。", en="x and m are swapped: the output has T rows."),
                ),
            ),
        ),
        TrueFalseDrill(
            "self-and-cross-mask",
            Text(zh="解码器的交叉注意力需要因果掩码。", en="A decoder's cross-attention needs a causal mask."),
            False,
            Text(
                zh="源序列整个已知，看哪里都不算偷看。",
                en="The source is known in full; looking at any of it is no peeking.",
            ),
        ),
        ChoiceDrill(
            "self-and-cross-once",
            Text(zh="逐词解码时，什么可以只算一次？", en="Decoding word by word, what can be computed once?"),
            (
                Text(zh="交叉注意力的键和值", en="cross-attention's keys and values"),
                Text(zh="交叉注意力的查询", en="cross-attention's queries"),
                Text(zh="自注意力的分数矩阵", en="self-attention's scores"),
            ),
            0,
            Text(zh="记忆在解码中不变，查询每步都是新的。", en="The memory stands still while each step asks anew."),
        ),
    ),
    tasks=(),
    experiment="self_and_cross",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "section 3.2.3"),
        Source(
            "M.-T. Luong, H. Pham, C. D. Manning",
            2015,
            "Effective Approaches to Attention-based Neural Machine Translation",
            "arXiv:1508.04025",
        ),
    ),
    tags=("attention", "encoder-decoder"),
)
