"""Conformance of somebody else's layer, and the gradient check: both must pass what is right and catch what is not."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnref
import rnnref.testing
from rnnref import strategies
from rnnref.testing import _parts, assert_conforms, assert_gradients, gradient_error


def lstm(params, x, state, order="ifgo"):
    blocks = {gate: k for k, gate in enumerate(order)}
    W, U = params["weight_ih_l0"].T, params["weight_hh_l0"].T
    b = params["bias_ih_l0"] + params["bias_hh_l0"]
    h, c = state[0][0], state[1][0]
    ys = []
    for x_t in x:
        a = np.split(x_t @ W + h @ U + b, 4, axis=-1)
        i, f, o = (1 / (1 + np.exp(-a[blocks[gate]])) for gate in "ifo")
        c = f * c + i * np.tanh(a[blocks["g"]])
        h = o * np.tanh(c)
        ys.append(h)
    return np.array(ys), (h[None], c[None])


def test_a_right_function_conforms():
    assert_conforms(lstm, like=rnnref.LSTM, max_examples=30)


def test_swapped_gates_do_not_conform():
    with pytest.raises(AssertionError):
        assert_conforms(lambda p, x, s: lstm(p, x, s, "figo"), like=rnnref.LSTM)


def test_a_wrong_shape_is_named():
    with pytest.raises(AssertionError, match=r"y: got shape"):
        assert_conforms(lambda p, x, s: (lstm(p, x, s)[0][0], s), like=rnnref.LSTM)


@pytest.mark.parametrize("kind", [rnnref.RNN, rnnref.LSTM, rnnref.GRU])
def test_a_class_is_held_to_forward_lengths_and_gradients(kind):
    assert_conforms(kind, like=kind, num_layers=2, bidirectional=True, lengths=True, max_examples=15)

    class Off(kind):
        def backward(self, dy, dstate=None):
            dx, dstate0 = super().backward(dy, dstate)
            self.grads["weight_hh_l0"] = self.grads["weight_hh_l0"] * 1.001
            return dx, dstate0

    with pytest.raises(AssertionError, match="weight_hh_l0"):
        assert_conforms(Off, like=kind)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_every_layer_has_exact_gradients(data):
    layer = data.draw(strategies.layers(high=3))
    if getattr(layer, "nonlinearity", "") == "relu":
        return  # no difference quotient across the kink at 0
    x, lengths = data.draw(strategies.sequences(layer.input_size, high=3))
    assert_gradients(layer, x.swapaxes(0, 1) if layer.batch_first else x, lengths=lengths)


def test_a_wrong_gradient_is_caught():
    class Off(rnnref.GRU):
        def backward(self, dy, dstate=None):
            dx, dstate0 = super().backward(dy, dstate)
            return dx * 1.01, dstate0

    x = np.random.default_rng(0).normal(size=(3, 2, 2))
    assert gradient_error(rnnref.GRU(2, 3, rng=0), x) < 1e-7
    with pytest.raises(AssertionError, match="central differences"):
        assert_gradients(Off(2, 3, rng=0), x)


def test_the_examples_of_the_module_run():
    assert doctest.testmod(rnnref.testing).failed == 0


@pytest.mark.parametrize(("returned", "said"), [(3, "returned int"), ([1], "returned a list of 1")])
def test_what_is_not_returned_as_asked_is_named(returned, said):
    with pytest.raises(AssertionError, match=f"^backward: {said}, expected "):
        _parts("backward", returned, "(dx, dstate0, grads)", 3)
