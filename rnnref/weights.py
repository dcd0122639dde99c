"""Weights between rnnref, PyTorch, Keras and ONNX.

| | gate order | kernel | biases |
|---|---|---|---|
| rnnref's layers, PyTorch | LSTM i, f, g, o; GRU r, z, n | (G*H, D) | two, (G*H,) each |
| Keras | LSTM i, f, g, o; GRU z, r, n | (D, G*H) | one (G*H,); GRU with reset_after (2, 3H) |
| ONNX | LSTM i, o, f, g; GRU z, r, n | (directions, G*H, D) | both in one, (directions, 2*G*H) |

A layer's `params` are the common form. Functions here turn foreign weights into `params` and back; the class methods of
`rnnref.layers` build layers from them. Nothing foreign is imported: a mapping or a list of arrays is enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnref import checks
from rnnref.typing import Array

ORDERS = {
    ("RNN", "keras"): "h",
    ("RNN", "onnx"): "h",
    ("RNN", "torch"): "h",
    ("LSTM", "keras"): "ifgo",
    ("LSTM", "onnx"): "iofg",
    ("LSTM", "torch"): "ifgo",
    ("GRU", "keras"): "zrn",
    ("GRU", "onnx"): "zrn",
    ("GRU", "torch"): "rzn",
}
"""Cell and library to the order in which the gates lie along the stacked axis."""

_KEY = re.compile(r"(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)_l(\d+)(_reverse)?")


class Sizes(NamedTuple):
    """What a set of weights says about the layer it belongs to."""

    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    bidirectional: bool
    proj_size: int
    dtype: np.dtype[Any]


def regated(array: Array, cell: str, source: str, target: str, axis: int = 0) -> Array:
    """`array` with its gate blocks along `axis` moved from one library's order to another's; always a new array."""
    order = ORDERS[cell, source]
    size, before = array.shape[axis] // len(order), (slice(None),) * (axis % array.ndim)
    blocks = {gate: array[(*before, slice(k * size, (k + 1) * size))] for k, gate in enumerate(order)}
    return np.concatenate([blocks[gate] for gate in ORDERS[cell, target]], axis)


# ---------------------------------------------------------------- PyTorch


def sizes_of_torch(state_dict: Mapping[str, Any], gates: int) -> tuple[Sizes, dict[str, Array]]:
    """The sizes that a PyTorch state_dict implies, and its arrays by name.

    Raises
    ------
    ValueError
        A key is missing, foreign, or its shape does not fit the others.
    TypeError
        The arrays are not all float64 or all float32.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"state_dict: got {type(state_dict).__name__}, expected a mapping of name to array")
    arrays = {name: checks.as_array(name, value) for name, value in state_dict.items()}
    parts = {name: _KEY.fullmatch(name) for name in arrays}
    for name, part in parts.items():
        if part is None:
            raise ValueError(f"state_dict: key {name!r}, expected names as weight_ih_l0, bias_hh_l1_reverse")
    for name in ("weight_ih_l0", "weight_hh_l0"):
        if name not in arrays:
            raise ValueError(f"state_dict: key {name} is missing")
        if arrays[name].ndim != 2:
            raise ValueError(f"{name}: got shape {arrays[name].shape}, expected two axes")
    dtype = checks.float_dtype(arrays["weight_ih_l0"].dtype, "weight_ih_l0")
    for name, array in arrays.items():
        if array.dtype != dtype:
            raise TypeError(f"{name}: got dtype {array.dtype}, expected {dtype} as weight_ih_l0 has")
    rows, width = arrays["weight_ih_l0"].shape
    if rows % gates:
        raise ValueError(f"weight_ih_l0: got shape {arrays['weight_ih_l0'].shape}, expected rows a multiple of {gates}")
    projected = arrays["weight_hr_l0"].shape[0] if "weight_hr_l0" in arrays else 0
    layers = 1 + max(int(part[2]) for part in parts.values() if part)
    bidirectional = any(part[3] for part in parts.values() if part)
    bias = any(name.startswith("bias") for name in arrays)
    return Sizes(width, rows // gates, layers, bias, bidirectional, projected, dtype), arrays


# ---------------------------------------------------------------- Keras


def params_of_keras(
    weights: Sequence[Any], cell: str, gates: int, reset_after: bool
) -> tuple[Sizes, dict[str, Array], bool]:
    """Sizes, `params` and `reset_after` of a Keras layer from `layer.get_weights()`, `Bidirectional` included.

    A list of 2 or 3 arrays is one direction (kernel, recurrent kernel, bias), 4 or 6 are two. A GRU's bias of shape
    (2, 3H) means that the reset gate acts after the product, (3H,) before; without bias the argument decides. Keras'
    single bias becomes `bias_ih`, and `bias_hh` is zeros.

    Raises
    ------
    ValueError
        The number of arrays or a shape does not fit.
    TypeError
        The arrays are not all float64 or all float32.
    """
    if not isinstance(weights, Sequence):
        raise TypeError(f"weights: got {type(weights).__name__}, expected a list of arrays")
    arrays = [checks.as_array(f"weights[{k}]", w) for k, w in enumerate(weights)]
    per_direction = {2: 2, 3: 3, 4: 2, 6: 3}.get(len(arrays))
    if per_direction is None:
        raise ValueError(f"weights: got {len(arrays)} arrays, expected 2 or 3, or 4 or 6 of a Bidirectional layer")
    directions = len(arrays) // per_direction
    names = [n for k in range(directions) for n in (f"weights[{k * per_direction + j}]" for j in range(per_direction))]
    dtype = checks.float_dtype(arrays[0].dtype, "weights[0]")
    for name, array in zip(names, arrays, strict=True):
        if array.dtype != dtype:
            raise TypeError(f"{name}: got dtype {array.dtype}, expected {dtype} as weights[0] has")
    if arrays[0].ndim != 2 or arrays[0].shape[1] % gates:
        raise ValueError(f"weights[0]: got shape {arrays[0].shape}, expected (D, {gates} * H)")
    D, H = arrays[0].shape[0], arrays[0].shape[1] // gates
    params: dict[str, Array] = {}
    for k in range(directions):
        part = arrays[k * per_direction : (k + 1) * per_direction]
        own, suffix = names[k * per_direction :], "_l0_reverse" if k else "_l0"
        kernel = checks.array_of(own[0], part[0], (D, gates * H), dtype)
        recurrent = checks.array_of(own[1], part[1], (H, gates * H), dtype)
        params[f"weight_ih{suffix}"] = regated(kernel, cell, "keras", "torch", 1).T.copy()
        params[f"weight_hh{suffix}"] = regated(recurrent, cell, "keras", "torch", 1).T.copy()
        if per_direction == 3:
            bias = part[2]
            if cell == "GRU":
                reset_after = bias.ndim == 2
            shape = (2, gates * H) if cell == "GRU" and reset_after else (gates * H,)
            both = np.atleast_2d(regated(checks.array_of(own[2], bias, shape, dtype), cell, "keras", "torch", -1))
            params[f"bias_ih{suffix}"] = both[0].copy()
            params[f"bias_hh{suffix}"] = both[1].copy() if len(both) == 2 else np.zeros_like(both[0])
    return Sizes(D, H, 1, per_direction == 3, directions == 2, 0, dtype), params, reset_after


def keras_of_params(params: Mapping[str, Array], cell: str, directions: int, bias: bool, two: bool) -> list[Array]:
    """What Keras' `set_weights` takes for a layer of one level. `two`: the biases stay apart, as (2, 3H)."""
    weights = []
    for suffix in ("_l0", "_l0_reverse")[:directions]:
        weights.append(regated(params[f"weight_ih{suffix}"].T, cell, "torch", "keras", 1))
        weights.append(regated(params[f"weight_hh{suffix}"].T, cell, "torch", "keras", 1))
        if bias:
            ih, hh = params[f"bias_ih{suffix}"], params[f"bias_hh{suffix}"]
            weights.append(regated(np.stack([ih, hh]) if two else ih + hh, cell, "torch", "keras", -1))
    return weights


# ---------------------------------------------------------------- ONNX


def params_of_onnx(W: Any, R: Any, B: Any, cell: str, gates: int) -> tuple[Sizes, dict[str, Array]]:
    """Sizes and `params` from an ONNX node's W (directions, G*H, D), R (directions, G*H, H), B (directions, 2*G*H) or None.

    Raises
    ------
    ValueError
        A shape does not fit.
    TypeError
        The arrays are not all float64 or all float32.
    """
    W, R = checks.as_array("W", W), checks.as_array("R", R)
    dtype = checks.float_dtype(W.dtype, "W")
    if W.ndim != 3 or W.shape[0] not in (1, 2) or W.shape[1] % gates:
        raise ValueError(f"W: got shape {W.shape}, expected (directions, {gates} * H, D) with 1 or 2 directions")
    directions, H, D = W.shape[0], W.shape[1] // gates, W.shape[2]
    for name, array in (("R", R), *((("B", np.asarray(B)),) if B is not None else ())):
        if array.dtype != dtype:
            raise TypeError(f"{name}: got dtype {array.dtype}, expected {dtype} as W has")
    R = checks.array_of("R", R, (directions, gates * H, H), dtype)
    params: dict[str, Array] = {}
    for k, suffix in enumerate(("_l0", "_l0_reverse")[:directions]):
        params[f"weight_ih{suffix}"] = regated(W[k], cell, "onnx", "torch")
        params[f"weight_hh{suffix}"] = regated(R[k], cell, "onnx", "torch")
        if B is not None:
            both = checks.array_of("B", B, (directions, 2 * gates * H), dtype)[k]
            params[f"bias_ih{suffix}"] = regated(both[: gates * H], cell, "onnx", "torch")
            params[f"bias_hh{suffix}"] = regated(both[gates * H :], cell, "onnx", "torch")
    return Sizes(D, H, 1, B is not None, directions == 2, 0, dtype), params


def onnx_of_params(params: Mapping[str, Array], cell: str, layer: int, directions: int, bias: bool) -> dict[str, Array]:
    """The inputs W, R and, with biases, B of an ONNX node for one level of a layer."""
    suffixes = (f"_l{layer}", f"_l{layer}_reverse")[:directions]

    def stacked(name: str) -> Array:
        return np.stack([regated(params[f"{name}{suffix}"], cell, "torch", "onnx") for suffix in suffixes])

    node = {"W": stacked("weight_ih"), "R": stacked("weight_hh")}
    if bias:
        node["B"] = np.concatenate([stacked("bias_ih"), stacked("bias_hh")], axis=1)
    return node
