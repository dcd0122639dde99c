"""Records vectors/torch.npz and vectors/keras.npz: small layers of PyTorch and Keras with their outputs and gradients.

Run with the extra `compare` installed: KERAS_BACKEND=torch python tests/rnnref/record_torch_keras.py
"""

import itertools
import json
import os
from pathlib import Path

import numpy as np

os.environ.setdefault("KERAS_BACKEND", "torch")

FOLDER = Path(__file__).parent / "vectors"


def record(name, recorded):
    arrays, calls = {}, []
    for k, (call, own) in enumerate(recorded):
        calls.append(call)
        arrays.update({f"{k}.{key}": value for key, value in own.items()})
    np.savez_compressed(FOLDER / f"{name}.npz", calls=json.dumps(calls), **arrays)
    print(name, len(calls), (FOLDER / f"{name}.npz").stat().st_size, "bytes")


def torch_calls():
    import torch

    for seed, (cell, bidirectional, bias, batch_first) in enumerate(
        itertools.product(["RNN", "LSTM", "GRU"], [False, True], [False, True], [False, True])
    ):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        T, N, D, H, L = 4, 3, 3, 4, 1 + seed % 2
        nonlinearity = "relu" if cell == "RNN" and bias else "tanh"
        options = {"nonlinearity": nonlinearity} if cell == "RNN" else {}
        layer = getattr(torch.nn, cell)(
            D, H, L, bias=bias, batch_first=batch_first, bidirectional=bidirectional, dtype=torch.float64, **options
        )
        x = rng.normal(size=(N, T, D) if batch_first else (T, N, D))
        states = [rng.normal(size=(L * (1 + bidirectional), N, H)) for _ in range(2 if cell == "LSTM" else 1)]
        lengths = np.array([4, 1, 3])
        tx = torch.tensor(x, requires_grad=True)
        ts = tuple(map(torch.tensor, states))
        packed = torch.nn.utils.rnn.pack_padded_sequence(tx, lengths, batch_first=batch_first, enforce_sorted=False)
        y, last = layer(packed, ts if len(ts) == 2 else ts[0])
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=batch_first, total_length=T)
        dy = rng.normal(size=y.shape)
        y.backward(torch.tensor(dy))
        own = {f"weight:{name}": p.detach().numpy() for name, p in layer.named_parameters()}
        own |= {f"grad:{name}": p.grad.numpy() for name, p in layer.named_parameters()}
        own |= {"x": x, "lengths": lengths, "y": y.detach().numpy(), "dy": dy, "dx": tx.grad.numpy()}
        own |= dict(zip(("h0", "c0"), states, strict=False))
        ends = last if isinstance(last, tuple) else (last,)
        own |= {name: end.detach().numpy() for name, end in zip(("h", "c"), ends, strict=False)}
        yield {"cell": cell, "batch_first": batch_first, "nonlinearity": nonlinearity}, own


def keras_calls():
    import keras

    keras.config.set_floatx("float64")
    variants = [("RNN", {}), ("LSTM", {}), ("GRU", {"reset_after": True}), ("GRU", {"reset_after": False})]
    names = {"RNN": "SimpleRNN", "LSTM": "LSTM", "GRU": "GRU"}
    for seed, ((cell, options), bidirectional, bias) in enumerate(
        itertools.product(variants, [False, True], [False, True])
    ):
        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(seed)
        layer = getattr(keras.layers, names[cell])(
            4, use_bias=bias, return_sequences=True, bias_initializer="random_normal", **options
        )
        if bidirectional:
            layer = keras.layers.Bidirectional(layer)
        x = rng.normal(size=(2, 5, 3))
        y = keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x, dtype="float64")))
        own = {f"weight:{j}": np.asarray(w) for j, w in enumerate(layer.get_weights())} | {"x": x, "y": y}
        yield {"cell": cell, "reset_after": options.get("reset_after", True)}, own


if __name__ == "__main__":
    record("torch", torch_calls())
    record("keras", keras_calls())
