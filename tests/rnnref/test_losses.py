"""Losses and their gradients against PyTorch; padding is not read."""

import numpy as np
import pytest

from rnnref import sequence_cross_entropy
from rnnref.losses import cross_entropy, mean_squared_error


@pytest.fixture
def torch():
    """PyTorch, for the tests that compare with it: the others run without."""
    return pytest.importorskip("torch")


@pytest.mark.compare
def test_cross_entropy_is_pytorchs(torch):
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(4, 3, 5)) * 30, rng.integers(0, 5, (4, 3))
    at = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(at.reshape(-1, 5), torch.tensor(targets).reshape(-1))
    expected.backward()
    loss, grad = cross_entropy(logits, targets)
    assert loss == pytest.approx(expected.item(), rel=1e-13)
    np.testing.assert_allclose(grad, at.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_padding_is_not_read_and_has_no_gradient():
    logits, targets = np.zeros((2, 2, 3)), np.zeros((2, 2), int)
    logits[1, 0], targets[1, 0] = np.nan, -100
    loss, grad = cross_entropy(logits, targets, np.array([1, 2]))
    assert loss == pytest.approx(np.log(3))
    assert loss == sequence_cross_entropy(logits, targets, np.array([1, 2]))
    assert not grad[1, 0].any()
    assert np.isfinite(grad).all()


@pytest.mark.compare
def test_mean_squared_error_is_pytorchs(torch):
    rng = np.random.default_rng(0)
    y, target = rng.normal(size=(2, 3, 4))
    at = torch.tensor(y, requires_grad=True)
    expected = torch.nn.functional.mse_loss(at, torch.tensor(target))
    expected.backward()
    loss, grad = mean_squared_error(y, target)
    assert loss == pytest.approx(expected.item(), rel=1e-13)
    np.testing.assert_allclose(grad, at.grad.numpy(), rtol=1e-13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cross_entropy(np.zeros((2, 3)), np.zeros(3, int)), "targets: got shape"),
        (
            lambda: cross_entropy(np.zeros((2, 3)), np.array([0, 3])),
            r"targets: got 0 \.\. 3, expected each in 0 \.\. 2",
        ),
        (lambda: cross_entropy(np.zeros((2, 1, 3)), np.zeros((2, 1), int), np.array([0])), "lengths: all are 0"),
        (lambda: mean_squared_error(np.zeros(2), np.zeros(3)), r"target: got shape \(3,\), expected \(2,\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
