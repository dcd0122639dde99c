"""Where an LSTM hurts: four times the work, one step after another, and a memory of fixed size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from answers.experiments.measuring import macs_of, seconds
from answers.model import Claim, Event, Experiment, Line, Plot, Progress, Series, Text
from rnnref import (
    LSTM,
    RNN,
    lstm_bias_init,
    lstm_forward,
    lstm_gates,
    lstm_param_count,
    lstm_step,
    lstm_step_backward,
    rnn_step,
)
from rnnref.typing import Array

D, H = 4, 16
"""Small enough that every product runs in one thread: with more, a busy machine's timings say nothing."""
RATIO_SIZES = (40, 8, 3, 64)
"""T, N, D, H of the ratio to a plain RNN: wider, and still no product for more than one thread."""
ELEMENTS = 512
"""Sequence elements in every timed batch: T · N."""
ROUNDS = 15
BATCHES = (1, 2, 4, 8, 16, 32, 64)


def drawn(gates: int, T: int, N: int, D: int = D, H: int = H, recurrent: float = 1.0):
    """A batch x (T, N, D), zeros (N, H), and W, U, b of a cell with `gates` blocks."""
    rng = np.random.default_rng(11)
    return (
        rng.normal(size=(T, N, D)),
        np.zeros((N, H)),
        rng.normal(size=(D, gates * H)) / np.sqrt(D),
        recurrent * rng.normal(size=(H, gates * H)) / np.sqrt(H),
        np.zeros(gates * H),
    )


def lstm_arguments(T: int, N: int, **options):
    x, zero, W, U, b = drawn(4, T, N, **options)
    return x, zero, zero, W, U, b


def four_times_claims() -> Iterator[Event]:
    _, _, W, U, b = drawn(1, 1, 1)
    plain = W.size + U.size + b.size
    yield Claim(
        "four-times-parameters",
        Text(zh="LSTM 参数与同样大小的普通 RNN 之比", en="Parameters of an LSTM over a plain RNN of the same size"),
        lstm_param_count(D, H) / plain,
        "==",
        4.0,
    )
    x, h, c, W, U, b = lstm_arguments(1, 3)
    lstm = macs_of(lstm_step, x[0], h, c, W, U, b)
    x, h, W, U, b = drawn(1, 1, 3)
    rnn = macs_of(rnn_step, x[0], h, W, U, b)
    yield Claim(
        "four-times-work",
        Text(zh="一步的乘加次数之比（逐次数出）", en="Multiply-adds of a step, counted one by one, as a ratio"),
        lstm / rnn,
        "==",
        4.0,
    )


def scanned_states(f, u):
    """Every c of c = f * c + u from c = 0, by pairwise combination: log2(T) rounds, each free of waiting (Blelloch 1990).

    Two steps (f1, u1), (f2, u2) make one: (f1 f2, f2 u1 + u2). Returns the states and the number of rounds.
    """
    f, u = f.copy(), u.copy()
    reach, rounds = 1, 0
    while reach < len(f):
        f[reach:], u[reach:] = f[reach:] * f[:-reach], f[reach:] * u[:-reach] + u[reach:]
        reach, rounds = 2 * reach, rounds + 1
    return u, rounds


def in_sequence_claims() -> Iterator[Event]:
    T, N, small = 256, 2, {"D": 5, "H": 6}
    x, h, c, W, U, b = lstm_arguments(T, N, **small)
    moved = x.copy()
    moved[0] += 1.0
    gates = [lstm_gates(run[1], lstm_step(run[0], h, c, W, U, b)[0], W, U, b)[1] for run in (x, moved)]
    yield Claim(
        "gates-wait-for-the-past",
        Text(
            zh="改动第 1 步的输入，第 2 步的遗忘门随之改变：门要等前一步的 h（最大变化）",
            en="Changing input 1 moves the forget gate of step 2: gates wait for the previous h (largest change)",
        ),
        float(np.abs(gates[1] - gates[0]).max()),
        ">",
        0.001,
    )
    cut = lstm_arguments(T, N, **small, recurrent=0.0)
    per_step = [lstm_gates(x_t, h, *cut[3:]) for x_t in cut[0]]
    i_all, f_all, g_all = (np.array([gates_t[k] for gates_t in per_step]) for k in range(3))
    states, rounds = scanned_states(f_all, i_all * g_all)
    yield Claim(
        "cut-loop-runs-in-parallel",
        Text(
            zh=f"去掉门对 h 的依赖（U = 0）后，{rounds} 轮两两合并就得到全部 {T} 个 c（与逐步计算的最大差）",
            en=f"With the gates cut off from h (U = 0) {rounds} rounds of pairwise merging give all {T} values of c (largest difference from the loop)",
        ),
        float(np.abs(states - lstm_forward(*cut)[1]).max()),
        "<=",
        1e-12,
    )
    yield Claim(
        "rounds-are-log-of-length",
        Text(zh="合并的轮数与 log2(T) 之差", en="Rounds of merging, minus log2(T)"),
        float(rounds - np.log2(T)),
        "==",
        0.0,
    )


def last_state(x, W, U, b):
    """The last (h, c) of one sequence x (T, D) as 2H numbers, and its Jacobian (2H, T · D), one row for each of them."""
    H = len(U)
    copies = np.repeat(x[:, None], 2 * H, axis=1)
    zero: Array = np.zeros((2 * H, H))
    hs, cs = lstm_forward(copies, zero, zero, W, U, b)
    each: Array = np.eye(2 * H)
    dh, dc = each[:, :H], each[:, H:]
    rows = np.empty_like(copies)
    for t in reversed(range(len(x))):
        h, c = (hs[t - 1], cs[t - 1]) if t else (zero, zero)
        rows[t], dh, dc, *_ = lstm_step_backward(dh, dc, copies[t], h, c, W, U, b)
    return np.concatenate([hs[-1, 0], cs[-1, 0]]), rows.transpose(1, 0, 2).reshape(2 * H, x.size)


def twins(T: int, D: int, H: int):
    """Two sequences far apart, and the last states of both, which Newton's method has made equal."""
    rng = np.random.default_rng(11)
    W, U, b = rng.normal(size=(D, 4 * H)) / np.sqrt(D), rng.normal(size=(H, 4 * H)) / np.sqrt(H), lstm_bias_init(H)
    x = rng.normal(size=(T, D))
    wanted, J = last_state(x, W, U, b)
    away = rng.normal(size=x.size)
    away -= np.linalg.pinv(J) @ (J @ away)  # what the state does not see, to first order
    twin = x + 0.5 * away.reshape(x.shape)
    for _ in range(12):
        state, J = last_state(twin, W, U, b)
        twin = twin - (np.linalg.pinv(J) @ (state - wanted)).reshape(x.shape)
    return x, twin, wanted, last_state(twin, W, U, b)[0]


def fixed_memory_claims() -> Iterator[Event]:
    T, D, H = 40, 3, 4
    x, twin, state, twin_state = twins(T, D, H)
    yield Claim(
        "twins-differ",
        Text(
            zh=f"两个长 {T} 的序列（各 {T * D} 个数）之间的最大差",
            en=f"Two sequences of {T} steps ({T * D} numbers each): largest difference between them",
        ),
        float(np.abs(twin - x).max()),
        ">",
        0.5,
    )
    yield Claim(
        "twins-end-in-one-state",
        Text(
            zh=f"它们读完后的 {2 * H} 个状态数的最大差：记忆已分不出这两个序列",
            en=f"The {2 * H} numbers of state they end in, largest difference: memory cannot tell the two apart",
        ),
        float(np.abs(twin_state - state).max()),
        "<=",
        1e-12,
    )
    sizes = []
    for length in (10, 1000):
        hs, cs = lstm_forward(*lstm_arguments(length, 1, D=D, H=H))
        sizes.append(hs[-1].size + cs[-1].size)
    yield Claim(
        "memory-same-at-any-length",
        Text(
            zh="读完 1000 步与读完 10 步，带走的状态的大小之比",
            en="Size of the state carried on after 1000 steps over that after 10",
        ),
        sizes[1] / sizes[0],
        "==",
        1.0,
    )


def quick() -> Iterator[Event]:
    yield from four_times_claims()
    yield from in_sequence_claims()
    yield from fixed_memory_claims()


def timed() -> Iterator[Event]:
    """The ratio to a plain RNN, and the same elements as long-thin and short-wide batches."""
    T, N, width, units = RATIO_SIZES
    x = drawn(1, T, N, D=width)[0]
    works: list[Callable[[], object]] = [partial(lstm_forward, *lstm_arguments(ELEMENTS // N, N)) for N in BATCHES]
    works += [
        partial(LSTM(width, units, rng=11), x),
        partial(RNN(width, units, rng=11), x),
    ]
    best: list[float] = []
    for event in seconds(works, ROUNDS, Text(zh="给各种形状的批次计时", en="timing batches of several shapes")):
        if isinstance(event, Progress):
            yield event
        else:
            best = event
    *batches, lstm, rnn = best
    yield Claim(
        "measured-ratio-to-rnn",
        Text(
            zh=f"T = {T}，N = {N}，D = {width}，H = {units}：LSTM 前向时间与普通 RNN 之比",
            en=f"T = {T}, N = {N}, D = {width}, H = {units}: time of the LSTM's forward pass over a plain RNN's",
        ),
        lstm / rnn,
        "in",
        (1.4, 8.0),
        Text(
            zh=f"种子 11，处理器时间，{ROUNDS} 轮里各取最短。矩阵乘正好是 4 比 1；每次调用、每一步的固定开销两边一样，所以尺寸小时低于 4，测得多在 3 上下，界两边各留了一倍。",
            en=f"Seed 11, processor time, the shortest of {ROUNDS} rounds each. The products are 4 to 1 exactly; what a call and a step cost besides is the same for both, so at small sizes the ratio is below 4, mostly about 3, and the bound leaves a factor of two on either side.",
        ),
    )
    for N, took in zip(BATCHES, batches, strict=True):
        yield Line(
            Text(
                zh=f"T = {ELEMENTS // N}，N = {N}：{1e3 * took:.2f} 毫秒",
                en=f"T = {ELEMENTS // N}, N = {N}: {1e3 * took:.2f} ms",
            )
        )
    yield Claim(
        "long-thin-over-short-wide",
        Text(
            zh=f"同样 {ELEMENTS} 个元素、同样的乘加次数：T = {ELEMENTS}、N = 1 的时间与 T = {ELEMENTS // 64}、N = 64 之比",
            en=f"The same {ELEMENTS} elements and multiply-adds: time as T = {ELEMENTS}, N = 1 over time as T = {ELEMENTS // 64}, N = 64",
        ),
        batches[0] / batches[-1],
        ">",
        2.0,
        Text(
            zh=f"D = {D}、H = {H}，种子 11，{ROUNDS} 轮里各取最短。64 倍的步数意味着 64 倍的逐步开销，测得通常在 7 到 11。",
            en=f"D = {D}, H = {H}, seed 11, the shortest of {ROUNDS} rounds each. 64 times the steps are 64 times the cost per step; usually 7 to 11.",
        ),
    )
    yield Plot(
        title=Text(zh="同样的工作量，越长越慢", en="The same work takes longer the longer it is"),
        x_label=Text(zh="步数 T（T · N 不变，对数轴）", en="steps T (T · N fixed, log axis)"),
        y_label=Text(zh="毫秒（对数轴）", en="milliseconds (log axis)"),
        series=(
            Series(
                Text(zh="LSTM 前向", en="LSTM forward"),
                [ELEMENTS // N for N in BATCHES],
                [1e3 * took for took in batches],
            ),
        ),
        x_log=True,
        y_log=True,
    )


EXPERIMENT = Experiment(quick=quick, trained=timed)
