"""One GRU step on paper, and the conventions under which the same letters mean different cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text, formula
from rnnref.typing import Array

T, N, D, H = 12, 4, 3, 5
OPEN = 800.0
"""A pre-activation at which the sigmoid is exactly 1 in float64."""


def drawn() -> tuple[Array, Array, Array, Array, Array]:
    """x (T, N, D), h (N, H), W, U, b with every size different and no parameter zero."""
    rng = np.random.default_rng(14)
    x, h = rng.normal(size=(T, N, D)), rng.uniform(-0.9, 0.9, (N, H))
    return x, h, rng.normal(size=(D, 3 * H)), rng.normal(size=(H, 3 * H)), rng.normal(size=3 * H)


def gap(a: Array, b: Array) -> float:
    """The largest difference."""
    return float(np.abs(a - b).max())


# ---------------------------------------------------------------- on paper

PAPER_X, PAPER_H = np.array([[1.0]]), np.array([[0.5, -0.4]])
PAPER_W = np.array([[0.5, -1.0, 1.0, 0.5, 0.6, -0.2]])
PAPER_U = np.array([[1.0, 0.5, -0.5, 1.0, 0.5, 1.0], [-0.5, 2.0, 1.0, 0.5, -1.0, 0.5]])
PAPER_B = np.array([0.0, 0.0, 1.0, -0.5, 0.1, 0.0])
LINES = ("r", "z", "r * h", "n", "h_new")


def by_lines(x: Array, h: Array, W: Array, U: Array, b: Array, digits: int | None = None) -> dict[str, Array]:
    """The lines of one step, each computed by itself; with `digits` each result is rounded as one does on paper."""

    def write(value: Array) -> Array:
        return value if digits is None else np.round(value, digits)

    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n) = (np.split(p, 3, axis=-1) for p in (W, U, b))
    r = write(1 / (1 + np.exp(-write(x @ W_r + h @ U_r + b_r))))
    z = write(1 / (1 + np.exp(-write(x @ W_z + h @ U_z + b_z))))
    seen = write(r * h)
    n = write(np.tanh(write(x @ W_n + seen @ U_n + b_n)))
    return dict(zip(LINES, (r, z, seen, n, write((1 - z) * n + z * h)), strict=True))


def worked_example() -> Iterator[Event]:
    """The lines that go on paper with four decimals, and how far paper is off."""
    paper = by_lines(PAPER_X, PAPER_H, PAPER_W, PAPER_U, PAPER_B, digits=4)
    yield Line(formula("D = 1, H = 2, x = 1, h = (0.5, -0.4)"))
    for name in LINES:
        first, second = paper[name][0]
        yield Line(formula(f"{name:5} = ({first:.4f}, {second:.4f})"))
    exact = rnnref.gru_step(PAPER_X, PAPER_H, PAPER_W, PAPER_U, PAPER_B)
    after = rnnref.gru_step(PAPER_X, PAPER_H, PAPER_W, PAPER_U, PAPER_B, reset_after=True)
    yield Line(
        Text(
            zh=f"若 r 改在乘积之后起作用：h_new = ({after[0, 0]:.4f}, {after[0, 1]:.4f})",
            en=f"with r after the product instead: h_new = ({after[0, 0]:.4f}, {after[0, 1]:.4f})",
        )
    )
    yield Claim(
        "paper-is-enough",
        Text(
            zh="每行保留四位小数的手算，h_new 的误差不到 0.0002",
            en="By hand with four decimals a line, h_new is off by less than 0.0002",
        ),
        gap(paper["h_new"], exact),
        "<=",
        2e-4,
    )


def order_of_lines() -> Iterator[Claim]:
    """The lines make the step; the candidate waits for r and not for z."""
    x, h, W, U, b = drawn()
    lines = by_lines(x[0], h, W, U, b)
    yield Claim(
        "lines-are-the-step",
        Text(
            zh="逐行算出的一步与 rnnref 的一步相同（最大差）",
            en="The step computed line by line is rnnref's step (largest difference)",
        ),
        gap(lines["h_new"], rnnref.gru_step(x[0], h, W, U, b)),
        "<=",
        1e-12,
    )
    moved = {name: b + np.repeat([name == "r", name == "z", False], H) for name in "rz"}
    yield Claim(
        "candidate-waits-for-r",
        Text(zh="重置门的偏置加 1，候选值的最大变化", en="Adding 1 to the reset gate's bias moves the candidate by"),
        gap(by_lines(x[0], h, W, U, moved["r"])["n"], lines["n"]),
        ">=",
        0.01,
    )
    yield Claim(
        "candidate-ignores-z",
        Text(
            zh="更新门的偏置加 1，候选值一位也不变（最大变化）",
            en="Adding 1 to the update gate's bias does not move the candidate by a bit (largest change)",
        ),
        gap(by_lines(x[0], h, W, U, moved["z"])["n"], lines["n"]),
        "==",
        0.0,
    )


# ---------------------------------------------------------------- two meanings of z


def chung_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """A step as Chung et al. (2014) write it: z is the share that is new."""
    lines = by_lines(x, h, W, U, b)
    return (1 - lines["z"]) * h + lines["z"] * lines["n"]


def chung_forward(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """`chung_step` over x (T, N, D) -> hs (T, N, H)."""
    hs = []
    for x_t in x:
        h = chung_step(x_t, h, W, U, b)
        hs.append(h)
    return np.stack(hs)


def negate_z(*parameters: Array) -> tuple[Array, ...]:
    """W, U and b with the middle block, that of z, negated: σ(-a) = 1 - σ(a)."""
    return tuple(p * np.repeat([1, -1, 1], p.shape[-1] // 3) for p in parameters)


def two_meanings_of_z() -> Iterator[Claim]:
    """z keeps (Cho 2014) or z replaces (Chung 2014); negated parameters lead from one to the other."""
    x, h, W, U, b = drawn()
    shut = b + np.repeat([0.0, OPEN, 0.0], H)
    yield Claim(
        "z-one-keeps",
        Text(zh="Cho 的约定，z = 1：新旧状态的最大差", en="Cho's convention at z = 1: new state less old (largest)"),
        gap(rnnref.gru_step(x[0], h, W, U, shut), h),
        "==",
        0.0,
    )
    yield Claim(
        "z-one-replaces",
        Text(
            zh="Chung 的约定，z = 1：新状态与候选值的最大差",
            en="Chung's convention at z = 1: new state less candidate (largest)",
        ),
        gap(chung_step(x[0], h, W, U, shut), by_lines(x[0], h, W, U, b)["n"]),
        "==",
        0.0,
    )
    ours = rnnref.gru_forward(x, h, W, U, b)
    yield Claim(
        "z-swapped-is-another-cell",
        Text(
            zh="同一组参数按两种约定各跑一遍，状态的最大差",
            en="The same parameters run under both conventions: largest difference of the states",
        ),
        gap(chung_forward(x, h, W, U, b), ours),
        ">=",
        0.1,
    )
    yield Claim(
        "z-negated-converts",
        Text(
            zh=f"把 z 的 W、U、b 取负再按 Chung 的约定跑 {T} 步：与原来的最大差",
            en=f"With z's W, U and b negated, {T} steps under Chung's convention: largest difference from ours",
        ),
        gap(chung_forward(x, h, *negate_z(W, U, b)), ours),
        "<=",
        1e-12,
    )
    yield Claim(
        "z-negated-converts-back",
        Text(
            zh="反方向同样成立：Chung 的参数取负后给 rnnref（最大差）",
            en="And the other way: Chung's parameters, negated, in rnnref (largest difference)",
        ),
        gap(rnnref.gru_forward(x, h, *negate_z(W, U, b)), chung_forward(x, h, W, U, b)),
        "<=",
        1e-12,
    )


# ---------------------------------------------------------------- two places of r


def two_places_of_r() -> Iterator[Claim]:
    """Before or after the product with U_n: two different cells, but for three special cases."""
    x, h, W, U, b = drawn()

    def apart(h: Array, W: Array, U: Array, b: Array) -> float:
        return gap(rnnref.gru_forward(x, h, W, U, b), rnnref.gru_forward(x, h, W, U, b, reset_after=True))

    yield Claim(
        "resets-differ",
        Text(
            zh="同一组参数，r 在乘积之前与之后：状态的最大差",
            en="The same parameters, r before and after the product: largest difference of the states",
        ),
        apart(h, W, U, b),
        ">=",
        0.1,
    )
    one = np.arange(3) * H
    diagonal = U.copy()
    diagonal[:, 2 * H :] *= np.eye(H)
    cases = (
        ("one-unit", "只有一个单元", "there is one unit", (h[:, :1], W[:, one], U[:1, one], b[one])),
        ("diagonal", "U_n 是对角阵", "U_n is diagonal", (h, W, diagonal, b)),
        ("open-gate", "r 恒为 1", "r is 1 throughout", (h, W, U, b + np.repeat([OPEN, 0.0, 0.0], H))),
    )
    for name, zh, en, parameters in cases:
        yield Claim(
            f"resets-agree-{name}",
            Text(
                zh=f"{zh}时，两种位置没有区别（最大差）",
                en=f"Where {en} the two places make no difference (largest difference)",
            ),
            apart(*parameters),
            "<=",
            1e-12,
        )


# ---------------------------------------------------------------- the frameworks' formulas


def sigma(a: Array) -> Array:
    """The logistic function, plainly, for moderate a."""
    return 1 / (1 + np.exp(-a))


def pytorch_step(x: Array, h: Array, p: dict[str, Array]) -> Array:
    """A step as the documentation of torch.nn.GRU writes it: column weights (3H, ...) in the order r, z, n; two biases."""
    W_ir, W_iz, W_in = np.split(p["weight_ih_l0"], 3)
    W_hr, W_hz, W_hn = np.split(p["weight_hh_l0"], 3)
    b_ir, b_iz, b_in = np.split(p["bias_ih_l0"], 3)
    b_hr, b_hz, b_hn = np.split(p["bias_hh_l0"], 3)
    r = sigma(x @ W_ir.T + b_ir + h @ W_hr.T + b_hr)
    z = sigma(x @ W_iz.T + b_iz + h @ W_hz.T + b_hz)
    n = np.tanh(x @ W_in.T + b_in + r * (h @ W_hn.T + b_hn))
    return (1 - z) * n + z * h


def keras_step(x: Array, h: Array, kernel: Array, recurrent: Array, bias: Array) -> Array:
    """A step as keras.layers.GRU computes it: blocks in the order z, r, h.

    bias (2, 3H) is the layout of `reset_after=True`, the default; bias (3H,) that of `reset_after=False`.
    """
    outer, inner = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    x_z, x_r, x_h = np.split(x @ kernel + outer, 3, axis=-1)
    U_z, U_r, U_h = np.split(recurrent, 3, axis=-1)
    i_z, i_r, i_h = np.split(inner, 3)
    z, r = sigma(x_z + h @ U_z + i_z), sigma(x_r + h @ U_r + i_r)
    from_h = r * (h @ U_h + i_h) if bias.ndim == 2 else (r * h) @ U_h
    return z * h + (1 - z) * np.tanh(x_h + from_h)


def pytorch_agrees() -> Iterator[Claim]:
    """PyTorch: z keeps, r after the product, and a bias of its own inside the reset."""
    x, h, W, U, b = drawn()
    layer = rnnref.GRU(D, H, rng=14)
    layer.params["bias_hh_l0"][:] = np.linspace(-1, 1, 3 * H)
    theirs = pytorch_step(x[0], h, layer.params)
    yield Claim(
        "pytorch-formula",
        Text(
            zh="按 PyTorch 文档的公式逐行算，与 rnnref.GRU 的最大差",
            en="PyTorch's documented formula written out, against rnnref.GRU (largest difference)",
        ),
        gap(theirs, layer(x[:1], h[None])[0][0]),
        "<=",
        1e-12,
    )
    merged = dict(layer.params)
    merged["bias_ih_l0"] = layer.params["bias_ih_l0"] + layer.params["bias_hh_l0"]
    merged["bias_hh_l0"] = np.zeros(3 * H)
    yield Claim(
        "inner-bias-is-no-spare",
        Text(
            zh="把 PyTorch 的两个偏置并成一个，h_new 的最大变化",
            en="Merging PyTorch's two biases into one moves h_new by",
        ),
        gap(pytorch_step(x[0], h, merged), theirs),
        ">=",
        0.01,
    )
    ours = {"weight_ih_l0": W.T, "weight_hh_l0": U.T, "bias_ih_l0": b, "bias_hh_l0": np.zeros(3 * H)}
    yield Claim(
        "pytorch-resets-after",
        Text(
            zh="PyTorch 的公式与 r 在乘积之后的形式（最大差）",
            en="PyTorch's formula against the form with r after the product (largest difference)",
        ),
        gap(pytorch_step(x[0], h, ours), rnnref.gru_step(x[0], h, W, U, b, reset_after=True)),
        "<=",
        1e-12,
    )
    yield Claim(
        "pytorch-is-not-the-paper",
        Text(
            zh="PyTorch 的公式与 Cho 等人的形式，h_new 的最大差",
            en="PyTorch's formula against the form of Cho et al.: largest difference of h_new",
        ),
        gap(pytorch_step(x[0], h, ours), rnnref.gru_step(x[0], h, W, U, b)),
        ">=",
        0.01,
    )
    kept = pytorch_step(x[0], h, ours | {"bias_ih_l0": b + np.repeat([0.0, 40.0, 0.0], H)})
    yield Claim(
        "pytorch-z-keeps",
        Text(
            zh="PyTorch 的公式里 z 趋于 1：新旧状态的最大差",
            en="PyTorch's formula with z near 1: new state less old (largest)",
        ),
        gap(kept, h),
        "<=",
        1e-12,
    )


def keras_agrees() -> Iterator[Claim]:
    """Keras: z keeps, blocks z, r, h; r after the product by default and before it on demand."""
    x, h, W, U, b = drawn()
    rng = np.random.default_rng(41)
    weights = [rng.normal(size=shape) for shape in ((D, 3 * H), (H, 3 * H), (2, 3 * H))]
    layer = rnnref.GRU.from_keras(weights)
    yield Claim(
        "keras-formula",
        Text(
            zh="按 Keras 默认（reset_after=True）的公式算，与 rnnref.GRU 的最大差",
            en="Keras' default formula (reset_after=True) written out, against rnnref.GRU (largest difference)",
        ),
        gap(keras_step(x[0], h, *weights), layer(x[:1], h[None])[0][0]),
        "<=",
        1e-12,
    )
    yield Claim(
        "keras-is-pytorch-rearranged",
        Text(
            zh="Keras 的参数换块序、转置后代入 PyTorch 的公式（最大差）",
            en="Keras' parameters, blocks reordered and transposed, in PyTorch's formula (largest difference)",
        ),
        gap(keras_step(x[0], h, *weights), pytorch_step(x[0], h, keras_to_pytorch(*weights))),
        "<=",
        1e-12,
    )
    kernel, recurrent, bias = (swap_r_and_z(p) for p in (W, U, b))
    yield Claim(
        "keras-reset-before",
        Text(
            zh="Keras 设 reset_after=False：与 Cho 等人的形式的最大差",
            en="Keras with reset_after=False against the form of Cho et al. (largest difference)",
        ),
        gap(keras_step(x[0], h, kernel, recurrent, bias), rnnref.gru_step(x[0], h, W, U, b)),
        "<=",
        1e-12,
    )
    yield Claim(
        "keras-z-keeps",
        Text(
            zh="Keras 的公式里 z 趋于 1：新旧状态的最大差",
            en="Keras' formula with z near 1: new state less old (largest)",
        ),
        gap(keras_step(x[0], h, kernel, recurrent, bias + np.repeat([40.0, 0.0, 0.0], H)), h),
        "<=",
        1e-12,
    )
    yield Claim(
        "block-order-matters",
        Text(
            zh="忘了换块序，把 r、z、n 的参数直接交给 Keras：h_new 的最大差",
            en="Handing Keras the blocks r, z, n as they are: largest difference of h_new",
        ),
        gap(keras_step(x[0], h, W, U, b), rnnref.gru_step(x[0], h, W, U, b)),
        ">=",
        0.1,
    )


def swap_r_and_z(p: Array) -> Array:
    """The last axis with its first two of three blocks exchanged: r, z, n <-> z, r, h."""
    first, second, third = np.split(p, 3, axis=-1)
    return np.concatenate([second, first, third], axis=-1)


def keras_to_pytorch(kernel: Array, recurrent: Array, bias: Array) -> dict[str, Array]:
    """Keras' three arrays under PyTorch's four names."""
    outer, inner = swap_r_and_z(bias)
    return {
        "weight_ih_l0": swap_r_and_z(kernel).T,
        "weight_hh_l0": swap_r_and_z(recurrent).T,
        "bias_ih_l0": outer,
        "bias_hh_l0": inner,
    }


# ---------------------------------------------------------------- back through one step


def backward_paths() -> Iterator[Claim]:
    """h reaches h_new in four ways, and its gradient is the sum of all four."""
    x, h, W, U, b = drawn()
    dh = np.random.default_rng(7).normal(size=(N, H))
    lines = by_lines(x[0], h, W, U, b)
    r, z, n = (lines[k] for k in "rzn")
    U_r, U_z, U_n = np.split(U, 3, axis=-1)
    da_n = dh * (1 - z) * (1 - n**2)
    drh = da_n @ U_n.T
    kept = dh * z
    paths = kept + drh * r + (drh * h * r * (1 - r)) @ U_r.T + (dh * (h - n) * z * (1 - z)) @ U_z.T
    yield Claim(
        "four-paths",
        Text(
            zh="四条路径之和与 rnnref 的 dh_prev（最大差）",
            en="The sum of the four paths against rnnref's dh_prev (largest difference)",
        ),
        gap(paths, rnnref.gru_step_backward(dh, x[0], h, W, U, b)[1]),
        "<=",
        1e-12,
    )
    e = 1e-5
    measured = np.zeros_like(h)
    for k in np.ndindex(h.shape):
        nudge = np.zeros_like(h)
        nudge[k] = e
        ahead, behind = (rnnref.gru_step(x[0], h + s * nudge, W, U, b) for s in (1, -1))
        measured[k] = (dh * (ahead - behind)).sum() / (2 * e)
    yield Claim(
        "paths-are-the-slope",
        Text(
            zh="同一个梯度用中心差分去量（最大差，步长 1e-5）",
            en="The same gradient measured by central differences (largest difference, step 1e-5)",
        ),
        gap(paths, measured),
        "<=",
        1e-7,
    )
    yield Claim(
        "one-path-is-not-enough",
        Text(zh="只留 dh * z 这一条，会差多少", en="How far off dh * z alone is"),
        gap(kept, measured),
        ">=",
        0.1,
    )


# ---------------------------------------------------------------- the picture


def one_cell_two_readings(steps: int = 40) -> Plot:
    """One unit that is shown an input for fifteen steps: the same numbers under both conventions of z."""
    x = np.zeros((steps, 1, 1))
    x[:15] = 1.0
    h = np.zeros((1, 1))
    W, U, b = np.array([[0.0, 0.0, 1.5]]), np.array([[0.0, 0.0, 0.3]]), np.array([1.0, 2.0, 0.0])
    when = list(range(1, steps + 1))
    runs = (
        ("z 保留旧状态（Cho、PyTorch、Keras）", "z keeps (Cho, PyTorch, Keras)", rnnref.gru_forward(x, h, W, U, b)),
        ("同一组数按 Chung 的写法读", "the same numbers read as Chung writes", chung_forward(x, h, W, U, b)),
        ("Chung，z 的参数取负", "Chung, z's parameters negated", chung_forward(x, h, *negate_z(W, U, b))),
    )
    return Plot(
        Text(
            zh="一个单元，前十五步输入 1，其后为 0：z 的两种约定",
            en="One unit, input 1 for fifteen steps, then 0: the two conventions of z",
        ),
        Text(zh="步", en="step"),
        Text(zh="状态 h", en="state h"),
        tuple(
            Series(Text(zh=zh, en=en), when, hs[:, 0, 0].tolist(), points=k == 2) for k, (zh, en, hs) in enumerate(runs)
        ),
    )


def quick() -> Iterator[Event]:
    yield from worked_example()
    yield from order_of_lines()
    yield from two_meanings_of_z()
    yield from two_places_of_r()
    yield from pytorch_agrees()
    yield from keras_agrees()
    yield from backward_paths()
    yield one_cell_two_readings()


EXPERIMENT = Experiment(quick)
