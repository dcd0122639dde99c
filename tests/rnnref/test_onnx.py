"""The ONNX operators: recorded outputs of ONNX Runtime and the official node tests, laws, and the live comparison."""

import json
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import onnx_cases

import rnnref
import rnnref.onnx

VECTORS = np.load(Path(__file__).parent / "vectors" / "onnx.npz")
CALLS = json.loads(str(VECTORS["calls"]))


def run(call: onnx_cases.Call):
    with np.errstate(over="ignore", invalid="ignore"):
        return getattr(rnnref.onnx, call.operator.lower())(*call.inputs, **call.attributes)


def assert_close(got, wanted, tolerance=1e-5):
    """Equal where the peer is finite: ONNX Runtime's Softplus overflows above 88, ours does not."""
    for g, w in zip(got, wanted, strict=False):
        if w is not None:
            finite = np.isfinite(w)
            assert g.shape == w.shape
            assert g.dtype == w.dtype
            np.testing.assert_allclose(
                g[finite], w[finite], rtol=tolerance, atol=tolerance * max(1, np.abs(w[finite]).max(initial=0))
            )


@pytest.mark.parametrize("k", range(len(CALLS)), ids=[c["name"] for c in CALLS])
def test_equals_the_recorded_outputs(k):
    c = CALLS[k]
    inputs = [VECTORS.get(f"{k}.in.{j}") for j in range(8)]
    call = onnx_cases.Call(c["operator"], tuple(inputs[: len(onnx_cases.INPUTS[c["operator"]])]), c["attributes"])
    wanted = [VECTORS.get(f"{k}.out.{j}") for j in range(3)]
    assert_close(run(call), wanted)


seeds = st.integers(0, 2**32 - 1)


@given(seeds)
def test_a_batch_of_mixed_lengths_is_each_sequence_alone(seed):
    call = onnx_cases.draw(seed, np.float64)
    X, W, R, B, lens, *states = call.inputs
    T, N = X.shape[:2]
    lens = np.random.default_rng(seed).integers(0, T + 1, N)
    Y, *last = run(onnx_cases.Call(call.operator, (X, W, R, B, lens, *states), call.attributes))
    for n, length in enumerate(lens):
        # The P of an LSTM has two axes and belongs to every sequence; a state has three and is cut.
        own = [s[:, n : n + 1] if s is not None and s.ndim == 3 else s for s in states]
        assert (Y[length:, :, n] == 0).all()
        if length == 0:
            initial = own[0] if own[0] is not None else 0
            assert (last[0][:, n : n + 1] == initial).all()
            continue
        alone = run(onnx_cases.Call(call.operator, (X[:length, n : n + 1], W, R, B, None, *own), call.attributes))
        assert_close((Y[:length, :, n : n + 1], *(s[:, n : n + 1] for s in last)), alone, 1e-12)


@given(seeds)
def test_layout_1_is_layout_0_with_the_batch_first(seed):
    call = onnx_cases.draw(seed, np.float64)
    X, W, R, B, lens, *states = call.inputs
    turned = [s.swapaxes(0, 1) if s is not None and s.ndim == 3 else s for s in states]
    first = onnx_cases.Call(call.operator, (X.swapaxes(0, 1), W, R, B, lens, *turned), {**call.attributes, "layout": 1})
    Y, *last = run(call)
    assert_close(run(first), (Y.transpose(2, 0, 1, 3), *(s.swapaxes(0, 1) for s in last)), 1e-12)


@given(seeds)
def test_default_lstm_and_gru_are_the_textbook_step_with_the_gates_in_another_order(seed):
    rng = np.random.default_rng(seed)
    T, N, D, H = rng.integers(1, 5, 4)
    x, h, c = rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), rng.normal(size=(N, H))

    def blocks(matrix, order):
        parts = np.split(matrix, len(order), axis=-1)
        return np.concatenate([parts[k] for k in order], axis=-1).T[None]

    W, U, b = (rng.normal(size=s) for s in ((D, 4 * H), (H, 4 * H), 4 * H))
    B = np.concatenate([blocks(b, (0, 3, 1, 2)), np.zeros((1, 4 * H))], axis=-1)
    Y, _, _ = rnnref.onnx.lstm(x, blocks(W, (0, 3, 1, 2)), blocks(U, (0, 3, 1, 2)), B, None, h[None], c[None])
    np.testing.assert_allclose(Y[:, 0], rnnref.lstm_forward(x, h, c, W, U, b)[0], rtol=1e-11, atol=1e-12)

    W, U, b = (rng.normal(size=s) for s in ((D, 3 * H), (H, 3 * H), 3 * H))
    B = np.concatenate([blocks(b, (1, 0, 2)), np.zeros((1, 3 * H))], axis=-1)
    Y, _ = rnnref.onnx.gru(x, blocks(W, (1, 0, 2)), blocks(U, (1, 0, 2)), B, None, h[None])
    np.testing.assert_allclose(Y[:, 0], rnnref.gru_forward(x, h, W, U, b), rtol=1e-11, atol=1e-12)


@given(seeds)
def test_no_input_is_changed(seed):
    call = onnx_cases.draw(seed)
    before = [None if a is None else a.copy() for a in call.inputs]
    run(call)
    for a, b in zip(call.inputs, before, strict=True):
        assert a is None or (a == b).all()


X, W, R = np.zeros((3, 2, 4)), np.zeros((1, 5, 4)), np.zeros((1, 5, 5))


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((X[0], W, R), {}, ValueError, "X: shape"),
        ((X.astype(int), W, R), {}, TypeError, "X: dtype int64"),
        ((X, W[:, :4], R), {}, ValueError, r"W: shape \(1, 4, 4\); expected \(1, 5, 4\)"),
        ((X, W.astype("f"), R), {}, TypeError, "W: dtype float32; expected float64"),
        ((X, W, R, np.zeros((1, 5))), {}, ValueError, r"B: shape \(1, 5\); expected \(1, 10\)"),
        ((X, W, R, None, [1, 4]), {}, ValueError, r"sequence_lens: \[1, 4\]; expected 2 lengths, each 0 .. 3"),
        ((X, W, R, None, np.array([1.0, 2.0])), {}, TypeError, "sequence_lens: dtype float64"),
        ((X, W, R), {"direction": "up"}, ValueError, "direction: 'up'"),
        ((X, W, R), {"layout": 2}, ValueError, "layout: 2"),
        ((X, W, R), {"clip": -1.0}, ValueError, "clip"),
        ((X, W, R), {"hidden_size": 4}, ValueError, "hidden_size: 4; expected 5"),
        ((X, W, R), {"activations": ["Swish"]}, ValueError, "'Swish'; expected one of Relu"),
        ((X, W, R), {"activations": ["Tanh", "Tanh"]}, ValueError, "expected 1 names"),
        ((X, W, R), {"activation_alpha": [0.5]}, ValueError, "activation_alpha"),
    ],
)
def test_bad_input_is_named(arguments, options, error, words):
    with pytest.raises(error, match=words):
        rnnref.onnx.rnn(*arguments, **options)


@pytest.mark.compare
def test_equals_onnx_runtime_over_random_attributes():
    from support.onnx_runtime import run_onnx_runtime

    for seed in range(1000, 1600):
        call = onnx_cases.draw(seed)
        assert_close(run(call), run_onnx_runtime(call))


@pytest.mark.compare
def test_passes_every_official_node_test():
    from support.onnx_runtime import official_node_tests

    cases = list(official_node_tests())
    assert len(cases) >= 12
    for _, call, wanted in cases:
        assert_close(run(call), wanted)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(seeds)
def test_the_fast_passes_are_the_operator_step_by_step(dtype, seed):
    """A clip that never acts keeps an operator from the fast passes."""
    call = onnx_cases.draw(seed, dtype)
    kept = {"direction", "hidden_size", "layout", "linear_before_reset"}
    attributes = {k: v for k, v in call.attributes.items() if k in kept}
    inputs = call.inputs[:7]  # no peepholes
    fast = run(onnx_cases.Call(call.operator, inputs, attributes))
    slow = run(onnx_cases.Call(call.operator, inputs, {**attributes, "clip": 1e30}))
    assert_close(fast, slow, 1e-12 if dtype == np.float64 else 1e-5)


@pytest.mark.parametrize(("operator", "gates"), [("RNN", 1), ("LSTM", 4), ("GRU", 3)])
@pytest.mark.parametrize("N", [1, 3, 20])
def test_x_without_features_is_x_of_zeros(operator, gates, N):
    rng = np.random.default_rng(0)
    W, R, B = (rng.normal(size=(1, *shape)) for shape in ((gates * 5, 1), (gates * 5, 5), (2 * gates * 5,)))
    without = run(onnx_cases.Call(operator, [np.zeros((4, N, 0)), W[..., :0], R, B], {}))
    assert_close(without, run(onnx_cases.Call(operator, [np.zeros((4, N, 1)), W, R, B], {})), 1e-12)


@pytest.mark.parametrize("operator", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("attributes", [{}, {"clip": 3.0}])
def test_nan_and_infinity_pass_without_warnings(operator, attributes):
    G = {"RNN": 1, "LSTM": 4, "GRU": 3}[operator]
    X, W, R = np.zeros((3, 4, 2)), np.ones((1, G * 5, 2)), np.ones((1, G * 5, 5))
    X[0, 0], X[1, 1], X[1, 2] = np.nan, np.inf, 1e308
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Y, *_ = getattr(rnnref.onnx, operator.lower())(X, W * 10, R, **attributes)
    assert np.isnan(Y[:, 0, 0]).all()
    assert np.isfinite(Y[:, 0, 3]).all()


@pytest.mark.parametrize(("operator", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_calls_on_the_memory_of_others_are_as_the_first(operator, gates):
    """Other weights, sizes and forms of the cell between, and in several threads; an earlier result stays."""
    rng = np.random.default_rng(0)
    run_operator, forms = getattr(rnnref.onnx, operator), [{}, {"direction": "bidirectional"}]
    forms += [{"linear_before_reset": 1}] if operator == "gru" else []
    calls = []
    for T, N in ((20, 1), (20, 3), (6, 3)):
        for form in forms:
            directions = 2 if "direction" in form else 1
            shapes = (T, N, 2), (directions, gates * 4, 2), (directions, gates * 4, 4), (directions, 2 * gates * 4)
            calls += [([rng.normal(size=shape) for shape in shapes], form) for _ in range(2)]

    def one(call):
        inputs, form = call
        return run_operator(*inputs, **form)

    wanted = []
    for call in calls:
        rnnref.onnx._memory.clear()
        wanted.append([a.copy() for a in one(call)])
    first = [one(call) for call in calls]
    with ThreadPoolExecutor(4) as pool:
        later = list(pool.map(one, calls * 5))
    for got, right in zip([*first, *later], wanted * 6, strict=True):
        for a, b in zip(got, right, strict=True):
            np.testing.assert_array_equal(a, b)
