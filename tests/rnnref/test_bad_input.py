"""Bad input that no other module's tests cover is one line: the argument, what came, what was expected."""

import warnings

import numpy as np
import pytest

import rnnref

X, W, R = np.ones((5, 2, 3)), np.ones((1, 16, 3)), np.ones((1, 16, 4))
PARAMS = rnnref.LSTM(3, 4, rng=0).params


def lstm(**attributes):
    return rnnref.onnx.lstm(X, W, R, **attributes)


class Unreadable:
    """As a PyTorch tensor that requires its gradient."""

    def __array__(self, *_args, **_options):
        raise RuntimeError("no numpy\nand a second line")


def loss(**instead):
    arguments = {"logits": X, "targets": np.zeros((5, 2), int), "lengths": np.array([5, 5])}
    return rnnref.sequence_cross_entropy(**(arguments | instead))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnnref.LSTM(3, 4, rng="a"), TypeError, "^rng: got 'a', expected "),
        (lambda: rnnref.LSTM(3, 4, rng=-1), ValueError, "^rng: got -1, expected "),
        (lambda: rnnref.LSTM(3, 4)([[1], [2, 3]]), ValueError, "^x: got list .*, expected an array"),
        (lambda: rnnref.LSTM(3, 4)(X, None, [[1], [2, 3]]), ValueError, "^lengths: got list .*, expected an array"),
        (lambda: loss(lengths=[[1], [2, 3]]), ValueError, "^lengths: got list .*, expected an array"),
        (lambda: loss(targets=[[1], [2, 3]]), ValueError, "^targets: got list .*, expected an array"),
        (lambda: loss(lengths=None), TypeError, "^lengths: got None, expected an int array"),
        (lambda: loss(logits=X[0]), ValueError, r"^logits: got shape \(2, 3\), expected \(T, N, K\)"),
        (
            lambda: rnnref.LSTM(3, 4)(X[:0]),
            ValueError,
            r"^x: got shape \(0, 2, 3\), expected .*, every size at least 1$",
        ),
        (
            lambda: rnnref.rnn_step(np.ones((0, 3)), np.ones((0, 4)), np.ones((3, 4)), np.ones((4, 4)), np.ones(4)),
            ValueError,
            r"^x: got shape \(0, 3\), expected \(N, D\).*, every size at least 1$",
        ),
        (lambda: rnnref.LSTM.from_torch([1]), TypeError, "^state_dict: got list, expected a mapping"),
        (lambda: rnnref.LSTM.from_torch({"weight_ih_l0": [[1], [2, 3]]}), ValueError, "^weight_ih_l0: got list"),
        (
            lambda: rnnref.LSTM.from_torch({k: v.astype(int) for k, v in PARAMS.items()}),
            TypeError,
            "^weight_ih_l0: got dtype int64, expected float64 or float32",
        ),
        (
            lambda: rnnref.LSTM.from_torch({"weight_ih_l0": Unreadable()}),
            TypeError,
            r"^weight_ih_l0: got .*\(no numpy\)$",
        ),
        (lambda: rnnref.LSTM(3, 4)(Unreadable()), TypeError, r"^x: got Unreadable, expected an array \(no numpy\)$"),
        (lambda: rnnref.LSTM.from_keras(5), TypeError, "^weights: got int, expected a list of arrays"),
        (lambda: rnnref.LSTM.from_keras([W[0].T.astype(int)] * 3), TypeError, r"^weights\[0\]: got dtype int64"),
        (lambda: rnnref.LSTM.from_onnx(None, None), TypeError, "^W: got dtype object, expected float64 or float32"),
        (lambda: lstm(activations=5), TypeError, "^activations: 5; expected a list of names"),
        (lambda: lstm(clip="a"), TypeError, "^clip: got 'a', expected a number"),
        (lambda: lstm(activation_alpha=3), TypeError, "^activation_alpha: 3; expected a list of numbers"),
        (lambda: lstm(activation_beta=["a"]), TypeError, r"^activation_beta\[0\]: got 'a', expected a number"),
        (lambda: lstm(sequence_lens=[[1], [2, 3]]), ValueError, "^sequence_lens: got list .*, expected an array"),
        (lambda: lstm(initial_h=[[1], [2, 3]]), ValueError, "^initial_h: got list .*, expected an array"),
        (lambda: rnnref.onnx.gru([[1], [2, 3]], W, R), ValueError, "^X: got list .*, expected an array"),
        (lambda: lstm(clip=0), ValueError, "^clip: got 0, expected a number above 0"),
        (lambda: rnnref.orthogonal_init((2, 2), 1.0, None), TypeError, "^rng: got NoneType, expected a numpy"),
        (lambda: rnnref.orthogonal_init((2, 2), "a", None), TypeError, "^gain: got 'a', expected a number"),
        (lambda: rnnref.glorot_init((2, 2), 0), TypeError, "^rng: got int, expected a numpy.random.Generator"),
        (lambda: rnnref.set_forget_bias(rnnref.LSTM(1, 2)), TypeError, "^params: got LSTM, expected the params"),
        (lambda: rnnref.SGD(-1), TypeError, "^params: got int, expected a dict"),
        (lambda: rnnref.SGD({}, lr="a"), TypeError, "^lr: got 'a', expected a number"),
        (lambda: rnnref.Adam({}, betas=("a", 0)), TypeError, r"^betas\[0\]: got 'a', expected a number"),
        (lambda: rnnref.bidirectional_forward(X, np.zeros((2, 2, 1)), 5), TypeError, "^params: expected"),
        (
            lambda: rnnref.testing._named({}, "bias_ih_l0", W[0]),
            AssertionError,
            "^grads: bias_ih_l0 is missing, expected",
        ),
        (
            lambda: rnnref.testing.assert_conforms(rnnref.RNN, like=rnnref.RNN, tolerance=-1),
            ValueError,
            "^tolerance: got -1, expected a number of at least 0",
        ),
        (lambda: rnnref.testing.assert_conforms(5), TypeError, "^mine: got int, expected a function or a class"),
        (lambda: rnnref.testing.assert_conforms(print, like=int), TypeError, "^like: got .*, expected RNN"),
        (lambda: rnnref.analysis.network_cost("a"), TypeError, "^layer: got str, expected an RNN, LSTM or GRU"),
    ],
)
def test_it_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_no_steps_are_no_error_in_onnx():
    Y, Y_h, _ = rnnref.onnx.lstm(X[:0], W, R)
    assert Y.shape == (0, 1, 2, 4)
    assert not Y_h.any()


@pytest.mark.parametrize("optimiser", [rnnref.SGD, rnnref.Adam])
def test_an_optimiser_lets_nan_and_infinity_pass_without_warnings(optimiser):
    params = {"w": np.array([1.0, np.inf, 1.0])}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            optimiser(params).step({"w": np.array([np.nan, np.inf, 1e200])})
    assert np.isnan(params["w"][:2]).all()


def test_a_held_function_says_its_shapes_dtypes_and_errors():
    text = rnnref.lstm_step.__doc__
    assert "Shapes: x (N, D), h (N, H), c (N, H), W (D, 4H), U (H, 4H), b (4H,)." in text
    assert "float64" in text
    assert "TypeError" in text
    assert "ValueError" in text
