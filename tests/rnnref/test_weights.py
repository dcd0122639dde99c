"""Weights in and out: PyTorch, Keras and ONNX."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnref
import rnnref.onnx

LAYERS = [rnnref.RNN, rnnref.LSTM, rnnref.GRU]


@st.composite
def layers(draw, levels=(1, 3)):
    cls = draw(st.sampled_from(LAYERS))
    options = {"reset_after": draw(st.booleans())} if cls is rnnref.GRU else {}
    return cls(
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
        draw(st.integers(*levels)),
        bias=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        dtype=draw(st.sampled_from([np.float64, np.float32])),
        rng=draw(st.integers(0, 99)),
        **options,
    )


def same(a, b):
    return a.keys() == b.keys() and all(a[k].dtype == b[k].dtype and (a[k] == b[k]).all() for k in a)


def options_of(layer):
    return {"reset_after": layer.reset_after} if isinstance(layer, rnnref.GRU) else {}


def outputs(layer, x):
    y, state = layer(x)
    return [y, *(state if isinstance(state, tuple) else (state,))]


def same_outputs(a, b, tolerance):
    x = np.random.default_rng(0).normal(size=(3, 2, a.input_size)).astype(a.dtype)
    for p, q in zip(outputs(a, x), outputs(b, x), strict=True):
        np.testing.assert_allclose(p, q, rtol=tolerance, atol=tolerance)


@given(layers())
def test_through_pytorch_come_the_same_keys_and_bits(layer):
    back = type(layer).from_torch(layer.to_torch(), **options_of(layer))
    assert same(back.params, layer.params)
    assert repr(back) == repr(layer)


def test_a_projection_comes_through_pytorch():
    layer = rnnref.LSTM(3, 5, 2, proj_size=2, bidirectional=True, rng=0)
    assert same(rnnref.LSTM.from_torch(layer.to_torch()).params, layer.params)


@given(layers(levels=(1, 1)))
def test_through_keras_the_layer_computes_the_same(layer):
    back = type(layer).from_keras(layer.to_keras(), **options_of(layer))
    same_outputs(back, layer, 1e-5 if layer.dtype == np.float32 else 1e-12)


@given(layers())
def test_through_onnx_come_the_same_bits(layer):
    for level, node in enumerate(layer.to_onnx()):
        back = type(layer).from_onnx(**node, **options_of(layer))
        assert same(
            back.params, {k.replace(f"_l{level}", "_l0"): v for k, v in layer.params.items() if f"_l{level}" in k}
        )


@given(layers(levels=(1, 1)))
def test_the_onnx_operator_computes_the_same_as_the_layer(layer):
    x = np.random.default_rng(0).normal(size=(4, 2, layer.input_size)).astype(layer.dtype)
    options = {"linear_before_reset": int(layer.reset_after)} if isinstance(layer, rnnref.GRU) else {}
    direction = "bidirectional" if layer.bidirectional else "forward"
    (node,) = layer.to_onnx()
    Y, *last = getattr(rnnref.onnx, type(layer).__name__.lower())(x, **node, direction=direction, **options)
    y, *states = outputs(layer, x)
    tolerance = 1e-5 if layer.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(Y.transpose(0, 2, 1, 3).reshape(y.shape), y, rtol=tolerance, atol=tolerance)
    for a, b in zip(last, states, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@given(layers())
def test_weights_are_copies(layer):
    given_weights = layer.to_torch()
    back = type(layer).from_torch(given_weights, **options_of(layer))
    for array in given_weights.values():
        array[...] = 7
    assert same(back.params, layer.params)


VECTORS = Path(__file__).parent / "vectors"


@pytest.mark.parametrize("library", ["torch", "keras"])
def test_recorded_weights_give_the_recorded_outputs_and_gradients(library):
    with np.load(VECTORS / f"{library}.npz") as data:
        calls = json.loads(str(data["calls"]))
        arrays = {name: data[name] for name in data.files if name != "calls"}
    assert len(calls) >= 12
    for k, call in enumerate(calls):
        own = {name.removeprefix(f"{k}."): a for name, a in arrays.items() if name.startswith(f"{k}.")}
        weights = {name.removeprefix("weight:"): a for name, a in own.items() if name.startswith("weight:")}
        cls = getattr(rnnref, call["cell"])
        if library == "torch":
            layer = cls.from_torch(weights, batch_first=call["batch_first"], nonlinearity=call["nonlinearity"])
        else:
            options = {} if call["cell"] != "GRU" else {"reset_after": call["reset_after"]}
            layer = cls.from_keras([weights[str(j)] for j in range(len(weights))], batch_first=True, **options)
        state = tuple(own[s] for s in ("h0", "c0") if s in own)
        y, last = layer(own["x"], (state if len(state) == 2 else state[0]) if state else None, own.get("lengths"))
        # Keras multiplies in float32 on PyTorch's back end, whatever the layer's policy says.
        tolerance = 1e-12 if library == "torch" else 3e-6
        np.testing.assert_allclose(y, own["y"], rtol=tolerance, atol=tolerance)
        last = last if isinstance(last, tuple) else (last,)
        for name, value in zip(("h", "c"), last, strict=False):
            if name in own:
                np.testing.assert_allclose(value, own[name], rtol=tolerance, atol=tolerance)
        if "dy" in own:
            dx, _ = layer.backward(own["dy"])
            np.testing.assert_allclose(dx, own["dx"], rtol=tolerance, atol=tolerance)
            for name, grad in layer.grads.items():
                np.testing.assert_allclose(grad, own[f"grad:{name}"], rtol=tolerance, atol=tolerance)


def torch_weights(**changes):
    weights = rnnref.LSTM(3, 5, rng=0).to_torch()
    weights.update(changes)
    return {name: value for name, value in weights.items() if value is not None}


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        (torch_weights(weight_hh_l0=None), ValueError, "weight_hh_l0 is missing"),
        (torch_weights(bias_hh_l0=None), ValueError, "bias_hh_l0 is missing"),
        (
            torch_weights(weight_hh_l0=np.zeros((20, 4))),
            ValueError,
            r"weight_hh_l0: got shape \(20, 4\), expected \(20, 5\)",
        ),
        (torch_weights(bias_ih_l0=np.zeros(20, "f")), TypeError, "bias_ih_l0: got dtype float32, expected float64"),
        (torch_weights(kernel=np.zeros(3)), ValueError, "key 'kernel'"),
        (torch_weights(weight_ih_l0=np.zeros((19, 3))), ValueError, "a multiple of 4"),
        (torch_weights(weight_ih_l1=np.zeros((20, 5))), ValueError, "weight_hh_l1 is missing"),
    ],
)
def test_foreign_pytorch_weights_that_do_not_fit_are_named(weights, error, words):
    with pytest.raises(error, match=words):
        rnnref.LSTM.from_torch(weights)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([np.zeros((3, 20))], "got 1 arrays"),
        ([np.zeros((3, 19)), np.zeros((5, 20))], r"weights\[0\]"),
        ([np.zeros((3, 20)), np.zeros((4, 20))], r"weights\[1\]: got shape \(4, 20\), expected \(5, 20\)"),
        ([np.zeros((3, 20)), np.zeros((5, 20)), np.zeros((2, 20))], r"weights\[2\]"),
    ],
)
def test_foreign_keras_weights_that_do_not_fit_are_named(weights, words):
    with pytest.raises(ValueError, match=words):
        rnnref.LSTM.from_keras(weights)


def test_what_keras_and_onnx_do_not_have_is_said():
    with pytest.raises(ValueError, match="num_layers: 2"):
        rnnref.LSTM(3, 5, 2).to_keras()
    with pytest.raises(ValueError, match="proj_size: 2"):
        rnnref.LSTM(3, 5, proj_size=2).to_onnx()
