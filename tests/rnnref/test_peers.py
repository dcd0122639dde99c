"""Live against PyTorch: outputs, last states and every gradient, over random configurations. Needs the extra `compare`."""

import numpy as np
import pytest

import rnnref

CONFIGURATIONS = 500


def configuration(seed):
    rng = np.random.default_rng(seed)
    cell = ["RNN", "LSTM", "GRU"][seed % 3]
    T, N, D, H, L = (int(rng.integers(1, high + 1)) for high in (7, 5, 6, 6, 3))
    options = {
        "num_layers": L,
        "bias": bool(rng.integers(2)),
        "batch_first": bool(rng.integers(2)),
        "bidirectional": bool(rng.integers(2)),
    }
    if cell == "RNN":
        options["nonlinearity"] = ["tanh", "relu"][rng.integers(2)]
    if cell == "LSTM" and H > 1 and rng.integers(2):
        options["proj_size"] = int(rng.integers(1, H))
    return cell, T, N, D, H, options, rng


def assert_close(name, got, wanted):
    wanted = wanted.detach().numpy()
    assert got.shape == wanted.shape, name
    scale = max(1.0, float(np.abs(wanted).max(initial=0)))
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12 * scale, err_msg=name)


@pytest.mark.compare
@pytest.mark.parametrize("seed", range(CONFIGURATIONS))
def test_a_layer_computes_what_pytorchs_does(seed):
    import torch

    cell, T, N, D, H, options, rng = configuration(seed)
    peer = getattr(torch.nn, cell)(D, H, dtype=torch.float64, **options)
    layer = getattr(rnnref, cell)(D, H, **options)
    for name, parameter in peer.named_parameters():
        parameter.data = torch.from_numpy(rng.normal(size=tuple(parameter.shape)) * 0.6)
        layer.params[name] = parameter.detach().numpy().copy()
    batch_first = options["batch_first"]
    x = rng.normal(size=(N, T, D) if batch_first else (T, N, D))
    count = options["num_layers"] * (1 + options["bidirectional"])
    widths = (options.get("proj_size") or H, H)[: 2 if cell == "LSTM" else 1]
    states = [rng.normal(size=(count, N, width)) for width in widths] if rng.integers(2) else None
    lengths = rng.integers(1, T + 1, N) if rng.integers(2) else None

    def state_of(arrays, turn):
        return None if arrays is None else tuple(map(turn, arrays)) if len(arrays) == 2 else turn(arrays[0])

    tx = torch.tensor(x, requires_grad=True)
    tstates = None if states is None else [torch.tensor(s, requires_grad=True) for s in states]
    given = tx
    if lengths is not None:
        given = torch.nn.utils.rnn.pack_padded_sequence(tx, lengths, batch_first=batch_first, enforce_sorted=False)
    ty, tlast = peer(given, state_of(tstates, lambda t: t))
    if lengths is not None:
        ty, _ = torch.nn.utils.rnn.pad_packed_sequence(ty, batch_first=batch_first, total_length=T)
    tlast = tlast if isinstance(tlast, tuple) else (tlast,)

    y, last = layer(x, state_of(states, lambda s: s), lengths)
    last = last if isinstance(last, tuple) else (last,)
    assert_close("y", y, ty)
    for name, got, wanted in zip("hc", last, tlast, strict=False):
        assert_close(name, got, wanted)

    dy = rng.normal(size=y.shape)
    dlast = [rng.normal(size=s.shape) for s in last]
    loss = (ty * torch.tensor(dy)).sum() + sum((t * torch.tensor(d)).sum() for t, d in zip(tlast, dlast, strict=True))
    loss.backward()
    dx, dfirst = layer.backward(dy, tuple(dlast) if len(dlast) == 2 else dlast[0])
    assert_close("dx", dx, tx.grad)
    for name, parameter in peer.named_parameters():
        assert_close(name, layer.grads[name], parameter.grad)
    if tstates is not None:
        dfirst = dfirst if isinstance(dfirst, tuple) else (dfirst,)
        for name, got, wanted in zip(("dh0", "dc0"), dfirst, tstates, strict=False):
            assert_close(name, got, wanted.grad)


@pytest.mark.compare
@pytest.mark.parametrize("seed", range(60))
def test_a_layer_from_keras_computes_what_keras_does(seed):
    import keras

    rng = np.random.default_rng(seed)
    cell = ["RNN", "LSTM", "GRU"][seed % 3]
    options = {"reset_after": bool(rng.integers(2))} if cell == "GRU" else {}
    D, H = (int(n) for n in rng.integers(1, 6, 2))
    peer = getattr(keras.layers, {"RNN": "SimpleRNN"}.get(cell, cell))(
        H, use_bias=bool(rng.integers(2)), return_sequences=True, bias_initializer="random_normal", **options
    )
    peer = keras.layers.Bidirectional(peer) if rng.integers(2) else peer
    x = rng.normal(size=(2, 5, D)).astype(np.float32)
    wanted = keras.ops.convert_to_numpy(peer(x))
    layer = getattr(rnnref, cell).from_keras(peer.get_weights(), batch_first=True, **options)
    np.testing.assert_allclose(layer(x)[0], wanted, rtol=1e-5, atol=1e-5)
