"""Random numbers without `numpy.random`, whose import alone takes a tenth of the time that a verdict may take.

SplitMix64 (Steele, Lea & Flood 2014) over a counter, vectorised, and Box-Muller for normals. It speaks the part of
`numpy.random.Generator` that drawing cases needs; anything else comes from a real generator, made when it is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
    (np.uint64(31), np.uint64(1)),
)
_POOL = 4096
Size = int | tuple[int, ...] | None


class LightGenerator:
    """A seeded source of numbers with the methods of `numpy.random.Generator` that cases are drawn with."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = np.uint64((seed * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D) & (2**64 - 1))
        self._counter = 0
        self._uniforms = np.empty(0)
        self._normals = np.empty(0)
        self._singles: list[float] = []
        self._pools: dict[str, _Pool] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        full = np.random.default_rng(self.seed)
        self.__dict__["_full"] = full
        return getattr(full, name)

    def random(self, size: Size = None) -> Any:
        """Uniform in [0, 1)."""
        if size is None:
            return self._one()
        return self._take_uniforms(_count(size)).reshape(size)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Size = None) -> Any:
        """Uniform in [low, high)."""
        return low + (high - low) * self.random(size)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Size = None) -> Any:
        """Normal with mean `loc` and deviation `scale`."""
        return loc + scale * self.standard_normal(size)

    def standard_normal(self, size: Size = None) -> Any:
        """Normal with mean 0 and deviation 1."""
        if size is None:
            return float(self._take_normals(1)[0])
        return self._take_normals(_count(size)).reshape(size)

    def integers(self, low: int, high: int | None = None, size: Size = None, endpoint: bool = False) -> Any:
        """Integers from `low` to below `high` (0 to below `low` where `high` is left out)."""
        first, end = (0, low) if high is None else (low, high)
        width = end - first + bool(endpoint)
        if size is None:
            return first + int(self._one() * width)
        return first + (self.random(size) * width).astype(np.int64)

    def choice(self, options: Any, size: Size = None) -> Any:
        """One of the options (or of `range(options)`), or an array of them drawn with replacement."""
        if isinstance(options, int):
            return self.integers(options, size=size)
        if size is None:
            return options[self.integers(len(options))]
        return np.asarray(options)[self.integers(len(options), size=size)]

    def permutation(self, x: int | Sequence[Any]) -> Any:
        """The indexes below `x`, or the elements of `x`, in random order."""
        items = np.arange(x) if isinstance(x, int) else np.asarray(x)
        return items[np.argsort(self.random(len(items)))]

    def view(self, kind: str, shape: tuple[int, ...]) -> Any:
        """Numbers of a kind in `KINDS`, as a view of a pool: not to be written to, and ten times cheaper than a fresh array."""
        pool = self._pools.get(kind)
        n = 1
        for length in shape:
            n *= length
        if pool is None or n > pool.length:
            pool = self._pools[kind] = _Pool(KINDS[kind](self, max(n, _POOL)))
        start, end = pool.start, pool.start + n
        if end > pool.length:
            start = self.integers(
                pool.length - n + 1
            )  # drawn numbers in another order are as good as new ones, and free
            end = start + n
        pool.start = end
        return pool.numbers[start:end].reshape(shape)

    def _one(self) -> float:
        if not self._singles:
            self._singles = self._fresh(512).tolist()
        return self._singles.pop()

    def _take_uniforms(self, n: int) -> Any:
        if len(self._uniforms) < n:
            self._uniforms = self._fresh(max(n, _POOL))
        taken, self._uniforms = self._uniforms[:n], self._uniforms[n:]
        return taken.copy()

    def _take_normals(self, n: int) -> Any:
        if len(self._normals) < n:
            radius = np.sqrt(-2 * np.log1p(-self._fresh(max(n, _POOL) // 2 + 1)))
            angle = 2 * math.pi * self._fresh(len(radius))
            self._normals = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
        taken, self._normals = self._normals[:n], self._normals[n:]
        return taken.copy()

    def _fresh(self, n: int) -> Any:
        """The next `n` uniforms of the stream. In place, as memory that nobody has touched yet is dear."""
        z = np.arange(self._counter + 1, self._counter + n + 1, dtype=np.uint64)
        self._counter += n
        z *= _GAMMA
        z += self._key
        shifted = np.empty_like(z)
        for bits, factor in _ROUNDS:
            z ^= np.right_shift(z, bits, out=shifted)
            z *= factor
        z >>= np.uint64(11)
        uniforms: Any = z.view(np.float64)
        return np.multiply(z, 2.0**-53, out=uniforms)


class _Pool:
    """Numbers of one kind, and where the next are taken."""

    __slots__ = ("length", "numbers", "start")

    def __init__(self, numbers: Any) -> None:
        self.numbers, self.length, self.start = numbers, len(numbers), 0


KINDS: dict[str, Callable[[LightGenerator, int], Any]] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "small": lambda rng, n: np.floor(rng.random(n) * 5) - 2,
    "unit": lambda rng, n: 0.001 + 0.998 * rng.random(n),
    "state": lambda rng, n: -0.998 + 1.996 * rng.random(n),
    "quarters": lambda rng, n: (1 + np.floor(rng.random(n) * 3)) / 4,
    "halves": lambda rng, n: (np.floor(rng.random(n) * 3) - 1) / 2,
}
"""What a pool can hold: normals, integers in -2 .. 2, inside (0, 1), inside (-1, 1), and simple numbers of the last two."""


def _count(size: int | tuple[int, ...]) -> int:
    return size if isinstance(size, int) else math.prod(size)
