"""The layers against PyTorch over random configurations, and what PyTorch has no word for."""

import copy
import gc
import pickle
import tracemalloc
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

import rnnref
from rnnref import factors, loaded_weights, products, sweep, sweep_lstm, sweep_rnn
from rnnref.layers import GRU, LSTM, RNN


@pytest.fixture
def torch():
    """PyTorch, for the tests that compare with it: the others run without."""
    return pytest.importorskip("torch")


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


def in_torch(torch, kind, options, sizes, params, x, state, lengths, dy, dstate):
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


@pytest.mark.compare
@pytest.mark.parametrize("seed", range(60))
def test_outputs_states_and_all_gradients_are_pytorchs(seed, torch):
    rng, kind, options, sizes, lengths = configuration(seed)
    T, N, D, H = sizes
    layer = getattr(rnnref, kind)(D, H, rng=rng, **options)
    rows = layer.num_layers * (2 if layer.bidirectional else 1)
    out = options.get("proj_size", 0) or H
    x = rng.normal(size=(N, T, D) if layer.batch_first else (T, N, D))
    state = [rng.normal(size=(rows, N, out))] + [rng.normal(size=(rows, N, H))] * (kind == "LSTM")
    dstate = [rng.normal(size=s.shape) for s in state]
    dy = rng.normal(size=(*x.shape[:2], out * (2 if layer.bidirectional else 1)))
    expected = in_torch(torch, kind, options, sizes, layer.params, x, state, lengths, dy, dstate)

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


KINDS = [
    (RNN, {}),
    (RNN, {"nonlinearity": "relu"}),
    (LSTM, {}),
    (LSTM, {"proj_size": 3}),
    (GRU, {}),
    (GRU, {"reset_after": False}),
]
kinds = pytest.mark.parametrize(("kind", "options"), KINDS)


def many(state):
    return state if isinstance(state, tuple) else (state,)


def run(layer, x, lengths=None, seed=0):
    rng = np.random.default_rng(seed)
    y, last = layer(x, None, lengths)
    dlast = tuple(rng.normal(size=s.shape).astype(layer.dtype) for s in many(last))
    dx, d0 = layer.backward(rng.normal(size=y.shape), dlast if len(dlast) > 1 else dlast[0])
    return [y, *many(last), dx, *many(d0), *layer.grads.values()]


@kinds
def test_a_ragged_batch_is_each_sequence_alone(kind, options):
    rng = np.random.default_rng(0)
    lengths = np.array([3, 0, 7, 3, 5])
    layer = kind(3, 4, 2, bidirectional=True, rng=rng, **options)
    x = rng.normal(size=(7, 5, 3))
    state = tuple(rng.normal(size=s.shape) for s in many(layer(x)[1]))
    x[np.arange(7)[:, None] >= lengths] = np.nan
    dy = rng.normal(size=layer(x)[0].shape)
    given = state if len(state) > 1 else state[0]
    y, last = layer(x, given, lengths)
    dx, d0 = layer.backward(np.where(np.arange(7)[:, None, None] >= lengths[:, None], np.nan, dy), given)
    grads = {k: g.copy() for k, g in layer.grads.items()}
    total = {k: np.zeros_like(g) for k, g in grads.items()}
    for n, length in enumerate(lengths):
        own = tuple(s[:, n : n + 1] for s in state)
        assert not y[length:, n].any()
        assert not dx[length:, n].any()
        if length == 0:
            for s, kept, d in zip(state, many(last), many(d0), strict=True):
                np.testing.assert_array_equal(kept[:, n], s[:, n])
                np.testing.assert_array_equal(d[:, n], s[:, n])
            continue
        y_n, last_n = layer(x[:length, n : n + 1], own if len(own) > 1 else own[0])
        dx_n, d0_n = layer.backward(dy[:length, n : n + 1], own if len(own) > 1 else own[0])
        close(y[:length, n : n + 1], y_n)
        close(dx[:length, n : n + 1], dx_n)
        for a, b in zip((*many(last), *many(d0)), (*many(last_n), *many(d0_n)), strict=True):
            close(a[:, n : n + 1], b)
        for k, g in layer.grads.items():
            total[k] += g
    for k, g in grads.items():
        close(g, total[k])


@kinds
def test_all_lengths_0_leave_the_states_and_have_no_gradients(kind, options):
    layer = kind(3, 4, rng=0, **options)
    results = run(layer, np.full((2, 3, 3), np.nan), np.zeros(3, int))
    assert not results[0].any()
    assert all(not g.any() for g in layer.grads.values())


@kinds
@pytest.mark.parametrize("lengths", [None, np.array([20, 9, 13])])
def test_checkpoints_change_nothing(kind, options, lengths, monkeypatch):
    monkeypatch.setattr(sweep, "STRETCH", 6)  # parts of √20 steps
    x = np.random.default_rng(1).normal(size=(20, 3, 3))
    plain, kept = (
        run(kind(3, 4, 2, bidirectional=True, rng=0, checkpoint=c, **options), x, lengths) for c in (False, True)
    )
    for a, b in zip(plain, kept, strict=True):
        close(b, a)


@kinds
def test_float32_stays_float32_and_is_near(kind, options):
    x = np.random.default_rng(1).normal(size=(20, 33, 3))
    double, single = (kind(3, 24, rng=0, dtype=d, **options) for d in (np.float64, np.float32))
    for a, b in zip(run(double, x), run(single, x), strict=True):
        assert b.dtype == np.float32
        close(b, a, 1e-5)


@kinds
def test_long_and_wide_batches_take_the_large_array_path(kind, options):
    """Above 512 elements tanh is computed by exp, and the way back goes in stretches; both meet the small case."""
    rng = np.random.default_rng(2)
    layer = kind(3, 24, rng=0, **options)
    x = rng.normal(size=(30, 40, 3))
    y, last = layer(x)
    dy = rng.normal(size=y.shape)
    dx, d0 = layer.backward(dy)
    for n in (0, 39):
        y_n, last_n = layer(x[:, n : n + 1])
        dx_n, d0_n = layer.backward(dy[:, n : n + 1])
        close(y[:, n : n + 1], y_n)
        close(dx[:, n : n + 1], dx_n)
        for a, b in zip((*many(last), *many(d0)), (*many(last_n), *many(d0_n)), strict=True):
            close(a[:, n : n + 1], b)


@kinds
def test_results_stand_on_their_own(kind, options):
    """A later call, or a change of x, y, a parameter or a gradient, changes neither results nor the way back."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(5, 2, 3))
    first, second = (kind(3, 4, rng=0, **options) for _ in range(2))
    y, last = first(x)
    expected = [a.copy() for a in (y, *many(last))]
    wanted = run(second, x)
    first(x + 1)
    for a, b in zip((y, *many(last)), expected, strict=True):
        np.testing.assert_array_equal(a, b)
    given = x.copy()
    y, _ = first(given)
    given[:] = y[:] = 7
    for p in first.params.values():
        p += 1
    rng = np.random.default_rng(0)
    dlast = [rng.normal(size=s.shape) for s in many(last)]
    dy = rng.normal(size=y.shape)
    for _ in range(2):
        dx, _ = first.backward(dy, tuple(dlast) if len(dlast) > 1 else dlast[0])
        np.testing.assert_array_equal(dx, wanted[1 + len(dlast)])
        for g, w in zip(first.grads.values(), second.grads.values(), strict=True):
            np.testing.assert_array_equal(g, w)
            g += 1


@kinds
@pytest.mark.parametrize("checkpoint", [False, True])
def test_a_call_on_the_memory_of_the_last_one_is_as_the_first(kind, options, checkpoint, monkeypatch):
    """Sizes that stay, grow and shrink, with and without lengths; a copy of a layer goes its own way."""
    monkeypatch.setattr(sweep, "STRETCH", 6)
    rng = np.random.default_rng(4)
    layer = kind(3, 4, 2, bidirectional=True, rng=0, checkpoint=checkpoint, **options)
    calls = [(6, 3, None), (6, 3, None), (6, 3, [6, 2, 4]), (6, 3, [1, 2, 4]), (9, 1, None), (2, 5, None)]
    for T, N, lengths in calls:
        x = rng.normal(size=(T, N, 3))
        lengths = None if lengths is None else np.array(lengths)
        fresh = kind(3, 4, 2, bidirectional=True, rng=0, checkpoint=checkpoint, **options)
        copied = copy.deepcopy(layer)
        wanted = run(fresh, x, lengths)
        for one in (layer, copied, pickle.loads(pickle.dumps(copied))):
            for a, b in zip(run(one, x, lengths), wanted, strict=True):
                np.testing.assert_array_equal(a, b)


@kinds
def test_a_copied_layer_goes_back_through_the_call_that_was_copied(kind, options):
    x = np.random.default_rng(4).normal(size=(5, 2, 3))
    layer = kind(3, 4, rng=0, **options)
    y, _ = layer(x)
    copied = pickle.loads(pickle.dumps(layer))
    np.testing.assert_array_equal(copied.backward(y)[0], layer.backward(y)[0])


def test_a_layer_that_many_threads_call_gives_each_its_own_result():
    layer = LSTM(3, 8, rng=0)
    xs = [np.full((40, 2, 3), k / 8) for k in range(8)]
    wanted = [LSTM(3, 8, rng=0)(x)[0] for x in xs]

    def call(k):
        return all((layer(xs[k])[0] == wanted[k]).all() for _ in range(20))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(call, range(8)))


@kinds
def test_checkpoints_take_parts_of_the_square_root_of_the_steps(kind, options):
    """Peak memory above x, y and dx grows less than half as fast as T."""

    def peak(T):
        layer = kind(8, 16, rng=0, checkpoint=True, **options)
        x = np.zeros((T, 64, 8))
        tracemalloc.start()
        y, _ = layer(x)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        layer.backward(y)
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return top - before - x.nbytes

    assert peak(900) < 2 * peak(225)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("N", [12, 16])
def test_weights_in_blocks_turned_and_in_one_product_are_the_same(kind, dtype, N, monkeypatch):
    """Products of a step in blocks of rows or turned, and those with x for each step or for a stretch at once."""
    x = np.random.default_rng(5).normal(size=(70, N, 5))
    wanted = run(kind(5, 24, rng=0, dtype=dtype), x)
    for values in (
        {"SMALL": 16 * 24 * 12},
        {"SMALL": 16 * 24 * 12, "CACHE": 2000, "WIDE": 64},
        {"SMALL": 0},
        {"CACHE": 0},
        {"UNPACKED": not products.UNPACKED},
    ):
        with monkeypatch.context() as patch:
            for (name, value), module in product(values.items(), (products, sweep, sweep_rnn)):
                patch.setattr(module, name, value, raising=module is products)
            for a, b in zip(run(kind(5, 24, rng=0, dtype=dtype), x), wanted, strict=True):
                close(a, b, 1e-12 if dtype == np.float64 else 1e-4)


@kinds
@pytest.mark.parametrize("N", [1, 3])
@pytest.mark.parametrize("T", [5, 10, 40])
def test_the_form_of_weights_and_of_factors_does_not_matter(kind, options, N, T, monkeypatch):
    """x and h multiplied together or apart; factors of one step or of some at a time."""
    x = np.random.default_rng(6).normal(size=(T, N, 3))
    wanted = run(kind(3, 4, rng=0, **options), x)
    for together, worth in product((False, True), (1, 10**9)):
        with monkeypatch.context() as patch:
            patch.setattr(factors, "WORTH_A_CALL", worth)
            for module in (loaded_weights, sweep_rnn):
                patch.setattr(module, "multiplied_together", lambda *_, together=together: together)
            for a, b in zip(run(kind(3, 4, rng=0, **options), x), wanted, strict=True):
                close(a, b)


@kinds
@pytest.mark.parametrize("N", [1, 3, 20])
def test_what_a_layer_worked_on_goes_with_it(kind, options, N):
    """At once: no part of it refers to another that refers to it."""
    layer = kind(30, 64, rng=0, **options)
    y, _ = layer(np.ones((9, N, 30)))
    layer.backward(y)
    (walk,) = (one.walk for one in layer._calls[0].layers[0])
    copies = getattr(walk.sweep, "weights", walk.sweep).copies
    parts = [weakref.ref(part) for part in (walk.sweep, copies, walk.memory[0], *walk.memory[0]._back)]
    gc.disable()
    try:
        del layer, walk, copies
        assert [part() for part in parts] == [None] * len(parts)
    finally:
        gc.enable()


@kinds
def test_no_more_copies_of_weights_are_kept_than_the_last_call_reads(kind, options, monkeypatch):
    monkeypatch.setattr(products, "SMALL", 2000)  # so that what is read is another for each number of sequences
    monkeypatch.setattr(products, "UNPACKED", True)

    def kept(*numbers):
        layer = kind(8, 24, rng=0, **options)
        for N in numbers:
            y, _ = layer(np.ones((40, N, 8)))
            layer.backward(y)
        sweep = layer._calls[0].layers[0][0].walk.sweep
        return len(getattr(sweep, "weights", sweep).copies._known)

    assert kept(2, 3, 5, 8, 16, 2) == kept(2)


@kinds
def test_the_order_in_memory_does_not_matter(kind, options):
    x = np.random.default_rng(3).normal(size=(5, 2, 3))
    for layer in (kind(3, 4, 2, rng=0, **options), kind(3, 4, 2, rng=0, checkpoint=True, **options)):
        for other in (np.asfortranarray(x), np.repeat(x, 2, axis=-1)[..., ::2]):
            for a, b in zip(run(layer, x), run(layer, other), strict=True):
                close(b, a)


@kinds
def test_other_parameters_on_the_memory_of_the_last_call_are_as_in_a_new_layer(kind, options):
    x = np.random.default_rng(6).normal(size=(40, 2, 3))
    layer, other = (kind(3, 4, 2, rng=seed, **options) for seed in (0, 1))
    run(layer, x)
    layer.params = other.params
    for a, b in zip(run(layer, x), run(other, x), strict=True):
        np.testing.assert_array_equal(a, b)


@kinds
def test_changed_parameters_count_from_the_next_call(kind, options):
    layer = kind(2, 4, rng=0, **options)
    x = np.ones((3, 1, 2))
    before = layer(x)[0]
    layer.params["bias_ih_l0"] += 0.5
    between = layer(x)[0]
    layer.params["bias_ih_l0"] = layer.params["bias_ih_l0"] + 0.5
    assert (between != before).any()
    assert (layer(x)[0] != between).any()


@kinds
def test_nan_and_infinity_pass_without_warnings(kind, options):
    x = np.zeros((3, 20, 2))
    x[0, 0], x[1, 1] = np.nan, np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer = kind(2, 40, rng=0, **options)
        y, _ = layer(x)
        layer.backward(y)
    assert np.isnan(y[:, 0]).all()
    assert np.isfinite(y[:, 2:]).all()


@kinds
def test_infinities_that_meet_pass_without_warnings(kind, options):
    """Of both signs where directions and biases add up, and 0 of dropout's masks."""
    layer = kind(2, 4, 2, bidirectional=True, dropout=0.5, rng=0, **options)
    x, lengths = np.ones((9, 20, 2)), np.arange(20) % 10
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y, _ = layer(x, lengths=lengths)
        dx, _ = layer.backward(np.where(np.arange(y.size).reshape(y.shape) % 3, np.inf, -np.inf))
        assert np.isnan(dx).any()
        layer.params["bias_ih_l0"][0], layer.params["bias_hh_l0"][0] = np.inf, -np.inf
        assert np.isnan(layer(x)[0]).any()
        layer.params["bias_hh_l0"][0] = np.inf
        layer(x)


def test_gradients_that_overflow_as_lengths_add_up_pass_without_warnings():
    layer = RNN(1, 1, rng=0)
    for value in layer.params.values():
        value[...] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer(np.zeros((2, 2, 1)), lengths=np.array([1, 2]))
        layer.backward(np.finfo(float).max * np.eye(2)[..., None])
    assert layer.grads["bias_ih_l0"] == np.inf


def test_dropout_is_seeded_scaled_and_off_in_eval():
    x = np.ones((4, 3, 2))
    one, two = (LSTM(2, 50, 2, dropout=0.5, rng=5) for _ in range(2))
    y = one(x)[0]
    np.testing.assert_array_equal(y, two(x)[0])
    assert (one(x)[0] != y).any()
    plain = LSTM(2, 50, 2, rng=5)
    np.testing.assert_array_equal(one.eval()(x)[0], plain(x)[0])
    full = RNN(2, 3, 2, dropout=1.0, rng=0)
    assert not full.grads
    full.backward(full(x)[0])
    assert not full.grads["weight_ih_l1"].any()


def test_gradients_through_dropout_are_those_of_the_masked_function():
    x, eps = np.random.default_rng(1).normal(size=(4, 3, 2)), 1e-6

    def loss(x):
        layer = GRU(2, 5, 2, dropout=0.4, rng=5)
        y, _ = layer(x)
        return float(np.square(y).sum()), layer.backward(2 * y)[0]

    _, dx = loss(x)
    d = np.random.default_rng(2).normal(size=x.shape)
    assert (loss(x + eps * d)[0] - loss(x - eps * d)[0]) / (2 * eps) == pytest.approx(float((dx * d).sum()), rel=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: LSTM(0, 3), ValueError, "input_size: got 0, expected at least 1"),
        (lambda: LSTM(2.5, 3), TypeError, r"input_size: got 2\.5, expected an integer"),
        (lambda: RNN(2, 3, nonlinearity="elu"), ValueError, "nonlinearity: got 'elu', expected one of 'tanh', 'relu'"),
        (lambda: LSTM(2, 3, proj_size=3), ValueError, "proj_size: got 3, expected less than hidden_size = 3"),
        (lambda: GRU(2, 3, dropout=1.5), ValueError, r"dropout: got 1\.5"),
        (lambda: GRU(2, 3, dtype=np.int32), TypeError, "dtype: got .*, expected float64 or float32"),
        (lambda: RNN(2, 3)(np.ones((4, 1, 3))), ValueError, r"x: got shape \(4, 1, 3\), expected \(T, N, 2\)"),
        (lambda: RNN(2, 3)(np.ones((4, 0, 2))), ValueError, r"x: got shape \(4, 0, 2\)"),
        (lambda: RNN(2, 3)(np.array([[["a", "b"]]])), TypeError, "x: got dtype"),
        (
            lambda: RNN(2, 3)(np.ones((4, 1, 2)), np.ones((1, 2, 3))),
            ValueError,
            r"state: got shape \(1, 2, 3\), expected",
        ),
        (lambda: LSTM(2, 3)(np.ones((4, 1, 2)), np.ones((1, 1, 3))), TypeError, "state: got ndarray, expected a pair"),
        (
            lambda: RNN(2, 3)(np.ones((4, 1, 2)), None, np.array([5])),
            ValueError,
            r"lengths: got 5 \.\. 5, expected each in 0",
        ),
        (lambda: RNN(2, 3)(np.ones((4, 1, 2)), None, np.array([1.0])), TypeError, "lengths: got dtype float64"),
        (lambda: RNN(2, 3)(np.ones((4, 1, 2)), None, np.array([1, 2])), ValueError, r"lengths: got shape \(2,\)"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_missing_or_misshapen_parameters_are_named():
    layer = RNN(2, 3)
    layer.params["weight_hh_l0"] = np.ones((3, 2))
    with pytest.raises(ValueError, match=r"weight_hh_l0.*got shape \(3, 2\), expected \(3, 3\)"):
        layer(np.ones((1, 1, 2)))
    del layer.params["weight_hh_l0"]
    with pytest.raises(ValueError, match="weight_hh_l0 is missing"):
        layer(np.ones((1, 1, 2)))


@kinds
@pytest.mark.parametrize("N", [1, 2])
@pytest.mark.parametrize("lengths", [False, True])
def test_no_zero_is_negative(kind, options, N, lengths):
    """The fast passes keep opposites; -0. would be printed as such."""
    layer = kind(2, 4, rng=0, **options)
    layer.params = {name: np.zeros_like(value) for name, value in layer.params.items()}
    y, state = layer(np.zeros((4, N, 2)), lengths=np.full(N, 3) if lengths else None)
    for array in (y, *(state if isinstance(state, tuple) else (state,))):
        assert not array.any()
        assert not np.signbit(array).any()


@pytest.mark.parametrize("checkpoint", [False, True])
def test_a_second_call_of_the_same_size_makes_no_new_tape(checkpoint, monkeypatch):
    """Not where the last of the parts between checkpoints is shorter, either."""
    monkeypatch.setattr(sweep, "STRETCH", 2)
    made, make = [], sweep_lstm.LSTMSweep.tape
    monkeypatch.setattr(sweep_lstm.LSTMSweep, "tape", lambda self, *sizes: made.append(sizes) or make(self, *sizes))
    layer = LSTM(2, 3, checkpoint=checkpoint, rng=0)
    for _ in range(2):
        y, _ = layer(np.ones((19, 1, 2)))
        layer.backward(y)
    assert made == ([(12, 1), (7, 1)] if checkpoint else [(19, 1)])
