"""RNN, LSTM and GRU as layers: named, parameterised and shaped as in `torch.nn`, with the gradients written out.

A layer of index k has `weight_ih_lk` (G*H, ·), `weight_hh_lk` (G*H, ·), `bias_ih_lk`, `bias_hh_lk` (G*H,), and the same once more
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
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from rnnref import checks, kernels
from rnnref import weights as foreign
from rnnref.rows import Rows
from rnnref.typing import Array, IntArray

State = Any
"""h, or (h, c) for the LSTM."""


class _Pass:
    """One direction of one layer in one call: what its backward pass needs."""

    __slots__ = ("rows", "suffix", "tape", "weights", "x")

    def __init__(self, suffix: str, x: Array, weights: dict[str, Array], rows: Rows, tape: Any) -> None:
        self.suffix, self.x, self.weights, self.rows, self.tape = suffix, x, weights, rows, tape


class _Call:
    """One call of a layer stack, as its backward pass needs it."""

    __slots__ = ("masks", "passes", "shape", "y_shape")

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.passes: list[list[_Pass]] = []
        self.masks: list[Array | None] = []
        self.y_shape: tuple[int, ...] = ()


class _Recurrent:
    """Everything that the three have in common: parameters, stacking, directions, lengths, dropout between layers."""

    _gates: ClassVar[int]
    _states: ClassVar[tuple[str, ...]] = ("h",)

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
        dtype: Any = np.float64,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.input_size = checks.size("input_size", input_size)
        self.hidden_size = checks.size("hidden_size", hidden_size)
        self.num_layers = checks.size("num_layers", num_layers)
        self.bias, self.batch_first, self.bidirectional = bool(bias), bool(batch_first), bool(bidirectional)
        if not 0 <= dropout <= 1:
            raise ValueError(f"dropout: got {dropout}, expected a probability in 0 .. 1")
        self.dropout = float(dropout)
        self.dtype = checks.float_dtype(dtype)
        self.training = True
        self._rng = np.random.default_rng(rng)
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        self._call: _Call | None = None
        bound = 1 / math.sqrt(self.hidden_size)
        for name, shape in self._shapes():
            self.params[name] = self._rng.uniform(-bound, bound, shape).astype(self.dtype)

    def __repr__(self) -> str:
        options = [f"{self.input_size}, {self.hidden_size}"]
        options += [f"num_layers={self.num_layers}"] if self.num_layers > 1 else []
        options += ["bias=False"] if not self.bias else []
        options += [f"{name}=True" for name in ("batch_first", "bidirectional") if getattr(self, name)]
        return f"{type(self).__name__}({', '.join(options + self._options())})"

    def _options(self) -> list[str]:
        return []

    # ------------------------------------------------------------ parameters

    @property
    def _directions(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    @property
    def _output_size(self) -> int:
        return self.hidden_size

    def _suffixes(self) -> Iterator[tuple[int, str]]:
        """Layer and suffix of each direction, in the order of the states: _l0, _l0_reverse, _l1, ..."""
        for layer in range(self.num_layers):
            for direction in self._directions:
                yield layer, f"_l{layer}{direction}"

    def _shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Every parameter's name and shape, in PyTorch's order."""
        rows = self._gates * self.hidden_size
        for layer, suffix in self._suffixes():
            width = self.input_size if layer == 0 else len(self._directions) * self._output_size
            yield f"weight_ih{suffix}", (rows, width)
            yield f"weight_hh{suffix}", (rows, self._output_size)
            if self.bias:
                yield f"bias_ih{suffix}", (rows,)
                yield f"bias_hh{suffix}", (rows,)
            yield from self._more_shapes(suffix)

    def _more_shapes(self, suffix: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield from ()

    def _weights(self, suffix: str) -> dict[str, Array]:
        """This direction's parameters by PyTorch's name without suffix, checked; no bias counts as zeros."""
        rows = self._gates * self.hidden_size
        weights: dict[str, Array] = {}
        for name, shape in self._shapes():
            if name.endswith(suffix):
                if name not in self.params:
                    raise ValueError(f"params: {name} is missing, expected an array of shape {shape}")
                value = checks.array_of(f"params[{name!r}]", self.params[name], shape, self.dtype)
                weights[name.removesuffix(suffix)] = value
        if not self.bias:
            weights["bias_ih"] = weights["bias_hh"] = np.zeros(rows, self.dtype)
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
        expected = dict(layer._shapes())
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
        return {name: self.params[name].copy() for name, _ in self._shapes()}

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

        Returns `y` (T, N, directions * H) and the last states, each (num_layers * directions, N, H). `lengths` (N,) as in PyTorch's
        packed sequences: past a sequence's end y is 0 and x is not read.
        """
        x = np.asarray(x)
        x = checks.array_of(
            "x", x, ("N", "T", self.input_size) if self.batch_first else ("T", "N", self.input_size), self.dtype
        )
        if self.batch_first:
            x = x.swapaxes(0, 1)
        T, N, _ = x.shape
        states = self._initial("state", state, N)
        counts = None if lengths is None else checks.lengths_of(lengths, T, N)
        walks = [Rows(T, N, counts, reverse=bool(direction)) for direction in self._directions]
        call = _Call((T, N))
        lasts: list[list[Array]] = []
        for layer in range(self.num_layers):
            x = self._drop(x, call, first=layer == 0)
            passes, outputs = [], []
            for rows, direction in zip(walks, self._directions, strict=True):
                suffix = f"_l{layer}{direction}"
                starts = [rows.ordered(s[len(lasts)]) for s in states]
                one = self._run(suffix, rows.gather(x), starts, rows)
                passes.append(one)
                outputs.append(rows.scatter(one.tape.states[rows.body]))
                lasts.append([rows.restored(s) for s in self._last(one)])
            call.passes.append(passes)
            x = outputs[0] if len(outputs) == 1 else np.concatenate(outputs, axis=2)
        call.y_shape = (N, T, x.shape[2]) if self.batch_first else x.shape
        self._call = call
        ends = tuple(np.stack(s) for s in zip(*lasts, strict=True))
        return (x.swapaxes(0, 1) if self.batch_first else x), ends if len(ends) > 1 else ends[0]

    def _drop(self, x: Array, call: _Call, first: bool) -> Array:
        """Dropout on what one layer hands to the next (Zaremba et al. 2014)."""
        if first or not self.training or self.dropout == 0:
            call.masks.append(None)
            return x
        keep = 1 - self.dropout
        mask = (self._rng.random(x.shape) < keep).astype(self.dtype)
        mask *= self.dtype.type(1 / keep if keep else 0)
        call.masks.append(mask)
        return x * mask

    def _initial(self, name: str, state: State, N: int) -> list[Array]:
        """The states to start from, each (num_layers * directions, N, ·), zeros where None is given."""
        count = self.num_layers * len(self._directions)
        parts = (None,) * len(self._states) if state is None else (state,) if len(self._states) == 1 else state
        if not isinstance(parts, tuple | list) or len(parts) != len(self._states):
            raise TypeError(f"{name}: got {type(state).__name__}, expected a pair (h, c)")
        sizes = (self._output_size, self.hidden_size)
        return [
            np.zeros((count, N, width), self.dtype)
            if part is None
            else checks.array_of(name if len(parts) == 1 else f"{name}[{k}]", part, (count, N, width), self.dtype)
            for k, (part, width) in enumerate(zip(parts, sizes, strict=False))
        ]

    def _run(self, suffix: str, x: Array, starts: list[Array], rows: Rows) -> _Pass:
        raise TypeError(f"{type(self).__name__} is no layer by itself; use RNN, LSTM or GRU")

    def _last(self, one: _Pass) -> list[Array]:
        return [one.rows.last(one.tape.states)]

    # ------------------------------------------------------------ backward

    def backward(self, dy: Array, dstate: State = None) -> tuple[Array, State]:
        """Back-propagate through the last call: the loss gradients at y and at the last states -> (dx, dstate0).

        Overwrites `grads`, which has the keys and shapes of `params`. `dstate` None counts as zeros; `dy` past a sequence's end is not
        read, and `dx` is 0 there. Raises RuntimeError before any call.
        """
        call = self._call
        if call is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward: call the layer first, its backward pass goes through that call"
            )
        d = checks.array_of("dy", dy, call.y_shape, self.dtype)
        if self.batch_first:
            d = d.swapaxes(0, 1)
        dlast = self._initial("dstate", dstate, call.shape[1])
        dfirst = [np.empty_like(s) for s in dlast]
        for layer in reversed(range(self.num_layers)):
            passes = call.passes[layer]
            width = self._output_size
            dx: Array | None = None
            for k, one in enumerate(passes):
                index = layer * len(passes) + k
                d_rows = one.rows.gather(d[:, :, k * width : (k + 1) * width])
                da, starts = self._run_back(one, d_rows, [one.rows.ordered(s[index]) for s in dlast])
                for target, start in zip(dfirst, starts, strict=True):
                    target[index] = one.rows.restored(start)
                self.grads[f"weight_ih{one.suffix}"] = da.T @ one.x
                part = one.rows.scatter(da @ one.weights["weight_ih"])
                dx = part if dx is None else dx + part
            assert dx is not None
            mask = call.masks[layer]
            d = dx if mask is None else dx * mask
        if self.batch_first:
            d = d.swapaxes(0, 1)
        self.grads = {name: self.grads[name] for name, _ in self._shapes()}
        return d, tuple(dfirst) if len(dfirst) > 1 else dfirst[0]

    def _run_back(self, one: _Pass, dy: Array, dlast: list[Array]) -> tuple[Array, list[Array]]:
        """Gradients at the gates' pre-activations from x (S, G*H) and at the initial states; fills `grads` but for weight_ih."""
        raise TypeError(f"{type(self).__name__} is no layer by itself; use RNN, LSTM or GRU")

    def _keep_bias_grads(self, suffix: str, from_x: Array, from_h: Array) -> None:
        if self.bias:
            self.grads[f"bias_ih{suffix}"] = from_x
            self.grads[f"bias_hh{suffix}"] = from_h


class RNN(_Recurrent):
    """h_new = tanh(x W + h U + b), or relu instead of tanh (Elman 1990)."""

    _gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, *, nonlinearity: str = "tanh", **options: Any
    ) -> None:
        self.nonlinearity: str = checks.one_of("nonlinearity", nonlinearity, ("tanh", "relu"))
        super().__init__(input_size, hidden_size, num_layers, **options)

    def _options(self) -> list[str]:
        return ["nonlinearity='relu'"] if self.nonlinearity == "relu" else []

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

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for dtypes.
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

    def _run(self, suffix: str, x: Array, starts: list[Array], rows: Rows) -> _Pass:
        w = self._weights(suffix)
        a = x @ w["weight_ih"].T + (w["bias_ih"] + w["bias_hh"])
        tape = kernels.rnn_sweep(a, *starts, w["weight_hh"].T, rows, self.nonlinearity == "relu")
        return _Pass(suffix, x, w, rows, tape)

    def _run_back(self, one: _Pass, dy: Array, dlast: list[Array]) -> tuple[Array, list[Array]]:
        U = one.weights["weight_hh"].T
        da, dh0, dU = kernels.rnn_sweep_back(dy, *dlast, one.tape, U, one.rows, self.nonlinearity == "relu")
        self.grads[f"weight_hh{one.suffix}"] = np.ascontiguousarray(dU.T)
        db = da.sum(axis=0)
        self._keep_bias_grads(one.suffix, db, db.copy())
        return da, [dh0]


class LSTM(_Recurrent):
    """Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000); with `proj_size` > 0 projected (Sak et al. 2014).

    With a projection h is (·, N, proj_size) and `weight_hr_lk` (proj_size, H) is a parameter too.
    """

    _gates = 4
    _states = ("h", "c")

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, *, proj_size: int = 0, **options: Any
    ) -> None:
        self.proj_size = checks.size("proj_size", proj_size, low=0)
        if self.proj_size >= checks.size("hidden_size", hidden_size):
            raise ValueError(f"proj_size: got {proj_size}, expected less than hidden_size = {hidden_size}")
        super().__init__(input_size, hidden_size, num_layers, **options)

    def _options(self) -> list[str]:
        return [f"proj_size={self.proj_size}"] if self.proj_size else []

    @property
    def _output_size(self) -> int:
        return self.proj_size or self.hidden_size

    def _more_shapes(self, suffix: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        if self.proj_size:
            yield f"weight_hr{suffix}", (self.proj_size, self.hidden_size)

    def _projection(self, weights: dict[str, Array]) -> Array | None:
        return weights["weight_hr"].T if self.proj_size else None

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

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for dtypes.
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

    def _run(self, suffix: str, x: Array, starts: list[Array], rows: Rows) -> _Pass:
        w = self._weights(suffix)
        a = x @ w["weight_ih"].T + (w["bias_ih"] + w["bias_hh"])
        tape = kernels.lstm_sweep(a, *starts, w["weight_hh"].T, self._projection(w), rows)
        return _Pass(suffix, x, w, rows, tape)

    def _last(self, one: _Pass) -> list[Array]:
        return [one.rows.last(one.tape.states), one.rows.last(one.tape.cells)]

    def _run_back(self, one: _Pass, dy: Array, dlast: list[Array]) -> tuple[Array, list[Array]]:
        U, P = one.weights["weight_hh"].T, self._projection(one.weights)
        da, dh0, dc0, dU, dP = kernels.lstm_sweep_back(dy, *dlast, one.tape, U, P, one.rows)
        self.grads[f"weight_hh{one.suffix}"] = np.ascontiguousarray(dU.T)
        if dP is not None:
            self.grads[f"weight_hr{one.suffix}"] = np.ascontiguousarray(dP.T)
        db = da.sum(axis=0)
        self._keep_bias_grads(one.suffix, db, db.copy())
        return da, [dh0, dc0]


class GRU(_Recurrent):
    """Gated recurrent unit (Cho et al. 2014). `reset_after`: the reset gate acts after the product, as in PyTorch and Keras."""

    _gates = 3

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, *, reset_after: bool = True, **options: Any
    ) -> None:
        self.reset_after = bool(reset_after)
        super().__init__(input_size, hidden_size, num_layers, **options)

    def _options(self) -> list[str]:
        return [] if self.reset_after else ["reset_after=False"]

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

        Keras' one bias becomes `bias_ih`. Raises ValueError for another number or shape of arrays, TypeError for dtypes.
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

    def _run(self, suffix: str, x: Array, starts: list[Array], rows: Rows) -> _Pass:
        w = self._weights(suffix)
        H = self.hidden_size
        b, b_n = w["bias_ih"] + w["bias_hh"], None
        if self.reset_after:
            b[2 * H :] = w["bias_ih"][2 * H :]
            b_n = w["bias_hh"][2 * H :]
        tape = kernels.gru_sweep(x @ w["weight_ih"].T + b, *starts, w["weight_hh"].T, b_n, rows)
        return _Pass(suffix, x, w, rows, tape)

    def _run_back(self, one: _Pass, dy: Array, dlast: list[Array]) -> tuple[Array, list[Array]]:
        U = one.weights["weight_hh"].T
        da, dh0, dU, db_n = kernels.gru_sweep_back(dy, *dlast, one.tape, U, one.rows, self.reset_after)
        self.grads[f"weight_hh{one.suffix}"] = np.ascontiguousarray(dU.T)
        db = da.sum(axis=0)
        from_h = db.copy()
        if db_n is not None:
            from_h[2 * self.hidden_size :] = db_n
        self._keep_bias_grads(one.suffix, db, from_h)
        return da, [dh0]
