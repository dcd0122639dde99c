"""Three ratios: forward over its bare matrix products, a step of a long sequence over one of a short, checkpoints over none."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from timing import alternate

import rnnref

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def over_products(kind: str, sizes: tuple[int, int, int, int], budget: float) -> float:
    """Time of forward over that of x W for all steps and h U for each; the limit is 1.2."""
    T, N, D, H = sizes
    layer, rng = getattr(rnnref, kind)(D, H, rng=0), np.random.default_rng(0)
    x, h = rng.normal(size=(T, N, D)), rng.normal(size=(N, H))
    W, U = rng.normal(size=(D, GATES[kind] * H)), rng.normal(size=(H, GATES[kind] * H))
    rows, from_x, from_h = x.reshape(T * N, D), np.empty((T * N, U.shape[1])), np.empty((N, U.shape[1]))

    def products() -> None:
        np.matmul(rows, W, out=from_x)
        for _ in range(T):
            np.matmul(h, U, out=from_h)

    ours, bare = alternate((lambda: layer(x), products), budget)
    return ours / bare


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
    print(f"{'':>6}{'forward / bare products (limit 1.2)':>40}{'T 10000 / T 100 a step':>26}{'checkpoint / plain':>20}")
    for kind in GATES:
        large = [over_products(kind, s, budget) for s in ((100, 32, 128, 256), (35, 20, 650, 650))]
        short, long = alternate((both_ways(kind, 100), both_ways(kind, 10_000)), budget)
        plain, kept = alternate((both_ways(kind, 1000), both_ways(kind, 1000, True)), budget)
        print(
            f"{kind:>6}{large[0]:>30.2f}{large[1]:>10.2f}{long / short / 100:>26.2f}{kept / plain:>20.2f}", flush=True
        )


if __name__ == "__main__":
    main()
