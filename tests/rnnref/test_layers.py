"""The layers against PyTorch over random configurations, and what PyTorch has no word for."""

import numpy as np
import pytest

import rnnref
from rnnref.layers import GRU, LSTM, RNN

torch = pytest.importorskip("torch")


def close(got, expected, tolerance=1e-12):
    expected = np.asarray(expected)
    assert got.shape == expected.shape
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    assert np.abs(got - expected).max(initial=0) <= tolerance * scale


def configuration(seed):
    rng = np.random.default_rng(seed)
    kind = ("RNN", "LSTM", "GRU")[seed % 3]
    options = {
        "num_layers": int(rng.integers(1, 4)),
        "bias": bool(rng.integers(2)),
        "batch_first": bool(rng.integers(2)),
        "bidirectional": bool(rng.integers(2)),
    }
    if kind == "RNN":
        options["nonlinearity"] = ("tanh", "relu")[rng.integers(2)]
    D, H = (int(n) for n in rng.integers(1, 8, 2))
    if kind == "LSTM" and H > 1 and rng.integers(2):
        options["proj_size"] = int(rng.integers(1, H))
    T, N = (int(n) for n in rng.integers(1, 9, 2))
    lengths = rng.integers(1, T + 1, N) if rng.integers(2) else None
    return rng, kind, options, (T, N, D, H), lengths


def in_torch(kind, options, sizes, params, x, state, lengths, dy, dstate):
    _, _, D, H = sizes
    layer = getattr(torch.nn, kind)(D, H, dtype=torch.float64, **options)
    layer.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    x = torch.tensor(x, requires_grad=True)
    state = [torch.tensor(s, requires_grad=True) for s in state]
    given = state[0] if len(state) == 1 else tuple(state)
    if lengths is None:
        y, last = layer(x, given)
    else:
        first = options["batch_first"]
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), first, enforce_sorted=False)
        y, last = layer(packed, given)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, first, total_length=x.shape[1 if first else 0])
    last = [last] if len(state) == 1 else list(last)
    loss = (y * torch.tensor(dy)).sum() + sum((s * torch.tensor(d)).sum() for s, d in zip(last, dstate, strict=True))
    loss.backward()
    grads = {k: p.grad.numpy() for k, p in layer.named_parameters()}
    return (
        y.detach().numpy(),
        [s.detach().numpy() for s in last],
        x.grad.numpy(),
        [s.grad.numpy() for s in state],
        grads,
    )


@pytest.mark.parametrize("seed", range(60))
def test_outputs_states_and_all_gradients_are_pytorchs(seed):
    rng, kind, options, sizes, lengths = configuration(seed)
    T, N, D, H = sizes
    layer = getattr(rnnref, kind)(D, H, rng=rng, **options)
    rows = layer.num_layers * (2 if layer.bidirectional else 1)
    out = options.get("proj_size", 0) or H
    x = rng.normal(size=(N, T, D) if layer.batch_first else (T, N, D))
    state = [rng.normal(size=(rows, N, out))] + [rng.normal(size=(rows, N, H))] * (kind == "LSTM")
    dstate = [rng.normal(size=s.shape) for s in state]
    dy = rng.normal(size=(*x.shape[:2], out * (2 if layer.bidirectional else 1)))
    expected = in_torch(kind, options, sizes, layer.params, x, state, lengths, dy, dstate)

    y, last = layer(x, state[0] if len(state) == 1 else tuple(state), lengths)
    dx, dstate0 = layer.backward(dy, dstate[0] if len(dstate) == 1 else tuple(dstate))

    close(y, expected[0])
    close(dx, expected[2])
    for got, want in zip((last,) if len(state) == 1 else last, expected[1], strict=True):
        close(got, want)
    for got, want in zip((dstate0,) if len(state) == 1 else dstate0, expected[3], strict=True):
        close(got, want)
    assert list(layer.grads) == list(layer.params) == list(expected[4])
    for name, want in expected[4].items():
        close(layer.grads[name], want)


@pytest.mark.parametrize("layer", [RNN, LSTM, GRU])
def test_backward_before_a_call_says_so(layer):
    with pytest.raises(RuntimeError, match="call the layer first"):
        layer(2, 3).backward(np.zeros((1, 1, 3)))
