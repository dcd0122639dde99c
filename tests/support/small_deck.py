# ruff: noqa: E501 - a line of prose is a line
"""One small question with everything, so that pictures of screens do not change with the deck."""

from answers.model import (
    ChoiceDrill,
    Claim,
    Experiment,
    FollowUp,
    KeyPoint,
    Line,
    NotesClaim,
    NotesVerdict,
    Plot,
    Question,
    Series,
    Source,
    Text,
)

QUESTION = Question(
    id="lstm-flow",
    section="2.3",
    title=Text(zh="LSTM 一步怎么算", en="One LSTM step"),
    ask=Text(
        zh="请在白板上写出 LSTM 的一步，并说明每一行在做什么。", en="Write one LSTM step and say what each line is for."
    ),
    notes=(
        NotesClaim(
            "delta",
            Text(zh="门里用 δ 记 sigmoid。", en="δ stands for the sigmoid."),
            NotesVerdict.WRONG,
            Text(zh="应当是 σ。", en="It is σ."),
            Text(zh="δ 是误差项。", en="δ is the error term."),
        ),
    ),
    spoken=Text(
        zh="三个门都过 sigmoid，候选值过 tanh；先遗忘（f 乘旧的 c），再相加（i 乘 g），最后用输出门露出 tanh(c)。",
        en="Three gates go through a sigmoid, the candidate through a tanh; first forget, then add, then show tanh of c.",
    ),
    whiteboard=Text(
        zh="按顺序写：\n\n    c_new = f * c + i * g        细胞状态\n    h_new = o * tanh(c_new)      隐藏状态\n\n- 门在 0 与 1 之间\n- `h_new` 用的是**新的** c",
        en="In order:\n\n    c_new = f * c + i * g        cell state\n    h_new = o * tanh(c_new)      hidden state\n\n- gates lie between 0 and 1\n- `h_new` reads the **new** c",
    ),
    key_points=(
        KeyPoint("gates", Text(zh="三个门过 sigmoid", en="Three gates, each a sigmoid"), (r"sigmoid",)),
        KeyPoint(
            "cell",
            Text(zh="c_new = f * c + i * g：先遗忘，再相加", en="c_new = f * c + i * g: forget, then add"),
            (r"f \* c",),
        ),
        KeyPoint("output", Text(zh="h_new 用的是新的 c", en="h_new reads the new c"), (r"new c",)),
    ),
    follow_ups=(
        FollowUp(Text(zh="若遗忘门恒为 1？", en="If the forget gate is 1?"), Text(zh="只增不减。", en="It only adds.")),
    ),
    hints=(
        Text(zh="有两个状态。", en="There are two states."),
        Text(zh="三门一候选。", en="Three gates."),
        Text(zh="看 c。", en="See c."),
    ),
    drills=(
        ChoiceDrill(
            "bound",
            Text(zh="哪一个量的绝对值可以超过 1？", en="Which quantity can exceed 1 in magnitude?"),
            (
                Text(zh="细胞状态 c_new", en="the cell state c_new"),
                Text(zh="隐藏状态 h_new", en="the hidden state h_new"),
                Text(zh="候选值 g", en="the candidate g"),
            ),
            0,
            Text(zh="c 一步步累加，h 与 g 都过 tanh。", en="c adds up step by step; h and g go through a tanh."),
        ),
    ),
    tasks=("lstm-step",),
    experiment="lstm_flow",
    sources=(
        Source("S. Hochreiter, J. Schmidhuber", 1997, "Long Short-Term Memory", "doi:10.1162/neco.1997.9.8.1735"),
    ),
)


def _measure():
    yield Line(Text(zh="c_new = 0.5 * 1 + 0.5 * 1 = 1", en="c_new = 0.5 * 1 + 0.5 * 1 = 1"))
    yield Claim("same", Text(zh="逐行与一步相同", en="Line by line it is the step"), 2.2e-16, "<=", 1e-12)
    yield Claim(
        "wrong",
        Text(zh="故意不成立的一条", en="One that does not hold"),
        0.7,
        ">=",
        0.9,
        Text(zh="种子 0", en="seed 0"),
    )
    yield Plot(
        Text(zh="梯度随时间", en="Gradient over time"),
        Text(zh="步", en="step"),
        Text(zh="范数", en="norm"),
        (Series(Text(zh="LSTM", en="LSTM"), range(20), [0.95**k for k in range(20)]),),
    )


EXPERIMENT = Experiment(_measure)
