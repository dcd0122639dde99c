"""The ONNX operators RNN, LSTM and GRU (opset 22), as functions with every attribute.

Inputs come in the operator's order, attributes by the attribute's name and default, and all of the operator's outputs
are returned in order. Letters follow the specification: X (T, N, D), one W (directions, G*H, D), R (directions, G*H, H)
and B (directions, 2*G*H) for all directions, Y (T, directions, N, H), Y_h and Y_c (directions, N, H); with `layout=1`
the batch axis comes first. Gate orders are the operator's: LSTM i, o, f, c; GRU z, r, h.

Where the specification can be read two ways, this does what ONNX Runtime does: `activation_alpha` and `activation_beta`
are consumed only by activations that take them, and `clip` acts on the gates' pre-activations. A sequence of length 0
leaves `initial_h`. An operator whose attributes leave the cell as it is in `rnn`, `lstm` or `gru` takes the fast passes
over a sequence; any other goes step by step. NaN and infinity pass as IEEE says, without warnings.

Source: the ONNX operator specification, ai.onnx, versions RNN-22, LSTM-22, GRU-22.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from rnnref import checks
from rnnref.activations import sigmoid
from rnnref.checks import FLOATS
from rnnref.layout import CACHE
from rnnref.sweep_gru import GRUSweep
from rnnref.sweep_lstm import LSTMSweep
from rnnref.sweep_rnn import RNNSweep
from rnnref.typing import Array, IntArray
from rnnref.walk import Batch, Walk

Direction = Literal["forward", "reverse", "bidirectional"]
Activation = Callable[[Array], Array]


class _Kind(NamedTuple):
    """An activation by name: which of alpha and beta it takes, with their defaults, and its formula."""

    alpha: float | None
    beta: float | None
    formula: Callable[[Array, Any, Any], Array]


def _softplus(x: Array, _a: Any, _b: Any) -> Array:
    # log(1 + e^x) = max(x, 0) + log(1 + e^-|x|): nothing overflows.
    y: Array = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y


def _elu(x: Array, a: Any, _b: Any) -> Array:
    y: Array = np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0)))
    return y


ACTIVATIONS: dict[str, _Kind] = {
    "Relu": _Kind(None, None, lambda x, a, b: np.maximum(x, 0)),
    "Tanh": _Kind(None, None, lambda x, a, b: np.tanh(x)),
    "Sigmoid": _Kind(None, None, lambda x, a, b: sigmoid(x)),
    "Affine": _Kind(1.0, 0.0, lambda x, a, b: a * x + b),
    "LeakyRelu": _Kind(0.01, None, lambda x, a, b: np.where(x >= 0, x, a * x)),
    "ThresholdedRelu": _Kind(1.0, None, lambda x, a, b: np.where(x > a, x, 0 * x)),
    "ScaledTanh": _Kind(1.0, 1.0, lambda x, a, b: a * np.tanh(b * x)),
    "HardSigmoid": _Kind(0.2, 0.5, lambda x, a, b: np.clip(a * x + b, 0, 1)),
    "Elu": _Kind(1.0, None, _elu),
    "Softsign": _Kind(None, None, lambda x, a, b: x / (1 + np.abs(x))),
    "Softplus": _Kind(None, None, _softplus),
}
"""The eleven activations of the specification. Names are matched without regard to case, as ONNX Runtime does."""

_BY_LOWER_CASE = {name.lower(): kind for name, kind in ACTIVATIONS.items()}


_memory: dict[tuple[Any, ...], tuple[Any, list[Any]]] = {}
"""What the last call worked on, for the next one of the same kind and sizes to write over: new memory costs more than to use it."""


@np.errstate(all="ignore")
def rnn(
    X: Array,
    W: Array,
    R: Array,
    B: Array | None = None,
    sequence_lens: IntArray | None = None,
    initial_h: Array | None = None,
    *,
    activation_alpha: Sequence[float] | None = None,
    activation_beta: Sequence[float] | None = None,
    activations: Sequence[str] | None = None,
    clip: float | None = None,
    direction: Direction = "forward",
    hidden_size: int | None = None,
    layout: int = 0,
) -> tuple[Array, Array]:
    """Operator RNN: Ht = f(Xt Wᵀ + Ht-1 Rᵀ + Wb + Rb); returns Y, Y_h.

    Raises ValueError or TypeError naming the input or attribute, what came and what was expected.

    >>> X, W, R = np.ones((2, 1, 1)), np.ones((1, 1, 1)), np.zeros((1, 1, 1))
    >>> Y, Y_h = rnn(X, W, R, activations=["Affine"], activation_alpha=[2.0])
    >>> Y_h
    array([[[2.]]])
    """
    plan = _Plan("rnn", 1, X, W, R, B, sequence_lens, direction, hidden_size, layout, clip)
    names, functions = _activations(("Tanh",), plan.directions, activations, activation_alpha, activation_beta)
    h0 = plan.state("initial_h", initial_h)
    Y, Y_h = plan.outputs(), h0.copy()
    if plan.plain(names, ("Tanh",), ("Relu",)):
        relu = [name == "relu" for name in names]
        plan.walk(RNNSweep, relu, "h", Y, Y_h)
        return plan.laid_out(Y), plan.laid_out(Y_h)
    for d, order in plan.each_direction():
        (f,) = functions[d]
        from_x = plan.from_x(d) + plan.bias(d)
        h = Y_h[d]
        for t, on in order:
            h[on] = f(plan.clipped(from_x[t, on] + h[on] @ plan.R[d].T))
            Y[t, d, on] = h[on]
    return plan.laid_out(Y), plan.laid_out(Y_h)


@np.errstate(all="ignore")
def lstm(
    X: Array,
    W: Array,
    R: Array,
    B: Array | None = None,
    sequence_lens: IntArray | None = None,
    initial_h: Array | None = None,
    initial_c: Array | None = None,
    P: Array | None = None,
    *,
    activation_alpha: Sequence[float] | None = None,
    activation_beta: Sequence[float] | None = None,
    activations: Sequence[str] | None = None,
    clip: float | None = None,
    direction: Direction = "forward",
    hidden_size: int | None = None,
    input_forget: int = 0,
    layout: int = 0,
) -> tuple[Array, Array, Array]:
    """Operator LSTM, with peepholes P (directions, 3H) in the order i, o, f; returns Y, Y_h, Y_c.

    it = f(Xt Wiᵀ + Ht-1 Riᵀ + Pi ⊙ Ct-1 + Wbi + Rbi), ft likewise (1 - it with `input_forget=1`), ct = g(...),
    Ct = ft ⊙ Ct-1 + it ⊙ ct, ot = f(... + Po ⊙ Ct + ...), Ht = ot ⊙ h(Ct).
    Raises ValueError or TypeError naming the input or attribute, what came and what was expected.

    >>> Y, Y_h, Y_c = lstm(np.ones((3, 2, 4)), np.zeros((1, 20, 4)), np.zeros((1, 20, 5)))
    >>> Y.shape, Y_h.shape, Y_c.shape
    ((3, 1, 2, 5), (1, 2, 5), (1, 2, 5))
    """
    plan = _Plan("lstm", 4, X, W, R, B, sequence_lens, direction, hidden_size, layout, clip)
    usual = "Sigmoid", "Tanh", "Tanh"
    names, functions = _activations(usual, plan.directions, activations, activation_alpha, activation_beta)
    H = plan.H
    _expect("input_forget", input_forget in (0, 1), input_forget, "0 or 1")
    h0, c0 = plan.state("initial_h", initial_h), plan.state("initial_c", initial_c)
    peepholes = plan.optional("P", P, (plan.directions, 3 * H))
    Y, Y_h, Y_c = plan.outputs(), h0.copy(), c0.copy()
    if P is None and not input_forget and plan.plain(names, usual):
        plan.walk(LSTMSweep, [None, None], "iofg", Y, Y_h, Y_c)
        return plan.laid_out(Y), plan.laid_out(Y_h), plan.laid_out(Y_c)
    for d, order in plan.each_direction():
        f, g, h_of = functions[d]
        from_x = plan.from_x(d) + plan.bias(d)
        p_i, p_o, p_f = np.split(peepholes[d], 3)
        h, c = Y_h[d], Y_c[d]
        for t, on in order:
            a_i, a_o, a_f, a_c = np.split(from_x[t, on] + h[on] @ plan.R[d].T, 4, axis=-1)
            i = f(plan.clipped(a_i + p_i * c[on]))
            forget = 1 - i if input_forget else f(plan.clipped(a_f + p_f * c[on]))
            c[on] = forget * c[on] + i * g(plan.clipped(a_c))
            h[on] = f(plan.clipped(a_o + p_o * c[on])) * h_of(c[on])
            Y[t, d, on] = h[on]
    return plan.laid_out(Y), plan.laid_out(Y_h), plan.laid_out(Y_c)


@np.errstate(all="ignore")
def gru(
    X: Array,
    W: Array,
    R: Array,
    B: Array | None = None,
    sequence_lens: IntArray | None = None,
    initial_h: Array | None = None,
    *,
    activation_alpha: Sequence[float] | None = None,
    activation_beta: Sequence[float] | None = None,
    activations: Sequence[str] | None = None,
    clip: float | None = None,
    direction: Direction = "forward",
    hidden_size: int | None = None,
    layout: int = 0,
    linear_before_reset: int = 0,
) -> tuple[Array, Array]:
    """Operator GRU; returns Y, Y_h.

    zt, rt = f(...), ht = g(Xt Whᵀ + (rt ⊙ Ht-1) Rhᵀ + Rbh + Wbh), or with `linear_before_reset=1`
    ht = g(Xt Whᵀ + rt ⊙ (Ht-1 Rhᵀ + Rbh) + Wbh); Ht = (1 - zt) ⊙ ht + zt ⊙ Ht-1.
    Raises ValueError or TypeError naming the input or attribute, what came and what was expected.

    >>> Y, Y_h = gru(np.ones((3, 2, 4)), np.zeros((2, 15, 4)), np.zeros((2, 15, 5)), direction="bidirectional")
    >>> Y.shape
    (3, 2, 2, 5)
    """
    plan = _Plan("gru", 3, X, W, R, B, sequence_lens, direction, hidden_size, layout, clip)
    usual = "Sigmoid", "Tanh"
    names, functions = _activations(usual, plan.directions, activations, activation_alpha, activation_beta)
    H = plan.H
    _expect("linear_before_reset", linear_before_reset in (0, 1), linear_before_reset, "0 or 1")
    h0 = plan.state("initial_h", initial_h)
    Y, Y_h = plan.outputs(), h0.copy()

    if plan.plain(names, usual):
        plan.walk(GRUSweep, [bool(linear_before_reset)] * 2, "zrn", Y, Y_h)
        return plan.laid_out(Y), plan.laid_out(Y_h)
    for d, order in plan.each_direction():
        f, g = functions[d]
        Wb, Rb = plan.B[d].reshape(2, -1)
        Rbh = Rb[2 * H :]
        outside = Wb + Rb
        if linear_before_reset:
            outside[2 * H :] = Wb[2 * H :]
        from_x = plan.from_x(d) + outside
        R_zr, R_h = plan.R[d, : 2 * H].T, plan.R[d, 2 * H :].T
        h = Y_h[d]
        for t, on in order:
            before = h[on]
            z, r = np.split(f(plan.clipped(from_x[t, on, : 2 * H] + before @ R_zr)), 2, axis=-1)
            recurrent = r * (before @ R_h + Rbh) if linear_before_reset else (r * before) @ R_h
            h[on] = (1 - z) * g(plan.clipped(from_x[t, on, 2 * H :] + recurrent)) + z * before
            Y[t, d, on] = h[on]
    return plan.laid_out(Y), plan.laid_out(Y_h)


def _expect(name: str, true: bool, came: object, expected: str) -> None:
    if not true:
        raise ValueError(f"{name}: {came!r}; expected {expected}")


def _activations(
    usual: tuple[str, ...],
    directions: int,
    names: Sequence[str] | None,
    alphas: Sequence[float] | None,
    betas: Sequence[float] | None,
) -> tuple[tuple[str, ...], list[list[Activation]]]:
    """The names in lower case, the usual ones where none are given, and the functions of each direction.

    Alphas and betas are handed out in order to the activations that take them.
    """
    if names is not None and not isinstance(names, tuple | list):
        raise TypeError(f"activations: {names!r}; expected a list of names")
    for name in names or ():
        if not isinstance(name, str) or name.lower() not in _BY_LOWER_CASE:
            raise ValueError(f"activations: {name!r}; expected one of {', '.join(ACTIVATIONS)}")
    return _bound(
        usual,
        directions,
        None if names is None else tuple(names),
        _numbers("activation_alpha", alphas),
        _numbers("activation_beta", betas),
    )


@functools.lru_cache(maxsize=64)
def _bound(
    usual: tuple[str, ...],
    directions: int,
    names: tuple[str, ...] | None,
    alphas: tuple[float, ...],
    betas: tuple[float, ...],
) -> tuple[tuple[str, ...], list[list[Activation]]]:
    """What `_activations` gives of known names."""
    size, all_names = len(usual), usual * directions if names is None else names
    _expect("activations", len(all_names) == size * directions, list(all_names), f"{size * directions} names")
    left = {"activation_alpha": list(alphas), "activation_beta": list(betas)}

    def parameter(attribute: str, default: float | None) -> float | None:
        return left[attribute].pop(0) if default is not None and left[attribute] else default

    bound: list[Activation] = []
    for name in all_names:
        kind = _BY_LOWER_CASE[name.lower()]
        alpha, beta = parameter("activation_alpha", kind.alpha), parameter("activation_beta", kind.beta)
        bound.append(lambda x, k=kind, a=alpha, b=beta: k.formula(x, a, b))  # type: ignore[misc]
    for attribute, rest in left.items():
        _expect(attribute, not rest, rest, "no more values than there are activations that take one")
    functions = [bound[d * size : (d + 1) * size] for d in range(directions)]
    return tuple(name.lower() for name in all_names), functions


@functools.lru_cache(maxsize=64)
def _each_is_one_of(names: tuple[str, ...], cells: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the names, in lower case, of each direction are those of a cell."""
    known, size = [tuple(name.lower() for name in cell) for cell in cells], len(cells[0])
    return all(names[k : k + size] in known for k in range(0, len(names), size))


def _numbers(name: str, values: Sequence[float] | None) -> tuple[float, ...]:
    if values is not None and not isinstance(values, tuple | list | np.ndarray):
        raise TypeError(f"{name}: {values!r}; expected a list of numbers")
    return tuple(checks.real(f"{name}[{k}]", value) for k, value in enumerate(values if values is not None else ()))


class _Plan:
    """What the three operators share: checked inputs in time-major layout, the walk over time, the outputs' layout."""

    def __init__(
        self,
        operator: str,
        gates: int,
        X: Array,
        W: Array,
        R: Array,
        B: Array | None,
        sequence_lens: IntArray | None,
        direction: str,
        hidden_size: int | None,
        layout: int,
        clip: float | None,
    ) -> None:
        known = "forward", "reverse", "bidirectional"
        _expect("direction", direction in known, direction, "forward, reverse or bidirectional")
        _expect("layout", layout in (0, 1), layout, "0 (time first) or 1 (batch first)")
        if clip is not None:
            checks.positive("clip", clip)
        self.direction, self.layout, self.clip = direction, layout, clip
        self.directions = 2 if direction == "bidirectional" else 1
        X, W, R = (checks.as_array(name, value) for name, value in (("X", X), ("W", W), ("R", R)))
        if not np.issubdtype(X.dtype, np.floating):
            raise TypeError(f"X: dtype {X.dtype}; expected a float dtype")
        self.dtype = X.dtype
        if X.ndim != 3 or W.ndim != 3 or R.ndim != 3:
            name, came = next((n, a) for n, a in (("X", X), ("W", W), ("R", R)) if a.ndim != 3)
            raise ValueError(f"{name}: shape {came.shape}; {operator} expects three axes")
        self.X = np.swapaxes(X, 0, 1) if layout else X
        self.T, self.N, D = self.X.shape
        self.H = R.shape[2]
        _expect("hidden_size", hidden_size in (None, self.H), hidden_size, f"{self.H}, the last axis of R")
        self.W = self._checked("W", W, (self.directions, gates * self.H, D))
        self.R = self._checked("R", R, (self.directions, gates * self.H, self.H))
        self.B = self.optional("B", B, (self.directions, 2 * gates * self.H))
        self.lens = self._lengths(sequence_lens)

    def _checked(self, name: str, array: Array, shape: tuple[int, ...]) -> Array:
        array = checks.as_array(name, array)
        if array.dtype != self.dtype:
            raise TypeError(f"{name}: dtype {array.dtype}; expected {self.dtype} as X has")
        if array.shape != shape:
            raise ValueError(f"{name}: shape {array.shape}; expected {shape}")
        return array

    def optional(self, name: str, array: Array | None, shape: tuple[int, ...]) -> Array:
        return np.zeros(shape, self.dtype) if array is None else self._checked(name, array, shape)

    def _lengths(self, sequence_lens: IntArray | None) -> IntArray | None:
        if sequence_lens is None:
            return None
        lens = checks.as_array("sequence_lens", sequence_lens)
        if not np.issubdtype(lens.dtype, np.integer):
            raise TypeError(f"sequence_lens: dtype {lens.dtype}; expected an integer dtype")
        if lens.shape != (self.N,) or (lens < 0).any() or (lens > self.T).any():
            raise ValueError(f"sequence_lens: {lens.tolist()}; expected {self.N} lengths, each 0 .. {self.T}")
        return lens

    def state(self, name: str, state: Array | None) -> Array:
        """An initial state (directions, N, H), zeros where none is given."""
        shape = (self.directions, self.N, self.H)
        if self.layout and state is not None:
            return np.swapaxes(self._checked(name, state, (self.N, self.directions, self.H)), 0, 1)
        return self.optional(name, state, shape)

    def from_x(self, d: int) -> Array:
        """The input products of all steps in one: (T, N, G*H). Rows of padding are not used."""
        products: Array = self.X @ self.W[d].T
        return products

    def bias(self, d: int) -> Array:
        """Wb + Rb, for operators that keep them together: (G*H,)."""
        total: Array = np.add(*self.B[d].reshape(2, -1))
        return total

    def plain(self, names: tuple[str, ...], *cells: tuple[str, ...]) -> bool:
        """Whether each direction has the activations of one of `cells`, and nothing else sets it apart from the textbook's."""
        empty = 0 in (self.T, self.N, self.H)
        return self.clip is None and not empty and self.dtype in FLOATS and _each_is_one_of(names, cells)

    def walk(self, kind: Callable[..., Any], options: Sequence[Any], order: str, Y: Array, *states: Array) -> None:
        """Fill Y and turn initial into last states, by sweeps with each direction's option, gates lying in this order."""
        D = self.W.shape[2]
        for d in range(self.directions):
            key = (kind, options[d], self.dtype, D, self.H)
            sweep, tapes = _memory.pop(key, (None, ()))  # one thread gets it
            if sweep is None or not sweep.fits(self.N):
                sweep, tapes = kind(D, self.H, self.dtype, self.N, options[d]), ()
            sweep.load(self.W[d], self.R[d], *self.B[d].reshape(2, -1), order=order)
            batch = Batch(self.T, self.N, self.lens, self.direction == "reverse" or d == 1)
            starts = [batch.ordered(s[d]) for s in states]
            # There is no way back, so the memory of some steps is enough; it costs time where all of them stay in the cache.
            walk = Walk(sweep, batch, self.T * self.N * self.H * self.dtype.itemsize > CACHE // 10, tapes)
            last = walk.forward(batch.gather(self.X), starts, Y[:, d])
            for state, value in zip(states, last, strict=True):
                batch.restore(value, state[d])
            _memory.clear()
            _memory[key] = sweep, walk.memory

    def clipped(self, a: Array) -> Array:
        return a if self.clip is None else np.clip(a, -self.clip, self.clip)

    def outputs(self) -> Array:
        return np.zeros((self.T, self.directions, self.N, self.H), self.dtype)

    def each_direction(self) -> Iterator[tuple[int, Iterator[tuple[int, Any]]]]:
        """Each direction with its walk: the step, and which sequences are still (or already) inside their length."""
        for d in range(self.directions):
            back = self.direction == "reverse" or d == 1
            steps = range(self.T)[::-1] if back else range(self.T)
            yield d, ((t, slice(None) if self.lens is None else t < self.lens) for t in steps)

    def laid_out(self, output: Array) -> Array:
        """Y or a last state in the asked-for layout: with `layout=1` the batch axis is the first."""
        if not self.layout:
            return output
        return np.ascontiguousarray(output.transpose(2, 0, 1, 3) if output.ndim == 4 else output.swapaxes(0, 1))
