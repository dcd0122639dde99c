"""Why anybody wanted an LSTM: what a plain recurrent net cannot learn over time."""

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
    Question,
    Source,
    Text,
    TrueFalseDrill,
)


def _norm_and_lag(random: Random) -> dict[str, float]:
    return {"r": random.choice((0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2)), "k": random.choice((10, 20, 30))}


def _flow(r: float, k: int) -> float:
    import numpy as np

    from rnnref import gradient_flow

    silent = np.zeros((k + 1, 2))
    return float(gradient_flow(silent, r * np.eye(2))[0])


def _unit(random: Random) -> dict[str, float]:
    return {"u": random.choice((0.5, 0.8, 1.2, 1.5, 2.0)), "h": random.choice((-0.9, -0.6, -0.3, 0.2, 0.5, 0.8, 0.95))}


def _slope(u: float, h: float) -> float:
    import numpy as np

    from rnnref import rnn_jacobian

    return float(rnn_jacobian(np.array([[h]]), np.array([[u]]))[0, 0, 0])


def _reach(random: Random) -> dict[str, float]:
    return {"r": random.choice((0.5, 0.6, 0.7, 0.8, 0.9, 0.95))}


def _steps_to_thousandth(r: float) -> int:
    size, steps = 1.0, 0
    while size >= 1e-3:
        size, steps = size * r, steps + 1
    return steps


QUESTION = Question(
    id="why-lstm",
    section="2.1",
    title=Text(zh="为什么要有 LSTM", en="Why there is an LSTM"),
    ask=Text(
        zh="普通 RNN 已经有记忆了，为什么还要 LSTM？它解决了什么，没解决什么？",
        en="A plain recurrent net has a memory already. Why the LSTM? What does it solve, and what does it not?",
    ),
    notes=(
        NotesClaim(
            id="cures-both",
            claim=Text(
                zh="要 LSTM，是因为普通 RNN 有梯度消失，也有梯度爆炸。",
                en="The LSTM is there because plain nets suffer from vanishing and from exploding gradients.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="对了一半。LSTM 针对的是消失：沿 c 的加法通路让误差能传很远。爆炸它没有解决，训练时照样要裁剪。就连消失也只是缓解：遗忘门从 0.5 起步时，50 步后的梯度一样小得可以忽略，要把偏置调大才行。",
                en="Half right. The LSTM is aimed at vanishing: the additive path along c carries errors far. Explosion it does not solve, and training still clips. Even vanishing is only eased: with forget gates that start at 0.5 the gradient over 50 steps is just as negligible, until the bias is raised.",
            ),
            matters=Text(
                zh="接下来一定会问“那爆炸呢？”和“不调偏置行不行？”。",
                en="The next questions are bound to be “and explosion?” and “does it work without raising the bias?”",
            ),
            evidence=("lstm-keeps-gradient", "lstm-without-bias-vanishes", "lstm-explodes-too", "rnn-vanishes"),
        ),
        NotesClaim(
            id="long-range",
            claim=Text(
                zh="普通 RNN 学不到长距离的依赖。",
                en="A plain recurrent net does not learn dependence over long distances.",
            ),
            verdict=NotesVerdict.LIMITED,
            truth=Text(
                zh="方向对，但不是“不能表示”，而是“梯度下降难以学到”（Bengio 等，1994）。参数一样多、训练一样久，隔 5 步的回忆 RNN 也能学会，隔 120 步就学不会，LSTM 和 GRU 学得会。正交或单位阵初始化能让 RNN 走得远一些。",
                en="The direction is right, but it is not that it cannot represent it: gradient descent finds it hard to learn (Bengio et al., 1994). With equally many parameters and steps an RNN learns recall over 5 steps and fails over 120, where LSTM and GRU succeed. An orthogonal or identity start takes an RNN somewhat further.",
            ),
            matters=Text(
                zh="区分“表示能力”和“可训练性”，是这道题拉开差距的地方。",
                en="Telling what a model can represent from what it can be trained to do is what sets a good answer to this question apart.",
            ),
            evidence=(
                "near-recall-rnn",
                "far-recall-rnn",
                "far-recall-lstm",
                "far-recall-gru",
                "orthogonal-flat-in-silence",
            ),
        ),
    ),
    spoken=Text(
        zh="普通 RNN 把误差传回 k 步之前，要连乘 k 个雅可比：每个都是同一个 U 再乘上不大于 1 的 tanh 导数。结果几乎总是指数级地消失，偶尔爆炸，于是远处的输入收不到学习信号。这不是表示不了，而是学不到。LSTM 加了一条加法更新的细胞状态，沿它走只乘遗忘门，门接近 1，梯度就传得远。它缓解了消失，但没有解决爆炸，训练仍要裁剪梯度。",
        en="To carry an error back k steps, a plain recurrent net multiplies k Jacobians, each of them the same U with derivatives of tanh that are at most one. The product almost always vanishes exponentially, now and then it explodes, so distant inputs get no learning signal. It is not that the net cannot represent them; it cannot learn them. The LSTM adds a cell state that is updated additively: along it only forget gates multiply, and near one they let the gradient travel. It eases vanishing, not explosion: we still clip.",
    ),
    whiteboard=Text(
        zh="""\
普通 RNN：

    h_t = tanh(x_t W + h_(t-1) U + b)
    J_t = d h_t / d h_(t-1) = diag(1 - h_t²) Uᵀ
    d h_T / d h_(T-k) = J_T J_(T-1) … J_(T-k+1)

每个 J_t 里是同一个 U，前面的对角阵不大于 1，所以

    ‖d h_T / d h_(T-k)‖ ≤ ‖U‖^k

- ‖U‖ < 1 必然消失（充分条件）；‖U‖ > 1 只是爆炸的必要条件，tanh 饱和时照样消失。
- 这是时间上的距离，不是层数。
- 梯度是各个跨度的和：近处的项不小，远处的项没了，于是只学得到近处的依赖。

几种对策：

    正交或单位阵初始化    起步时 ‖U‖ = 1；有输入后 tanh 仍使它衰减
    按范数裁剪            只治爆炸
    截断 BPTT             省算力，但放弃了远处
    LSTM / GRU            换一条路：状态加法更新

LSTM 的路：

    c_t = f_t * c_(t-1) + i_t * g_t
    d c_T / d c_(T-k) = Π f      只沿 c 走

- f ≈ 1 时 k = 120 也传得到；f 从 0.5 起步则 50 步后不到 1e-12，所以偏置要从 1 甚至更大起步。
- 经 h 的路仍要乘 U，可能爆炸，仍要裁剪。

实验：参数同样约 1700 个，隔 120 步回忆八个符号之一，RNN 远远学不会，LSTM 与 GRU 接近全对。
""",
        en="""\
A plain recurrent net:

    h_t = tanh(x_t W + h_(t-1) U + b)
    J_t = d h_t / d h_(t-1) = diag(1 - h_t²) Uᵀ
    d h_T / d h_(T-k) = J_T J_(T-1) ... J_(T-k+1)

Every J_t holds the same U behind a diagonal of at most 1, so

    ‖d h_T / d h_(T-k)‖ ≤ ‖U‖^k

- ‖U‖ < 1 must vanish (sufficient); ‖U‖ > 1 is only necessary to explode, and saturated tanh vanishes all the same.
- It is distance in time, not the number of layers.
- The gradient is a sum over lags: near terms are there, far ones are gone, so only near dependence is learned.

What people do about it:

    orthogonal start      ‖U‖ = 1 at first; with input it still fades
    clipping by norm      cures explosion only
    truncated BPTT        saves work and gives up the far past
    LSTM / GRU            another path: an additive state

The path in an LSTM:

    c_t = f_t * c_(t-1) + i_t * g_t
    d c_T / d c_(T-k) = Π f      along c alone

- With f ≈ 1 it reaches k = 120; starting from f = 0.5 leaves less than 1e-12 after 50 steps, so the bias starts at 1 or higher.
- Paths through h still multiply by U and can explode; clip all the same.

The experiment: about 1700 parameters each, one of eight symbols to recall after 120 steps: the RNN is far from it, LSTM and GRU are nearly perfect.
""",
    ),
    key_points=(
        KeyPoint(
            "product-of-jacobians",
            Text(
                zh="误差跨 k 步要连乘 k 个雅可比，U 相同",
                en="Over k steps an error is multiplied by k Jacobians with the same U",
            ),
            (r"连乘", r"雅可比", r"J_T\s*J_", r"jacobian", r"same (U|matrix)", r"product of"),
        ),
        KeyPoint(
            "vanishing",
            Text(
                zh="多半指数级消失，远处得不到学习信号",
                en="It mostly vanishes exponentially; distant inputs get no signal",
            ),
            (r"消失", r"vanish"),
        ),
        KeyPoint(
            "learnability",
            Text(zh="不是表示不了，而是梯度下降学不到", en="Not a matter of representing but of learning"),
            (
                r"(学不到|难以学|可训练)",
                r"(not|isn't) (that )?[^.;\n]{0,30}represent",
                r"cannot learn|hard to learn|get no learning signal",
                r"only near dependence",
                r"只学得到近处",
                r"(很难|难以?)学(到|会)|学不会",
                r"can't learn|(hard|difficult) to learn",
            ),
        ),
        KeyPoint(
            "additive-cell",
            Text(
                zh="LSTM 的细胞状态加法更新，沿 c 只乘遗忘门",
                en="The LSTM's cell state is additive; along c only forget gates multiply",
            ),
            (
                r"加法",
                r"additive",
                r"f\w*\s*[*⊙·×]\s*c\S*\s*\+\s*i\w*\s*[*⊙·×]\s*g",
                r"乘遗忘门",
                r"forget gates? multipl",
                r"updated by addition",
                r"multiplied by the forget gate",
                r"只乘.{0,2}遗忘门",
            ),
        ),
        KeyPoint(
            "explosion-stays",
            Text(zh="爆炸没有解决，仍要裁剪", en="Explosion is not solved; gradients are still clipped"),
            (
                r"(?<!不用)(?<!不需要)(?<!无需)(?<!不必)(?<!不再)裁剪",
                r"(?<!no )(?<!without )(?<!no need to )(?<!not need to )(?<!n't need to )\bclip",
            ),
        ),
        KeyPoint(
            "forget-bias",
            Text(
                zh="遗忘门要从接近 1 起步，否则照样消失",
                en="Forget gates must start near 1, or it vanishes all the same",
            ),
            (r"门接近\s*1", r"偏置", r"f\s*≈\s*1", r"near (1|one)", r"forget[- ](gate )?bias|the bias starts"),
        ),
    ),
    follow_ups=(
        FollowUp(
            Text(
                zh="为什么不直接把 tanh 换成 ReLU？",
                en="Why not simply put ReLU in place of tanh?",
            ),
            Text(
                zh="ReLU 的导数是 1，确实去掉了 tanh 那一份衰减，但 U 的连乘还在：谱半径大于 1 就爆炸，小于 1 就消失，而且状态没有上界。配上单位阵初始化和裁剪才好用，这就是 IRNN（Le 等，2015）；光换激活函数治不好。",
                en="ReLU has slope 1, which removes the part of the fading that is due to tanh, but the product of U remains: a spectral radius above 1 explodes, below 1 vanishes, and the state has no bound. With an identity start and clipping it works (IRNN, Le et al., 2015); the activation alone cures nothing.",
            ),
        ),
        FollowUp(
            Text(
                zh="那把 U 初始化成正交矩阵，不就够了？",
                en="Is it not enough to start U as an orthogonal matrix?",
            ),
            Text(
                zh="只在线性区够。没有输入时梯度范数恰好是 1；一有输入，tanh 的导数小于 1，50 步后实验里就小于 0.01，而且训练会把 U 带离正交。酉矩阵与正交 RNN（Arjovsky 等，2016）把约束一直保持，代价是表达力和计算。",
                en="Only in the linear regime. With no input the gradient's norm is exactly 1; with input the slopes of tanh are below 1 and the experiment finds less than 0.01 after 50 steps, and training moves U away from orthogonal. Unitary and orthogonal RNNs (Arjovsky et al., 2016) keep the constraint, at a price in expressiveness and computation.",
            ),
        ),
        FollowUp(
            Text(
                zh="LSTM 刚提出时有遗忘门吗？那时的 f 是多少？",
                en="Did the first LSTM have a forget gate? What was f then?",
            ),
            Text(
                zh="没有，相当于 f 恒为 1，论文称为常数误差传送带：误差沿 c 原样传回。遗忘门是 Gers 等人 2000 年加的，为的是在连续的流上能清空记忆；为了不失去原来的好处，偏置要让 f 从接近 1 起步。",
                en="No: it was as if f were always 1, which the paper calls the constant error carousel. Gers et al. added the forget gate in 2000 so that memory can be cleared on a continual stream; to keep the old benefit, the bias has to start f near 1.",
            ),
        ),
        FollowUp(
            Text(
                zh="注意力出现之后，这个问题还存在吗？",
                en="Does the problem still exist now that there is attention?",
            ),
            Text(
                zh="换了地方。注意力里任意两个位置只隔一跳，时间上没有连乘；深度方向的连乘由残差连接照顾。重新流行的状态空间模型又是时间上的连乘，靠参数化把衰减系数限制在 1 以内并从接近 1 处起步，与遗忘门偏置是同一个道理。",
                en="It moved. With attention any two positions are one hop apart and nothing multiplies along time; along depth residual connections take care of it. State-space models, back in use, multiply along time again, and parameterise their decay to stay within 1 and to start near 1, which is the idea of the forget bias.",
            ),
        ),
    ),
    hints=(
        Text(
            zh="写出误差往回走一步要乘什么，再想走一百步。",
            en="Write what an error is multiplied by on one step back, then think of a hundred.",
        ),
        Text(
            zh="连乘同一个 U，必然指数级变化；能不能给记忆一条不乘 U 的路？",
            en="A product of the same U must change exponentially; could memory have a path without U?",
        ),
        Text(
            zh="‖d h_T / d h_(T-k)‖ ≤ ‖U‖^k；LSTM 换成 d c_T / d c_(T-k) = Π f。",
            en="‖d h_T / d h_(T-k)‖ ≤ ‖U‖^k; the LSTM has d c_T / d c_(T-k) = Π f instead.",
        ),
    ),
    drills=(
        NumberDrill(
            id="why-lstm-flow",
            ask=Text(
                zh="一个没有输入、状态为 0 的 tanh RNN，U = {r} · I。隔 {k} 步的梯度范数是多少？（误差 2% 以内）",
                en="A tanh RNN with no input and state 0 has U = {r} · I. What is the gradient norm over {k} steps? (within 2%)",
            ),
            draw=_norm_and_lag,
            answer=_flow,
            why=Text(
                zh="h = 0 处 tanh 的导数是 1，所以是 {r}^{k} = {answer:.4g}。",
                en="tanh has slope 1 at 0, so it is {r}^{k} = {answer:.4g}.",
            ),
            tolerance=0.02,
        ),
        NumberDrill(
            id="why-lstm-slope",
            ask=Text(
                zh="只有一个单元的 RNN：U = {u}，这一步得到 h_new = {h}。d h_new / d h 是多少？（误差 1% 以内）",
                en="An RNN of one unit: U = {u}, and this step gave h_new = {h}. What is d h_new / d h? (within 1%)",
            ),
            draw=_unit,
            answer=_slope,
            why=Text(
                zh="(1 - h_new²) · U = (1 - {h}²) × {u} = {answer:.4g}。",
                en="(1 - h_new²) · U = (1 - {h}²) × {u} = {answer:.4g}.",
            ),
            tolerance=0.01,
        ),
        NumberDrill(
            id="why-lstm-reach",
            ask=Text(
                zh="每往回走一步梯度乘 {r}。至少走几步它会小于原来的千分之一？",
                en="Each step back multiplies the gradient by {r}. After how many steps is it below a thousandth?",
            ),
            draw=_reach,
            answer=_steps_to_thousandth,
            why=Text(
                zh="ln 0.001 / ln {r} 向上取整：{answer} 步。",
                en="ln 0.001 / ln {r}, rounded up: {answer} steps.",
            ),
        ),
        FormulaDrill(
            id="why-lstm-jacobian",
            ask=Text(
                zh="h_new (H,) 是 tanh RNN 一步之后的状态，U (H, H) 从右边乘（h @ U）。写出雅可比 J[i, j] = d h_new[i] / d h[j]。",
                en="h_new (H,) is a tanh RNN's state after a step, and U (H, H) multiplies from the right (h @ U). Write the Jacobian J[i, j] = d h_new[i] / d h[j].",
            ),
            variables={"h_new": ("H",), "U": ("H", "H")},
            answer="diag(1 - h_new ** 2) @ U.T",
            why=Text(
                zh="h @ U 的第 i 个分量对 h[j] 的导数是 U[j, i]，所以是转置；tanh 的导数缩放第 i 行。",
                en="The derivative of component i of h @ U with respect to h[j] is U[j, i], hence the transpose; the slope of tanh scales row i.",
            ),
            wrong=(
                (
                    "diag(1 - h_new ** 2) @ U",
                    Text(zh="少了转置：U 是从右边乘的。", en="The transpose is missing: U multiplies from the right."),
                ),
                (
                    "U.T @ diag(1 - h_new ** 2)",
                    Text(zh="缩放的应是行而不是列。", en="The slope scales rows, not columns."),
                ),
                ("U.T", Text(zh="漏了 tanh 的导数。", en="The slope of tanh is missing.")),
                (
                    "diag(h_new * (1 - h_new)) @ U.T",
                    Text(zh="那是 sigmoid 的导数。", en="That is the slope of a sigmoid."),
                ),
            ),
        ),
        ChoiceDrill(
            id="why-lstm-failure",
            ask=Text(
                zh="一个 tanh RNN 在隔 120 步的回忆任务上停在碰运气的水平，最可能的原因是什么？",
                en="A tanh RNN stays at chance on recall over 120 steps. What is the likeliest reason?",
            ),
            options=(
                Text(zh="第 1 步的输入收不到可用的梯度", en="No usable gradient reaches the first input"),
                Text(zh="RNN 表示不了跨越 120 步的函数", en="An RNN cannot represent a function over 120 steps"),
                Text(zh="隐藏单元太少，记不下八个符号", en="Too few hidden units to hold eight symbols"),
                Text(zh="softmax 输出层在长序列上饱和", en="The softmax output saturates on long sequences"),
            ),
            right=0,
            why=Text(
                zh="表示得了：同样大小的 RNN 在隔 5 步时学得会，八个符号三个单元就够。学不会是因为梯度在 120 步里消失了。",
                en="It can represent it: the same net learns it over 5 steps, and three units can hold eight symbols. It fails because the gradient is gone within 120 steps.",
            ),
        ),
        ChoiceDrill(
            id="why-lstm-not-solved",
            ask=Text(
                zh="下面哪一个问题，换成 LSTM 之后仍要另外处理？",
                en="Which of these still has to be dealt with after moving to an LSTM?",
            ),
            options=(
                Text(zh="梯度偶尔指数级放大", en="gradients that now and then explode"),
                Text(zh="隔几十步的依赖", en="dependence over tens of steps"),
                Text(zh="不同时间步不能共享参数", en="parameters that steps cannot share"),
                Text(zh="只能处理固定长度的输入", en="inputs that have to be of one length"),
            ),
            right=0,
            why=Text(
                zh="爆炸要靠裁剪。参数共享与变长输入是 RNN 本来就有的，几十步的依赖正是 LSTM 的强项。",
                en="Explosion takes clipping. Shared parameters and any length are what a plain RNN has too, and dependence over tens of steps is what the LSTM is good at.",
            ),
        ),
        TrueFalseDrill(
            id="why-lstm-cures-both",
            claim=Text(
                zh="LSTM 的设计同时消除了梯度消失和梯度爆炸。",
                en="The design of the LSTM removes vanishing and exploding gradients alike.",
            ),
            holds=False,
            why=Text(
                zh="消失是缓解而非消除，爆炸没有解决：经 h 的路仍反复乘 U。",
                en="Vanishing is eased, not removed, and explosion is not solved: paths through h still multiply by U again and again.",
            ),
        ),
        TrueFalseDrill(
            id="why-lstm-norm-below-one",
            claim=Text(
                zh="只要 ‖U‖ < 1，tanh RNN 的梯度必然随跨度指数消失。",
                en="If the norm of U is below 1, a tanh RNN's gradients must vanish exponentially with the lag.",
            ),
            holds=True,
            why=Text(
                zh="tanh 的导数不大于 1，所以每步至多乘 ‖U‖：小于 1 是消失的充分条件。反过来不成立：‖U‖ > 1 只是爆炸的必要条件。",
                en="Slopes of tanh are at most 1, so a step multiplies by the norm of U at most: below 1 is sufficient to vanish. The reverse fails: above 1 is only necessary to explode.",
            ),
        ),
    ),
    tasks=("rnn-jacobian", "gradient-flow", "orthogonal-init"),
    experiment="why_lstm",
    sources=(
        Source(
            "Y. Bengio, P. Simard, P. Frasconi",
            1994,
            "Learning long-term dependencies with gradient descent is difficult",
            "IEEE Transactions on Neural Networks 5(2), doi:10.1109/72.279181",
        ),
        Source(
            "S. Hochreiter, J. Schmidhuber",
            1997,
            "Long Short-Term Memory",
            "Neural Computation 9(8), doi:10.1162/neco.1997.9.8.1735",
            "sections 3.2 and 4",
        ),
        Source(
            "F. A. Gers, J. Schmidhuber, F. Cummins",
            2000,
            "Learning to Forget: Continual Prediction with LSTM",
            "Neural Computation 12(10), doi:10.1162/089976600300015015",
            "section 3",
        ),
        Source(
            "R. Pascanu, T. Mikolov, Y. Bengio",
            2013,
            "On the difficulty of training recurrent neural networks",
            "ICML, arXiv:1211.5063",
            "section 2",
        ),
        Source(
            "A. M. Saxe, J. L. McClelland, S. Ganguli",
            2014,
            "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
            "ICLR, arXiv:1312.6120",
        ),
        Source(
            "Q. V. Le, N. Jaitly, G. E. Hinton",
            2015,
            "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
            "arXiv:1504.00941",
        ),
        Source(
            "M. Arjovsky, A. Shah, Y. Bengio",
            2016,
            "Unitary evolution recurrent neural networks",
            "ICML, arXiv:1511.06464",
        ),
        Source("C. Tallec, Y. Ollivier", 2018, "Can recurrent neural networks warp time?", "ICLR, arXiv:1804.11188"),
    ),
    tags=("lstm", "rnn", "gradients"),
)
