"""RNN, LSTM and GRU against PyTorch on one thread, over small and large sizes: `python tests/benchmarks/grid.py
--help`.

A figure is PyTorch's time over ours: above 1 we are faster. What is measured is what a user calls, after a first
call that does not count: from arrays to arrays, with initial states given, on one thread, weights and x the same.
Forward runs under `torch.no_grad()` there; ours has no such mode and keeps, in memory of the call before, what a
backward pass needs. Forward with backward gives the gradients of x, the initial states and all parameters on both
sides; PyTorch's time includes its graph and that gradients are forgotten before (`grad = None`), ours that arguments
are checked, and that x and the weights are copied so that the caller may change them before `backward`, which
PyTorch forbids. Both make new arrays of results.

A turn is several calls where they are short, as in a training loop: a single one between two of another library finds
the caches as that left them, which costs ours, the shorter, more. `--turn 0` measures single ones.

The figures in brackets are PyTorch's time over that of our matrix products alone, what could be reached if all else
took no time, and over that of the products with the calls that no NumPy program gets round at each step
(`products.products` says which): no NumPy program with these products gets above the second.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import geometric_mean

from timing import GRID, TURN, alternate  # isort: skip  (one thread, before NumPy starts)
from products import GATES, products  # isort: skip

import numpy as np
import torch

import rnnref


def candidates(kind: str, sizes: tuple[int, ...], dtype: str, backward: bool) -> tuple[Callable[[], object], ...]:
    """Ours and PyTorch's pass with equal weights and input, our products alone, and with the calls that must be."""
    T, N, D, H = sizes
    theirs = getattr(torch.nn, kind)(D, H, dtype=getattr(torch, dtype))
    ours = getattr(rnnref, kind)(D, H, dtype=dtype)
    ours.params = {k: p.detach().numpy().copy() for k, p in theirs.named_parameters()}
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(T, N, D)).astype(dtype), rng.normal(size=(T, N, H)).astype(dtype)
    xt, dyt = torch.tensor(x, requires_grad=True), torch.tensor(dy)
    starts = [np.zeros((1, N, H), dtype) for _ in range(2 if kind == "LSTM" else 1)]
    starts_t = [torch.tensor(start, requires_grad=True) for start in starts]
    state, state_t = (tuple(starts), tuple(starts_t)) if kind == "LSTM" else (starts[0], starts_t[0])
    parameters = [xt, *starts_t, *theirs.parameters()]

    def ours_forward() -> object:
        return ours(x, state)

    def theirs_forward() -> object:
        with torch.no_grad():
            return theirs(xt, state_t)

    def ours_both() -> object:
        ours(x, state)
        return ours.backward(dy)

    def theirs_both() -> object:
        for p in parameters:
            p.grad = None
        y, _ = theirs(xt, state_t)
        y.backward(dyt)
        return xt.grad

    ours_and_theirs = (ours_both, theirs_both) if backward else (ours_forward, theirs_forward)
    return (*ours_and_theirs, *(products(kind, sizes, dtype, backward, calls) for calls in (False, True)))


def table(
    dtype: str, backward: bool, budget: float, turn: float, kinds: tuple[str, ...], cells: list[tuple[int, ...]]
) -> None:
    """Print one table: a row per cell of the grid, a column per kind, the geometric means below."""
    print(f"\n{dtype}, forward{' with backward' if backward else ''}: PyTorch's time / ours")
    print("[/ our products alone, with the calls that must be] (ours in ms)")
    print(f"{'T, N, D, H':>20}" + "".join(f"{kind:>33}" for kind in kinds))
    most: list[float] = []
    ratios: dict[str, list[float]] = {kind: [] for kind in kinds}
    for sizes in cells:
        line = f"{', '.join(map(str, sizes)):>20}"
        for kind in kinds:
            ours, theirs, bare, least = alternate(candidates(kind, sizes, dtype, backward), budget, turn=turn)
            ratios[kind].append(theirs / ours)
            most.append(theirs / least)
            brackets = f"[{theirs / bare:.2f}, {theirs / least:.2f}]"
            line += f"{theirs / ours:>8.2f} {brackets:>14} {f'({ours * 1e3:.3f})':>9}"
        print(line, flush=True)
    everything = [r for kind in kinds for r in ratios[kind]]
    print(f"{'geometric mean':>20}" + "".join(f"{geometric_mean(ratios[k]):>8.2f}{'':>25}" for k in kinds))
    print(
        f"all: {geometric_mean(everything):.2f} [{geometric_mean(most):.2f}], least: {min(everything):.2f} [{min(most):.2f}]"
    )


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(description="RNN, LSTM and GRU of rnnref against PyTorch on one thread.")
    parser.add_argument("--dtype", nargs="*", default=["float64", "float32"])
    parser.add_argument("--kind", nargs="*", default=list(GATES))
    parser.add_argument("--cell", nargs="*", type=int, default=list(range(len(GRID))))
    parser.add_argument("--only", choices=["forward", "backward"])
    parser.add_argument("--budget", type=float, default=1.0, help="seconds per cell and kind")
    parser.add_argument(
        "--turn", type=float, default=TURN, help="seconds of calls before the next has its turn; 0: one call"
    )
    args = parser.parse_args()
    torch.set_num_threads(1)
    for dtype in args.dtype:
        for backward in (False, True):
            if args.only in (None, "backward" if backward else "forward"):
                table(dtype, backward, args.budget, args.turn, tuple(args.kind), [GRID[k] for k in args.cell])


if __name__ == "__main__":
    main()
