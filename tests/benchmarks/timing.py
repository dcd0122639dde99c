"""Fair times on a machine that others use too: candidates take turns, and each one's median counts."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from statistics import median

for variable in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "BLIS"):
    os.environ.setdefault(f"{variable}_NUM_THREADS", "1")

GRID = [
    (16, 1, 8, 16),
    (50, 1, 32, 64),
    (100, 1, 128, 128),
    (50, 8, 64, 64),
    (50, 32, 64, 128),
    (100, 32, 128, 256),
    (35, 20, 650, 650),
]
"""T, N, D, H of the tables."""


def alternate(candidates: Sequence[Callable[[], object]], budget: float = 1.0, least: int = 5) -> list[float]:
    """The median seconds of each candidate; they take turns for about `budget` seconds in all, each at least `least` times.

    Each round goes in another order, so that none always follows the same one's use of the caches, and none its own.
    """
    once = 0.0
    for candidate in candidates:
        candidate()
        start = time.perf_counter()
        candidate()
        once += time.perf_counter() - start
    rounds = max(least, min(2000, int(budget / once)))
    times: list[list[float]] = [[] for _ in candidates]
    order, shuffle = list(range(len(candidates))), random.Random(0).shuffle
    for _ in range(rounds):
        last = order[-1]
        shuffle(order)
        if order[0] == last:
            order.append(order.pop(0))
        for k in order:
            start = time.perf_counter()
            candidates[k]()
            times[k].append(time.perf_counter() - start)
    return [median(spent) for spent in times]
