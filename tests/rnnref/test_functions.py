"""The functions over a sequence are their step in a loop, their gradients meet differences, and bad input is named."""

import copy
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnref

SIZES = st.tuples(*(st.integers(1, 5) for _ in range(4)))
GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def arguments(cell, sizes, seed, dtype=np.float64, scale=1.0):
    """x, states, W, U, b for the cell's forward function."""
    T, N, D, H = sizes
    G = GATES[cell]
    rng = np.random.default_rng(seed)
    shapes = [(T, N, D), *[(N, H)] * (1 + (cell == "lstm")), (D, G * H), (H, G * H), (G * H,)]
    return [(scale * rng.normal(size=s)).astype(dtype) for s in shapes]


def hidden(result):
    return result[0] if isinstance(result, tuple) else result


CELLS = [
    ("rnn", rnnref.rnn_step, rnnref.rnn_forward, rnnref.rnn_backward, None, {}),
    ("lstm", rnnref.lstm_step, rnnref.lstm_forward, rnnref.lstm_backward, rnnref.lstm_step_backward, {}),
    ("gru", rnnref.gru_step, rnnref.gru_forward, rnnref.gru_backward, rnnref.gru_step_backward, {}),
    *[
        (
            "gru",
            rnnref.gru_step,
            rnnref.gru_forward,
            rnnref.gru_backward,
            rnnref.gru_step_backward,
            {"reset_after": True},
        )
    ],
]
cells = pytest.mark.parametrize(("cell", "step", "forward", "backward", "step_backward", "options"), CELLS)


@cells
@given(sizes=SIZES, seed=st.integers(0, 2**32))
def test_forward_is_the_step_in_a_loop(cell, step, forward, backward, step_backward, options, sizes, seed):
    x, *states, W, U, b = arguments(cell, sizes, seed)
    result = forward(x, *states, W, U, b, **options)
    for t, x_t in enumerate(x):
        states = step(x_t, *states, W, U, b, **options)
        states = states if isinstance(states, tuple) else (states,)
        for whole, one in zip(result if isinstance(result, tuple) else (result,), states, strict=True):
            np.testing.assert_allclose(whole[t], one, rtol=1e-12, atol=1e-14)


@cells
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_forward_is_the_step_in_a_loop_for_large_arrays_too(
    cell, step, forward, backward, step_backward, options, dtype
):
    x, *states, W, U, b = arguments(cell, (9, 20, 7, 40), 0, dtype, 0.5)
    result = forward(x, *states, W, U, b, **options)
    for x_t in x:
        states = step(x_t, *states, W, U, b, **options)
        states = states if isinstance(states, tuple) else (states,)
    for whole, one in zip(result if isinstance(result, tuple) else (result,), states, strict=True):
        assert whole.dtype == dtype
        np.testing.assert_allclose(whole[-1], one, rtol=0, atol=1e-13 if dtype == np.float64 else 3e-5)


@cells
@given(sizes=SIZES, seed=st.integers(0, 2**32))
def test_backward_meets_differences(cell, step, forward, backward, step_backward, options, sizes, seed):
    args = arguments(cell, sizes, seed)
    rng = np.random.default_rng(seed + 1)
    dhs = rng.normal(size=hidden(forward(*args, **options)).shape)
    grads = backward(dhs, *args, **options)
    directions = [rng.normal(size=a.shape) for a in args]
    eps = 1e-6

    def loss(sign):
        moved = [a + sign * eps * d for a, d in zip(args, directions, strict=True)]
        return float((dhs * hidden(forward(*moved, **options))).sum())

    along = sum(float((g * d).sum()) for g, d in zip(grads, directions, strict=True))
    size = sum(float(np.abs(g * d).sum()) for g, d in zip(grads, directions, strict=True))
    assert (loss(1) - loss(-1)) / (2 * eps) == pytest.approx(along, rel=1e-6, abs=1e-6 * max(1.0, size))
    for g, a in zip(grads, args, strict=True):
        assert g.shape == a.shape


@pytest.mark.parametrize("case", CELLS[1:])
@given(sizes=SIZES, seed=st.integers(0, 2**32))
def test_backward_is_the_step_backward_in_a_loop(case, sizes, seed):
    cell, _, forward, backward, step_backward, options = case
    x, *states, W, U, b = arguments(cell, sizes, seed)
    dhs = np.random.default_rng(seed).normal(size=(*x.shape[:2], states[0].shape[1]))
    dx, *rest = backward(dhs, x, *states, W, U, b, **options)
    results = forward(x, *states, W, U, b, **options)
    results = results if isinstance(results, tuple) else (results,)
    d = [np.zeros_like(s) for s in states]
    total = [np.zeros_like(w) for w in (W, U, b)]
    for t in reversed(range(len(x))):
        before = [r[t - 1] for r in results] if t else states
        d[0] = d[0] + dhs[t]
        dx_t, *d_and_w = step_backward(*d, x[t], *before, W, U, b, **options)
        d, weights = list(d_and_w[: len(d)]), d_and_w[len(d) :]
        np.testing.assert_allclose(dx[t], dx_t, rtol=1e-10, atol=1e-12)
        total = [a + w for a, w in zip(total, weights, strict=True)]
    for got, wanted in zip(rest, [*d, *total], strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-11)


@given(seed=st.integers(0, 2**32))
def test_the_jacobian_is_that_of_the_step(seed):
    x, h, W, U, b = arguments("rnn", (1, 2, 3, 4), seed)
    J = rnnref.rnn_jacobian(rnnref.rnn_step(x[0], h, W, U, b), U)
    d, eps = np.random.default_rng(seed).normal(size=h.shape), 1e-6
    moved = [rnnref.rnn_step(x[0], h + s * eps * d, W, U, b) for s in (1, -1)]
    np.testing.assert_allclose((moved[0] - moved[1]) / (2 * eps), np.einsum("nij,nj->ni", J, d), atol=1e-8)


def calls(dtype):
    """Every function of the contract with arguments that fit."""
    T, N, D, H, K = 4, 2, 3, 5, 6
    rng = np.random.default_rng(0)

    def a(*shape):
        return rng.normal(size=shape).astype(dtype)

    x, h, xs, lengths = a(N, D), a(N, H), a(T, N, D), np.array([3, 0])
    rnn, lstm, gru = ([a(D, g * H), a(H, g * H), a(g * H)] for g in (1, 4, 3))
    targets = rng.integers(0, K, (T, N))
    return {
        "sigmoid": [a(T, N)],
        "softmax": [a(T, N)],
        "rnn_step": [x, h, *rnn],
        "rnn_forward": [xs, h, *rnn],
        "rnn_output": [h, a(H, K), a(K)],
        "rnn_backward": [a(T, N, H), xs, h, *rnn],
        "rnn_jacobian": [h, rnn[1]],
        "gradient_flow": [a(T, H), rnn[1]],
        "clip_by_value": [[x, h], 0.5],
        "clip_by_global_norm": [[x, h], 0.5],
        "lstm_gates": [x, h, *lstm],
        "lstm_cell_state": [h, h, h, h],
        "lstm_step": [x, h, h, *lstm],
        "lstm_forward": [xs, h, h, *lstm],
        "lstm_step_backward": [h, h, x, h, h, *lstm],
        "lstm_backward": [a(T, N, H), xs, h, h, *lstm],
        "gru_gates": [x, h, *gru],
        "gru_candidate": [x, h, h, *rnn],
        "gru_step": [x, h, *gru],
        "gru_forward": [xs, h, *gru],
        "gru_step_backward": [h, x, h, *gru],
        "gru_backward": [a(T, N, H), xs, h, *gru],
        "masked_forward": [xs, lengths, h, *rnn],
        "bidirectional_forward": [xs, a(2, N, H), (tuple(rnn), tuple(rnn))],
        "sequence_cross_entropy": [a(T, N, K), targets, lengths],
    }


def arrays_in(value):
    if isinstance(value, np.ndarray):
        return [value]
    return [a for v in value for a in arrays_in(v)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", list(calls(np.float64)))
def test_dtype_stays_and_arguments_and_results_stay_as_they_are(name, dtype):
    args = calls(dtype)[name]
    before = copy.deepcopy(args)
    first = getattr(rnnref, name)(*args)
    kept = copy.deepcopy(first)
    again = getattr(rnnref, name)(*args)
    for a, b in zip(arrays_in(args), arrays_in(before), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b, c in zip(arrays_in(first), arrays_in(kept), arrays_in(again), strict=True):
        assert a.dtype == dtype
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)
        assert not np.shares_memory(a, c)


def laid_out(value, how):
    """The same numbers in another order in memory."""
    if isinstance(value, np.ndarray):
        return np.asfortranarray(value) if how == "column-major" else np.repeat(value, 2, axis=-1)[..., ::2]
    return type(value)(laid_out(v, how) for v in value) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("how", ["column-major", "strided"])
@pytest.mark.parametrize("name", list(calls(np.float64)))
def test_the_order_in_memory_does_not_matter(name, how):
    args = calls(np.float64)[name]
    plain, other = (getattr(rnnref, name)(*a) for a in (args, laid_out(args, how)))
    for a, b in zip(arrays_in(plain), arrays_in(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", [n for n in calls(np.float64) if n != "sequence_cross_entropy"])
def test_nan_and_infinity_pass_without_warnings(name):
    args = calls(np.float64)[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value in (np.nan, np.inf):
            arrays_in(args)[0].flat[0] = value
            getattr(rnnref, name)(*args)


SHAPED = [n for n in calls(np.float64) if n not in ("sigmoid", "softmax", "clip_by_value", "clip_by_global_norm")]


@pytest.mark.parametrize("name", [n for n in SHAPED if n != "sequence_cross_entropy"])
def test_wrong_shapes_and_dtypes_are_named(name):
    function = getattr(rnnref, name)
    count = len(calls(np.float64)[name])
    for k in range(count):
        args = calls(np.float64)[name]
        if not isinstance(args[k], np.ndarray) or args[k].dtype.kind == "i":
            continue
        for change, error in (
            (lambda a: a[..., None], ValueError),
            (lambda a: a.astype(np.int64), TypeError),
            (lambda a: a.astype(np.complex128), TypeError),
            (lambda a: a[:0], ValueError),
        ):
            wrong = [*args]
            wrong[k] = change(args[k])
            with pytest.raises(error, match=r"^\w+: got .*, expected "):
                function(*wrong)
        if count > 1:
            wrong = [*args]
            wrong[k] = args[k].astype(np.float32)
            with pytest.raises(TypeError, match=r"got dtype float(32|64), expected float(64|32) as \w+ has"):
                function(*wrong)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnnref.sigmoid(np.array(["a"])), TypeError, "x: got dtype"),
        (lambda: rnnref.softmax(np.float64(1)), ValueError, "x: got shape"),
        (lambda: rnnref.softmax(np.ones(2), axis=1), ValueError, r"axis: got 1, expected -1 \.\. 0"),
        (lambda: rnnref.softmax(np.ones(2), axis=0.5), TypeError, "axis: got 0.5"),
        (lambda: rnnref.clip_by_value([np.ones(2)], 0), ValueError, "limit: got 0"),
        (lambda: rnnref.clip_by_global_norm([np.ones(2)], -1.0), ValueError, "max_norm: got -1.0"),
        (lambda: rnnref.clip_by_global_norm(np.ones(2), 1.0), TypeError, "grads: got ndarray, expected a list"),
        (lambda: rnnref.orthogonal_init((2,), 1.0, np.random.default_rng(0)), ValueError, r"shape: got \(2,\)"),
        (lambda: rnnref.orthogonal_init((2, 2), 0.0, np.random.default_rng(0)), ValueError, "gain: got 0.0"),
        (lambda: rnnref.lstm_bias_init(0), ValueError, "hidden_size: got 0"),
        (lambda: rnnref.lstm_param_count(3, 2.5), TypeError, "hidden_size: got 2.5, expected an integer"),
        (lambda: rnnref.lstm_macs(0, 1, 1, 1), ValueError, "seq_len: got 0"),
        (lambda: rnnref.gru_param_count(3, 2, 0), ValueError, "num_layers: got 0"),
    ],
)
def test_bad_values_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_lengths_out_of_range_are_named():
    x, lengths, *rest = calls(np.float64)["masked_forward"]
    with pytest.raises(ValueError, match=r"lengths: got 0 \.\. 5, expected each in 0 \.\. 4"):
        rnnref.masked_forward(x, np.array([0, 5]), *rest)
    with pytest.raises(TypeError, match="lengths: got dtype float64, expected integers"):
        rnnref.masked_forward(x, lengths * 1.0, *rest)


def test_masked_forward_never_reads_padding():
    x, lengths, *rest = calls(np.float64)["masked_forward"]
    expected = rnnref.masked_forward(x, lengths, *rest)
    x[3, 0] = x[:, 1] = np.nan
    for a, b in zip(rnnref.masked_forward(x, lengths, *rest), expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_gradient_with_nan_clips_to_nan_and_huge_ones_do_not_overflow():
    clipped, norm = rnnref.clip_by_global_norm([np.array([np.nan, 1.0]), np.ones(2)], 1.0)
    assert np.isnan(norm)
    assert all(np.isnan(g).all() for g in clipped)
    clipped, norm = rnnref.clip_by_global_norm([np.full(4, 1e200)], 1.0)
    assert norm == pytest.approx(2e200)
    np.testing.assert_allclose(clipped[0], 0.5)


def test_clipping_scales_by_max_norm_over_norm_where_float32_holds_no_such_factor():
    clipped, _ = rnnref.clip_by_global_norm([np.full(3, 3e38, np.float32), np.ones(1, np.float32)], 1e-3)
    np.testing.assert_allclose(clipped[0], 1e-3 / np.sqrt(3), rtol=1e-6)
    assert clipped[0].dtype == clipped[1].dtype == np.float32
