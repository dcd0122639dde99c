"""How one step of a GRU goes, and under which conventions."""

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
    zh="每一步用输入 x 和上一步的 h 先算两个门，都过 sigmoid：重置门 r 和更新门 z。然后算候选值 n：旧的 h 先乘上 r，再和 x 一起过线性层和 tanh。最后新的 h 等于 1 减 z 乘 n，加 z 乘旧的 h，是两者的加权平均。写公式前要先讲清约定：这里 z 是保留的份额，与 PyTorch、Keras 相同，Chung 2014 正好相反，把 z 的参数取负就能互换；r 在矩阵乘之前还是之后起作用，则是两个不同的模型，PyTorch 是之后。",
    en="From the input x and the previous h, each step first computes two gates through a sigmoid: reset r and update z. Then the candidate n: the old h is multiplied by r, and together with x goes through a linear layer and tanh. The new h is one minus z times n plus z times the old h, a weighted mean. State your convention first. Here z is the share that is kept, as in PyTorch and Keras; Chung 2014 has it the other way round, and negating z's parameters converts one into the other. Whether r acts before or after the matrix product makes two different models; PyTorch does it after.",
)

WHITEBOARD = Text(
    zh="""\
输入 x (N, D)，旧状态 h (N, H)，按 Cho 等（2014）的形式：

    r     = σ(x W_r + h U_r + b_r)             重置门：候选值能看到多少旧状态
    z     = σ(x W_z + h U_z + b_z)             更新门：旧状态保留多少
    n     = tanh(x W_n + (r * h) U_n + b_n)    候选值：要等 r，不用等 z
    h_new = (1 - z) * n + z * h                加权平均，也就是本步输出

`*` 是逐元素乘。参数并排存放：W (D, 3H)、U (H, 3H)、b (3H,)，顺序 r, z, n。

约定一，z 指哪一份：

    Cho 2014、PyTorch、Keras   h_new = (1 - z) * n + z * h      z 保留旧的
    Chung 2014                 h_new = (1 - z) * h + z * n      z 写入新的

- 因为 σ(-a) = 1 - σ(a)，把 W_z、U_z、b_z 全部取负，一种就精确变成另一种：同一族模型，换了名字。

约定二，r 放在哪里：

    Cho 2014，Keras reset_after=False    (r * h) U_n + b_n          乘积之前
    PyTorch，Keras 默认，cuDNN           r * (h U_n + b_hn)         乘积之后

- 一般不相等，也没有换算办法；只有 H = 1、U_n 是对角阵或 r = 1 时相同。
- 放在之后，h 与三块 U 可以一次乘完；放在之前，要先算出 r 才能乘 U_n。
- 放在之后时 b_hn 在 r 里面，不能与 b_in 合并，所以第二个偏置不是多余的。

反向一步，h 经四条路到 h_new，梯度相加：

    dh_prev = dh * z + (da_n U_nᵀ) * r + da_r U_rᵀ + da_z U_zᵀ""",
    en="""\
Input x (N, D), old state h (N, H), in the form of Cho et al. (2014):

    r     = σ(x W_r + h U_r + b_r)             reset gate: how much of the old state the candidate sees
    z     = σ(x W_z + h U_z + b_z)             update gate: how much of the old state stays
    n     = tanh(x W_n + (r * h) U_n + b_n)    candidate: waits for r, not for z
    h_new = (1 - z) * n + z * h                a weighted mean, and the step's output

`*` is elementwise. The parameters lie side by side: W (D, 3H), U (H, 3H), b (3H,), in the order r, z, n.

Convention one, which share z names:

    Cho 2014, PyTorch, Keras   h_new = (1 - z) * n + z * h      z keeps the old
    Chung 2014                 h_new = (1 - z) * h + z * n      z writes the new

- Since σ(-a) = 1 - σ(a), negating W_z, U_z and b_z turns one exactly into the other: one family of models under two names.

Convention two, where r acts:

    Cho 2014, Keras reset_after=False      (r * h) U_n + b_n        before the product
    PyTorch, Keras' default, cuDNN         r * (h U_n + b_hn)       after the product

- Not equal in general, and nothing converts them; they agree only for H = 1, a diagonal U_n, or r = 1.
- After: h meets all three blocks of U in one product. Before: U_n has to wait until r is known.
- After: b_hn stands inside the reset and cannot be merged with b_in, so the second bias is no spare.

Back through the step, h reaches h_new by four ways and the gradients add up:

    dh_prev = dh * z + (da_n U_nᵀ) * r + da_r U_rᵀ + da_z U_zᵀ""",
)

KEY_POINTS = (
    KeyPoint(
        "gates",
        Text(
            zh="重置门 r 与更新门 z 由 x 与旧的 h 过 sigmoid 得到",
            en="Reset gate r and update gate z come from x and the old h through a sigmoid",
        ),
        (
            r"[rz]\s*=\s*(σ|sigmoid)",
            r"门.{0,20}(sigmoid|σ)",
            r"(sigmoid|σ).{0,16}门",
            r"gates?\b.{0,40}(sigmoid|σ)",
            r"(sigmoid|σ).{0,30}\bgates?",
        ),
    ),
    KeyPoint(
        "candidate",
        Text(
            zh="候选值过 tanh，只看到被 r 遮过的旧状态",
            en="The candidate goes through tanh and sees the old state through r",
        ),
        (
            r"n\w*\s*=\s*tanh[^\n]*r\s*[*⊙∘·×]",
            r"候选.{0,30}(重置门|乘上? ?r|r 乘)",
            r"重置门.{0,16}候选",
            r"candidate.{0,60}\b(reset|multiplied by r|times r)",
            r"reset gate.{0,40}candidate",
        ),
    ),
    KeyPoint(
        "mean",
        Text(
            zh="h_new = (1 - z) * n + z * h：候选值与旧状态的加权平均",
            en="h_new = (1 - z) * n + z * h: a weighted mean of candidate and old state",
        ),
        (
            r"\(1\s*[-−]\s*z\w*\)\s*[*⊙∘·×]?\s*\w+",
            r"1 ?减 ?z",
            r"one minus z",
            r"加权平均|插值|凸组合",
            r"weighted (mean|average)|interpolat|convex combination",
        ),
    ),
    KeyPoint(
        "order",
        Text(
            zh="候选值要等 r，不用等 z；两个门先后随意",
            en="The candidate waits for r and not for z; the two gates come in any order",
        ),
        (
            r"等 ?r",
            r"先算(出)?.{0,8}(重置门|r\b|两个门)",
            r"(先|后)算两个门",
            r"waits? for r",
            r"first computes.{0,16}gates",
            r"(reset gate|r\b).{0,12}(first|before the candidate)",
        ),
    ),
    KeyPoint(
        "z-conventions",
        Text(
            zh="z 有两种约定：Cho 2014、PyTorch、Keras 保留旧的，Chung 2014 相反；取负互换",
            en="Two conventions for z: Cho 2014, PyTorch and Keras keep, Chung 2014 the reverse; negate to convert",
        ),
        (
            r"Chung.{0,30}(相反|反过来|反的|z 写入)",
            r"z.{0,12}(两种|约定|记法)",
            r"参数(全部)?取负",
            r"Chung.{0,60}(other way|revers|opposite|writes the new)",
            r"negat\w+.{0,16}z",
            r"(two )?conventions?.{0,20}\bz\b",
        ),
    ),
    KeyPoint(
        "reset-conventions",
        Text(
            zh="r 在乘积之前（Cho）或之后（PyTorch、Keras 默认）：两个不同的模型",
            en="r before the product (Cho) or after it (PyTorch, Keras' default): two different models",
        ),
        (
            r"(乘积|矩阵乘|相乘|乘法|乘 ?U\w*)(之)?(前|后)",
            r"reset_after|linear_before_reset",
            r"(before|after)( or after)? the (matrix )?(product|multiplication)",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "four-formulas",
        Text(
            zh="笔记依次列出重置门、候选值、更新门、新状态四个算式。",
            en="The notes list four formulas in turn: reset gate, candidate, update gate, new state.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="这个次序可行：候选值要等重置门，最后一行要等更新门与候选值。更新门放第一个也行，候选值对它毫无依赖。",
            en="The order works: the candidate waits for the reset gate, and the last line for update gate and candidate. The update gate could as well come first, since the candidate does not depend on it at all.",
        ),
        Text(
            zh="面试官会问哪几行能并行：两个门一次乘完，候选值在 r 之后，这决定了核函数怎么写。",
            en="An interviewer asks which lines can run together: both gates in one product, the candidate after r; that decides how a kernel is written.",
        ),
        ("lines-are-the-step", "candidate-waits-for-r", "candidate-ignores-z"),
    ),
    NotesClaim(
        "one-gru",
        Text(
            zh="笔记只给一套公式，好像 GRU 只有一种写法。",
            en="The notes give one set of formulas, as though there were one GRU.",
        ),
        NotesVerdict.LIMITED,
        Text(
            zh="不说约定，公式就有歧义。z 的两种约定取负即可互换，只是名字不同；r 的两种位置却是不同的函数，同一组参数算出来的状态不一样。PyTorch 与 Keras 默认都是 z 保留、r 在乘积之后，Keras 的块序还是 z, r, h。",
            en="Without its conventions the formula is ambiguous. The two meanings of z convert into each other by negation and differ in name only; the two places of r are different functions, and the same parameters give other states. PyTorch and Keras' default both let z keep and reset after the product, and Keras stores its blocks as z, r, h.",
        ),
        Text(
            zh="把论文代码的权重搬到框架里，结果对不上，十有八九错在这里；主动说明约定，面试官就知道你真写过。",
            en="When weights moved from a paper's code into a framework give wrong results, this is the usual reason; stating the convention unasked shows that you have done it.",
        ),
        (
            "z-one-keeps",
            "z-one-replaces",
            "z-swapped-is-another-cell",
            "z-negated-converts",
            "z-negated-converts-back",
            "resets-differ",
            "resets-agree-one-unit",
            "pytorch-formula",
            "pytorch-is-not-the-paper",
            "keras-formula",
            "keras-reset-before",
        ),
    ),
)


def _draw_step(random: Random) -> dict[str, float]:
    return {
        "z": random.choice((1, 2, 3, 4, 6, 7, 8, 9)) / 10,
        "h": random.choice((0.1, 0.2, 0.3, 0.4)),
        "n": random.choice((0.6, 0.7, 0.8, 0.9)),
    }


def _chung(z: float, h: float, n: float) -> float:
    return round((1 - z) * h + z * n, 10)


def _draw_unit(random: Random) -> dict[str, float]:
    return {
        "x": random.choice((1, 2)),
        "h": random.choice((-0.8, -0.5, -0.4, 0.4, 0.5, 0.8)),
        "w": random.choice((0.2, 0.3, 0.5)),
        "u": random.choice((-0.4, -0.2, 0.2, 0.4)),
    }


def _candidate(x: float, h: float, w: float, u: float) -> float:
    import numpy as np

    from rnnref import gru_candidate

    one = np.ones((1, 1))
    return float(gru_candidate(x * one, h * one, 0.5 * one, w * one, u * one, np.zeros(1))[0, 0])


def _draw_reset(random: Random) -> dict[str, float]:
    return {
        "h1": random.choice((0.2, 0.4, 0.6)),
        "h2": random.choice((0.5, 0.8, 1.0)),
        "r1": random.choice((0.1, 0.2, 0.3)),
        "r2": random.choice((0.5, 0.7, 0.9)),
        "u1": random.choice((1, 2, 3)),
        "u2": random.choice((1, 2, 4)),
    }


def _reset_before(h1: float, h2: float, r1: float, r2: float, u1: float, u2: float) -> float:
    return round(r1 * h1 * u1 + r2 * h2 * u2, 10)


def _reset_after(h1: float, h2: float, r1: float, r2: float, u1: float, u2: float) -> float:
    return round(r1 * (h1 * u1 + h2 * u2), 10)


def _draw_sizes(random: Random) -> dict[str, int]:
    return {
        "T": random.choice((5, 10, 20)),
        "N": random.choice((1, 2, 4, 8)),
        "D": random.choice((3, 8, 10, 16)),
        "H": random.choice((4, 10, 16, 20)),
    }


def _products(T: int, N: int, D: int, H: int) -> int:
    from rnnref import lstm_macs

    return lstm_macs(T, N, D, H) * 3 // 4


def _draw_decay(random: Random) -> dict[str, float]:
    return {"z": random.choice((0.5, 0.8, 0.9, 0.95)), "T": random.randint(2, 8)}


def _decay(z: float, T: int) -> float:
    import numpy as np

    from rnnref import gru_forward

    zero = np.zeros((1, 3))
    b = np.array([0.0, np.log(z / (1 - z)), 0.0])
    return float(gru_forward(np.zeros((T, 1, 1)), np.ones((1, 1)), zero, zero, b)[-1, 0, 0])


DRILLS = (
    OrderDrill(
        "gru-forward-order",
        Text(
            zh="按先后排好 GRU 一步（r 在乘积之前起作用）。",
            en="Put one GRU step in order (r acts before the product).",
        ),
        (
            Text(zh="由 x 与旧的 h 算出 r 和 z", en="compute r and z from x and the old h"),
            Text(zh="逐元素算 r * h", en="compute r * h elementwise"),
            Text(zh="用 U_n 乘 r * h，再加 x W_n 与 b_n", en="multiply r * h by U_n, add x W_n and b_n"),
            Text(zh="取 tanh，得到 n", en="take tanh, which gives n"),
            Text(zh="用 z 把 n 与旧的 h 平均成 h_new", en="average n and the old h with z into h_new"),
        ),
        Text(
            zh="候选值要等 r；z 到最后一步才用上，所以可以和 r 在同一次乘法里算。",
            en="The candidate waits for r; z is needed only at the end, so it can share r's product.",
        ),
    ),
    NumberDrill(
        "gru-forward-chung",
        Text(
            zh="按 Chung 等（2014）的写法，z = {z}，旧的 h = {h}，候选值 n = {n}。新的 h 是多少？",
            en="As Chung et al. (2014) write it: z = {z}, old h = {h}, candidate n = {n}. What is the new h?",
        ),
        _draw_step,
        _chung,
        Text(
            zh="这里 z 是新内容的份额：(1 - {z}) × {h} + {z} × {n} = {answer:.4g}。",
            en="Here z is the share that is new: (1 - {z}) × {h} + {z} × {n} = {answer:.4g}.",
        ),
        tolerance=1e-3,
    ),
    NumberDrill(
        "gru-forward-candidate",
        Text(
            zh="一个单元：x = {x}，h = {h}，r = 0.5，W_n = {w}，U_n = {u}，b_n = 0。候选值 n 是多少？",
            en="One unit: x = {x}, h = {h}, r = 0.5, W_n = {w}, U_n = {u}, b_n = 0. What is the candidate n?",
        ),
        _draw_unit,
        _candidate,
        Text(
            zh="tanh({x} × {w} + 0.5 × ({h}) × ({u})) = {answer:.4g}；只有一个单元时 r 放在哪里都一样。",
            en="tanh({x} × {w} + 0.5 × ({h}) × ({u})) = {answer:.4g}; with one unit the place of r makes no difference.",
        ),
        tolerance=1e-2,
    ),
    NumberDrill(
        "gru-forward-reset-before",
        Text(
            zh="h = ({h1}, {h2})，r = ({r1}, {r2})，U_n 的第一列是 ({u1}, {u2})。r 在乘积之前起作用时，第一个单元的候选值从旧状态得到多少（tanh 之前）？",
            en="h = ({h1}, {h2}), r = ({r1}, {r2}), the first column of U_n is ({u1}, {u2}). With r before the product, how much does the first unit's candidate get from the old state (before tanh)?",
        ),
        _draw_reset,
        _reset_before,
        Text(
            zh="每个 h 先乘自己的 r：{r1} × {h1} × {u1} + {r2} × {h2} × {u2} = {answer:.4g}。",
            en="Each h is first multiplied by its own r: {r1} × {h1} × {u1} + {r2} × {h2} × {u2} = {answer:.4g}.",
        ),
        tolerance=1e-3,
    ),
    NumberDrill(
        "gru-forward-reset-after",
        Text(
            zh="h = ({h1}, {h2})，r = ({r1}, {r2})，U_n 的第一列是 ({u1}, {u2})，没有偏置。按 PyTorch 的形式，第一个单元的候选值从旧状态得到多少（tanh 之前）？",
            en="h = ({h1}, {h2}), r = ({r1}, {r2}), the first column of U_n is ({u1}, {u2}), no bias. In PyTorch's form, how much does the first unit's candidate get from the old state (before tanh)?",
        ),
        _draw_reset,
        _reset_after,
        Text(
            zh="先乘完再由第一个单元的 r 来遮：{r1} × ({h1} × {u1} + {h2} × {u2}) = {answer:.4g}；{r2} 在这里用不上。",
            en="The finished product is masked by the first unit's own r: {r1} × ({h1} × {u1} + {h2} × {u2}) = {answer:.4g}; {r2} is not used here.",
        ),
        tolerance=1e-3,
    ),
    NumberDrill(
        "gru-forward-products",
        Text(
            zh="T = {T}，N = {N}，D = {D}，H = {H}：一层 GRU 前向一遍，矩阵乘共有多少次乘加？",
            en="T = {T}, N = {N}, D = {D}, H = {H}: how many multiply-adds do the matrix products of one GRU layer's forward pass take?",
        ),
        _draw_sizes,
        _products,
        Text(
            zh="三块，每块 D × H + H × H：{T} × {N} × 3 × {H} × ({D} + {H}) = {answer:.0f}。",
            en="Three blocks of D × H + H × H: {T} × {N} × 3 × {H} × ({D} + {H}) = {answer:.0f}.",
        ),
    ),
    NumberDrill(
        "gru-forward-decay",
        Text(
            zh="候选值恒为 0，更新门恒为 {z}（保留旧状态的约定），h 从 1 开始。{T} 步之后 h 是多少？",
            en="The candidate is always 0 and the update gate always {z} (keeping the old state); h starts at 1. What is h after {T} steps?",
        ),
        _draw_decay,
        _decay,
        Text(
            zh="每步乘 z：{z} 的 {T} 次方 = {answer:.4g}。",
            en="Each step multiplies by z: {z} to the power {T} = {answer:.4g}.",
        ),
        tolerance=1e-2,
    ),
    FormulaDrill(
        "gru-forward-pytorch-candidate",
        Text(
            zh="写出 PyTorch 的候选值：x (N, D)，h、r (N, H)，W (D, H)，U (H, H)，输入一侧的偏置 b，隐藏一侧的偏置 c。",
            en="Write PyTorch's candidate: x (N, D), h and r (N, H), W (D, H), U (H, H), bias b on the input's side, bias c on the hidden side.",
        ),
        {
            "x": ("N", "D"),
            "h": ("N", "H"),
            "r": ("N", "H"),
            "W": ("D", "H"),
            "U": ("H", "H"),
            "b": ("H",),
            "c": ("H",),
        },
        "tanh(x @ W + b + r * (h @ U + c))",
        Text(
            zh="r 乘的是 h U + c 这个整体，所以 c 不能并进 b。",
            en="r multiplies h U + c as a whole, so c cannot be merged into b.",
        ),
        (
            (
                "tanh(x @ W + b + (r * h) @ U + c)",
                Text(
                    zh="这是 Cho 等（2014）的位置，r 在乘积之前。",
                    en="That is where Cho et al. (2014) have it, r before the product.",
                ),
            ),
            (
                "tanh(x @ W + b + r * (h @ U) + c)",
                Text(zh="c 也在 r 的括号里面。", en="c stands inside r's parentheses too."),
            ),
            (
                "tanh(r * (x @ W + b + h @ U + c))",
                Text(zh="r 不碰输入那一侧。", en="r does not touch the input's side."),
            ),
            ("tanh(x @ W + b + h @ U + c)", Text(zh="没有用重置门。", en="The reset gate is not used.")),
        ),
        unit=("r",),
    ),
    FormulaDrill(
        "gru-forward-dz",
        Text(
            zh="h_new = (1 - z) * n + z * h，z 过 sigmoid。已知 h_new 的梯度 d，写出 z 的预激活的梯度。",
            en="h_new = (1 - z) * n + z * h, and z comes from a sigmoid. Given the gradient d at h_new, write the gradient at z's pre-activation.",
        ),
        {"d": ("N", "H"), "h": ("N", "H"), "n": ("N", "H"), "z": ("N", "H")},
        "d * (h - n) * z * (1 - z)",
        Text(
            zh="h_new 对 z 的导数是 h - n，sigmoid 的导数是 z (1 - z)。",
            en="h_new has the derivative h - n in z, and the sigmoid's is z (1 - z).",
        ),
        (
            (
                "d * (n - h) * z * (1 - z)",
                Text(
                    zh="符号反了：这是 Chung 约定下的梯度。",
                    en="The sign is turned: that is the gradient under Chung's convention.",
                ),
            ),
            (
                "d * (h - n)",
                Text(zh="还差 sigmoid 的导数 z (1 - z)。", en="The sigmoid's derivative z (1 - z) is missing."),
            ),
            (
                "d * h * z * (1 - z)",
                Text(zh="z 也出现在 (1 - z) * n 里。", en="z also stands in (1 - z) * n."),
            ),
        ),
        unit=("z",),
    ),
    ChoiceDrill(
        "gru-forward-convert",
        Text(
            zh="一份照 Chung 等（2014）写的权重，r 也在乘积之前，要放进 z 保留旧状态的实现里。怎样改才等价？",
            en="Weights from code after Chung et al. (2014), r before the product, go into an implementation in which z keeps the old state. What makes them equivalent?",
        ),
        (
            Text(zh="把 W_z、U_z、b_z 取负", en="negate W_z, U_z and b_z"),
            Text(zh="把 W_n、U_n、b_n 取负", en="negate W_n, U_n and b_n"),
            Text(zh="交换 r 与 z 的两块参数", en="exchange the blocks of r and z"),
            Text(zh="把 b_z 换成 1 - b_z", en="replace b_z by 1 - b_z"),
        ),
        0,
        Text(
            zh="σ(-a) = 1 - σ(a)，预激活整体取负，z 就成了 1 - z；只改偏置不够。",
            en="σ(-a) = 1 - σ(a): with the whole pre-activation negated z becomes 1 - z; the bias alone does not do it.",
        ),
    ),
    ChoiceDrill(
        "gru-forward-keras-order",
        Text(
            zh="Keras 的 GRU 把三块参数按什么次序并排存放？",
            en="In which order does Keras' GRU store its three blocks side by side?",
        ),
        (
            Text(zh="更新、重置、候选", en="update, reset, candidate"),
            Text(zh="重置、更新、候选", en="reset, update, candidate"),
            Text(zh="候选、重置、更新", en="candidate, reset, update"),
            Text(zh="重置、候选、更新", en="reset, candidate, update"),
        ),
        0,
        Text(
            zh="Keras 与 ONNX 是 z, r, h；PyTorch 是 r, z, n。搬权重时要换前两块，还要转置。",
            en="Keras and ONNX use z, r, h; PyTorch r, z, n. Moving weights exchanges the first two blocks, and transposes.",
        ),
    ),
    TrueFalseDrill(
        "gru-forward-same-function",
        Text(
            zh="r 在乘积之前或之后，只要参数相同，算出的状态就相同。",
            en="With r before or after the product, the same parameters give the same states.",
        ),
        False,
        Text(
            zh="一般不同：之前是每个旧单元被自己的 r 遮，之后是每个新单元的和被自己的 r 遮。只有 H = 1、U_n 为对角阵或 r = 1 时相同。",
            en="In general they differ: before, each old unit is masked by its own r; after, each new unit's sum is. They agree only for H = 1, a diagonal U_n, or r = 1.",
        ),
    ),
    TrueFalseDrill(
        "gru-forward-z-first",
        Text(
            zh="更新门可以在重置门和候选值之前算，结果不变。",
            en="The update gate can be computed before the reset gate and the candidate without changing the result.",
        ),
        True,
        Text(
            zh="z 只依赖 x 与旧的 h；候选值不读 z。",
            en="z depends on x and the old h only, and the candidate does not read z.",
        ),
    ),
    TrueFalseDrill(
        "gru-forward-inner-bias",
        Text(
            zh="nn.GRU 的 bias_ih 与 bias_hh 总可以合并成一个而不改变输出。",
            en="The bias_ih and bias_hh of nn.GRU can always be merged into one without changing the output.",
        ),
        False,
        Text(
            zh="门那两段可以；候选值那一段的 b_hn 在 r 里面，r 随时间变化，不能并进 b_in。",
            en="The gates' parts can; the candidate's b_hn stands inside r, which changes over time, and cannot go into b_in.",
        ),
    ),
)

QUESTION = Question(
    id="gru-forward",
    section="3.3",
    title=Text(zh="GRU 一步怎么算，约定有哪些", en="One GRU step, and its conventions"),
    ask=Text(
        zh="请写出 GRU 一步的计算。你用的是哪一种约定？PyTorch 的和论文里的一样吗？",
        en="Write down one GRU step. Which convention are you using, and is PyTorch's the one of the paper?",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(
                zh="为什么框架要把重置门挪到乘积之后？",
                en="Why do frameworks move the reset gate behind the product?",
            ),
            Text(
                zh="为了快。h 与 U_r、U_z、U_n 可以拼成一次 (H, 3H) 的乘法，cuDNN 就是这样做的；放在之前，必须等 r 算完才能做第三块，每步多一次串行的乘法。乘加的总数不变，少的是一次等待。PyTorch 的文档写明了这与原论文不同；ONNX 用属性 linear_before_reset 区分，默认 0 是论文的形式。",
                en="For speed. h meets U_r, U_z and U_n in one product with an (H, 3H) matrix, as cuDNN does it; before the product, the third block has to wait for r, one more serial product at each step. The multiply-adds are as many; one wait is saved. PyTorch's documentation says that this differs from the paper; ONNX tells the two apart by its attribute linear_before_reset, whose default 0 is the paper's form.",
            ),
        ),
        FollowUp(
            Text(
                zh="z 恒为 1 会怎样？恒为 0 呢？",
                en="And if z is always 1? Always 0?",
            ),
            Text(
                zh="按 z 保留的约定，恒为 1 时状态原样复制，什么也不写；恒为 0 时 h_new = n，旧状态只能经 r 和 U_n 进来，r = 1 时就是普通 RNN。按 Chung 的写法两句话对调，所以回答前先说清约定。",
                en="With z keeping: always 1 copies the state and writes nothing; always 0 gives h_new = n, the old state comes in only through r and U_n, and at r = 1 that is a plain RNN. As Chung writes it the two answers change places, so state your convention first.",
            ),
        ),
        FollowUp(
            Text(
                zh="反向传播一步，dh_prev 由哪几部分组成？",
                en="Back through one step: what is dh_prev made of?",
            ),
            Text(
                zh="四条路径之和：直接保留的 dh * z；经候选值的 (da_n U_nᵀ) * r；经重置门的 da_r U_rᵀ，其中 da_r = (da_n U_nᵀ) * h * r * (1 - r)；经更新门的 da_z U_zᵀ，其中 da_z = dh * (h - n) * z * (1 - z)。da_n = dh * (1 - z) * (1 - n²)。第一条没有矩阵，z 接近 1 时梯度几乎原样传回，这就是它缓解消失的原因。",
                en="The sum of four ways: dh * z, kept directly; (da_n U_nᵀ) * r through the candidate; da_r U_rᵀ through the reset gate, with da_r = (da_n U_nᵀ) * h * r * (1 - r); da_z U_zᵀ through the update gate, with da_z = dh * (h - n) * z * (1 - z). And da_n = dh * (1 - z) * (1 - n²). The first has no matrix on it: with z near 1 the gradient comes back almost whole, which is how a GRU eases vanishing.",
            ),
        ),
        FollowUp(
            Text(
                zh="怎么把 PyTorch 的 GRU 权重搬到 Keras？",
                en="How do you move a GRU's weights from PyTorch to Keras?",
            ),
            Text(
                zh="Keras 保持默认 reset_after=True。weight_ih (3H, D) 转置成 kernel (D, 3H)，weight_hh 转置成 recurrent_kernel (H, 3H)，两个偏置叠成 (2, 3H)；块序从 r, z, n 换成 z, r, h。z 的约定两边相同，不要取负。最后用随机输入对一遍输出。",
                en="Leave Keras at its default reset_after=True. Transpose weight_ih (3H, D) into kernel (D, 3H) and weight_hh into recurrent_kernel (H, 3H), stack the two biases into (2, 3H), and reorder the blocks from r, z, n to z, r, h. z means the same in both, so negate nothing. Then compare the outputs on random input.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="两个门，一个候选值，一行平均。哪一行要等哪一行？",
            en="Two gates, one candidate, one mean. Which line waits for which?",
        ),
        Text(
            zh="两处有不同写法：z 指留下的还是写入的份额，r 在乘 U_n 之前还是之后。",
            en="Two things are written differently: whether z is the share kept or written, and whether r acts before or after U_n.",
        ),
        Text(
            zh="n = tanh(x W_n + (r * h) U_n + b_n)；h_new = (1 - z) * n + z * h。",
            en="n = tanh(x W_n + (r * h) U_n + b_n); h_new = (1 - z) * n + z * h.",
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
        ),
        Source(
            "J. Chung, C. Gulcehre, K. Cho, Y. Bengio",
            2014,
            "Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling",
            "arXiv:1412.3555",
        ),
        Source(
            "PyTorch contributors",
            2025,
            "torch.nn.GRU",
            "https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html",
        ),
        Source("Keras contributors", 2025, "GRU layer", "https://keras.io/api/layers/recurrent_layers/gru/"),
        Source("ONNX contributors", 2025, "GRU operator", "https://onnx.ai/onnx/operators/onnx__GRU.html"),
    ),
    tags=("gru", "forward", "conventions"),
)
