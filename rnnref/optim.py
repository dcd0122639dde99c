"""Optimiser steps, in place on a dict of parameters.

>>> params = {"w": np.array([1.0, -2.0])}
>>> SGD(params, lr=0.5).step({"w": np.array([1.0, 1.0])})
>>> params["w"]
array([ 0.5, -2.5])
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnref import checks
from rnnref.typing import Array


def _checked(params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
    for name, p in params.items():
        if name not in grads:
            raise ValueError(f"grads: {name} is missing, expected an array of shape {p.shape}")
        if np.shape(grads[name]) != p.shape:
            raise ValueError(f"grads[{name!r}]: got shape {np.shape(grads[name])}, expected {p.shape}")


def _arrays(params: Mapping[str, Array]) -> Mapping[str, Array]:
    if not isinstance(params, Mapping):
        raise TypeError(f"params: got {type(params).__name__}, expected a dict of name to array")
    return params


def _fraction(name: str, value: float) -> float:
    fraction = checks.real(name, value)
    if not 0 <= fraction < 1:
        raise ValueError(f"{name}: got {value}, expected a number in [0, 1)")
    return fraction


class SGD:
    """v = momentum v + g; p = p - lr v (Polyak 1964, in the form of PyTorch).

    `params` is a dict of float64 or float32 arrays (a layer's `params`, or several merged), which `step` changes in
    place. Raises ValueError for a rate out of range, TypeError for arguments of another kind.

    >>> params = {"w": np.array([1.0])}
    >>> sgd = SGD(params, lr=0.5, momentum=0.9)
    >>> for _ in range(2):
    ...     sgd.step({"w": np.array([1.0])})
    >>> params["w"].round(6)
    array([-0.45])
    """

    def __init__(self, params: Mapping[str, Array], lr: float = 0.01, momentum: float = 0.0) -> None:
        self.params, self.lr, self.momentum = (
            _arrays(params),
            checks.positive("lr", lr),
            _fraction("momentum", momentum),
        )
        self._velocity = {name: np.zeros_like(p) for name, p in params.items()} if momentum else {}

    @np.errstate(all="ignore")
    def step(self, grads: Mapping[str, Array]) -> None:
        """One step against `grads`, a dict with the keys and shapes of `params`.

        NaN and infinity pass as IEEE says, without warnings. Raises ValueError for a missing or misshapen gradient.
        """
        _checked(self.params, grads)
        for name, p in self.params.items():
            g = grads[name]
            if self.momentum:
                v = self._velocity[name]
                v *= self.momentum
                v += g
                g = v
            p -= self.lr * g


class Adam:
    """p = p - lr m / (√s + eps), with m and s running means of g and g² (Kingma & Ba 2015, Algorithm 1).

    Both means start at 0 and are divided by 1 - beta**steps for it.

    `params` is a dict of float64 or float32 arrays (a layer's `params`, or several merged), which `step` changes in
    place. Raises ValueError for a rate out of range, TypeError for arguments of another kind.

    >>> params = {"w": np.array([1.0])}
    >>> Adam(params, lr=0.1).step({"w": np.array([5.0])})
    >>> params["w"].round(6)
    array([0.9])
    """

    def __init__(
        self,
        params: Mapping[str, Array],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.eps = _arrays(params), checks.positive("lr", lr), checks.positive("eps", eps)
        self.betas = (_fraction("betas[0]", betas[0]), _fraction("betas[1]", betas[1]))
        self.steps = 0
        self._mean = {name: np.zeros_like(p) for name, p in params.items()}
        self._square = {name: np.zeros_like(p) for name, p in params.items()}

    @np.errstate(all="ignore")
    def step(self, grads: Mapping[str, Array]) -> None:
        """One step against `grads`, a dict with the keys and shapes of `params`.

        NaN and infinity pass as IEEE says, without warnings. Raises ValueError for a missing or misshapen gradient.
        """
        _checked(self.params, grads)
        self.steps += 1
        b1, b2 = self.betas
        c1, c2 = 1 - b1**self.steps, 1 - b2**self.steps
        for name, p in self.params.items():
            g, m, s = grads[name], self._mean[name], self._square[name]
            m += (1 - b1) * (g - m)
            s += (1 - b2) * (np.square(g) - s)
            p -= (self.lr / c1) * m / (np.sqrt(s / c2) + self.eps)
