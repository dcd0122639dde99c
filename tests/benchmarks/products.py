"""The matrix products of a pass alone: what a pass would take if all else took no time."""

from __future__ import annotations

from collections.abc import Callable

import timing  # noqa: F401  # isort: skip  (one thread, before NumPy starts)

import numpy as np

from rnnref.sweep import STRETCH, Projection, aligned, each, for_product, product

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


def products(kind: str, sizes: tuple[int, ...], dtype: str, backward: bool) -> Callable[[], object]:
    """The matrix products of a pass, in the forms in which the layers have them, and nothing else."""
    T, N, D, H = sizes
    R = GATES[kind] * H
    rng = np.random.default_rng(0)
    Wb, U, x = (rng.normal(size=shape).astype(dtype) for shape in ((R, D + 1), (R, H), (T, N, D)))
    from_x = Projection(R, D, T, N, x.dtype)
    h, from_h, da, dh = (aligned(rng.normal(size=(1, rows, N)).astype(dtype)) for rows in (H, R, R, H))
    times, times_back = product(U, N, T), product(U.T, N, T)
    (h_t,), (from_h_t,), (da_t,), (dh_t,) = each(h), for_product(from_h, H), each(da), for_product(dh, R)
    rows, states = rng.normal(size=(R, T * N)).astype(dtype), rng.normal(size=(H, T * N)).astype(dtype)
    W, dx, flat_x = np.ascontiguousarray(Wb[:, :D]), np.empty((T * N, D), dtype), x.reshape(-1, D)
    length = max(1, STRETCH // N) * N

    def run() -> None:
        for first in range(0, T, from_x.length):
            from_x(Wb, x[first : first + from_x.length])
        for _ in range(T):
            times(h_t, from_h_t)
        if not backward:
            return
        for _ in range(T):
            times_back(da_t, dh_t)
        for first in range(0, T * N, length):
            own = slice(first, first + length)
            np.matmul(rows[:, own].T, W, out=dx[own])
            rows[:, own] @ flat_x[own]
            rows[:, own] @ states[:, own].T

    return run
