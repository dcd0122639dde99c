"""A cell's weights as the fast passes read them: copies, so that a way back is that of its call.

`Weights` has them in the order in which gates are computed, `Copies` what a product reads otherwise than they lie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from rnnref.layout import CACHE, REGISTER, empty, filled, runs, write
from rnnref.typing import Array


class Copy:
    """Parts of the weights and where they stand once more: as a product takes them faster, or beside other gates."""

    def __init__(self, copies: Copies, pairs: list[tuple[Array, Array]], array: Array | None = None) -> None:
        self.array, self._copies, self._pairs = array, copies, pairs
        self._loads: int | None = None

    def renew(self) -> None:
        """Copy the weights, unless that was done since they were loaded."""
        if self._loads != self._copies.loads:
            for weights, out in self._pairs:
                write(weights, out)
            self._loads = self._copies.loads


class Copies:
    """All copies of a cell's weights: one for all the products that read the same ones so."""

    def __init__(self) -> None:
        self.loads = 0
        # Each as long as a product reads it.
        self._known: WeakValueDictionary[tuple[Any, ...], Copy] = WeakValueDictionary()

    def loaded(self) -> None:
        """Other weights were loaded."""
        self.loads += 1

    def __reduce__(self) -> tuple[Any, ...]:
        return Copies, ()  # a copied cell's products make their own

    def columns_together(self, weights: Array) -> tuple[Array, Copy]:
        """Weights (..., R, K) of which each column is in one piece."""
        *before, R, K = weights.shape
        return self._made("columns", weights, (*before, K, R), lambda copy: copy.swapaxes(-2, -1))

    def rows_together(self, weights: Array) -> tuple[Array, Copy]:
        """Weights (..., R, K) of which each row is in one piece."""
        return self._made("rows", weights, weights.shape, lambda copy: copy)

    def _made(
        self, name: str, weights: Array, shape: tuple[int, ...], seen: Callable[[Array], Array]
    ) -> tuple[Array, Copy]:
        # By address: the same view is another object each time.
        key = name, weights.__array_interface__["data"][0], weights.shape, weights.strides
        copy = self._known.get(key)
        if copy is None:
            array = seen(empty(shape, weights.dtype))
            pairs = [(weights[matrix], array[matrix]) for matrix in np.ndindex(weights.shape[:-2])]
            copy = self._known[key] = Copy(self, pairs, array)
        assert copy.array is not None
        return copy.array, copy


def multiplied_together(rows: int, D: int, R: int, N: int, dtype: np.dtype[Any]) -> bool:
    """Whether weights (rows, D) and (rows, R) are one array for N sequences, as is fastest.

    One product with [x; 1; 1; h] a step beats one for all steps of x and one a step with h where the weights are small or
    x is narrow; how small was measured.
    """
    of_both = rows * (D + R) * dtype.itemsize
    small = 4 * of_both <= CACHE if N > 1 else 5 * of_both <= CACHE
    narrow = N >= 16 and 2 * D <= R and of_both <= 4 * CACHE and N * dtype.itemsize % REGISTER == 0
    return narrow or (small and D <= 4 * R)


class Weights:
    """W, U, b_ih and b_hh, gates one after the other, a letter for each.

    `x` names the gates of W and b_ih, `h` those of U and b_hh. What goes forward and what goes back each read gates that
    lie together, so the first ones may stand once more at the end; they are copied there by `complete`.

    Where they are `together` all is one array [W b_ih b_hh U]; the first gate of `x` is in the same rows there as it is in
    `h`. Else [W b_ih b_hh] and U are apart, and b_hh of the gates in `inner`, which belongs to U h alone, is `b_inner`.
    """

    def __init__(
        self, x: str, h: str, sizes: tuple[int, int, int], dtype: np.dtype[Any], N: int, inner: str = ""
    ) -> None:
        self.D, self.H, self.R = D, H, R = sizes
        self.gates = len(set(x))
        self.dtype, self.inner, self._N = dtype, inner, N
        self._x, self._h, self.copies = x, h, Copies()
        self.together = together = self._together(N)
        self.b_inner = empty((len(inner) * H,), dtype)
        rows_x, rows_h = len(x) * H, len(h) * H
        if together:
            first = h.index(x[0]) * H
            self._arrays = [empty((max(first + rows_x, rows_h), D + 2 + R), dtype)]
            (both,) = self._arrays
            self._of_x, self._of_h = both[first : first + rows_x, : D + 2], both[:rows_h, D + 1 :]
            b_hh = [(h, self._of_h[:, 0])]
        else:
            self._arrays = [empty((rows_x, D + 2), dtype), empty((rows_h, R), dtype)]
            self._of_x, self._of_h = self._arrays
            self._of_x[:, D + 1] = 0
            outer = "".join(gate for gate in x if gate not in inner)
            b_hh = [(outer, self._rows(self._of_x, x, outer)[:, D + 1]), (inner, self.b_inner)]
        W, U, b_ih = self._of_x[:, :D], self._of_h[:, -R:], self._of_x[:, D]
        # What of W, U, b_ih, b_hh goes where.
        self._places = [(0, x, W), (1, h, U), (2, x, b_ih), *((3, gates, b) for gates, b in b_hh if gates)]
        once = self.gates * H
        again = [(array[: len(array) - once], array[once:]) for array in self._arrays] if once < rows_x else []
        self._again = Copy(self.copies, again)
        self._plans: dict[str, list[tuple[int, slice, Array]]] = {}

    def _together(self, N: int) -> bool:
        return multiplied_together(self.gates * self.H, self.D, self.R, N, self.dtype)

    def fits(self, N: int) -> bool:
        """Whether those for N sequences would lie the same way."""
        return self._together(N) == self.together

    def _rows(self, array: Array, order: str, gates: str) -> Array:
        first = order.index(gates) * self.H
        return array[first : first + len(gates) * self.H]

    def load(self, W: Array, U: Array, b_ih: Array, b_hh: Array, order: str) -> None:
        """Copy weights whose gates lie in this order."""
        if order not in self._plans:
            self._plans[order] = self._plan(order)
        given = W, U, b_ih, b_hh
        for k, rows, out in self._plans[order]:
            out[...] = given[k][rows]
        self.copies.loaded()

    def _plan(self, order: str) -> list[tuple[int, slice, Array]]:
        """Which rows of W, U, b_ih, b_hh go where."""
        H = self.H
        return [
            (k, slice(start * H, (start + count) * H), own[first * H : (first + count) * H])
            for k, gates, own in self._places
            for start, first, count in runs(order, "".join(dict.fromkeys(gates)))
        ]

    def complete(self) -> None:
        """Copy the gates that stand twice."""
        self._again.renew()

    def both(self, gates: str) -> Array:
        """[W b_ih b_hh U] (rows, D + 2 + R), where they are together."""
        return self._rows(self._arrays[0], self._h, gates)

    def of_x(self, gates: str) -> Array:
        """[W b_ih b_hh] (rows, D + 2); [W b_ih] (rows, D + 1) where b_hh is a part of `of_h`."""
        own = self._rows(self._of_x, self._x, gates)
        return own[:, :-1] if self._b_hh_with_U(gates) else own

    def of_h(self, gates: str) -> Array:
        """U (rows, R), or [b_hh U] (rows, 1 + R)."""
        own = self._rows(self._of_h, self._h, gates)
        return own if self._b_hh_with_U(gates) else own[:, -self.R :]

    def _b_hh_with_U(self, gates: str) -> bool:
        return self.together and gates in self.inner

    def W(self, gates: str) -> Array:
        """W (rows, D)."""
        return self._rows(self._of_x, self._x, gates)[:, : self.D]

    def U(self, gates: str) -> Array:
        """U (rows, R)."""
        return self._rows(self._of_h, self._h, gates)[:, -self.R :]

    def __reduce__(self) -> tuple[Any, ...]:
        made_of = self._x, self._h, (self.D, self.H, self.R), self.dtype, self._N, self.inner
        return filled, (Weights, made_of, self.arrays())  # a copy's parts are views into its own arrays

    def arrays(self) -> list[Array]:
        """What the weights are in."""
        return [*self._arrays, self.b_inner]
