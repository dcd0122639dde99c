"""The matrix products of a pass alone: what a pass would take if all else took no time."""

from __future__ import annotations

from collections.abc import Callable

import timing  # noqa: F401  # isort: skip  (one thread, before NumPy starts)

import numpy as np

from rnnref.sweep import (
    BackProjection,
    Projection,
    Scratch,
    Total,
    aligned,
    each,
    flat,
    for_product,
    product,
    product_of_rows,
    products_of_rows,
    stretch_length,
    stretches,
    vectors,
)
from rnnref.typing import Array

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def plain(kind: str, sizes: tuple[int, ...], dtype: str) -> Callable[[], object]:
    """The products of a forward pass as one writes them: x W for all steps in one, h U for each step."""
    T, N, D, H = sizes
    rng = np.random.default_rng(0)
    x, h, W, U = (
        rng.normal(size=shape).astype(dtype)
        for shape in ((T * N, D), (N, H), (D, GATES[kind] * H), (H, GATES[kind] * H))
    )
    from_x, from_h = np.empty((T * N, U.shape[1]), dtype), np.empty((N, U.shape[1]), dtype)

    def run() -> None:
        np.matmul(x, W, out=from_x)
        for _ in range(T):
            np.matmul(h, U, out=from_h)

    return run


def products(
    kind: str, sizes: tuple[int, ...], dtype: str, backward: bool, calls: bool = False
) -> Callable[[], object]:
    """The matrix products of a pass, in the forms in which the layers have them.

    With `calls` also what no NumPy program gets round at a step: forward one call for its sigmoids, one for its tanh and,
    for the LSTM, one for tanh c; backward one that multiplies the gates' factors by the gradient that comes back.
    """
    if kind == "RNN":
        return _products_by_row(sizes, dtype, backward, calls)
    T, N, D, H = sizes
    R = GATES[kind] * H
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return aligned(rng.normal(size=shape).astype(dtype))

    Wb, U, x = some(R, D + 1), some(R, H), some(T, N, D)
    U /= H  # so that no exponential overflows
    from_x = Projection(R, D, T, N, x.dtype)
    h, from_h, da, dh = (some(1, rows, N) for rows in (H, R, R, H))
    times, times_back = product(U, N, T), product(U.T, N, T)
    (h_t,), (from_h_t,), (da_t,), (dh_t,) = each(h), for_product(from_h, H), each(da), for_product(dh, R)
    length = stretch_length(T, N)
    stretch, rows, states = some(length, R, N), some(R, length * N), some(length * N, H)
    dx, flat_x = np.empty_like(x), x.reshape(-1, D)
    result, sigmoids = each(from_h)[0], R - H
    passed = [(np.exp, result[:sigmoids])] * (sigmoids > 0) + [(np.tanh, result[sigmoids:])]
    passed += [(np.tanh, dh[0].reshape(h_t.shape))] * (kind == "LSTM")
    out = [np.empty_like(values) for _, values in passed]
    calls_of_a_step = [(f, values, o) for (f, values), o in zip(passed, out, strict=True)] if calls else []
    factor = np.empty_like(result)

    def run() -> None:
        for first in range(0, T, from_x.length):
            from_x(Wb, x[first : first + from_x.length])
        for _ in range(T):
            times(h_t, from_h_t)
            for f, values, o in calls_of_a_step:
                f(values, o)
        if not backward:
            return
        for _ in range(T):
            times_back(da_t, dh_t)
            if calls:
                np.multiply(result, result, factor)
        to_x, dW, dU = BackProjection(Wb[:, :D], N, scratch), Total(), Total()
        for first in range(0, T, length):
            S = min(length, T - first)
            own = slice(first * N, (first + S) * N)
            to_x(stretch[:S], rows[:, : S * N], dx[first : first + S])
            dW.add(rows[:, : S * N], flat_x[own])
            dU.add(rows[:, : S * N], states[: S * N])

    scratch = Scratch()
    return run


def _products_by_row(sizes: tuple[int, ...], dtype: str, backward: bool, calls: bool) -> Callable[[], object]:
    """Those of the plain RNN, whose arrays lie sequence by row."""
    T, N, D, H = sizes
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return aligned(rng.normal(size=shape).astype(dtype))

    W, U, x, states = some(H, D), some(H, H), some(T, N, D), some(T, N, H)
    (h,), (from_h,) = vectors(some(1, N, H)), vectors(some(1, N, H))
    from_x, to_x = products_of_rows(W.T, N), products_of_rows(W, N)
    times, times_back = product_of_rows(U.T, N, T), product_of_rows(U, N, T)
    results, dx, out = np.empty_like(states), np.empty_like(x), np.empty_like(h)

    def run() -> None:
        for own in stretches(T, N):
            from_x(x[own], results[own])
        for _ in range(T):
            times(h, from_h)
            if calls:
                np.tanh(h, out)
        if not backward:
            return
        for _ in range(T):
            times_back(h, from_h)
            if calls:
                np.multiply(h, h, out)
        dW, dU = Total(), Total()
        for own in stretches(T, N):
            to_x(states[own], dx[own])
            rows = flat(states[own]).T
            dW.add(rows, flat(x[own]))
            dU.add(rows, flat(states[own]))

    return run
