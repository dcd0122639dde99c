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


TURN = 0.02
"""Seconds: far longer than it takes to have code and data in the caches again, shorter than the loads of others last."""


def alternate(
    candidates: Sequence[Callable[[], object]], budget: float = 1.0, least: int = 5, turn: float = TURN
) -> list[float]:
    """The median seconds of a call of each candidate; they take turns for about `budget` seconds in all, each at least `least` times.

    In a turn a candidate is called for about `turn` seconds, at least once, as in a training loop, where a call follows
    its like; 0 makes a turn of each call, which then finds the caches as another left them. Each round goes in another
    order, so that none always follows the same one, and none itself.
    """
    calls = []
    for candidate in candidates:
        candidate()
        start = time.perf_counter()
        candidate()
        once = time.perf_counter() - start
        calls.append((max(1, round(turn / once)), once))
    rounds = max(least, min(2000, int(budget / sum(count * once for count, once in calls))))
    times: list[list[float]] = [[] for _ in candidates]
    order, shuffle = list(range(len(candidates))), random.Random(0).shuffle
    for _ in range(rounds):
        last = order[-1]
        shuffle(order)
        if order[0] == last:
            order.append(order.pop(0))
        for k in order:
            candidate, count = candidates[k], calls[k][0]
            start = time.perf_counter()
            for _ in range(count):
                candidate()
            times[k].append((time.perf_counter() - start) / count)
    return [median(spent) for spent in times]
