"""Peak memory of a forward with a backward pass, in arrays of T * N * H: `python tests/benchmarks/memory.py --help`.

Counted by tracemalloc from before the call to after the backward pass, so that y, dx and the gradients are in it, x and dy not.
With checkpoints the growth is what counts: y and dx grow with T anyway, so they are also given without.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc

import numpy as np
import timing  # noqa: F401  (one thread, before NumPy starts)

import rnnref

LIMITS = {"LSTM": 10.0, "GRU": 9.0, "RNN": 3.5}


def peak(kind: str, sizes: tuple[int, int, int, int], checkpoint: bool) -> tuple[float, float]:
    """Peak in arrays of T * N * H, and the seconds it took (traced, so only to compare)."""
    T, N, D, H = sizes
    layer = getattr(rnnref, kind)(D, H, rng=0, checkpoint=checkpoint)
    x, dy = np.zeros((T, N, D)), np.ones((T, N, H))
    tracemalloc.start()
    start = time.perf_counter()
    y, _ = layer(x)
    layer.backward(dy)
    seconds = time.perf_counter() - start
    _, top = tracemalloc.get_traced_memory()
    del y
    tracemalloc.stop()
    return top / (8 * T * N * H), seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Peak memory of forward with backward.")
    parser.add_argument("--sizes", nargs=4, type=int, default=(1000, 32, 128, 256), metavar=("T", "N", "D", "H"))
    args = parser.parse_args()
    T, N, D, H = args.sizes
    print(f"T, N, D, H = {T}, {N}, {D}, {H}; arrays of T * N * H, float64")
    print(f"{'':>6}{'all':>9}{'limit':>8}{'checkpoint':>12}{'beyond y, dx':>14}{'a quarter of T':>16}{'time':>7}")
    for kind, limit in LIMITS.items():
        plain, seconds = peak(kind, (T, N, D, H), False)
        kept, longer = peak(kind, (T, N, D, H), True)
        quarter, _ = peak(kind, (T // 4, N, D, H), True)
        own = 1 + D / H
        print(
            f"{kind:>6}{plain:>9.2f}{limit:>8.1f}{kept:>12.2f}{kept - own:>14.2f}"
            f"{(quarter - own) / 4:>16.2f}{longer / seconds:>7.2f}"
        )


if __name__ == "__main__":
    main()
