"""The cache of keys and values."""

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
    return {
        "L": random.choice((12, 24, 32)),
        "d": random.choice((512, 768, 1024, 4096)),
        "T": random.choice((512, 1024, 2048, 8192)),
    }


QUESTION = Question(
    id="kv-cache",
    section="A.8",
    title=Text(zh="KV 缓存", en="The KV cache"),
    ask=Text(
        zh="KV 缓存存的是什么，省了什么，代价是什么？",
        en="What does a KV cache hold, what does it save, and what does it cost?",
    ),
    notes=(
        NotesClaim(
            "constant-per-token",
            Text(
                zh="有了 KV 缓存，每生成一个词的计算量就是常数。",
                en="With a KV cache each new token costs a constant amount of work.",
            ),
            NotesVerdict.WRONG,
            Text(
                zh="省掉的是重算过去的键和值；新词的查询仍要看全部 t 个键，每步 O(t d)，缓存也随 t 增长。每步常数的是 RNN。",
                en="What is saved is computing past keys and values again. The new query still looks at all t keys, O(t d) a step, and the cache grows with t. Constant work is what an RNN has.",
            ),
            Text(
                zh="这正是状态空间模型等循环结构回来的理由。",
                en="It is why recurrences such as state-space models came back.",
            ),
            ("still-linear-per-step", "cache-grows"),
        ),
    ),
    spoken=Text(
        zh="自回归解码时，过去位置的键和值不会再变，因为因果掩码使它们只取决于过去。所以把每层的 K 和 V 存起来，每步只算新词的查询、键、值，再让新查询看全部缓存。不缓存的话，每步都要把整个前缀重算一遍。查询不用存，因为过去的查询不会再问。代价是内存：二乘层数乘长度乘维度，长文本时比模型参数还大，而且每步要把它整个读一遍，瓶颈是带宽。分组查询注意力让几个头共用键值，按比例缩小。相比之下，RNN 的状态不随长度增长。",
        en="In autoregressive decoding the past's keys and values never change again, as the causal mask makes them depend on the past alone. So K and V of every layer are kept; each step computes query, key and value of the new token and lets its query look at the whole cache. Without it, every step would run the whole prefix again. Queries are not kept: past ones never ask again. The price is memory, two times layers times length times width, larger than the weights for long texts, and all of it is read at each step, so bandwidth is the limit. Grouped-query attention shares keys among heads. An RNN's state does not grow.",
    ),
    whiteboard=Text(
        zh="""\
第 t 步，新词 x_t：

    q, k, v = x_t W_Q, x_t W_K, x_t W_V
    K ← [K; k]，V ← [V; v]               缓存各加一行
    y_t = softmax(q Kᵀ / √d) V           O(t d)

- 与整段带因果掩码的前向逐行相等。
- 缓存元素数：2 · L · T · d，L 层；乘每个数的字节数。
- GQA：h 个查询头共用 g 组键值，缓存缩小为 g / h。
- 每步工作仍随 t 线性增长；RNN 的状态 H（LSTM 2H）与 t 无关。
- 预填充并行算整个提示，解码一步一个词，受内存带宽限制。""",
        en="""\
Step t, new token x_t:

    q, k, v = x_t W_Q, x_t W_K, x_t W_V
    K ← [K; k], V ← [V; v]               one more row each
    y_t = softmax(q Kᵀ / √d) V           O(t d)

- Row by row equal to one pass over the whole text with the causal mask.
- Numbers kept: 2 · L · T · d for L layers; times the bytes of each.
- GQA: h query heads share g sets of keys and values, g / h of the cache.
- Work per step still grows with t; an RNN's state of H (LSTM 2H) does not.
- Prefill runs the prompt in parallel; decoding, one token a step, is bound by memory bandwidth.""",
    ),
    key_points=(
        KeyPoint(
            "keys-and-values",
            Text(zh="存的是每层过去的 K 和 V，不存 Q", en="It holds the past K and V of each layer, no Q"),
            (r"K 和 V|键和值", r"keys and values|K and V"),
        ),
        KeyPoint(
            "why-valid",
            Text(zh="因果掩码使过去的键值不再变", en="The causal mask keeps past keys and values from changing"),
            (r"不会再变|不再变", r"never change"),
        ),
        KeyPoint(
            "saves",
            Text(zh="省去每步重算整个前缀", en="It saves running the prefix again at each step"),
            (r"重算", r"(run|compute).{0,24}(again|prefix)"),
        ),
        KeyPoint(
            "size",
            Text(zh="内存 2·L·T·d，随长度增长", en="Memory 2·L·T·d, growing with the length"),
            (r"2 ?· ?L|二乘层数|随长度增长", r"2 · L|two times layers"),
        ),
        KeyPoint(
            "against-rnn",
            Text(zh="RNN 的状态不随长度增长", en="An RNN's state does not grow"),
            (r"RNN 的状态", r"RNN's state"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="滑动窗口注意力的缓存多大？", en="How large is the cache of sliding-window attention?"),
            Text(
                zh="只留最近 w 个键值，缓存与每步工作都是常数；一层看 w 步，L 层叠起来感受野约 L·w。窗口以外的细节就丢了，和固定状态一样要取舍。",
                en="Only the last w keys and values stay, so cache and work per step are constant; one layer sees w steps, L layers about L·w. Detail beyond is lost, the same trade as a fixed state.",
            ),
        ),
    ),
    hints=(
        Text(zh="第 t 步里，哪些量在第 t - 1 步已经算过？", en="At step t, what was computed at step t - 1 already?"),
        Text(zh="过去的键和值不变，过去的查询不再用。", en="Past keys and values stand still, past queries are done."),
        Text(
            zh="K ← [K; k]，V ← [V; v]，y = softmax(q Kᵀ / √d) V。",
            en="K ← [K; k], V ← [V; v], y = softmax(q Kᵀ / √d) V.",
        ),
    ),
    drills=(
        NumberDrill(
            "kv-cache-size",
            Text(
                zh="{L} 层，d = {d}，上下文 {T}，float16，一条序列。KV 缓存多少 MiB？（误差 1% 以内）",
                en="{L} layers, d = {d}, a context of {T}, float16, one sequence. How many MiB is the KV cache? (within 1%)",
            ),
            _draw,
            lambda L, d, T: 2 * L * T * d * 2 / 2**20,
            Text(
                zh="2 × {L} × {T} × {d} × 2 字节 = {answer:.0f} MiB。",
                en="2 × {L} × {T} × {d} × 2 bytes = {answer:.0f} MiB.",
            ),
            tolerance=0.01,
        ),
        NumberDrill(
            "kv-cache-grouped",
            Text(
                zh="{h} 个查询头，{g} 组键值（GQA）。KV 缓存是多头注意力的几分之几？（误差 1% 以内）",
                en="{h} query heads, {g} sets of keys and values (GQA). What fraction of multi-head attention's KV cache is left? (within 1%)",
            ),
            lambda random: {"h": random.choice((16, 32, 64)), "g": random.choice((1, 2, 4, 8))},
            lambda h, g: g / h,
            Text(zh="{g} / {h} = {answer:.4g}。", en="{g} / {h} = {answer:.4g}."),
            tolerance=0.01,
        ),
        TrueFalseDrill(
            "kv-cache-queries",
            Text(zh="过去的查询也要缓存。", en="Past queries are cached too."),
            False,
            Text(zh="过去的查询只产生过去的输出，不会再用。", en="They made past outputs and are never used again."),
        ),
        ChoiceDrill(
            "kv-cache-bidirectional",
            Text(
                zh="双向（无掩码）编码器能用 KV 缓存逐词延长吗？",
                en="Can a bidirectional encoder, without mask, be extended token by token with a KV cache?",
            ),
            (
                Text(zh="不能，新词会改变过去各层的表示", en="no: a new token changes the past's representations"),
                Text(zh="能，和解码器一样", en="yes, as a decoder can"),
                Text(zh="能，但要多存查询", en="yes, if queries are kept too"),
            ),
            0,
            Text(
                zh="第二层起，过去的键值取决于新词。",
                en="From the second layer on, past keys and values depend on the new token.",
            ),
        ),
    ),
    tasks=(),
    experiment="kv_cache",
    sources=(
        Source("N. Shazeer", 2019, "Fast Transformer Decoding: One Write-Head is All You Need", "arXiv:1911.02150"),
        Source(
            "J. Ainslie et al.",
            2023,
            "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints",
            "arXiv:2305.13245",
        ),
    ),
    tags=("attention", "inference"),
)
