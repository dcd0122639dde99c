"""Multiply-adds as counted by a matrix that counts, of attention and of a recurrence."""

from __future__ import annotations

import numpy as np

from answers.experiments.measuring import macs_of, slope
from answers.model import Claim, Experiment, Plot, Series, Text

D = 32


def core(T, d=D):
    """Scores and weighted sum."""
    return macs_of(lambda q, k, v: q @ k.T @ v, *(np.ones((T, d)) for _ in range(3)))


def projections(T, d=D):
    return 4 * macs_of(lambda x, W: x @ W, np.ones((T, d)), np.ones((d, d)))


def recurrence(T, d=D, gates=1):
    """The products of T steps: x W and h U."""
    step = macs_of(lambda x, h, W, U: (x @ W, h @ U), *(np.ones((1, d)),) * 2, *(np.ones((d, gates * d)),) * 2)
    return T * step


def quick():
    yield Claim(
        "formula-counts",
        Text(
            zh="数出的乘加与 2T²d 的差（T = 48，d = 32）", en="Multiply-adds as counted against 2T²d (T = 48, d = 32)"
        ),
        float(core(48) - 2 * 48 * 48 * D),
        "==",
        0.0,
    )
    yield Claim(
        "short-sequences-are-cheap",
        Text(
            zh="T = 8、d = 32：分数与加权和是普通 RNN 的几倍",
            en="T = 8, d = 32: scores and weighted sum in multiples of a plain RNN",
        ),
        core(8) / recurrence(8),
        "==",
        0.25,
    )
    yield Claim(
        "crossover-at-d",
        Text(zh="T = d 时两者之比", en="The ratio at T = d"),
        core(D) / recurrence(D),
        "==",
        1.0,
    )
    yield Claim(
        "lstm-crossover-at-2d",
        Text(zh="T = 2d 时，整层注意力（含投影）与 LSTM 之比", en="A whole attention layer over an LSTM at T = 2d"),
        (core(2 * D) + projections(2 * D)) / recurrence(2 * D, gates=4),
        "==",
        1.0,
    )
    lengths = [8, 16, 32, 64, 128, 256, 512]
    attention = [float(core(T) + projections(T)) for T in lengths]
    plain = [float(recurrence(T)) for T in lengths]
    long = [4096, 8192]
    yield Claim(
        "square-rules-in-the-end",
        Text(
            zh="T 从 4096 到 8192，注意力乘加的幂次", en="Exponent of attention's multiply-adds from T = 4096 to 8192"
        ),
        slope(long, [2.0 * T * T * D + 4 * T * D * D for T in long]),
        "in",
        (1.95, 2.0),
    )
    yield Claim(
        "chain-of-steps",
        Text(
            zh="T = 512 时 RNN 必须依次走的步数（注意力是 1）",
            en="Steps an RNN must take one after the other at T = 512 (attention: 1)",
        ),
        recurrence(512) / recurrence(1),
        "==",
        512.0,
    )
    yield Plot(
        Text(zh="乘加数，d = 32", en="Multiply-adds, d = 32"),
        Text(zh="序列长 T", en="length T"),
        Text(zh="乘加数", en="multiply-adds"),
        (
            Series(Text(zh="注意力（含投影）", en="attention with projections"), lengths, attention),
            Series(Text(zh="普通 RNN", en="plain RNN"), lengths, plain),
        ),
        x_log=True,
        y_log=True,
    )


EXPERIMENT = Experiment(quick)
