"""The matrix products of a pass alone: what a pass would take if all else took no time."""

from __future__ import annotations

from collections.abc import Callable

import timing  # noqa: F401  # isort: skip  (one thread, before NumPy starts)

import numpy as np

from rnnref.layout import contiguous, each, flat, vectors
from rnnref.loaded_weights import Copies, multiplied_together
from rnnref.products import (
    BackProjection,
    Product,
    ProductOfRows,
    ProductsOfRows,
    Projection,
    Total,
    for_product,
    product_by_step,
)
from rnnref.sweep import stretch_length, stretches
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
        return contiguous(rng.normal(size=shape).astype(dtype))

    W, U, x = some(R, D + 1), some(R, H), some(T, N, D)
    U /= H  # so that no exponential overflows
    length = stretch_length(T, N, R * (D + H) * x.itemsize)
    # Together those of the GRU's candidate are apart; apart all gates are one.
    together = multiplied_together(R, D, H, N, x.dtype)
    first = {"LSTM": R, "GRU": 2 * H}[kind] if together else 0
    z, from_z, copies = some(1, D + 1 + H, N), some(1, R, N), Copies()
    of_z = [(contiguous(np.concatenate([W[:first], U[:first]], 1)), 0, D + 1 + H)] * (first > 0)
    of_z += [(U[first:], D + 1, D + 1 + H)] * (first < R)
    steps, at = [], 0
    for weights, a, b in of_z:
        out = from_z[:, at : at + len(weights)]
        at += len(weights)
        steps.append((Product(weights, N, T, copies).ready(), each(z[:, a:b])[0], for_product(out, b - a)[0]))
    projection = None if together else Projection(W, D, length, N)
    columns, candidates = some(length, D + 1, N), some(length, R - first, N)
    da, dh = some(1, R, N), some(1, H, N)
    times_back = Product(U.T, N, T, copies).ready()
    (da_t,), (dh_t,) = each(da), for_product(dh, R)
    stretch, rows, states = some(length, R, N), some(R, length * N), some(length * N, H)
    dx, flat_x = np.empty_like(x), x.reshape(-1, D)
    result, sigmoids = each(from_z)[0], R - H
    passed = [(np.exp, result[:sigmoids])] * (sigmoids > 0) + [(np.tanh, result[sigmoids:])]
    passed += [(np.tanh, each(dh)[0])] * (kind == "LSTM")
    out_of = [np.empty_like(values) for _, values in passed]
    calls_of_a_step = [(f, values, o) for (f, values), o in zip(passed, out_of, strict=True)] if calls else []
    factor, to_x = np.empty_like(result), BackProjection(W[:, :D], length, N, copies).ready()

    def run() -> None:
        for own in stretches(T, length):
            if projection is not None:
                projection(x[own])
            elif first < R:
                product_by_step(W[first:], columns[: own.stop - own.start], candidates[: own.stop - own.start])
        for _ in range(T):
            for times, z_t, out_t in steps:
                times(z_t, out_t)
            for f, values, o in calls_of_a_step:
                f(values, o)
        if not backward:
            return
        for _ in range(T):
            times_back(da_t, dh_t)
            if calls:
                np.multiply(result, result, factor)
        dW, dU = Total(), Total()
        for begin in range(0, T, length):
            S = min(length, T - begin)
            own = slice(begin * N, (begin + S) * N)
            to_x(stretch[:S], rows[:, : S * N], dx[begin : begin + S])
            dW.add(rows[:, : S * N], flat_x[own])
            dU.add(rows[:, : S * N], states[: S * N])

    return run


def _products_by_row(sizes: tuple[int, ...], dtype: str, backward: bool, calls: bool) -> Callable[[], object]:
    """Those of the plain RNN, whose arrays lie sequence by row."""
    T, N, D, H = sizes
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return contiguous(rng.normal(size=shape).astype(dtype))

    W, U, x, states = some(H, D), some(H, H), some(T, N, D), some(T, N, H)
    (h,), (from_h,) = vectors(some(1, N, H)), vectors(some(1, N, H))
    copies = Copies()
    from_x, to_x = (ProductsOfRows(weights, N, copies).ready() for weights in (W.T, W))
    times, times_back = ProductOfRows(U.T, N, T, copies).ready(), ProductOfRows(U, N, T, copies).ready()
    length = stretch_length(T, N, H * (D + H) * x.itemsize)
    results, dx, out = np.empty_like(states), np.empty_like(x), np.empty_like(h)

    def run() -> None:
        for own in stretches(T, length):
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
        for own in stretches(T, length):
            to_x(states[own], dx[own])
            rows = flat(states[own]).T
            dW.add(rows, flat(x[own]))
            dU.add(rows, flat(states[own]))

    return run
