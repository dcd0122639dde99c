"""Optimisers step as PyTorch's do."""

import numpy as np
import pytest

from rnnref.optim import SGD, Adam


@pytest.fixture
def torch():
    """PyTorch, for the tests that compare with it: the others run without."""
    return pytest.importorskip("torch")


@pytest.mark.compare
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda p: SGD(p, lr=0.1), lambda torch, p: torch.optim.SGD(p, lr=0.1)),
        (lambda p: SGD(p, lr=0.1, momentum=0.9), lambda torch, p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
        (lambda p: Adam(p, lr=0.1), lambda torch, p: torch.optim.Adam(p, lr=0.1)),
        (lambda p: Adam(p, 0.01, (0.5, 0.7), 1e-3), lambda torch, p: torch.optim.Adam(p, 0.01, (0.5, 0.7), 1e-3)),
    ],
)
def test_ten_steps_are_pytorchs(ours, theirs, torch):
    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    copies = [torch.tensor(p, requires_grad=True) for p in params.values()]
    optimiser, other = ours(params), theirs(torch, copies)
    for _ in range(10):
        grads = {k: rng.normal(size=p.shape) for k, p in params.items()}
        optimiser.step(grads)
        for c, g in zip(copies, grads.values(), strict=True):
            c.grad = torch.tensor(g)
        other.step()
    for p, c in zip(params.values(), copies, strict=True):
        np.testing.assert_allclose(p, c.detach().numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_float32_stays_and_arrays_stay_in_place(kind):
    w = np.ones(2, np.float32)
    kind({"w": w}).step({"w": np.ones(2, np.float32)})
    assert w.dtype == np.float32
    assert (w < 1).all()


@pytest.mark.parametrize("grads", [{}, {"w": np.ones(3)}])
def test_missing_or_misshapen_gradients_are_named(grads):
    with pytest.raises(ValueError, match=r"grads.*w.*expected"):
        SGD({"w": np.ones(2)}).step(grads)


def test_unknown_rates_are_refused():
    with pytest.raises(ValueError, match="lr: got -1"):
        Adam({}, lr=-1)
