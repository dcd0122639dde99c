"""What the experiments on cost share: matrices that count their multiply-adds, and fair timing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import thread_time
from typing import Any, ClassVar

import numpy as np

from answers.model import Progress, Text

ONE_THREAD = 4 * 65536
"""Multiply-adds up to which OpenBLAS runs a product in one thread; above, a busy machine's timings say nothing."""


class Counting(np.ndarray):
    """A matrix that adds up the multiply-adds of every product it takes part in; everything else is NumPy's."""

    macs: ClassVar[int] = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs) -> Any:
        """The result as a plain array; a matrix product (·, K) @ (K, M) is counted as · K M."""
        plain = [x.view(np.ndarray) if isinstance(x, Counting) else x for x in inputs]
        result = getattr(ufunc, method)(*plain, **kwargs)
        if ufunc is np.matmul:
            Counting.macs += result.size * plain[0].shape[-1]
        return result


def macs_of(function: Callable[..., Any], *arrays: Any) -> int:
    """Multiply-adds of the matrix products in `function(*arrays)`, counted as they happen."""
    Counting.macs = 0
    function(*(a.view(Counting) for a in arrays))
    return Counting.macs


def seconds(works: Sequence[Callable[[], Any]], rounds: int, doing: Text) -> Iterator[Progress | list[float]]:
    """Processor time of each work, taken once a round, round after round, so that a busy moment hits all alike.

    Yields progress, and last the shortest time of each: what else ran at the time can only have added to the others.
    Only this thread's time counts, so no product of the works is to be above ONE_THREAD: waiting for BLAS's other threads
    counts too, and the work that they do does not.
    """
    best = [float("inf")] * len(works)
    for turn in range(rounds):
        yield Progress(turn / rounds, doing)
        for k, work in enumerate(works):
            start = thread_time()
            work()
            best[k] = min(best[k], thread_time() - start)
    yield Progress(1.0, doing)
    yield best


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Slope of the straight line through (log x, log y): the exponent of a power law."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])
