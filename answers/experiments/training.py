"""What the trained experiments share: the delayed-recall task, a recurrent layer with a readout, a loop that tells its progress."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np

from answers.model import Progress, Text
from rnnref import clip_by_global_norm
from rnnref.init import set_forget_bias
from rnnref.losses import cross_entropy
from rnnref.optim import Adam
from rnnref.typing import Array, IntArray

Batch = tuple[Array, IntArray]
"""x (T, N, D) and the class of each sequence (N,)."""


def delayed_recall(rng: np.random.Generator, lag: int, batch: int, classes: int = 4) -> Batch:
    """Name at the end the symbol that was shown `lag` steps ago: x (lag + 1, batch, classes + 1) and the symbols (batch,).

    The first step shows the symbol; the others show noise on a channel of its own. Chance is 1 / classes.
    """
    symbols = rng.integers(classes, size=batch)
    x = np.zeros((lag + 1, batch, classes + 1))
    x[0, np.arange(batch), symbols] = 1
    x[1:, :, classes] = rng.normal(size=(lag, batch))
    return x, symbols


def open_memory(params: dict[str, Array], forget_bias: float = 6.0, input_bias: float = -4.0) -> None:
    """Lets an LSTM's memory start long: forget gates near 1 (σ(6) halves in 280 steps), input gates near 0 against noise.

    Opposite biases of this kind are what Tallec & Ollivier (2018) derive for long lags.
    """
    set_forget_bias(params, forget_bias)
    params["bias_ih_l0"][: len(params["bias_ih_l0"]) // 4] = input_bias


class Reader:
    """A layer of `rnnref` and a linear readout of its last output: one class a sequence."""

    def __init__(self, layer, classes: int, rng: np.random.Generator) -> None:
        self.layer = layer
        H = layer.hidden_size
        self.readout = {"V": rng.normal(size=(H, classes)) / np.sqrt(H), "c": np.zeros(classes)}

    @property
    def params(self) -> dict[str, Array]:
        """The layer's parameters and the readout's, by name."""
        return {**self.layer.params, **self.readout}

    def logits(self, x: Array) -> Array:
        """Scores of the classes: x (T, N, D) -> (N, K)."""
        self._y, _ = self.layer(x)
        scores: Array = self._y[-1] @ self.readout["V"] + self.readout["c"]
        return scores

    def gradients(self, dlogits: Array) -> dict[str, Array]:
        """Gradients of `params` from dlogits (N, K) at the last logits."""
        dy = np.zeros_like(self._y)
        dy[-1] = dlogits @ self.readout["V"].T
        self.layer.backward(dy)
        return {**self.layer.grads, "V": self._y[-1].T @ dlogits, "c": dlogits.sum(axis=0)}

    def accuracy(self, batch: Batch) -> float:
        """Share of the sequences that are classified right."""
        x, symbols = batch
        return float((self.logits(x).argmax(axis=1) == symbols).mean())


def clipped(grads: dict[str, Array], max_norm: float) -> dict[str, Array]:
    """The gradients scaled together to a joint norm of at most `max_norm`."""
    arrays, _ = clip_by_global_norm(list(grads.values()), max_norm)
    return dict(zip(grads, arrays, strict=True))


def train(
    model: Reader,
    draw: Callable[[], Batch],
    steps: int,
    doing: Text,
    *,
    lr: float = 0.01,
    max_norm: float = 1.0,
    span: tuple[float, float] = (0.0, 1.0),
    enough: float | None = None,
) -> Generator[Progress, None, list[float]]:
    """Adam with clipping on a fresh batch a step; yields progress within `span`, returns the loss of every step.

    Ends early once the mean loss of the last 20 steps is below `enough`.
    """
    optimiser = Adam(model.params, lr=lr)
    losses: list[float] = []
    for step in range(steps):
        if step % 2 == 0:
            yield Progress(span[0] + (span[1] - span[0]) * step / steps, doing)
        x, symbols = draw()
        loss, dlogits = cross_entropy(model.logits(x), symbols)
        losses.append(loss)
        optimiser.step(clipped(model.gradients(dlogits), max_norm))
        if enough is not None and step >= 20 and np.mean(losses[-20:]) < enough:
            break
    yield Progress(span[1], doing)
    return losses
