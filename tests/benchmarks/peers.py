"""rnnref against other NumPy code: ONNX's reference evaluator and numpy-ml's cells in a loop: `python tests/benchmarks/peers.py`.

A figure is their time over ours, both from the same weights and input, warm, on one thread, as a user calls them: with ours the
check of all arguments and copies of x and weights count, with the evaluator the run of a graph of one node, with numpy-ml
that a cell is made and given its weights. Results are compared before they are timed. The
evaluator goes forward only, against `rnnref.onnx` and, in brackets, against a layer with the same weights and against the
products and calls that no NumPy program gets round (`products.products`): above that figure none gets. numpy-ml has no GRU
and computes in float64: it is put against a layer's forward with backward pass and, in brackets, forward alone and forward
against those products and calls.
numpy-ml's package imports SciPy and names that left Python's `collections`; its cells need neither, and are imported past
its `__init__`.
"""

from __future__ import annotations

import argparse
import collections
import collections.abc
import functools
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from timing import GRID, alternate  # isort: skip  (one thread, before NumPy starts)
from products import products  # isort: skip

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

import rnnref
import rnnref.onnx

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
Run = Callable[[], Any]


def evaluator(kind: str, sizes: tuple[int, ...], dtype: str, by_layer: bool) -> tuple[Run, Run]:
    """Our ONNX operator, or our layer, and the evaluator's operator, forward."""
    T, N, D, H = sizes
    layer = getattr(rnnref, kind)(D, H, rng=0, dtype=dtype)
    inputs = {"X": np.random.default_rng(0).normal(size=(T, N, D)).astype(dtype), **layer.to_onnx()[0]}
    options = {"linear_before_reset": 1} if kind == "GRU" else {}
    outputs = ["Y", "Y_h", "Y_c"][: 3 if kind == "LSTM" else 2]
    node = onnx.helper.make_node(kind, list(inputs), outputs, hidden_size=H, **options)
    number = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = onnx.helper.make_graph(
        [node],
        kind,
        [onnx.helper.make_tensor_value_info(name, number, a.shape) for name, a in inputs.items()],
        [onnx.helper.make_tensor_value_info(name, number, None) for name in outputs],
    )
    theirs = ReferenceEvaluator(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)]))
    operator = getattr(rnnref.onnx, kind.lower())
    ours = (lambda: layer(inputs["X"])[0]) if by_layer else (lambda: operator(*inputs.values(), **options)[0])
    return ours, lambda: theirs.run(None, inputs)[0]


@functools.cache
def cells_of_numpy_ml() -> Any:
    """The module with numpy-ml's layers."""
    found = importlib.util.find_spec("numpy_ml")
    if found is None or found.submodule_search_locations is None:
        raise SystemExit("numpy-ml is not installed: pip install numpy-ml")
    collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    root = Path(found.submodule_search_locations[0])
    for name in ("numpy_ml", "numpy_ml.utils", "numpy_ml.neural_nets"):
        package = types.ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
    return importlib.import_module("numpy_ml.neural_nets.layers")


def cell_in_a_loop(kind: str, sizes: tuple[int, ...], backward: bool) -> tuple[Run, Run]:
    """Our layer and numpy-ml's cell, step by step; with `backward` dx is what both give, else y."""
    T, N, D, H = sizes
    layer = getattr(rnnref, kind)(D, H, rng=0)
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H))
    W, U = layer.params["weight_ih_l0"].T, layer.params["weight_hh_l0"].T
    b = layer.params["bias_ih_l0"] + layer.params["bias_hh_l0"]
    if kind == "RNN":
        parameters = {"Wax": W, "Waa": U, "ba": b[:, None], "bx": 0 * b[:, None]}
    else:
        blocks = zip("ufco", *(np.split(a, 4, axis=-1) for a in (np.concatenate([U, W]), b[None])), strict=True)
        parameters = {name + gate: a for gate, *both in blocks for name, a in zip("Wb", both, strict=True)}
    parameters = {name: np.ascontiguousarray(a) for name, a in parameters.items()}
    make = getattr(cells_of_numpy_ml(), f"{kind}Cell")

    def theirs() -> Any:
        cell = make(H)
        cell.n_in = D
        cell._init_params()
        cell.parameters = parameters
        hs = [h[0] if isinstance(h, tuple) else h for h in map(cell.forward, x)]
        return np.stack([cell.backward(d) for d in dy[::-1]][::-1]) if backward else np.stack(hs)

    return (lambda: layer(x)[1] is not None and layer.backward(dy)[0]) if backward else (lambda: layer(x)[0]), theirs


def ratio(ours: Run, theirs: Run, tolerance: float, budget: float) -> float:
    """Their time over ours, where results agree."""
    np.testing.assert_allclose(ours().reshape(-1), theirs().reshape(-1), rtol=tolerance, atol=tolerance)
    a, b = alternate((ours, theirs), budget)
    return b / a


def ceiling(kind: str, sizes: tuple[int, ...], dtype: str, theirs: Run, budget: float) -> float:
    """Their time over that of the products and calls of a forward pass."""
    a, b = alternate((products(kind, sizes, dtype, False, calls=True), theirs), budget)
    return b / a


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=float, default=0.6, help="seconds per cell and kind")
    budget = parser.parse_args().budget
    for dtype, tolerance in (("float64", 1e-9), ("float32", 1e-3)):
        print(
            f"\n{dtype}, forward: the ONNX reference evaluator's time / our operator's [our layer's, what must be] (goal 4)"
        )
        print(f"{'T, N, D, H':>20}" + "".join(f"{kind:>22}" for kind in GATES))
        operators, layers, most = [], [], []
        for sizes in GRID:
            line = f"{', '.join(map(str, sizes)):>20}"
            for kind in GATES:
                for figures, by_layer in ((operators, False), (layers, True)):
                    figures.append(ratio(*evaluator(kind, sizes, dtype, by_layer), tolerance, budget))
                most.append(ceiling(kind, sizes, dtype, evaluator(kind, sizes, dtype, True)[1], budget))
                line += f"{operators[-1]:>8.2f} {f'[{layers[-1]:.2f}, {most[-1]:.2f}]':>13}"
            print(line, flush=True)
        print(
            f"{'geometric mean':>20}{geometric_mean(operators):>8.2f} [{geometric_mean(layers):.2f}, {geometric_mean(most):.2f}]"
        )
    print("\nfloat64, forward with backward [forward alone, what must be]: numpy-ml's time / ours (goal 2.5)")
    print(f"{'T, N, D, H':>20}" + "".join(f"{kind:>22}" for kind in ("RNN", "LSTM")))
    both, alone, most = [], [], []
    for sizes in GRID:
        line = f"{', '.join(map(str, sizes)):>20}"
        for kind in ("RNN", "LSTM"):
            both.append(ratio(*cell_in_a_loop(kind, sizes, True), 1e-9, budget))
            alone.append(ratio(*cell_in_a_loop(kind, sizes, False), 1e-9, budget))
            most.append(ceiling(kind, sizes, "float64", cell_in_a_loop(kind, sizes, False)[1], budget))
            line += f"{both[-1]:>8.2f} {f'[{alone[-1]:.2f}, {most[-1]:.2f}]':>13}"
        print(line, flush=True)
    print(
        f"{'geometric mean':>20}{geometric_mean(both):>8.2f} [{geometric_mean(alone):.2f}, {geometric_mean(most):.2f}]"
    )


if __name__ == "__main__":
    main()
