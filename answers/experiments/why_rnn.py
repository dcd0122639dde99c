"""What a recurrent net has that element-wise, windowed and convolutional ones lack: order, any length, an unbounded past."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

import rnnref
from answers.experiments.training import Batch, Reader, train
from answers.model import Claim, Event, Experiment, Line, Plot, Series, Text
from rnnref.typing import Array

T, N, D, H = 12, 2, 3, 5


class Pooled:
    """Every element alone through one dense layer, then the mean: knows which elements there are and not their order.

    Looks like a layer: the last row of its output is the mean over the sequence.
    """

    def __init__(self, input_size: int, hidden_size: int, rng: np.random.Generator) -> None:
        self.hidden_size = hidden_size
        self.params = {"E": rng.normal(size=(input_size, hidden_size)), "e": np.zeros(hidden_size)}
        self.grads: dict[str, Array] = {}

    def __call__(self, x: Array) -> tuple[Array, None]:
        """The mean over x (T, N, D) as (1, N, H)."""
        self._x, self._hidden = x, np.tanh(x @ self.params["E"] + self.params["e"])
        return self._hidden.mean(axis=0, keepdims=True), None

    def backward(self, dy: Array) -> None:
        """Fills `grads` from dy (1, N, H)."""
        da = dy / len(self._x) * (1 - self._hidden**2)
        self.grads = {"E": np.einsum("tnd,tnh->dh", self._x, da), "e": da.sum(axis=(0, 1))}


def dense_over_window(x: Array, W: Array) -> Array:
    """One dense layer over a whole sequence laid end to end: x (T, N, D), W (T D, H) -> (N, H)."""
    y: Array = np.tanh(np.swapaxes(x, 0, 1).reshape(x.shape[1], -1) @ W)
    return y


def convolution(x: Array, kernel: Array) -> Array:
    """A causal convolution over time: x (T, N, D), kernel (width, D, H) -> (T, N, H), zeros before the start."""
    width = len(kernel)
    padded = np.concatenate([np.zeros((width - 1, *x.shape[1:])), x])
    y: Array = np.tanh(sum(padded[k : k + len(x)] @ kernel[k] for k in range(width)))
    return y


def moved(a: Array, b: Array) -> float:
    """Largest difference."""
    return float(np.abs(a - b).max())


def order() -> Iterator[Claim]:
    """Who notices that the elements have changed places."""
    rng = np.random.default_rng(1)
    x, shuffled = rng.normal(size=(T, N, D)), rng.permutation(T)
    pooled = Pooled(D, H, rng)
    yield Claim(
        "pooled-blind-to-order",
        Text(
            zh="逐元素处理再平均：打乱次序，输出不变（最大差）",
            en="Each element alone, then the mean: shuffled, the output stays (largest difference)",
        ),
        moved(pooled(x)[0], pooled(x[shuffled])[0]),
        "<=",
        1e-12,
    )
    W, U, b = rng.normal(size=(D, H)), rnnref.orthogonal_init((H, H), 1.0, rng), np.zeros(H)
    h0 = np.zeros((N, H))
    yield Claim(
        "rnn-sees-order",
        Text(
            zh="RNN：打乱次序，最后的状态变了多少",
            en="RNN: how much the last state changes when the elements are shuffled",
        ),
        moved(rnnref.rnn_forward(x, h0, W, U, b)[-1], rnnref.rnn_forward(x[shuffled], h0, W, U, b)[-1]),
        ">=",
        0.01,
    )
    window = 0.3 * rng.normal(size=(T * D, H))
    yield Claim(
        "dense-window-sees-order",
        Text(
            zh="把整个窗口接成一个向量的全连接层：打乱次序，输出也会变（所以它并不假定元素独立）",
            en="A dense layer over the whole window laid end to end notices too (so it does not take elements as independent)",
        ),
        moved(dense_over_window(x, window), dense_over_window(x[shuffled], window)),
        ">=",
        0.01,
    )
    kernel = rng.normal(size=(3, D, H))
    swapped = x.copy()
    swapped[[-1, -2]] = x[[-2, -1]]
    yield Claim(
        "cnn-sees-local-order",
        Text(
            zh="宽度 3 的卷积：交换末尾两个元素，最后的输出变了多少",
            en="Convolution of width 3: how much the last output changes when the last two elements swap",
        ),
        moved(convolution(x, kernel)[-1], convolution(swapped, kernel)[-1]),
        ">=",
        0.01,
    )


def reach() -> Iterator[Claim]:
    """Who is reached by what, and when."""
    rng = np.random.default_rng(2)
    W, U, b = 0.5 * rng.normal(size=(D, H)), rnnref.orthogonal_init((H, H), 1.0, rng), np.zeros(H)
    h0, kernel = np.zeros((N, H)), rng.normal(size=(3, D, H))
    x = 0.5 * rng.normal(size=(T, N, D))
    first, middle = x.copy(), x.copy()
    first[0] += 1
    middle[T // 2] += 1
    yield Claim(
        "cnn-blind-beyond-its-width",
        Text(
            zh=f"同一个卷积：改动第一个元素，第 {T} 步的输出（最大变化）",
            en=f"The same convolution: change of the output at step {T} when the first element is changed",
        ),
        moved(convolution(x, kernel)[-1], convolution(first, kernel)[-1]),
        "==",
        0.0,
    )
    hs = rnnref.rnn_forward(x, h0, W, U, b)
    yield Claim(
        "rnn-reached-by-first",
        Text(
            zh=f"RNN：同样的改动，第 {T} 步的状态",
            en=f"RNN: change of the state at step {T} by the same",
        ),
        moved(hs[-1], rnnref.rnn_forward(first, h0, W, U, b)[-1]),
        ">",
        1e-6,
    )
    after = np.abs(rnnref.rnn_forward(middle, h0, W, U, b) - hs).max(axis=(1, 2))
    yield Claim(
        "nothing-before",
        Text(
            zh=f"改动第 {T // 2 + 1} 个元素：此前的状态（最大变化）",
            en=f"Element {T // 2 + 1} is changed: states before it (largest change)",
        ),
        float(after[: T // 2].max()),
        "==",
        0.0,
    )
    yield Claim(
        "everything-from-there-on",
        Text(
            zh="从它起的每一个状态（最小变化）",
            en="Every state from it on (smallest change)",
        ),
        float(after[T // 2 :].min()),
        ">",
        1e-6,
    )
    last = x.copy()
    last[-1] += 1
    both = ((W, U, b), (W, U, b))
    starts = np.zeros((2, N, H))
    yield Claim(
        "two-directions-see-the-future",
        Text(
            zh="双向 RNN：改动最后一个元素，第 1 步的输出变了多少",
            en="Bidirectional RNN: change of the output at step 1 when the last element is changed",
        ),
        moved(rnnref.bidirectional_forward(x, starts, both)[0], rnnref.bidirectional_forward(last, starts, both)[0]),
        ">",
        1e-6,
    )


def length() -> Iterator[Event]:
    """What another length costs."""
    rng = np.random.default_rng(3)
    layer = rnnref.RNN(D, H, rng=rng)
    own = sum(p.size for p in layer.params.values())
    lengths = []
    for steps in (3, 300):
        y, _ = layer(rng.normal(size=(steps, N, D)))
        lengths.append(len(y))
    yield Claim(
        "one-set-any-length",
        Text(
            zh="同一个 RNN 跑完长度 3 和 300，参数个数的变化",
            en="One RNN reads lengths 3 and 300: change of its number of parameters",
        ),
        float(sum(p.size for p in layer.params.values()) - own) if lengths == [3, 300] else float("nan"),
        "==",
        0.0,
    )
    dense = {steps: np.empty((steps * D, H)).size for steps in (3, 300)}
    yield Claim(
        "window-grows-with-length",
        Text(
            zh="窗口全连接层的权重，长度 300 是长度 3 的几倍",
            en="Weights of a dense layer over the window, length 300 over length 3",
        ),
        dense[300] / dense[3],
        "==",
        100.0,
    )
    yield Line(
        Text(
            zh=f"D = {D}，H = {H}：RNN {own} 个参数；窗口全连接层，长度 3 时 {dense[3]} 个，长度 300 时 {dense[300]} 个",
            en=f"D = {D}, H = {H}: RNN {own} parameters; dense over the window {dense[3]} at length 3, {dense[300]} at length 300",
        )
    )


def quick() -> Iterator[Event]:
    yield from order()
    yield from reach()
    yield from length()


STEPS, SYMBOLS, LENGTH = 400, 5, 15


def which_came_first(rng: np.random.Generator, batch: int = 32) -> Batch:
    """Did A come before B? One A and one B among random others: x (LENGTH, batch, SYMBOLS) one-hot, and 1 for yes."""
    letters = rng.integers(2, SYMBOLS, size=(batch, LENGTH))
    places = np.argsort(rng.random((batch, LENGTH)), axis=1)[:, :2]
    each = np.arange(batch)
    letters[each, places[:, 0]] = 0
    letters[each, places[:, 1]] = 1
    return np.eye(SYMBOLS)[letters.T], (places[:, 0] < places[:, 1]).astype(np.int64)


def smoothed(losses: list[float], width: int = 20) -> list[float]:
    """Means of consecutive stretches of `width` losses."""
    return [float(np.mean(losses[k : k + width])) for k in range(0, len(losses) - width + 1, width)]


def trained() -> Iterator[Event]:
    curves = {}
    for k, kind in enumerate(("pooled", "rnn")):
        rng = np.random.default_rng(4)
        layer = Pooled(SYMBOLS, 16, rng) if kind == "pooled" else rnnref.RNN(SYMBOLS, 16, rng=rng)
        model = Reader(layer, 2, rng)
        doing = (
            Text(zh="逐元素平均的模型在学", en="training the pooled model")
            if kind == "pooled"
            else Text(zh="RNN 在学", en="training the RNN")
        )
        curves[kind] = yield from train(
            model, partial(which_came_first, rng), STEPS, doing, lr=0.01, span=(k / 2, (k + 1) / 2)
        )
        accuracy = model.accuracy(which_came_first(np.random.default_rng(5), 2000))
        if kind == "pooled":
            yield Claim(
                "pooled-at-chance",
                Text(
                    zh="“A 是否先于 B”：逐元素平均的模型在 2000 个新序列上的正确率",
                    en="“Did A come before B?”: accuracy of the pooled model on 2000 fresh sequences",
                ),
                accuracy,
                "in",
                (0.45, 0.55),
                Text(
                    zh="种子 4。它的输出与次序无关，只能碰运气；界是 2000 次抛硬币的 4.5 个标准差。",
                    en="Seed 4. Its output does not depend on order, so it can only guess; the bound is 4.5 standard deviations of 2000 coin tosses.",
                ),
            )
        else:
            yield Claim(
                "rnn-learns-order",
                Text(
                    zh=f"同一任务：16 个单元的 RNN 训练 {STEPS} 步后的正确率",
                    en=f"The same task: accuracy of an RNN of 16 units after {STEPS} training steps",
                ),
                accuracy,
                ">=",
                0.95,
                Text(
                    zh="种子 4；另外 8 个种子都在 0.99 以上。",
                    en="Seed 4; eight other seeds all stay above 0.99.",
                ),
            )
    steps = [20 * (k + 1) for k in range(len(smoothed(curves["rnn"])))]
    yield Plot(
        Text(zh="学习“A 是否先于 B”：训练损失", en="Learning “did A come before B?”: training loss"),
        Text(zh="训练步", en="training step"),
        Text(zh="交叉熵（碰运气是 0.69）", en="cross-entropy (chance is 0.69)"),
        (
            Series(Text(zh="逐元素平均", en="pooled"), steps, smoothed(curves["pooled"])),
            Series(Text(zh="RNN", en="RNN"), steps, smoothed(curves["rnn"])),
        ),
    )


EXPERIMENT = Experiment(quick, trained)
