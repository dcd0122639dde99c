"""Jacobians meet differences; memory and cost meet what they are counted from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnref
from rnnref import GRU, LSTM, RNN
from rnnref.analysis import (
    gradient_norms,
    gru_jacobian,
    layer_costs,
    lstm_jacobian,
    memory_half_life,
    network_cost,
    spectral_radius,
)

SEEDS = st.integers(0, 2**32)


def cell(gates, seed):
    rng = np.random.default_rng(seed)
    N, D, H = 2, 3, 4
    return rng, [rng.normal(size=s) for s in ((N, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,))]


@given(seed=SEEDS)
def test_the_lstm_jacobian_meets_differences(seed):
    rng, (x, h, W, U, b) = cell(4, seed)
    c = rng.normal(size=h.shape)
    s, d, eps = np.concatenate([h, c], 1), rng.normal(size=(2, 8)), 1e-6

    def step(s):
        return np.concatenate(rnnref.lstm_step(x, s[:, :4].copy(), s[:, 4:].copy(), W, U, b), 1)

    J = lstm_jacobian(x, h, c, W, U, b)
    wanted = (step(s + eps * d) - step(s - eps * d)) / (2 * eps)
    np.testing.assert_allclose(np.einsum("nij,nj->ni", J, d), wanted, atol=1e-7)


@pytest.mark.parametrize("reset_after", [False, True])
@given(seed=SEEDS)
def test_the_gru_jacobian_meets_differences(reset_after, seed):
    rng, (x, h, W, U, b) = cell(3, seed)
    d, eps = rng.normal(size=h.shape), 1e-6
    ends = [rnnref.gru_step(x, h + s * eps * d, W, U, b, reset_after=reset_after) for s in (1, -1)]
    J = gru_jacobian(x, h, W, U, b, reset_after=reset_after)
    np.testing.assert_allclose(np.einsum("nij,nj->ni", J, d), (ends[0] - ends[1]) / (2 * eps), atol=1e-7)


@pytest.mark.parametrize("batch_first", [False, True])
def test_gradient_norms_are_those_of_the_jacobians(batch_first):
    layer = RNN(2, 3, batch_first=batch_first, rng=0)
    x = np.random.default_rng(1).normal(size=(6, 1, 2))
    norms = gradient_norms(layer, x.swapaxes(0, 1) if batch_first else x)
    W, U = layer.params["weight_ih_l0"].T, layer.params["weight_hh_l0"].T
    hs = rnnref.rnn_forward(x, np.zeros((1, 3)), W, U, layer.params["bias_ih_l0"] + layer.params["bias_hh_l0"])
    d = np.full(3, 3**-0.5)
    for t in reversed(range(6)):
        a = d * (1 - hs[t, 0] ** 2)
        assert norms[t] == pytest.approx(np.linalg.norm(a @ W.T), rel=1e-12)
        d = d @ rnnref.rnn_jacobian(hs[t], U)[0]


def test_half_of_a_cell_is_left_after_its_half_life():
    f = np.random.default_rng(0).uniform(0.9, 0.99, (1000, 1, 2))
    life = memory_half_life(f)
    np.testing.assert_allclose(np.exp(np.log(f).mean(axis=(0, 1)) * life), 0.5)
    assert memory_half_life(np.ones((2, 1, 1)))[0] == np.inf
    assert memory_half_life(np.zeros((2, 1, 1)))[0] == 0
    with pytest.raises(ValueError, match="f: got values in 2"):
        memory_half_life(np.full((1, 1, 1), 2.0))


def test_the_radius_of_a_scaled_orthogonal_matrix_is_the_scale():
    U = rnnref.orthogonal_init((6, 6), 0.9, np.random.default_rng(0))
    assert spectral_radius(U) == pytest.approx(0.9)
    assert np.isnan(spectral_radius(U * np.nan))


@pytest.mark.parametrize(
    ("kind", "options"), [(RNN, {}), (LSTM, {}), (LSTM, {"proj_size": 2}), (GRU, {}), (LSTM, {"bias": False})]
)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_costs_are_those_of_the_layer(kind, options, bidirectional):
    layer = kind(5, 4, 3, bidirectional=bidirectional, rng=0, **options)
    costs = layer_costs(kind.__name__.lower(), 5, 4, 3, bidirectional=bidirectional, convention="pytorch", **options)
    assert network_cost(layer) == (sum(c.parameters for c in costs), sum(c.macs for c in costs))
    assert network_cost(layer, 7, 2).macs == 14 * network_cost(layer).macs


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3), st.booleans(), st.booleans())
def test_the_notes_count_one_bias(D, H, layers, bias, both):
    options = {"bias": bias, "bidirectional": both}
    for name, count in (("lstm", rnnref.lstm_param_count), ("gru", rnnref.gru_param_count)):
        assert sum(c.parameters for c in layer_costs(name, D, H, layers, **options)) == count(D, H, layers, bias, both)
    assert layer_costs("lstm", D, H)[0].macs * 6 == rnnref.lstm_macs(3, 2, D, H)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: layer_costs("cnn", 1, 1), "cell: got 'cnn', expected one of 'rnn', 'lstm', 'gru'"),
        (lambda: layer_costs("gru", 1, 1, convention="jax"), "convention: got 'jax'"),
        (lambda: layer_costs("gru", 1, 3, proj_size=1), "proj_size: got 1"),
        (lambda: spectral_radius(np.ones((2, 3))), r"U: got shape \(2, 3\), expected \(H, H\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.compare
def test_keras_and_pytorch_count_so():
    torch = pytest.importorskip("torch")
    keras = pytest.importorskip("keras")
    for name, theirs in (("rnn", "SimpleRNN"), ("lstm", "LSTM"), ("gru", "GRU")):
        layer = getattr(keras.layers, theirs)(4)
        layer.build((None, None, 5))
        assert layer_costs(name, 5, 4, convention="keras")[0].parameters == layer.count_params()
        other = getattr(torch.nn, name.upper())(5, 4)
        count = sum(p.numel() for p in other.parameters())
        assert layer_costs(name, 5, 4, convention="pytorch")[0].parameters == count
