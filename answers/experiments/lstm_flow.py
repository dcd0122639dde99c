"""One LSTM step small enough for paper, in three number systems: four decimals, floating point, fifty digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text, formula

X, H, C = ("1", "-0.5"), "0.2", "0.5"
GATES = {
    # name: (weights on x, weight on h, bias), the gates in the order in which the parameters are stacked
    "i": (("1", "0.4"), "-0.5", "0"),
    "f": (("0.5", "-1"), "0.5", "1"),
    "g": (("-0.5", "1"), "1", "0.5"),
    "o": (("0.6", "0.2"), "0.5", "0.2"),
}
LINES = ("f", "i", "g", "c_new", "o", "h_new")


def parameters() -> tuple[rnnref.typing.Array, ...]:
    """The worked example: x (1, 2), h, c (1, 1), W (2, 4), U (1, 4), b (4,)."""
    W = np.array([[float(w) for w in on_x] for on_x, _, _ in GATES.values()]).T
    U = np.array([[float(on_h) for _, on_h, _ in GATES.values()]])
    b = np.array([float(bias) for _, _, bias in GATES.values()])
    return np.array([[float(v) for v in X]]), np.array([[float(H)]]), np.array([[float(C)]]), W, U, b


def by_decimals(digits: int) -> dict[str, Decimal]:
    """The six lines and the four pre-activations (`a_f`, ...) in decimal arithmetic of `digits` digits."""
    with localcontext() as context:
        context.prec = digits
        value: dict[str, Decimal] = {}
        for name, (on_x, on_h, bias) in GATES.items():
            a = sum((Decimal(w) * Decimal(v) for w, v in zip(on_x, X, strict=True)), Decimal(on_h) * Decimal(H))
            value[f"a_{name}"] = a = a + Decimal(bias)
            value[name] = tanh(a) if name == "g" else 1 / (1 + (-a).exp())
        value["c_new"] = value["f"] * Decimal(C) + value["i"] * value["g"]
        value["h_new"] = value["o"] * tanh(value["c_new"])
        return value


def tanh(a: Decimal) -> Decimal:
    """(e^2a - 1) / (e^2a + 1) in the context's precision."""
    e = (2 * a).exp()
    return (e - 1) / (e + 1)


def by_reference() -> dict[str, float]:
    """The six lines as rnnref computes them, each from its own function."""
    x, h, c, W, U, b = parameters()
    i, f, g, o = rnnref.lstm_gates(x, h, W, U, b)
    h_new, c_new = rnnref.lstm_step(x, h, c, W, U, b)
    return {k: float(v[0, 0]) for k, v in zip(LINES, (f, i, g, c_new, o, h_new), strict=True)}


def by_hand() -> dict[str, float]:
    """The six lines as somebody with a pocket calculator writes them, every result rounded to four decimals."""
    exact = by_decimals(20)
    value = {name: round(float(exact[name]), 4) for name in GATES}
    value["c_new"] = round(value["f"] * float(C) + value["i"] * value["g"], 4)
    value["h_new"] = round(value["o"] * round(float(np.tanh(value["c_new"])), 4), 4)
    return value


def worked_example() -> Iterator[Line]:
    """The lines that go on paper, with their numbers."""
    exact, hand = by_decimals(50), by_hand()
    yield Line(
        Text(
            zh=f"D = 2，H = 1，x = ({', '.join(X)})，h = {H}，c = {C}",
            en=f"D = 2, H = 1, x = ({', '.join(X)}), h = {H}, c = {C}",
        )
    )
    for name in LINES:
        if name in GATES:
            on_x, on_h, bias = GATES[name]
            products = " + ".join(f"{_signed(w)}·{_signed(v)}" for v, w in zip((*X, H), (*on_x, on_h), strict=True))
            squash = "tanh" if name == "g" else "σ"
            text = f"{name:5} = {squash}({products} + {bias}) = {squash}({float(exact['a_' + name]):.4g}) = {hand[name]:.4f}"
        elif name == "c_new":
            text = f"{name:5} = {hand['f']:.4f}·{C} + {hand['i']:.4f}·({hand['g']:.4f}) = {hand[name]:.4f}"
        else:
            text = f"{name:5} = {hand['o']:.4f}·tanh({hand['c_new']:.4f}) = {hand[name]:.4f}"
        yield Line(formula(text))
    yield Line(Text(zh=f"五十位：h_new = {exact['h_new']}", en=f"to fifty digits: h_new = {exact['h_new']}"))


def _signed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def memory_of_a_pulse(steps: int = 24) -> Plot:
    """The same cell over time: the example's input with its sign turned for four steps, then nothing."""
    x, h, c, W, U, b = parameters()
    xs = np.zeros((steps, 1, 2))
    xs[:4] = -x
    hs, cs = rnnref.lstm_forward(xs, h, c, W, U, b)
    before = np.concatenate([h[None], hs[:-1]])
    forget = np.array([rnnref.lstm_gates(xs[t], before[t], W, U, b)[1][0, 0] for t in range(steps)])
    when = list(range(1, steps + 1))
    return Plot(
        Text(
            zh="同一个单元走二十四步：前四步输入 (-1, 0.5)，其后为零",
            en="The same cell over 24 steps: input (-1, 0.5) in the first four, then zero",
        ),
        Text(zh="步", en="step"),
        Text(zh="取值", en="value"),
        (
            Series(Text(zh="细胞状态 c", en="cell state c"), when, cs[:, 0, 0].tolist()),
            Series(Text(zh="隐藏状态 h", en="hidden state h"), when, hs[:, 0, 0].tolist()),
            Series(Text(zh="遗忘门 f", en="forget gate f"), when, forget.tolist()),
        ),
    )


def claims() -> Iterator[Claim]:
    """What the worked example shows."""
    x, h, c, W, U, b = parameters()
    reference, exact, hand = by_reference(), by_decimals(50), by_hand()

    separate = [x @ W[:, [k]] + h @ U[:, [k]] + b[[k]] for k in range(4)]
    i, f, o = (1 / (1 + np.exp(-separate[k])) for k in (0, 1, 3))
    g = np.tanh(separate[2])
    lines = dict(zip(LINES, (f, i, g, f * c + i * g, o, o * np.tanh(f * c + i * g)), strict=True))
    yield Claim(
        "six-lines-are-the-step",
        Text(
            zh="逐行写出的六行与 rnnref 的一步相同（最大差）",
            en="The six lines, written one by one, are rnnref's step (largest difference)",
        ),
        max(abs(float(lines[k][0, 0]) - reference[k]) for k in LINES),
        "<=",
        1e-12,
    )
    yield Claim(
        "fifty-digits",
        Text(
            zh="六个结果与五十位十进制算术一致（最大相对误差）",
            en="All six results agree with fifty-digit decimal arithmetic (largest relative error)",
        ),
        max(float(abs(Decimal(reference[k]) / exact[k] - 1)) for k in LINES),
        "<=",
        1e-12,
    )
    finer = by_decimals(80)
    yield Claim(
        "digits-are-right",
        Text(
            zh="五十位算术本身可靠：换成八十位，差别小于 1e-48",
            en="The fifty digits themselves are sound: with eighty they differ by less than 1e-48",
        ),
        max(float(abs(exact[k] - finer[k])) for k in LINES),
        "<=",
        1e-48,
    )
    yield Claim(
        "paper-is-enough",
        Text(
            zh="每步保留四位小数的手算，h_new 的误差不到 0.0002",
            en="By hand with four decimals a line, h_new is off by less than 0.0002",
        ),
        abs(hand["h_new"] - float(exact["h_new"])),
        "<=",
        2e-4,
    )
    fused = x @ W + h @ U + b
    yield Claim(
        "one-product-is-four",
        Text(
            zh="拼成一次矩阵乘法与分四次算，预激活相同（最大差）",
            en="One product for all four pre-activations equals four separate ones (largest difference)",
        ),
        float(np.abs(fused - np.concatenate(separate, axis=1)).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "old-c-is-wrong",
        Text(
            zh="若输出误用旧的 c，h_new 会差多少",
            en="How far h_new is off when the output reads the old c",
        ),
        abs(reference["h_new"] - float(o[0, 0] * np.tanh(c[0, 0]))),
        ">=",
        0.1,
    )
    a = np.linspace(-30, 30, 601)
    yield Claim(
        "gate-is-logistic",
        Text(
            zh="门的函数就是 logistic：σ(a) = (1 + tanh(a / 2)) / 2（最大差）",
            en="The gates' function is the logistic one: σ(a) = (1 + tanh(a / 2)) / 2 (largest difference)",
        ),
        float(np.abs(rnnref.sigmoid(a) - (1 + np.tanh(a / 2)) / 2).max()),
        "<=",
        1e-12,
    )


def quick() -> Iterator[Event]:
    yield from worked_example()
    yield from claims()
    yield memory_of_a_pulse()


EXPERIMENT = Experiment(quick)
