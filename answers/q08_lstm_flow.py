"""How one step of an LSTM goes, line by line."""

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
    formula,
)

SPOKEN = Text(
    zh="每一步先用当前输入 x 和上一步的隐藏状态 h 算四样东西：遗忘门 f、输入门 i、输出门 o 都过 sigmoid，候选值 g 过 tanh。然后更新细胞状态：旧的 c 乘上 f，再加上 i 乘 g。最后用新的 c 过一次 tanh，乘上输出门 o，得到新的 h。传给下一步的是 h 和 c 两个状态。四个预激活可以拼成一次矩阵乘法来算，因为它们只依赖 x 和旧的 h，彼此没有先后。",
    en="At each step the cell reads the input x and the previous hidden state h and computes four things: the forget, input and output gates through a sigmoid, and the candidate g through a tanh. Then it updates the cell state: the old c times the forget gate, plus the input gate times the candidate. Finally the new c goes through tanh and is multiplied by the output gate; that is the new h. Both h and c go on to the next step. The four pre-activations depend only on x and the old h, so one matrix product computes them all.",
)

WHITEBOARD = Text(
    zh="""\
输入 x (N, D)，旧状态 h、c (N, H)。六行，按结果第一次被用到的先后写：

    f     = σ(x W_f + h U_f + b_f)       遗忘门：旧记忆留多少
    i     = σ(x W_i + h U_i + b_i)       输入门：新内容写多少
    g     = tanh(x W_g + h U_g + b_g)    候选值：写什么，可正可负
    c_new = f * c + i * g                细胞状态：先遗忘，再相加
    o     = σ(x W_o + h U_o + b_o)       输出门：露出多少
    h_new = o * tanh(c_new)              隐藏状态：用的是新的 c

`*` 是逐元素乘。σ(a) = 1 / (1 + exp(-a))，取值在 0 与 1 之间。

实现时四块参数并排放成 W (D, 4H)、U (H, 4H)、b (4H,)，顺序 i, f, g, o，一次算完再切开：

    a = x @ W + h @ U + b
    i, f, g, o = split(a, 4)，前两块与 o 过 σ，g 过 tanh

三点容易说错：

- 三个门和候选值都只看 x 与旧的 h，谁先算都行；真正有先后的只有 c_new 与 h_new。
- h_new 用的是更新后的 c，不是旧的 c。
- |h| < 1，因为 |o| < 1 且 |tanh| < 1；c 没有上界，每一步最多增加 1。""",
    en="""\
Input x (N, D), old states h and c (N, H). Six lines, in the order in which results are first needed:

    f     = σ(x W_f + h U_f + b_f)     forget gate: how much old stays
    i     = σ(x W_i + h U_i + b_i)     input gate: how much new enters
    g     = tanh(x W_g + h U_g + b_g)  candidate: what enters, ±
    c_new = f * c + i * g              cell state: forget, then add
    o     = σ(x W_o + h U_o + b_o)     output gate: how much is shown
    h_new = o * tanh(c_new)            hidden state: reads the new c

`*` is elementwise. σ(a) = 1 / (1 + exp(-a)) lies between 0 and 1.

In code the four blocks stand side by side, W (D, 4H), U (H, 4H), b (4H,), in the order i, f, g, o; one product, then split:

    a = x @ W + h @ U + b
    i, f, g, o = split(a, 4); σ on i, f and o, tanh on g

Three things that people get wrong:

- The three gates and the candidate read x and the old h only, so their order is free; only c_new and h_new have to wait.
- h_new reads the updated c, not the old one.
- |h| < 1, because |o| < 1 and |tanh| < 1; c has no bound and can grow by up to 1 at each step.""",
)

KEY_POINTS = (
    KeyPoint(
        "inputs",
        Text(
            zh="三个门和候选值都由当前输入 x 与上一步的 h 算出",
            en="The gates and the candidate are computed from the input x and the previous h",
        ),
        (
            r"\bx\b.{0,40}(上一步|上一时刻|前一步|旧的?|之前).{0,12}(h\b|隐藏状态|隐状态|状态)",
            r"x\b.{0,60}\b(previous|last|old|earlier) (hidden state|state|h\b)",
            r"x_?t.{0,20}h_?\{?\(?t ?[-−] ?1",
            r"x ?@? ?W\w* ?\+ ?h\w* ?@? ?U",
        ),
    ),
    KeyPoint(
        "gates",
        Text(
            zh="遗忘门、输入门、输出门过 sigmoid，取值 0 到 1",
            en="Forget, input and output gate go through a sigmoid into 0 .. 1",
        ),
        (
            r"门.{0,20}(sigmoid|σ)",
            r"(sigmoid|σ).{0,20}门",
            r"gates?\b.{0,40}(sigmoid|σ)",
            r"(sigmoid|σ).{0,30}\bgates?",
            r"f\s*=\s*(σ|sigmoid)",
        ),
    ),
    KeyPoint(
        "candidate",
        Text(zh="候选值过 tanh，可正可负", en="The candidate goes through tanh and can have either sign"),
        (r"候选.{0,20}tanh", r"candidate.{0,40}tanh", r"tanh.{0,20}(候选|candidate)", r"\bg\w*\s*=\s*tanh"),
    ),
    KeyPoint(
        "cell",
        Text(zh="c_new = f * c + i * g：先遗忘，再相加", en="c_new = f * c + i * g: forget first, then add"),
        (
            r"f\w*\s*[*⊙∘·×]\s*c.{0,12}\+\s*i\w*\s*[*⊙∘·×]\s*\w",
            r"c.{0,6}乘.{0,6}(f|遗忘门).{0,12}加.{0,6}(i|输入门)",
            r"old c(ell)?( state)? times the forget gate.{0,10}plus",
            r"forget gate times.{0,30}plus.{0,12}input gate",
        ),
    ),
    KeyPoint(
        "output",
        Text(zh="h_new = o * tanh(c_new)，用的是新的 c", en="h_new = o * tanh(c_new), with the new c"),
        (
            r"o\w*\s*[*⊙∘·×]\s*tanh\s*\(?\s*c",
            r"新的 ?c.{0,20}tanh.{0,12}输出门",
            r"new c(ell)?( state)?.{0,30}tanh.{0,30}output gate",
            r"output gate times.{0,12}tanh of the (new|updated)",
        ),
    ),
    KeyPoint(
        "two-states",
        Text(
            zh="往下一步传两个状态：h 与 c；从 o 到 c 没有通路",
            en="Two states go on, h and c; the output gate does not touch c",
        ),
        (
            r"h ?(和|与|、|及) ?c.{0,6}(两个)?状态",
            r"两个状态",
            r"(细胞|单元)状态.{0,20}(隐藏|隐)状态",
            r"both (h and c|c and h)",
            r"two states",
            r"states h and c",
            r"(传|带)(给|到|往).{0,8}h ?(和|与|、) ?c",
        ),
    ),
    KeyPoint(
        "one-product",
        Text(
            zh="四块参数拼在一起，一次矩阵乘法算完四个预激活",
            en="All four pre-activations come from one matrix product",
        ),
        (
            r"一次(矩阵)?(乘法|乘积|算完|矩阵乘)",
            r"(拼|并排|合并).{0,20}(矩阵|一次)",
            r"(one|single) (matrix )?(product|multiplication|matmul)",
            r"4 ?\*? ?H\b",
            r"合成.{0,12}(矩阵|一次)",
            r"one (big|large|wide) (matrix|product|matmul)",
        ),
    ),
)

NOTES = (
    NotesClaim(
        "six-steps",
        Text(
            zh="一步按遗忘门、输入门、候选内容、记忆单元、输出门、输出的次序进行。",
            en="A step goes: forget gate, input gate, candidate, cell state, output gate, output.",
        ),
        NotesVerdict.HOLDS,
        Text(
            zh="六行齐全，次序可行。要补一句：四个预激活互不依赖，次序只是讲法；有依赖的是 c_new 要等 f、i、g，h_new 要等 o 与 c_new。",
            en="All six lines are there and the order works. Add one sentence: the four pre-activations do not depend on each other, so their order is only a way of presenting them; c_new waits for f, i, g, and h_new waits for o and c_new.",
        ),
        Text(
            zh="面试官常追问“哪些可以并行算”。背下次序却以为输入门依赖遗忘门的人，会在这里卡住。",
            en="“What could you compute in parallel?” is the usual follow-up. Anyone who learned the order by heart and believes that the input gate waits for the forget gate gets stuck there.",
        ),
        ("six-lines-are-the-step", "one-product-is-four"),
    ),
    NotesClaim(
        "delta-is-sigmoid",
        Text(zh="门的公式里用 δ 记 sigmoid。", en="In the gates' formulas δ stands for the sigmoid."),
        NotesVerdict.LIMITED,
        Text(
            zh="勘误：函数说对了，字母错了。sigmoid 记作 σ（sigma）；δ（delta）在反向传播里表示误差项。这里用的是 logistic 函数 σ(a) = 1 / (1 + exp(-a))。",
            en="Erratum: the function is right, the letter is not. The sigmoid is written σ (sigma); δ (delta) is the error term of back-propagation. The function meant is the logistic one, σ(a) = 1 / (1 + exp(-a)).",
        ),
        Text(
            zh="在白板上写 δ，面试官会以为你在写误差项；紧接着的问题往往就是反向传播，那时 δ 已经被占用。",
            en="On a whiteboard δ reads as an error term; and the next question is often back-propagation, where you need that letter.",
        ),
        ("gate-is-logistic",),
    ),
)


def _draw_cell(random: Random) -> dict[str, float]:
    sizes = {
        "f": random.randint(5, 19) / 20,
        "c": random.randint(2, 20) / 10,
        "i": random.randint(1, 19) / 20,
        "g": random.randint(-8, 9) / 10,
    }
    return sizes if abs(_cell(**sizes)) > 0.05 else _draw_cell(random)  # a share of 0 is no tolerance


def _cell(f: float, c: float, i: float, g: float) -> float:
    import numpy as np

    import rnnref

    return float(rnnref.lstm_cell_state(*(np.array([[v]]) for v in (c, i, f, g)))[0, 0])


def _draw_gate(random: Random) -> dict[str, float]:
    return {
        "x": random.randint(-20, 20) / 10,
        "w": random.randint(-10, 10) / 10,
        "h": random.randint(-9, 9) / 10,
        "u": random.randint(-10, 10) / 10,
        "b": random.choice((0.0, 0.5, 1.0)),
    }


def _gate(x: float, w: float, h: float, u: float, b: float) -> float:
    import numpy as np

    import rnnref

    return float(rnnref.sigmoid(np.array(x * w + h * u + b)))


def _draw_shown(random: Random) -> dict[str, float]:
    return {
        "f": random.randint(5, 19) / 20,
        "c": random.randint(5, 20) / 10,
        "i": random.randint(1, 10) / 20,
        "g": random.randint(1, 9) / 10,
        "o": random.randint(4, 19) / 20,
    }


def _shown(f: float, c: float, i: float, g: float, o: float) -> float:
    import math

    return o * math.tanh(_cell(f, c, i, g))


def _draw_steady(random: Random) -> dict[str, float]:
    return {"f": random.choice((0.5, 0.75, 0.8, 0.9, 0.95, 0.98)), "k": random.randint(2, 12)}


def _steady(f: float, k: int) -> float:
    return float(f**k)


DRILLS = (
    OrderDrill(
        "flow-six-lines",
        Text(
            zh="把一步 LSTM 的六行排好：先是更新记忆的四行（门和候选值按在 f * c + i * g 里出现的先后），再是输出的两行。",
            en="Order the six lines of a step: first the four that update the memory (gates and candidate as they stand in f * c + i * g), then the two of the output.",
        ),
        (
            Text(zh="f = σ(x W_f + h U_f + b_f)，遗忘门", en="f = σ(x W_f + h U_f + b_f), forget gate"),
            Text(zh="i = σ(x W_i + h U_i + b_i)，输入门", en="i = σ(x W_i + h U_i + b_i), input gate"),
            Text(zh="g = tanh(x W_g + h U_g + b_g)，候选值", en="g = tanh(x W_g + h U_g + b_g), candidate"),
            Text(zh="c_new = f * c + i * g，细胞状态", en="c_new = f * c + i * g, cell state"),
            Text(zh="o = σ(x W_o + h U_o + b_o)，输出门", en="o = σ(x W_o + h U_o + b_o), output gate"),
            Text(zh="h_new = o * tanh(c_new)，隐藏状态", en="h_new = o * tanh(c_new), hidden state"),
        ),
        Text(
            zh="c_new 要用 f、i、g，h_new 要用 o 与 c_new。四个预激活之间没有依赖，所以实现里一次算完。",
            en="c_new needs f, i and g; h_new needs o and c_new. The four pre-activations do not need each other, which is why code computes them at once.",
        ),
    ),
    OrderDrill(
        "flow-fused-step",
        Text(
            zh="真实代码里，LSTM 的一步合在一起算。把这些操作按执行先后排好。",
            en="Real code computes an LSTM step fused. Put its operations in order.",
        ),
        (
            formula("a = x @ W + h @ U + b"),
            Text(zh="把 a 沿最后一轴切成四块", en="split a into four along the last axis"),
            Text(zh="三块过 σ，一块过 tanh", en="σ on three of the blocks, tanh on one"),
            Text(zh="旧的 c 逐元素乘 f，加上 i * g", en="old c times f, elementwise, plus i * g"),
            Text(zh="新的 c 过 tanh，再乘 o", en="tanh of the new c, times o"),
        ),
        Text(
            zh="两次矩阵乘法占去几乎全部时间，后面都是逐元素运算；所以把四个门拼成一个宽矩阵是值得的。",
            en="Almost all the time goes into the two matrix products; the rest is elementwise. That is why the four gates are laid side by side in one wide matrix.",
        ),
    ),
    FormulaDrill(
        "flow-cell-state",
        Text(
            zh="写出新的细胞状态：已知旧状态 c、输入门 i、遗忘门 f、候选值 g。",
            en="Write the new cell state, given the old state c, input gate i, forget gate f and candidate g.",
        ),
        {"c": ("N", "H"), "i": ("N", "H"), "f": ("N", "H"), "g": ("N", "H")},
        "f * c + i * g",
        Text(
            zh="遗忘门管旧的，输入门管新的；两项相加，所以梯度沿 c 有一条只乘 f 的路。",
            en="The forget gate governs the old, the input gate the new; the two are added, so along c the gradient has a path on which it is multiplied by f alone.",
        ),
        (
            (
                "i * c + f * g",
                Text(
                    zh="i 与 f 用反了：遗忘门 f 乘旧的 c，输入门 i 乘候选值 g。",
                    en="i and f are swapped: f multiplies the old c, i multiplies the candidate g.",
                ),
            ),
            (
                "f * c + (1 - f) * g",
                Text(
                    zh="这是把两个门绑在一起的变体（GRU 的做法）；标准 LSTM 的输入门是独立的 i。",
                    en="That couples the two gates, as a GRU does; a standard LSTM has an input gate of its own, i.",
                ),
            ),
            (
                "c + i * g",
                Text(
                    zh="少了遗忘门：这是 1997 年最初的 LSTM，旧记忆从不衰减。",
                    en="The forget gate is missing: this is the LSTM of 1997, whose memory never fades.",
                ),
            ),
            (
                "(1 - f) * c + i * g",
                Text(
                    zh="方向反了：f = 1 表示全部保留，名字叫“遗忘”却是保留的比例。",
                    en="The wrong way round: f = 1 keeps everything; despite its name it is the share that stays.",
                ),
            ),
        ),
        unit=("i", "f"),
    ),
    FormulaDrill(
        "flow-hidden-state",
        Text(
            zh="写出新的隐藏状态，只用旧状态 c 与 i、f、g、o 四个量。",
            en="Write the new hidden state from the old state c and from i, f, g, o alone.",
        ),
        {"c": ("N", "H"), "i": ("N", "H"), "f": ("N", "H"), "g": ("N", "H"), "o": ("N", "H")},
        "o * tanh(f * c + i * g)",
        Text(
            zh="先更新 c，再用新的 c 过 tanh，最后乘输出门。",
            en="Update c first, then take tanh of the new c, then multiply by the output gate.",
        ),
        (
            (
                "o * tanh(c)",
                Text(
                    zh="用了旧的 c：输出要读更新后的细胞状态。",
                    en="That reads the old c: the output reads the updated cell state.",
                ),
            ),
            (
                "o * (f * c + i * g)",
                Text(
                    zh="少了 tanh：这样 h 会随 c 无界增长。",
                    en="The tanh is missing: h would grow with c without bound.",
                ),
            ),
            (
                "tanh(o * (f * c + i * g))",
                Text(
                    zh="括号放错了：先对 c_new 取 tanh，输出门在 tanh 外面乘。",
                    en="The parenthesis is misplaced: tanh acts on c_new, the output gate multiplies outside.",
                ),
            ),
            (
                "o * sigmoid(f * c + i * g)",
                Text(zh="c_new 过的是 tanh，不是 σ。", en="c_new goes through tanh, not σ."),
            ),
        ),
        unit=("i", "f", "o"),
    ),
    FormulaDrill(
        "flow-forget-gate",
        Text(
            zh="写出遗忘门：输入 x (N, D)，旧状态 h (N, H)，参数 W (D, H)、U (H, H)、b (H,)。",
            en="Write the forget gate: input x (N, D), old state h (N, H), parameters W (D, H), U (H, H), b (H,).",
        ),
        {"x": ("N", "D"), "h": ("N", "H"), "W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
        "sigmoid(x @ W + h @ U + b)",
        Text(
            zh="门就是一层以 x 和 h 为输入的全连接层，激活函数是 sigmoid。",
            en="A gate is a dense layer over x and h with a sigmoid on top.",
        ),
        (
            (
                "tanh(x @ W + h @ U + b)",
                Text(
                    zh="tanh 会给出负值：乘到 c 上会翻转记忆的符号。门用 σ。",
                    en="tanh gives negative values, which would flip the memory's sign. Gates use σ.",
                ),
            ),
            (
                "sigmoid(x @ W + h @ U)",
                Text(
                    zh="少了偏置 b：遗忘门恰恰靠它把初值设到接近 1。",
                    en="The bias b is missing; it is what starts the forget gate near 1.",
                ),
            ),
            (
                "sigmoid(x @ W + h @ U.T + b)",
                Text(
                    zh="U 转置了：本约定里参数从右边乘，h @ U。",
                    en="U is transposed: here parameters multiply from the right, h @ U.",
                ),
            ),
            (
                "sigmoid(x @ W + b)",
                Text(zh="没有看上一步的状态 h。", en="It does not look at the previous state h."),
            ),
        ),
    ),
    NumberDrill(
        "flow-one-gate",
        Text(
            zh="D = H = 1：x = {x}，h = {h}，w = {w}，u = {u}，b = {b}。遗忘门 f = σ(x w + h u + b) 等于多少？（误差 5% 以内，两位有效数字就够）",
            en="D = H = 1: x = {x}, h = {h}, w = {w}, u = {u}, b = {b}. What is the forget gate f = σ(x w + h u + b)? (within 5%; two significant digits will do)",
        ),
        _draw_gate,
        _gate,
        Text(
            zh="先求和，再代入 1 / (1 + exp(-a))，得 {answer:.4f}。心算参照：σ(0) = 0.5，σ(1) ≈ 0.73，σ(2) ≈ 0.88，σ(-a) = 1 - σ(a)。",
            en="Sum first, then 1 / (1 + exp(-a)): {answer:.4f}. Worth knowing by heart: σ(0) = 0.5, σ(1) ≈ 0.73, σ(2) ≈ 0.88, σ(-a) = 1 - σ(a).",
        ),
        tolerance=0.05,
    ),
    NumberDrill(
        "flow-new-cell",
        Text(
            zh="一个单元：旧的 c = {c}，f = {f}，i = {i}，g = {g}。新的 c 等于多少？（误差 1% 以内）",
            en="One unit: old c = {c}, f = {f}, i = {i}, g = {g}. What is the new c? (within 1%)",
        ),
        _draw_cell,
        _cell,
        Text(zh="{f} × {c} + {i} × ({g}) = {answer:.4f}。", en="{f} × {c} + {i} × ({g}) = {answer:.4f}."),
        tolerance=0.01,
    ),
    NumberDrill(
        "flow-new-hidden",
        Text(
            zh="一个单元：旧的 c = {c}，f = {f}，i = {i}，g = {g}，o = {o}。新的 h 等于多少？（误差 2% 以内）",
            en="One unit: old c = {c}, f = {f}, i = {i}, g = {g}, o = {o}. What is the new h? (within 2%)",
        ),
        _draw_shown,
        _shown,
        Text(
            zh="先得 c_new = {f} × {c} + {i} × {g}，再 h = {o} × tanh(c_new) = {answer:.4f}。",
            en="First c_new = {f} × {c} + {i} × {g}, then h = {o} × tanh(c_new) = {answer:.4f}.",
        ),
        tolerance=0.02,
    ),
    NumberDrill(
        "flow-kept-share",
        Text(
            zh="遗忘门恒为 {f}，输入门恒为 0。{k} 步之后，最初的 c 还剩多大比例？（误差 2% 以内）",
            en="The forget gate stays at {f} and the input gate at 0. What share of the first c is left after {k} steps? (within 2%)",
        ),
        _draw_steady,
        _steady,
        Text(
            zh="每一步乘一次 f：{f} 的 {k} 次方 = {answer:.4g}。",
            en="Each step multiplies by f once: {f} to the power {k} = {answer:.4g}.",
        ),
        tolerance=0.02,
    ),
    TrueFalseDrill(
        "flow-letter",
        Text(
            zh="LSTM 公式里门的激活函数，规范的记号是 σ；δ 通常表示反向传播的误差项。",
            en="The gates' activation is properly written σ; δ usually stands for the error term of back-propagation.",
        ),
        True,
        Text(
            zh="这正是笔记里写混的一处：函数是 sigmoid 没错，字母应当是 σ。",
            en="The notes mix these two: the function is the sigmoid, its letter is σ.",
        ),
    ),
    TrueFalseDrill(
        "flow-output-gate-reads-c",
        Text(
            zh="标准 LSTM 里，输出门要等 c_new 算出来之后才能算。",
            en="In a standard LSTM the output gate can be computed only once c_new is known.",
        ),
        False,
        Text(
            zh="o 只看 x 与旧的 h，可以和其他门同时算。带窥视孔（peephole）的变体才让 o 读 c_new（Gers 与 Schmidhuber 2000）。",
            en="o reads x and the old h only and is computed together with the others. Only the peephole variant lets o read c_new (Gers & Schmidhuber 2000).",
        ),
    ),
    ChoiceDrill(
        "flow-unbounded",
        Text(
            zh="一步里出现的这些量，哪一个的绝对值可以超过 1？",
            en="Which of these quantities of a step can exceed 1 in magnitude?",
        ),
        (
            Text(zh="细胞状态 c_new", en="the cell state c_new"),
            Text(zh="隐藏状态 h_new", en="the hidden state h_new"),
            Text(zh="候选值 g", en="the candidate g"),
            Text(zh="遗忘门 f", en="the forget gate f"),
        ),
        0,
        Text(
            zh="c_new = f * c + i * g：f 接近 1 时它可以一步步累加，每步最多增加 1。h、g 被 tanh 限制在 (-1, 1)，f 在 (0, 1)。",
            en="c_new = f * c + i * g can add up step by step while f is near 1, by at most 1 a step. tanh holds h and g inside (-1, 1), and f is inside (0, 1).",
        ),
    ),
    ChoiceDrill(
        "flow-moved-output-gate",
        Text(
            zh="只把这一步的输出门偏置 b_o 调大，这一步里什么会变？",
            en="Only the output gate's bias b_o is raised. What changes within this step?",
        ),
        (
            Text(zh="只有 h_new，c_new 不变", en="h_new only, c_new stays"),
            Text(zh="只有 c_new，h_new 不变", en="c_new only, h_new stays"),
            Text(zh="c_new 和 h_new 都变", en="both c_new and h_new"),
            Text(zh="两个都不变，下一步才变", en="neither, until the next step"),
        ),
        0,
        Text(
            zh="o 只出现在 h_new = o * tanh(c_new) 里。它要到下一步才会经由 h 影响别的门，进而影响 c。",
            en="o occurs in h_new = o * tanh(c_new) alone. Only at the next step does it reach the gates, and so c, through h.",
        ),
    ),
)

QUESTION = Question(
    id="lstm-flow",
    section="2.3",
    title=Text(zh="LSTM 一步怎么算", en="One LSTM step, line by line"),
    ask=Text(
        zh="请在白板上写出 LSTM 一步的计算过程，并说明每一行在做什么。",
        en="Write one LSTM step on the whiteboard and tell me what each line is for.",
    ),
    notes=NOTES,
    spoken=SPOKEN,
    whiteboard=WHITEBOARD,
    key_points=KEY_POINTS,
    follow_ups=(
        FollowUp(
            Text(zh="如果遗忘门恒为 1 呢？", en="And if the forget gate is 1?"),
            Text(
                zh="那就是 1997 年最初的 LSTM：c_new = c + i * g，旧内容从不衰减，沿 c 的梯度一步乘 1，不会消失。代价是 c 会一直累加、把 tanh 推到饱和，而且没法在新段落开始时清空；Gers 等人在 2000 年加入遗忘门就是为了这个。",
                en="Then it is the LSTM of 1997: c_new = c + i * g. Nothing stored ever fades, and the gradient along c is multiplied by 1 at each step, so it does not vanish. The price: c keeps adding up until tanh saturates, and nothing can clear it when a new passage starts. That is why Gers et al. added the forget gate in 2000.",
            ),
        ),
        FollowUp(
            Text(
                zh="为什么输出之前还要对 c 取一次 tanh？",
                en="Why take tanh of c before the output?",
            ),
            Text(
                zh="c 没有上界，直接乘 o 输出，下一步的预激活就会跟着放大，门全部饱和。tanh 把读出来的值压回 (-1, 1)，而 c 本身不受影响，仍沿加法这条路传下去。去掉它也能训练，但 Greff 等人 2017 年的对比里，遗忘门和输出激活是最不能省的两样。",
                en="c has no bound; shown as it is, it would blow up the next step's pre-activations and saturate all gates. tanh brings what is read back into (-1, 1), while c itself stays untouched and goes on along the additive path. It can be left out, but in the comparison of Greff et al. (2017) the forget gate and the output activation were the two parts that hurt most when removed.",
            ),
        ),
        FollowUp(
            Text(
                zh="PyTorch 的 LSTM 和这六行有什么出入？",
                en="How does PyTorch's LSTM differ from these six lines?",
            ),
            Text(
                zh="数学上一样，门的顺序也是 i, f, g, o。布局不同：PyTorch 存的是 weight_ih (4H, D) 与 weight_hh (4H, H)，计算时转置；偏置有两个，b_ih 与 b_hh，相加后使用，所以参数多出 4H 个。",
                en="The mathematics is the same, and so is the gate order i, f, g, o. The layout differs: it stores weight_ih (4H, D) and weight_hh (4H, H) and transposes them in the product; and it has two bias vectors, b_ih and b_hh, which are added, so it reports 4H parameters more.",
            ),
        ),
        FollowUp(
            Text(zh="窥视孔连接是什么？", en="What are peephole connections?"),
            Text(
                zh="让门直接看到细胞状态：f、i 多看旧的 c，o 多看新的 c，权重逐元素相乘。Gers 与 Schmidhuber（2000）用它学精确计时。如今主流框架默认不带；ONNX 的 LSTM 算子仍有输入 P。",
                en="They let the gates see the cell state: f and i also read the old c, o the new c, with elementwise weights. Gers & Schmidhuber (2000) used them to learn precise timing. Today's frameworks leave them out by default; ONNX's LSTM operator still has its input P.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="有两个状态：一个存，一个露。先想清楚哪个是哪个。",
            en="There are two states: one stores, one shows. Which is which?",
        ),
        Text(
            zh="三个门加一个候选值，都是 x 与旧 h 的全连接层；然后一行更新记忆，一行输出。",
            en="Three gates and one candidate, each a dense layer over x and the old h; then one line updates the memory and one produces the output.",
        ),
        Text(
            zh="c_new = f * c + i * g；h_new = o * tanh(c_new)。",
            en="c_new = f * c + i * g; h_new = o * tanh(c_new).",
        ),
    ),
    drills=DRILLS,
    tasks=("lstm-gates", "lstm-cell-state", "lstm-step"),
    experiment="lstm_flow",
    sources=(
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "F. A. Gers, J. Schmidhuber, F. Cummins",
            2000,
            "Learning to Forget: Continual Prediction with LSTM",
            "doi:10.1162/089976600300015015",
            "section 3",
        ),
        Source(
            "F. A. Gers, J. Schmidhuber", 2000, "Recurrent Nets that Time and Count", "doi:10.1109/IJCNN.2000.861302"
        ),
        Source(
            "K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink, J. Schmidhuber",
            2017,
            "LSTM: A Search Space Odyssey",
            "arXiv:1503.04069",
            "sections II and V",
        ),
        Source(
            "PyTorch contributors",
            2025,
            "torch.nn.LSTM",
            "https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html",
        ),
    ),
    tags=("lstm", "forward"),
)
