"""Where the order of a sequence comes from."""

from answers.model import (
    ChoiceDrill,
    FollowUp,
    FormulaDrill,
    KeyPoint,
    NotesClaim,
    NotesVerdict,
    Question,
    Source,
    Text,
    TrueFalseDrill,
)

QUESTION = Question(
    id="positions",
    section="A.6",
    title=Text(zh="位置信息", en="Positional information"),
    ask=Text(
        zh="注意力怎么知道词的先后？正弦编码和 RoPE 各有什么好处？",
        en="How does attention know the order of words? What do sinusoids and RoPE give?",
    ),
    notes=(
        NotesClaim(
            "order-is-built-in",
            Text(
                zh="注意力逐个读输入，顺序天然在里面。", en="Attention reads its input in order, so order is built in."
            ),
            NotesVerdict.WRONG,
            Text(
                zh="没有位置编码时，打乱输入只会打乱输出：它看到的是集合。RNN 的顺序来自递推，注意力的要另外给。",
                en="Without positions, a shuffled input merely shuffles the output: it sees a set. An RNN's order comes from its recurrence, attention must be given it.",
            ),
            Text(
                zh="这是注意力与 RNN 最本质的区别之一。",
                en="It is one of the deepest differences between attention and an RNN.",
            ),
            ("blind-to-order", "positions-tell"),
        ),
    ),
    spoken=Text(
        zh="注意力本身对顺序是盲的：打乱输入，输出跟着打乱，别的什么也不变。所以要把位置写进去。最初的做法是在词向量上加正弦余弦，不同频率从快到慢；它的好处是平移 k 步等于乘一个只依赖 k 的旋转矩阵，所以相对位置可以线性读出。RoPE 把这个旋转直接用在查询和键上，点积就只依赖相对距离，而且不改变长度。也可以给分数加一个随距离变化的偏置，例如 ALiBi。因果掩码本身也泄露一点位置。",
        en="Attention itself is blind to order: shuffle the input and the output is shuffled, nothing else happens. So positions must be written in. The first way adds sines and cosines to the embeddings, from fast to slow; moving by k steps then multiplies by a rotation that depends on k alone, so relative positions can be read off linearly. RoPE applies that rotation to queries and keys themselves, so the inner product depends on the distance only, and lengths stay. One can also add a bias to the scores that depends on the distance, as ALiBi does. A causal mask gives away a little position too.",
    ),
    whiteboard=Text(
        zh="""\
无位置：

    attend(P X) = P attend(X)           P 是任意置换

正弦编码，频率 ω_i = 10000^(-2i/d)：

    p_t = [sin ω_0 t, cos ω_0 t, sin ω_1 t, cos ω_1 t, ...]
    p_(t+k) = R_k p_t                   R_k 是分块旋转，与 t 无关

RoPE：把位置 t 的 q、k 的每一对分量转过 ω_i t：

    (R_s q) · (R_t k) = q · R_(t-s) k   只依赖 t - s

- 旋转不改变长度，也不增加参数。
- 可学习的绝对位置在训练长度以外没有定义。""",
        en="""\
Without positions:

    attend(P X) = P attend(X)           for any permutation P

Sinusoids of frequency ω_i = 10000^(-2i/d):

    p_t = [sin ω_0 t, cos ω_0 t, sin ω_1 t, cos ω_1 t, ...]
    p_(t+k) = R_k p_t                   R_k: block rotations, free of t

RoPE turns each pair of components of q and k at position t by ω_i t:

    (R_s q) · (R_t k) = q · R_(t-s) k   depends on t - s alone

- A rotation keeps lengths and adds no parameter.
- Learned absolute positions are undefined beyond the trained length.""",
    ),
    key_points=(
        KeyPoint(
            "blind",
            Text(zh="没有位置编码，注意力对顺序是盲的", en="Without positions attention is blind to order"),
            (r"对顺序是盲|打乱输入|置换", r"blind to order|shuffle the input|permutation"),
        ),
        KeyPoint(
            "sinusoids",
            Text(
                zh="正弦编码：平移是与位置无关的线性变换", en="Sinusoids: a shift is a linear map free of the position"
            ),
            (r"正弦", r"sine|sinusoid"),
        ),
        KeyPoint(
            "rotary",
            Text(
                zh="RoPE：旋转 q、k，点积只依赖相对距离",
                en="RoPE turns q and k: the product depends on the distance alone",
            ),
            (r"RoPE|旋转位置", r"RoPE|rotary"),
        ),
        KeyPoint(
            "relative",
            Text(zh="相对位置才是想要的", en="Relative position is what is wanted"),
            (r"相对(位置|距离)", r"relative position|the distance"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(zh="因果模型不加位置编码会怎样？", en="What if a causal model has no positional encoding?"),
            Text(
                zh="仍能学到一些位置：因果掩码下第 t 行平均了 t 个位置，均值的大小泄露了 t。单层双向注意力则完全学不到。",
                en="It still learns some: under the mask row t averages t positions, and the mean's size gives t away. Bidirectional attention learns none at all.",
            ),
        ),
    ),
    hints=(
        Text(zh="把输入打乱，会发生什么？", en="What happens when the input is shuffled?"),
        Text(zh="让点积随相对距离变化。", en="Let the inner product vary with the distance."),
        Text(zh="(R_s q) · (R_t k) = q · R_(t-s) k。", en="(R_s q) · (R_t k) = q · R_(t-s) k."),
    ),
    drills=(
        TrueFalseDrill(
            "positions-set",
            Text(
                zh="没有位置编码、没有掩码的自注意力，最后再取平均，对“狗咬人”和“人咬狗”给出相同结果。",
                en="Self-attention without positions or mask, averaged at the end, gives the same for “dog bites man” and “man bites dog”.",
            ),
            True,
            Text(
                zh="打乱输入只打乱输出，平均之后完全相同。",
                en="Shuffled inputs shuffle the outputs, and their mean is the same.",
            ),
        ),
        TrueFalseDrill(
            "positions-norm",
            Text(zh="RoPE 会改变查询向量的长度。", en="RoPE changes the length of a query."),
            False,
            Text(zh="旋转是正交变换，长度不变。", en="A rotation is orthogonal and keeps lengths."),
        ),
        ChoiceDrill(
            "positions-rope",
            Text(zh="RoPE 作用在哪里？", en="Where does RoPE act?"),
            (
                Text(zh="查询和键", en="on queries and keys"),
                Text(zh="只在值上", en="on values alone"),
                Text(zh="词向量之和", en="on the embeddings' sum"),
            ),
            0,
            Text(
                zh="位置只应影响“看哪里”，不影响“取什么”。",
                en="Position shall affect where to look, not what is fetched.",
            ),
        ),
        FormulaDrill(
            "positions-turn",
            Text(
                zh="一对分量 a、b (N,)，转角的余弦 c 与正弦 s (N,)。写出 RoPE 之后的第一个分量（逆时针旋转）。",
                en="A pair of components a, b (N,), cosine c and sine s (N,) of the angle. Write the first component after RoPE (turned counter-clockwise).",
            ),
            {"a": ("N",), "b": ("N",), "c": ("N",), "s": ("N",)},
            "a * c - b * s",
            Text(zh="二维旋转矩阵的第一行。", en="The first row of the rotation by that angle."),
            (
                ("a * c + b * s", Text(zh="方向反了：这是顺时针。", en="That turns clockwise.")),
                ("a * s + b * c", Text(zh="这是第二个分量。", en="That is the second component.")),
            ),
        ),
    ),
    tasks=(),
    experiment="positions",
    sources=(
        Source("A. Vaswani et al.", 2017, "Attention Is All You Need", "arXiv:1706.03762", "section 3.5"),
        Source(
            "J. Su et al.",
            2021,
            "RoFormer: Enhanced Transformer with Rotary Position Embedding",
            "arXiv:2104.09864",
            "equation 16",
        ),
        Source(
            "P. Shaw, J. Uszkoreit, A. Vaswani",
            2018,
            "Self-Attention with Relative Position Representations",
            "arXiv:1803.02155",
        ),
    ),
    tags=("attention", "position"),
)
