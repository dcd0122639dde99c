"""Layers as `.npz` files: the parameters under PyTorch's names, and what the layer was built with; no pickle.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     save(f"{folder}/gru.npz", GRU(2, 3, bidirectional=True))
...     load(f"{folder}/gru.npz")
GRU(2, 3, bidirectional=True)
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from rnnref.layers import GRU, LSTM, RNN

_LAYERS: dict[str, type[RNN] | type[LSTM] | type[GRU]] = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
_RECIPE = "rnnref"
"""The entry that holds the layer's name, sizes and options as JSON."""


def save(path: str | os.PathLike[str], layer: RNN | LSTM | GRU) -> None:
    """Write a layer to `path`, which keeps its old content until the new is complete.

    Bits, dtype, sizes and options are kept; the state of the random generator is not. Raises TypeError where `layer`
    is no layer of rnnref, OSError where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/lstm.npz", LSTM(2, 3))
    ...     sorted(np.load(f"{folder}/lstm.npz"))[:3]
    ['bias_hh_l0', 'bias_ih_l0', 'rnnref']
    """
    import json  # with pathlib and zipfile half of what importing rnnref would cost
    from pathlib import Path

    name = type(layer).__name__
    if _LAYERS.get(name) is not type(layer):
        raise TypeError(f"layer: got {name}, expected an RNN, LSTM or GRU of rnnref")
    recipe = [name, layer.input_size, layer.hidden_size, layer._options()]
    arrays: dict[str, Any] = {_RECIPE: np.array(json.dumps(recipe)), **layer.params}
    target = Path(path)
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            np.savez(file, **arrays)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> RNN | LSTM | GRU:
    """The layer that `save` wrote to `path`, with the same bits in float64 or float32.

    Raises ValueError where the file is none of `save`'s, or an array of it is missing or misshapen; OSError where it
    cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/rnn.npz", RNN(2, 3, nonlinearity="relu"))
    ...     load(f"{folder}/rnn.npz")
    RNN(2, 3, nonlinearity='relu')
    """
    import json
    from zipfile import BadZipFile

    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        name, input_size, hidden_size, options = json.loads(str(arrays.pop(_RECIPE)))
        layer = _LAYERS[name](input_size, hidden_size, rng=0, **options)
    except (BadZipFile, EOFError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(
            f"{os.fspath(path)}: expected a file that rnnref.save wrote ({type(error).__name__})"
        ) from error
    layer.params = _matched(os.fspath(path), layer, arrays)
    return layer


def _matched(path: str, layer: RNN | LSTM | GRU, arrays: dict[str, Any]) -> dict[str, Any]:
    """The layer's parameters from the file's arrays, in its order."""
    for name, p in layer.params.items():
        if name not in arrays:
            raise ValueError(f"{path}: {name} is missing, expected an array of shape {p.shape}")
        if arrays[name].shape != p.shape or arrays[name].dtype != p.dtype:
            got = f"{arrays[name].dtype} of shape {arrays[name].shape}"
            raise ValueError(f"{path}: {name}: got {got}, expected {p.dtype} of shape {p.shape}")
    return {name: arrays[name] for name in layer.params}
