"""Three ratios: forward over its bare matrix products, a step of a long sequence over one of a short, checkpoints over none.

Bare products are given twice: as one writes them, x W for all steps in one and h U for each, and as the layers have them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from timing import alternate  # isort: skip  (one thread, before NumPy starts)
from products import GATES, plain, products  # isort: skip

import numpy as np

import rnnref


def over_products(kind: str, sizes: tuple[int, int, int, int], budget: float) -> tuple[float, float]:
    """Time of forward over that of its products, as one writes them and as the layers have them; the limit is 1.2."""
    T, N, D, H = sizes
    layer, x = getattr(rnnref, kind)(D, H, rng=0), np.random.default_rng(0).normal(size=(T, N, D))
    own = products(kind, sizes, "float64", False)
    ours, written, bare = alternate((lambda: layer(x), plain(kind, sizes, "float64"), own), budget)
    return ours / written, ours / bare


def both_ways(kind: str, T: int, checkpoint: bool = False) -> Callable[[], object]:
    """A forward with backward pass at N = 4, D = 16, H = 32."""
    layer = getattr(rnnref, kind)(16, 32, rng=0, checkpoint=checkpoint)
    x = np.random.default_rng(0).normal(size=(T, 4, 16))

    def run() -> object:
        return layer.backward(layer(x)[0])

    return run


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="How rnnref scales.")
    parser.add_argument("--budget", type=float, default=2.0, help="seconds per figure")
    budget = parser.parse_args().budget
    print(
        f"{'':>6}{'forward / products [in our form] (1.2)':>40}{'T 10000 / T 100 a step':>26}{'checkpoint / plain':>20}"
    )
    for kind in GATES:
        large = [r for s in ((100, 32, 128, 256), (35, 20, 650, 650)) for r in over_products(kind, s, budget)]
        short, long = alternate((both_ways(kind, 100), both_ways(kind, 10_000)), budget)
        whole, kept = alternate((both_ways(kind, 1000), both_ways(kind, 1000, True)), budget)
        print(
            f"{kind:>6}{large[0]:>18.2f} [{large[1]:.2f}]{large[2]:>9.2f} [{large[3]:.2f}]"
            f"{long / short / 100:>26.2f}{kept / whole:>20.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
