"""RNN, LSTM and GRU as layers: named, parameterised and shaped as in `torch.nn`, with the gradients written out.

Layer k has `weight_ih_lk` (G*H, ·), `weight_hh_lk` (G*H, ·), `bias_ih_lk` and `bias_hh_lk` (G*H,), and each once more
with `_reverse` for the direction from the end; gates lie i, f, g, o (LSTM) and r, z, n (GRU).

>>> lstm = LSTM(8, 16, rng=np.random.default_rng(0))
>>> y, (h, c) = lstm(np.zeros((5, 2, 8)))
>>> y.shape, h.shape, c.shape
((5, 2, 16), (1, 2, 16), (1, 2, 16))
>>> dx, (dh0, dc0) = lstm.backward(np.ones_like(y))
>>> lstm.grads["weight_hh_l0"].shape
(64, 16)
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from rnnref import checks
from rnnref import weights as foreign
from rnnref.layout import empty
from rnnref.sweep import Sweep
from rnnref.sweep_gru import GRUSweep
from rnnref.sweep_lstm import LSTMSweep
from rnnref.sweep_rnn import RNNSweep
from rnnref.typing import Array, IntArray
from rnnref.walk import Batch, Walk

State = Any
"""h, or (h, c) for the LSTM."""


class _Pass:
    """One direction of one layer: its walk, made once for calls of one size, and the x (T, N, ·) of the last call."""

    __slots__ = ("names", "suffix", "walk", "x")

    def __init__(self, suffix: str, names: list[str], walk: Walk) -> None:
        self.suffix, self.names, self.walk = suffix, names, walk
        self.x: Array | None = None


class _Call:
    """One call of a stack of layers: the passes and dropout masks of each, and its copy of x where a pass reads x on the way back."""

    __slots__ = ("layers", "masks", "needs_x", "sizes", "x")

    def __init__(self, sizes: tuple[int, int, bool, bool], layers: list[list[_Pass]], x: Array | None) -> None:
        self.sizes, self.layers = sizes, layers
        self.masks: list[Array | None] = []
        self.needs_x = any(one.walk.needs_x for one in layers[0]) if layers else False
        self.x = x

    def copy_of(self, x: Array) -> Array:
        """A copy of x, in memory of the calls before where that fits."""
        if self.x is None or self.x.shape != x.shape:
            self.x = empty(x.shape, x.dtype)
        self.x[:] = x
        return self.x


class Layer(ABC):
    """What the three have in common: parameters, stacking, directions, lengths, dropout between layers.

    Parameters
    ----------
    input_size, hidden_size, num_layers : int
        D, H and the number of layers, each at least 1.
    bias : bool
        Without, there are no `bias_*` parameters and they count as 0.
    batch_first : bool
        x and y are (N, T, ·) instead of (T, N, ·); states are not changed by it.
    bidirectional : bool
        A second set of parameters reads from the end; y holds both directions side by side.
    dropout : float
        Probability with which each output that one layer hands to the next is dropped in training (Zaremba et al.
        2014).
    checkpoint : bool
        Keep states only every √T steps and repeat the steps between in `backward` (Chen et al. 2016): less memory, for
        about half as much time again. x is then kept by reference and must stay as it is until then.
    dtype : float64 or float32
        That of the parameters; x, states and gradients are cast to it.
    rng : numpy.random.Generator, int or None
        Draws parameters, uniform in ±1 / √H, and dropout masks.

    Attributes
    ----------
    params, grads : dict of str to array
        PyTorch's names; `backward` fills `grads` with the keys and shapes of `params`.
    training : bool
        Whether dropout acts; set by `train` and `eval`.
    """

    _gates: ClassVar[int]
    _states: ClassVar[int] = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        dropout: float = 0.0,
        checkpoint: bool = False,
        dtype: Any = np.float64,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.input_size = checks.size("input_size", input_size)
        self.hidden_size = checks.size("hidden_size", hidden_size)
        self.num_layers = checks.size("num_layers", num_layers)
        self.bias, self.batch_first, self.bidirectional = bool(bias), bool(batch_first), bool(bidirectional)
        self.dropout = checks.probability("dropout", dropout)
        self.checkpoint = bool(checkpoint)
        self.dtype = checks.float_dtype(dtype)
        self.training = True
        self._rng = checks.seeded("rng", rng)
        bound = 1 / math.sqrt(self.hidden_size)
        self._shapes = dict(self._each_shape())
        self._shapes_of = [dict(self._shapes_in(layer)) for layer in range(self.num_layers)]
        self.params: dict[str, Array] = {
            name: self._rng.uniform(-bound, bound, shape).astype(self.dtype) for name, shape in self._shapes.items()
        }
        self.grads: dict[str, Array] = {}
        self._calls: list[_Call] = []  # the last call

    def __repr__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self._options().items()]
        return f"{type(self).__name__}({', '.join([str(self.input_size), str(self.hidden_size), *options])})"

    def _options(self) -> dict[str, Any]:
        """The options that are not at their defaults, but for `rng`."""
        options = {
            "num_layers": (self.num_layers, 1),
            "bias": (self.bias, True),
            "batch_first": (self.batch_first, False),
            "bidirectional": (self.bidirectional, False),
            "dropout": (self.dropout, 0.0),
            "checkpoint": (self.checkpoint, False),
            "dtype": (self.dtype.name, "float64"),
        }
        return {name: value for name, (value, default) in options.items() if value != default}

    # ------------------------------------------------------------ parameters

    @property
    def _directions(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    @property
    def _output_size(self) -> int:
        return self.hidden_size

    def _each_shape(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Every parameter's name and shape, in PyTorch's order."""
        for layer in range(self.num_layers):
            for direction in self._directions:
                for name, shape in self._shapes_in(layer):
                    yield f"{name}_l{layer}{direction}", shape

    def _shapes_in(self, layer: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        rows = self._gates * self.hidden_size
        width = self.input_size if layer == 0 else len(self._directions) * self._output_size
        yield "weight_ih", (rows, width)
        yield "weight_hh", (rows, self._output_size)
        if self.bias:
            yield "bias_ih", (rows,)
            yield "bias_hh", (rows,)

    def _weights(self, layer: int, suffix: str) -> list[Array]:
        """One direction's parameters, checked: W, U, the biases, which are 0 where there are none, and what else there is."""
        weights, dtype = [], self.dtype
        for name, shape in self._shapes_of[layer].items():
            value = self.params.get(name + suffix)
            if value is None:
                raise ValueError(f"params: {name + suffix} is missing, expected an array of shape {shape}")
            if type(value) is not np.ndarray or value.shape != shape or value.dtype != dtype:
                value = checks.array_of(f"params[{name + suffix!r}]", value, shape, dtype)
            weights.append(value)
        if not self.bias:
            weights[2:2] = [np.zeros(self._gates * self.hidden_size, dtype)] * 2
        return weights

    def train(self, mode: bool = True) -> Self:
        """Dropout acts (`mode`) or does not; returns the layer."""
        self.training = bool(mode)
        return self

    def eval(self) -> Self:
        """Dropout does not act; returns the layer."""
        return self.train(False)

    # ------------------------------------------------------------ weights in and out

    @classmethod
    def _built(cls, sizes: foreign.Sizes, params: Mapping[str, Array], **options: Any) -> Self:
        """A layer of these sizes that holds these parameters, each checked for name and shape."""
        if sizes.proj_size:
            options["proj_size"] = sizes.proj_size
        layer = cls(
            sizes.input_size,
            sizes.hidden_size,
            sizes.num_layers,
            bias=sizes.bias,
            bidirectional=sizes.bidirectional,
            dtype=sizes.dtype,
            rng=0,
            **options,
        )
        expected = layer._shapes
        for name, shape in expected.items():
            if name not in params:
                raise ValueError(f"weights: {name} is missing, expected an array of shape {shape}")
            layer.params[name] = checks.array_of(name, params[name], shape, layer.dtype).copy()
        for name in params:
            if name not in expected:
                raise ValueError(f"weights: {name} belongs to no parameter of {layer!r}")
        return layer

    @classmethod
    def _from_torch(cls, state_dict: Mapping[str, Any], batch_first: bool, **options: Any) -> Self:
        sizes, arrays = foreign.sizes_of_torch(state_dict, cls._gates)
        if sizes.proj_size and cls is not LSTM:
            raise ValueError(f"state_dict: key weight_hr_l0, but {cls.__name__} has no projection")
        return cls._built(sizes, arrays, batch_first=batch_first, **options)

    def to_torch(self) -> dict[str, Array]:
        """A copy of the parameters under PyTorch's names; `torch.from_numpy` of each makes a state_dict."""
        return {name: self.params[name].copy() for name in self._shapes}

    def to_keras(self) -> list[Array]:
        """What `set_weights` of the Keras layer (or its `Bidirectional`) takes.

        Keras has one bias, so ours are added, except for a GRU with `reset_after`, which keeps both.

        Raises
        ------
        ValueError
            The layer is stacked or projected; Keras has neither.
        """
        self._must_be_plain("Keras", stacked=False)
        return foreign.keras_of_params(
            self.params, type(self).__name__, len(self._directions), self.bias, getattr(self, "reset_after", False)
        )

    def to_onnx(self) -> list[dict[str, Array]]:
        """The inputs W, R and, with biases, B of ONNX nodes, one dict per level of the stack.

        A GRU with `reset_after` belongs to `linear_before_reset=1`. Raises ValueError for a projected LSTM.
        """
        self._must_be_plain("ONNX", stacked=True)
        return [
            foreign.onnx_of_params(self.params, type(self).__name__, layer, len(self._directions), self.bias)
            for layer in range(self.num_layers)
        ]

    def _must_be_plain(self, library: str, stacked: bool) -> None:
        if self.num_layers > 1 and not stacked:
            raise ValueError(f"num_layers: {self.num_layers}; a {library} layer is one level, expected 1")
        if getattr(self, "proj_size", 0):
            raise ValueError(f"proj_size: {self._output_size}; {library} has no projection, expected 0")

    # ------------------------------------------------------------ forward

    def __call__(self, x: Array, state: State = None, lengths: IntArray | None = None) -> tuple[Array, State]:
        """Run the layers over x (T, N, D), or (N, T, D) with `batch_first`.

        Parameters
        ----------
        x : array of real numbers
        state : h, or (h, c) for the LSTM, each (num_layers * directions, N, ·); None: zeros
        lengths : int array (N,), each 0 .. T, or None: all T
            As in PyTorch's packed sequences: past a sequence's end y is 0 and x is not read; the states are those at
            its end.

        Returns
        -------
        y (T, N, directions * H), or (N, T, directions * H) with `batch_first`, and the last states, like `state`.

        Raises
        ------
        TypeError, ValueError
            An argument has another dtype or shape, or a length is out of range.
        """
        expected = ("N", "T", self.input_size) if self.batch_first else ("T", "N", self.input_size)
        x = checks.array_of("x", x, expected, self.dtype)
        x = x.swapaxes(0, 1) if self.batch_first else x
        T, N, _ = x.shape
        counts = None if lengths is None else checks.lengths_of(lengths, T, N)
        starts = self._initial("state", state, N)
        ends = [np.empty(s.shape, self.dtype) for s in starts]
        call = self._like_the_last(T, N, counts)
        call.masks.clear()
        width = self._output_size
        for layer, passes in enumerate(call.layers):
            weights = [self._weights(layer, one.suffix) for one in passes]
            if layer == 0 and call.needs_x:
                x = call.copy_of(x)  # so that a backward pass is that of the call, whatever becomes of x
            mask = self._mask(x.shape) if layer else None
            call.masks.append(mask)
            if mask is not None:
                with np.errstate(all="ignore"):
                    x = x * mask
            y = self._outputs(T, N, last=layer == self.num_layers - 1)
            for k, one in enumerate(passes):
                index, batch = layer * len(passes) + k, one.walk.batch
                self._load(one.walk.sweep, *weights[k])
                one.x = batch.gather(x)
                last = one.walk.forward(
                    one.x, [batch.ordered(s[index]) for s in starts], y[:, :, k * width : (k + 1) * width]
                )
                for end, value in zip(ends, last, strict=True):
                    batch.restore(value, end[index])
            x = y
        self._calls[:] = [call]
        return x.swapaxes(0, 1) if self.batch_first else x, ends[0] if len(ends) == 1 else tuple(ends)

    def _like_the_last(self, T: int, N: int, lengths: IntArray | None) -> _Call:
        """The last call, to be made anew, where it was of these sizes; else one that takes over its memory where that fits.

        There is no way back through the last call then.
        """
        sizes = T, N, lengths is not None, self.checkpoint  # with lengths no two are taken for the same
        try:
            call = self._calls.pop()  # one thread gets it
        except IndexError:
            call = _Call((0, 0, True, False), [], None)
        if lengths is None and sizes == call.sizes:
            return call
        known = {one.suffix: one.walk for passes in call.layers for one in passes}
        batches = [Batch(T, N, lengths, bool(direction)) for direction in self._directions]
        layers = []
        for layer in range(self.num_layers):
            passes = []
            for direction, batch in zip(self._directions, batches, strict=True):
                suffix = f"_l{layer}{direction}"
                before = known.get(suffix)
                if before is None or not before.sweep.fits(N):
                    walk = Walk(self._sweep(layer, N), batch, self.checkpoint)
                else:
                    walk = Walk(before.sweep, batch, self.checkpoint, before.memory)
                passes.append(_Pass(suffix, [name + suffix for name in self._shapes_of[layer]], walk))
            layers.append(passes)
        return _Call(sizes, layers, call.x)

    def _outputs(self, T: int, N: int, last: bool) -> Array:
        """An empty (T, N, directions * H), which for the caller's `batch_first` lies in memory as (N, T, ·)."""
        width = len(self._directions) * self._output_size
        if last and self.batch_first:
            return np.empty((N, T, width), self.dtype).swapaxes(0, 1)
        return np.empty((T, N, width), self.dtype)

    def _mask(self, shape: tuple[int, ...]) -> Array | None:
        """What dropout multiplies by: 0, or 1 / (1 - dropout) so that the mean stays."""
        if not self.training or self.dropout == 0:
            return None
        keep = 1 - self.dropout
        mask: Array = (self._rng.random(shape) < keep).astype(self.dtype)
        mask *= self.dtype.type(1 / keep if keep else 0)
        return mask

    def _initial(self, name: str, state: State, N: int) -> list[Array]:
        """The states to start from, each (num_layers * directions, N, ·), zeros where None is given."""
        count = self.num_layers * len(self._directions)
        shapes = [(count, N, width) for width in (self._output_size, self.hidden_size)[: self._states]]
        if state is None:
            return [np.zeros(shape, self.dtype) for shape in shapes]
        parts = [state] if self._states == 1 else state
        if not isinstance(parts, tuple | list) or len(parts) != self._states:
            raise TypeError(f"{name}: got {type(state).__name__}, expected a pair (h, c)")
        states = []
        for k, (part, shape) in enumerate(zip(parts, shapes, strict=True)):
            if part is None:
                part = np.zeros(shape, self.dtype)
            elif type(part) is not np.ndarray or part.shape != shape or part.dtype != self.dtype:
                label = name if self._states == 1 else f"{name}[{k}]"
                part = checks.array_of(label, part, shape, self.dtype)
            states.append(part)
        return states

    @abstractmethod
    def _sweep(self, layer: int, N: int) -> Sweep:
        """The cell of a layer for N sequences, with memory for a copy of the weights."""

    def _load(self, sweep: Any, *weights: Array) -> None:
        """Copy weights, so that a backward pass is that of the call."""
        sweep.load(*weights)

    def _width(self, layer: int) -> int:
        """The size of what a layer takes."""
        return self._shapes_of[layer]["weight_ih"][1]

    # ------------------------------------------------------------ backward

    def backward(self, dy: Array, dstate: State = None) -> tuple[Array, State]:
        """Back-propagate through the last call, as often as wanted.

        Parameters
        ----------
        dy : array, the shape of y
            The loss gradient at y; past a sequence's end it is not read.
        dstate : like the layer's state, or None: zeros
            The loss gradient at the last states.

        Returns
        -------
        dx, the shape of x, 0 past a sequence's end, and the gradient at the initial states. Overwrites `grads`.

        Raises
        ------
        RuntimeError
            The layer has not been called.
        TypeError, ValueError
            An argument has another dtype or shape.
        """
        if not self._calls:
            raise RuntimeError(
                f"{type(self).__name__}.backward: call the layer first; this goes back through that call"
            )
        call = self._calls[0]
        width = self._output_size
        T, N, *_ = call.sizes
        sizes = (N, T) if self.batch_first else (T, N)
        d = checks.array_of("dy", dy, (*sizes, len(self._directions) * width), self.dtype)
        d = d.swapaxes(0, 1) if self.batch_first else d
        dlast = self._initial("dstate", dstate, N)
        dfirst = [np.empty(s.shape, self.dtype) for s in dlast]
        grads: list[dict[str, Array]] = []
        for layer, passes in reversed(list(enumerate(call.layers))):
            parts = []
            grads.append({})
            for k, one in enumerate(passes):
                index = layer * len(passes) + k
                batch = one.walk.batch
                own = batch.gather(d[:, :, k * width : (k + 1) * width])
                assert one.x is not None
                back = one.walk.backward(own, [batch.ordered(s[index]) for s in dlast], one.x)
                for target, first in zip(dfirst, back.states, strict=True):
                    batch.restore(first, target[index])
                grads[-1].update(zip(one.names, self._gradients(layer, back.weights), strict=True))
                parts.append(batch.scatter(back.x))
            d, mask = parts[0], call.masks[layer]
            if len(parts) > 1 or mask is not None:
                with np.errstate(all="ignore"):
                    d = d if len(parts) == 1 else d + parts[1]
                    d = d if mask is None else np.multiply(d, mask, out=d)
        self.grads.clear()
        for of_layer in reversed(grads):
            self.grads.update(of_layer)
        return (d.swapaxes(0, 1) if self.batch_first else d), dfirst[0] if len(dfirst) == 1 else tuple(dfirst)

    def _gradients(self, layer: int, weights: list[Array]) -> list[Array]:
        """One direction's gradients in the order of its parameters, from those of the sweep; zeros where it took no step."""
        if not weights:
            return [np.zeros(shape, self.dtype) for shape in self._shapes_of[layer].values()]
        return weights if self.bias else weights[:2] + weights[4:]


class RNN(Layer):
    """The plain recurrent network (Elman 1990): h_new = tanh(x W + h U + b), or relu with `nonlinearity="relu"`.

    Options as in `Layer`. Raises ValueError for an unknown nonlinearity.

    >>> y, h = RNN(3, 4, nonlinearity="relu", rng=0)(np.ones((2, 1, 3)))
    >>> y.shape, bool((y[-1] == h[0]).all())
    ((2, 1, 4), True)
    """

    _gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        dropout: float = 0.0,
        checkpoint: bool = False,
        dtype: Any = np.float64,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.nonlinearity: str = checks.one_of("nonlinearity", nonlinearity, ("tanh", "relu"))
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias=bias,
            batch_first=batch_first,
            bidirectional=bidirectional,
            dropout=dropout,
            checkpoint=checkpoint,
            dtype=dtype,
            rng=rng,
        )

    def _options(self) -> dict[str, Any]:
        return ({"nonlinearity": "relu"} if self.nonlinearity == "relu" else {}) | super()._options()

    @classmethod
    def from_torch(
        cls, state_dict: Mapping[str, Any], *, batch_first: bool = False, nonlinearity: str = "tanh"
    ) -> Self:
        """A layer from a PyTorch state_dict (a mapping of name to array; PyTorch is not needed).

        Sizes, levels, biases and directions are inferred. Raises ValueError for a missing, foreign or misshapen
        key, TypeError for other dtypes than float64 or float32.
        """
        return cls._from_torch(state_dict, batch_first, nonlinearity=nonlinearity)

    @classmethod
    def from_keras(cls, weights: Sequence[Any], *, batch_first: bool = False, nonlinearity: str = "tanh") -> Self:
        """A layer from the list that Keras' `layer.get_weights()` gives; `Bidirectional`'s too.

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for
        dtypes.
        """
        sizes, params, _ = foreign.params_of_keras(weights, cls.__name__, cls._gates, False)
        return cls._built(sizes, params, batch_first=batch_first, nonlinearity=nonlinearity)

    @classmethod
    def from_onnx(cls, W: Any, R: Any, B: Any = None, *, batch_first: bool = False, nonlinearity: str = "tanh") -> Self:
        """A layer from an ONNX node's inputs W, R and B, in float64 or float32; one level, one or two directions.

        Raises ValueError for a shape that does not fit, TypeError for dtypes.
        """
        sizes, params = foreign.params_of_onnx(W, R, B, cls.__name__, cls._gates)
        return cls._built(sizes, params, batch_first=batch_first, nonlinearity=nonlinearity)

    def _sweep(self, layer: int, N: int) -> Sweep:
        return RNNSweep(self._width(layer), self.hidden_size, self.dtype, N)

    def _load(self, sweep: Any, *weights: Array) -> None:
        sweep.relu = self.nonlinearity == "relu"
        sweep.load(*weights)


class LSTM(Layer):
    """Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000), c_new = f * c + i * g, h_new = o * tanh(c_new).

    With `proj_size` R > 0 h is projected to R (Sak et al. 2014), `weight_hr_lk` (R, H) is a parameter too, and h and
    y have R where they had H. Options as in `Layer`. Raises ValueError where R is not below H.

    >>> y, (h, c) = LSTM(3, 4, proj_size=2, rng=0)(np.ones((5, 1, 3)))
    >>> y.shape, h.shape, c.shape
    ((5, 1, 2), (1, 1, 2), (1, 1, 4))
    """

    _gates = 4
    _states = 2

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        proj_size: int = 0,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        dropout: float = 0.0,
        checkpoint: bool = False,
        dtype: Any = np.float64,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.proj_size = checks.size("proj_size", proj_size, low=0)
        if self.proj_size >= checks.size("hidden_size", hidden_size):
            raise ValueError(f"proj_size: got {proj_size}, expected less than hidden_size = {hidden_size}")
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias=bias,
            batch_first=batch_first,
            bidirectional=bidirectional,
            dropout=dropout,
            checkpoint=checkpoint,
            dtype=dtype,
            rng=rng,
        )

    def _options(self) -> dict[str, Any]:
        return ({"proj_size": self.proj_size} if self.proj_size else {}) | super()._options()

    @property
    def _output_size(self) -> int:
        return self.proj_size or self.hidden_size

    def _shapes_in(self, layer: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield from super()._shapes_in(layer)
        if self.proj_size:
            yield "weight_hr", (self.proj_size, self.hidden_size)

    @classmethod
    def from_torch(
        cls, state_dict: Mapping[str, Any], *, batch_first: bool = False, nonlinearity: str = "tanh"
    ) -> Self:
        """A layer from a PyTorch state_dict (a mapping of name to array; PyTorch is not needed).

        Sizes, levels, biases and directions are inferred. Raises ValueError for a missing, foreign or misshapen
        key, TypeError for other dtypes than float64 or float32.
        """
        checks.one_of("nonlinearity", nonlinearity, ("tanh",))
        return cls._from_torch(state_dict, batch_first)

    @classmethod
    def from_keras(cls, weights: Sequence[Any], *, batch_first: bool = False) -> Self:
        """A layer from the list that Keras' `layer.get_weights()` gives; `Bidirectional`'s too.

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for
        dtypes.
        """
        sizes, params, _ = foreign.params_of_keras(weights, cls.__name__, cls._gates, False)
        return cls._built(sizes, params, batch_first=batch_first)

    @classmethod
    def from_onnx(cls, W: Any, R: Any, B: Any = None, *, batch_first: bool = False) -> Self:
        """A layer from an ONNX node's inputs W, R and B, in float64 or float32; one level, one or two directions.

        Raises ValueError for a shape that does not fit, TypeError for dtypes.
        """
        sizes, params = foreign.params_of_onnx(W, R, B, cls.__name__, cls._gates)
        return cls._built(sizes, params, batch_first=batch_first)

    def _sweep(self, layer: int, N: int) -> Sweep:
        return LSTMSweep(self._width(layer), self.hidden_size, self.dtype, N, self.proj_size or None)


class GRU(Layer):
    """Gated recurrent unit (Cho et al. 2014): h_new = (1 - z) * n + z * h.

    With `reset_after` n = tanh(x W_n + b_in + r * (h U_n + b_hn)), as in PyTorch and Keras; without,
    n = tanh(x W_n + b_in + (r * h) U_n + b_hn), as in the paper. Options as in `Layer`. Raises TypeError, ValueError for
    an option out of range.

    >>> y, h = GRU(3, 4, bidirectional=True, rng=0)(np.ones((5, 2, 3)), lengths=np.array([5, 3]))
    >>> y.shape, h.shape, bool(y[3:, 1].any())
    ((5, 2, 8), (2, 2, 4), False)
    """

    _gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        reset_after: bool = True,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        dropout: float = 0.0,
        checkpoint: bool = False,
        dtype: Any = np.float64,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.reset_after = bool(reset_after)
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias=bias,
            batch_first=batch_first,
            bidirectional=bidirectional,
            dropout=dropout,
            checkpoint=checkpoint,
            dtype=dtype,
            rng=rng,
        )

    def _options(self) -> dict[str, Any]:
        return ({} if self.reset_after else {"reset_after": False}) | super()._options()

    @classmethod
    def from_torch(
        cls,
        state_dict: Mapping[str, Any],
        *,
        batch_first: bool = False,
        nonlinearity: str = "tanh",
        reset_after: bool = True,
    ) -> Self:
        """A layer from a PyTorch state_dict (a mapping of name to array; PyTorch is not needed).

        Sizes, levels, biases and directions are inferred. Raises ValueError for a missing, foreign or misshapen
        key, TypeError for other dtypes than float64 or float32.
        """
        checks.one_of("nonlinearity", nonlinearity, ("tanh",))
        return cls._from_torch(state_dict, batch_first, reset_after=reset_after)

    @classmethod
    def from_keras(cls, weights: Sequence[Any], *, batch_first: bool = False, reset_after: bool = True) -> Self:
        """A layer from the list that Keras' `layer.get_weights()` gives; `Bidirectional`'s too.

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for
        dtypes.
        """
        sizes, params, after = foreign.params_of_keras(weights, cls.__name__, cls._gates, reset_after)
        return cls._built(sizes, params, batch_first=batch_first, reset_after=after)

    @classmethod
    def from_onnx(cls, W: Any, R: Any, B: Any = None, *, batch_first: bool = False, reset_after: bool = True) -> Self:
        """A layer from an ONNX node's inputs W, R and B, in float64 or float32; one level, one or two directions.

        Raises ValueError for a shape that does not fit, TypeError for dtypes.
        """
        sizes, params = foreign.params_of_onnx(W, R, B, cls.__name__, cls._gates)
        return cls._built(sizes, params, batch_first=batch_first, reset_after=reset_after)

    def _sweep(self, layer: int, N: int) -> Sweep:
        return GRUSweep(self._width(layer), self.hidden_size, self.dtype, N, self.reset_after)
