"""How a GRU's step is computed, and which of its four spellings is meant."""

from __future__ import annotations

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
    zh="GRU 一步分四行。先由输入 x 和旧状态 h 算重置门 r 和更新门 z，都过 sigmoid；再算候选值 n，它看 x 和被 r 遮过的旧状态，过 tanh；最后把 n 和旧的 h 按 z 加权平均，得到新的 h。写公式前要说清两处约定。第一，z 乘旧状态还是乘候选值：PyTorch、Keras 里 z 保留旧的，Chung 2014 反过来。第二，r 在乘 U 之前还是之后：Cho 2014 在前，PyTorch 和 Keras 默认在后，后者的权重不能直接搬到前者。",
    en="A GRU step has four lines. From the input x and the old state h compute the reset gate r and the update gate z, both through a sigmoid. Then the candidate n, through tanh, from x and the old state masked by r. Then the new h is the mean of n and the old h weighted by z. Two conventions have to be named first. Does z multiply the old state or the candidate? In PyTorch and Keras it keeps the old; Chung 2014 is the other way round. And does r act before or after the product with U? Before in Cho 2014; after by default in PyTorch and Keras.",
)

WHITEBOARD = Text(
    zh="""\
x (N, D)，h (N, H)；W (D, 3H)、U (H, 3H)、b (3H,)，块的次序 r, z, n：

    r     = σ(x W_r + h U_r + b_r)             重置门
    z     = σ(x W_z + h U_z + b_z)             更新门
    n     = tanh(x W_n + (r * h) U_n + b_n)    候选值
    h_new = (1 - z) * n + z * h                加权平均

z 的两种约定：

    PyTorch、Keras、Cho 2014   h_new = (1 - z) * n + z * h   z 保留旧的
    Chung 2014                 h_new = z * n + (1 - z) * h   z 写入新的

σ(-a) = 1 - σ(a)，所以把 W_z、U_z、b_z 全部取负就换到另一种，结果相同。

r 的两个位置：

    之前（reset_after=False）   n = tanh(x W_n + (r * h) U_n + b_n)
    之后（PyTorch、Keras 默认） n = tanh(x W_n + b_in + r * (h U_n + b_hn))

- 一般不等，也没有换权重的办法；H = 1 或 U_n 为对角阵时相等（b_hn = 0）。
- 之后的形式里 b_hn 在 r 里面，不能并进 b_in：这是第二组偏置存在的理由。
- 之后的形式三块 h U 可以一次乘完；之前的形式要等 r，多一次先后。

块的次序各家不同：PyTorch 是 r, z, n；Keras 与 ONNX 是 z, r, h。搬权重时必须重排。""",
    en="""\
x (N, D), h (N, H); W (D, 3H), U (H, 3H), b (3H,), blocks in the order r, z, n:

    r     = σ(x W_r + h U_r + b_r)             reset gate
    z     = σ(x W_z + h U_z + b_z)             update gate
    n     = tanh(x W_n + (r * h) U_n + b_n)    candidate
    h_new = (1 - z) * n + z * h                weighted mean

Two conventions for z:

    PyTorch, Keras, Cho 2014  h_new = (1 - z) * n + z * h  z keeps the old
    Chung 2014                h_new = z * n + (1 - z) * h  z writes the new

σ(-a) = 1 - σ(a), so negating all of W_z, U_z, b_z turns one into the other, with the same result.

Two places for r; PyTorch has the second, Keras by default:

    before (reset_after=False)  n = tanh(x W_n + (r * h) U_n + b_n)
    after (reset_after=True)    n = tanh(x W_n + b_in + r * (h U_n + b_hn))

- In general they differ, and no change of weights converts them; at H = 1 or where U_n is diagonal they agree (with b_hn = 0).
- In the second form b_hn stands inside r and cannot be merged into b_in: that is what the second bias is for.
- The second form computes all three blocks of h U in one product; the first has to wait for r.

The order of blocks differs too: r, z, n in PyTorch; z, r, h in Keras and ONNX. Weights have to be rearranged when they move.""",
)

KEY_POINTS = (
    KeyPoint(
        "gates",
        Text(
            zh="重置门 r 与更新门 z 都由 x 与旧的 h 过 sigmoid 得到",
            en="Reset gate r and update gate z: a sigmoid of x and the old h",
        ),
        (
            r"重置门.{0,12}更新门.{0,12}(sigmoid|σ)",
            r"[rz]\s*=\s*(σ|sigmoid)",
            r"reset gate.{0,20}update gate.{0,30}(sigmoid|σ)",
        ),
    ),
    KeyPoint(
        "candidate",
        Text(
            zh="候选值过 tanh，看 x 与被 r 遮过的旧状态",
            en="The candidate: tanh of x and the old state masked by r",
        ),
        (
            r"候选.{0,30}tanh",
            r"\bn\s*=\s*tanh",
            r"candidate.{0,40}tanh",
            r"tanh.{0,30}(候选|candidate)",
        ),
    ),
    KeyPoint(
        "weighted-mean",
        Text(zh="新状态是候选值与旧状态的加权平均", en="The new state is a weighted mean of candidate and old state"),
        (
            r"加权平均",
            r"插值",
            r"weighted (mean|average)",
            r"mean of n and the old",
            r"interpolat",
            r"\(?1 ?[-−] ?z\)? ?\* ?\w+ ?\+ ?z ?\* ?\w+",
        ),
    ),
    KeyPoint(
        "z-convention",
        Text(
            zh="z 有两种约定：保留旧的（PyTorch、Keras）或写入新的（Chung 2014）",
            en="Two conventions for z: keeps the old (PyTorch, Keras) or writes the new (Chung 2014)",
        ),
        (
            r"两种约定",
            r"z.{0,20}(保留旧|乘旧)",
            r"chung",
            r"(two|both) conventions",
            r"keeps the old",
        ),
    ),
    KeyPoint(
        "reset-place",
        Text(
            zh="r 可以在乘积之前（Cho 2014）或之后（PyTorch、Keras 默认），两者不等",
            en="r acts before the product (Cho 2014) or after it (PyTorch, Keras' default); they differ",
        ),
        (
            r"reset_after",
            r"r.{0,12}(之前|之后|在前|在后)",
            r"before or after",
            r"(before|after) the (matrix )?product",
        ),
    ),
    KeyPoint(
        "negate-z",
        Text(
            zh="z 的参数取负就在两种约定间转换：σ(-a) = 1 - σ(a)",
            en="Negating z's parameters converts the conventions: σ(-a) = 1 - σ(a)",
        ),
        (
            r"取(负|反)",
            r"(σ|sigmoid)\(-\w\) ?= ?1 ?[-−] ?(σ|sigmoid)",
            r"negat(e|ing)",
            r"flip\w* the signs?",
        ),
    ),
    KeyPoint(
        "order-of-blocks",
        Text(
            zh="块的次序各库不同，搬权重要重排",
            en="Libraries order the blocks differently; moving weights means rearranging",
        ),
        (
            r"(块|门)的?(次序|顺序)",
            r"重排",
            r"order of (the )?(blocks|gates)",
            r"rearrang|reorder",
            r"gate order|order of (the|their) gates",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "four-lines",
        Text(
            zh="前向依次是：重置门、候选值、更新门、最后的激活值，各一条式子。",
            en="The forward pass is reset gate, candidate, update gate and final activation, one formula each.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="四行没有错，但没说是哪一种写法：z 有两种约定，r 有两个位置，共四种组合；z 的两种只差一个符号，r 的两种是不同的函数。另外更新门不必等候选值，候选值也不必等更新门；真正要等的是候选值等重置门。",
            en="The four lines are right, but which spelling is meant is not said: two conventions for z and two places for r make four. The two for z differ by a sign, the two for r are different functions. And the update gate need not wait for the candidate, nor the other way round; what has to wait is the candidate, for the reset gate.",
        ),
        Text(
            zh="照着笔记默写，拿去和 torch.nn.GRU 对数，对不上也不知为何。面试官问“你的 z 是哪一种”，答得出才算懂。",
            en="Write the lines down from memory, compare with torch.nn.GRU, and you get other numbers without knowing why. “Which z is yours?” is the question that separates knowing from reciting.",
        ),
        (
            "z-conventions-differ",
            "negating-z-converts",
            "resets-differ",
            "resets-agree-at-one-unit",
            "pytorch-formula",
            "keras-formula",
        ),
    ),
)


def _draw_step(random: Random) -> dict[str, float]:
    return {
        "z": random.choice((0.1, 0.2, 0.25, 0.4, 0.6, 0.75, 0.8, 0.9)),
        "h": random.randint(1, 9) / 10,
        "n": random.randint(1, 9) / 10,
    }


def _chung(z: float, h: float, n: float) -> float:
    return z * n + (1 - z) * h


def _draw_weights(random: Random) -> dict[str, float]:
    sizes = {
        "x": random.choice((-1, 1, 2)),
        "h": random.randint(1, 9) / 10,
        "wr": random.choice((-1, 0.5, 1)),
        "wz": random.choice((-1, 0.5, 1)),
        "wn": random.choice((1, 1.5, 2)),
        "u": random.choice((0.5, 1, 2)),
    }
    # where the terms cancel, no answer on paper is within a few per cent
    return sizes if abs(_step(**sizes)) > 0.05 else _draw_weights(random)


def _step(x: float, h: float, wr: float, wz: float, wn: float, u: float) -> float:
    import numpy as np

    import rnnref

    W, U = np.array([[wr, wz, wn]], float), np.array([[0.0, 0.0, u]])
    return float(rnnref.gru_step(np.array([[x]], float), np.array([[h]]), W, U, np.zeros(3))[0, 0])


def _draw_candidate(random: Random) -> dict[str, float]:
    return {
        "r1": random.choice((0.0, 0.25, 0.5)),
        "r2": random.choice((0.75, 1.0)),
        "h1": random.randint(2, 9) / 10,
        "h2": random.randint(2, 9) / 10,
        "u": random.choice((0.5, 1.0, 1.5)),
        "v": random.choice((0.4, 0.8, 1.2)),
    }


def _candidate(r1: float, r2: float, h1: float, h2: float, u: float, v: float) -> float:
    import numpy as np

    import rnnref

    h, r, U = np.array([[h1, h2]]), np.array([[r1, r2]]), np.array([[u, 0.0], [v, 0.0]])
    return float(rnnref.gru_candidate(np.zeros((1, 1)), h, r, np.zeros((1, 2)), U, np.zeros(2))[0, 0])


def _draw_rows(random: Random) -> dict[str, int]:
    return {"D": random.choice((4, 8, 10, 32, 64)), "H": random.choice((5, 8, 16, 20, 50, 128))}


def _extra(D: int, H: int) -> float:
    return 3.0 * H


DRILLS = (
    NumberDrill(
        "gruf-chung",
        Text(
            zh="按 Chung 等（2014）的写法，更新门 z = {z}，旧的 h = {h}，候选值 n = {n}。新的 h 是多少？（误差 1% 以内）",
            en="In the form of Chung et al. (2014): update gate z = {z}, old h = {h}, candidate n = {n}. What is the new h? (within 1%)",
        ),
        _draw_step,
        _chung,
        Text(
            zh="那里 z 是写入的份额：{z} × {n} + (1 - {z}) × {h} = {answer:.4g}。",
            en="There z is the share that is written: {z} × {n} + (1 - {z}) × {h} = {answer:.4g}.",
        ),
        tolerance=0.01,
    ),
    NumberDrill(
        "gruf-one-step",
        Text(
            zh="一个输入、一个单元，偏置全为 0：x = {x}，h = {h}，W = [{wr}, {wz}, {wn}]（r, z, n），U = [0, 0, {u}]。z 保留旧状态，r 在乘积之前。新的 h 是多少？（误差 2% 以内）",
            en="One input, one unit, no bias: x = {x}, h = {h}, W = [{wr}, {wz}, {wn}] (r, z, n), U = [0, 0, {u}]. z keeps the old state, r acts before the product. What is the new h? (within 2%)",
        ),
        _draw_weights,
        _step,
        Text(
            zh="r = σ({x} × {wr})，z = σ({x} × {wz})，n = tanh({x} × {wn} + r × {h} × {u})，h_new = (1 - z) n + z × {h} = {answer:.4g}。",
            en="r = σ({x} × {wr}), z = σ({x} × {wz}), n = tanh({x} × {wn} + r × {h} × {u}), h_new = (1 - z) n + z × {h} = {answer:.4g}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "gruf-masked-candidate",
        Text(
            zh="h = [{h1}, {h2}]，r = [{r1}, {r2}]，U_n 的第一列是 [{u}, {v}]，x 与偏置为 0，r 在乘积之前。第一个单元的候选值 n 是多少？（误差 2% 以内）",
            en="h = [{h1}, {h2}], r = [{r1}, {r2}], the first column of U_n is [{u}, {v}], x and bias are 0, r acts before the product. What is the candidate n of the first unit? (within 2%)",
        ),
        _draw_candidate,
        _candidate,
        Text(
            zh="tanh({r1} × {h1} × {u} + {r2} × {h2} × {v}) = {answer:.4g}：每个 h 乘自己的 r；若在乘积之后，两项都会乘 {r1}。",
            en="tanh({r1} × {h1} × {u} + {r2} × {h2} × {v}) = {answer:.4g}: each h is multiplied by its own r; after the product both terms would be multiplied by {r1}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "gruf-extra-bias",
        Text(
            zh="Keras 的 GRU，D = {D}，H = {H}：reset_after=True 比 False 多几个参数？",
            en="Keras' GRU with D = {D}, H = {H}: how many more parameters does it have with reset_after=True than with False?",
        ),
        _draw_rows,
        _extra,
        Text(
            zh="偏置由 (3H,) 变成 (2, 3H)，多 3 × {H} = {answer:.0f}，与 D 无关。",
            en="The bias goes from (3H,) to (2, 3H): 3 × {H} = {answer:.0f} more, whatever D is.",
        ),
    ),
    FormulaDrill(
        "gruf-reset-after",
        Text(
            zh="写出 PyTorch 形式的候选值：x (N, D)，h (N, H)，重置门 r (N, H)，W (D, H)、U (H, H)，偏置 b（与输入一起）、d（与旧状态一起）。",
            en="Write the candidate in PyTorch's form: x (N, D), h (N, H), reset gate r (N, H), W (D, H), U (H, H), biases b (with the input) and d (with the old state).",
        ),
        {
            "x": ("N", "D"),
            "h": ("N", "H"),
            "r": ("N", "H"),
            "W": ("D", "H"),
            "U": ("H", "H"),
            "b": ("H",),
            "d": ("H",),
        },
        "tanh(x @ W + b + r * (h @ U + d))",
        Text(
            zh="r 乘在 h U + d 整个括号上，所以 d 不能并到 b 里。",
            en="r multiplies all of h U + d, so d cannot be merged into b.",
        ),
        (
            (
                "tanh(x @ W + b + (r * h) @ U + d)",
                Text(
                    zh="这是重置在乘积之前的形式（Cho 2014）。",
                    en="That is the form with the reset before the product (Cho 2014).",
                ),
            ),
            (
                "tanh(x @ W + b + r * (h @ U) + d)",
                Text(zh="d 在 r 的括号里面，一起被遮。", en="d stands inside r's parenthesis and is masked too."),
            ),
            (
                "tanh(r * (x @ W + b + h @ U + d))",
                Text(zh="r 不作用于输入那一半。", en="r does not act on the input's half."),
            ),
        ),
        unit=("r",),
    ),
    FormulaDrill(
        "gruf-converted-update",
        Text(
            zh="a 是更新门的预激活（N, H），按 Chung 2014 的约定写。用 sigmoid、h 与候选值 n 写出新状态。",
            en="a (N, H) is the pre-activation of an update gate in the convention of Chung 2014. Write the new state with sigmoid, h and the candidate n.",
        ),
        {"a": ("N", "H"), "h": ("N", "H"), "n": ("N", "H")},
        "sigmoid(a) * n + sigmoid(-a) * h",
        Text(
            zh="1 - σ(a) = σ(-a)，所以换约定只要把 a 取负，也就是把 z 的 W、U、b 都取负。",
            en="1 - σ(a) = σ(-a), so changing the convention means negating a, that is W, U and b of z.",
        ),
        (
            (
                "(1 - sigmoid(a)) * n + sigmoid(a) * h",
                Text(
                    zh="这是 PyTorch 与 Keras 的约定：z 保留旧状态。",
                    en="That is the convention of PyTorch and Keras: z keeps the old state.",
                ),
            ),
            (
                "sigmoid(a) * n + h",
                Text(
                    zh="旧状态少乘了 1 - z，不再是加权平均。",
                    en="The old state lacks its 1 - z; this is no weighted mean.",
                ),
            ),
        ),
    ),
    OrderDrill(
        "gruf-dependencies",
        Text(
            zh="r 在乘积之前时，按必须的先后排列。",
            en="With r before the product, order by what has to wait for what.",
        ),
        (
            Text(zh="x W 的三块与 h U 的 r、z 两块", en="the three blocks of x W, and blocks r and z of h U"),
            Text(zh="σ，得到 r 与 z", en="σ, giving r and z"),
            Text(zh="(r * h) U_n：第二次乘旧状态", en="(r * h) U_n: the second product with the old state"),
            Text(zh="tanh，得到候选值 n", en="tanh, giving the candidate n"),
            Text(zh="(1 - z) * n + z * h", en="(1 - z) * n + z * h"),
        ),
        Text(
            zh="第三行要等 r。r 在乘积之后的形式把 h U_n 并进第一行，所以 cuDNN 采用它：一步只有一次大乘法。",
            en="The third line waits for r. The form with r after the product moves h U_n into the first line, so a step needs one large product: the form that cuDNN implements.",
        ),
    ),
    TrueFalseDrill(
        "gruf-z-convertible",
        Text(
            zh="把更新门的全部参数取负，一种 z 约定训练出来的 GRU 就能原样用在另一种约定里。",
            en="Negate all parameters of the update gate, and a GRU trained in one convention for z works unchanged in the other.",
        ),
        True,
        Text(
            zh="σ(-a) = 1 - σ(a)；实测整段状态的差在舍入误差之内。",
            en="σ(-a) = 1 - σ(a); measured over a whole sequence, the states differ by rounding alone.",
        ),
    ),
    TrueFalseDrill(
        "gruf-reset-convertible",
        Text(
            zh="r 在乘积之前与之后的两种 GRU，适当改写权重就总能互换。",
            en="A GRU with r before the product and one with r after it can always be turned into each other by rewriting the weights.",
        ),
        False,
        Text(
            zh="之前：每个旧单元先乘自己的 r 再混合；之后：混合完再乘目标单元的 r。一般没有权重能把一个变成另一个。",
            en="Before: each old unit is multiplied by its own r, then they are mixed. After: they are mixed first, then multiplied by the target unit's r. In general no weights turn one into the other.",
        ),
    ),
    ChoiceDrill(
        "gruf-load-keras",
        Text(
            zh="把 Keras 默认 GRU 的权重装进 torch.nn.GRU，除了转置，还必须做什么？",
            en="You load the weights of Keras' default GRU into torch.nn.GRU. Besides transposing, what is needed?",
        ),
        (
            Text(zh="把三块重排成 r, z, n", en="rearrange blocks z, r, h into r, z, n"),
            Text(zh="把更新门的全部参数取负", en="negate all parameters of the update gate"),
            Text(zh="把两行偏置相加成一行", en="add the two rows of bias into one"),
            Text(zh="把候选值那一块除以 2", en="divide the candidate's block by 2"),
        ),
        0,
        Text(
            zh="两家的 z 都保留旧状态，重置都在乘积之后，两行偏置正好对应 bias_ih 与 bias_hh；只有块的次序不同。",
            en="In both z keeps the old state and r acts after the product, and the two rows of bias are bias_ih and bias_hh; only the order of blocks differs.",
        ),
    ),
    ChoiceDrill(
        "gruf-small-test",
        Text(
            zh="用多大的 H 做测试，才分得出重置门放错了位置？",
            en="At which H can a test tell that the reset gate stands in the wrong place?",
        ),
        (
            Text(zh="H 至少为 2，且 U_n 不是对角阵", en="H at least 2, with U_n not diagonal"),
            Text(zh="H = 1 就够，只要 r 不是 0 或 1", en="H = 1 is enough, if r is not 0 or 1"),
            Text(zh="任意 H，只要 D 不等于 H", en="any H, as long as D differs from H"),
            Text(zh="任意 H，只要 T 大于 1", en="any H, as long as T is above 1"),
        ),
        0,
        Text(
            zh="H = 1 时 (r h) U = r (h U)，两种形式是同一个函数；U_n 为对角阵也一样。",
            en="At H = 1 (r h) U = r (h U): both forms are one function; a diagonal U_n has the same effect.",
        ),
    ),
)

QUESTION = Question(
    id="gru-forward",
    section="3.3",
    title=Text(zh="GRU 一步怎么算，是哪一种写法", en="A GRU step, and which spelling of it"),
    ask=Text(
        zh="写出 GRU 的前向计算。你写的和 PyTorch 的一样吗？",
        en="Write down a GRU's forward pass. Is yours the same as PyTorch's?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(
                zh="为什么 PyTorch 和 cuDNN 把重置门放在乘积之后？",
                en="Why do PyTorch and cuDNN reset after the product?",
            ),
            Text(
                zh="为了快：h U 的三块不必等 r，可以一次大矩阵乘算完，每步少一次先后。代价是与 Cho 2014 的公式不是同一个函数；经验上效果相近。（那篇论文在 arXiv 上第一版用的其实是乘积之后，第三版才改到之前，Keras 的文档因此把两种形式分别归给 v1 与 v3。）Keras 自 TensorFlow 2 起默认 reset_after=True，正是为了与 cuDNN 兼容。",
                en="For speed: the three blocks of h U need not wait for r, so one large product computes them all. The price is that it is another function than the formula of Cho 2014; in practice they do about equally well. (The first version of that paper on arXiv reset after the product and the third before it, which is why the Keras documentation names v1 and v3 as the sources of the two.) Since TensorFlow 2 Keras has reset_after=True by default, to be compatible with cuDNN.",
            ),
        ),
        FollowUp(
            Text(zh="GRU 的梯度怎么沿时间回传？", en="How does the gradient go back in time through a GRU?"),
            Text(
                zh="""\
dh_prev 有三路：

    直通      dh * z
    经候选值  (da_n @ U_n.T) * r，其中 da_n = dh * (1 - z) * (1 - n²)
    经两个门  da_r @ U_r.T + da_z @ U_z.T

第一路是加法路径：z 接近 1 时梯度几乎原样回去，作用相当于 LSTM 的 f。""",
                en="""\
dh_prev has three parts:

    direct         dh * z
    by candidate   (da_n @ U_n.T) * r, with da_n = dh * (1 - z) * (1 - n²)
    by the gates   da_r @ U_r.T + da_z @ U_z.T

The first is the additive path: with z near 1 the gradient goes back almost untouched, as it does with the LSTM's f.""",
            ),
        ),
        FollowUp(
            Text(
                zh="要让 GRU 一开始记得久，偏置怎么设？",
                en="How would you set the bias so that a GRU starts with a long memory?",
            ),
            Text(
                zh="看约定：z 保留旧状态时，把更新门的偏置设成正的（例如 1 到 4）；Chung 的约定下要设成负的。抄别人的初始化而不看约定，恰好得到相反的效果。",
                en="That depends on the convention: where z keeps the old state, a positive bias on the update gate (1 to 4, say); in Chung's convention a negative one. Copy an initialisation without looking and you get the opposite.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="先写两个门，再写候选值，最后怎么合并？",
            en="Write the two gates, then the candidate; how are they combined?",
        ),
        Text(
            zh="合并是加权平均。然后问自己：z 乘的是谁？r 在乘 U 之前还是之后？",
            en="By a weighted mean. Then ask yourself: what does z multiply, and does r act before or after U?",
        ),
        Text(
            zh="n = tanh(x W_n + (r * h) U_n + b_n)，h_new = (1 - z) * n + z * h；PyTorch：n = tanh(x W_n + b_in + r * (h U_n + b_hn))。",
            en="n = tanh(x W_n + (r * h) U_n + b_n), h_new = (1 - z) * n + z * h; PyTorch: n = tanh(x W_n + b_in + r * (h U_n + b_hn)).",
        ),
    ),
    drills=DRILLS,
    tasks=("gru-forward", "gru-step-backward"),
    experiment="gru_forward",
    sources=(
        Source(
            "K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk, Y. Bengio",
            2014,
            "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
            "arXiv:1406.1078",
            "section 2.3, equations 5 to 8",
        ),
        Source(
            "J. Chung, C. Gulcehre, K. Cho, Y. Bengio",
            2014,
            "Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling",
            "arXiv:1412.3555",
            "section 3.2",
        ),
        Source(
            "PyTorch contributors",
            2024,
            "torch.nn.GRU (documentation)",
            "https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html",
        ),
        Source(
            "Keras contributors", 2024, "GRU layer (documentation)", "https://keras.io/api/layers/recurrent_layers/gru/"
        ),
        Source(
            "ONNX contributors",
            2024,
            "GRU (operator documentation), linear_before_reset",
            "https://onnx.ai/onnx/operators/onnx__GRU.html",
        ),
    ),
    tags=("gru", "formulas", "conventions"),
)
