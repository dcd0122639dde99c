"""One GRU in the three ways in which it is written down: two readings of z, two places for r, PyTorch's and Keras' order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref import gru_candidate, gru_forward, gru_gates, gru_step, sigmoid

T, N, D, H = 30, 3, 4, 5


def drawn(D: int, H: int):
    """x, h0, W, U, b with no parameter zero and weights large enough to tell the forms apart."""
    rng = np.random.default_rng(14)
    shapes = ((T, N, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,))
    return tuple(rng.normal(size=shape) for shape in shapes)


def over(step, x, h, *params):
    """The states (T, N, H) of `step` applied to each x[t] in turn."""
    hs = []
    for x_t in x:
        h = step(x_t, h, *params)
        hs.append(h)
    return np.stack(hs)


def parts(W, U, b):
    """The r, z and n blocks of the three parameters: ((W_r, W_z, W_n), (U_r, ...), (b_r, ...))."""
    return np.split(W, 3, axis=1), np.split(U, 3, axis=1), np.split(b, 3)


def chung_step(x, h, W, U, b):
    """Chung et al. (2014): z is the share of the candidate that is written."""
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2 * H :], U[:, 2 * H :], b[2 * H :])
    return (1 - z) * h + z * n


def reset_after_step(x, h, W, U, b):
    """The reset gate acts on the product h U_n, not on h."""
    H = h.shape[1]
    r, z = gru_gates(x, h, W, U, b)
    n = np.tanh(x @ W[:, 2 * H :] + r * (h @ U[:, 2 * H :]) + b[2 * H :])
    return (1 - z) * n + z * h


def pytorch_step(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The formulas of `torch.nn.GRU`'s documentation; weights (3H, D) and (3H, H) multiply from the left, order r, z, n."""
    i_r, i_z, i_n = np.split(x @ weight_ih.T + bias_ih, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ weight_hh.T + bias_hh, 3, axis=1)
    r, z = sigmoid(i_r + h_r), sigmoid(i_z + h_z)
    n = np.tanh(i_n + r * h_n)
    return (1 - z) * n + z * h


def keras_step(x, h, kernel, recurrent_kernel, bias):
    """`keras.layers.GRU`; order z, r, candidate. A bias (2, 3H) means reset_after=True, a bias (3H,) means False."""
    H = h.shape[1]
    after = bias.ndim == 2
    x_z, x_r, x_h = np.split(x @ kernel + (bias[0] if after else bias), 3, axis=1)
    of_gates = h @ recurrent_kernel[:, : 2 * H] + (bias[1, : 2 * H] if after else 0)
    h_z, h_r = np.split(of_gates, 2, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    U_h = recurrent_kernel[:, 2 * H :]
    from_h = r * (h @ U_h + bias[1, 2 * H :]) if after else (r * h) @ U_h
    return z * h + (1 - z) * np.tanh(x_h + from_h)


def distance(a, b) -> float:
    """Largest difference of two arrays."""
    return float(np.abs(a - b).max())


def worked_example() -> Iterator[Line]:
    """One step on paper: one input, one unit."""
    x, h = np.array([[1.0]]), np.array([[0.5]])
    W, U, b = np.array([[0.5, -1.0, 2.0]]), np.array([[1.0, 0.5, -1.0]]), np.array([0.0, 0.25, -0.5])
    r, z = gru_gates(x, h, W, U, b)
    n = gru_candidate(x, h, r, W[:, 2:], U[:, 2:], b[2:])
    for text in (
        f"r     = σ(1·0.5 + 0.5·1)               = {r[0, 0]:.6f}",
        f"z     = σ(1·(-1) + 0.5·0.5 + 0.25)     = {z[0, 0]:.6f}",
        f"n     = tanh(1·2 + (r·0.5)·(-1) - 0.5) = {n[0, 0]:.6f}",
        f"h_new = (1 - z)·n + z·0.5              = {gru_step(x, h, W, U, b)[0, 0]:.6f}",
    ):
        yield Line(Text(zh=text, en=text))


def conventions() -> Iterator[Claim]:
    x, h0, W, U, b = drawn(D, H)
    here = gru_forward(x, h0, W, U, b)
    yield Claim(
        "forward-is-the-loop",
        Text(zh="整段前向与逐步循环（最大差）", en="The forward pass and a loop over the step (largest difference)"),
        distance(here, over(gru_step, x, h0, W, U, b)),
        "<=",
        1e-12,
    )
    yield Claim(
        "z-conventions-differ",
        Text(
            zh="同一组权重，z 的两种约定（保留旧的 / 写入新的）结果的最大差",
            en="Same weights, the two conventions for z (keeps the old / writes the new): largest difference",
        ),
        distance(here, over(chung_step, x, h0, W, U, b)),
        ">=",
        0.1,
    )
    sign = np.repeat([1.0, -1.0, 1.0], H)
    yield Claim(
        "negating-z-converts",
        Text(
            zh="z 的 W、U、b 全部取负后，另一种约定给出的结果与原来的最大差",
            en="With W, U and b of z negated, the other convention's result and ours: largest difference",
        ),
        distance(here, over(chung_step, x, h0, W * sign, U * sign, b * sign)),
        "<=",
        1e-12,
    )
    yield Claim(
        "resets-differ",
        Text(
            zh="重置门在乘积之前与之后，同一组权重的最大差",
            en="Reset gate before and after the product, same weights: largest difference",
        ),
        distance(here, over(reset_after_step, x, h0, W, U, b)),
        ">=",
        0.1,
    )


def where_resets_agree() -> Iterator[Claim]:
    one = drawn(D, 1)
    yield Claim(
        "resets-agree-at-one-unit",
        Text(
            zh="H = 1 时两种重置的最大差：标量相乘可以换次序",
            en="At H = 1 the two resets' largest difference: products of numbers commute",
        ),
        distance(gru_forward(*one), over(reset_after_step, *one)),
        "<=",
        1e-12,
    )
    x, h0, W, U, b = drawn(D, H)
    U_diagonal = U.copy()
    U_diagonal[:, 2 * H :] *= np.eye(H)
    yield Claim(
        "resets-agree-on-a-diagonal",
        Text(zh="U_n 是对角阵时两种重置的最大差", en="Where U_n is diagonal the two resets' largest difference"),
        distance(gru_forward(x, h0, W, U_diagonal, b), over(reset_after_step, x, h0, W, U_diagonal, b)),
        "<=",
        1e-12,
    )


def libraries() -> Iterator[Claim]:
    x, h0, W, U, b = drawn(D, H)
    b_hh = np.random.default_rng(15).normal(size=3 * H)
    layer = rnnref.GRU.from_torch(
        {"weight_ih_l0": W.T.copy(), "weight_hh_l0": U.T.copy(), "bias_ih_l0": b, "bias_hh_l0": b_hh}
    )
    yield Claim(
        "pytorch-formula",
        Text(
            zh="PyTorch 文档的公式与 rnnref.GRU（reset_after=True）的最大差",
            en="PyTorch's documented formula and rnnref.GRU (reset_after=True): largest difference",
        ),
        distance(layer(x, h0[None])[0], over(pytorch_step, x, h0, W.T, U.T, b, b_hh)),
        "<=",
        1e-12,
    )
    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n) = parts(W, U, b)
    kernel, recurrent = np.hstack([W_z, W_r, W_n]), np.hstack([U_z, U_r, U_n])
    bias = np.concatenate([b_z, b_r, b_n])
    two = np.stack([bias, b_hh])
    yield Claim(
        "keras-formula",
        Text(
            zh="Keras 默认（z, r, 候选值的次序，两行偏置）与 rnnref.GRU.from_keras 的最大差",
            en="Keras' default (order z, r, candidate, two rows of bias) and rnnref.GRU.from_keras: largest difference",
        ),
        distance(
            rnnref.GRU.from_keras([kernel, recurrent, two])(x, h0[None])[0],
            over(keras_step, x, h0, kernel, recurrent, two),
        ),
        "<=",
        1e-12,
    )
    yield Claim(
        "keras-reset-before",
        Text(
            zh="Keras 的 reset_after=False 把块换成 r, z, n 的次序后，与 gru_forward 的最大差",
            en="Keras' reset_after=False, its blocks put in the order r, z, n, and gru_forward: largest difference",
        ),
        distance(gru_forward(x, h0, W, U, b), over(keras_step, x, h0, kernel, recurrent, bias)),
        "<=",
        1e-12,
    )
    yield Claim(
        "order-matters",
        Text(
            zh="忘了换块的次序（r 与 z 对调）会错多少",
            en="How far off it is to forget the order of blocks (r and z swapped)",
        ),
        distance(gru_forward(x, h0, W, U, b), gru_forward(x, h0, kernel, recurrent, bias)),
        ">=",
        0.1,
    )
    folded = rnnref.GRU.from_torch(
        {"weight_ih_l0": W.T, "weight_hh_l0": U.T, "bias_ih_l0": b + b_hh, "bias_hh_l0": 0 * b_hh}
    )
    yield Claim(
        "second-bias-matters",
        Text(
            zh="PyTorch 形式里把 bias_hh 并入 bias_ih，结果的最大变化",
            en="PyTorch's form with bias_hh added into bias_ih: largest change of the result",
        ),
        distance(layer(x, h0[None])[0], folded(x, h0[None])[0]),
        ">=",
        0.1,
    )


def quick() -> Iterator[Event]:
    yield from worked_example()
    yield from conventions()
    yield from where_resets_agree()
    yield from libraries()
    x, h0, W, U, b = drawn(D, H)
    steps = list(range(1, T + 1))
    readings = (
        (Text(zh="这里的约定", en="as here"), gru_step),
        (Text(zh="z 反过来", en="z the other way"), chung_step),
        (Text(zh="r 在乘积之后", en="r after the product"), reset_after_step),
    )
    yield Plot(
        Text(
            zh="同一组权重，三种读法：一个单元的状态", en="The same weights read in three ways: the state of one unit"
        ),
        Text(zh="步", en="step"),
        Text(zh="h", en="h"),
        tuple(Series(label, steps, over(step, x, h0, W, U, b)[:, 0, 0].tolist()) for label, step in readings),
    )


EXPERIMENT = Experiment(quick)
