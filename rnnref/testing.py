"""Test somebody else's recurrent layer against this reference, and check gradients. Needs Hypothesis.

An LSTM written in C or JAX is tested by a function that takes parameters under PyTorch's names and runs it:

>>> def mine(params, x, state):            # x (T, N, D), state (h, c)
...     W, U = params["weight_ih_l0"].T, params["weight_hh_l0"].T
...     hs, cs = rnnref.lstm_forward(x, state[0][0], state[1][0], W, U, params["bias_ih_l0"] + params["bias_hh_l0"])
...     return hs, (hs[-1:], cs[-1:])
>>> assert_conforms(mine, like=rnnref.LSTM, max_examples=20)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnref
from rnnref import checks, strategies
from rnnref.layers import GRU, LSTM, RNN
from rnnref.typing import Array

Layer = RNN | LSTM | GRU
Run = Callable[..., tuple[Any, Any]]


def assert_conforms(
    mine: Run | type[Any],
    like: type[Layer] = rnnref.LSTM,
    *,
    backward: Callable[..., tuple[Any, Any, Any]] | None = None,
    num_layers: int = 1,
    bidirectional: bool = False,
    lengths: bool = False,
    dtype: Any = np.float64,
    tolerance: float | None = None,
    max_examples: int = 100,
    **options: Any,
) -> None:
    """Search for an input on which `mine` and the reference layer differ; AssertionError shows the smallest found.

    `mine` is a function `(params, x, state)`, or with `lengths=True` `(params, x, state, lengths)`, that returns
    `(y, state)` as the layers of rnnref do; or a class that is built and called as they are (`params`, `backward`,
    `grads` included). `backward`, a function `(params, x, state, dy, dstate)` that returns `(dx, dstate0, grads)`, has
    its gradients compared too. Sizes, weights, inputs and states are drawn afresh; `num_layers`, `bidirectional` and
    further `options` (`bias=False`, `reset_after=False`, `nonlinearity="relu"`) go to the reference's constructor.
    `tolerance` is relative and absolute, 1e-9 for float64 and 1e-4 for float32 unless given. What is not returned as
    said is an AssertionError too. Raises TypeError where `mine` cannot be called or `like` is no layer of rnnref,
    ValueError for a `tolerance` below 0.

    >>> assert_conforms(rnnref.GRU, like=rnnref.GRU, dtype=np.float32, max_examples=10)
    """
    if not callable(mine):
        raise TypeError(f"mine: got {type(mine).__name__}, expected a function or a class")
    if like not in (RNN, LSTM, GRU):
        raise TypeError(f"like: got {like!r}, expected RNN, LSTM or GRU of rnnref")
    if tolerance is not None and not checks.real("tolerance", tolerance) >= 0:
        raise ValueError(f"tolerance: got {tolerance}, expected a number of at least 0")
    allowed = tolerance if tolerance is not None else 1e-9 if np.dtype(dtype) == np.float64 else 1e-4

    @settings(
        max_examples=max_examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        D, H = data.draw(strategies.sizes(), "input_size"), data.draw(strategies.sizes(), "hidden_size")
        layer = like(D, H, num_layers, bidirectional=bidirectional, dtype=dtype, rng=0, **options)
        fill = data.draw(strategies.fills(dtype), "weights")
        for name, value in layer.params.items():
            layer.params[name] = fill(value.shape)
        x, counts = data.draw(strategies.sequences(D, dtype, ragged=lengths), "x, lengths")
        state = _drawn_state(data, layer, x)
        y, last = layer(x, state, counts)
        theirs = _Theirs(mine, backward, layer, lengths)
        got_y, got_last = theirs.forward(x, state, counts)
        _compare("y", got_y, y, allowed)
        _compare_states("state", got_last, last, allowed)
        if theirs.has_backward:
            dy = data.draw(strategies.arrays(y.shape, dtype), "dy")
            dstate = _drawn_state(data, layer, x)
            dx, dfirst = layer.backward(dy, dstate)
            got_dx, got_dfirst, grads = theirs.backward(x, state, dy, dstate)
            _compare("dx", got_dx, dx, allowed)
            _compare_states("dstate0", got_dfirst, dfirst, allowed)
            for name, grad in layer.grads.items():
                _compare(f"grads[{name!r}]", _named(grads, name, grad), grad, allowed)

    agrees()


class _Theirs:
    """The implementation under test behind one face, whether it came as functions or as a class."""

    def __init__(self, mine: Any, backward: Any, layer: Layer, lengths: bool) -> None:
        self.run, self.run_back, self.layer, self.lengths = mine, backward, layer, lengths
        self.built: Any = None
        if isinstance(mine, type):
            self.built = mine(
                layer.input_size,
                layer.hidden_size,
                layer.num_layers,
                bidirectional=layer.bidirectional,
                dtype=layer.dtype,
            )
            self.built.params.update({name: value.copy() for name, value in layer.params.items()})
        self.has_backward = backward is not None or hasattr(self.built, "backward")

    def _params(self) -> dict[str, Array]:
        return {name: value.copy() for name, value in self.layer.params.items()}

    def forward(self, x: Array, state: Any, counts: Any) -> tuple[Any, Any]:
        more = (counts,) if self.lengths else ()
        if self.built is not None:
            returned = self.built(x.copy(), state, *more)
        else:
            returned = self.run(self._params(), x.copy(), state, *more)
        y, last = _parts("mine", returned, "(y, state)", 2)
        return y, last

    def backward(self, x: Array, state: Any, dy: Array, dstate: Any) -> tuple[Any, Any, Any]:
        if self.run_back is not None:
            returned = self.run_back(self._params(), x.copy(), state, dy.copy(), dstate)
            dx, dfirst, grads = _parts("backward", returned, "(dx, dstate0, grads)", 3)
            return dx, dfirst, grads
        dx, dfirst = _parts("mine.backward", self.built.backward(dy.copy(), dstate), "(dx, dstate0)", 2)
        return dx, dfirst, self.built.grads


def _parts(name: str, returned: Any, expected: str, count: int) -> Sequence[Any]:
    """What a call returned, where it is a tuple or list of so many."""
    if not isinstance(returned, tuple | list):
        raise AssertionError(f"{name}: returned {type(returned).__name__}, expected {expected}")
    if len(returned) != count:
        raise AssertionError(f"{name}: returned a {type(returned).__name__} of {len(returned)}, expected {expected}")
    return returned


def _named(grads: Any, name: str, expected: Array) -> Any:
    """The gradient at a parameter, where there is one."""
    if name not in grads:
        raise AssertionError(f"grads: {name} is missing, expected an array of shape {expected.shape}")
    return grads[name]


def _drawn_state(data: st.DataObject, layer: Layer, x: Array) -> Any:
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    width = getattr(layer, "proj_size", 0) or layer.hidden_size
    h = data.draw(strategies.arrays((count, x.shape[1], width), layer.dtype, -1, 1), "h")
    if not isinstance(layer, LSTM):
        return h
    return h, data.draw(strategies.arrays((count, x.shape[1], layer.hidden_size), layer.dtype), "c")


def _compare_states(name: str, got: Any, wanted: Any, tolerance: float) -> None:
    if not isinstance(wanted, tuple):
        _compare(name, got, wanted, tolerance)
        return
    if not isinstance(got, tuple | list) or len(got) != len(wanted):
        raise AssertionError(f"{name}: got {type(got).__name__}, expected a pair (h, c)")
    for part, g, w in zip("hc", got, wanted, strict=True):
        _compare(f"{name}.{part}", g, w, tolerance)


def _compare(name: str, got: Any, wanted: Array, tolerance: float) -> None:
    got = np.asarray(got)
    if got.shape != wanted.shape:
        raise AssertionError(f"{name}: got shape {got.shape}, expected {wanted.shape}")
    scale = max(1.0, float(np.abs(wanted).max(initial=0)))
    np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance * scale, err_msg=name)


def gradient_error(layer: Layer, x: Array, state: Any = None, lengths: Any = None, *, eps: float = 1e-6) -> float:
    """Largest difference between `layer.backward` and central differences of the loss Σ y ⊙ v + Σ state ⊙ w.

    `v` and `w` are fixed random weights, so that every output counts. Differences are relative to the largest gradient,
    at least 1, over x, the initial states and every parameter, each entry nudged by `eps`: about 1e-9 in float64 where
    the gradients are right. Meant for small float64 layers without active dropout; the layer's parameters are put back.
    Raises what the layer raises for x, state or lengths.

    >>> gradient_error(rnnref.LSTM(2, 3, rng=0), np.ones((2, 1, 2))) < 1e-8
    True
    """
    rng = np.random.default_rng(0)
    y, last = layer(x, state, lengths)
    lasts = last if isinstance(last, tuple) else (last,)
    v, w = rng.normal(size=y.shape), tuple(rng.normal(size=s.shape) for s in lasts)
    start = tuple(np.zeros_like(s) for s in lasts) if state is None else state if isinstance(state, tuple) else (state,)
    x, start = np.array(x), tuple(np.array(s) for s in start)

    def loss() -> float:
        out, end = layer(x, start if len(start) > 1 else start[0], lengths)
        ends = end if isinstance(end, tuple) else (end,)
        return float((out * v).sum() + sum((e * k).sum() for e, k in zip(ends, w, strict=True)))

    loss()
    dx, dstart = layer.backward(v, w if len(w) > 1 else w[0])
    pairs = [(x, dx), *zip(start, dstart if isinstance(dstart, tuple) else (dstart,), strict=True)]
    grads = dict(layer.grads)
    pairs += [(layer.params[name], grads[name]) for name in grads]
    scale = max(1.0, *(float(np.abs(g).max()) for _, g in pairs))
    return max(_largest_gap(loss, array, grad, eps) for array, grad in pairs) / scale


def _largest_gap(loss: Callable[[], float], array: Array, grad: Array, eps: float) -> float:
    gap = 0.0
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + eps
        above = loss()
        array[index] = kept - eps
        below = loss()
        array[index] = kept
        gap = max(gap, abs((above - below) / (2 * eps) - float(grad[index])))
    return gap


def assert_gradients(
    layer: Layer, x: Array, state: Any = None, lengths: Any = None, *, tolerance: float = 1e-6
) -> None:
    """Raise AssertionError where `gradient_error` is above `tolerance`; x (T, N, D), lengths (N,), state as the layer's.

    >>> assert_gradients(rnnref.GRU(2, 3, rng=0), np.ones((3, 2, 2)), lengths=np.array([3, 1]))
    """
    error = gradient_error(layer, x, state, lengths)
    if not error <= tolerance:
        raise AssertionError(
            f"{layer!r}: gradients differ from central differences by {error:.1e}, expected <= {tolerance}"
        )
