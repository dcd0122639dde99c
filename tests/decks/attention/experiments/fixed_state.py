"""How many pairs a state of fixed size gives back, and how many a memory that grows."""

from __future__ import annotations

import numpy as np

import rnnref
from answers.model import Claim, Experiment, Plot, Series, Text

from ..attending import attend

D, ROUNDS = 32, 6


def recalled(pairs, rng):
    """Share of `pairs` random key-value pairs that come back: from the matrix Σ k vᵀ, and from softmax attention."""
    keys = rng.normal(size=(pairs, D))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    values = rng.choice([-1.0, 1.0], size=(pairs, D))
    state = keys.T @ values
    right = np.arange(pairs)
    fixed = ((keys @ state) @ values.T).argmax(axis=1) == right
    grown = (attend(40 * np.sqrt(D) * keys, keys, values) @ values.T).argmax(axis=1) == right
    return fixed.mean(), grown.mean()


def quick():
    rng = np.random.default_rng(10)
    q, k, v = (rng.normal(size=(20, D)) for _ in range(3))
    state, rows = np.zeros((D, D)), []
    for t in range(20):
        state = state + np.outer(k[t], v[t])
        rows.append(q[t] @ state)
    yield Claim(
        "linear-attention-is-an-rnn",
        Text(
            zh="不带 softmax 的因果注意力与矩阵状态的递推的最大差",
            en="Causal attention without the softmax against a recurrence with a matrix state (largest difference)",
        ),
        float(np.abs(np.tril(q @ k.T) @ v - np.stack(rows)).max()),
        "<=",
        1e-10,
    )
    counts = [4, 8, 16, 32, 64, 128, 256, 512]
    shares = np.array([np.mean([recalled(n, rng) for _ in range(ROUNDS)], axis=0) for n in counts])
    seeded = Text(
        zh=f"种子 10，{ROUNDS} 次平均；实测离界很远", en=f"seed 10, mean of {ROUNDS} draws; measured far from the bound"
    )
    yield Claim(
        "fixed-state-holds-few",
        Text(zh="d = 32 的固定状态，存 8 对：取回的比例", en="Fixed state of d = 32, 8 pairs: share given back"),
        float(shares[1, 0]),
        ">=",
        0.95,
        seeded,
    )
    yield Claim(
        "fixed-state-fails",
        Text(zh="同一状态，存 512 对：取回的比例", en="The same state, 512 pairs: share given back"),
        float(shares[-1, 0]),
        "<=",
        0.2,
        seeded,
    )
    yield Claim(
        "growing-memory-recalls",
        Text(zh="softmax 注意力，512 对：取回的比例", en="Softmax attention, 512 pairs: share given back"),
        float(shares[-1, 1]),
        ">=",
        0.99,
        seeded,
    )
    U, hs = 0.9 * np.linalg.qr(rng.normal(size=(D, D)))[0], np.zeros((51, D))
    flow = float(rnnref.gradient_flow(hs, U)[0])
    yield Claim(
        "fifty-jacobians",
        Text(
            zh="RNN（谱范数 0.9）50 步前的状态对现在的影响",
            en="Influence of a state 50 steps back in an RNN of spectral norm 0.9",
        ),
        flow,
        "<=",
        0.01,
    )
    x = rng.normal(size=(51, D))
    x[-1] = x[0]
    weight = rnnref.softmax(4 * x @ x[-1] / np.sqrt(D))
    yield Claim(
        "one-step-of-attention",
        Text(zh="注意力中，50 步前匹配的位置得到的权重", en="Weight that attention gives a match 50 steps back"),
        float(weight[0]),
        ">=",
        0.4,
        Text(zh="种子 10；与自己平分，上限是 0.5", en="seed 10; shared with the position itself, so 0.5 at most"),
    )
    yield Plot(
        Text(
            zh="存入的键值对越多，固定状态取回得越少",
            en="The more pairs are stored, the fewer a fixed state gives back",
        ),
        Text(zh="键值对数", en="pairs stored"),
        Text(zh="取回的比例", en="share given back"),
        (
            Series(Text(zh="固定的 32 × 32 状态", en="fixed 32 × 32 state"), counts, list(shares[:, 0])),
            Series(Text(zh="softmax 注意力", en="softmax attention"), counts, list(shares[:, 1])),
        ),
        x_log=True,
    )


EXPERIMENT = Experiment(quick)
