"""Fair times on a machine that others use too: candidates take turns, and each one's median counts."""

from __future__ import annotations

import os
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

    Every other round goes the other way, so that none always follows the same one's use of the caches.
    """
    once = 0.0
    for candidate in candidates:
        candidate()
        start = time.perf_counter()
        candidate()
        once += time.perf_counter() - start
    rounds = max(least, min(2000, int(budget / once)))
    times: list[list[float]] = [[] for _ in candidates]
    turns = list(zip(candidates, times, strict=True))
    for k in range(rounds):
        for candidate, spent in turns[:: -1 if k % 2 else 1]:
            start = time.perf_counter()
            candidate()
            spent.append(time.perf_counter() - start)
    return [median(spent) for spent in times]
