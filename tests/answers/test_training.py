"""What the trained experiments share: gradients are right, the task is what it says, a run can be watched and stopped."""

from __future__ import annotations

import numpy as np
import pytest

import rnnref
from answers.experiments.training import Reader, clipped, delayed_recall, open_memory, train
from answers.experiments.why_rnn import Pooled, which_came_first
from answers.model import Progress, Text
from rnnref.losses import cross_entropy

DOING = Text(zh="训练", en="training")


def make(kind, inputs, rng):
    return Pooled(inputs, 4, rng) if kind == "Pooled" else getattr(rnnref, kind)(inputs, 4, rng=rng)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "Pooled"])
def test_gradients_meet_finite_differences(kind):
    rng = np.random.default_rng(0)
    model = Reader(make(kind, 4, rng), 3, rng)
    x, symbols = delayed_recall(rng, 5, 6, 3)

    def loss():
        return cross_entropy(model.logits(x), symbols)[0]

    grads = model.gradients(cross_entropy(model.logits(x), symbols)[1])
    assert set(grads) == set(model.params)
    for name, value in model.params.items():
        direction = rng.normal(size=value.shape)
        start, step = value.copy(), 1e-5
        value[...] = start + step * direction
        up = loss()
        value[...] = start - step * direction
        down = loss()
        value[...] = start
        assert (up - down) / (2 * step) == pytest.approx(float((grads[name] * direction).sum()), abs=1e-8), name


def test_recall_shows_the_symbol_once_and_noise_after():
    x, symbols = delayed_recall(np.random.default_rng(1), 7, 5, 4)
    assert x.shape == (8, 5, 5)
    assert (x[0, :, :4].argmax(axis=1) == symbols).all()
    assert not x[1:, :, :4].any()
    assert not x[0, :, 4].any()
    assert x[1:, :, 4].all()


def test_which_came_first_is_balanced_and_holds_one_of_each():
    x, first = which_came_first(np.random.default_rng(2), 400)
    assert (x[:, :, 0].sum(axis=0) == 1).all()
    assert (x[:, :, 1].sum(axis=0) == 1).all()
    assert ((x[:, :, 0].argmax(axis=0) < x[:, :, 1].argmax(axis=0)) == first.astype(bool)).all()
    assert 0.4 < first.mean() < 0.6


def test_an_open_memory_keeps_what_it_holds():
    layer = rnnref.LSTM(1, 3, rng=0)
    open_memory(layer.params)
    for name in ("weight_ih_l0", "weight_hh_l0"):
        layer.params[name][:] = 0
    for name in ("bias_ih_l0", "bias_hh_l0"):
        layer.params[name][6:9] = 0  # no candidate: what changes c is the forget gate alone
    _, (_, c) = layer(np.zeros((100, 1, 1)), (np.zeros((1, 1, 3)), np.full((1, 1, 3), 5.0)))
    assert (c > 0.75 * 5).all()


def test_clipped_keeps_names_and_bounds_the_joint_norm():
    grads = clipped({"a": np.full(3, 10.0), "b": np.full((2, 2), -10.0)}, 1.0)
    assert list(grads) == ["a", "b"]
    assert sum(float((g**2).sum()) for g in grads.values()) == pytest.approx(1.0)


def test_training_tells_its_progress_learns_and_can_be_stopped():
    rng = np.random.default_rng(3)
    model = Reader(rnnref.RNN(4, 8, rng=rng), 3, rng)
    run = train(model, lambda: delayed_recall(rng, 2, 16, 3), 60, DOING, lr=0.02, span=(0.2, 0.8))
    events = []
    try:
        while True:
            events.append(next(run))
    except StopIteration as end:
        losses = end.value
    assert all(isinstance(e, Progress) for e in events)
    fractions = [e.fraction for e in events]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.2, 0.8)
    assert np.mean(losses[-10:]) < 0.5 * losses[0]

    before = {name: p.copy() for name, p in model.params.items()}
    stopped = train(model, lambda: delayed_recall(rng, 2, 16, 3), 60, DOING)
    next(stopped)
    stopped.close()
    assert all((p == before[name]).all() for name, p in model.params.items())
